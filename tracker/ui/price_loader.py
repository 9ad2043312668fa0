"""Loads charts, impacts and sessions from the store, in threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.model.article import Headline
from tracker.model.brief import Brief
from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.model.errors import StoreError
from tracker.model.halts import Halt
from tracker.model.impact import DayMove, Impact, MovedDay
from tracker.model.league import League
from tracker.model.market import DAILY, INTRADAY, Quote
from tracker.model.query import And, Between, OfSymbol, Query
from tracker.prices.chart import (
    Chart,
    ChartSpan,
    bar_interval,
    bars_to_draw,
    build_chart,
    day_bounds,
    first_reports,
    history_start,
    previous_close,
)
from tracker.prices.splits import zone_by_quote
from tracker.store.read import Reader

if TYPE_CHECKING:
    from tracker.impact.calculator import ImpactCalculator

_TWO_WEEKS = timedelta(days=14)
"""How long before a session the one before it may be."""
_MOVES = 6
_MAX_MARKS = 500
"""Stories that are marked: more than a chart has columns."""


class ChartData(Struct, frozen=True):
    """A chart and the headlines of its marks."""

    symbol: str
    span: ChartSpan
    chart: Chart
    ids: tuple[int, ...] = ()
    """The article of each of the chart's headlines."""


class MovedData(Struct, frozen=True):
    """One session of a share: its figures, its chart, its largest moves with what was published before each."""

    symbol: str
    day: MovedDay | None
    """None where no session of the share is known."""
    chart: Chart
    moves: tuple[tuple[DayMove, tuple[Headline, ...]], ...] = ()
    """Each with one headline for each story, newest first."""


class PriceLoader:
    """A long-lived connection with cached results; any thread may call it, one at a time."""

    def __init__(self, config: Config, db: Path, clock: Clock) -> None:
        self._config = config
        self._db = db
        self._clock = clock
        self._lock = threading.Lock()
        self._reader: Reader | None = None
        self._calculator: ImpactCalculator | None = None
        self._is_closed = False

    def use_config(self, config: Config) -> None:
        """Measure against the benchmarks of another configuration from now on."""
        with self._lock:
            self._config, self._calculator = config, None

    def close(self) -> None:
        """Close the connection; later reads raise a `StoreError`."""
        with self._lock:
            self._is_closed = True
            self._forget()

    def impacts(self, ids: Sequence[int]) -> dict[int, tuple[Impact, ...]]:
        """Return the impacts of each article's shares, that of its row first; () if unknown."""
        with self._turn():
            found: dict[int, list[Impact]] = {article_id: [] for article_id in ids}
            for impact in self._open_calculator().impacts(ids):
                found[impact.article_id].append(impact)
        return {article_id: tuple(impacts) for article_id, impacts in found.items()}

    def chart(self, symbol: str, span: ChartSpan) -> ChartData:
        """Return the chart of a share until now, with the stories about it."""
        with self._turn():
            reader, now = self._open(), self._clock()
            quote, zone = _quote_and_zone(reader, symbol)
            stored = reader.prices.bars(symbol, bar_interval(span), history_start(span, now), now)
            splits = reader.prices.splits(symbol)
            bars = bars_to_draw(stored, span, now, zone, splits=splits, quote=quote)
            previous, rows, halts = None, [], []
            if bars:
                rows = self._stories(reader, symbol, bars[0].start, now)
                halts = self._halts(reader, symbol, bars[0].start)
                newest = bars[-1].start
                if span != "3 months":
                    daily = reader.prices.bars(symbol, DAILY, newest - _TWO_WEEKS, newest)
                    previous = previous_close(bars, daily, quote, zone)
        chart = build_chart(symbol, bars, previous, zone, (row.time for row in rows), halts)
        return ChartData(symbol, span, chart, tuple(row.id for row in rows))

    def moved(self, symbol: str) -> MovedData:
        """Return what moved a share in its newest session."""
        with self._turn():
            calculator, reader, now = self._open_calculator(), self._open(), self._clock()
            day = calculator.moved_day(symbol, count=_MOVES)
            _, zone = _quote_and_zone(reader, symbol)
            if day is None:
                return MovedData(symbol, None, build_chart(symbol, (), None, zone))
            begins, ends = day_bounds(day.day, zone, now)
            bars = [bar for bar in reader.prices.bars(symbol, INTRADAY, begins, ends) if bar.end <= now]
            rows = self._stories(reader, symbol, begins, ends) if bars else []
            halts = [one for one in self._halts(reader, symbol, begins) if one.start < ends]
            moves = tuple((move, first_reports(reader.articles.headlines(ids))) for move, ids in day.moves)
        chart = build_chart(symbol, bars, day.previous_close, zone, (row.time for row in rows), halts)
        return MovedData(symbol, day, chart, moves)

    def brief(self) -> Brief:
        """Return the morning page."""
        from tracker.impact.brief import read_brief  # what the first paint does not need

        with self._turn():
            return read_brief(self._open(), self._open_calculator(), self._config, self._clock())

    def league(self, query: Query) -> League:
        """Return the league of the sources of the stories with a match."""
        from tracker.impact.league import read_league  # what the first paint does not need

        with self._turn():
            return read_league(self._open(), query, self._clock())

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for the lock; a connection with which a read failed is not used again."""
        with self._lock:
            try:
                yield
            except Exception:
                self._forget()
                raise

    # -- below the lock ---------------------------------------------------------
    def _forget(self) -> None:
        reader, self._reader, self._calculator = self._reader, None, None
        if reader is not None:
            reader.close()

    def _open(self) -> Reader:
        if self._is_closed:
            raise StoreError("the window is closed")
        if self._reader is not None and self._reader.is_replaced():
            self._forget()
        if self._reader is None:
            self._reader = Reader(self._db)
        return self._reader

    def _open_calculator(self) -> ImpactCalculator:
        if self._calculator is None:
            from tracker.impact.calculator import ImpactCalculator  # what the first paint does not need

            self._calculator = ImpactCalculator(self._open(), self._config, self._clock)
        return self._calculator

    def _halts(self, reader: Reader, symbol: str, since: datetime) -> list[Halt]:
        return reader.halts.since(self._config.halt_feeds, (symbol,), since).get(symbol, [])

    def _stories(self, reader: Reader, symbol: str, start: datetime, end: datetime) -> list[Headline]:
        """Return the first report of each story about a share, oldest first."""
        query = Query(And((OfSymbol(symbol), Between(start, end + timedelta(seconds=1)))))
        ids = reader.stories.leads(query, end)[:_MAX_MARKS]
        return sorted(reader.articles.headlines(ids), key=attrgetter("time"))


def _quote_and_zone(reader: Reader, symbol: str) -> tuple[Quote | None, str]:
    """Return the newest quote of a share, and the zone in which its sessions have their date."""
    quote = reader.prices.quotes([symbol]).get(symbol)
    return quote, zone_by_quote(symbol, quote)

"""Price histories for tests: random walks, and those of the corpus, as bars of a real database."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from tracker.market import calendar
from tracker.model.impact import AbnormalReturns, MarketModel
from tracker.model.market import DAILY, INTRADAY, Bar
from tracker.store.write import Writer

DAY0 = date(2025, 1, 27)
DAYS = calendar.sessions(date(2024, 3, 11), date(2025, 3, 10))
LATER = datetime(2025, 4, 1, tzinfo=UTC)


def walk(seed: int, days: tuple[date, ...] = DAYS, size: float = 0.01) -> dict[date, float]:
    """Return closes of a random walk."""
    rng = random.Random(seed)
    steps = [100.0, *(1 + rng.gauss(0, size) for _ in days[1:])]
    return dict(zip(days, accumulate(steps, lambda price, step: price * step), strict=True))


def day_bar(symbol: str, day: date, close: float) -> Bar:
    """Return the daily bar of a session in New York."""
    return Bar(symbol, DAILY, calendar.session_open(day), calendar.session_close(day), close, "yahoo")


def day_bars(symbol: str, closes: Mapping[date, float]) -> list[Bar]:
    """Return daily bars of sessions in New York, oldest first."""
    return [day_bar(symbol, day, closes[day]) for day in sorted(closes)]


def five(symbol: str, end: str, close: float, open_: float | None = None) -> Bar:
    """Return the 5-minute bar that ends at a time of UTC."""
    until = datetime.fromisoformat(end).replace(tzinfo=UTC)
    return Bar(symbol, INTRADAY, until - timedelta(minutes=5), until, close, "yahoo", open_)


def store(writer: Writer, bars: Iterable[Bar], splits: Iterable[tuple[datetime, float]] = ()) -> None:
    """Write bars, and splits of the symbols they are of, as a sync does."""
    by_kind: dict[tuple[str, int], list[Bar]] = {}
    for bar in bars:
        by_kind.setdefault((bar.symbol, bar.interval), []).append(bar)
    known = list(splits)
    for (symbol, interval), some in by_kind.items():
        writer.prices.store_bars(symbol, interval, some, (some[0].start, some[-1].end), known, LATER)


def model_of(found: AbnormalReturns | None) -> MarketModel:
    """Return the model that abnormal returns were taken with."""
    assert found is not None
    assert found.model is not None
    return found.model


def corpus_closes(corpus: Path, name: str) -> dict[date, float]:
    """Return date to close of a file below `prices/history`."""
    return corpus_prices(corpus, name, "close")


def corpus_prices(corpus: Path, name: str, column: str) -> dict[date, float]:
    """Return date to "open" or "close" of a file below `prices/history`."""
    with (corpus / "prices/history" / name).open() as file:
        return {date.fromisoformat(row["date"][:10]): float(row[column]) for row in csv.DictReader(file)}


def corpus_intraday(corpus: Path) -> list[Bar]:
    """Return the 5-minute bars of Nvidia around 27 January 2025, one venue."""
    with (corpus / "prices/history/intraday-iex/NVDA_5m_2025-01-24_to_28.csv").open() as file:
        rows = list(csv.DictReader(file))
    starts = [datetime.fromisoformat(row["timestamp"]) for row in rows]
    return [
        Bar("NVDA", INTRADAY, at, at + timedelta(minutes=5), float(row["close"]), "iex", float(row["open"]))
        for at, row in zip(starts, rows, strict=True)
    ]

"""Makes the league of sources from what is stored, without network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tracker.model.clock import from_epoch, to_epoch
from tracker.model.league import League
from tracker.model.market import DAILY, INTRADAY
from tracker.model.query import Query
from tracker.prices.closing_moves import Closes, ClosingMoves
from tracker.store.price_reader import PriceReader
from tracker.store.read import Reader
from tracker.stories.league import make_league

_SESSION_BEFORE = timedelta(days=12)
"""How long before the first report bars are read: its share may not have traded for so long."""


def read_league(reader: Reader, query: Query, now: datetime) -> League:
    """Return the league of the sources of the stories with a match, of all that several sources reported."""
    reports = reader.league.reports(query, now)
    since = from_epoch(min((one.published for one in reports), default=0)) - _SESSION_BEFORE
    known: dict[str, ClosingMoves] = {}

    def moves(symbol: str, begin: int, moments: Sequence[int]) -> tuple[float, Sequence[float | None]] | None:
        if symbol not in known:
            known[symbol] = _closing_moves(reader.prices, symbol, since, now)
        return known[symbol].since(begin, moments)

    return make_league(reports, moves)


def _closing_moves(prices: PriceReader, symbol: str, since: datetime, now: datetime) -> ClosingMoves:
    splits = [to_epoch(at) for at, _ in prices.splits(symbol)]
    doubts = [to_epoch(one.at) for one in prices.doubts(symbol) if not one.is_real]
    daily, intraday = (_closes(prices, symbol, interval, since) for interval in (DAILY, INTRADAY))
    return ClosingMoves(symbol, daily, intraday, [*splits, *doubts], to_epoch(now), prices.dividends(symbol))


def _closes(prices: PriceReader, symbol: str, interval: int, since: datetime) -> Closes:
    rows = prices.plain_bars(symbol, interval, since)
    return Closes(*zip(*rows, strict=True)) if rows else Closes()

"""What the window shows beside its list: stories found elsewhere, trading halts, the closes of a share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from tracker.market.calendar import latest_session, pre_open
from tracker.model.config import Config
from tracker.model.halts import OPEN_END, Halt
from tracker.model.market import DAILY, INTRADAY
from tracker.store.price_reader import PriceReader
from tracker.store.read import Reader
from tracker.ui.scope import Scope


def found_elsewhere(reader: Reader, scope: Scope, now: datetime) -> int:
    """Return how many stories a search that finds none in its scope finds in everything."""
    if not scope.search or scope.is_everything or reader.stories.leads(scope.query(), now, 1):
        return 0
    return reader.stories.count(scope.everywhere(scope.search).query(), now)


def last_halts(reader: Reader, config: Config, now: datetime) -> Mapping[str, Halt]:
    """Return the newest halt of each watched share."""
    halts = reader.halts.since(config.halt_feeds, config.watched, now - OPEN_END) if config.halt_feeds else {}
    return {symbol: found[-1] for symbol, found in halts.items()}


def closes(prices: PriceReader, symbol: str, now: datetime) -> tuple[float, ...]:
    """Return the closes of the newest session, or of the last days where no intraday bars are known."""
    start = pre_open(latest_session(now))
    found = [bar.close for bar in prices.bars(symbol, INTRADAY, start, now)]
    if len(found) < 2:
        found = [bar.close for bar in prices.bars(symbol, DAILY, now - timedelta(days=90), now)]
    return tuple(found)

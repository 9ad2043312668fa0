"""The interface of price providers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from tracker.model.market import BarsAnswer, QuotesAnswer

NO_SUCH_SYMBOL = "no such symbol in the answer"
"""Why there is no price where a provider answered, and left a symbol out."""


class QuoteProvider(Protocol):
    """A price provider. Returns failures as `PriceFailure`, never raises them."""

    @property
    def name(self) -> str:
        """Short name, as in `[market] providers`."""

    async def quotes(self, symbols: Sequence[str]) -> QuotesAnswer:
        """Return the last price of each symbol (in Yahoo's spelling), and a failure for each that has none."""

    async def bars(self, symbol: str, interval: int, start: datetime, end: datetime) -> BarsAnswer:
        """Return the closed bars of `symbol` that start in [start, end), oldest first.

        `interval` is `INTRADAY` or `DAILY`; times are aware.
        """

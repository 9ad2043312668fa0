"""Yahoo without key and crumb: spark for quotes in batches of 20, chart for bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import quote as percent

from msgspec.structs import replace

from tracker.market.http import JsonGetter
from tracker.market.yahoo_shapes import NAME, decode_chart, decode_spark
from tracker.model.clock import to_epoch
from tracker.model.market import DAILY, INTRADAY, BarsAnswer, PriceFailure, QuotesAnswer

BASE_URL = "https://query1.finance.yahoo.com"
BATCH = 20
"""Symbols that one spark request may hold."""
INTRADAY_REACH = timedelta(days=60)
"""How far back 5-minute bars go; a request that begins earlier is answered 422 as a whole."""


class Yahoo:
    """Quotes and bars of stocks, funds, indices, coins and futures on most exchanges; New York in real time."""

    name = NAME

    def __init__(self, getter: JsonGetter, base_url: str = BASE_URL) -> None:
        self._getter = getter
        self._base = base_url.rstrip("/")

    async def quotes(self, symbols: Sequence[str]) -> QuotesAnswer:
        """Return quotes, with the closed 5-minute bars of today that come along; one request per 20 symbols."""
        answers: list[QuotesAnswer] = []
        for first in range(0, len(symbols), BATCH):
            batch = symbols[first : first + BATCH]
            answers.append(await self._spark(batch))
            if any(failure.blocked for failure in answers[-1].failures):
                break  # asking on would only make the block longer
        return QuotesAnswer(
            tuple(quote for answer in answers for quote in answer.quotes),
            tuple(bar for answer in answers for bar in answer.bars),
            tuple(failure for answer in answers for failure in answer.failures),
        )

    async def bars(self, symbol: str, interval: int, start: datetime, end: datetime) -> BarsAnswer:
        """Return closed bars that start in [start, end), splits and dividends; 5-minute bars of the last 60 days."""
        now = self._getter.clock()
        if interval not in (INTRADAY, DAILY):
            return _failed(symbol, f"no bars of {interval} s")
        earliest = now - INTRADAY_REACH + timedelta(hours=1)
        if interval == INTRADAY and start < earliest:
            if end <= earliest:
                return _failed(symbol, "5-minute bars reach back 60 days")
            start = earliest
        if end <= start:
            return _failed(symbol, "an empty window")
        params = {
            "period1": str(to_epoch(start)),
            "period2": str(to_epoch(end)),
            "interval": "5m" if interval == INTRADAY else "1d",
            "includePrePost": "true" if interval == INTRADAY else "false",
            "events": "div,split",
        }
        url = f"{self._base}/v8/finance/chart/{percent(symbol, safe='')}"
        answer = await self._getter.get(NAME, url, params)
        if isinstance(answer, PriceFailure):
            return BarsAnswer(failures=(replace(answer, symbol=symbol),))
        decoded = decode_chart(answer.data, symbol, interval, now)
        return replace(decoded, bars=tuple(bar for bar in decoded.bars if start <= bar.start < end))

    async def _spark(self, symbols: Sequence[str]) -> QuotesAnswer:
        params = {"symbols": ",".join(symbols), "range": "1d", "interval": "5m", "includePrePost": "true"}
        answer = await self._getter.get(NAME, f"{self._base}/v7/finance/spark", params)
        if isinstance(answer, PriceFailure):
            return QuotesAnswer(failures=(answer,))
        return decode_spark(answer.data, symbols, self._getter.clock())


def _failed(symbol: str, reason: str) -> BarsAnswer:
    return BarsAnswer(failures=(PriceFailure(NAME, reason, symbol),))

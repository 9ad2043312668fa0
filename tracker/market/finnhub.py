"""Finnhub's quote service: New York listings in real time with the user's own free key; 60 requests a minute.

An unknown symbol is answered with zeros and status 200. The key travels in a header, so that no address that is
logged holds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tracker.market import calendar, clean, exchanges
from tracker.market.clean import mapping
from tracker.market.http import Json, JsonGetter, quote_each
from tracker.model.market import BarsAnswer, PriceFailure, Quote, QuotesAnswer

NAME = "finnhub"
BASE_URL = "https://finnhub.io"


class Finnhub:
    """Quotes of New York listings; bars are not part of the free plan."""

    name = NAME

    def __init__(self, getter: JsonGetter, key: str | None, base_url: str = BASE_URL) -> None:
        self._getter = getter
        self._key = key
        self._base = base_url.rstrip("/")

    async def quotes(self, symbols: Sequence[str]) -> QuotesAnswer:
        """Return quotes, one request a symbol; a block or no response ends the round."""
        if not self._key:
            return QuotesAnswer(failures=(PriceFailure(NAME, "no key: set FINNHUB_API_KEY"),))
        clock = self._getter.clock
        return await quote_each(symbols, self._ask, lambda data, symbol: decode_quote(data, symbol, clock()))

    async def bars(self, symbol: str, interval: int, start: datetime, end: datetime) -> BarsAnswer:
        """Return a failure: bars are not part of the free plan."""
        return BarsAnswer(failures=(PriceFailure(NAME, "has no bars", symbol),))

    async def _ask(self, symbol: str) -> Json | PriceFailure:
        if symbol.startswith("^") or not exchanges.is_new_york(symbol):
            return PriceFailure(NAME, "asked for New York shares and funds only", symbol)
        params, headers = {"symbol": symbol.replace("-", ".")}, {"X-Finnhub-Token": self._key or ""}
        return await self._getter.get(NAME, f"{self._base}/api/v1/quote", params, headers, secret=self._key)


def decode_quote(data: object, symbol: str, now: datetime) -> Quote | PriceFailure:
    """Return the quote of a `{"c", "pc", "t"}` answer; zeros mean that the symbol is not known."""
    body = mapping(data)
    if reason := clean.error_text(data):
        return PriceFailure(NAME, reason, symbol)
    last = clean.price(body.get("c"))
    trade = clean.trade(last, clean.moment(body.get("t")), now)
    if isinstance(trade, str):
        return PriceFailure(NAME, f"{trade}: the symbol is not known" if last is None else trade, symbol)
    price, traded = trade
    session = calendar.session_at(now)
    of_trade = calendar.session_at(traded - timedelta(seconds=1))  # a trade at 16:00:00 is the closing one
    is_current = session == of_trade and now - traded < timedelta(hours=16)
    return Quote(
        symbol=symbol,
        price=price,
        time=traded,
        provider=NAME,
        previous_close=clean.price(body.get("pc")),
        session=session if is_current else "closed",
        currency="USD",
        fetched=now,
        exchange_zone=exchanges.NEW_YORK,
    )

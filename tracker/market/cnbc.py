"""CNBC's quote service: New York shares and the main indices in one batch, extended hours included, no key.

All its values are text; one symbol may come as an object where several come as a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tracker.market import calendar, clean, exchanges
from tracker.market.clean import mapping
from tracker.market.http import JsonGetter
from tracker.market.provider import NO_SUCH_SYMBOL
from tracker.model.market import BarsAnswer, PriceFailure, Quote, QuotesAnswer, Session

NAME = "cnbc"
BASE_URL = "https://quote.cnbc.com"
BATCH = 40

_INDICES = {
    "^GSPC": ".SPX",
    "^SPX": ".SPX",
    "^IXIC": ".IXIC",
    "^NDX": ".NDX",
    "^DJI": ".DJI",
    "^SOX": ".SOX",
    "^RUT": ".RUT",
    "^VIX": ".VIX",
}
_EXTENDED: dict[str, Session] = {"PRE_MKT": "pre", "POST_MKT": "post"}


class Cnbc:
    """Quotes of New York listings; it has no bars."""

    name = NAME

    def __init__(self, getter: JsonGetter, base_url: str = BASE_URL) -> None:
        self._getter = getter
        self._base = base_url.rstrip("/")

    async def quotes(self, symbols: Sequence[str]) -> QuotesAnswer:
        """Return quotes; symbols of other exchanges get a failure and are not asked for."""
        known = [symbol for symbol in symbols if spelling(symbol) is not None]
        quotes: list[Quote] = []
        failures = [
            PriceFailure(NAME, "asked for New York listings only", symbol) for symbol in symbols if symbol not in known
        ]
        for first in range(0, len(known), BATCH):
            batch = known[first : first + BATCH]
            params = {
                "symbols": "|".join(spelling(symbol) or "" for symbol in batch),
                "requestMethod": "itv",
                "exthrs": "1",
                "output": "json",
            }
            answer = await self._getter.get(NAME, f"{self._base}/quote-html-webservice/quote.htm", params)
            if isinstance(answer, PriceFailure):
                failures.append(answer)
                break
            decoded = decode_itv(answer.data, batch, self._getter.clock())
            quotes.extend(decoded.quotes)
            failures.extend(decoded.failures)
        return QuotesAnswer(tuple(quotes), (), tuple(failures))

    async def bars(self, symbol: str, interval: int, start: datetime, end: datetime) -> BarsAnswer:
        """Return a failure: this source has no history."""
        return BarsAnswer(failures=(PriceFailure(NAME, "has no bars", symbol),))


def spelling(symbol: str) -> str | None:
    """Return how CNBC writes a symbol that Yahoo writes so ("BRK.B" for "BRK-B"); None where it is not known."""
    if symbol.upper() in _INDICES:
        return _INDICES[symbol.upper()]
    if symbol.startswith("^") or not exchanges.is_new_york(symbol):
        return None
    return symbol.upper().replace("-", ".")


def decode_itv(data: object, symbols: Sequence[str], now: datetime) -> QuotesAnswer:
    """Return quotes and a failure for each symbol without one, from an `ITVQuoteResult`."""
    result = mapping(data).get("ITVQuoteResult", mapping(data).get("QuickQuoteResult"))
    listed = mapping(result).get("ITVQuote", mapping(result).get("QuickQuote"))
    entries = listed if isinstance(listed, list) else [listed] if isinstance(listed, dict) else None
    if entries is None:
        reason = clean.error_text(data) or "an answer of an unknown shape"
        return QuotesAnswer(failures=(PriceFailure(NAME, reason),))
    found = {str(mapping(entry).get("symbol", "")).upper(): mapping(entry) for entry in entries}
    quotes: list[Quote] = []
    failures: list[PriceFailure] = []
    for symbol in symbols:
        entry = found.get(spelling(symbol) or "")
        quote = NO_SUCH_SYMBOL if not entry else _quote(entry, symbol, now)
        if isinstance(quote, str):
            failures.append(PriceFailure(NAME, quote, symbol))
        else:
            quotes.append(quote)
    return QuotesAnswer(tuple(quotes), (), tuple(failures))


def _quote(entry: Mapping[str, object], symbol: str, now: datetime) -> Quote | str:
    currency, factor = clean.unit(entry.get("currencyCode"))
    last, closing = clean.text_price(entry.get("last")), clean.text_price(entry.get("previous_day_closing"))
    extended = mapping(entry.get("ExtendedMktQuote"))
    kind = _EXTENDED.get(str(extended.get("type")))
    price, traded = last, clean.iso_moment(entry.get("last_time"))
    ext_price, ext_time = clean.text_price(extended.get("last")), clean.iso_moment(extended.get("last_time"))
    is_extended = (
        kind is not None and ext_price is not None and ext_time is not None and (traded is None or ext_time > traded)
    )
    previous, session = closing, "regular"
    if is_extended:
        price, traded, session = ext_price, ext_time, str(kind)
        if kind == "pre":
            previous = last  # before the open the last regular price is yesterday's close
        elif closing == last:
            previous = None  # gone on to the next day: the close before that of `last` is not in the answer
    trade = clean.trade(price, traded, now)
    if isinstance(trade, str):
        return trade
    price, traded = trade
    current = exchanges.session_of(symbol, now)
    is_same_day = traded.astimezone(calendar.ZONE).date() == now.astimezone(calendar.ZONE).date()
    return Quote(
        symbol=symbol,
        price=price / factor,
        time=traded,
        provider=NAME,
        previous_close=None if previous is None else previous / factor,
        regular_price=last / factor if is_extended and last is not None else None,
        session=current if current == session and is_same_day else "closed",
        currency=currency,
        fetched=now,
        exchange_zone=exchanges.NEW_YORK,
    )

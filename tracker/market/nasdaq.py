"""Nasdaq's quote service: shares and funds listed in New York, one request each, no key; needs browser-like headers.

Its numbers are text with `$` and commas, its change is unsigned and its arrow may point the wrong way: only prices
are taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import quote as percent

from msgspec.structs import replace

from tracker.market import calendar, clean, exchanges
from tracker.market.clean import items, mapping
from tracker.market.http import Json, JsonGetter, quote_each
from tracker.model.market import DAILY, Bar, BarsAnswer, PriceFailure, Quote, QuotesAnswer, Session

NAME = "nasdaq"
BASE_URL = "https://api.nasdaq.com"

HEADERS = {"Accept": "application/json, text/plain, */*", "Accept-Language": "en-US,en;q=0.9"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(r"\b([A-Z][a-z]{2})[a-z]* (\d{1,2}), (\d{4})")
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2}) ?([AP])M\b")


class Nasdaq:
    """Quotes and daily bars of New York listings."""

    name = NAME

    def __init__(self, getter: JsonGetter, base_url: str = BASE_URL) -> None:
        self._getter = getter
        self._base = base_url.rstrip("/")

    async def quotes(self, symbols: Sequence[str]) -> QuotesAnswer:
        """Return quotes, one request a symbol; a block or no response ends the round."""
        clock = self._getter.clock
        return await quote_each(
            symbols,
            lambda symbol: self._ask(symbol, "info", {}),
            lambda data, symbol: decode_info(data, symbol, clock()),
        )

    async def bars(self, symbol: str, interval: int, start: datetime, end: datetime) -> BarsAnswer:
        """Return closed daily bars; there are no shorter ones."""
        if interval != DAILY:
            return BarsAnswer(failures=(PriceFailure(NAME, "has daily bars only", symbol),))
        first, last = start.astimezone(calendar.ZONE).date(), end.astimezone(calendar.ZONE).date()
        params = {
            "fromdate": first.isoformat(),
            "todate": max(last, first + timedelta(days=1)).isoformat(),
            "limit": str((last - first).days + 2),
        }
        answer = await self._ask(symbol, "historical", params)
        if isinstance(answer, PriceFailure):
            return BarsAnswer(failures=(answer,))
        decoded = decode_historical(answer.data, symbol, self._getter.clock())
        return replace(decoded, bars=tuple(bar for bar in decoded.bars if start <= bar.start < end))

    async def _ask(self, symbol: str, what: str, params: Mapping[str, str]) -> Json | PriceFailure:
        """Request a symbol as a share, then as a fund if there is no such share."""
        if symbol.startswith("^") or not exchanges.is_new_york(symbol):
            return PriceFailure(NAME, "asked for New York shares and funds only", symbol)
        url = f"{self._base}/api/quote/{percent(symbol.replace('-', '.'), safe='')}/{what}"
        answer: Json | PriceFailure = PriceFailure(NAME, "not asked")
        for kind in ("stocks", "etf"):
            answer = await self._getter.get(NAME, url, {"assetclass": kind, **params}, HEADERS)
            if isinstance(answer, PriceFailure):
                return replace(answer, symbol=symbol)
            if mapping(answer.data).get("data") is not None:
                break
        return answer


def decode_info(data: object, symbol: str, now: datetime) -> Quote | PriceFailure:
    """Return the quote of an `info` answer.

    Outside the regular session `primaryData` is the extended price and `secondaryData` the last regular close.
    """
    body = mapping(mapping(data).get("data"))
    if not body:
        return PriceFailure(NAME, clean.error_text(data) or "an answer without data", symbol)
    if str(body.get("symbol", "")).upper() != symbol.upper().replace("-", "."):
        return PriceFailure(NAME, f"the answer is about {clean.words(body.get('symbol'), 20) or 'no symbol'}", symbol)
    primary, secondary = mapping(body.get("primaryData")), mapping(body.get("secondaryData"))
    stamp = str(primary.get("lastTradeTimestamp", ""))
    trade = clean.trade(clean.text_price(primary.get("lastSalePrice")), _traded(stamp), now)
    if isinstance(trade, str):
        return PriceFailure(NAME, trade, symbol)
    price, traded = trade
    phase: Session = "closed"
    if "PRE-MARKET" in stamp.upper():
        phase = "pre"
    elif "AFTER" in stamp.upper() or "POST" in stamp.upper():
        phase = "post"
    elif calendar.session_at(traded) == "regular":
        phase = "regular"
    regular = clean.text_price(secondary.get("lastSalePrice"))
    stats = mapping(body.get("keyStats"))
    stated = mapping(stats.get("PreviousClose") or stats.get("previousclose")).get("value")
    previous = regular if phase == "pre" and regular is not None else clean.text_price(stated)
    is_current = calendar.session_at(now) == phase and _local_date(traded) == _local_date(now)
    return Quote(
        symbol=symbol,
        price=price,
        time=traded,
        provider=NAME,
        previous_close=previous,
        regular_price=regular if phase in ("pre", "post") else None,
        session=phase if is_current else "closed",
        currency="USD",
        fetched=now,
        exchange_zone=exchanges.NEW_YORK,
    )


def decode_historical(data: object, symbol: str, now: datetime) -> BarsAnswer:
    """Return the closed daily bars of a `historical` answer, oldest first."""
    table = mapping(mapping(mapping(data).get("data")).get("tradesTable"))
    rows = items(table.get("rows"))
    if not rows:
        reason = clean.error_text(data) or "no closed bars in that window"
        return BarsAnswer(failures=(PriceFailure(NAME, reason, symbol),))
    found: dict[date, Bar] = {}
    for row in map(mapping, rows):
        day, close = us_date(row.get("date")), clean.text_price(row.get("close"))
        if day is None or close is None or not calendar.is_session(day) or calendar.session_close(day) > now:
            continue
        found[day] = Bar(
            symbol=symbol,
            interval=DAILY,
            start=calendar.session_open(day),
            end=calendar.session_close(day),
            close=close,
            provider=NAME,
            open=clean.text_price(row.get("open")),
            high=clean.text_price(row.get("high")),
            low=clean.text_price(row.get("low")),
            volume=clean.volume(row.get("volume")),
        )
    if not found:
        return BarsAnswer(failures=(PriceFailure(NAME, "rows without date or price", symbol),))
    return BarsAnswer(tuple(found[day] for day in sorted(found)))


def _traded(stamp: str) -> datetime | None:
    """Return the time in "DATA AS OF Nov 19, 2019 9:27 AM ET"; a bare date is the close of that session."""
    day = spoken_date(stamp)
    if day is None:
        return None
    try:
        clock = _CLOCK.search(stamp[:200])
        if clock is None:
            return calendar.session_close(day)
        at = time(int(clock[1]) % 12 + (12 if clock[3] == "P" else 0), int(clock[2]))
        return datetime.combine(day, at, calendar.ZONE).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def spoken_date(text: str) -> date | None:
    """Return the date in "Wed, Feb 26, 2025"."""
    found = _DATE.search(text[:200])
    if found is None or found[1] not in _MONTHS:
        return None
    try:
        return date(int(found[3]), _MONTHS.index(found[1]) + 1, int(found[2]))
    except (ValueError, OverflowError):
        return None


def us_date(value: object) -> date | None:
    """Return the date of "01/27/2025"."""
    if not isinstance(value, str):
        return None
    parts = value.strip().split("/")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    try:
        return date(int(parts[2]), int(parts[0]), int(parts[1]))
    except (ValueError, OverflowError):
        return None


def _local_date(moment: datetime) -> date:
    return moment.astimezone(calendar.ZONE).date()

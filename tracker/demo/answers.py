"""The prices of the replay in the format of Yahoo's responses, as of a moment.

Kept as recorded: unknown symbols are absent from a spark answer; the last point of a running session is a live price
off the five-minute grid; a daily range has no `previousClose`; a window without trades has neither `timestamp` nor
columns.
Added: `meta.interpolated` and, point by point, `indicators.interpolated`, true where the price was not recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from tracker.demo import price_paths
from tracker.market import calendar
from tracker.model.clock import to_epoch

_NEW_YORK = timedelta(hours=-5)
_EXCHANGES = {
    "NMS": "NasdaqGS",
    "NYQ": "NYSE",
    "PCX": "NYSEArca",
    "NGM": "NasdaqGM",
    "SNP": "SNP",
    "NIM": "Nasdaq GIDS",
}
_FUNDS = ("PCX", "NGM")
_RANGES = {"1d": 1, "5d": 5, "1mo": 22, "3mo": 65, "6mo": 130, "1y": 260, "2y": 520, "5y": 1300, "max": 10_000}
_COLUMNS = ("open", "high", "low", "close", "volume")


class Window(Struct, frozen=True):
    """The requested part of a history."""

    interval: str
    """`5m` or `1d`."""
    range: str = ""
    """`1d`, `5d` and so on; empty when a period is asked for."""
    since: datetime | None = None
    until: datetime | None = None
    extended: bool = False
    """Including trades before the open and after the close."""

    def fault(self) -> str | None:
        """Return why this request is invalid, or None."""
        if self.interval not in ("5m", "1d"):
            return f"Invalid input - interval={self.interval} is not supported. Valid intervals: [5m, 1d]"
        if self.range and self.range not in _RANGES:
            return f"Invalid input - range={self.range} is not supported. Valid ranges: {list(_RANGES)}"
        return None


def spark(symbols: Sequence[str], window: Window, now: datetime) -> dict[str, object]:
    """Return the nested answer of `/v7/finance/spark`: closes alone, one entry per known symbol."""
    found = []
    for symbol in symbols:
        result = chart_result(symbol, window, now)
        if result is not None:
            _keep_closes(result)
            found.append({"symbol": symbol, "response": [result]})
    return {"spark": {"result": found, "error": None}}


def chart(symbol: str, window: Window, now: datetime) -> dict[str, object] | None:
    """Return the answer of `/v8/finance/chart/SYMBOL`; None for an unknown symbol."""
    result = chart_result(symbol, window, now)
    return None if result is None else {"chart": {"result": [result], "error": None}}


def failure(kind: str, code: str, description: str) -> dict[str, object]:
    """Return an error in Yahoo's words; `kind` is "chart" or "spark"."""
    return {kind: {"result": None, "error": {"code": code, "description": description}}}


def chart_result(symbol: str, window: Window, now: datetime) -> dict[str, object] | None:
    """Return one chart result; None for a symbol that is unknown or not traded yet."""
    days = price_paths.days_until(symbol, now)
    if not days:
        return None
    since, until = _bounds(symbol, window, days, now)
    rows = _daily_rows(days, since, until, now) if window.interval == "1d" else _intraday_rows(window, days, since, now)
    rows = [row for row in rows if row.at < to_epoch(until)]
    meta = _meta(symbol, window, days, since, now)
    meta["interpolated"] = any(row.interpolated for row in rows)
    if not rows:
        return {"meta": meta, "indicators": {"quote": [{}]}}
    columns: dict[str, object] = {name: [getattr(row, name) for row in rows] for name in _COLUMNS}
    indicators: dict[str, object] = {"quote": [columns], "interpolated": [row.interpolated for row in rows]}
    if window.interval == "1d":
        indicators["adjclose"] = [{"adjclose": columns["close"]}]
    return {"meta": meta, "timestamp": [row.at for row in rows], "indicators": indicators}


class _Row(Struct, frozen=True):
    at: int
    open: float
    high: float
    low: float
    close: float
    interpolated: bool
    volume: None = None  # not known for parts of a day


def _bounds(symbol: str, window: Window, days: Sequence[price_paths.Day], now: datetime) -> tuple[datetime, datetime]:
    """Return the first and last moment of the requested history."""
    if window.since is not None or window.until is not None:
        return window.since or days[0].starts, window.until or now + price_paths.STEP
    shown = [day.day for day in days]
    today = (now + _NEW_YORK).date()
    if window.extended and today > shown[-1]:
        # Before the open, today is shown only if something was traded; else the last session is.
        hours = price_paths.trading_hours(symbol, today)
        if hours is not None and hours[0] + price_paths.STEP <= now:
            shown.append(today)
    first = shown[-min(_RANGES[window.range or "1d"], len(shown))]
    return calendar.session_open(first) - timedelta(hours=6), now + price_paths.STEP


def _daily_rows(days: Sequence[price_paths.Day], since: datetime, until: datetime, now: datetime) -> list[_Row]:
    rows = []
    for day in days:
        if not since <= day.starts < until:
            continue
        if now >= day.ends:
            rows.append(_Row(to_epoch(day.starts), day.open, day.high, day.low, day.close, False))
            continue
        points = price_paths.points(day.symbol, day.starts, now)
        last = price_paths.price_at(day.symbol, now)
        assert last is not None
        high = max([last, day.open, *(point.high for point in points)])
        low = min([last, day.open, *(point.low for point in points)])
        is_drawn = price_paths.is_interpolated(day.symbol, now)
        rows.append(_Row(to_epoch(day.starts), day.open, high, low, last, is_drawn))
    return rows


def _intraday_rows(window: Window, days: Sequence[price_paths.Day], since: datetime, now: datetime) -> list[_Row]:
    symbol = days[-1].symbol
    rows = [
        _Row(to_epoch(point.start), point.open, point.high, point.low, point.close, point.interpolated)
        for point in price_paths.points(symbol, since, now, window.extended)
    ]
    if days[-1].starts <= now < days[-1].ends and since <= now and (now - days[-1].starts) % price_paths.STEP:
        live = price_paths.price_at(symbol, now)
        assert live is not None
        rows.append(_Row(to_epoch(now), live, live, live, live, price_paths.is_interpolated(symbol, now)))
    return rows


def _meta(
    symbol: str, window: Window, days: Sequence[price_paths.Day], since: datetime, now: datetime
) -> dict[str, object]:
    listing, last = price_paths.listings()[symbol], days[-1]
    kind = "INDEX" if symbol.startswith("^") else "ETF" if listing.exchange in _FUNDS else "EQUITY"
    before = [day.close for day in days if day.starts < since]
    meta: dict[str, object] = {
        "currency": "USD",
        "symbol": symbol,
        "exchangeName": listing.exchange,
        "fullExchangeName": _EXCHANGES[listing.exchange],
        "instrumentType": kind,
        "regularMarketTime": to_epoch(min(now, last.ends)),
        "hasPrePostMarketData": kind != "INDEX",
        "gmtoffset": int(_NEW_YORK.total_seconds()),
        "timezone": "EST",
        "exchangeTimezoneName": "America/New_York",
        "regularMarketPrice": price_paths.price_at(symbol, min(now, last.ends)),
        "longName": listing.name,
        "shortName": listing.name,
        "chartPreviousClose": before[-1] if before else last.previous_close,
        "priceHint": 2,
        "currentTradingPeriod": _trading_periods(now),
        "dataGranularity": window.interval,
        "range": window.range,
    }
    if window.interval != "1d":
        # One day that has not opened yet begins at the close of the last session, every other at that before it.
        meta["previousClose"] = meta["chartPreviousClose"] if window.range == "1d" else last.previous_close
    return meta


def _trading_periods(now: datetime) -> Mapping[str, object]:
    day: date = (now + _NEW_YORK).date()
    if not calendar.is_session(day) or now >= calendar.session_close(day) + timedelta(hours=4):
        day = calendar.next_session(day)
    opens, closes = calendar.session_open(day), calendar.session_close(day)
    spans = {
        "pre": (opens - timedelta(hours=5, minutes=30), opens),
        "regular": (opens, closes),
        "post": (closes, closes + timedelta(hours=4)),
    }
    return {
        name: {"timezone": "EST", "start": to_epoch(start), "end": to_epoch(end), "gmtoffset": -18_000}
        for name, (start, end) in spans.items()
    }


def _keep_closes(result: dict[str, object]) -> None:
    indicators = result["indicators"]
    assert isinstance(indicators, dict)
    indicators["quote"] = [{"close": columns["close"]} if columns else {} for columns in indicators["quote"]]

"""Decodes Yahoo's spark and chart responses: pure functions from JSON values to quotes and bars.

Shapes and their faults are recorded ones: arrays of unequal length, null closes, no timestamps, a live point off
the grid of bars, unknown symbols dropped in silence, pence that look like pounds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.market import clean, exchanges
from tracker.market.clean import error_text, items, mapping
from tracker.market.provider import NO_SUCH_SYMBOL
from tracker.model.dividends import Dividend
from tracker.model.market import DAILY, INTRADAY, Bar, BarsAnswer, PriceFailure, Quote, QuotesAnswer, Session

NAME = "yahoo"

_SETTLE = timedelta(minutes=20)
"""The longest delay of an exchange: a bar that ended this long ago is complete, whatever the response says."""
"""How far a provider's clock may be ahead of ours."""


class _Point(Struct, frozen=True):
    at: int
    close: float
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float | None = None
    interpolated: bool = False


class _Chart(Struct, frozen=True):
    """One symbol's answer: prices already in the major unit of `currency`."""

    symbol: str
    meta: Mapping[str, object]
    points: tuple[_Point, ...]
    currency: str | None
    factor: float
    zone: str | None

    def price(self, key: str) -> float | None:
        value = clean.price(self.meta.get(key))
        return None if value is None else value / self.factor

    def time(self, key: str) -> datetime | None:
        return clean.moment(self.meta.get(key))

    def local_date(self, moment: datetime) -> date:
        return moment.astimezone(_zone(self.zone) or UTC).date()


def decode_spark(data: object, symbols: Sequence[str], now: datetime) -> QuotesAnswer:
    """Return quotes, today's closed 5-minute bars and a failure for each symbol that has no price.

    Takes the nested answer of `/v7/finance/spark` and the flat one of `/v8/finance/spark`, asked with range=1d and
    interval=5m.
    """
    found = _spark_results(data)
    if not found and (reason := error_text(data)):
        return QuotesAnswer(failures=(PriceFailure(NAME, reason),))
    if found is None:
        return QuotesAnswer(failures=(PriceFailure(NAME, "an answer of an unknown shape"),))
    quotes: list[Quote] = []
    bars: list[Bar] = []
    failures: list[PriceFailure] = []
    for symbol in symbols:
        if symbol.upper() not in found:
            failures.append(PriceFailure(NAME, NO_SUCH_SYMBOL, symbol))
            continue
        chart = _chart(found[symbol.upper()], symbol)
        quote = chart if isinstance(chart, str) else _quote(chart, now, is_one_day=True)
        if isinstance(chart, str) or isinstance(quote, str):
            failures.append(PriceFailure(NAME, str(chart if isinstance(chart, str) else quote), symbol))
            continue
        quotes.append(quote)
        bars.extend(_intraday_bars(chart, now))
    return QuotesAnswer(tuple(quotes), tuple(bars), tuple(failures))


def decode_chart(data: object, symbol: str, interval: int, now: datetime) -> BarsAnswer:
    """Return bars, splits, dividends and the quote of a `/v8/finance/chart` answer, or a failure with its reason.

    Only closed bars. `interval` is `INTRADAY` or `DAILY` and must be what the answer holds.
    """
    results = items(mapping(mapping(data).get("chart")).get("result"))
    if not results:
        return BarsAnswer(failures=(PriceFailure(NAME, error_text(data) or "an answer without result", symbol),))
    chart = _chart(results[0], symbol)
    if isinstance(chart, str):
        return BarsAnswer(failures=(PriceFailure(NAME, chart, symbol),))
    granularity = chart.meta.get("dataGranularity")
    if granularity not in (None, {INTRADAY: "5m", DAILY: "1d"}.get(interval)):
        reason = f"bars of {clean.words(granularity, 10) or 'unknown length'} instead of those asked for"
        return BarsAnswer(failures=(PriceFailure(NAME, reason, symbol),))
    if interval == DAILY:
        bars = _daily_bars(chart, now)
        quote = _quote(chart, now, daily={chart.local_date(_at(point.at)): point.close for point in chart.points})
    else:
        bars = _intraday_bars(chart, now)
        quote = _quote(chart, now, is_one_day=chart.meta.get("range") == "1d")
    failures: tuple[PriceFailure, ...] = () if bars else (PriceFailure(NAME, "no closed bars in that window", symbol),)
    if isinstance(quote, str):
        failures += (PriceFailure(NAME, quote, symbol),)
    return BarsAnswer(
        bars,
        failures,
        None if isinstance(quote, str) else quote,
        _splits(results[0], chart),
        _dividends(results[0], chart),
    )


def _spark_results(data: object) -> dict[str, object] | None:
    """Return upper-case symbol to chart result, for either shape; None for a third one."""
    top = mapping(data)
    if "spark" in top:
        found = {}
        for entry in items(mapping(top["spark"]).get("result")):
            symbol, answers = mapping(entry).get("symbol"), items(mapping(entry).get("response"))
            if isinstance(symbol, str) and answers:
                found[symbol.upper()] = answers[0]
        return found
    flat = {
        key.upper(): value for key, value in top.items() if "symbol" in mapping(value) and "close" in mapping(value)
    }
    return {key: _nested(mapping(value)) for key, value in flat.items()} or (
        None if top or not isinstance(data, dict) else {}
    )


def _nested(flat: Mapping[str, object]) -> dict[str, object]:
    """Convert one symbol of the flat spark response to a chart result."""
    meta = {key: value for key, value in flat.items() if key not in ("timestamp", "close")}
    meta.pop("dataGranularity", None)  # seconds here, a word ("5m") in a chart
    return {
        "meta": meta,
        "timestamp": flat.get("timestamp"),
        "indicators": {"quote": [{"close": flat.get("close")}]},
    }


def _chart(result: object, symbol: str) -> _Chart | str:
    """Return the checked response for `symbol`, or why it is unusable."""
    meta = mapping(mapping(result).get("meta"))
    if not meta:
        return "an answer without meta data"
    answered = meta.get("symbol")
    if not isinstance(answered, str) or answered.upper() != symbol.upper():
        return f"the answer is about {clean.words(answered, 20) or 'no symbol'}, not {symbol}"
    currency, factor = clean.unit(meta.get("currency"))
    if currency is None and exchanges.suffix(symbol) in exchanges.MINOR_UNIT_SUFFIXES:
        return "no currency in the answer, and this exchange quotes in hundredths"
    zone = meta.get("exchangeTimezoneName")
    if not isinstance(zone, str) or _zone(zone) is None:
        exchange = exchanges.exchange_of(symbol)
        is_new_york = exchanges.is_new_york(symbol)
        zone = exchange.zone if exchange is not None else exchanges.NEW_YORK if is_new_york else None
    return _Chart(symbol, meta, _points(mapping(result), factor), currency, factor, zone)


def _points(result: Mapping[str, object], factor: float) -> tuple[_Point, ...]:
    """Return the points that have a time and a close, in order of time, without repeats (the last of a time wins).

    A column that is longer than the times belongs to a cut-off answer: what has no time is left out.
    """
    times = items(result.get("timestamp"))
    quotes = items(mapping(result.get("indicators")).get("quote"))
    columns = mapping(quotes[0]) if quotes else {}
    names = ("close", "open", "high", "low", "volume")
    columns_by_name = {name: items(columns.get(name)) for name in names}
    drawn = items(mapping(result.get("indicators")).get("interpolated"))  # the replay of the demo says so of its own
    found: dict[int, _Point] = {}
    for index, at in enumerate(times):
        row = {name: column[index] if index < len(column) else None for name, column in columns_by_name.items()}
        close, moment = clean.price(row["close"]), clean.moment(at)
        if close is None or moment is None:
            continue
        prices = (clean.price(row[name]) for name in ("open", "high", "low"))
        opened, high, low = (None if value is None else value / factor for value in prices)
        seconds = int(moment.timestamp())
        is_drawn = index < len(drawn) and drawn[index] is True
        found[seconds] = _Point(seconds, close / factor, opened, high, low, clean.volume(row["volume"]), is_drawn)
    return tuple(found[at] for at in sorted(found))


def _quote(
    chart: _Chart, now: datetime, *, is_one_day: bool = False, daily: Mapping[date, float] | None = None
) -> Quote | str:
    """Return the last trade of a response, or why there is none."""
    regular, regular_time = chart.price("regularMarketPrice"), chart.time("regularMarketTime")
    latest = (
        next((p for p in reversed(chart.points) if _at(p.at) <= now + clean.AHEAD), None) if daily is None else None
    )
    price, traded, is_regular = regular, regular_time, True
    if latest is not None and (price is None or traded is None or _at(latest.at) > traded):
        # A point on the grid is the start of a bar: its close was traded up to five minutes later.
        price, traded = latest.close, _at(latest.at)
        if latest.at % INTRADAY == 0:
            traded = min(traded + timedelta(seconds=INTRADAY), max(now, traded))
        is_regular = _phase(chart, _at(latest.at)) not in ("pre", "post")
    trade = clean.trade(price, traded, now)
    if isinstance(trade, str):
        return trade
    price, traded = trade
    return Quote(
        symbol=chart.symbol,
        price=price,
        time=traded,
        provider=NAME,
        previous_close=_previous_close(chart, now, traded, regular, regular_time, is_regular, is_one_day, daily),
        regular_price=None if is_regular else regular,
        session=_session(chart, now, traded, is_regular),
        currency=chart.currency,
        fetched=now,
        exchange_zone=chart.zone,
    )


def _previous_close(
    chart: _Chart,
    now: datetime,
    traded: datetime,
    regular: float | None,
    regular_time: datetime | None,
    is_regular: bool,
    is_one_day: bool,
    daily: Mapping[date, float] | None,
) -> float | None:
    """Return the official close of the session before that of the trade; None where it is not certain."""
    day = chart.local_date(traded)
    if regular is not None and regular_time is not None and chart.local_date(regular_time) < day:
        return regular  # before today's first regular trade, the last regular price is yesterday's close
    if daily is not None:
        # A daily range has no previousClose, and its chartPreviousClose is from before the whole range.
        before = [session for session in daily if session < day]
        is_adjacent = before and day - max(before) <= timedelta(days=5)
        return daily[max(before)] if is_adjacent else chart.price("previousClose")
    previous = chart.price("previousClose")
    if previous is None and is_one_day:
        previous = chart.price("chartPreviousClose")
    begins = clean.moment(_period(chart, "regular").get("start"))
    if is_regular and begins is not None and chart.local_date(begins) > day and previous == regular:
        return None  # the answer has gone on to the next session: this is the trade's own close
    return previous


def _session(chart: _Chart, now: datetime, traded: datetime, is_regular: bool) -> Session | None:
    """Return the session of a trade while it lasts; "closed" for a trade of a session that is over."""
    current = _phase(chart, now)
    if current is None:
        return None
    of_trade = "regular" if is_regular else _phase(chart, traded - timedelta(seconds=1))
    if exchanges.is_round_the_clock(chart.symbol):
        return current
    return current if of_trade == current and chart.local_date(traded) == chart.local_date(now) else "closed"


def _phase(chart: _Chart, moment: datetime) -> Session | None:
    """Return the session of the exchange at a moment: by calendar, by the response's periods, else by usual hours."""
    if exchanges.is_new_york(chart.symbol, chart.zone) or exchanges.is_round_the_clock(chart.symbol):
        return exchanges.session_of(chart.symbol, moment, chart.zone)
    names: tuple[Session, ...] = ("pre", "regular", "post")
    is_known = False
    for name in names:
        period = _period(chart, name)
        start, end = clean.moment(period.get("start")), clean.moment(period.get("end"))
        if start is None or end is None:
            continue
        is_known = True
        if start <= moment < end:
            return name
    return "closed" if is_known else exchanges.session_of(chart.symbol, moment, chart.zone)


def _intraday_bars(chart: _Chart, now: datetime) -> tuple[Bar, ...]:
    """Return the closed bars: on the grid, ended, and known to be complete."""
    regular_time = chart.time("regularMarketTime")
    heard = max([point.at for point in chart.points], default=0)
    if regular_time is not None:
        heard = max(heard, int(regular_time.timestamp()))
    bars = []
    for point in chart.points:
        start, end = _at(point.at), _at(point.at + INTRADAY)
        is_live = point is chart.points[-1] and start == regular_time
        is_whole = point.at + INTRADAY <= heard or end + _SETTLE <= now
        if point.at % INTRADAY == 0 and not is_live and end <= now and is_whole:
            bars.append(_bar(chart, point, INTRADAY, start, end))
    return tuple(bars)


def _daily_bars(chart: _Chart, now: datetime) -> tuple[Bar, ...]:
    """Return the bars of sessions that are over; one a date, the last of a date wins."""
    by_date = {chart.local_date(_at(point.at)): point for point in chart.points}
    regular_time = chart.time("regularMarketTime")
    bars = []
    for day, point in by_date.items():
        start, end = _hours(chart, day, point)
        is_whole = end + _SETTLE <= now or (regular_time is not None and regular_time >= end)
        if end <= now and is_whole:
            bars.append(_bar(chart, point, DAILY, start, end))
    return tuple(bars)


def _bar(chart: _Chart, point: _Point, interval: int, start: datetime, end: datetime) -> Bar:
    return Bar(
        symbol=chart.symbol,
        interval=interval,
        start=start,
        end=end,
        close=point.close,
        provider=NAME,
        open=point.open,
        high=point.high,
        low=point.low,
        volume=point.volume,
        interpolated=point.interpolated,
    )


def _hours(chart: _Chart, day: date, point: _Point) -> tuple[datetime, datetime]:
    """Return open and close of the session on `day`."""
    is_new_york = exchanges.is_new_york(chart.symbol, chart.zone)
    regular = _period(chart, "regular")
    start, end = clean.moment(regular.get("start")), clean.moment(regular.get("end"))
    if not is_new_york and start is not None and end is not None and chart.zone is not None and start < end:
        if end - start >= timedelta(hours=23):  # round the clock, given as a day less a minute
            opened = datetime.combine(day, time(), ZoneInfo(chart.zone)).astimezone(UTC)
            return opened, datetime.combine(day + timedelta(days=1), time(), ZoneInfo(chart.zone)).astimezone(UTC)
        local = ZoneInfo(chart.zone)
        opens, closes = start.astimezone(local).time(), end.astimezone(local).time()
        usual = exchanges.exchange_of(chart.symbol)
        if usual is not None and chart.local_date(start) != day:
            closes = max(closes, usual.closes)  # the period is that of one day, which may close early
        return exchanges.local_hours(chart.zone, day, opens, closes)
    return exchanges.session_hours(chart.symbol, day, chart.zone) or (_at(point.at), _at(point.at + DAILY))


def _splits(result: object, chart: _Chart) -> tuple[tuple[datetime, float], ...]:
    """Return (time, new shares for one old), oldest first."""
    found = []
    for event in mapping(mapping(mapping(result).get("events")).get("splits")).values():
        at = clean.moment(mapping(event).get("date"))
        ratio = clean.split_ratio(mapping(event).get("numerator"), mapping(event).get("denominator"))
        if at is not None and ratio is not None:
            found.append((at, ratio))
    return tuple(sorted(found))


def _dividends(result: object, chart: _Chart) -> tuple[Dividend, ...]:
    """Return the dividends, oldest first; their amounts come in the unit of the prices."""
    found: dict[date, Dividend] = {}
    zone = _zone(chart.zone) or UTC
    for event in mapping(mapping(mapping(result).get("events")).get("dividends")).values():
        at = clean.moment(mapping(event).get("date"))
        amount = clean.price(mapping(event).get("amount"))
        if at is not None and amount is not None:
            # A moment of midnight UTC is a date and no time: taken to New York it would be the evening before.
            day = at.date() if at.time() == time() else chart.local_date(at)
            begins = datetime.combine(day, time(), zone).astimezone(UTC)
            found[day] = Dividend(day, begins, amount / chart.factor)
    return tuple(found[day] for day in sorted(found))


def _period(chart: _Chart, name: str) -> dict[str, object]:
    return mapping(mapping(chart.meta.get("currentTradingPeriod")).get(name))


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@lru_cache(maxsize=64)
def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return None

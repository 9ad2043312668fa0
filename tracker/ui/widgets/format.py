"""Numbers and times as the window writes them: short, of known width, the same everywhere."""

from __future__ import annotations

import math
from datetime import datetime, tzinfo
from typing import Literal

from tracker.model.market import Session

Direction = Literal["up", "down", "flat", "none"]

ARROWS = {"up": "▲", "down": "▼"}
AGE_WIDTH = 5
"""Cells that `age_text` never exceeds."""
MOVE_WIDTH = 7
"""Cells of every move that is known."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ZONE_NAMES = {"America/New_York": "ET", "America/Chicago": "CT"}
_SESSIONS: dict[Session, tuple[str, str]] = {
    "pre": ("PRE", "pre-market"),
    "regular": ("REG", "regular session"),
    "post": ("POST", "after hours"),
    "closed": ("SHUT", "market closed"),
}
_PROVIDERS = {"cnbc": "CNBC", "finnhub": "Finnhub", "nasdaq": "Nasdaq", "yahoo": "Yahoo"}
_CURRENCIES = {
    "CNY": "CN¥",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "JPY": "¥",
    "KRW": "₩",
    "TWD": "NT$",
    "USD": "",
}
_INDICES = {
    "^DJI": "Dow Jones",
    "^GSPC": "S&P 500",
    "^IXIC": "Nasdaq Composite",
    "^NDX": "Nasdaq 100",
    "^RUT": "Russell 2000",
    "^SOX": "PHLX Semiconductor",
    "^SPX": "S&P 500",
}
_WITHOUT_CENTS = frozenset({"JPY", "KRW"})


def age_text(now: datetime, then: datetime) -> str:
    """Return how long ago `then` was in at most 5 cells: "now", "4m", "1h", "2d", "3 Jan", "24Jan", "2019".

    From a week on it is the day (in the zone of `then`), from about a year on the year alone. A time to come has a
    plus: "+4m".
    """
    seconds = (now - then).total_seconds()
    sign, seconds = ("+", -seconds) if seconds < 0 else ("", seconds)
    if seconds < 60:
        return "now"
    if seconds < 3600:
        return f"{sign}{int(seconds // 60)}m"
    if seconds < 86_400:
        return f"{sign}{int(seconds // 3600)}h"
    if seconds < 7 * 86_400:
        return f"{sign}{int(seconds // 86_400)}d"
    if seconds < 330 * 86_400:  # below a year by a month, so that no day is read as the one of this year
        return f"{then.day}{'' if then.day > 9 else ' '}{_MONTHS[then.month - 1]}"
    return f"{sign}{then.year}"


def move_text(value: float | None) -> tuple[str, Direction]:
    """Return a move (a fraction) as 7 cells with the decimal point always in the fourth, and where it went.

    `("▼16.97%", "down")`, `("▲ 1.91%", "up")`, `("  0.00%", "flat")`, `("", "none")` for an unknown or impossible
    one. From 100% on it has no decimals, and over 9,999% only that it is more.
    """
    if value is None or not math.isfinite(value):
        return "", "none"
    percent = round(abs(value) * 100, 2)
    if percent == 0:
        return "  0.00%", "flat"
    direction: Direction = "up" if value > 0 else "down"
    if percent < 100:
        number = f"{percent:5.2f}"
    elif percent < 9999.5:
        number = f"{percent:5.0f}"
    else:
        number = ">9999"
    return f"{ARROWS[direction]}{number}%", direction


def price_text(price: float, currency: str | None) -> str:
    """Return a price: two decimals from 1 up, four below, none from 10,000 up; US dollars are not marked.

    Millions and more are shortened ("1.23M"). A currency without a sign is shown as its code: "CHF 12.30".
    """
    if not math.isfinite(price):
        return "–"
    size = abs(price)
    for limit, unit, name in ((1e12, 1e12, "T"), (1e9, 1e9, "B"), (999_999.5, 1e6, "M")):
        if size >= limit:
            number = f"{size / unit:.2f}{name}" if size < 1e15 else ">999T"
            break
    else:
        if size >= 9999.995 or (currency in _WITHOUT_CENTS and size >= 99.5):
            number = f"{size:,.0f}"
        elif size >= 0.99995:
            number = f"{size:.2f}"
        else:
            number = f"{size:.4f}"
    sign = "−" if price < 0 and any(digit in "123456789" for digit in number) else ""
    mark = "" if currency is None else _CURRENCIES.get(currency, f"{currency} ")
    return f"{sign}{mark}{number}"


def dollars_text(value: float | None) -> str:
    """Return a change of value in dollars with its sign and three digits at most: "−$593bn", "+$1.2bn", "$0"."""
    if value is None or not math.isfinite(value):
        return ""
    sign = "−" if value < 0 else "+"
    size = abs(value)
    if size < 0.5:
        return "$0"
    if size >= 999.5e12:
        return f"{sign}$>999tn"
    unit, name = 1.0, ""
    for larger, larger_name in ((1e3, "k"), (1e6, "m"), (1e9, "bn"), (1e12, "tn")):
        if size / unit >= 999.5:
            unit, name = larger, larger_name
    shown = size / unit
    decimals = 1 if name and shown < 9.95 else 0
    return f"{sign}${shown:.{decimals}f}{name}"


def t_text(value: float) -> str:
    """Return a t statistic: "−5.70", "+0.31"."""
    return f"{'−' if value < 0 else '+'}{abs(value):.2f}"


def benchmark_text(symbol: str) -> str:
    """Return an index by its name, "S&P 500" for ^GSPC; a symbol without one as it is."""
    return _INDICES.get(symbol, symbol)


def session_text(session: Session | None) -> str:
    """Return a session in at most 4 cells: PRE, REG, POST, SHUT; "" when unknown."""
    return "" if session is None else _SESSIONS[session][0]


def session_words(session: Session | None) -> str:
    """Return a session in words: "pre-market", "regular session", "after hours", "market closed"; "" when unknown."""
    return "" if session is None else _SESSIONS[session][1]


def provider_text(provider: str | None) -> str:
    """Return a provider as it writes itself: "CNBC", "Yahoo"; an unknown one as it is, "" for None."""
    return "" if provider is None else _PROVIDERS.get(provider, provider)


def clock_text(moment: datetime, zone: tzinfo) -> str:
    """Return "Mon 27 Jan 16:16 ET": day, date and time in `zone`, with the zone's name."""
    local = _local(moment, zone)
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {time_text(moment, zone)}"


def time_text(moment: datetime, zone: tzinfo) -> str:
    """Return "16:16 ET": the time alone in `zone`, with the zone's name."""
    local = _local(moment, zone)
    key = str(getattr(zone, "key", ""))
    return f"{local.hour:02d}:{local.minute:02d} {_ZONE_NAMES.get(key) or local.tzname() or ''}".rstrip()


def day_text(moment: datetime, zone: tzinfo, now: datetime) -> str:
    """Return "Fri 24 Jan", or "24 Jan 2024" when it is not in the year of `now`; both in `zone`."""
    local = _local(moment, zone)
    if local.year != _local(now, zone).year:
        return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"


def is_same_day(one: datetime, other: datetime, zone: tzinfo) -> bool:
    """Tell whether two moments fall on one day in `zone`."""
    return _local(one, zone).date() == _local(other, zone).date()


def seconds_text(seconds: float) -> str:
    """Return an age: "now", "12 s ago", "4 min ago", "2 h ago", "3 d ago"; a negative one is "now"."""
    text = span_text(seconds)
    return f"{text} ago" if text else "now"


def minutes_text(seconds: float) -> str:
    """Return an age that changes once a minute at most: "just now", "4 min ago", "2 h ago", "3 d ago"."""
    return seconds_text(seconds) if seconds >= 60 else "just now"


def span_text(seconds: float) -> str:
    """Return a length of time in its largest whole unit: "12 s", "4 min", "2 h", "3 d"; "" below one second."""
    if not seconds >= 1:
        return ""
    if seconds < 60:
        return f"{int(seconds)} s"
    if seconds < 3600:
        return f"{int(seconds // 60)} min"
    if seconds < 86_400:
        return f"{int(seconds // 3600)} h"
    return f"{int(min(seconds // 86_400, 99_999))} d"


def _local(moment: datetime, zone: tzinfo) -> datetime:
    try:
        return moment.astimezone(zone)
    except (OverflowError, ValueError):  # year 1 or 9999 at the edge of what a date can say
        return moment

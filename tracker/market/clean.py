"""Numbers, times and texts from outside, checked once: what cannot be right comes back as None."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

MINOR_UNITS: dict[str, tuple[str, float]] = {
    "GBp": ("GBP", 100.0),
    "GBX": ("GBP", 100.0),
    "GBx": ("GBP", 100.0),
    "ZAc": ("ZAR", 100.0),
    "ZAC": ("ZAR", 100.0),
    "ILA": ("ILS", 100.0),
    "ILa": ("ILS", 100.0),
}
"""Codes of a hundredth of a currency, as providers write them: only letter case distinguishes pence from pounds."""

_LATEST = 4_102_444_800  # the year 2100
_MIN_PRICE, _MAX_PRICE = 1e-12, 1e12
_MAX_SPLIT_RATIO = 100_000.0
AHEAD = timedelta(minutes=5)
"""How far the clocks of providers may be ahead of ours."""


def number(value: object) -> float | None:
    """Return a finite number, or None for anything else (strings and booleans too)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        result = float(value)
    except OverflowError:
        return None
    return result if math.isfinite(result) else None


def price(value: object) -> float | None:
    """Return a price: a number from 0.000000000001 to a million million.

    Anything smaller is no price, and would be zero after its change to another unit: moves are divided by it.
    """
    result = number(value)
    return result if result is not None and _MIN_PRICE <= result < _MAX_PRICE else None


def volume(value: object) -> float | None:
    """Return a number of shares, written as text or number; None where it is negative or no number."""
    result = text_number(value)
    return result if result is not None and result >= 0 else None


def split_ratio(new: object, old: object) -> float | None:
    """Return new shares for one old; None for numbers that no split has (over 100,000 for one)."""
    gained, given = number(new), number(old)
    if gained is None or given is None or gained <= 0 or given <= 0:
        return None
    ratio = gained / given
    return ratio if 1 / _MAX_SPLIT_RATIO <= ratio <= _MAX_SPLIT_RATIO else None


def text_number(value: object) -> float | None:
    """Return the number in "$1,234.50", "+0.51%" or "207.41"; None for "N/A", "UNCH", "--" and anything else."""
    if not isinstance(value, str) or len(value) > 40:
        return number(value)
    plain = value.strip().replace(",", "").replace("$", "").removesuffix("%")
    if not plain or any(mark not in "0123456789.+-" for mark in plain):
        return None
    try:
        return number(float(plain))
    except ValueError:
        return None


def text_price(value: object) -> float | None:
    """Return a price written as text or number."""
    return price(text_number(value))


def moment(value: object) -> datetime | None:
    """Return the time of whole or broken seconds since 1970, up to the year 2100."""
    seconds = number(value)
    if seconds is None or not 0 < seconds < _LATEST:
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


def iso_moment(value: object) -> datetime | None:
    """Return the time of ISO 8601 text that carries an offset."""
    if not isinstance(value, str):
        return None
    try:
        result = datetime.fromisoformat(value.strip())
        return None if result.tzinfo is None else result.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def trade(price: float | None, traded: datetime | None, now: datetime) -> tuple[float, datetime] | str:
    """Return the price and time of a trade, or what is wrong with them."""
    if price is None:
        return "no price in the answer"
    if traded is None:
        return "no trade time in the answer"
    return "a trade time in the future" if traded > now + AHEAD else (price, traded)


def unit(currency: object) -> tuple[str | None, float]:
    """Return ISO code of the major unit and how many of the quoted units make one: ("GBP", 100.0) for "GBp"."""
    if not isinstance(currency, str) or not currency.isascii() or not currency.isalpha() or len(currency) != 3:
        return None, 1.0
    return MINOR_UNITS.get(currency, (currency.upper(), 1.0))


def words(value: object, limit: int = 160) -> str:
    """Return text from outside as one short line without control characters, fit for a message."""
    if not isinstance(value, str):
        return ""
    line = " ".join(value[: 4 * limit].split())
    return "".join(mark for mark in line if mark.isprintable())[:limit]


def mapping(value: object) -> dict[str, object]:
    """Return a JSON object as it is, anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """Return a JSON array as it is, anything else as an empty one."""
    return value if isinstance(value, list) else []


def error_text(data: object) -> str:
    """Return the words of the error object in a decoded answer, or an empty string.

    Takes `{"chart": {"error": {"description"}}}` under any name, `{"error": "..."}`, and Nasdaq's
    `{"status": {"bCodeMessage": [{"errorMessage"}]}}`.
    """
    top = mapping(data)
    for candidate in [top, *(mapping(value) for value in top.values())]:
        error = candidate.get("error")
        text = words(error) or words(mapping(error).get("description")) or words(mapping(error).get("code"))
        if text:
            return text
        for message in items(candidate.get("bCodeMessage")):
            if text := words(mapping(message).get("errorMessage")):
                return text
    return ""

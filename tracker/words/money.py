"""Amounts of money, short and with their sign; pure."""

from __future__ import annotations

import math

_MARKS = {"CNY": "¥", "EUR": "€", "GBP": "£", "JPY": "¥", "USD": "$"}


def gain_text(value: float | None, currency: str | None) -> str:
    """Return what was gained or lost with its sign: "+$1,234", "−€12.3k", "$0"; "" where it is not known.

    Below 10,000 every unit is shown, above that three digits. A currency without a sign is written as its code.
    """
    if value is None or not math.isfinite(value):
        return ""
    mark = "" if currency is None else _MARKS.get(currency, f"{currency} ")
    size = abs(value)
    if size < 0.5:
        return f"{mark}0"
    sign = "−" if value < 0 else "+"
    if size < 9_999.5:
        return f"{sign}{mark}{size:,.0f}"
    if size >= 999.5e12:
        return f"{sign}{mark}>999tn"
    unit, name = next((unit, name) for unit, name in _UNITS if size < 999.5 * unit)
    shown = size / unit
    return f"{sign}{mark}{shown:.{1 if shown < 99.95 else 0}f}{name}"


_UNITS = ((1e3, "k"), (1e6, "m"), (1e9, "bn"), (1e12, "tn"))

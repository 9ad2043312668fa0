"""Prices, and amounts of money with their sign; pure."""

from __future__ import annotations

import math

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
_WITHOUT_CENTS = frozenset({"JPY", "KRW"})
_MARKS = {"CNY": "¥", "EUR": "€", "GBP": "£", "JPY": "¥", "USD": "$"}
_UNITS = ((1e3, "k"), (1e6, "m"), (1e9, "bn"), (1e12, "tn"))


def price_text(price: float, currency: str | None, symbol: str) -> str:
    """Return a price: two decimals from 1 up, four below, none from 10,000 up; US dollars are not marked.

    Millions and more are shortened ("1.23M"). A currency without a sign is shown as its code: "CHF 12.30". A rate of
    two currencies has four decimals below 100; neither a rate nor an index is money, whatever the provider says.
    """
    currency = price_currency(symbol, currency)
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
        elif size >= (99.995 if is_rate(symbol) else 0.99995):
            number = f"{size:.2f}"
        else:
            number = f"{size:.4f}"
    sign = "−" if price < 0 and any(digit in "123456789" for digit in number) else ""
    mark = "" if currency is None else _CURRENCIES.get(currency, f"{currency} ")
    return f"{sign}{mark}{number}"


def is_rate(symbol: str) -> bool:
    """Return whether a symbol is the rate of two currencies: "EURUSD=X"."""
    return symbol.upper().endswith("=X")


def price_currency(symbol: str, currency: str | None) -> str | None:
    """Return the currency of a price; None for an index, which has points, and for a rate."""
    return None if symbol.startswith("^") or is_rate(symbol) else currency


def amount_text(amount: float, currency: str | None) -> str:
    """Return an amount for one share: "$0.43", "€0.0375", "CHF 7", "¥45"."""
    mark = "" if currency is None else _MARKS.get(currency, f"{currency} ")
    whole, _, cents = f"{amount:,.4f}".partition(".")
    cents = cents.rstrip("0")
    return f"{mark}{whole}.{cents:0<2}" if cents else f"{mark}{whole}"


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
    for larger, larger_name in _UNITS:
        if size / unit >= 999.5:
            unit, name = larger, larger_name
    shown = size / unit
    decimals = 1 if name and shown < 9.95 else 0
    return f"{sign}${shown:.{decimals}f}{name}"


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

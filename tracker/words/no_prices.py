"""Which symbols have no current price and why, in words; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from tracker.model.market import Quote

_MAX_NAMES = 8
_RECENT = timedelta(days=7)
"""A symbol that failed longer ago is not asked for any more: it left the watchlist or the news."""


def names_text(names: Sequence[str], max_names: int) -> str:
    """Return the first `max_names` names: "A, B and 3 more"."""
    return ", ".join(names[:max_names]) + (f" and {len(names) - max_names} more" if len(names) > max_names else "")


def by_reason(failed: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the symbols of each reason, from (symbol, reason); both in the order they came."""
    found: dict[str, list[str]] = {}
    for symbol, reason in failed:
        found.setdefault(reason, []).append(symbol)
    return found


def failed_text(failed: Iterable[tuple[str, str]], max_names: int = _MAX_NAMES) -> str:
    """Return "2454.TW, FOO (no such symbol); NVDA (HTTP 500)", from (symbol, reason); "" where nothing failed."""
    return "; ".join(f"{names_text(names, max_names)} ({reason})" for reason, names in by_reason(failed).items())


def without_price(failures: Mapping[str, tuple[str, datetime]], now: datetime) -> list[tuple[str, str]]:
    """Return (symbol, reason) of the symbols that have no price at all, from (reason, when) by symbol."""
    return [(symbol, reason) for symbol, (reason, at) in sorted(failures.items()) if at >= now - _RECENT]


def without_new_price(quotes: Mapping[str, Quote], now: datetime) -> list[tuple[str, str]]:
    """Return (symbol, reason) of the stored quotes that could not be renewed."""
    recent = ((one, quote.failure) for one, quote in sorted(quotes.items()) if quote.time >= now - _RECENT)
    return [(symbol, reason) for symbol, reason in recent if reason is not None]


def no_price_text(quotes: Mapping[str, Quote], failures: Mapping[str, tuple[str, datetime]], now: datetime) -> str:
    """Return which symbols have no price, or none newer than the stored one; "" where all have one."""
    none, older = failed_text(without_price(failures, now)), failed_text(without_new_price(quotes, now))
    parts = (("no price: ", none), ("no new price: ", older))
    return " · ".join(head + text for head, text in parts if text)

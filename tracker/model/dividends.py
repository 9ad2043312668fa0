"""Dividends, and the return of a share with those paid on the way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Struct


class Dividend(Struct, frozen=True):
    """What a share pays to whoever held it before its ex-dividend day."""

    day: date
    """The ex-dividend day at its exchange: from its first trade on, the price is without the dividend."""
    at: datetime
    """When that day begins there."""
    amount: float
    """Per share, in the currency of its prices."""


def dividends_between(dividends: Iterable[Dividend], start: datetime, end: datetime) -> tuple[Dividend, ...]:
    """Return those that lie between a price at `start` and a price at `end`."""
    return tuple(one for one in dividends if start < one.at <= end)


def total_return(first: float, last: float, dividends: Iterable[Dividend] = ()) -> float:
    """Return the return from a price to a later one, with the dividends that lie between them, as a fraction."""
    return (last + sum(one.amount for one in dividends)) / first - 1.0

"""Amounts of money: short, with sign and currency."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.words.money import gain_text


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        (None, "USD", ""),
        (math.nan, "USD", ""),
        (math.inf, "USD", ""),
        (0.3, "USD", "$0"),
        (-0.3, "EUR", "€0"),
        (1234.4, "USD", "+$1,234"),
        (-9999.4, "EUR", "−€9,999"),
        (9999.6, "USD", "+$10.0k"),
        (99_949, "USD", "+$99.9k"),
        (99_960, "GBP", "+£100k"),
        (-999_600, "USD", "−$1.0m"),
        (4.2e9, "USD", "+$4.2bn"),
        (7e12, "USD", "+$7.0tn"),
        (1e15, "JPY", "+¥>999tn"),
        (12, "CHF", "+CHF 12"),
        (12, None, "+12"),
    ],
)
def test_amounts(value: float | None, currency: str | None, shown: str) -> None:
    assert gain_text(value, currency) == shown


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_dollar_amount_is_short_and_says_where_it_went(value: float) -> None:
    shown = gain_text(value, "USD")
    assert 2 <= len(shown) <= 8
    assert shown.startswith("−" if value <= -0.5 else "+" if value >= 0.5 else "$0")

"""Numbers, times and words from outside."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.market import clean

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$1,234.50", 1234.5), ("+0.51%", 0.51), ("-4.37%", -4.37), ("207.41", 207.41), (12, 12.0), ("N/A", None),
        ("UNCH", None), ("--", None), ("", None), ("1e5", None), ("nan", None), ("9" * 41, None), (None, None),
        ("1.2.3", None), ("١٢", None),
    ],
)  # fmt: skip
def test_numbers_in_text(text: object, value: float | None) -> None:
    assert clean.text_number(text) == value


def test_times() -> None:
    assert clean.moment(1_737_988_200) == datetime(2025, 1, 27, 14, 30, tzinfo=UTC)
    assert clean.moment(1_737_988_200_000) is None  # milliseconds
    assert clean.moment(0) is None
    assert clean.iso_moment("2026-06-17T09:18:00-0400") == datetime(2026, 6, 17, 13, 18, tzinfo=UTC)
    assert clean.iso_moment("2026-06-17T09:18:00") is None
    assert clean.iso_moment("0001-01-01T00:00:00+23:00") is None
    assert clean.iso_moment("yesterday") is None
    assert clean.iso_moment(5) is None


def test_units() -> None:
    assert clean.unit("GBp") == ("GBP", 100.0)
    assert clean.unit("usd") == ("USD", 1.0)
    assert clean.unit("U\x1bD") == (None, 1.0)
    assert clean.unit(None) == (None, 1.0)


@given(ANYTHING)
def test_whatever_comes_is_right_or_none(value: object) -> None:
    price = clean.price(value)
    assert price is None or (math.isfinite(price) and price > 0)
    text_price = clean.text_price(value)
    assert text_price is None or text_price > 0
    moment = clean.moment(value)
    assert moment is None or moment.tzinfo is UTC
    line = clean.words(value)
    assert line.isprintable()
    assert len(line) <= 160
    assert clean.error_text(value).isprintable()
    assert isinstance(clean.mapping(value), dict)
    assert isinstance(clean.items(value), list)

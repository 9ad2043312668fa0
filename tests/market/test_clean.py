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


def test_a_price_is_never_so_small_that_another_unit_makes_it_zero() -> None:
    assert [clean.price(value) for value in (5e-324, 1e-320, 1e-13, 0, -1)] == [None] * 5
    assert clean.price(1e-9) == 1e-9


def test_volumes_are_not_negative() -> None:
    assert [clean.volume(value) for value in ("1,200", 5, 0, "-1", -1.0, "N/A", None)] == [1200, 5, 0, *[None] * 4]


def test_split_ratios_are_such_as_splits_have() -> None:
    assert clean.split_ratio(10, 1) == 10.0
    assert clean.split_ratio(1, 30) == 1 / 30
    for new, old in ((1e11, 1e-320), (1e-320, 1e11), (0, 1), (1, 0), (-2, 1), (1, None), ("2", 1), (200_000, 1)):
        assert clean.split_ratio(new, old) is None

"""Numbers and times keep their width and never say more than is known."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tracker.market import exchanges
from tracker.prices.benchmark import FUNDS
from tracker.words import durations, money, moves, names, times

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2025, 1, 27, 21, 16, tzinfo=UTC)
moments = st.datetimes(timezones=st.just(UTC))
numbers = st.floats(allow_nan=True, allow_infinity=True)


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(seconds=-59), "now"),
        (timedelta(minutes=4), "4m"),
        (timedelta(minutes=59, seconds=59), "59m"),
        (timedelta(hours=1), "1h"),
        (timedelta(hours=23, minutes=59), "23h"),
        (timedelta(days=2), "2d"),
        (timedelta(days=24), "3 Jan"),
        (timedelta(days=12), "15Jan"),
        (timedelta(days=400), "2023"),
        (timedelta(minutes=-4), "+4m"),
        (timedelta(hours=-23), "+23h"),
        (timedelta(days=-2), "+2d"),
        (timedelta(days=-400), "+2026"),
    ],
)
def test_age_is_short(ago: timedelta, text: str) -> None:
    assert durations.age_text(NOW, NOW - ago) == text


@given(moments, moments)
def test_age_has_at_most_five_cells(now: datetime, then: datetime) -> None:
    assert 1 <= cell_len(durations.age_text(now, then)) <= durations.AGE_WIDTH


@pytest.mark.parametrize(
    ("value", "text", "direction"),
    [
        (-0.1697, "▼16.97%", "down"),
        (0.0191, "▲ 1.91%", "up"),
        (-0.00001, "  0.00%", "flat"),
        (-0.0, "  0.00%", "flat"),
        (0.0, "  0.00%", "flat"),
        (0.00005, "▲ 0.01%", "up"),
        (0.99994, "▲99.99%", "up"),
        (0.999999, "▲  100%", "up"),
        (-1.0, "▼  100%", "down"),
        (12.345, "▲ 1234%", "up"),
        (1e9, "▲>9999%", "up"),
        (99.994, "▲ 9999%", "up"),
        (-1.7e306, "▼>9999%", "down"),
        (None, "", "none"),
        (math.nan, "", "none"),
        (-math.inf, "", "none"),
    ],
)
def test_move_is_aligned_on_its_point(value: float | None, text: str, direction: str) -> None:
    assert moves.move_text(value) == (text, direction)


@given(numbers)
def test_move_has_one_width_and_its_sign(value: float) -> None:
    text, direction = moves.move_text(value)
    assert cell_len(text) == (moves.MOVE_WIDTH if direction != "none" else 0)
    assert ("▲" in text) == (direction == "up")
    assert ("▼" in text) == (direction == "down")
    if direction == "up":
        assert value > 0
    if "." in text:
        assert text.index(".") == 3


@pytest.mark.parametrize(
    ("price", "currency", "text"),
    [
        (118.42, "USD", "118.42"),
        (118.42, None, "118.42"),
        (0.12345, "USD", "0.1235"),
        (0.99999, "USD", "1.00"),
        (6012.28, "USD", "6012.28"),
        (9999.996, "USD", "10,000"),
        (102_345.12, "USD", "102,345"),
        (999_999.9, "USD", "1.00M"),
        (1_234_567.0, "USD", "1.23M"),
        (2.5e9, "USD", "2.50B"),
        (2.5e12, "USD", "2.50T"),
        (1e300, "USD", ">999T"),
        (12.34, "GBP", "£12.34"),
        (691.2, "EUR", "€691.20"),
        (9123.0, "JPY", "¥9,123"),
        (52.5, "JPY", "¥52.50"),
        (12.3, "CHF", "CHF 12.30"),
        (-37.63, "USD", "−37.63"),
        (-0.0, "USD", "0.0000"),
        (math.nan, "USD", "–"),
    ],
)
def test_price(price: float, currency: str | None, text: str) -> None:
    assert money.price_text(price, currency, "ABC") == text


@pytest.mark.parametrize(
    ("symbol", "price", "currency", "text"),
    [
        ("EURUSD=X", 1.17834, "USD", "1.1783"),
        ("EURSEK=X", 10.93141, "SEK", "10.9314"),
        ("JPY=X", 156.781, "JPY", "156.78"),
        ("GC=F", 4.5, "USD", "4.50"),
        ("^GDAXI", 24_300.4, "EUR", "24,300"),
        ("^N225", 50_339.48, "JPY", "50,339"),
        ("^VIX", 13.47, "USD", "13.47"),
    ],
)
def test_a_rate_has_four_decimals_and_neither_it_nor_an_index_is_money(
    symbol: str, price: float, currency: str, text: str
) -> None:
    assert money.price_text(price, currency, symbol) == text


@given(numbers)
def test_price_is_bounded(price: float) -> None:
    assert 1 <= cell_len(money.price_text(price, "USD", "ABC")) <= 8


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-593.1e9, "−$593bn"),
        (31.4e9, "+$31bn"),
        (1.23e9, "+$1.2bn"),
        (-9.96e9, "−$10bn"),
        (999.6e9, "+$1.0tn"),
        (-5e15, "−$>999tn"),
        (12e3, "+$12k"),
        (4.5e6, "+$4.5m"),
        (740.0, "+$740"),
        (0.2, "$0"),
        (-0.0, "$0"),
        (None, ""),
        (math.inf, ""),
    ],
)
def test_dollars(value: float | None, text: str) -> None:
    assert money.dollars_text(value) == text


@given(numbers)
def test_dollars_are_bounded_and_signed(value: float) -> None:
    text = money.dollars_text(value)
    assert cell_len(text) <= 8
    if text.startswith("+"):
        assert value > 0
    if text.startswith("−"):
        assert value < 0


def test_sessions() -> None:
    assert [names.session_text(name) for name in ("pre", "regular", "post", "closed")] == ["PRE", "", "POST", "SHUT"]
    assert names.session_text(None) == names.session_words(None) == ""
    assert names.session_words("post") == "after hours"


def test_providers_write_themselves() -> None:
    assert [names.provider_text(name) for name in ("cnbc", "yahoo", "other", None)] == ["CNBC", "Yahoo", "other", ""]


def test_clock_names_its_zone() -> None:
    assert times.clock_text(NOW, NEW_YORK) == "Mon 27 Jan 16:16 ET"
    assert times.clock_text(NOW, UTC) == "Mon 27 Jan 21:16 UTC"
    assert times.clock_text(NOW, ZoneInfo("Asia/Tokyo")) == "Tue 28 Jan 06:16 JST"
    assert times.time_text(NOW, timezone(timedelta(hours=-5), "")) == "16:16"


def test_clock_at_the_ends_of_time() -> None:
    assert times.clock_text(datetime.min.replace(tzinfo=UTC), NEW_YORK) == "Mon 1 Jan 00:00 ET"
    assert times.clock_text(datetime.max.replace(tzinfo=UTC), ZoneInfo("Asia/Tokyo")).startswith("Fri 31 Dec 23:59")


@given(moments)
def test_clock_takes_every_moment(moment: datetime) -> None:
    assert times.clock_text(moment, NEW_YORK).endswith(" ET")


def test_day_says_its_year_when_it_is_another() -> None:
    assert times.day_text(NOW, NEW_YORK, NOW) == "Mon 27 Jan"
    assert times.day_text(datetime(2024, 1, 3, tzinfo=UTC), UTC, NOW) == "3 Jan 2024"
    # One day in New York, two in UTC.
    later = datetime(2025, 1, 28, 3, tzinfo=UTC)
    assert times.is_same_day(NOW, later, NEW_YORK)
    assert not times.is_same_day(NOW, later, UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "just now"),
        (59.9, "just now"),
        (60, "1 min ago"),
        (240, "4 min ago"),
        (7260, "2 h ago"),
        (3 * 86_400, "3 d ago"),
        (2 * 365.25 * 86_400 - 1, "730 d ago"),
        (2 * 365.25 * 86_400, "2 y ago"),
        (1e300, "9999 y ago"),
        (math.nan, "just now"),
    ],
)
def test_an_age_has_no_seconds(seconds: float, text: str) -> None:
    assert durations.ago_text(seconds) == text


def test_the_length_of_a_time_is_in_its_largest_unit() -> None:
    assert [durations.compact_text(seconds) for seconds in (-5, 59, 240, 7200, 260_000)] == [
        "0m",
        "0m",
        "4m",
        "2h",
        "3d",
    ]


def test_a_short_time_before_or_after_has_seconds() -> None:
    assert [durations.span_text(seconds) for seconds in (0.4, 12, 59.9, 60)] == ["", "12 s", "59 s", "1 min"]


def test_what_has_a_name_is_called_by_it() -> None:
    assert names.benchmark_text("^GSPC") == "S&P 500"
    assert names.benchmark_text("SMH") == "SMH"
    assert names.benchmark_text("^FTSE") == "FTSE 100"


@pytest.mark.parametrize("symbol", sorted({*exchanges.FOREIGN_INDICES, *FUNDS}))
def test_each_index_whose_hours_or_fund_are_known_has_a_name(symbol: str) -> None:
    assert not names.benchmark_text(symbol).startswith("^")


def test_a_share_that_multiplied_has_no_decimals() -> None:
    assert moves.move_text(12.344)[0] == "▲ 1234%"
    assert moves.t_text(-5.7) == "−5.70"

"""The move since publication."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.market import calendar
from tracker.model.market import DAILY, INTRADAY, Bar, PriceBase, Quote, Session
from tracker.prices import moves

PUBLISHED = datetime(2025, 1, 27, 15, 7, tzinfo=UTC)
NOON = datetime(2025, 1, 27, 17, 0, tzinfo=UTC)
PRICES = st.floats(0.01, 1e6)


def quote(
    time: datetime,
    price: float = 118.0,
    *,
    symbol: str = "NVDA",
    fetched: datetime | None = None,
    previous_close: float | None = 142.62,
    session: Session | None = None,
    zone: str | None = None,
) -> Quote:
    return Quote(
        symbol,
        price,
        time,
        "yahoo",
        previous_close,
        fetched=fetched,
        session=session,
        currency="USD",
        exchange_zone=zone,
    )


def bar(interval: int, end: datetime, close: float = 125.93, interpolated: bool = False) -> Bar:
    return Bar("NVDA", interval, end - timedelta(seconds=interval), end, close, "yahoo", interpolated=interpolated)


def test_since_is_from_the_base_and_day_from_the_previous_close() -> None:
    base = PriceBase(125.93, PUBLISHED - timedelta(minutes=2))
    move = moves.move_since("NVDA", PUBLISHED, base, quote(NOON, 118.58), NOON)
    assert move.since == pytest.approx(118.58 / 125.93 - 1)
    assert move.day == pytest.approx(118.58 / 142.62 - 1)
    assert (move.price, move.price_time, move.base_price, move.base_time) == (118.58, NOON, 125.93, base.time)
    assert (move.base_age_seconds, move.currency, move.provider, move.stale) == (120, "USD", "yahoo", False)


@pytest.mark.parametrize("after", [timedelta(0), -timedelta(seconds=1)])
def test_no_trade_since_publication_is_unknown_and_not_zero(after: timedelta) -> None:
    base = PriceBase(119.3, PUBLISHED - timedelta(minutes=2))
    move = moves.move_since("NVDA", PUBLISHED, base, quote(PUBLISHED + after, 119.3), NOON)
    assert move.since is None
    assert move.price == 119.3


def test_unknown_stays_none() -> None:
    nothing = moves.move_since("NVDA", PUBLISHED, None, None, NOON)
    assert (nothing.since, nothing.day, nothing.price, nothing.stale, nothing.base_age_seconds) == (None,) * 3 + (
        False,
        None,
    )
    assert moves.move_since("NVDA", PUBLISHED, None, quote(NOON), NOON).since is None
    assert moves.move_since("NVDA", PUBLISHED, PriceBase(1.0, PUBLISHED), None, NOON).since is None
    assert moves.move_since("NVDA", PUBLISHED, PriceBase(0.0, PUBLISHED), quote(NOON), NOON).since is None
    assert moves.move_since("NVDA", PUBLISHED, PriceBase(1.0, PUBLISHED), quote(NOON, 0.0), NOON).since is None
    assert moves.move_since("NVDA", PUBLISHED, None, quote(NOON, previous_close=None), NOON).day is None


def test_a_base_from_before_the_weekend_shows_its_age() -> None:
    published = datetime(2025, 1, 27, 13, 2, tzinfo=UTC)
    base = PriceBase(142.62, calendar.session_close(date(2025, 1, 24)))
    age = moves.move_since("NVDA", published, base, None, NOON).base_age_seconds
    assert age == 230_520
    assert age > moves.OLD_BASE_SECONDS


@pytest.mark.parametrize(
    ("now", "traded", "fetched", "is_stale"),
    [
        ("2025-01-27T17:00", "2025-01-27T16:59", None, False),
        ("2025-01-27T17:00", "2025-01-27T16:58", None, True),
        ("2025-01-27T17:00", "2025-01-27T16:58", "2025-01-27T17:00", True),  # in real time a trade is no older
        ("2025-01-27T14:31", "2025-01-27T14:20", "2025-01-27T14:31", False),  # first trades of the day may be due
        ("2025-01-27T14:33", "2025-01-27T14:20", "2025-01-27T14:33", True),
        (
            "2025-01-27T12:00",
            "2025-01-24T21:00",
            "2025-01-27T12:00",
            False,
        ),  # before the open nothing traded, confirmed
        ("2025-01-27T12:00", "2025-01-24T21:00", "2025-01-27T11:50", True),
        ("2025-01-27T23:00", "2025-01-27T21:10", "2025-01-27T22:59", False),
        ("2025-01-26T12:00", "2025-01-24T21:00", None, False),  # weekend: Friday's close
        ("2025-01-26T12:00", "2025-01-24T18:00", None, True),  # weekend: Friday's noon
        ("2025-01-26T12:00", "2025-01-24T18:00", "2025-01-25T10:00", False),
        ("2025-01-26T12:00", "2025-01-23T21:00", "2025-01-26T11:00", True),  # not the newest session
    ],
)
def test_stale_in_new_york(now: str, traded: str, fetched: str | None, is_stale: bool) -> None:
    def utc(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    asked = None if fetched is None else utc(fetched)
    assert moves.is_stale(quote(utc(traded), fetched=asked), utc(now)) is is_stale


def test_stale_elsewhere_allows_for_the_delay() -> None:
    now = datetime(2025, 1, 27, 5, 0, tzinfo=UTC)  # 14:00 in Tokyo
    late = quote(now - timedelta(minutes=20), symbol="7203.T", fetched=now)
    assert not moves.is_stale(late, now)
    assert moves.is_stale(late, now + timedelta(minutes=2))
    frozen = quote(now - timedelta(minutes=40), symbol="7203.T", fetched=now)
    assert moves.is_stale(frozen, now)
    holiday = quote(now - timedelta(days=1), symbol="7203.T", fetched=now, session="closed")
    assert not moves.is_stale(holiday, now)
    night = datetime(2025, 1, 27, 12, 0, tzinfo=UTC)
    assert not moves.is_stale(quote(night - timedelta(hours=5), symbol="7203.T", fetched=night), night)
    assert moves.is_stale(quote(night - timedelta(hours=8), symbol="7203.T"), night)


@pytest.mark.parametrize(
    ("symbol", "traded", "now", "is_stale"),
    [
        ("7203.T", "02:30", "03:29", False),  # lunch in Tokyo is from 11:30 to 12:30
        ("7203.T", "02:30", "03:51", False),
        ("7203.T", "02:30", "03:52", True),
        ("7203.T", "02:00", "02:29", True),
        ("0700.HK", "04:00", "04:59", False),
        ("600519.SS", "03:30", "04:59", False),
        ("300750.SZ", "03:30", "05:22", True),
        ("005930.KS", "02:30", "03:29", True),  # Seoul has no lunch break
    ],
)
def test_no_price_is_stale_for_a_lunch_break(symbol: str, traded: str, now: str, is_stale: bool) -> None:
    time, noon = (datetime.fromisoformat(f"2025-01-27T{text}+00:00") for text in (traded, now))
    assert moves.is_stale(quote(time, symbol=symbol, fetched=noon, session="regular"), noon) is is_stale


def test_stale_where_hours_are_not_known() -> None:
    known = quote(NOON - timedelta(hours=20), symbol="ABC.XX", zone="Europe/Vienna")
    assert not moves.is_stale(known, NOON)
    assert moves.is_stale(known, NOON + timedelta(hours=5))
    coin = quote(NOON - timedelta(minutes=1), symbol="BTC-USD", fetched=NOON)
    assert not moves.is_stale(coin, NOON)
    assert moves.is_stale(coin, NOON + timedelta(minutes=2))


def test_the_later_end_is_the_base_and_the_official_close_wins_a_tie() -> None:
    close = calendar.session_close(date(2025, 1, 24))
    intraday, daily = bar(INTRADAY, close + timedelta(minutes=5), 142.5), bar(DAILY, close, 142.62)
    assert moves.choose_base(intraday, daily) == PriceBase(142.5, intraday.end)
    assert moves.choose_base(bar(INTRADAY, close, 142.59), daily) == PriceBase(142.62, close)
    assert moves.choose_base(None, daily) == PriceBase(142.62, close)
    assert moves.choose_base(bar(INTRADAY, close, 1.0, True), None) == PriceBase(1.0, close, True)
    assert moves.choose_base(None, None) is None


def test_a_bar_that_ended_after_publication_is_no_base() -> None:
    late, early = bar(INTRADAY, PUBLISHED + timedelta(seconds=1)), bar(DAILY, PUBLISHED - timedelta(days=2), 142.62)
    assert moves.choose_base(late, early, PUBLISHED) == PriceBase(142.62, early.end)
    assert moves.choose_base(late, None, PUBLISHED) is None
    assert moves.choose_base(bar(INTRADAY, PUBLISHED), early, PUBLISHED) == PriceBase(125.93, PUBLISHED)
    assert moves.choose_base(bar(INTRADAY, PUBLISHED, 0.0), None) is None
    assert moves.choose_base(bar(INTRADAY, PUBLISHED, float("inf")), None) is None


def test_value_of_the_day_that_nvidia_lost_most() -> None:
    value = moves.day_value(118.42 / 142.62 - 1, 142.62, 24.49e9)
    assert value == pytest.approx(-592.7e9, rel=1e-3)
    assert moves.day_value(None, 1.0, 1.0) is None
    assert moves.day_value(0.1, None, 1.0) is None


@given(PRICES, PRICES, st.floats(0.001, 1000))
def test_since_does_not_depend_on_the_unit_of_the_price(before: float, after: float, unit: float) -> None:
    base, scaled = PriceBase(before, PUBLISHED), PriceBase(before * unit, PUBLISHED)
    one = moves.move_since("NVDA", PUBLISHED, base, quote(NOON, after), NOON).since
    other = moves.move_since("NVDA", PUBLISHED, scaled, quote(NOON, after * unit), NOON).since
    assert one is not None
    assert other is not None
    assert other + 1 == pytest.approx(one + 1, rel=1e-9)
    assert one > -1.0


@given(st.timedeltas(timedelta(0), timedelta(days=9)), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_a_quote_that_ages_does_not_become_fresh_within_its_session(age: timedelta, more: timedelta) -> None:
    traded = NOON - age
    if moves.is_stale(quote(traded), NOON):
        assert moves.is_stale(quote(traded - more), NOON)

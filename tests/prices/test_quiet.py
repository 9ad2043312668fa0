"""Half days and holidays outside New York before a daily bar tells of them: by the newest quote."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from tests.helpers.december import EVE, LATER, MONDAY, at, fives, session
from tracker.model.market import Bar, Quote
from tracker.prices.measure import Prices, measure
from tracker.prices.quiet import Quiet, early_end, quiet_time, was_closed
from tracker.prices.series import PriceSeries
from tracker.prices.sessions import bar_before, day_zero
from tracker.prices.study import EventStudy
from tracker.prices.unseen import unseen_time

DAYS = [session("AZN.L", f"{day} 08:00", f"{day} 16:30") for day in ("22", "23")]
TUESDAY = fives("AZN.L", "23 08:00", "23 16:30")
HALF = fives("AZN.L", "24 08:00", "24 12:30", 98.0)
BOXING_DAY = date(2025, 12, 26)


def quote(time: str, fetched: str | None, previous_close: float | None = 100.0) -> Quote:
    asked = None if fetched is None else at(fetched)
    return Quote("AZN.L", 98.0, at(time), "yahoo", previous_close, session="closed", currency="GBP", fetched=asked)


def share(*fives: Bar, now: str = "24 14:00") -> PriceSeries:
    return PriceSeries("AZN.L", DAYS, [*TUESDAY, *fives], (), at(now))


def test_a_quote_without_a_new_trade_tells_of_quiet() -> None:
    asked = quote("24 12:35", "24 14:00")
    assert quiet_time(asked, LATER) == Quiet(at("24 12:35"), at("24 13:40"))  # prices may be 20 minutes late
    assert quiet_time(asked, at("24 13:30")) == Quiet(at("24 12:35"), at("24 13:10"))  # the clock was ahead
    assert quiet_time(quote("24 12:35", "24 12:50"), LATER) is None
    assert quiet_time(quote("24 12:35", None), LATER) is None
    assert quiet_time(None, LATER) is None


def test_late_news_of_a_half_day_belongs_to_the_next_session_before_its_daily_bar_comes() -> None:
    series, now = share(*HALF), at("24 14:00")
    newest = quote("24 12:35", "24 14:00")
    prices = Prices(series, series, EventStudy(series.closes, {}), newest)
    late = measure(prices, at("24 12:55"), now)
    assert late.day0 == date(2025, 12, 25)  # a holiday, which no bar has told yet
    assert (late.rest.move, late.before, late.timing) == (None, None, None)
    assert measure(prices, at("24 12:20"), now).day0 == EVE
    busy = replace(prices, quote=quote("24 12:35", "24 13:20"))
    assert measure(busy, at("24 12:55"), now).day0 == EVE  # it may be traded any minute
    assert day_zero(series, (), at("24 12:55")) == EVE


@pytest.mark.parametrize(
    ("bars", "quiet"),
    [
        (HALF, None),
        ([], Quiet(at("24 12:35"), at("24 14:00"))),
        (HALF, Quiet(at("23 16:35"), at("24 14:00"))),
        (HALF, Quiet(at("24 12:35"), at("24 13:00"))),
        (HALF[::2], Quiet(at("24 12:35"), at("24 14:00"))),  # a share that is not traded every five minutes
        (fives("AZN.L", "24 08:00", "24 15:40"), Quiet(at("24 15:40"), at("24 16:20"))),  # nobody closes so late early
    ],
)
def test_a_session_goes_on_unless_a_steady_share_went_quiet(bars: list[Bar], quiet: Quiet | None) -> None:
    assert early_end(share(*bars, now="24 16:20"), EVE, quiet) is None


def test_a_lunch_break_is_no_early_close() -> None:
    daily = [session("0700.HK", f"{day} 01:30", f"{day} 08:00") for day in ("22", "23")]
    morning = fives("0700.HK", "24 01:30", "24 04:00")
    series = PriceSeries("0700.HK", daily, morning, (), at("24 07:00"))
    assert early_end(series, EVE, Quiet(at("24 04:00"), at("24 05:10"))) is None
    assert early_end(series, EVE, Quiet(at("24 04:00"), at("24 05:30"))) == at("24 04:00")
    assert early_end(PriceSeries("X.UNKNOWN", (), (), (), LATER), EVE, Quiet(at("24 04:00"), LATER)) is None


def test_the_close_of_a_session_without_its_daily_bar_is_not_known() -> None:
    assert bar_before(share(*HALF), (), EVE) == DAYS[-1]
    assert bar_before(share(*HALF), (), BOXING_DAY) is None
    assert bar_before(share(), (), BOXING_DAY) == DAYS[-1]
    assert share(*HALF).is_traded(EVE)
    assert not share(*HALF).is_traded(BOXING_DAY)


def test_a_holiday_is_known_by_the_session_after_it() -> None:
    holidays = [EVE, date(2025, 12, 25), BOXING_DAY]
    monday = [*DAYS, session("AZN.L", "29 08:00", "29 16:30")]
    known = PriceSeries("AZN.L", monday, TUESDAY, (), LATER)
    assert all(was_closed(known, day, None) for day in holidays)
    assert not was_closed(known, MONDAY, None)
    assert not was_closed(known, date(2025, 12, 19), None)  # before all that is known
    assert not was_closed(PriceSeries("AZN.L", monday, [*TUESDAY, *HALF], (), LATER), EVE, None)  # bars are missing
    running = share(now="29 09:00")
    assert all(was_closed(running, day, quote("29 09:00", "29 09:00")) for day in holidays)
    assert not was_closed(running, EVE, quote("29 09:00", "29 09:00", 101.0))  # another session was in between
    assert not was_closed(running, EVE, quote("29 09:00", "29 09:00", None))
    assert not was_closed(running, EVE, quote("23 16:35", "29 07:00"))
    assert not was_closed(running, EVE, None)


def test_a_holiday_and_the_time_after_a_half_day_hide_no_trades() -> None:
    start, early = at("23 16:30"), at("29 07:00")
    series = share(now="29 09:00")
    assert unseen_time(series, start, early) == timedelta(hours=3 * 8.5)
    assert unseen_time(series, start, early, quote("29 09:00", "29 09:00")) == timedelta(0)
    asked = quote("23 16:35", "29 07:00")
    assert unseen_time(series, start, early, asked, quiet_time(asked, early)) == timedelta(0)
    assert unseen_time(series, start, at("29 09:00"), asked, quiet_time(asked, early)) == timedelta(hours=1)
    half = quote("24 12:30", "24 14:30")
    assert unseen_time(share(*HALF), at("24 12:30"), at("24 14:00"), half, quiet_time(half, LATER)) == timedelta(0)
    nowhere = [replace(bar, symbol="ACME.XX") for bar in (*DAYS, session("AZN.L", "29 08:00", "29 16:30"))]
    unknown = PriceSeries("ACME.XX", nowhere, (), (), LATER, "Europe/London")
    assert unseen_time(unknown, start, early) == timedelta(0)


def test_a_quiet_quote_says_nothing_of_new_york() -> None:
    nvidia = PriceSeries("NVDA", (), (), (), LATER)
    quiet = Quiet(at("23 21:00"), at("24 18:00"))
    assert unseen_time(nvidia, at("23 21:00"), at("24 10:00"), None, quiet) == timedelta(hours=5)  # evening and morning

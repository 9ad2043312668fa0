"""Exchanges without a calendar: sessions that close early, holidays and hours by the share's own bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.helpers.december import EVE, LATER, MONDAY, at, fives, session
from tracker.model.market import DAILY, Bar, Quote
from tracker.prices.measure import Prices, measure
from tracker.prices.series import PriceSeries
from tracker.prices.sessions import day_zero
from tracker.prices.study import EventStudy
from tracker.prices.unseen import unseen_time
from tracker.prices.windows import Timeline

LONDON = [session("AZN.L", f"{day} 08:00", f"{day} 16:30") for day in ("22", "23", "24", "29")]
WHOLE = [*fives("AZN.L", "22 08:00", "22 16:30"), *fives("AZN.L", "23 08:00", "23 16:30")]
HALF = fives("AZN.L", "24 08:00", "24 12:30")


def ends(bars: Sequence[Bar], known: Sequence[Bar], symbol: str = "AZN.L") -> list[datetime]:
    return [bar.end for bar in PriceSeries(symbol, bars, known, (), LATER).daily]


def test_news_after_an_early_close_belongs_to_the_next_session() -> None:
    share = PriceSeries("AZN.L", LONDON, [*WHOLE, *HALF], (), LATER)
    assert [bar.end for bar in share.daily] == [at("22 16:30"), at("23 16:30"), at("24 12:30"), at("29 16:30")]
    assert day_zero(share, (), at("24 12:29")) == EVE
    assert day_zero(share, (), at("24 12:55")) == MONDAY
    alone = PriceSeries("AZN.L", LONDON[:-1], [*WHOLE, *HALF], (), LATER)
    assert day_zero(alone, (), at("24 12:55")) == date(2025, 12, 25)  # a holiday, which no bar has told yet
    assert unseen_time(share, at("24 12:30"), at("24 13:40")) == timedelta(0)  # closed, so nothing was missed
    moved = PriceSeries("AZN.L", [*LONDON[:-1], replace(LONDON[-1], close=98.0)], [*WHOLE, *HALF], (), LATER)
    found = measure(Prices(moved, moved, EventStudy(moved.closes, {})), at("24 12:55"), LATER)
    assert found.day0 == MONDAY
    assert found.rest.move == pytest.approx(-0.02)


def test_a_session_with_missing_bars_or_trades_keeps_its_usual_close() -> None:
    usual = [bar.end for bar in LONDON]
    assert ends(LONDON, WHOLE) == usual  # no bar of the 24th
    assert ends(LONDON, ()) == usual
    assert ends(LONDON, [*WHOLE, *fives("AZN.L", "24 08:00", "24 15:35")]) == usual  # less than an hour is missing
    assert ends(LONDON, [*WHOLE, *HALF[:20], *HALF[-20:]]) == usual  # a share that is not traded every five minutes
    assert ends(LONDON, [*WHOLE, *fives("AZN.L", "24 08:00", "24 12:30", 98.0)]) == usual  # it went on to another close
    assert ends([replace(bar, close=0.0) for bar in LONDON], [*WHOLE, *HALF]) == usual


def test_a_lunch_break_is_no_gap() -> None:
    hong_kong = [session("0700.HK", "23 01:30", "23 08:00"), session("0700.HK", "24 01:30", "24 08:00")]
    whole = [*fives("0700.HK", "23 01:30", "23 04:00"), *fives("0700.HK", "23 05:00", "23 08:00")]
    assert ends(hong_kong, whole, "0700.HK") == [at("23 08:00"), at("24 08:00")]
    assert ends(hong_kong, [*whole, *fives("0700.HK", "24 01:30", "24 04:00")], "0700.HK")[1] == at("24 04:00")
    after_lunch = [*fives("0700.HK", "24 01:30", "24 04:00"), *fives("0700.HK", "24 05:00", "24 06:30")]
    assert ends(hong_kong, [*whole, *after_lunch], "0700.HK")[1] == at("24 06:30")


@pytest.mark.parametrize("symbol", ["NVDA", "BTC-USD"])
def test_where_there_is_a_calendar_or_no_session_the_close_stays(symbol: str) -> None:
    bars = [replace(bar, symbol=symbol) for bar in LONDON]
    assert ends(bars, [replace(bar, symbol=symbol) for bar in HALF], symbol) == [bar.end for bar in bars]


def test_a_day_without_a_trade_was_a_holiday_once_another_is_traded() -> None:
    before = [session("RHM.DE", f"{day} 08:00", f"{day} 16:30") for day in ("22", "23")]
    known = fives("RHM.DE", "23 08:00", "23 16:30")
    published = at("24 10:00")  # Xetra is closed on the 24th, 25th and 26th
    assert day_zero(PriceSeries("RHM.DE", before, known, (), LATER), (), published) == EVE
    monday = [*known, *fives("RHM.DE", "29 08:00", "29 09:30")]
    assert day_zero(PriceSeries("RHM.DE", before, monday, (), LATER), (), published) == MONDAY
    # Of a day that was traded in part, the rest is missing: it was a session.
    part = [*known, *fives("RHM.DE", "24 08:00", "24 09:00"), *monday[len(known) :]]
    assert day_zero(PriceSeries("RHM.DE", before, part, (), LATER), (), published) == EVE
    far = [*known, *[replace(bar, start=bar.start + timedelta(30), end=bar.end + timedelta(30)) for bar in known]]
    assert day_zero(PriceSeries("RHM.DE", before, far, (), LATER + timedelta(60)), (), published) == EVE


def test_hours_that_are_not_known_are_those_of_the_last_sessions() -> None:
    days = [session("ORSTED.CO", f"{day} 08:00", f"{day} 16:00") for day in ("18", "19", "22")]
    short = session("ORSTED.CO", "23 08:00", "23 12:00")
    share = PriceSeries("ORSTED.CO", [*days, short], (), (), LATER, "Europe/Copenhagen")
    assert share.hours(EVE) == (at("24 08:00"), at("24 16:00"))
    assert share.hours(date(2025, 12, 18)) is None
    assert day_zero(share, (), at("24 10:00")) == EVE
    hours = Timeline(share, ()).hours(EVE)
    assert hours is not None
    assert (hours.closed_before, hours.closes) == (at("23 12:00"), at("24 16:00"))


def test_the_day_of_a_coin_is_compared_with_the_market_while_it_runs() -> None:
    days = [date(2025, 9, 1) + timedelta(days=n) for n in range(114)]
    starts = [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in days]
    closes = [100.0 + n % 7 for n in range(len(days))]
    coin = [
        Bar("BTC-USD", DAILY, start, start + timedelta(days=1), close, "yahoo")
        for start, close in zip(starts, closes, strict=True)
    ]
    market = [
        Bar("^GSPC", DAILY, start + timedelta(hours=14.5), start + timedelta(hours=21), 50.0 + n % 5, "yahoo")
        for n, start in enumerate(starts)
    ]
    index = PriceSeries("^GSPC", market, fives("^GSPC", "24 14:30", "24 16:00", 50.0), (), at("24 16:00"))
    share = PriceSeries("BTC-USD", coin, fives("BTC-USD", "24 00:00", "24 16:00"), (), at("24 16:00"))
    quote = Quote("BTC-USD", 96.0, at("24 16:00"), "yahoo", 100.0, session="regular", currency="USD")
    prices = Prices(share, index, EventStudy(share.closes, index.closes), quote)
    since = measure(prices, at("24 15:10"), at("24 16:00")).since
    assert since.benchmark == "^GSPC"
    assert since.t is not None
    # A day without a night before it: half of its variance has passed at noon.
    noon = prices.timeline.variance(EVE, at("24 00:00"), at("24 12:00"), 0.4)
    assert noon == pytest.approx(0.5)

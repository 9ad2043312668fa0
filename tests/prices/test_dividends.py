"""A price that falls by its dividend has not moved: in every window, and against what the share pays nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest
from msgspec.structs import replace

from tests.helpers.prices import DAY0, DAYS, LATER, day_bar, day_bars, five, walk
from tracker.market import calendar
from tracker.model.clock import to_epoch
from tracker.model.dividends import Dividend
from tracker.model.impact import Measurement
from tracker.model.market import Bar, Quote
from tracker.prices.benchmark import Instrument, benchmark_move
from tracker.prices.closing_moves import Closes, ClosingMoves
from tracker.prices.measure import Prices, measure
from tracker.prices.series import PriceSeries
from tracker.prices.study import EventStudy
from tracker.prices.what_moved import largest_moves

AMOUNT = 6.0
PAID = Dividend(DAY0, datetime.combine(DAY0, time(5), UTC), AMOUNT)
BEFORE = calendar.previous_session(DAY0)
CLOSED = calendar.session_close(BEFORE)
OPENS = calendar.session_open(DAY0)
CLOSES = walk(1, size=0.02)
FALLEN = {day: price - (AMOUNT if day >= DAY0 else 0.0) for day, price in CLOSES.items()}
"""The same share if it had paid a dividend on day 0."""


def fives(closes: dict[date, float], cut: float) -> list[Bar]:
    """Return the last minutes before the dividend, an early trade of its day, and the first minutes of the session."""
    last = closes[BEFORE]
    return [
        five("NVDA", "2025-01-24T20:55", last * 0.999),
        five("NVDA", "2025-01-27T13:00", last * 0.99 - cut),
        five("NVDA", "2025-01-27T14:35", last * 0.98 - cut, last * 0.985 - cut),
        five("NVDA", "2025-01-27T14:40", last * 0.97 - cut),
        five("NVDA", "2025-01-27T14:45", last * 0.975 - cut),
    ]


def history(closes: dict[date, float], cut: float, paid: Sequence[Dividend], now: datetime = LATER) -> Prices:
    series = PriceSeries("NVDA", day_bars("NVDA", closes), fives(CLOSES, cut), (), now, dividends=paid)
    index = PriceSeries("^GSPC", day_bars("^GSPC", walk(2)), (), (), now)
    study = EventStudy(series.closes, index.closes, dividends=series.dividends)
    return Prices(series, index, study, Quote("NVDA", 150.0 - cut, LATER - timedelta(hours=1), "yahoo"))


PLAIN = history(CLOSES, 0.0, ())
PAYING = history(FALLEN, AMOUNT, [PAID])


def figures(found: Measurement) -> list[float | None]:
    moves, abnormal = found.moves, found.abnormal
    return [
        *(moves.m15, moves.h1, moves.close, moves.d1, moves.d3, moves.since),
        *(found.since.move, found.rest.move, found.session.move, found.to_close.move, found.before),
        abnormal.ar0,
    ]


@pytest.mark.parametrize(
    "published",
    [
        CLOSED - timedelta(minutes=2),
        CLOSED + timedelta(hours=5),
        OPENS - timedelta(minutes=3),
        OPENS + timedelta(0, 400),
    ],
    ids=["before the close", "at the weekend", "before the open", "in the session"],
)
def test_a_share_that_paid_a_dividend_moved_as_if_it_had_not(published: datetime) -> None:
    plain, paying = (measure(prices, published, LATER) for prices in (PLAIN, PAYING))
    if plain.base is not None and plain.base.time < PAID.at:
        assert figures(paying) == pytest.approx(figures(plain))
    assert paying.session.move == pytest.approx(plain.session.move)
    assert paying.abnormal.ar0 == pytest.approx(plain.abnormal.ar0)
    assert paying.before == pytest.approx(plain.before)
    assert (paying.timing is None) == (plain.timing is None)
    if plain.timing is not None and paying.timing is not None:
        assert paying.timing.kind == plain.timing.kind
        assert paying.timing.share_before == pytest.approx(plain.timing.share_before)
        assert paying.timing.moved_before_open == pytest.approx(plain.timing.moved_before_open)
    assert paying.dividends == (PAID,)
    assert "ex-dividend on 2025-01-27: moves over it include the dividend of 6" in paying.notes
    assert plain.dividends == ()


def test_the_quarter_of_an_hour_after_a_headline_counts_a_dividend_once() -> None:
    last, market = CLOSES[BEFORE], walk(2)
    late, early = "2025-01-25T01:00", "2025-01-27T09:25"  # the last trade of Friday evening, one of Monday morning
    found = []
    for cut, paid in ((0.0, ()), (AMOUNT, (PAID,))):
        fallen = {**CLOSES, DAY0: last * 0.9 - cut}
        trades = [five("NVDA", late, last), five("NVDA", early, last * 0.93 - cut)]
        series = PriceSeries("NVDA", day_bars("NVDA", fallen), trades, (), LATER, dividends=paid)
        still = [five("SPY", at, market[BEFORE]) for at in (late, early)]
        fund = PriceSeries("SPY", day_bars("SPY", market), still, (), LATER)
        prices = Prices(series, fund, EventStudy(series.closes, fund.closes, dividends=paid))
        found.append(measure(prices, datetime(2025, 1, 27, 9, 10, tzinfo=UTC), LATER).timing)
    assert [one.kind for one in found if one is not None] == ["within-15-minutes"] * 2


def test_without_its_dividend_a_usual_day_would_be_unusual() -> None:
    usual, unknown = measure(PAYING, CLOSED, LATER), measure(history(FALLEN, AMOUNT, ()), CLOSED, LATER)
    assert usual.session.t is not None
    assert unknown.session.t is not None
    assert abs(usual.session.t - unknown.session.t) > 2
    assert usual.session.t == pytest.approx(measure(PLAIN, CLOSED, LATER).session.t, rel=0.02)


def test_a_headline_of_the_morning_itself_has_the_dividend_behind_it() -> None:
    found = measure(PAYING, OPENS - timedelta(minutes=3), LATER)
    assert found.base is not None
    assert found.base.dividends == ()
    assert found.moves.since == pytest.approx((150.0 - AMOUNT) / found.base.price - 1)


def test_a_session_that_runs_has_it_too() -> None:
    now = OPENS + timedelta(hours=1)
    earlier = {day: price for day, price in CLOSES.items() if day < DAY0}
    quote = Quote("NVDA", CLOSES[BEFORE] * 0.97 - AMOUNT, now, "yahoo")
    market = Quote("^GSPC", walk(2)[BEFORE], now, "yahoo")
    prices = replace(history(earlier, AMOUNT, [PAID], now), quote=quote, market_quote=market)
    found = measure(prices, CLOSED + timedelta(hours=1), now)
    assert found.session.move == pytest.approx(-0.03)
    assert found.abnormal.model is not None
    assert found.abnormal.ar0 == pytest.approx(-0.03 - found.abnormal.model.alpha)
    # The same of a benchmark that pays as much: it lost nothing either.
    fund = PriceSeries("SPY", prices.market.daily, (), (), now, dividends=[PAID])
    lower = replace(market, symbol="SPY", price=market.price - AMOUNT)
    against = measure(replace(prices, market=fund, market_quote=lower), CLOSED + timedelta(hours=1), now)
    assert against.abnormal.ar0 == pytest.approx(found.abnormal.ar0)


def test_the_gap_of_the_morning_is_without_the_dividend() -> None:
    previous = day_bar("NVDA", BEFORE, CLOSES[BEFORE])
    plain, paying = (
        largest_moves(fives(CLOSES, cut)[2:], 9, previous, paid) for cut, paid in ((0.0, ()), (AMOUNT, (PAID,)))
    )
    gaps = [[move for move in moves if move.is_gap] for moves in (plain, paying)]
    assert [move.change for move in gaps[1]] == pytest.approx([move.change for move in gaps[0]])
    assert gaps[1][0].dividends == (PAID,)


def test_a_fund_that_stands_for_the_market_pays_dividends_too() -> None:
    closes = {BEFORE: 600.0, DAY0: 594.0}
    fund = PriceSeries("SPY", day_bars("SPY", closes), (), (), LATER, dividends=[PAID])
    found = benchmark_move(Instrument(fund, None), None, CLOSED, calendar.session_close(DAY0))
    assert found is not None
    assert found.change == pytest.approx(0.0)
    study = EventStudy(CLOSES, FALLEN, market_dividends=[PAID])
    same = study.around(DAY0)
    assert same is not None
    assert same.ar0 == pytest.approx(0.0, abs=1e-12)


def test_the_moves_of_the_league_count_it() -> None:
    daily = day_bars("NVDA", {BEFORE: 100.0, DAY0: 90.0})
    made = Closes(
        [to_epoch(bar.start) for bar in daily],
        [to_epoch(bar.end) for bar in daily],
        [bar.close for bar in daily],
        [None, 93.0],
    )
    moves = ClosingMoves("NVDA", made, Closes(), (), to_epoch(LATER), [PAID])
    begin, opened = to_epoch(CLOSED) + 60, to_epoch(OPENS) + 60
    over = moves.since(begin, [begin, opened])
    assert over is not None
    assert [over[0], *over[1]] == pytest.approx([-0.04, 0.0, -0.01])
    within = moves.since(opened, [opened])
    assert within is not None
    assert within[0] == pytest.approx(90 / 93 - 1)


def test_a_dividend_on_a_day_without_a_session_is_in_no_daily_return() -> None:
    sunday = replace(PAID, day=DAY0 - timedelta(days=1))
    assert DAYS[DAYS.index(DAY0) - 1] < sunday.day < DAY0
    study = EventStudy(CLOSES, walk(2), dividends=[sunday])
    assert study.around(DAY0) == EventStudy(CLOSES, walk(2)).around(DAY0)

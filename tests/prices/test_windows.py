"""The windows of an article add up, scale with the variance in them, and agree with an independent computation."""

from __future__ import annotations

import csv
import math
import statistics
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.bench import bench_windows
from tests.helpers.examples import examples
from tests.helpers.prices import DAY0, corpus_intraday, corpus_prices, day_bar, day_bars, walk
from tracker.market import calendar
from tracker.model.impact import MarketModel, Window
from tracker.model.market import DAILY, INTRADAY, Bar, Quote
from tracker.prices.doubt import doubtful_steps
from tracker.prices.measure import Prices, measure, session_of
from tracker.prices.series import PriceSeries
from tracker.prices.study import EventStudy
from tracker.prices.unusual import UNUSUAL_T, VERY_UNUSUAL_T
from tracker.prices.variance import STATED_PROFILE
from tracker.prices.windows import Edge, Timeline, window

LATER = datetime(2025, 4, 1, tzinfo=UTC)
OPEN, CLOSE = calendar.session_open(DAY0), calendar.session_close(DAY0)
FRIDAY = calendar.previous_session(DAY0)
FIVE = timedelta(seconds=INTRADAY)


def path(symbol: str, day: date, first: float, last: float, bends: list[float]) -> list[Bar]:
    """Return the 5-minute bars of a session from its open to its close, with bends between."""
    opens = calendar.session_open(day)
    prices = [first + (last - first) * (n + 1) / 78 + bends[n % len(bends)] * (n < 77) for n in range(78)]
    return [
        Bar(symbol, INTRADAY, opens + n * FIVE, opens + (n + 1) * FIVE, price, "yahoo", first if n == 0 else None)
        for n, price in enumerate(prices)
    ]


def prices_of(
    seed: int = 1, bends: tuple[float, ...] = (0.0,), *, until: datetime = LATER, quote: Quote | None = None
) -> Prices:
    """Return a share and a market of random walks, each with 5-minute bars of day 0."""
    share, market = walk(seed, size=0.02), walk(seed + 1)
    made = []
    for symbol, closes in (("NVDA", share), ("^GSPC", market)):
        bars = path(symbol, DAY0, closes[FRIDAY], closes[DAY0], list(bends))
        made.append(PriceSeries(symbol, day_bars(symbol, closes), bars, (), until))
    study = EventStudy(made[0].closes, made[1].closes)
    return Prices(made[0], made[1], study, quote, shares=24.49e9)


def known(*values: float | None) -> list[float]:
    """Return values, none of which is missing."""
    assert None not in values
    return [value for value in values if value is not None]


# -- identities -----------------------------------------------------------------------------------
@given(st.integers(0, 10_000), st.integers(0, 389), st.lists(st.floats(-5, 5), min_size=1, max_size=7))
@examples(60)
def test_what_came_before_and_the_rest_make_the_session(seed: int, minute: int, bends: list[float]) -> None:
    found = measure(prices_of(seed, tuple(bends)), OPEN + timedelta(minutes=minute, seconds=10), LATER)
    if found.before is None:  # within the first five minutes no price of the session is known
        assert minute < 5
        return
    before, rest, session = known(found.before, found.rest.move, found.session.move)
    assert (1 + before) * (1 + rest) == pytest.approx(1 + session, rel=1e-12)
    for one in (found.rest, found.session):
        if one.expected is not None:
            move, expected, abnormal = known(one.move, one.expected, one.abnormal)
            assert move - expected == pytest.approx(abnormal, abs=1e-15)


@given(st.integers(0, 10_000), st.integers(1, 60 * 65))
@examples(30)
def test_published_before_the_open_the_rest_is_the_session_to_the_last_digit(seed: int, minutes: int) -> None:
    published = OPEN - timedelta(minutes=minutes)
    found = measure(prices_of(seed), published, LATER)
    assert found.day0 == DAY0
    assert found.rest == found.session
    assert found.before == 0.0
    assert found.session.abnormal == pytest.approx(found.abnormal.ar0, abs=1e-15)
    assert found.session.t == pytest.approx(found.abnormal.t0, rel=1e-9)


@given(st.integers(0, 10_000), st.floats(-0.3, 0.3), st.integers(5, 300))
@examples(60)
def test_what_had_happened_before_the_open_and_the_move_since_make_the_session(
    seed: int, early: float, minutes: int
) -> None:
    prices = prices_of(seed)
    friday, published = prices.series.closes[FRIDAY], OPEN - timedelta(minutes=minutes)
    begins = published - FIVE
    trade = Bar("NVDA", INTRADAY, begins, published, friday * (1 + early), "yahoo")
    daily = day_bars("NVDA", prices.series.closes)
    series = PriceSeries("NVDA", daily, [trade, *prices.series.intraday], (), LATER)
    found = measure(replace(prices, series=series), published, LATER)
    assert found.before == 0.0
    assert found.rest == found.session
    if found.timing is None:
        assert abs(early) < 0.01
        assert abs(known(found.session.move)[0]) < 0.01
    elif found.timing.moved_before_open is not None:
        since, session = known(found.to_close.move, found.session.move)
        assert found.timing.share_before is None
        assert (1 + found.timing.moved_before_open) * (1 + since) == pytest.approx(1 + session, rel=1e-9)
    else:
        assert found.timing.kind in ("after", "within-15-minutes")
        assert abs(math.log1p(early)) < 0.1 * abs(math.log1p(known(found.session.move)[0])) + 1e-12


def test_published_at_the_close_the_rest_belongs_to_the_next_session() -> None:
    prices = prices_of()
    just_before, at = (measure(prices, CLOSE - timedelta(seconds=delta), LATER) for delta in (1, 0))
    after = calendar.next_session(DAY0)
    assert (just_before.day0, at.day0) == (DAY0, after)
    assert at.rest == at.session == session_of(prices, after, LATER).window
    assert just_before.rest.move == pytest.approx(prices.series.closes[DAY0] / just_before.base.price - 1)  # type: ignore[union-attr]


MODEL = MarketModel("market", 0.001, 1.5, 0.02, 120, 0.0005, 0.012, 0.4)


@given(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3), st.floats(0.01, 3), st.floats(0.01, 3))
def test_a_window_cut_in_two_adds_up(first: float, second: float, one_share: float, other_share: float) -> None:
    at = [OPEN, OPEN + timedelta(hours=2), CLOSE]
    edges = [
        Edge(price, time)
        for price, time in zip((100, 100 * (1 + first), 100 * (1 + first) * (1 + second)), at, strict=True)
    ]
    whole = window(edges[0], edges[2], one_share + other_share, 0.0, MODEL)
    one = window(edges[0], edges[1], one_share, 0.0, MODEL)
    other = window(edges[1], edges[2], other_share, 0.0, MODEL)
    moves = known(one.move, other.move, whole.move)
    assert math.log1p(moves[0]) + math.log1p(moves[1]) == pytest.approx(math.log1p(moves[2]), abs=1e-12)
    expected = known(one.expected, other.expected, whole.expected)
    assert expected[0] + expected[1] == pytest.approx(expected[2], abs=1e-12)


@given(st.integers(0, 3 * 1440), st.integers(0, 3 * 1440), st.floats(0.05, 0.95))
def test_variance_adds_up_over_any_cut(first: int, second: int, night: float) -> None:
    prices = prices_of()
    timeline = Timeline(prices.series, prices.study.days)
    start = calendar.session_close(FRIDAY)
    middle, end = start + timedelta(minutes=min(first, second)), start + timedelta(minutes=max(first, second))
    whole = timeline.variance(DAY0, start, end, night)
    one = timeline.variance(DAY0, start, middle, night)
    if middle >= CLOSE:
        return  # the second part begins in a later session
    other = timeline.variance(DAY0, middle, end, night)
    assert sum(known(one, other)) == pytest.approx(known(whole)[0], abs=1e-12)


def test_a_session_holds_one_and_each_part_its_share() -> None:
    prices = prices_of()
    timeline = Timeline(prices.series, prices.study.days)
    start = calendar.session_close(FRIDAY)
    assert timeline.variance(DAY0, start, CLOSE, 0.44) == pytest.approx(1.0)
    assert timeline.variance(DAY0, start, OPEN, 0.44) == pytest.approx(0.44)
    assert timeline.variance(DAY0, OPEN, OPEN + timedelta(minutes=30), 0.44) == pytest.approx(0.56 * 0.2)
    third = calendar.next_session(calendar.next_session(DAY0))
    assert timeline.variance(DAY0, start, calendar.session_close(third), 0.44) == pytest.approx(3.0)
    assert timeline.variance(DAY0, start - timedelta(seconds=1), CLOSE, 0.44) is None
    assert timeline.variance(date(2030, 1, 7), start, CLOSE, 0.44) is None
    assert prices.series.profile is STATED_PROFILE


# -- what is not known ------------------------------------------------------------------------------
def test_a_session_that_is_over_is_measured_once_and_anew_by_other_prices() -> None:
    prices = prices_of()
    first = session_of(prices, DAY0, LATER)
    assert session_of(prices, DAY0, LATER + timedelta(days=1)) is first
    half = session_of(replace(prices, shares=12.245e9), DAY0, LATER)
    values = known(half.window.value_usd, first.window.value_usd)
    assert values[0] == pytest.approx(values[1] / 2)


def test_without_the_benchmarks_own_bars_nothing_is_explained_and_it_is_said() -> None:
    share, market = walk(1, size=0.02), walk(2)
    series = PriceSeries(
        "NVDA", day_bars("NVDA", share), path("NVDA", DAY0, share[FRIDAY], share[DAY0], [0.0]), (), LATER
    )
    index = PriceSeries("^GSPC", day_bars("^GSPC", market), (), (), LATER)
    prices = Prices(series, index, EventStudy(series.closes, index.closes))
    found = measure(prices, OPEN + timedelta(hours=2, seconds=10), LATER)
    assert found.rest.move is not None
    assert (found.rest.expected, found.rest.abnormal, found.rest.t) == (None, None, None)
    assert found.session.expected is not None
    assert "no price of ^GSPC at that time: what the market explains since then is not known" in found.notes


def test_a_fund_stands_in_where_the_index_has_no_price() -> None:
    prices = prices_of()
    index = PriceSeries("^GSPC", prices.market.daily, (), (), LATER)
    fund = PriceSeries("SPY", prices.market.daily, prices.market.intraday, (), LATER)
    alone = Prices(prices.series, index, prices.study, fund=fund)
    published = OPEN + timedelta(hours=1, seconds=10)
    assert measure(alone, published, LATER).rest.t == measure(prices, published, LATER).rest.t


def test_within_a_session_of_which_no_price_is_known_nothing_is_laid_on_the_article() -> None:
    share, market = walk(1, size=0.02), walk(2)
    series = PriceSeries("NVDA", day_bars("NVDA", share), (), (), LATER)
    index = PriceSeries("^GSPC", day_bars("^GSPC", market), (), (), LATER)
    found = measure(Prices(series, index, EventStudy(series.closes, index.closes)), OPEN + timedelta(hours=1), LATER)
    assert (found.rest, found.before, found.to_close) == (Window(), None, Window())
    assert found.session.move is not None
    assert found.timing is not None
    assert found.timing.kind == "no-bars"


def test_no_window_and_no_move_goes_across_a_doubted_step() -> None:
    share, market = walk(1, size=0.02), walk(2)
    after = calendar.next_session(DAY0)
    closes = {day: price / (10 if day >= after else 1) for day, price in share.items()}
    doubts = doubtful_steps(day_bars("NVDA", closes), None, "America/New_York")
    quote = Quote("NVDA", closes[after], LATER, "yahoo", session="regular")
    fives = path("NVDA", DAY0, share[FRIDAY], share[DAY0], [0.0])
    series = PriceSeries("NVDA", day_bars("NVDA", closes), fives, (), LATER, doubts=doubts)
    index = PriceSeries("^GSPC", day_bars("^GSPC", market), (), (), LATER)
    doubted = {after: doubts[0].reason}
    prices = Prices(series, index, EventStudy(series.closes, index.closes, doubted=doubted), quote)
    before = measure(prices, OPEN - timedelta(hours=1), LATER)
    assert before.rest.move == pytest.approx(share[DAY0] / share[FRIDAY] - 1)  # all before the step
    assert (before.since.move, before.moves.since, before.moves.d1, before.moves.d3) == (None,) * 4
    assert before.moves.close is not None
    assert any("looks like a split of 10 for 1" in note for note in before.notes)
    on_the_day = measure(prices, CLOSE + timedelta(hours=1), LATER)
    assert (on_the_day.day0, on_the_day.session.move, on_the_day.rest.move) == (after, None, None)
    assert on_the_day.abnormal.ar0 is None
    later = measure(prices, calendar.session_close(after) + timedelta(hours=1), LATER)
    assert later.since.move == pytest.approx(0.0)


def test_too_few_sessions_leave_the_markets_own_move() -> None:
    assert window(
        Edge(100, OPEN), Edge(110, CLOSE), 1.0, 0.02, MarketModel("market-adjusted", 0, 1, None, 20)
    ) == Window(0.10000000000000009, 0.02, 0.08000000000000009)
    assert window(Edge(100, OPEN), Edge(110, CLOSE), None, 0.02, MODEL) == Window(0.10000000000000009)
    assert window(None, Edge(110, CLOSE), 1.0, 0.0, MODEL) == Window()
    assert window(Edge(0.0, OPEN), Edge(110, CLOSE), 1.0, 0.0, MODEL) == Window()
    assert window(Edge(100, OPEN), Edge(100, OPEN), 0.0, 0.0, MODEL).t is None


# -- other exchanges -----------------------------------------------------------------------------------
def tokyo(symbol: str, day: int, close: float) -> Bar:
    """Return the daily bar of a session in Tokyo, January 2025."""
    opens = datetime(2025, 1, day, tzinfo=UTC)
    return Bar(symbol, DAILY, opens, opens + timedelta(hours=6, minutes=30), close, "yahoo")


def test_sessions_elsewhere_run_from_close_to_close_and_skip_the_weekend() -> None:
    days = [20, 21, 22, 23, 24]
    series = PriceSeries("7203.T", [tokyo("7203.T", day, 100.0 + day) for day in days], (), (), LATER)
    timeline = Timeline(series, [date(2025, 1, day) for day in days])
    closes = {day: datetime(2025, 1, day, 6, 30, tzinfo=UTC) for day in (20, 21, 22, 23, 24)}
    first = date(2025, 1, 21)
    assert timeline.variance(first, closes[20], closes[23], 0.4) == pytest.approx(3.0)
    monday_open = datetime(2025, 1, 27, tzinfo=UTC)
    assert timeline.variance(first, closes[20], monday_open, 0.4) == pytest.approx(4.4)
    saturday = datetime(2025, 1, 25, tzinfo=UTC)
    assert timeline.variance(first, closes[20], saturday, 0.4) == pytest.approx(4.0 + 0.4 * 17.5 / 65.5)
    evening = closes[24] + timedelta(minutes=30)
    assert timeline.variance(first, closes[20], evening, 0.4) == pytest.approx(4.0 + 0.4 * 0.5 / 65.5)
    far = datetime(2025, 3, 3, tzinfo=UTC)  # no session before it is known
    assert timeline.variance(first, closes[20], far, 0.4) is None
    assert EventStudy(series.closes, {}).model(date(2025, 1, 19)) is None
    unknown = PriceSeries("X.UNKNOWN", (), (), (), LATER)
    assert Timeline(unknown, []).hours(first) is None
    quote = Quote("X.UNKNOWN", 2.0, saturday, "yahoo", 1.0)
    alone = Prices(unknown, unknown, EventStudy({}, {}), quote)
    assert session_of(alone, date(2025, 1, 25), saturday).window == Window()  # no hours, no window


def test_a_session_whose_hours_make_no_sense_is_not_known() -> None:
    odd = Bar("7203.T", DAILY, datetime(2025, 1, 20, 1, tzinfo=UTC), datetime(2025, 1, 21, 2, tzinfo=UTC), 1.0, "yahoo")
    series = PriceSeries("7203.T", [odd, tokyo("7203.T", 21, 2.0)], (), (), LATER)
    assert Timeline(series, ()).hours(date(2025, 1, 21)) is None


def test_what_trades_round_the_clock_has_an_even_day() -> None:
    days = [datetime(2025, 1, day, tzinfo=UTC) for day in (20, 21, 22)]
    bars = [Bar("BTC-USD", DAILY, day, day + timedelta(days=1), 1.0, "yahoo") for day in days]
    shifted = [replace(bar, start=bar.start + timedelta(minutes=1)) for bar in bars]
    timeline = Timeline(PriceSeries("BTC-USD", shifted, (), (), LATER), [day.date() for day in days])
    noon = days[1] + timedelta(hours=12)
    assert timeline.variance(days[1].date(), days[1] + timedelta(minutes=1), noon, 0.0) == pytest.approx(0.5, abs=1e-3)
    third = days[2] + timedelta(hours=12)
    assert timeline.variance(days[1].date(), days[1] + timedelta(minutes=1), third, 0.0) == pytest.approx(1.5, abs=1e-3)


# -- the newest prices ---------------------------------------------------------------------------------
def test_the_benchmarks_quote_is_taken_at_the_same_moment_or_at_the_close() -> None:
    share, market = walk(1, size=0.02), walk(2)
    before = [{day: price for day, price in one.items() if day < DAY0} for one in (share, market)]
    made = [
        PriceSeries(symbol, day_bars(symbol, closes), (), (), CLOSE + timedelta(hours=1))
        for symbol, closes in zip(("NVDA", "^GSPC"), before, strict=True)
    ]
    study = EventStudy(made[0].closes, made[1].closes)

    def since(share_quote: Quote, market_quote: Quote) -> Window:
        prices = Prices(made[0], made[1], study, share_quote, market_quote)
        return measure(prices, OPEN - timedelta(hours=1), CLOSE + timedelta(hours=1)).since

    late = CLOSE + timedelta(minutes=40)
    closing = Quote("NVDA", share[DAY0], CLOSE + timedelta(seconds=1), "yahoo", session="closed")
    index = Quote("^GSPC", market[DAY0], CLOSE + timedelta(minutes=16), "yahoo", session="closed")
    moved = market[DAY0] / market[FRIDAY] - 1
    model = study.model(DAY0)
    assert model is not None
    found = since(closing, index)
    assert found.expected == pytest.approx(model.alpha + model.beta * moved)
    assert since(closing, replace(index, time=CLOSE - timedelta(hours=1))).expected is None
    evening = replace(closing, time=late, price=share[DAY0] * 1.01, regular_price=share[DAY0], session="post")
    assert since(evening, index).expected is None  # the index is not computed in the evening
    assert since(evening, replace(index, time=late)).expected is not None
    assert since(replace(closing, time=OPEN - timedelta(hours=2)), index).move is None


# -- while the session runs -----------------------------------------------------------------------------
def test_so_far_is_measured_by_the_share_of_the_session_that_has_passed() -> None:
    now = OPEN + timedelta(hours=2)
    share, market = walk(1, size=0.02), walk(2)
    before = [{day: price for day, price in one.items() if day < DAY0} for one in (share, market)]
    made = [
        PriceSeries(symbol, day_bars(symbol, closes), (), (), now)
        for symbol, closes in zip(("NVDA", "^GSPC"), before, strict=True)
    ]
    quotes = [
        Quote(symbol, closes[FRIDAY] * factor, now, "yahoo", session="regular", currency="USD")
        for symbol, closes, factor in (("NVDA", share, 0.95), ("^GSPC", market, 0.99))
    ]
    prices = Prices(made[0], made[1], EventStudy(made[0].closes, made[1].closes), quotes[0], quotes[1])
    found = measure(prices, OPEN - timedelta(hours=1), now)
    assert found.session.move == pytest.approx(-0.05)
    assert not found.session.is_over
    assert found.to_close == found.since
    (so_far,) = known(found.session.t)
    (as_if_over,) = known(found.abnormal.t0)
    assert abs(so_far) > abs(as_if_over)  # a part of a day varies less than a whole one
    assert "its session is not over: the figures are so far" in found.notes


# -- four moments of 27 January 2025, computed here from the files -------------------------------------------
MOMENTS = ["2025-01-27T13:02", "2025-01-27T15:02", "2025-01-27T20:05", "2025-01-27T21:12"]


def real_prices(corpus: Path) -> Prices:
    """Return Nvidia and the S&P 500, the index with a straight line between open and close on each day."""
    made = []
    for symbol, name in (("NVDA", "yahoo-raw-close/NVDA.csv"), ("^GSPC", "yahoo-index/IDX_SPX.csv")):
        closes, opens = (corpus_prices(corpus, name, column) for column in ("close", "open"))
        daily = [
            replace(day_bar(symbol, day, closes[day]), open=opens[day])
            for day in sorted(closes)
            if day <= date(2025, 2, 10)
        ]
        bars = corpus_intraday(corpus)
        if symbol != "NVDA":
            days = [day for day in sorted(closes) if date(2025, 1, 24) <= day <= date(2025, 1, 28)]
            bars = [bar for day in days for bar in path(symbol, day, opens[day], closes[day], [0.0])]
        made.append(PriceSeries(symbol, daily, bars, (), LATER))
    study = EventStudy(made[0].closes, made[1].closes, None, made[0].opens, made[1].opens)
    return Prices(made[0], made[1], study, shares=24.49e9)


@pytest.mark.corpus
@pytest.mark.parametrize("moment", MOMENTS)
def test_four_moments_of_the_day_by_an_independent_computation(corpus: Path, moment: str) -> None:
    published = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    found = measure(real_prices(corpus), published, LATER)
    day, expected = independent(corpus, published)
    assert str(found.day0) == day
    for name in ("before", "rest", "session", "rest_t", "rest_expected", "session_t"):
        value = {
            "before": found.before,
            "rest": found.rest.move,
            "session": found.session.move,
            "rest_t": found.rest.t,
            "rest_expected": found.rest.expected,
            "session_t": found.session.t,
        }[name]
        assert value == pytest.approx(expected[name], rel=1e-6, abs=1e-9), name
    assert found.rest.value_usd == pytest.approx(expected["rest"] * expected["start"] * 24.49e9)


def independent(corpus: Path, published: datetime) -> tuple[str, dict[str, float]]:
    """Compute the windows of a moment with the standard library alone, from the rows of the files."""
    folder = corpus / "prices/history"

    def rows(name: str) -> list[tuple[str, float, float]]:
        with (folder / name).open() as file:
            return [(row["date"][:10], float(row["open"]), float(row["close"])) for row in csv.DictReader(file)]

    share = {day: (first, last) for day, first, last in rows("yahoo-raw-close/NVDA.csv")}
    index = {day: (first, last) for day, first, last in rows("yahoo-index/IDX_SPX.csv") if day in share}
    days = sorted(share)
    new_york = ZoneInfo("America/New_York")
    local = published.astimezone(new_york)
    day = str(local.date()) if local.hour < 16 else days[days.index(str(local.date())) + 1]
    at = days.index(day)
    estimation = range(at - 130, at - 10)
    returns = [share[days[i]][1] / share[days[i - 1]][1] - 1 for i in estimation]
    markets = [index[days[i]][1] / index[days[i - 1]][1] - 1 for i in estimation]
    beta, alpha = statistics.linear_regression(markets, returns)
    n, mean = len(returns), statistics.fmean(markets)
    squares = sum((one - mean) ** 2 for one in markets)
    sigma = math.sqrt(sum((y - alpha - beta * x) ** 2 for x, y in zip(markets, returns, strict=True)) / (n - 2))
    nights, parts = [], []
    for i in estimation:
        (share_open, share_close), (index_open, index_close) = share[days[i]], index[days[i]]
        nights.append(share_open / share[days[i - 1]][1] - 1 - beta * (index_open / index[days[i - 1]][1] - 1))
        parts.append(share_close / share_open - 1 - beta * (index_close / index_open - 1))
    night = statistics.pvariance(nights) / (statistics.pvariance(nights) + statistics.pvariance(parts))
    previous, close = share[days[at - 1]][1], share[day][1]
    index_previous, index_close = index[days[at - 1]][1], index[day][1]
    opened = datetime.combine(date.fromisoformat(day), datetime.min.time(), new_york).replace(hour=9, minute=30)
    start, index_start, passed = previous, index_previous, 0.0
    if local > opened:
        with (folder / "intraday-iex/NVDA_5m_2025-01-24_to_28.csv").open() as file:
            bars = [(datetime.fromisoformat(row["timestamp"]), float(row["close"])) for row in csv.DictReader(file)]
        begins, start = [(when, price) for when, price in bars if when + FIVE <= published][-1]
        minutes = (begins + FIVE - opened) / timedelta(minutes=1)
        index_open = index[day][0]
        index_start = index_open + (index_close - index_open) * minutes / 390
        halves = [20, 11, 9, 7.5, 6.5, 5.5, 5, 5, 5, 5.5, 6, 6.5, 7.5]
        whole = int(minutes // 30)
        share_of_day = (sum(halves[:whole]) + halves[whole] * (minutes % 30) / 30) / 100
        passed = night + (1 - night) * share_of_day

    def t_of(move: float, market: float, variance: float) -> float:
        spread = variance + variance**2 / n + (market - variance * mean) ** 2 / squares
        return (move - variance * alpha - beta * market) / (sigma * math.sqrt(spread))

    rest, market = close / start - 1, index_close / index_start - 1
    return day, {
        "start": start,
        "before": start / previous - 1,
        "rest": rest,
        "session": close / previous - 1,
        "rest_t": t_of(rest, market, 1 - passed),
        "rest_expected": (1 - passed) * alpha + beta * market,
        "session_t": t_of(close / previous - 1, index_close / index_previous - 1, 1.0),
    }


# -- calibration --------------------------------------------------------------------------------------
@pytest.mark.corpus
@pytest.mark.parametrize("fund", [None, "SPY"])
def test_windows_of_every_kind_pass_the_bounds_as_often_as_they_should(corpus: Path, fund: str | None) -> None:
    found = bench_windows.calibrate(corpus, fund)
    assert set(found) == set(bench_windows.KINDS)
    for kind, values in found.items():
        assert len(values) > 3000
        assert 0.04 <= round(bench_windows.share_over(values, 1.96), 2) <= 0.08, kind
    every = [value for values in found.values() for value in values]
    assert bench_windows.share_over(every, UNUSUAL_T) == pytest.approx(0.05, abs=0.005)
    assert bench_windows.share_over(every, VERY_UNUSUAL_T) < 0.02

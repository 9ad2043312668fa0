"""The event study against independent arithmetic, theory and one known day."""

from __future__ import annotations

import csv
import math
import random
import statistics
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.helpers.examples import examples
from tests.helpers.prices import DAY0, DAYS, model_of, walk
from tracker.market import calendar
from tracker.model.impact import Moves
from tracker.model.market import DAILY, INTRADAY, Bar, PriceBase, Quote
from tracker.prices.study import EventStudy, fit, horizons, window_return

RETURNS = st.integers(-300, 300).map(lambda n: n / 1000)


def exact(
    share: list[float], market: list[float], event: list[tuple[float, float]]
) -> tuple[float, float, float, float, float]:
    """Return alpha, beta, sigma, CAR and t by the normal equations in rational numbers."""
    ys, xs, n = [Fraction(y) for y in share], [Fraction(x) for x in market], len(share)
    sx, sy, sxx = sum(xs), sum(ys), sum(x * x for x in xs)
    sxy = sum(x * y for x, y in zip(xs, ys, strict=True))
    det = n * sxx - sx * sx
    beta = (n * sxy - sx * sy) / det
    alpha = (sy * sxx - sx * sxy) / det
    sse = sum((y - alpha - beta * x) ** 2 for x, y in zip(xs, ys, strict=True))
    variance = sse / (n - 2)
    pairs = [(Fraction(y), Fraction(x)) for y, x in event]
    car = sum(y - alpha - beta * x for y, x in pairs)
    # The same forecast variance by the covariance matrix of the estimates: L s^2 + (L, sum x) C (L, sum x)'.
    length, total = len(pairs), sum(x for _, x in pairs)
    forecast = variance * (length + (length * length * sxx - 2 * length * total * sx + total * total * n) / det)
    return float(alpha), float(beta), math.sqrt(variance), float(car), float(car) / math.sqrt(forecast)


@pytest.mark.slow
@examples(60)
@given(
    st.lists(st.tuples(RETURNS, RETURNS), min_size=60, max_size=130),
    st.lists(st.tuples(RETURNS, RETURNS), min_size=1, max_size=5),
)
def test_equals_rational_arithmetic(sample: list[tuple[float, float]], event: list[tuple[float, float]]) -> None:
    share, market = [y for y, _ in sample], [x for _, x in sample]
    model = fit(share, market)
    if len(set(market)) == 1:
        assert model.kind == "market-adjusted"
        return
    if statistics.variance(share) == 0 or model.sigma is None or model.sigma < 1e-6:
        return
    alpha, beta, sigma, car, t = exact(share, market, event)
    assert (model.alpha, model.beta, model.sigma) == pytest.approx((alpha, beta, sigma), rel=1e-6, abs=1e-9)
    found = window_return(model, list(event))
    assert found is not None
    assert found == pytest.approx((car, t), rel=1e-6, abs=1e-9)
    # A forecast is less certain than its residuals.
    assert abs(car / (model.sigma * math.sqrt(len(event)))) >= abs(t) * (1 - 1e-9)


def test_agrees_with_the_standard_library() -> None:
    rng = random.Random(7)
    market = [rng.gauss(0, 0.01) for _ in range(120)]
    share = [0.001 + 1.7 * x + rng.gauss(0, 0.02) for x in market]
    slope, intercept = statistics.linear_regression(market, share)
    model = fit(share, market)
    assert (model.beta, model.alpha) == pytest.approx((slope, intercept))
    assert model.n == 120


@given(st.integers(0, 10_000), st.floats(0.01, 1000), st.floats(0.01, 1000))
@examples(20)
def test_the_unit_of_prices_does_not_matter(seed: int, share_unit: float, market_unit: float) -> None:
    share, market = walk(seed, size=0.02), walk(seed + 1)
    one = EventStudy(share, market).around(DAY0)
    scaled = EventStudy(
        {day: price * share_unit for day, price in share.items()},
        {day: price * market_unit for day, price in market.items()},
    ).around(DAY0)
    assert one is not None
    assert scaled is not None
    assert one.ar0 is not None
    assert scaled.ar0 is not None
    assert scaled.ar0 == pytest.approx(one.ar0, abs=1e-9)
    assert scaled.t0 == pytest.approx(one.t0, rel=1e-6)


@given(st.integers(0, 10_000))
@examples(20)
def test_a_share_that_is_the_market_has_nothing_abnormal(seed: int) -> None:
    market = walk(seed)
    found = EventStudy(market, market).around(DAY0)
    assert found is not None
    assert model_of(found).beta == pytest.approx(1.0)
    assert model_of(found).alpha == pytest.approx(0.0, abs=1e-12)
    for window in (found.ar0, found.car_m1_p1, found.car_0_p4):
        assert window is not None
        assert window == pytest.approx(0.0, abs=1e-12)


@given(st.integers(0, 10_000), st.floats(-0.15, 0.15))
@examples(20)
def test_a_shock_on_day_zero_is_found_whole(seed: int, shock: float) -> None:
    share, market = walk(seed, size=0.02), walk(seed + 1)
    shocked = {day: price * (1 + shock) if day >= DAY0 else price for day, price in share.items()}
    before, after = EventStudy(share, market).around(DAY0), EventStudy(shocked, market).around(DAY0)
    assert before is not None
    assert after is not None
    assert before.ar0 is not None
    assert after.ar0 is not None
    raw = share[DAY0] / share[calendar.previous_session(DAY0)]
    assert after.ar0 - before.ar0 == pytest.approx(raw * shock, abs=1e-9)
    assert (model_of(after).alpha, model_of(after).beta, model_of(after).sigma) == (
        model_of(before).alpha,
        model_of(before).beta,
        model_of(before).sigma,
    )  # the event is not part of its own estimation


def test_missing_days_are_gaps_and_not_returns_of_several_days() -> None:
    share, market = walk(1, size=0.02), walk(2)
    whole = EventStudy(share, market).around(DAY0)
    assert whole is not None
    assert model_of(whole).n == 120
    gap = DAYS[DAYS.index(DAY0) - 50]
    less = {day: price for day, price in share.items() if day != gap}
    found = EventStudy(less, market).around(DAY0)
    assert found is not None
    assert model_of(found).n == 118  # the return of the day and that of the next
    event = {day: price for day, price in share.items() if day != calendar.next_session(DAY0)}
    broken = EventStudy(event, market).around(DAY0)
    assert broken is not None
    assert broken.ar0 is not None
    assert broken.car_m1_p1 is None
    assert broken.car_0_p4 is None
    zero = EventStudy({**share, gap: 0.0}, market).around(DAY0)
    assert zero is not None
    assert model_of(zero).n == 118


def test_a_day_that_neither_traded_moves_the_window_and_nothing_else() -> None:
    share, market = walk(1, size=0.02), walk(2)
    holiday = DAYS[DAYS.index(DAY0) - 50]
    closed = [{day: price for day, price in one.items() if day != holiday} for one in (share, market)]
    found = EventStudy(closed[0], closed[1]).around(DAY0)
    assert found is not None
    assert model_of(found).n == 120


def test_too_short_a_past_is_market_adjusted_and_says_so() -> None:
    days = DAYS[DAYS.index(DAY0) - 60 :]
    share, market = walk(1, days, 0.02), walk(2, days)
    found = EventStudy(share, market).around(DAY0)
    assert found is not None
    assert (model_of(found).kind, model_of(found).sigma, model_of(found).beta) == ("market-adjusted", None, 1.0)
    assert found.ar0 is not None
    before = calendar.previous_session(DAY0)
    assert found.ar0 == pytest.approx(share[DAY0] / share[before] - market[DAY0] / market[before])
    assert found.t0 is None


def test_a_day_outside_the_data_is_unknown() -> None:
    found = EventStudy(walk(1), walk(2))
    assert found.around(date(2025, 1, 25)) is None
    assert found.around(date(2026, 1, 26)) is None
    first = found.around(DAYS[0])
    assert first is not None
    assert first.ar0 is None
    assert found.around(DAY0) is found.around(DAY0)


def test_a_jump_without_a_split_is_flagged() -> None:
    share, market = walk(1, size=0.02), walk(2)
    halved = {day: price / 2 if day >= DAY0 else price for day, price in share.items()}
    flagged = EventStudy(halved, market).around(DAY0)
    assert flagged is not None
    assert flagged.ar0 is None
    assert "% on 2025-01-27 without a split, not believed" in flagged.flags[0]


def test_a_hole_in_both_histories_is_no_return() -> None:
    share, market = walk(1, size=0.02), walk(2)
    at = DAYS.index(DAY0)
    gone = set(DAYS[at - 60 : at - 40])
    holed = [{day: price for day, price in one.items() if day not in gone} for one in (share, market)]
    found = EventStudy(holed[0], holed[1])
    around = found.around(DAY0)
    assert around is not None
    assert model_of(around).n == 119  # reaching back as many sessions as ever, less the one step over the hole
    assert found.following(DAYS[at - 63], 5) == list(DAYS[at - 63 : at - 60])
    assert found.following(DAY0, 3) == list(DAYS[at : at + 3])
    assert found.following(DAYS[-1], 4) == [DAYS[-1]]
    assert found.following(date(2025, 1, 26), 4) == []
    assert found.following(date(2030, 1, 2), 4) == []


def test_a_model_fitted_before_stands_in_where_the_past_is_gone() -> None:
    share, market = walk(1, size=0.02), walk(2)
    whole = EventStudy(share, market).around(DAY0)
    assert whole is not None
    at = DAYS.index(DAY0)
    fitted = EventStudy(share, market).model(DAY0)
    assert fitted is not None
    known = {DAY0: fitted}
    for kept in (DAYS[at - 1 :], DAYS[at - 100 :]):  # nothing of the past, and less of it than the model was made of
        late = [{day: one[day] for day in kept} for one in (share, market)]
        again = EventStudy(late[0], late[1], known).around(DAY0)
        assert again is not None
        assert replace(again, car_m1_p1=None, t_m1_p1=None) == replace(whole, car_m1_p1=None, t_m1_p1=None)
    running = [{day: one[day] for day in DAYS[:at]} for one in (share, market)]
    study = EventStudy(running[0], running[1])
    returns = [one[DAY0] / one[DAYS[at - 1]] - 1.0 for one in (share, market)]
    for _ in range(2):
        so_far = study.so_far(DAY0, returns[0], returns[1])
        assert so_far is not None
        assert (model_of(so_far).beta, so_far.ar0, so_far.car_0_p4) == (model_of(whole).beta, whole.ar0, None)
    assert study.so_far(DAYS[at - 1], 0.0, 0.0) is None
    older = {DAY0: replace(fitted, beta=9.0)}
    fresh = EventStudy(share, market, older).around(DAY0)
    assert fresh == whole  # bars that are at hand win


def closes(corpus: Path, name: str) -> dict[date, float]:
    with (corpus / "prices/history" / name).open() as file:
        return {date.fromisoformat(row["date"][:10]): float(row["close"]) for row in csv.DictReader(file)}


@pytest.mark.corpus
def test_nvidia_on_27_january_2025_against_the_s_and_p_500(corpus: Path) -> None:
    nvda = closes(corpus, "yahoo-raw-close/NVDA.csv")
    spx = closes(corpus, "yahoo-index/IDX_SPX.csv")
    found = EventStudy(nvda, spx).around(DAY0)
    assert found is not None
    fitted = model_of(found)
    assert (fitted.kind, fitted.n) == ("market", 120)
    assert fitted.beta == pytest.approx(2.640, abs=5e-4)
    assert fitted.sigma == pytest.approx(0.02305, abs=5e-6)
    assert found.ar0 is not None
    assert found.ar0 == pytest.approx(-0.13142, abs=5e-6)
    assert fitted.sigma is not None
    assert found.ar0 / fitted.sigma == pytest.approx(-5.70, abs=5e-3)
    assert found.t0 == pytest.approx(-5.61, abs=5e-3)
    assert found.car_m1_p1 is not None
    assert found.car_m1_p1 == pytest.approx(-0.0906, abs=5e-5)
    assert found.car_m1_p1 / fitted.sigma / math.sqrt(3) == pytest.approx(-2.27, abs=5e-3)
    smh = EventStudy(nvda, closes(corpus, "yahoo-etf/SMH.csv")).around(DAY0)
    assert smh is not None
    assert smh.ar0 is not None
    assert smh.ar0 == pytest.approx(-0.0557, abs=5e-5)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def five(end: str, close: float) -> Bar:
    return Bar("NVDA", INTRADAY, utc(end) - timedelta(minutes=5), utc(end), close, "yahoo")


def session(day: date, close: float) -> Bar:
    return Bar("NVDA", DAILY, calendar.session_open(day), calendar.session_close(day), close, "yahoo")


WEEK = [
    session(day, close)
    for day, close in zip(
        calendar.sessions(date(2025, 1, 24), date(2025, 1, 31)),
        [142.62, 118.42, 128.99, 123.70, 124.65, 120.07],
        strict=True,
    )
]
NOON = utc("2025-02-03T17:00")


def test_horizons_from_the_last_trade_before_publication() -> None:
    published = utc("2025-01-27T15:07")
    base = PriceBase(125.93, utc("2025-01-27T15:05"))
    bars = [five("2025-01-27T15:20", 123.16), five("2025-01-27T15:25", 124.0), five("2025-01-27T16:05", 122.14)]
    quote = Quote("NVDA", 117.0, NOON, "yahoo")
    found = horizons(published, base, bars, WEEK, quote, NOON)
    assert found.m15 == pytest.approx(123.16 / 125.93 - 1)
    assert found.h1 == pytest.approx(122.14 / 125.93 - 1)
    assert found.close == pytest.approx(118.42 / 125.93 - 1)
    assert found.d1 == pytest.approx(128.99 / 125.93 - 1)
    assert found.d3 == pytest.approx(124.65 / 125.93 - 1)
    assert found.since == pytest.approx(117.0 / 125.93 - 1)
    early = horizons(published, base, bars[:1], WEEK[:1], None, utc("2025-01-27T15:30"))
    assert (early.h1, early.close, early.d1, early.d3, early.since) == (None,) * 5
    assert early.m15 is not None


def test_horizons_without_bars_or_base_are_unknown() -> None:
    published = utc("2025-01-27T15:07")
    base = PriceBase(125.93, utc("2025-01-24T21:00"))
    old = [five("2025-01-27T15:05", 125.93)]
    found = horizons(published, base, old, [], Quote("NVDA", 1.0, published, "yahoo"), NOON)
    assert found == Moves()
    thin = [five("2025-01-27T15:10", 125.0)]
    assert horizons(published, base, thin, [], None, NOON).h1 is None  # no bar near the hour: bars are missing
    assert horizons(published, base, [], [], Quote("NVDA", 0.0, NOON, "yahoo"), NOON).since is None
    for nothing in (None, PriceBase(0.0, published)):
        assert horizons(published, nothing, old, WEEK, None, NOON) == Moves()


def test_days_stop_at_a_gap() -> None:
    after_close = utc("2025-01-24T21:12")
    base = PriceBase(142.5, utc("2025-01-24T21:10"))
    found = horizons(after_close, base, [], [*WEEK[:3], session(date(2025, 2, 14), 138.0)], None, NOON)
    assert found.close == pytest.approx(118.42 / 142.5 - 1)
    assert found.d1 == pytest.approx(128.99 / 142.5 - 1)
    assert found.d3 is None


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("published", "base", "m15", "h1", "day0"),
    [
        ("2025-01-24T20:40", 142.39, 0.00011, 0.00007, -0.1677),
        ("2025-01-27T13:02", 142.50, -0.1155, -0.1074, -0.1684),
        ("2025-01-27T14:31", 124.84, 0.0156, -0.0065, -0.0507),
        ("2025-01-27T15:07", 125.93, -0.0220, -0.0301, -0.0589),
        ("2025-01-27T16:02", 123.00, -0.0114, -0.0224, -0.0365),
        ("2025-01-27T19:59", 117.325, 0.0109, 0.0083, 0.0101),
        ("2025-01-27T21:12", 119.30, 0.0081, 0.0084, None),
    ],
)
def test_the_27th_of_january_by_five_minutes(
    corpus: Path, published: str, base: float, m15: float, h1: float, day0: float | None
) -> None:
    with (corpus / "prices/history/intraday-iex/NVDA_5m_2025-01-24_to_28.csv").open() as file:
        rows = list(csv.DictReader(file))
    starts = [datetime.fromisoformat(row["timestamp"]) for row in rows]
    bars = [
        Bar("NVDA", INTRADAY, start, start + timedelta(minutes=5), float(row["close"]), "iex")
        for start, row in zip(starts, rows, strict=True)
    ]
    at = utc(published)
    last = max((bar for bar in bars if bar.end <= at), key=lambda bar: bar.end)
    found = horizons(at, PriceBase(last.close, last.end), bars, [session(DAY0, 118.51)], None, NOON)
    assert last.close == base
    assert found.m15 == pytest.approx(m15, abs=6e-5)
    assert found.h1 == pytest.approx(h1, abs=6e-5)
    if published > "2025-01-25":
        assert found.close == (None if day0 is None else pytest.approx(day0, abs=6e-5))

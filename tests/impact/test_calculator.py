"""Articles measured by what is stored, against the known day, theory and the traps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.helpers.examples import examples
from tests.helpers.prices import (
    DAY0,
    DAYS,
    corpus_closes,
    corpus_intraday,
    day_bar,
    day_bars,
    five,
    model_of,
    store,
    walk,
)
from tests.helpers.store import about, article, fill, raw
from tests.impact.conftest import CONFIG, Bench
from tracker.impact import calculator as calculator_module
from tracker.impact.estimates import benchmark_for, missing_estimates
from tracker.market import calendar
from tracker.market.shares import reported_shares
from tracker.model.config import Config
from tracker.model.dividends import Dividend
from tracker.model.impact import AbnormalReturns, Impact
from tracker.model.market import DAILY, Bar, Quote, SharesOutstanding, WatchSymbol
from tracker.model.query import parse_query

SPLIT_DAY = date(2024, 9, 3)


def random_bench(bench: Bench, *, seed: int = 1, without: frozenset[date] = frozenset(), factor: float = 1.0) -> None:
    """Store a share and a market of random walks."""
    closes = {day: price * factor for day, price in walk(seed, size=0.02).items() if day not in without}
    bench.bars(day_bars("NVDA", closes))
    bench.bars(day_bars("^GSPC", {day: price for day, price in walk(seed + 1).items() if day not in without}))


# -- the known day ------------------------------------------------------------------
@pytest.mark.corpus
def test_nvidia_on_27_january_2025_through_the_database(corpus: Path, bench: Bench) -> None:
    bench.bars(day_bars("NVDA", corpus_closes(corpus, "yahoo-raw-close/NVDA.csv")))
    bench.bars(day_bars("^GSPC", corpus_closes(corpus, "yahoo-index/IDX_SPX.csv")))
    bench.bars(day_bars("SMH", corpus_closes(corpus, "yahoo-etf/SMH.csv")))
    found = bench.impact("2025-01-27T13:02")
    abnormal = found.abnormal
    assert (found.symbol, found.benchmark, found.day0) == ("NVDA", "^GSPC", DAY0)
    fitted = model_of(abnormal)
    assert (fitted.kind, fitted.n) == ("market", 120)
    assert fitted.beta == pytest.approx(2.640, abs=5e-4)
    assert fitted.sigma == pytest.approx(0.02305, abs=5e-6)
    assert abnormal.ar0 == pytest.approx(-0.13142, abs=5e-6)
    assert abnormal.t0 == pytest.approx(-5.61, abs=5e-3)
    assert fitted.sigma is not None
    assert abnormal.ar0 is not None
    assert abnormal.ar0 / fitted.sigma == pytest.approx(-5.70, abs=5e-3)
    assert abnormal.car_m1_p1 == pytest.approx(-0.0906, abs=5e-5)
    assert found.moves.close == pytest.approx(-0.16968, abs=5e-6)
    assert found.session.value_usd == pytest.approx(-592.7e9, rel=1e-3)
    other = bench.calculator(benchmark="SMH").impact(found.article_id)
    assert other is not None
    assert other.benchmark == "SMH"
    assert other.abnormal.ar0 == pytest.approx(-0.0557, abs=5e-5)


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("published", "base", "m15", "h1", "is_old"),
    [
        ("2025-01-24T20:40", 142.39, 0.00011, 0.00007, False),
        ("2025-01-27T13:02", 142.50, -0.1155, -0.1074, True),
        ("2025-01-27T15:07", 125.93, -0.0220, -0.0301, False),
        ("2025-01-27T19:59", 117.325, 0.0109, 0.0083, False),
        ("2025-01-27T21:12", 119.30, 0.0081, 0.0084, False),
    ],
)
def test_by_five_minutes_through_the_database(
    corpus: Path, bench: Bench, published: str, base: float, m15: float, h1: float, is_old: bool
) -> None:
    bench.bars(corpus_intraday(corpus))
    found = bench.impact(published)
    assert found.base is not None
    assert found.base.price == base
    assert found.moves.m15 == pytest.approx(m15, abs=6e-5)
    assert found.moves.h1 == pytest.approx(h1, abs=6e-5)
    assert found.is_base_old is is_old
    assert any("the last trade before it was 2 days earlier" in note for note in found.notes) is is_old
    assert found.base == bench.reader.prices.base_before("NVDA", int(found.published.timestamp()))


@pytest.mark.corpus
def test_google_counts_all_classes_and_a_part_of_the_shares_half_the_value(corpus: Path, bench: Bench) -> None:
    goog = corpus_closes(corpus, "yahoo-raw-close/GOOG.csv")
    bench.bars(day_bars("GOOGL", goog))
    config = Config(symbols=(WatchSymbol("GOOGL", shares=12.115e9),))
    found = bench.impact("2025-01-27T13:00", "GOOGL", config)
    move = goog[DAY0] - goog[date(2025, 1, 24)]
    assert found.session.value_usd == pytest.approx(move * 12.115e9)
    assert found.session.value_usd == pytest.approx(-98e9, rel=0.01)


# -- what theory says ------------------------------------------------------------------
@settings(examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000), st.floats(0.001, 1000))
def test_the_unit_of_prices_does_not_matter(tmp_path_factory: pytest.TempPathFactory, seed: int, factor: float) -> None:
    found: list[Impact] = []
    for scale in (1.0, factor):
        bench = Bench(tmp_path_factory.mktemp("unit"))
        random_bench(bench, seed=seed, factor=scale)
        found.append(bench.impact("2025-01-27T13:02"))
        bench.close()
    one, other = found
    assert other.abnormal.ar0 == pytest.approx(one.abnormal.ar0, abs=1e-9)
    assert other.abnormal.t0 == pytest.approx(one.abnormal.t0, rel=1e-6)
    assert other.moves.close == pytest.approx(one.moves.close, abs=1e-9)
    assert other.session.value_usd == pytest.approx((one.session.value_usd or 0.0) * factor, rel=1e-6)


def test_articles_of_one_day_share_their_study_and_days_differ(bench: Bench) -> None:
    random_bench(bench)
    ids = [bench.news(f"2025-01-{day}T15:00", f"Nvidia {day}") for day in (27, 28)]
    first, second = bench.calculator().impacts(ids)
    assert (first.day0, second.day0) == (DAY0, date(2025, 1, 28))
    assert first.abnormal != second.abnormal


def test_a_missing_day_is_a_gap_and_a_day_nobody_traded_is_none(bench: Bench) -> None:
    gap = DAYS[DAYS.index(DAY0) - 50]
    random_bench(bench, without=frozenset({gap}))
    assert model_of(bench.impact("2025-01-27T13:02").abnormal).n == 120
    after = calendar.next_session(DAY0)
    raw(bench.writer).execute(
        "DELETE FROM bar WHERE symbol = 'NVDA' AND start IN (?, ?)",
        [int(calendar.session_open(day).timestamp()) for day in (DAYS[DAYS.index(DAY0) - 40], after)],
    )
    found = bench.impact("2025-01-27T13:03")
    assert model_of(found.abnormal).n == 118
    assert found.abnormal.ar0 is not None
    assert (found.abnormal.car_m1_p1, found.abnormal.car_0_p4, found.moves.d1, found.moves.d3) == (None,) * 4
    assert found.moves.close is not None
    missing = bench.impact("2025-01-28T15:00")
    assert missing.day0 == after
    assert (missing.moves.close, missing.abnormal.ar0, missing.session.value_usd) == (None, None, None)


@pytest.mark.parametrize("interval", ["inside", "after"])
def test_a_split_is_applied_whether_the_closes_hold_it_or_not(bench: Bench, tmp_path: Path, interval: str) -> None:
    """A 10:1 split, inside the estimation window or after the article, against the same history in one basis."""
    day = SPLIT_DAY if interval == "inside" else date(2025, 2, 3)
    (tmp_path / "other").mkdir()
    plain = Bench(tmp_path / "other")
    random_bench(plain)
    closes = {at: price * (10 if at < day else 1) for at, price in walk(1, size=0.02).items()}
    bench.bars(day_bars("NVDA", closes), [(calendar.session_open(day), 10.0)])
    bench.bars(day_bars("^GSPC", walk(2)))
    one, other = plain.impact("2025-01-27T13:02"), bench.impact("2025-01-27T13:02")
    plain.close()
    assert other.abnormal.t0 == pytest.approx(one.abnormal.t0)
    assert model_of(other.abnormal).beta == pytest.approx(model_of(one.abnormal).beta)
    assert other.moves.d3 == pytest.approx(one.moves.d3)
    # Shares of today times prices in shares of today: the value at that date, whatever was split since.
    assert other.session.value_usd == pytest.approx(one.session.value_usd)
    assert other.notes == one.notes


def test_models_are_fitted_to_returns_with_dividends(bench: Bench, tmp_path: Path) -> None:
    day, closes = date(2024, 10, 10), walk(1, size=0.02)
    (tmp_path / "other").mkdir()
    plain = Bench(tmp_path / "other")
    random_bench(plain)
    scale = (closes[day] - 8.0) / closes[day]  # worth so much less from then on, it moves as before
    bench.bars(day_bars("NVDA", {at: price * scale if at >= day else price for at, price in closes.items()}))
    bench.bars(day_bars("^GSPC", walk(2)))
    paid = Dividend(day, datetime(2024, 10, 10, 4, tzinfo=UTC), 8.0)
    bench.writer.prices.store_bars("NVDA", DAILY, (), None, (), bench.now, [paid])
    models = []
    for one in (plain, bench):
        one.news("2025-01-27T13:02")
        models.append([made.model for made in missing_estimates(one.reader, CONFIG, one.now)])
    plain.close()
    assert [model.sigma for model in models[1]] == pytest.approx([model.sigma for model in models[0]])


def test_a_calculator_follows_what_is_heard_of_dividends(bench: Bench) -> None:
    random_bench(bench)
    calculator, news = bench.calculator(), bench.news("2025-01-27T13:02")
    before = calculator.impact(news)
    paid = Dividend(DAY0, datetime(2025, 1, 27, 5, tzinfo=UTC), 3.0)
    bench.writer.prices.store_bars("NVDA", DAILY, (), None, (), bench.now, [paid])
    after = calculator.impact(news)
    assert before is not None
    assert before.base is not None
    assert before.abnormal.ar0 is not None
    assert after is not None
    assert after.abnormal.ar0 == pytest.approx(before.abnormal.ar0 + 3.0 / before.base.price)
    assert after.since == before.since


def test_a_jump_without_a_split_is_said_and_not_believed(bench: Bench) -> None:
    closes = {day: price * (2 if day >= DAY0 else 1) for day, price in walk(1, size=0.02).items()}
    bench.bars(day_bars("NVDA", closes))
    bench.bars(day_bars("^GSPC", walk(2)))
    found = bench.impact("2025-01-27T13:02")
    assert replace(found.abnormal, flags=()) == AbnormalReturns()
    assert any("without a split, not believed" in note for note in found.notes)


def test_too_little_past_is_market_adjusted_and_nothing_is_nothing(bench: Bench) -> None:
    late = DAYS[DAYS.index(DAY0) - 40 :]
    share, market = walk(1, late, 0.02), walk(2, late)
    bench.bars(day_bars("NVDA", share))
    alone = bench.impact("2025-01-27T13:02")
    assert alone.abnormal == AbnormalReturns()
    assert alone.moves.close is not None
    assert alone.session.value_usd is not None
    assert any("no closes of both the share and ^GSPC" in note for note in alone.notes)
    bench.bars(day_bars("^GSPC", market))
    found = bench.impact("2025-01-27T13:03")
    before = calendar.previous_session(DAY0)
    model = model_of(found.abnormal)
    assert (model.kind, found.abnormal.t0, model.beta) == ("market-adjusted", None, 1.0)
    assert found.abnormal.ar0 == pytest.approx(share[DAY0] / share[before] - market[DAY0] / market[before])
    assert any("only 29 earlier sessions are known" in note for note in found.notes)
    unknown = bench.impact("2025-01-27T13:04", "TSLA")
    assert (unknown.base, unknown.base_age_seconds, unknown.is_base_old) == (None, None, False)
    assert unknown.notes[0] == "no trade before it is known"
    assert unknown.day0 == DAY0


# -- when -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("published", "day0"),
    [
        ("2025-01-27T20:59:59", DAY0),
        ("2025-01-27T21:00", date(2025, 1, 28)),
        ("2025-01-25T12:00", DAY0),
        ("2025-01-27T03:00", DAY0),
        ("2025-01-20T15:00", date(2025, 1, 21)),  # Martin Luther King
        ("2025-01-09T15:00", date(2025, 1, 10)),  # mourning
        ("2024-12-24T17:59", date(2024, 12, 24)),  # closes at 13:00 in New York
        ("2024-12-24T18:00", date(2024, 12, 26)),
    ],
)
def test_day_zero(bench: Bench, published: str, day0: date) -> None:
    random_bench(bench)
    found = bench.impact(published)
    assert found.day0 == day0
    before = calendar.previous_session(day0)
    closes = walk(1, size=0.02)
    assert found.session.value_usd == pytest.approx((closes[day0] - closes[before]) * 24.49e9)
    assert found.moves.close == pytest.approx(closes[day0] / closes[before] - 1.0)


def test_what_is_not_over_is_unknown_and_the_value_is_said_to_be_so_far(bench: Bench) -> None:
    random_bench(bench)
    closes = walk(1, size=0.02)
    friday = closes[date(2025, 1, 24)]
    bench.now = datetime(2025, 1, 27, 16, tzinfo=UTC)
    early = bench.impact("2025-01-27T13:02")
    assert (early.day0, early.moves.close, early.abnormal.ar0, early.session.value_usd) == (DAY0, None, None, None)
    bench.quote(Quote("NVDA", friday * 0.9, bench.now - timedelta(seconds=5), "yahoo", currency="USD"))
    calculator = bench.calculator()
    live = calculator.impact(early.article_id)
    assert live is not None
    assert live.moves.since == pytest.approx(-0.1)
    assert live.session.value_usd == pytest.approx(-0.1 * friday * 24.49e9)
    assert "its session is not over: the figures are so far" in live.notes
    assert live.abnormal == AbnormalReturns()  # the benchmark has no price of today
    market = walk(2)[date(2025, 1, 24)]
    bench.quote(Quote("^GSPC", market * 0.99, bench.now, "yahoo"))
    so_far = calculator.impact(early.article_id)
    assert so_far is not None
    abnormal, model = so_far.abnormal, model_of(so_far.abnormal)
    assert (model.kind, model.n, abnormal.car_m1_p1) == ("market", 120, None)
    assert abnormal.ar0 == pytest.approx(-0.1 - model.alpha + 0.01 * model.beta)
    assert abnormal.t0 is not None
    assert so_far.moves.close is None
    bench.now = datetime(2025, 1, 27, 21, 0, 1, tzinfo=UTC)
    over = calculator.impact(early.article_id)  # the same calculator: time alone has made a bar known
    assert over is not None
    assert over.moves.close == pytest.approx(closes[DAY0] / friday - 1.0)
    assert over.moves.d1 is None


def test_dollars_are_dollars(bench: Bench) -> None:
    random_bench(bench)
    bench.quote(Quote("NVDA", 1.0, bench.now, "yahoo", currency="EUR"))
    assert bench.impact("2025-01-27T13:02").session.value_usd is None
    assert bench.impact("2025-01-27T13:02", "^GSPC").session.value_usd is None  # no shares of an index


def test_articles_without_a_time_a_share_or_from_the_future_are_left_out(bench: Bench) -> None:
    random_bench(bench)
    undated = article("Nvidia undated", symbol="NVDA")
    undated = replace(undated, entry=replace(undated.entry, published=None))
    no_time, no_share = fill(bench.writer, "Other", [undated, article("A quiet day")])
    future = bench.news("2025-04-03T00:00", "Nvidia to come")
    calculator = bench.calculator()
    assert [calculator.impact(one) for one in (no_time, no_share, future, 999)] == [None] * 4
    assert calculator.impacts([no_time, no_share, future, 999]) == []
    forced = calculator.impact(no_share, "NVDA")
    assert forced is not None
    assert forced.symbol == "NVDA"


def test_every_share_that_an_article_is_about(bench: Bench) -> None:
    title = "nvidia and amd fall"
    mentions = [about("amd", title, "AMD"), about("nvidia", title, "NVDA"), about("fall", title)]
    (one,) = fill(bench.writer, "Feed", [article(title, symbol="NVDA", mentions=mentions)])
    calculator = bench.calculator()
    assert [(found.symbol, found.benchmark) for found in calculator.impacts([one])] == [
        ("NVDA", "^GSPC"),
        ("AMD", "SMH"),
    ]
    assert [found.symbol for found in calculator.impacts([one], "TSLA")] == ["TSLA"]
    lead = calculator.impact(one)
    assert lead is not None
    assert lead.symbol == "NVDA"
    assert calculator.benchmark_of("AMD") == "SMH" == benchmark_for(CONFIG, "AMD")
    assert bench.calculator(benchmark="^IXIC").benchmark_of("AMD") == "^IXIC"
    assert sorted(need[0] for need in bench.reader.news.price_needs()) == ["AMD", "NVDA"]


@pytest.mark.parametrize("few", [0, 500])
def test_other_news_is_of_other_stories_inside_the_windows(
    bench: Bench, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calculator_module, "_FEW", few)
    random_bench(bench)
    one = bench.news("2025-01-27T13:02", "the story", story_keys=["k"])
    bench.news("2025-01-27T14:00", "the story again", story_keys=["k"])
    calculator = bench.calculator()

    def count() -> int:
        found = calculator.impact(one)
        assert found is not None
        return found.other_news

    assert count() == 0
    for published, more in {
        "2025-01-23T20:59": 0,  # before the close of session -2
        "2025-01-23T21:00": 1,
        "2025-01-31T21:00": 1,
        "2025-01-31T21:01": 0,  # after the close of session +4
    }.items():
        before = count()
        bench.news(published, f"other {published}")
        assert count() == before + more
    before = count()
    bench.news("2025-01-28T12:00", "about another share", symbol="AMD")
    assert count() == before
    assert before > 1
    own, other = bench.reader.news.articles([one, one + 3])
    bench.writer.stories.merge([own.story_id, other.story_id])
    assert count() == before - 1


# -- what is kept ------------------------------------------------------------------------
def test_a_desk_follows_what_others_write(bench: Bench) -> None:
    random_bench(bench)
    calculator = bench.calculator()
    one = bench.news("2025-01-27T13:02")
    first = calculator.impact(one)
    assert first is not None
    assert first.moves.since is None
    bench.quote(Quote("NVDA", 50.0, bench.now, "yahoo"))
    second = calculator.impact(one)
    assert second is not None
    assert second.moves.since is not None
    assert second.abnormal is not None
    bench.bars([five("NVDA", "2025-01-27T13:00", 77.0)])
    third = calculator.impact(one)
    assert third is not None
    assert third.base is not None
    assert third.base.price == 77.0
    assert third.abnormal == second.abnormal
    bench.bars([day_bar("NVDA", DAY0, 60.0)])
    fourth = calculator.impact(one)
    assert fourth is not None
    assert fourth.abnormal.ar0 != third.abnormal.ar0


def test_estimates_outlast_the_bars_they_were_made_from(bench: Bench) -> None:
    random_bench(bench)
    whole = bench.impact("2025-01-27T13:02")
    bench.news("2025-01-28T22:00", "after the close")
    bench.news("2025-03-29T12:00", "no close yet")
    bench.news("2025-01-28T22:00", "a share without bars", symbol="TSLA")
    made = missing_estimates(bench.reader, CONFIG, bench.now)
    assert [(one.symbol, one.benchmark, one.day0) for one in made] == [
        ("NVDA", "^GSPC", day) for day in (DAY0, date(2025, 1, 28), date(2025, 1, 29))
    ]
    bench.writer.prices.store_estimates(made)
    assert missing_estimates(bench.reader, CONFIG, bench.now) == []
    assert bench.reader.prices.estimates("NVDA", "^GSPC") == {one.day0: one.model for one in made}
    bench.writer.prices.store_estimates(
        [replace(made[0], model=replace(made[0].model, n=60, beta=9.0))]
    )  # of fewer sessions: not taken
    raw(bench.writer).execute("DELETE FROM bar WHERE start < ?", (int(datetime(2025, 1, 22, tzinfo=UTC).timestamp()),))
    again = bench.calculator().impact(whole.article_id)
    assert again is not None
    assert again.abnormal == whole.abnormal


def test_listings_elsewhere_have_their_own_days(bench: Bench) -> None:
    def tokyo(day: int, close: float) -> Bar:
        start = datetime(2025, 1, day, tzinfo=UTC)
        return Bar("7203.T", DAILY, start, start + timedelta(hours=6, minutes=30), close, "yahoo")

    bench.bars([tokyo(day, 100.0 + day) for day in (10, 14, 15, 16, 17)])
    holiday = bench.impact("2025-01-10T09:00", "7203.T")  # Friday after the close; Monday is a holiday
    assert holiday.day0 == date(2025, 1, 14)
    assert holiday.moves.close == pytest.approx(114 / 110 - 1)
    assert holiday.session.value_usd is None
    assert bench.impact("2025-01-15T01:00", "7203.T").day0 == date(2025, 1, 15)
    assert bench.impact("2025-01-17T09:00", "7203.T").day0 == date(2025, 1, 20)
    assert bench.impact("2025-01-17T09:00", "BTC-USD").day0 == date(2025, 1, 17)
    unknown = bench.impact("2025-01-17T09:00", "ABC.XX")
    assert unknown.day0 is None
    assert unknown.abnormal == AbnormalReturns()


# -- a day ---------------------------------------------------------------------------------
@pytest.mark.corpus
def test_what_moved_nvidia_on_the_27th(corpus: Path, bench: Bench) -> None:
    bench.bars(day_bars("NVDA", corpus_closes(corpus, "yahoo-raw-close/NVDA.csv")))
    bench.bars(day_bars("^GSPC", corpus_closes(corpus, "yahoo-index/IDX_SPX.csv")))
    bench.bars(corpus_intraday(corpus))
    weekend = bench.news("2025-01-26T18:00", "the App Store")
    before = bench.news("2025-01-27T15:41", "what it costs to train")
    bench.news("2025-01-27T19:00", "later")
    found = bench.calculator().moved_day("NVDA", DAY0)
    assert found is not None
    assert (found.previous_close, found.last, found.is_over) == (142.62, 118.42, True)
    assert found.session.move == pytest.approx(-0.16968, abs=5e-6)
    assert found.session.abnormal == pytest.approx(-0.13142, abs=5e-6)
    assert found.session.value_usd == pytest.approx(-592.7e9, rel=1e-3)
    (gap, gap_news), (fall, fall_news), _ = found.moves
    assert gap.is_gap
    assert gap.change == pytest.approx(-0.116, abs=1e-3)
    assert gap_news == (weekend,)
    assert fall.change == pytest.approx(-0.0511, abs=1e-4)
    assert fall_news == (before,)
    assert bench.calculator().moved_day("NVDA", date(2025, 1, 26)) is None
    assert bench.calculator().moved_day("AMD") is None


def test_a_day_that_runs(bench: Bench) -> None:
    bench.now = datetime(2025, 1, 27, 15, 0, tzinfo=UTC)
    bench.bars([five("NVDA", "2025-01-27T14:35", 90.0, 92.0), five("NVDA", "2025-01-27T14:40", 91.0)])
    calculator = bench.calculator()
    bare = calculator.moved_day("NVDA")
    assert bare is not None
    assert (bare.day, bare.last, bare.previous_close) == (DAY0, 91.0, None)
    assert (bare.session.move, bare.is_over) == (None, False)
    bench.quote(Quote("NVDA", 89.0, bench.now, "yahoo", 100.0, currency="USD"))
    quoted = calculator.moved_day("NVDA")
    assert quoted is not None
    assert (quoted.last, quoted.previous_close) == (89.0, 100.0)
    assert quoted.session.move == pytest.approx(-0.11)
    assert quoted.session.value_usd == pytest.approx(-11 * 24.49e9)
    assert (quoted.moves[0][0].is_gap, quoted.moves[0][0].first, quoted.moves[0][0].last) == (True, 100.0, 92.0)
    bench.bars([day_bar("NVDA", date(2025, 1, 24), 99.0)])
    known = calculator.moved_day("NVDA", count=1)
    assert known is not None
    assert known.previous_close == 99.0
    assert [(move.is_gap, move.first, move.last) for move, _ in known.moves] == [(True, 99.0, 92.0)]
    bench.quote(Quote("NVDA", 95.0, bench.now - timedelta(days=3), "yahoo"))
    assert calculator.moved_day("NVDA") is not None


def test_bars_written_twice_are_read_once(bench: Bench) -> None:
    bars = day_bars("NVDA", walk(1))
    store(bench.writer, bars)
    bench.writer.prices.store_bars("NVDA", DAILY, bars[:5], None, (), bench.now)
    assert len(bench.calculator().study("NVDA")[0].daily) == len(bars)
    assert bench.reader.articles.ids(parse_query("symbol:NVDA"), bench.now).tolist() == []


def test_a_base_that_was_drawn_or_is_an_hour_old_is_said(bench: Bench) -> None:
    drawn = replace(five("NVDA", "2025-01-27T15:00", 120.0), interpolated=True)
    bench.bars([drawn])
    found = bench.impact("2025-01-27T15:45")
    assert found.is_base_old
    assert "the last trade before it was 45 minutes earlier: its moves hold all that happened since" in found.notes
    assert "the price before it is estimated (no trade recorded at that minute)" in found.notes
    assert any("was 12 hours earlier" in note for note in bench.impact("2025-01-28T03:00").notes)
    bench.bars([replace(drawn, symbol="7203.T")])
    assert bench.impact("2025-01-27T05:00", "7203.T").day0 == DAY0


def test_the_value_needs_no_shares_by_hand_and_the_users_figure_wins(bench: Bench) -> None:
    random_bench(bench)
    found = bench.impact("2025-01-27T13:02", config=Config())
    assert found.shares == reported_shares()["NVDA"]
    own = bench.impact("2025-01-27T13:03")
    assert own.shares == SharesOutstanding(24.49e9, None, "feeds.toml")
    ratio = (found.session.value_usd or 0.0) / (own.session.value_usd or 1.0)
    assert ratio == pytest.approx(reported_shares()["NVDA"].count / 24.49e9)

"""The morning page, from a real database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.helpers.prices import DAY0, DAYS, day_bars, five, walk
from tests.helpers.store import article, fill, raw
from tests.impact.conftest import Bench
from tracker.impact.brief import read_brief
from tracker.model.brief import Brief, BriefShare
from tracker.model.config import Config
from tracker.model.dividends import Dividend
from tracker.model.market import Quote, Session, WatchSymbol

CONFIG = Config(symbols=(WatchSymbol("NVDA", held=10), WatchSymbol("AMD", "My AMD")))
FRIDAY = date(2025, 1, 24)
OPEN = datetime(2025, 1, 27, 15, 30, tzinfo=UTC)


def read(bench: Bench, config: Config = CONFIG, *, hours: float | None = None) -> Brief:
    since = None if hours is None else bench.now - timedelta(hours=hours)
    return read_brief(bench.reader, bench.calculator(config), config, bench.now, since=since, names={"NVDA": "Nvidia"})


def monday(bench: Bench, at: datetime = OPEN) -> dict[date, float]:
    """Store closes up to Friday and what was traded on Monday morning; return the closes of Nvidia."""
    bench.now = at
    closes = {day: price for day, price in walk(1, size=0.02).items() if day < DAY0}
    bench.bars(day_bars("NVDA", closes))
    bench.bars(day_bars("^GSPC", {day: price for day, price in walk(2).items() if day < DAY0}))
    last = closes[FRIDAY]
    bench.bars(
        [
            five("NVDA", "2025-01-27T14:35", last * 0.9, last * 0.89),
            five("NVDA", "2025-01-27T14:40", last * 0.91),
            five("NVDA", "2025-01-27T15:25", last * 0.88),
        ]
    )
    bench.quote(
        Quote("NVDA", last * 0.88, at, "yahoo", last, currency="USD"),
        Quote("^GSPC", walk(2)[FRIDAY], at, "yahoo", walk(2)[FRIDAY]),
    )
    return closes


def nvidia(brief: Brief) -> BriefShare:
    return brief.shares[0]


def test_while_the_market_is_open_the_session_is_todays(bench: Bench) -> None:
    closes = monday(bench)
    before = bench.news("2025-01-26T18:00", "the App Store")
    bench.news("2025-01-27T15:00", "later")
    share = nvidia(read(bench))
    assert (share.symbol, share.name, share.day) == ("NVDA", "Nvidia", DAY0)
    assert share.session.move == pytest.approx(-0.12)
    assert share.session.t is not None
    assert share.outside is None
    assert share.price == pytest.approx(closes[FRIDAY] * 0.88)
    assert share.made == pytest.approx(-0.12 * 10 * closes[FRIDAY])
    assert share.step is not None
    assert share.step.move.is_gap
    assert share.step.move.change == pytest.approx(-0.11)
    assert share.step.article_ids == (before,)
    assert share.step.story is not None
    assert (share.step.story.id, share.step.story.title) == (before, "the App Store")


def test_before_the_open_the_session_is_that_of_friday(bench: Bench) -> None:
    closes = monday(bench, datetime(2025, 1, 27, 13, 0, tzinfo=UTC))
    share = nvidia(read(bench))
    thursday = DAYS[DAYS.index(FRIDAY) - 1]
    assert share.day == FRIDAY
    assert share.session.move == pytest.approx(closes[FRIDAY] / closes[thursday] - 1)
    assert share.outside == pytest.approx(-0.12)
    assert share.made == pytest.approx(10 * (closes[FRIDAY] - closes[thursday]))


def test_after_the_close_a_later_trade_is_told_apart(bench: Bench) -> None:
    closes = monday(bench, datetime(2025, 1, 27, 21, 30, tzinfo=UTC))
    last = closes[FRIDAY]
    bench.quote(
        Quote("NVDA", last * 0.99, bench.now, "yahoo", last, regular_price=last * 0.9, session="post", currency="USD")
    )
    share = nvidia(read(bench))
    assert share.day == DAY0
    assert share.session.move == pytest.approx(-0.1)
    assert share.outside == pytest.approx(0.1)


def test_the_morning_of_an_ex_dividend_day_is_without_the_dividend(bench: Bench) -> None:
    early = datetime(2025, 1, 27, 13, 30, tzinfo=UTC)
    last = monday(bench, early)[FRIDAY]
    raw(bench.writer).execute("DELETE FROM bar WHERE interval = 300")
    amount = last * 0.05
    paid = [Dividend(DAY0, datetime(2025, 1, 27, 5, tzinfo=UTC), amount)]
    bench.writer.prices.store_bars("NVDA", 86_400, (), None, (), early, paid)
    bench.quote(Quote("NVDA", last - amount, early, "yahoo", last, session="pre", currency="USD"))
    outside = nvidia(read(bench)).outside
    assert outside == pytest.approx(0.0)
    bench.now = OPEN
    bench.bars([five("NVDA", "2025-01-27T14:35", last - amount, last - amount)])
    bench.quote(Quote("NVDA", last - amount, OPEN, "yahoo", last, currency="USD"))
    share = nvidia(read(bench))
    assert share.session.move == pytest.approx(0.0)
    assert share.made == pytest.approx(0.0, abs=1e-9)
    assert share.step is None or share.step.move.change == pytest.approx(0.0)


def test_without_the_close_before_the_session_it_is_what_the_quote_says(bench: Bench) -> None:
    bench.now = datetime(2025, 1, 27, 13, 0, tzinfo=UTC)
    bench.bars([five("NVDA", "2025-01-24T14:30", 100.0), five("NVDA", "2025-01-24T20:55", 90.0)])
    bench.quote(Quote("NVDA", 90.0, datetime(2025, 1, 24, 21, 0, tzinfo=UTC), "yahoo", 100.0))
    share = nvidia(read(bench))
    assert share.day == FRIDAY
    assert share.session.move == pytest.approx(-0.1)
    assert share.made == pytest.approx(-100.0)


@pytest.mark.parametrize("session", ["pre", None])
def test_an_early_trade_is_not_the_session_before_it(bench: Bench, session: Session | None) -> None:
    bench.now = datetime(2025, 1, 27, 13, 0, tzinfo=UTC)
    bench.bars([five("NVDA", "2025-01-24T14:30", 100.0), five("NVDA", "2025-01-24T20:55", 90.0)])
    bench.quote(Quote("NVDA", 80.0, bench.now, "yahoo", 90.0, session=session))
    share = nvidia(read(bench))
    assert (share.day, share.session.move, share.made) == (FRIDAY, None, None)
    assert share.outside == pytest.approx(80 / 90 - 1)


def test_a_share_without_history_shows_what_its_quote_says(bench: Bench) -> None:
    bench.now = OPEN
    config = Config(symbols=(WatchSymbol("NVDA", held=2), WatchSymbol("AMD"), WatchSymbol("BTC-USD", held=1)))
    bench.quote(Quote("NVDA", 95.0, bench.now - timedelta(days=3), "yahoo", 100.0))
    share, unknown, coin = read(bench, config).shares
    assert (share.day, share.price, share.session.abnormal, share.outside) == (None, 95.0, None, None)
    assert share.session.move == pytest.approx(-0.05)
    assert share.made == pytest.approx(-10)
    for one in (unknown, coin):
        assert (one.price, one.day, one.session.move, one.step, one.made) == (None, None, None, None, None)


def test_a_price_whose_hours_nobody_knows_has_no_trade_outside_them(bench: Bench) -> None:
    bench.now = OPEN
    config = Config(symbols=(WatchSymbol("BTC-USD"),))
    bench.bars([five("BTC-USD", "2025-01-27T15:00", 100.0), five("BTC-USD", "2025-01-27T15:05", 101.0)])
    bench.quote(Quote("BTC-USD", 105.0, bench.now, "yahoo"))
    share = read(bench, config).shares[0]
    assert share.outside is None
    assert share.step is not None
    assert share.step.story is None


def test_new_stories_are_those_since_the_last_close(bench: Bench) -> None:
    monday(bench)
    bench.news("2025-01-24T20:59", "before the close")
    night = bench.news("2025-01-25T03:00", "in the night")
    bench.news("2025-01-27T15:00", "about neither", symbol="XYZ")
    bench.news("2025-01-27T15:31", "not out yet")
    later = OPEN - timedelta(minutes=20)
    for feed in ("One", "Two", "Three"):
        fill(bench.writer, feed, [article("A new fab", key=feed, minutes_ago=5, now=later, story_keys=["fab"])])
    brief = read(bench)
    assert [story.id for story in nvidia(brief).stories] == [night]
    assert brief.shares[1].stories == ()
    assert (brief.stories, brief.about, brief.is_since_close) == (3, 1, True)
    (fab,) = brief.others
    assert (fab.title, fab.size, fab.sources, fab.first_source) == ("A new fab", 3, 3, "One")
    assert brief.has_held
    recent = read(bench, hours=16)
    assert (recent.stories, recent.about, recent.is_since_close) == (2, 0, False)
    assert not read(bench, Config(symbols=(WatchSymbol("NVDA"),))).has_held


def test_what_is_muted_is_kept_out(bench: Bench) -> None:
    monday(bench)
    before = bench.news("2025-01-26T18:00", "the App Store")
    assert nvidia(read(bench)).stories
    raw(bench.writer).execute("UPDATE article SET muted = 1 WHERE id = ?", (before,))
    share = nvidia(read(bench))
    assert share.stories == ()
    assert share.step is not None
    assert share.step.article_ids == ()

"""Rules judged on a real database: once a story, on news only, and again after a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.store import NOW, article, fill, raw
from tracker.alerts import run as run_module
from tracker.alerts.judge import MAX_PER_HOUR, judge
from tracker.alerts.notify import NO_DESKTOP
from tracker.alerts.recent import recent_alerts
from tracker.alerts.run import RESEND_AFTER, AlertRun
from tracker.alerts.words import environment, title_text
from tracker.model.alert import AlertRule, Candidate, Firing
from tracker.model.clock import to_epoch
from tracker.model.config import Config
from tracker.model.dates import ComingDate
from tracker.model.market import INTRADAY, Bar, Quote, WatchSymbol
from tracker.store.alerts import HELD_BACK
from tracker.store.read import Reader
from tracker.store.write import Writer

RULE = AlertRule("nvidia", command=("x",))


class Sent:
    """Sends nothing, and remembers what it was to send."""

    def __init__(self, problem: str | None = None) -> None:
        self.titles: list[str] = []
        self.again: list[bool] = []
        self._problem = problem

    async def send(self, firing: Firing) -> str | None:
        self.titles.append(firing.candidate.title)
        self.again.append(firing.is_again)
        return self._problem


class Crash(Exception):
    """The end of the program."""


class Crashing(Sent):
    async def send(self, firing: Firing) -> str | None:
        raise Crash


async def _at_once(work: Callable[[], object]) -> object:
    return work()


def alerts(
    db: Path, sent: Sent, *rules: AlertRule, symbols: tuple[WatchSymbol, ...] = (), now: datetime = NOW
) -> AlertRun:
    return AlertRun(Config(alerts=rules, symbols=symbols), db, lambda: now, sent, _at_once)


def store(db: Path, *titles: str, minutes_ago: float = 10, symbol: str | None = None) -> None:
    with Writer(db) as writer:
        fill(writer, "CNBC", [article(title, minutes_ago=minutes_ago, symbol=symbol) for title in titles])


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "t.db"


async def test_what_was_stored_before_the_rule_fires_nothing(db: Path) -> None:
    store(db, "Nvidia was here before")
    sent = Sent()
    run = alerts(db, sent, RULE)
    await run.begin()
    store(db, "Nvidia falls", "A quiet day", "Nvidia of last week", minutes_ago=10)
    store(db, "Nvidia two days ago", minutes_ago=2 * 24 * 60)
    assert len(await run.fire()) == 2
    assert sorted(sent.titles) == ["Nvidia falls", "Nvidia of last week"]
    assert await run.fire() == []
    again = alerts(db, sent, RULE, AlertRule("quiet"))
    await again.begin()  # the new rule has seen nothing yet
    assert await again.fire() == []


async def test_the_same_story_fires_once_also_when_it_was_joined_later(db: Path) -> None:
    sent = Sent()
    run = alerts(db, sent, RULE)
    await run.begin()
    store(db, "Nvidia falls")
    await run.fire()
    store(db, "Nvidia falls again")
    with Writer(db) as writer, Reader(db) as reader:
        stories = [row.story_id for row in reader.articles.headlines([1, 2])]
        writer.stories.merge(stories)
    assert await run.fire() == []
    assert sent.titles == ["Nvidia falls"]


def test_a_story_is_claimed_once_whichever_of_its_reports_a_program_saw_first(db: Path) -> None:
    """The window and cron may look at a story before and after another report of it came in."""
    store(db, "Nvidia falls", "Nvidia loses", "Nvidia rises")
    with Writer(db) as writer:
        writer.stories.merge([1, 2])
        claimed = [writer.alerts.claim("nvidia", ids, NOW, since=NOW, most=9) for ids in ([1], [2, 3])]
    assert claimed == [{1}, {3}]


@pytest.mark.parametrize(("minutes", "fires"), [(30, True), (9, False)])
async def test_a_move_fires_when_its_price_comes_within_a_time_of_the_report(
    db: Path, minutes: int, fires: bool
) -> None:
    sent = Sent()
    run = alerts(db, sent, replace(RULE, query=f"nvidia newer:{minutes}m", move=0.02))
    await run.begin()
    store(db, "Nvidia falls", symbol="NVDA")
    published = NOW - timedelta(minutes=10)
    bar = Bar("NVDA", INTRADAY, published - timedelta(minutes=6), published - timedelta(minutes=1), 100.0, "yahoo")

    def quote(price: float) -> None:
        with Writer(db) as writer:
            one = Quote("NVDA", price, NOW - timedelta(minutes=1), "yahoo", session="regular", currency="USD")
            writer.prices.store_quotes((one,), (bar,), (), (), NOW)

    quote(99.0)
    assert await run.fire() == []
    quote(97.0)
    if not fires:
        assert await run.fire() == []
        return
    ((firing, problem),) = await run.fire()
    assert (firing.symbol, problem) == ("NVDA", None)
    assert firing.move == pytest.approx(-0.03)
    assert await run.fire() == []


async def test_a_crash_between_claiming_and_sending_sends_it_again_later_and_says_so(db: Path) -> None:
    run = alerts(db, Crashing(), RULE)
    await run.begin()
    store(db, "Nvidia falls")
    with pytest.raises(Crash):
        await run.fire()
    sent = Sent("command x: exit code 1")
    assert await alerts(db, sent, RULE).fire() == []  # another program may be sending it
    later = NOW + RESEND_AFTER + timedelta(seconds=1)
    await alerts(db, sent, RULE, now=later).fire()
    assert (sent.titles, sent.again) == (["Nvidia falls"], [True])
    assert await alerts(db, sent, RULE, now=later + RESEND_AFTER * 2).fire() == []
    with Reader(db) as reader:
        (fired,) = reader.alerts.recent(10)
    assert (fired.rule, fired.title, fired.sent) == ("nvidia", "Nvidia falls", later)
    assert fired.problem == "command x: exit code 1"


class Slow(Sent):
    """Sends when it is allowed to."""

    def __init__(self) -> None:
        super().__init__()
        self.started, self.goes = asyncio.Event(), asyncio.Event()

    async def send(self, firing: Firing) -> str | None:
        self.started.set()
        await self.goes.wait()
        return await super().send(firing)


async def test_two_programs_at_once_send_each_alert_once(db: Path) -> None:
    slow, other = Slow(), Sent()
    run = alerts(db, slow, RULE)
    await run.begin()
    store(db, "Nvidia falls", "Nvidia rises")
    sending = asyncio.create_task(run.fire())
    await slow.started.wait()
    assert await alerts(db, other, RULE).fire() == []
    slow.goes.set()
    await sending
    assert (sorted(slow.titles), other.titles) == (["Nvidia falls", "Nvidia rises"], [])


def test_what_another_program_claims_in_the_same_moment_is_left_to_it(db: Path) -> None:
    store(db, "Nvidia falls")
    later = NOW + RESEND_AFTER * 2
    with Writer(db) as writer:
        assert writer.alerts.claim("nvidia", [1], NOW, since=NOW, most=9) == {1}
        assert writer.alerts.claim("nvidia", [1], NOW, since=NOW, most=9) == set()
        assert writer.alerts.claim_again("nvidia", [1], later - RESEND_AFTER, later) == {1}
        assert writer.alerts.claim_again("nvidia", [1], later - RESEND_AFTER, later) == set()


async def test_what_is_over_the_rate_is_noted_and_not_sent(db: Path) -> None:
    sent = Sent()
    run = alerts(db, sent, RULE)
    await run.begin()
    store(db, *(f"Nvidia number {number}" for number in range(MAX_PER_HOUR + 3)))
    assert len(await run.fire()) == MAX_PER_HOUR
    with Reader(db) as reader:
        assert [one.problem for one in reader.alerts.recent(99)].count(HELD_BACK) == 3
    store(db, "Nvidia once more")
    assert await run.fire() == []


@pytest.mark.parametrize(("count", "before"), [(0, 3), (3, 0), (12, 0), (12, 7), (5, 12), (30, 30)])
def test_what_is_over_the_rate_is_held_back_and_nothing_is_lost(db: Path, count: int, before: int) -> None:
    store(db, *(f"Nvidia number {number}" for number in range(count + before)))
    hour = NOW - timedelta(hours=1)
    with Writer(db) as writer, Reader(db) as reader:
        earlier = list(range(1, before + 1))
        writer.alerts.claim("nvidia", earlier, hour - timedelta(seconds=1), since=hour, most=99)
        assert writer.alerts.claim("nvidia", earlier, NOW, since=hour, most=99) == set()
        raw(writer).execute("UPDATE alert_fired SET fired = ?", (to_epoch(NOW),))
        ids = list(range(1, before + count + 1))
        claimed = writer.alerts.claim("nvidia", ids, NOW, since=hour, most=MAX_PER_HOUR)
        new = ids[before:][: max(0, MAX_PER_HOUR - before)]
        assert claimed == set(new)
        fired = {one.article_id: one.problem for one in reader.alerts.recent(99)}
        assert set(fired) == set(ids)
        assert {one for one, problem in fired.items() if problem == HELD_BACK} == set(ids[before:]) - claimed
        # What was held back does not count, and other rules have a rate of their own.
        assert writer.alerts.claim("amd", ids[:3], NOW, since=hour, most=2) == set(ids[:2])


async def test_two_programs_together_keep_the_rate_of_a_rule(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent, other = Sent(), Sent()
    run = alerts(db, sent, RULE)
    await run.begin()
    store(db, *(f"Nvidia number {number}" for number in range(2 * MAX_PER_HOUR)))
    judged: list[int] = []

    def judge_meanwhile(rule: AlertRule, candidates: list[Candidate]) -> list[Firing]:
        firing = judge(rule, candidates)
        judged.append(len(firing))
        if len(judged) == 2:
            return firing[:MAX_PER_HOUR]
        with ThreadPoolExecutor() as pool:  # the other one claims what has moved, as it knows, before the first does
            pool.submit(asyncio.run, alerts(db, other, RULE).fire()).result()
        return firing[MAX_PER_HOUR:]

    monkeypatch.setattr(run_module, "judge", judge_meanwhile)
    await run.fire()
    assert (len(sent.titles), len(other.titles)) == (0, MAX_PER_HOUR)


async def test_a_date_or_an_article_that_fires_nothing_new_opens_no_writer(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await told(db, Sent(), NOW.date(), "nasdaq")
    moved = AlertRule("nvidia", move=0.5)
    await alerts(db, Sent(), moved).begin()
    store(db, "Nvidia falls", symbol="NVDA")
    monkeypatch.setattr(run_module, "Writer", None)
    nvidia = (WatchSymbol("NVDA"),)
    assert await alerts(db, Sent(), AlertRule(results=2, command=("x",)), moved, symbols=nvidia).fire() == []


async def test_that_there_is_no_desktop_is_said_once_and_other_problems_each_time(db: Path) -> None:
    run = alerts(db, Sent(f"{NO_DESKTOP}; url: responded 403"), RULE)
    await run.begin()
    store(db, "Nvidia falls", "Nvidia rises")
    said = [problem for _, problem in await run.fire()]
    assert said == [f"{NO_DESKTOP}; url: responded 403", "url: responded 403"]
    store(db, "Nvidia again")
    assert [problem for _, problem in await alerts(db, Sent(NO_DESKTOP), RULE).fire()] == [None]
    with Reader(db) as reader:
        assert all((one.problem or "").startswith(NO_DESKTOP) for one in reader.alerts.recent(9))


async def test_muted_articles_fire_nothing_unless_words_ask_for_them(db: Path) -> None:
    sent = Sent()
    run = alerts(db, sent, AlertRule("is:watched"), symbols=(WatchSymbol("NVDA"),))
    await run.begin()
    store(db, "Nvidia falls", "Nvidia gardens", symbol="NVDA")
    with Writer(db) as writer:
        raw(writer).execute("UPDATE article SET muted = 1 WHERE title LIKE '%gardens'")
        raw(writer).commit()
    await run.fire()
    assert sent.titles == ["Nvidia falls"]


async def test_a_rule_whose_feed_is_renamed_stays_the_same_rule(db: Path) -> None:
    sent = Sent()
    run = alerts(db, sent, RULE)
    await run.begin()
    store(db, "Nvidia falls", "Nvidia opens a plant")
    await run.fire()
    store(db, "Nvidia falls again", "Nvidia rises")
    with Writer(db) as writer, Reader(db) as reader:
        first, _, late, _ = reader.articles.headlines([1, 2, 3, 4])
        writer.stories.merge([first.story_id, late.story_id])
        with writer.alerts.renaming({RULE.key: "nvidia move 1", "unknown": "other"}):
            pass
        with writer.alerts.renaming({"nvidia move 1": "nvidia OR nvidia"}):
            pass
        assert {fired.rule for fired in reader.alerts.recent(None)} == {"nvidia OR nvidia"}
    renamed = alerts(db, sent, replace(RULE, query="nvidia OR nvidia"))
    await renamed.begin()
    await renamed.fire()
    assert sorted(sent.titles) == ["Nvidia falls", "Nvidia opens a plant", "Nvidia rises"]


async def test_a_rule_fires_once_whichever_of_its_names_is_read_while_its_feed_is_renamed(db: Path) -> None:
    sent = Sent()
    old, new = alerts(db, sent, RULE), alerts(db, sent, replace(RULE, query="nvidia OR nvidia"))
    await old.begin()
    store(db, "Nvidia falls")
    await old.fire()
    with Writer(db) as writer:
        with writer.alerts.renaming({RULE.key: "nvidia OR nvidia"}):
            await new.begin()  # another process, which has read the file a moment earlier than this one writes here
            await new.fire()
        with pytest.raises(ValueError, match="no"), writer.alerts.renaming({"nvidia OR nvidia": "other"}):
            raise ValueError("no")
    await new.fire()
    assert sent.titles == ["Nvidia falls"]
    with Reader(db) as reader:
        assert [fired.rule for fired in reader.alerts.recent(None)] == ["nvidia OR nvidia"]


@pytest.mark.parametrize("value", ["not json", "[1]", '{"nvidia": "x"}', "[" * 100_000])
async def test_a_damaged_note_of_the_rules_fires_nothing_and_heals(db: Path, value: str) -> None:
    sent = Sent()
    run = alerts(db, sent, RULE)
    await run.begin()
    store(db, "Nvidia falls")
    with Writer(db) as writer:
        writer.set_meta({"alert_rules": value})
    assert await run.fire() == []
    await run.begin()
    store(db, "Nvidia again")
    await run.fire()
    assert sent.titles == ["Nvidia again"]


async def test_without_rules_no_database_is_made(db: Path) -> None:
    run = alerts(db, Sent())
    await run.begin()
    assert await run.fire() == []
    assert not db.exists()  # noqa: ASYNC240


async def told(db: Path, sent: Sent, day: date, said: str, *, now: datetime = NOW) -> list[tuple[Firing, str | None]]:
    """Let a calendar say that Nvidia and AMD, which is not watched, report on a day; return what fires."""
    with Writer(db) as writer:
        dates = [ComingDate(symbol, "results", day, "after-close", said, now) for symbol in ("NVDA", "AMD")]
        writer.dates.store_page(said, "results", day, dates, now)
    run = alerts(db, sent, AlertRule(results=2, command=("x",)), symbols=(WatchSymbol("NVDA"),), now=now)
    await run.begin()
    return await run.fire()


async def test_a_date_fires_once_without_any_article_and_again_when_it_is_moved(db: Path) -> None:
    sent = Sent("exit code 1")
    far, near = NOW.date() + timedelta(days=2), NOW.date() + timedelta(days=1)
    assert await told(db, sent, far, "nasdaq") == []
    ((firing, problem),) = await told(db, sent, near, "nasdaq", now=NOW + timedelta(minutes=1))
    assert problem == "exit code 1"
    assert environment(firing)["TRACKER_SYMBOL"] == "NVDA"
    assert environment(firing)["TRACKER_ALERT"] == "results<2d"
    assert (environment(firing)["TRACKER_STORY"], environment(firing)["TRACKER_PUBLISHED"]) == ("", "")
    assert sent.titles == ["results tomorrow after close: Tue 28 Jan after close (Nasdaq)"]
    assert title_text(firing) == f"NVDA: {sent.titles[0]}"
    assert await told(db, sent, near, "nasdaq", now=NOW + timedelta(hours=1)) == []
    # Another source contradicts it: that is another date.
    assert len(await told(db, sent, NOW.date(), "finnhub", now=NOW + timedelta(hours=1))) == 1
    with Reader(db) as reader:
        (second, first) = recent_alerts(reader, 10)
        assert (second.rule, first.problem, first.source, first.article_id) == (
            "results<2d", "exit code 1", "Nasdaq", None,
        )  # fmt: skip
        assert recent_alerts(reader, 1) == [second]


async def test_a_date_that_was_claimed_and_never_sent_is_sent_again(db: Path) -> None:
    with pytest.raises(Crash):
        await told(db, Crashing(), NOW.date(), "nasdaq")
    sent = Sent()
    assert await told(db, sent, NOW.date(), "nasdaq", now=NOW + timedelta(minutes=5)) == []
    assert len(await told(db, sent, NOW.date(), "nasdaq", now=NOW + RESEND_AFTER + timedelta(minutes=1))) == 1
    assert sent.again == [True]


@pytest.mark.parametrize("stored", ["{", "[3]", '{"a": 1}', "[" * 5000])
async def test_a_damaged_memory_of_dates_fires_again_rather_than_never(db: Path, stored: str) -> None:
    with Writer(db) as writer:
        writer.set_meta({"alert_dates": stored})
    assert len(await told(db, Sent(), NOW.date(), "nasdaq")) == 1

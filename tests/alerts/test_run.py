"""Rules judged on a real database: once a story, on news only, and again after a crash."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.store import NOW, article, fill, raw
from tracker.alerts.judge import MAX_PER_HOUR
from tracker.alerts.run import AlertRun
from tracker.model.alert import AlertRule, Firing
from tracker.model.config import Config
from tracker.model.market import INTRADAY, Bar, Quote, WatchSymbol
from tracker.store.alerts import HELD_BACK
from tracker.store.read import Reader
from tracker.store.write import Writer

RULE = AlertRule("nvidia", command=("x",))


class Told:
    """Tells nobody, and remembers what it was to tell."""

    def __init__(self, problem: str | None = None) -> None:
        self.titles: list[str] = []
        self.again: list[bool] = []
        self._problem = problem

    async def tell(self, firing: Firing) -> str | None:
        self.titles.append(firing.candidate.title)
        self.again.append(firing.is_again)
        return self._problem


class Crash(Exception):
    """The end of the program."""


class Crashing(Told):
    async def tell(self, firing: Firing) -> str | None:
        raise Crash


async def _at_once(work: Callable[[], object]) -> object:
    return work()


def alerts(db: Path, told: Told, *rules: AlertRule, symbols: tuple[WatchSymbol, ...] = ()) -> AlertRun:
    return AlertRun(Config(alerts=rules, symbols=symbols), db, lambda: NOW, told, _at_once)


def store(db: Path, *titles: str, minutes_ago: float = 10, symbol: str | None = None) -> None:
    with Writer(db) as writer:
        fill(writer, "CNBC", [article(title, minutes_ago=minutes_ago, symbol=symbol) for title in titles])


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "t.db"


async def test_what_was_stored_before_the_rule_fires_nothing(db: Path) -> None:
    store(db, "Nvidia was here before")
    told = Told()
    run = alerts(db, told, RULE)
    run.begin()
    store(db, "Nvidia falls", "A quiet day", "Nvidia of last week", minutes_ago=10)
    store(db, "Nvidia two days ago", minutes_ago=2 * 24 * 60)
    assert len(await run.fire()) == 2
    assert sorted(told.titles) == ["Nvidia falls", "Nvidia of last week"]
    assert await run.fire() == []
    again = alerts(db, told, RULE, AlertRule("quiet"))
    again.begin()  # the new rule has seen nothing yet
    assert await again.fire() == []


async def test_the_same_story_fires_once_also_when_it_was_joined_later(db: Path) -> None:
    told = Told()
    run = alerts(db, told, RULE)
    run.begin()
    store(db, "Nvidia falls")
    await run.fire()
    store(db, "Nvidia falls again")
    with Writer(db) as writer, Reader(db) as reader:
        stories = [row.story_id for row in reader.articles.headlines([1, 2])]
        writer.stories.merge(stories)
    assert await run.fire() == []
    assert told.titles == ["Nvidia falls"]


async def test_a_move_fires_when_its_price_comes_not_only_with_the_article(db: Path) -> None:
    told = Told()
    run = alerts(db, told, replace(RULE, move=0.02))
    run.begin()
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
    ((firing, problem),) = await run.fire()
    assert (firing.symbol, problem) == ("NVDA", None)
    assert firing.move == pytest.approx(-0.03)
    assert await run.fire() == []


async def test_a_crash_between_judging_and_telling_tells_it_again_and_says_so(db: Path) -> None:
    run = alerts(db, Crashing(), RULE)
    run.begin()
    store(db, "Nvidia falls")
    with pytest.raises(Crash):
        await run.fire()
    told = Told("command x: exit code 1")
    await alerts(db, told, RULE).fire()
    assert (told.titles, told.again) == (["Nvidia falls"], [True])
    assert await alerts(db, told, RULE).fire() == []
    with Reader(db) as reader:
        (fired,) = reader.alerts.recent(10)
    assert (fired.rule, fired.title, fired.told, fired.problem) == (
        "nvidia",
        "Nvidia falls",
        NOW,
        "command x: exit code 1",
    )


async def test_what_is_over_the_rate_is_noted_and_not_told(db: Path) -> None:
    told = Told()
    run = alerts(db, told, RULE)
    run.begin()
    store(db, *(f"Nvidia number {number}" for number in range(MAX_PER_HOUR + 3)))
    assert len(await run.fire()) == MAX_PER_HOUR
    with Reader(db) as reader:
        assert [one.problem for one in reader.alerts.recent(99)].count(HELD_BACK) == 3
    store(db, "Nvidia once more")
    assert await run.fire() == []


async def test_muted_articles_fire_nothing_unless_words_ask_for_them(db: Path) -> None:
    told = Told()
    run = alerts(db, told, AlertRule("is:watched"), symbols=(WatchSymbol("NVDA"),))
    run.begin()
    store(db, "Nvidia falls", "Nvidia gardens", symbol="NVDA")
    with Writer(db) as writer:
        raw(writer).execute("UPDATE article SET muted = 1 WHERE title LIKE '%gardens'")
        raw(writer).commit()
    await run.fire()
    assert told.titles == ["Nvidia falls"]


@pytest.mark.parametrize("value", ["not json", "[1]", '{"nvidia": "x"}', "[" * 100_000])
async def test_a_damaged_note_of_the_rules_fires_nothing_and_heals(db: Path, value: str) -> None:
    told = Told()
    run = alerts(db, told, RULE)
    run.begin()
    store(db, "Nvidia falls")
    with Writer(db) as writer:
        writer.set_meta({"alert_rules": value})
    assert await run.fire() == []
    run.begin()
    store(db, "Nvidia again")
    await run.fire()
    assert told.titles == ["Nvidia again"]


async def test_without_rules_no_database_is_made(db: Path) -> None:
    run = alerts(db, Told())
    run.begin()
    assert await run.fire() == []
    assert not db.exists()  # noqa: ASYNC240

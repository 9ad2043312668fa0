"""Lists that are brought up to date are just those that would be read anew."""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.examples import examples
from tests.helpers.store import NOW, about, article, delete, fill, raw, tells_more
from tracker.model.clock import to_epoch
from tracker.model.plan import Retagged, StoryChange
from tracker.model.query import parse_query
from tracker.model.trust import TrustedTime
from tracker.store import listed, regrouped, retention
from tracker.store.db import transaction
from tracker.store.listed import Listed, follow, is_followed, replaced, state
from tracker.store.read import Reader
from tracker.store.stories import absorb
from tracker.store.write import Writer

FOLLOWED = (
    "",
    "sort:seen",
    "source:one",
    "-group:shares",
    "(source:one OR source:two) -source:three",
    "since:2025-01-27",
)
READ_ANEW = ("is:unread", "is:starred", "is:muted", "sort:sources", "newer:30m", "about:nvidia", "report", "sources>1")
QUERIES = (*FOLLOWED, *READ_ANEW)
FEEDS = {"One": None, "Two": "Shares", "Three": "Shares"}


class Newsroom:
    """Writes whatever changes lists, in an order drawn by chance."""

    def __init__(self, writer: Writer, chance: random.Random) -> None:
        self.writer, self.chance = writer, chance
        self.count = 0
        self.changes: list[StoryChange] = []
        self.steps: tuple[Callable[[], object], ...] = (
            self.report,
            self.report,
            self.report,
            self.undated,
            self.absorb,
            self.merge,
            self.split,
            self.undo,
            self.read,
            self.star,
            self.mute,
            self.delete,
            self.date,
            self.retag,
            self.correct,
            self.regroup_feeds,
        )

    def report(self) -> None:
        rows = []
        for _ in range(self.chance.randint(1, 4)):
            self.count += 1
            title = f"Report {self.count} on nvidia" if self.count % 3 else f"Report {self.count}"
            rows.append(
                article(
                    title,
                    minutes_ago=self.chance.randint(-5, 60),
                    mentions=[about("nvidia", title, "NVDA")] if self.count % 3 else [],
                    story_keys=[f"story {self.chance.randint(1, 12)}"],
                    now=NOW + timedelta(seconds=self.chance.randint(-90, 90)),
                )
            )
        name = self.chance.choice(tuple(FEEDS))
        fill(self.writer, name, rows, group=FEEDS[name], choose_story=tells_more)

    def undated(self) -> None:
        self.report()
        newest = max(self.ids())
        raw(self.writer).execute("UPDATE article SET published = NULL WHERE id = ?", (newest,))

    def ids(self) -> list[int]:
        return [one for (one,) in raw(self.writer).execute("SELECT id FROM article")]

    def some(self) -> list[int]:
        return self.chance.sample(self.ids(), min(2, len(self.ids())))

    def stories(self) -> list[int]:
        stories = raw(self.writer).execute("SELECT DISTINCT story_id FROM article ORDER BY story_id").fetchall()
        return self.chance.sample([one for (one,) in stories], min(2, len(stories)))

    def absorb(self) -> None:
        kept, *others = sorted(self.stories(), key=abs)
        with transaction(raw(self.writer)):
            absorb(raw(self.writer), {kept: others})

    def merge(self) -> None:
        self.changes.append(self.writer.stories.merge(self.stories()))

    def split(self) -> None:
        self.changes.append(self.writer.stories.split(self.some()[0]))

    def undo(self) -> None:
        if self.changes:
            self.writer.stories.undo(self.changes.pop())

    def read(self) -> None:
        self.writer.marks.set_read(self.some(), self.chance.random() < 0.7)

    def star(self) -> None:
        self.writer.marks.set_starred(self.some(), self.chance.random() < 0.7)

    def mute(self) -> None:
        rule = f'"Report {self.chance.randint(1, max(1, self.count))}"'
        self.writer.mute_stored([parse_query(rule)], [rule], NOW)

    def delete(self) -> None:
        old = "SELECT id FROM article WHERE starred = 0 AND time < ?"
        found = raw(self.writer).execute(old, (to_epoch(NOW),)).fetchall()
        if len(found) > 6:
            delete(self.writer, *self.chance.choice(found))

    def date(self) -> None:
        with transaction(raw(self.writer)):
            retention.date_articles(raw(self.writer), [(to_epoch(NOW) - 777, self.chance.choice(self.ids()))])

    def retag(self) -> None:
        self.writer.retag([Retagged(one, (), None) for one in self.some()])
        self.writer.note_retagged({})

    def correct(self) -> None:
        time = TrustedTime(NOW, NOW - timedelta(minutes=6), is_confirmed=True)
        self.writer.purge(0, time)

    def regroup_feeds(self) -> None:
        name = self.chance.choice(("Shares", "Others"))
        with transaction(raw(self.writer)):
            raw(self.writer).execute(
                "UPDATE feed SET group_name = ?1, group_slug = lower(?1) WHERE name = 'Two'", (name,)
            )


@examples(100, quick=8)
@given(seed=st.integers(0, 1 << 40))
def test_a_list_brought_up_to_date_is_the_one_read_anew(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    chance = random.Random(seed)
    with Writer(tmp_path_factory.mktemp("listed") / "news.db") as writer:
        room = Newsroom(writer, chance)
        for _ in range(4):
            room.report()
        before: dict[str, Listed | None] = dict.fromkeys(QUERIES)
        for _ in range(8):
            for _ in range(chance.randint(0, 3)):
                chance.choice(room.steps)()
            with Reader(writer.path) as reader, reader.snapshot():
                for text in QUERIES:
                    query = parse_query(text)
                    again = reader.stories.list_again(query, NOW, before[text])
                    assert list(again.leads) == list(reader.stories.leads(query, NOW)), text
                    before[text] = again


@pytest.mark.parametrize("text", FOLLOWED)
def test_new_and_regrouped_stories_are_looked_at_alone(tmp_path: Path, text: str) -> None:
    with Writer(tmp_path / "news.db") as writer:
        ids = fill(writer, "One", [article(f"Report {n}", minutes_ago=n, story_keys=[str(n)]) for n in range(30)])
        fill(writer, "Two", [article("One before", minutes_ago=50)])
        query = parse_query(text)
        with Reader(writer.path) as reader, reader.snapshot():
            before = reader.stories.list_again(query, NOW, None)
        room = Newsroom(writer, random.Random(7))
        for step in (lambda: fill(writer, "Two", [article("Another", minutes_ago=5)]), room.absorb, room.split):
            step()
            with Reader(writer.path) as reader, reader.snapshot():
                now = follow(raw(reader), before, NOW, state(raw(reader)))
                assert now == reader.stories.leads(query, NOW), text
                assert now is not None
                before = Listed(query, now, state(raw(reader)))
        assert set(ids) & set(before.leads)


@pytest.mark.parametrize("text", READ_ANEW)
def test_a_query_whose_matches_change_without_a_note_is_not_followed(text: str) -> None:
    assert not is_followed(parse_query(text))
    assert not is_followed(parse_query(f"source:one {text}"))
    assert not is_followed(parse_query(f"source:one OR -({text})")) or text.startswith("sort:")


def test_too_many_changes_are_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    query = parse_query("")
    with Writer(tmp_path / "news.db") as writer:
        fill(writer, "One", [article("First", minutes_ago=90)])
        with Reader(writer.path) as reader, reader.snapshot():
            before = reader.stories.list_again(query, NOW, None)
        fill(writer, "One", [article(f"Report {n}", minutes_ago=n) for n in range(9)])
        monkeypatch.setattr(listed, "_MAX_ARTICLES", 9)
        with Reader(writer.path) as reader, reader.snapshot():
            assert len(follow(raw(reader), before, NOW, state(raw(reader))) or ()) == 10
            monkeypatch.setattr(listed, "_MAX_ARTICLES", 8)
            assert follow(raw(reader), before, NOW, state(raw(reader))) is None
            assert len(reader.stories.list_again(query, NOW, before).leads) == 10


def test_a_note_that_began_anew_is_no_note_of_what_came_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regrouped, "_MAX_LENGTH", 12)
    with Writer(tmp_path / "news.db") as writer, transaction(raw(writer)):
        connection = raw(writer)
        marks = [regrouped.regrouped(connection)]
        for story_id in (5, -17, 4000, 81):
            regrouped.note_regrouped(connection, (story_id, story_id + 1))
            marks.append(regrouped.regrouped(connection))
        found = [regrouped.regrouped_since(connection, mark) for mark in marks]
        assert found == [None, None, None, {81, 82}, set()]


@given(
    st.sets(st.integers(0, 200), max_size=60), st.sets(st.integers(0, 200), max_size=20), st.sets(st.integers(0, 200))
)
def test_ids_are_replaced_in_their_order(ids: set[int], old: set[int], new: set[int]) -> None:
    before = array("q", sorted(ids))
    found = replaced(before, old, new, lambda one: (one, 0))
    assert list(found) == sorted((ids - old) | new)
    assert list(before) == sorted(ids)

"""Read stories with new reports come up again."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.store import NOW, article, delete, fill, tells_more
from tracker.model.clock import to_epoch
from tracker.model.query import parse_query
from tracker.store.raised import move_up
from tracker.store.read import Reader
from tracker.store.write import Writer

times = st.dictionaries(st.integers(1, 60), st.integers(0, 30), min_size=1, max_size=40)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with Writer(tmp_path / "news.db") as writer:
        yield writer


def old_stories(writer: Writer, count: int = 10) -> list[int]:
    """Stories of ten minutes from one another, the newest first, all read."""
    rows = [article(f"Story {n}", minutes_ago=10 * n + 100, story_keys=[f"{n}"]) for n in range(count)]
    ids = list(fill(writer, "CNBC", rows))
    writer.marks.set_read(ids, True)
    return ids


def report(writer: Writer, story: int, minutes_ago: int) -> int:
    rows = [article(f"More of {story} at {minutes_ago}", minutes_ago=minutes_ago, story_keys=[f"{story}"])]
    return fill(writer, "The Verge", rows, choose_story=tells_more)[0]


def listed(writer: Writer, text: str = "", limit: int | None = None, known: dict[int, int] | None = None) -> list[int]:
    with Reader(writer.path) as reader:
        query = parse_query(text)
        return list(reader.stories.raised(reader.stories.leads(query, NOW, limit), query, NOW, known or {})[0])


def test_a_read_story_comes_up_with_its_newest_report(writer: Writer) -> None:
    ids = old_stories(writer)
    assert listed(writer) == ids
    report(writer, 7, 115)
    assert listed(writer) == [*ids[:2], ids[7], *ids[2:7], *ids[8:]]
    report(writer, 7, 5)
    report(writer, 3, 95)
    assert listed(writer) == [ids[7], ids[3], *ids[:3], *ids[4:7], *ids[8:]]


def test_it_comes_into_the_first_rows(writer: Writer) -> None:
    ids = old_stories(writer)
    report(writer, 7, 105)
    assert listed(writer, limit=3) == [ids[0], ids[7], ids[1]]
    report(writer, 9, 125)
    assert listed(writer, limit=3) == [ids[0], ids[7], ids[1]]


def test_an_unread_story_stays_at_its_first_report(writer: Writer) -> None:
    ids = old_stories(writer)
    writer.marks.set_read([ids[7]], False)
    report(writer, 7, 5)
    assert listed(writer) == ids


def test_what_came_up_stays_there_when_it_was_read(writer: Writer) -> None:
    ids = old_stories(writer)
    new = report(writer, 7, 115)
    with Reader(writer.path) as reader:
        query = parse_query("")
        raised = reader.stories.raised(reader.stories.leads(query, NOW), query, NOW, {})[1]
    assert list(raised.values()) == [to_epoch(NOW - timedelta(minutes=115))]
    writer.marks.set_read([new], True)
    assert listed(writer) == ids
    assert listed(writer, known=raised) == [*ids[:2], ids[7], *ids[2:7], *ids[8:]]


def test_a_lead_that_is_deleted_meanwhile_is_still_in_the_snapshot(writer: Writer) -> None:
    ids = old_stories(writer)
    new = report(writer, 7, 5)
    query = parse_query("")
    with Reader(writer.path) as reader, reader.snapshot():
        leads = reader.stories.leads(query, NOW)
        delete(writer, ids[-1], new)
        assert list(reader.stories.raised(leads, query, NOW, {})[0]) == [ids[7], *ids[:7], *ids[8:]]
    assert listed(writer) == ids[:-1]


def test_last_weeks_reports_and_other_orders_raise_none(writer: Writer) -> None:
    ids = old_stories(writer)
    report(writer, 7, 5)
    assert listed(writer, "sort:sources")[1:] == [*ids[:7], *ids[8:]]
    with Reader(writer.path) as reader:
        query, later = parse_query(""), NOW + timedelta(days=8)
        assert list(reader.stories.raised(reader.stories.leads(query, later), query, later, {})[0]) == ids


def test_a_search_raises_only_what_it_finds(writer: Writer) -> None:
    ids = old_stories(writer)
    report(writer, 7, 5)
    assert listed(writer, "source:cnbc -story") == []
    assert listed(writer, 'source:cnbc "story 3"') == [ids[3]]
    assert listed(writer, "source:cnbc")[0] == ids[7]


def falling(times: dict[int, int]) -> Callable[[int], tuple[int, int]]:
    return lambda one: (times[one], one)


@given(times, st.data())
def test_what_moves_up_is_sorted_by_its_new_time(times: dict[int, int], data: st.DataObject) -> None:
    ids = array("q", sorted(times, key=falling(times), reverse=True))
    chosen = data.draw(st.sets(st.sampled_from(list(ids))))
    moved = {one: (times[one] + data.draw(st.integers(0, 30)), one) for one in chosen}
    newer = {one: moved.get(one, (time, one)) for one, time in times.items()}
    limit = data.draw(st.integers(1, len(ids)))
    expected = sorted(newer, key=lambda one: newer[one], reverse=True)
    assert list(move_up(ids, moved, falling(times))) == expected
    if all(one in ids[:limit] or moved[one] > (times[ids[limit - 1]], ids[limit - 1]) for one in moved):
        assert list(move_up(ids[:limit], moved, falling(times))) == expected[:limit]

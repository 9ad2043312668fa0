"""How SQLite runs what a sync asks for each feed: what it is given is looked up, not what is stored walked through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.store import NOW, article, fill, raw
from tracker.model.plan import FeedPlan
from tracker.store.read import Reader
from tracker.store.write import Writer


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with Writer(tmp_path / "t.db") as opened:
        yield opened


def test_known_keys_are_looked_up_one_by_one(writer: Writer) -> None:
    """The articles of a feed times its entries would be looked at, half a millisecond for each new article."""
    fill(writer, "A", [article("first"), article("second")])
    with Reader(writer.path) as reader:
        state = replace(reader.feeds.states()["A"], last_checked=NOW)
    asked: list[str] = []
    raw(writer).set_trace_callback(asked.append)
    writer.known_entries(1, ["first", "third"])
    new = article("third", story_keys=["w:kite", "tdigest"])
    plan = FeedPlan(state, (new,), listed=(article("first").entry, new.entry), seen_at=NOW)
    writer.store_feed(plan, lambda article, lookup: None)
    writer.grouping.list_new(NOW)
    stored = writer.grouping.new_articles(NOW + timedelta(hours=1), 10)
    writer.grouping.near(stored).find([(one, {"w:kite": 10.0}, 6.0) for one in stored], 12)
    raw(writer).set_trace_callback(None)
    listed = [sql for sql in asked if sql.startswith("SELECT") and " FROM json_each(" in sql]
    assert len(listed) >= 6
    for sql in listed:
        first, *_ = (detail for *_, detail in raw(writer).execute(f"EXPLAIN QUERY PLAN {sql}"))
        assert "VIRTUAL TABLE" in first, sql


def test_terms_of_articles_are_written_and_deleted_without_a_walk_through_the_others(writer: Writer) -> None:
    fill(writer, "A", [article("first", story_keys=["w:kite"]), article("second", story_keys=["w:kite"])])
    asked: list[str] = []
    raw(writer).set_trace_callback(asked.append)
    writer.grouping.list_new(NOW)
    writer.stories.learn_words(NOW + timedelta(days=9))
    raw(writer).set_trace_callback(None)
    about_terms = [sql for sql in asked if "_term" in sql and not sql.startswith("--")]
    assert len(about_terms) >= 4
    for sql in about_terms:
        steps = [detail for *_, detail in raw(writer).execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert not [step for step in steps if step.startswith("SCAN") and "VIRTUAL TABLE" not in step], (sql, steps)

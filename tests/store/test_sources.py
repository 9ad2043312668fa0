"""Stories by how many feeds reported them."""

from __future__ import annotations

from collections.abc import Callable
from operator import ge, gt, le, lt
from pathlib import Path

from tests.helpers.store import NOW, article, fill
from tracker.model.query import parse_query
from tracker.store.read import Reader
from tracker.store.write import Writer


def test_stories_are_found_and_sorted_by_their_feeds_not_by_their_articles(tmp_path: Path) -> None:
    with Writer(tmp_path / "t.db") as writer:
        fill(writer, "A", [article("Widely told", minutes_ago=30, story_keys=["w"])])
        fill(writer, "A", [article("Told twice by one", minutes_ago=20, story_keys=["t"])])
        fill(writer, "A", [article("Told twice by one, again", minutes_ago=15, story_keys=["t"])])
        fill(writer, "A", [article("Told once", minutes_ago=5, story_keys=["o"])])
        fill(writer, "B", [article("Widely told too", minutes_ago=10, story_keys=["w"])])

    def leads(query: str) -> list[str]:
        with Reader(tmp_path / "t.db") as reader:
            return [row.title for row in reader.articles.headlines(reader.stories.leads(parse_query(query), NOW))]

    assert leads("sources>=2") == ["Widely told"]
    assert leads("sources<2") == ["Told once", "Told twice by one"]
    assert leads("-sources<2") == ["Widely told"]
    assert leads("sort:sources")[0] == "Widely told"
    assert leads("")[0] == "Told once"


def test_each_comparison_counts_the_feeds_of_a_story(tmp_path: Path) -> None:
    told = {"one": 1, "two": 2, "three": 3}
    with Writer(tmp_path / "t.db") as writer:
        for feed in range(3):
            keys = [key for key, feeds in told.items() if feed < feeds]
            for again in range(2):
                fill(writer, f"Feed {feed}", [article(f"{key} {feed} {again}", story_keys=[key]) for key in keys])
        with Reader(tmp_path / "t.db") as reader:
            compare: dict[str, Callable[[int, int], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
            for sign, holds in compare.items():
                for count in range(5):
                    leads = reader.stories.leads(parse_query(f"sources{sign}{count}"), NOW)
                    found = {row.title.split()[0] for row in reader.articles.headlines(leads)}
                    assert found == {key for key, feeds in told.items() if holds(feeds, count)}, (sign, count)
            rows = reader.articles.headlines(reader.stories.leads(parse_query("sort:sources"), NOW, 2))
            assert [row.title.split()[0] for row in rows] == ["three", "two"]

"""The leads of stories, read in slices."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.store import NOW, about, article, fill, raw
from tracker.model.query import parse_query
from tracker.store import leads
from tracker.store.leads import all_ids, all_leads
from tracker.store.read import Reader
from tracker.store.write import Writer


def test_in_slices_of_any_length_each_story_has_its_last_match(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leads, "_PART", 5)
    minutes = [(n * 7919) % 31 for n in range(90)]  # many have the same time
    with Writer(tmp_path / "tracker.db") as writer:
        for feed in range(3):
            fill(
                writer,
                f"Feed {feed}",
                [
                    article(f"Report {n}", minutes_ago=minutes[n], story_keys=[f"story {n % 40}"])
                    for n in range(feed * 30, feed * 30 + 30)
                ],
            )
        with Reader(writer.path) as reader:
            connection = raw(reader)
            writer.marks.set_read(all_ids(connection, parse_query(""), NOW)[::9], True)
            story_of = dict(connection.execute("SELECT id, story_id FROM article").fetchall())
            for text in (
                "",
                "is:unread",
                "sort:seen -feed:feed-1",
                "newer:20m",
                "report sort:seen",
                "none",
                "tag:none",
            ):
                query = parse_query(text)
                last = {story_of[one]: one for one in all_ids(connection, query, NOW)}
                expected = [one for one in all_ids(connection, query, NOW) if last[story_of[one]] == one]
                assert (len(expected) > 10) == (text not in ("none", "tag:none")), text
                for rows in (1, 7, 30, 1_000):
                    assert list(all_leads(connection, query, NOW, rows)) == expected, (text, rows)
                assert reader.stories.count(query, NOW) == len(expected)
                stories = {story_of[one] for one in expected}
                assert reader.stories.matching(story_of, query, NOW) == {
                    one for one, story in story_of.items() if story in stories
                }


@pytest.mark.parametrize(
    ("text", "in_slices"),
    [("is:unread", True), ("sources>=2", False), ("-sources<2", False), ("results<3d", False), ("report", False)],
)
def test_a_condition_that_looks_for_a_list_is_asked_once(tmp_path: Path, text: str, in_slices: bool) -> None:
    with Writer(tmp_path / "tracker.db") as writer:
        fill(writer, "One", [article(f"Report {n}", minutes_ago=n, story_keys=[str(n % 5)]) for n in range(9)])
        fill(writer, "Other", [article(f"Report {n} too", minutes_ago=n, story_keys=[str(n % 5)]) for n in range(9)])
        with Reader(writer.path) as reader:
            asked: list[str] = []
            raw(reader).set_trace_callback(asked.append)
            all_leads(raw(reader), parse_query(text), NOW, rows=2)
            assert (sum(one.startswith("SELECT group_concat") for one in asked) > 1) == in_slices


def test_a_list_begins_with_the_newest_that_have_all_the_words(tmp_path: Path) -> None:
    with Writer(tmp_path / "tracker.db") as writer:
        for feed in ("One", "Other"):
            titles = [f"{feed} chip number {n}" for n in range(40)]
            fill(writer, feed, [article(title, minutes_ago=40 - n) for n, title in enumerate(titles)])
        fill(writer, "One", [article("Late chip number 9", minutes_ago=500)])
        with Reader(writer.path) as reader:
            for text in (
                "chip number",
                "num feed:other",
                "title:chip number -is:read",
                "chip none",
                "-chip",
                "chip OR x",
            ):
                query = parse_query(text)
                assert list(reader.stories.first_leads(query, NOW, 30)) == list(reader.stories.leads(query, NOW, 30)), (
                    text
                )
            assert reader.stories.first_leads(parse_query("sort:sources"), NOW, 9) == reader.stories.leads(
                parse_query(""), NOW, 9
            )
            # One word is looked for among the newest first; of more, the eight stored last in the order of time.
            one_word = parse_query("chip")
            assert reader.stories.first_leads(one_word, NOW, 2) == reader.stories.leads(one_word, NOW, 2)
            found = reader.articles.headlines(reader.stories.first_leads(parse_query("chip number"), NOW, 2))
            assert [row.title for row in found] == ["Other chip number 39", "Other chip number 38"]
            every = parse_query("chip sort:seen")
            assert reader.stories.first_leads(every, NOW, 2) == reader.stories.leads(every, NOW, 2)
            both = reader.stories.leads(parse_query("chip (number late)"), NOW)
            assert [row.title for row in reader.articles.headlines(both)] == ["Late chip number 9"]


@pytest.mark.parametrize("text", ["football", "football -read", '"football" source:one'])
def test_a_search_begins_with_what_is_muted_too(tmp_path: Path, text: str) -> None:
    with Writer(tmp_path / "tracker.db") as writer:
        fill(writer, "One", [article(f"Football number {n}", minutes_ago=n) for n in range(3)])
        fill(writer, "One", [article("Football again", minutes_ago=9)])
        writer.mute_stored([parse_query("number")], ["number"], NOW)
        with Reader(writer.path) as reader:
            query = parse_query(text)
            assert list(reader.stories.first_leads(query, NOW, 9)) == list(reader.stories.leads(query, NOW)) != []


def test_a_list_of_a_tag_or_a_share_begins_with_its_newest_and_none_is_no_guess(tmp_path: Path) -> None:
    with Writer(tmp_path / "tracker.db") as writer:
        titles = [f"Nvidia number {n}" for n in range(30)]
        ids = fill(
            writer,
            "One",
            [
                article(
                    title, minutes_ago=30 - n, mentions=[about("nvidia", title, "NVDA")], symbol="NVDA" if n else None
                )
                for n, title in enumerate(titles)
            ],
        )
        fill(writer, "Other", [article(f"Other {n}", minutes_ago=n) for n in range(30)])
        writer.marks.set_starred(ids[:1], True)
        with Reader(writer.path) as reader:
            for text in ("tag:nvidia", "about:nvidia -other", "symbol:NVDA is:unread"):
                found = reader.articles.headlines(reader.stories.first_leads(parse_query(text), NOW, 2))
                assert [row.title for row in found] == ["Nvidia number 29", "Nvidia number 28"], text
            for text in ("tag:nvidia is:starred", "symbol:NVDA is:starred", "nvidia is:starred"):
                assert list(reader.stories.first_leads(parse_query(text), NOW, 2)) == [ids[0]], text
            assert not reader.stories.first_leads(parse_query("tag:none"), NOW, 2)

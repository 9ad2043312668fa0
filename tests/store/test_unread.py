"""Kept counts of unread stories against counted ones, whatever was written."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.helpers.store import NOW, about, article, fill, raw
from tracker.model.feed import FeedSource
from tracker.model.plan import Retagged
from tracker.model.query import parse_query
from tracker.store import marks
from tracker.store.connection import Connection
from tracker.store.db import transaction
from tracker.store.unread import count_again, counted_after
from tracker.store.write import Writer


def kept(connection: Connection) -> list[list[tuple[object, ...]]]:
    """Return every kept count."""
    return [
        connection.execute(sql).fetchall()
        for sql in (
            "SELECT name, stories FROM story_count WHERE stories <> 0 ORDER BY name",
            "SELECT name, unread FROM feed ORDER BY id",
            "SELECT name, unread FROM tag ORDER BY id",
        )
    ]


def counted(connection: Connection) -> list[list[tuple[object, ...]]]:
    """Return what they should be."""
    unread = "a.read = 0 AND a.muted = 0"
    return [
        connection.execute(sql).fetchall()
        for sql in (
            "SELECT 'all' AS name, count(DISTINCT story_id) AS n FROM article a"
            f" WHERE {unread} HAVING n > 0 UNION ALL SELECT 'group' || coalesce(':' || f.group_name, ''),"
            f" count(DISTINCT a.story_id) FROM article a JOIN feed f ON f.id = a.feed_id WHERE {unread}"
            " GROUP BY f.group_name ORDER BY 1",
            "SELECT name, (SELECT count(DISTINCT a.story_id) FROM article a"
            f" WHERE a.feed_id = feed.id AND {unread}) FROM feed ORDER BY id",
            "SELECT name, (SELECT count(DISTINCT a.story_id) FROM article_tag t JOIN article a ON a.id = t.article_id"
            f" WHERE t.tag_id = tag.id AND t.about = 1 AND {unread}) FROM tag ORDER BY id",
        )
    ]


def _random_change(writer: Writer, rnd: random.Random) -> str:
    connection = raw(writer)
    ids = [one for (one,) in connection.execute("SELECT id FROM article")] or [0]
    some = rnd.sample(ids, min(len(ids), rnd.randint(1, 4)))
    stories = [one for (one,) in connection.execute("SELECT DISTINCT story_id FROM article")]
    kind = rnd.choice(
        ("fill", "fill", "read", "unread", "all", "restore", "mute", "join", "split", "retag", "group", "go")
    )
    match kind:
        case "fill":
            titles = [f"Nvidia and DeepSeek {rnd.random()}" for _ in range(rnd.randint(1, 4))]
            fill(
                writer,
                f"Feed {rnd.randint(0, 3)}",
                [
                    article(
                        title,
                        mentions=[about(tag, title) for tag in ("nvidia", "deepseek") if rnd.random() < 0.5],
                        story_keys=[f"key {rnd.randint(0, 6)}"],
                    )
                    for title in titles
                ],
                group=rnd.choice((None, "One", "Other")),
            )
        case "read" | "unread":
            writer.marks.set_read(some, kind == "read")
        case "all":
            list(writer.marks.mark_all_read(parse_query(rnd.choice(("tag:nvidia", "feed:feed-1"))), NOW, max(ids)))
        case "restore":
            writer.marks.restore("read", some, rnd.random() < 0.5)
        case "mute":
            writer.mute_stored([parse_query("tag:deepseek")] if rnd.random() < 0.5 else [], [str(rnd.random())], NOW)
        case "join":
            writer.stories.merge(rnd.sample(stories, min(2, len(stories))))
        case "split":
            writer.stories.split(some[0])
        case "retag":
            mentions = (about("nvidia", "nvidia"),) if rnd.random() < 0.5 else ()
            writer.retag([Retagged(some[0], mentions, None)])
        case "group":
            feeds = connection.execute("SELECT name, url FROM feed").fetchall()
            writer.register_feeds([FeedSource(name, url, rnd.choice((None, "One", "Other"))) for name, url in feeds])
        case _:
            with transaction(connection):
                for table in ("article_tag", "article_text", "story_key", "article_terms", "attribution"):
                    connection.execute(f"DELETE FROM {table} WHERE article_id = ?", some[:1])
                connection.execute("DELETE FROM article WHERE id = ?", some[:1])
    return kind


@pytest.mark.parametrize("seed", range(3))
def test_kept_counts_are_those_of_the_articles_after_every_change(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "_MANY", 3)
    rnd = random.Random(seed)
    with Writer(tmp_path / "tracker.db") as writer:
        connection = raw(writer)
        for number in range(60):
            kind = _random_change(writer, rnd)
            assert kept(connection) == counted(connection), (number, kind)
        with transaction(connection):
            connection.execute("UPDATE feed SET unread = 77")
            count_again(connection)
        assert kept(connection) == counted(connection)
        with transaction(connection), counted_after(connection):
            connection.execute("UPDATE article SET read = 1 - read WHERE muted = 0")
        assert kept(connection) == counted(connection)
        assert any(count for _, count in kept(connection)[2])

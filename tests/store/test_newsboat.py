"""newsboat's cache: read as it is, refused when it is something else."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.helpers.store import article, fill, raw
from tracker.model.errors import StoreError
from tracker.store.newsboat import CachedArticle, NewsboatCache, read_cache
from tracker.store.write import Writer

SCHEMA = (
    "CREATE TABLE rss_feed (rssurl VARCHAR(1024) PRIMARY KEY NOT NULL, url VARCHAR(1024) NOT NULL,"
    " title VARCHAR(1024) NOT NULL);"
    "CREATE TABLE rss_item (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, guid VARCHAR(64) NOT NULL,"
    " title VARCHAR(1024) NOT NULL, url VARCHAR(1024) NOT NULL, feedurl VARCHAR(1024) NOT NULL,"
    " unread INTEGER(1) NOT NULL)"
)
"""The columns of newsboat 2.21 that matter."""


def cache(path: Path, *rows: tuple[object, ...], titles: tuple[tuple[str, str], ...] = ()) -> Path:
    """Write a cache with articles (guid, title, url, feed, unread)."""
    with sqlite3.connect(path) as made:
        made.executescript(SCHEMA)
        made.executemany("INSERT INTO rss_item (guid, title, url, feedurl, unread) VALUES (?,?,?,?,?)", rows)
        made.executemany("INSERT INTO rss_feed VALUES (?, '', ?)", titles)
    made.close()
    return path


def test_articles_and_titles_are_read_and_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    path = cache(
        tmp_path / "a #1?.db",
        ("g1", "One", "http://a/1", "http://a/feed", 1),
        (b"\xff", "Two", "http://a/2", "http://a/feed", 0),
        ("g3", "Three", "", b"\x00", 0),
        titles=(("http://a/feed", "A"), ("http://b/", "")),
    )
    path.chmod(0o400)
    before = path.read_bytes()
    assert read_cache(path) == NewsboatCache(
        {"http://a/feed": "A"},
        (
            CachedArticle("http://a/feed", "g1", "http://a/1", is_read=False),
            CachedArticle("http://a/feed", "b'\\xff'", "http://a/2", is_read=True),
        ),
    )
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["a #1?.db"]


def test_text_that_is_not_utf_8_is_read_too(tmp_path: Path) -> None:
    path = cache(tmp_path / "c.db")
    with sqlite3.connect(path) as made:
        made.execute("INSERT INTO rss_item VALUES (1, CAST(x'67ff' AS TEXT), '', '', 'http://a/', 0)")
    made.close()
    assert read_cache(path).articles[0].guid == "g\ufffd"


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("CREATE TABLE x (y)", "is not newsboat's cache.db: it has no articles of newsboat"),
        ("CREATE TABLE rss_item (guid, url); CREATE TABLE rss_feed (rssurl, title)", "is not newsboat's cache.db"),
        ("CREATE VIEW rss_item AS SELECT 1; CREATE TABLE rss_feed (rssurl)", "is not newsboat's cache.db"),
    ],
)
def test_another_database_is_refused(tmp_path: Path, script: str, reason: str) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as made:
        made.executescript(script)
    made.close()
    with pytest.raises(StoreError, match=reason) as error:
        read_cache(path)
    assert error.value.kind == "foreign"


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    with pytest.raises(StoreError, match=r"cache\.db: cannot be read: No such file or directory$"):
        read_cache(path)
    path.write_bytes(b"http://a/ news\n")
    with pytest.raises(StoreError, match="it is not an SQLite database"):
        read_cache(path)
    path.write_bytes(b"SQLite format 3\x00" + b"x" * 4096)
    with pytest.raises(StoreError, match=r"cache\.db: cannot be read: "):
        read_cache(path)
    path.unlink()
    cache(path)
    (tmp_path / "cache.db-journal").write_bytes(b"x")
    with pytest.raises(StoreError, match="quit newsboat and try again"):
        read_cache(path)


def read_keys(writer: Writer) -> list[str]:
    return [key for (key,) in raw(writer).execute("SELECT key FROM article WHERE read = 1 ORDER BY key")]


def test_marks_hold_for_what_is_stored_and_for_the_next_document(tmp_path: Path) -> None:
    with Writer(tmp_path / "t.db") as writer:
        fill(writer, "A", [article("one", url="http://x/1"), article("two"), article("three")])
        feed = next(iter(writer.active_feeds().values()))
        marks = {feed: ["two", "http://x/1", "four", "http://x/5"], "http://other/": ["three"]}
        assert writer.marks.import_read(marks) == 2
        assert read_keys(writer) == ["one", "two"]
        fill(writer, "A", [article("four"), article("five", url="http://x/5"), article("six")])
        fill(writer, "B", [article("four", key="four")])
        assert read_keys(writer) == ["five", "four", "one", "two"]


def test_damaged_marks_mark_nothing(tmp_path: Path) -> None:
    with Writer(tmp_path / "t.db") as writer:
        fill(writer, "A", [])
        feed = next(iter(writer.active_feeds().values()))
        writer.set_meta({f"read_marks {feed}": "no json"})
        fill(writer, "A", [article("one")])
        assert read_keys(writer) == []

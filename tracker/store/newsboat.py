"""Reads newsboat's `cache.db`, the database of another program, without changing or locking it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from tracker.model.errors import StoreError
from tracker.store.faults import FAILURES

_MAX_ROWS = 2_000_000
_COLUMNS = {"guid", "url", "feedurl", "unread"}


class CachedArticle(Struct, frozen=True):
    """An article that newsboat knows."""

    feed_url: str
    guid: str
    url: str
    is_read: bool


class NewsboatCache(Struct, frozen=True):
    """What newsboat's cache says."""

    titles: dict[str, str]
    """Of feeds, by address."""
    articles: tuple[CachedArticle, ...]
    """Oldest first."""


def read_cache(path: Path) -> NewsboatCache:
    """Return the feeds and articles of a `cache.db`.

    Raises:
        StoreError: when it cannot be read, is not newsboat's, or newsboat has it open.
    """
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror or error}", "no-access") from error
    if start != b"SQLite format 3\x00":
        raise StoreError(f"{path}: is not newsboat's cache.db: it is not an SQLite database", "not-a-database")
    for ending in ("-journal", "-wal"):
        beside = path.with_name(path.name + ending)
        if beside.exists() and beside.stat().st_size:
            raise StoreError(f"{path}: newsboat is using it, or was interrupted; quit newsboat and try again", "busy")
    try:
        # `immutable` takes no lock and leaves no file beside the database
        address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA query_only = ON")
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            return _read(connection, path)
    except FAILURES as error:
        raise StoreError(f"{path}: cannot be read: {error}", "damaged") from error


def _read(connection: sqlite3.Connection, path: Path) -> NewsboatCache:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"rss_item", "rss_feed"} <= tables:
        raise _foreign(path)
    columns = {row[1] for row in connection.execute("PRAGMA table_info(rss_item)")}
    if not columns >= _COLUMNS:
        raise _foreign(path)
    titles = connection.execute("SELECT rssurl, title FROM rss_feed WHERE typeof(rssurl) = 'text' AND title <> ''")
    rows = connection.execute(
        "SELECT feedurl, guid, url, unread = 0 FROM rss_item WHERE typeof(feedurl) = 'text' ORDER BY id LIMIT ?",
        (_MAX_ROWS,),
    )
    return NewsboatCache(
        {str(url): str(title) for url, title in titles},
        tuple(CachedArticle(feed_url, str(guid), str(url), bool(is_read)) for feed_url, guid, url, is_read in rows),
    )


def _foreign(path: Path) -> StoreError:
    """Return the error for a database without newsboat's tables."""
    return StoreError(f"{path}: is not newsboat's cache.db: it has no articles of newsboat", "foreign")

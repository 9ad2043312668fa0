"""Everything that is read from the database; never waits for a sync."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self, TypeVar

from msgspec import Struct

from tracker.store.alerts import AlertReader
from tracker.store.article_reader import ArticleReader
from tracker.store.date_alerts import DateAlerts
from tracker.store.dates import DateReader
from tracker.store.db import connect, snapshot
from tracker.store.feed_reader import FeedReader
from tracker.store.fulltexts import FullTextReader
from tracker.store.halts import HaltReader
from tracker.store.league import LeagueReader
from tracker.store.news import NewsReader
from tracker.store.price_reader import PriceReader
from tracker.store.rows import number, remembered, remembered_json
from tracker.store.story_reader import StoryReader

T = TypeVar("T")
_JOURNAL_BYTE, _WAL = 18, 2
"""Of the file's header (https://www.sqlite.org/fileformat2.html)."""


class FileFacts(Struct, frozen=True):
    """How a database is stored."""

    schema: int
    journal: str
    """SQLite's journal mode, in lower case."""
    problem: str | None
    """What of the file is damaged."""


RETAG_CURSOR = "retag_cursor"
"""In `meta`: how far a retag has come, and with which rules; empty once it is done."""


class Reader:
    """What is stored, over one read-only connection, by what it is about.

    Use it in one thread at a time; opening another costs about a millisecond.

    Args:
        path: of the database.
        tell: takes a message for the user before an old database is updated.
    """

    def __init__(self, path: Path, *, tell: Callable[[str], object] | None = None) -> None:
        self.path = path
        self._connection = connect(path, read_only=True, tell=tell)
        self._file = _file_mark(path)
        self.feeds = FeedReader(self._connection)
        self.news = NewsReader(self._connection)
        self.prices = PriceReader(self._connection)
        self.dates = DateReader(self._connection)
        self.stories = StoryReader(self._connection)
        self.league = LeagueReader(self._connection)
        self.alerts = AlertReader(self._connection)
        self.halts = HaltReader(self._connection)
        self.date_alerts = DateAlerts(self._connection)
        self.full_texts = FullTextReader(self._connection)
        self.articles = ArticleReader(self._connection, self.stories, self.prices)

    @property
    def is_fixed(self) -> bool:
        """True where the database and its folder are read-only: it is read as one that nobody writes to."""
        return self._connection.is_fixed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def allow_stop(self) -> None:
        """Let another thread `stop` this at any moment, even just before a statement begins."""
        self._connection.allow_stop()

    def stop(self) -> None:
        """End the read that another thread is in, and all that come, with a `StoreError` of kind `stopped`."""
        self._connection.stop()

    def at_most(self, seconds: float) -> AbstractContextManager[None]:
        """End a read inside a `with` that takes more processor time with a `StoreError` of kind `stopped`."""
        return self._connection.at_most(seconds)

    def wait_at_most(self, milliseconds: int) -> None:
        """Wait for another program's lock no longer than this, in place of the usual ten seconds."""
        self._connection.execute(f"PRAGMA busy_timeout = {milliseconds}")

    def snapshot(self) -> AbstractContextManager[None]:
        """Read one state of the database inside a `with`: ids that one call returns are still stored for the next."""
        return snapshot(self._connection)

    def data_version(self) -> int:
        """Return a number that changes when another connection, of this or another process, has written."""
        return number(self._connection, "PRAGMA data_version")

    def is_replaced(self) -> bool:
        """Tell whether another file has taken the place of the one that is open; False where there is none now."""
        there = _file_mark(self.path)
        return there is not None and there != self._file

    def file_facts(self) -> FileFacts:
        """Return how the database is stored, and what is wrong with its file; reads all of it."""
        from tracker.store.repair import file_problem  # for `doctor` alone

        (schema,) = self._connection.execute("PRAGMA user_version").fetchone()
        (journal,) = self._connection.execute("PRAGMA journal_mode").fetchone()
        if self.is_fixed and _byte(self.path, _JOURNAL_BYTE) == _WAL:
            journal = "wal"  # which cannot be used now
        return FileFacts(schema, journal, file_problem(self._connection))

    def meta_json(self, key: str, kind: type[T]) -> T | None:
        """Return a remembered value that is JSON of this type; None where there is none, or it is damaged."""
        return remembered_json(self._connection, key, kind)

    def has_unfinished_retag(self) -> bool:
        """Return whether a retag was interrupted, or is running: articles are then tagged by different rules."""
        return bool(self.meta(RETAG_CURSOR))

    def meta(self, key: str) -> str | None:
        """Return a remembered value, or None."""
        return remembered(self._connection, key)


def _byte(path: Path, at: int) -> int:
    with path.open("rb") as file:
        return file.read(at + 1)[at]


def _file_mark(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from one that comes to its place; None without a file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino

"""The marks that a user gives articles: read and starred, in short transactions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import datetime

from tracker.model.query import Query
from tracker.store import read_marks
from tracker.store.connection import Connection
from tracker.store.db import transaction
from tracker.store.rows import compact_json, number
from tracker.store.unread import counted_after
from tracker.store.views import matches

_MANY = 100_000
"""Articles that take as long to count with each of them as all that are unread once."""


class MarkWriter:
    """Writes marks over the connection of a `Writer`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set_read(self, ids: Iterable[int], read: bool) -> tuple[int, ...]:
        """Mark the stories of these articles as read or unread; return the ids of the articles that changed."""
        return self._mark("read", ids, read)

    def set_starred(self, ids: Iterable[int], starred: bool) -> tuple[int, ...]:
        """Star or unstar the stories of these articles; return the ids of the articles that changed."""
        return self._mark("starred", ids, starred)

    def mark_all_read(self, query: Query, now: datetime, up_to_id: int) -> dict[int, int]:
        """Mark every match with an id up to `up_to_id` as read; return the ids that changed, each with its story.

        The limit keeps articles unread that arrived after the user last looked.
        """
        where = matches(query, now)
        found = f"FROM article a WHERE a.read = 0 AND a.id <= ? AND {where.text} LIMIT {_MANY}"
        count = number(self._connection, f"SELECT count(*) FROM (SELECT 1 {found})", (up_to_id, *where.values))
        with self._transaction(count):
            rows = self._connection.execute(
                "UPDATE article SET read = 1 WHERE read = 0 AND id <= ? AND story_id IN"
                f" (SELECT a.story_id FROM article a WHERE a.read = 0 AND a.id <= ? AND {where.text})"
                " RETURNING id, story_id",
                (up_to_id, up_to_id, *where.values),
            ).fetchall()
        return dict(rows)

    def mark_stories_read(self, ids: Iterable[int], up_to_id: int) -> dict[int, int]:
        """Mark the stories of these articles as read; return the ids that changed, each with its story.

        Articles with an id above `up_to_id` arrived after the user last looked, and stay unread.
        """
        ids = tuple(ids)
        with self._transaction(len(ids)):
            rows = self._connection.execute(
                "UPDATE article SET read = 1 WHERE read = 0 AND id <= ? AND story_id IN"
                " (SELECT story_id FROM article WHERE id IN (SELECT value FROM json_each(?))) RETURNING id, story_id",
                (up_to_id, compact_json(ids)),
            ).fetchall()
        return dict(rows)

    def import_read(self, marks: Mapping[str, Iterable[str]]) -> int:
        """Mark what another reader knows as read, now or when its feed brings it; return how many are marked now.

        Args:
            marks: keys and addresses of the read articles, by the address of their feed.
        """
        with transaction(self._connection):
            return read_marks.add(self._connection, marks)

    def restore(self, column: str, ids: Iterable[int], value: bool) -> None:
        """Set `read` or `starred` of exactly these articles (undo)."""
        ids = tuple(ids)
        with self._transaction(len(ids)):
            self._connection.execute(
                f"UPDATE article SET {_checked(column)} = ? WHERE id IN (SELECT value FROM json_each(?))",
                (int(value), compact_json(ids)),
            )

    @contextmanager
    def _transaction(self, count: int) -> Iterator[None]:
        """Write about so many articles; unread stories are counted once where that is faster."""
        with transaction(self._connection), counted_after(self._connection) if count >= _MANY else nullcontext():
            yield

    def _mark(self, column: str, ids: Iterable[int], value: bool) -> tuple[int, ...]:
        with transaction(self._connection):
            rows = self._connection.execute(
                f"UPDATE article SET {_checked(column)} = ?1 WHERE {column} <> ?1 AND story_id IN"
                " (SELECT story_id FROM article WHERE id IN (SELECT value FROM json_each(?2))) RETURNING id",
                (int(value), compact_json(ids)),
            ).fetchall()
        return tuple(article_id for (article_id,) in rows)


def _checked(column: str) -> str:
    if column not in ("read", "starred"):
        raise ValueError(f"no mark is called {column}")
    return column

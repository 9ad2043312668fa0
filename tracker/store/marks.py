"""The marks that a user gives articles: read and starred, in short transactions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime

from tracker.model.query import Query
from tracker.store import read_marks
from tracker.store.connection import OnConnection
from tracker.store.db import transaction
from tracker.store.rows import column, compact_json
from tracker.store.unread import counted_after
from tracker.store.views import matches

_FIRST_SLICE, _SLICE = 1_000, 10_000
"""Stories of a transaction: at first so few that an answer comes at once, then 0.3 s."""
_MANY = 100_000
"""Articles that take as long to count with each of them as all that are unread once."""


class MarkWriter(OnConnection):
    """Writes marks over the connection of a `Writer`."""

    def set_read(self, ids: Iterable[int], read: bool) -> tuple[int, ...]:
        """Mark the stories of these articles as read or unread; return the ids of the articles that changed."""
        return self._mark("read", ids, read)

    def set_starred(self, ids: Iterable[int], starred: bool) -> tuple[int, ...]:
        """Star or unstar the stories of these articles; return the ids of the articles that changed."""
        return self._mark("starred", ids, starred)

    def mark_all_read(self, query: Query, now: datetime, up_to_id: int) -> Iterator[dict[int, int]]:
        """Mark every match with an id up to `up_to_id` as read, slice by slice, and yield the ids that changed.

        Each id comes with its story, once its slice is stored. A caller that stops taking slices leaves the rest
        unread. Articles above `up_to_id` stay unread: they arrived after the user last looked.
        """
        where = matches(query, now)
        most = _FIRST_SLICE
        while True:
            with transaction(self._connection):
                stories = column(
                    self._connection,
                    "SELECT DISTINCT a.story_id FROM article a"
                    f" WHERE a.read = 0 AND a.id <= ? AND {where.text} LIMIT ?",
                    (up_to_id, *where.values, most),
                )
                changed = self._mark_read("SELECT value FROM json_each(?)", stories, up_to_id)
            yield changed
            if len(stories) < most:
                return
            most = _SLICE

    def mark_stories_read(self, ids: Sequence[int], up_to_id: int) -> Iterator[dict[int, int]]:
        """Mark the stories of these articles as read, slice by slice, and yield as `mark_all_read`.

        Articles with an id above `up_to_id` arrived after the user last looked, and stay unread.
        """
        for at in range(0, len(ids), _SLICE):
            with transaction(self._connection):
                changed = self._mark_read(
                    "SELECT story_id FROM article WHERE id IN (SELECT value FROM json_each(?))",
                    ids[at : at + _SLICE],
                    up_to_id,
                )
            yield changed

    def _mark_read(self, stories: str, ids: Iterable[int], up_to_id: int) -> dict[int, int]:
        return dict(
            self._connection.execute(
                f"UPDATE article SET read = 1 WHERE read = 0 AND id <= ? AND story_id IN ({stories})"
                " RETURNING id, story_id",
                (up_to_id, compact_json(list(ids))),
            ).fetchall()
        )

    def import_read(self, marks: Mapping[str, Iterable[str]]) -> int:
        """Mark what another reader knows as read, now or when its feed brings it; return how many are marked now.

        Args:
            marks: keys and addresses of the read articles, by the address of their feed.
        """
        with transaction(self._connection):
            return read_marks.add(self._connection, marks)

    def restore(self, column: str, ids: Sequence[int], value: bool) -> None:
        """Set `read` or `starred` of exactly these articles (undo)."""
        counted = counted_after(self._connection) if len(ids) >= _MANY else nullcontext()
        with transaction(self._connection), counted:
            for at in range(0, len(ids), _SLICE):
                self._connection.execute(
                    f"UPDATE article SET {_checked(column)} = ? WHERE id IN (SELECT value FROM json_each(?))",
                    (int(value), compact_json(list(ids[at : at + _SLICE]))),
                )

    def _mark(self, mark: str, ids: Iterable[int], value: bool) -> tuple[int, ...]:
        with transaction(self._connection):
            changed = column(
                self._connection,
                f"UPDATE article SET {_checked(mark)} = ?1 WHERE {mark} <> ?1 AND story_id IN"
                " (SELECT story_id FROM article WHERE id IN (SELECT value FROM json_each(?2))) RETURNING id",
                (int(value), compact_json(ids)),
            )
        return tuple(changed)


def _checked(column: str) -> str:
    if column not in ("read", "starred"):
        raise ValueError(f"no mark is called {column}")
    return column

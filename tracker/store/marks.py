"""The marks that a user gives articles: read and starred. Every function runs inside a transaction."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.store.connection import Connection
from tracker.store.rows import compact_json
from tracker.store.views import Sql


def mark(connection: Connection, column: str, ids: Iterable[int], value: bool) -> tuple[int, ...]:
    """Set `read` or `starred` of the whole stories of these articles; return the ids of the articles that changed."""
    rows = connection.execute(
        f"UPDATE article SET {_checked(column)} = ?1 WHERE {column} <> ?1 AND story_id IN"
        " (SELECT story_id FROM article WHERE id IN (SELECT value FROM json_each(?2))) RETURNING id",
        (int(value), compact_json(ids)),
    ).fetchall()
    return tuple(row[0] for row in rows)


def mark_all_read(connection: Connection, where: Sql, up_to_id: int) -> tuple[int, ...]:
    """Mark the stories of what matches, up to an id, read; return the ids that changed."""
    rows = connection.execute(
        "UPDATE article SET read = 1 WHERE read = 0 AND id <= ? AND story_id IN"
        f" (SELECT a.story_id FROM article a WHERE a.read = 0 AND a.id <= ? AND {where.text}) RETURNING id",
        (up_to_id, up_to_id, *where.values),
    ).fetchall()
    return tuple(row[0] for row in rows)


def restore(connection: Connection, column: str, ids: Iterable[int], value: bool) -> None:
    """Set `read` or `starred` of exactly these articles."""
    connection.execute(
        f"UPDATE article SET {_checked(column)} = ? WHERE id IN (SELECT value FROM json_each(?))",
        (int(value), compact_json(ids)),
    )


def _checked(column: str) -> str:
    if column not in ("read", "starred"):
        raise ValueError(f"no mark is called {column}")
    return column

"""What another reader knew as read, kept until the feed was fetched. Every function runs inside a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tracker.store.connection import Connection
from tracker.store.rows import compact_json, remember, remembered

_PREFIX = "read_marks "
"""In `meta`, with the address of the feed: keys and addresses of articles."""
_MAX_MARKS = 20_000
"""Kept for a feed; a document has 2,000 entries at most."""


def add(connection: Connection, marks: Mapping[str, Iterable[str]]) -> int:
    """Mark stored articles as read, and remember the marks for those to come; return how many were unread."""
    count = 0
    for feed_url, found in marks.items():
        text = compact_json(list(dict.fromkeys(found))[:_MAX_MARKS])
        count += connection.execute(
            "UPDATE article SET read = 1 WHERE read = 0 AND feed_id IN (SELECT id FROM feed WHERE url = ?1)"
            " AND (key IN (SELECT value FROM json_each(?2)) OR url IN (SELECT value FROM json_each(?2)))",
            (feed_url, text),
        ).rowcount
        remember(connection, {_PREFIX + feed_url: text})
    return count


def mark_new(connection: Connection, feed_url: str, ids: Iterable[int]) -> None:
    """Mark new articles of a feed as read where there are marks for them."""
    known = remembered(connection, _PREFIX + feed_url)
    if known is not None:
        connection.execute(
            "UPDATE article SET read = 1 WHERE id IN (SELECT value FROM json_each(?1))"
            " AND json_valid(?2) AND (key IN (SELECT value FROM json_each(?2))"
            " OR url IN (SELECT value FROM json_each(?2)))",
            (compact_json(ids), known),
        )


def forget(connection: Connection, feed_url: str) -> None:
    """Forget the marks of a feed whose whole document is stored."""
    connection.execute("DELETE FROM meta WHERE key = ?", (_PREFIX + feed_url,))

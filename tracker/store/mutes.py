"""Muted articles: stored as read and shown only in searches. Every function runs inside a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from tracker.model.query import Query
from tracker.store.connection import Connection
from tracker.store.rows import compact_json
from tracker.store.views import condition

_RULES = "mutes"
"""In `meta`: the rules last applied to stored articles."""


def mute_new(connection: Connection, ids: Iterable[int], mutes: Sequence[Query], now: datetime) -> None:
    """Mute the articles that match a rule."""
    wanted = compact_json(ids)
    for query in mutes:
        where = condition(query.root, now)
        connection.execute(
            "UPDATE article SET muted = 1, read = 1 WHERE id IN"
            " (SELECT a.id FROM json_each(?) w JOIN article a ON a.id = w.value"
            f" WHERE a.muted = 0 AND {where.text})",
            (wanted, *where.values),
        )


def mute_stored(connection: Connection, mutes: Sequence[Query], rules: Sequence[str], now: datetime) -> bool:
    """Apply changed rules to stored articles, except starred ones.

    Args:
        mutes: the rules, parsed.
        rules: their texts.

    Returns:
        Whether the rules had changed.
    """
    known = connection.execute("SELECT value FROM meta WHERE key = ?", (_RULES,)).fetchone()
    text = compact_json(rules)
    if text == (known[0] if known else compact_json([])):
        return False
    connection.execute("UPDATE article SET muted = 0 WHERE muted = 1")
    for query in mutes:
        where = condition(query.root, now)
        connection.execute(
            "UPDATE article SET muted = 1, read = 1 WHERE id IN"
            f" (SELECT a.id FROM article a WHERE a.muted = 0 AND a.starred = 0 AND {where.text})",
            where.values,
        )
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?,?)", (_RULES, text))
    return True

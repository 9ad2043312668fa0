"""Muted articles: stored as read and shown only in searches. Every function runs inside a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from tracker.model.query import And, HasState, Not, Query
from tracker.store.connection import Connection
from tracker.store.relisted import note_relisted
from tracker.store.rows import compact_json, remember, remembered
from tracker.store.views import condition, matches

_RULES = "mutes"
"""In `meta`: the rules last applied to stored articles."""


class Muted(Struct, frozen=True):
    """What one more rule hid."""

    ids: tuple[int, ...]
    unread: tuple[int, ...]
    """Those of them that were unread."""


def hidden_by(query: Query) -> Query:
    """Return the query of the articles that a rule would hide: its matches that are not starred or muted."""
    kept = Not(HasState("starred"))
    return replace(query, root=kept if query.root is None else And((query.root, kept)), is_view=True)


def mute(connection: Connection, query: Query, before: Sequence[str], rules: Sequence[str], now: datetime) -> Muted:
    """Apply one more rule to stored articles.

    Args:
        before: the texts of the rules without it.
        rules: the texts with it.
    """
    where = matches(hidden_by(query), now)
    rows = connection.execute(f"SELECT a.id, a.read FROM article a WHERE {where.text}", where.values).fetchall()
    muted = Muted(tuple(one for one, _ in rows), tuple(one for one, read in rows if not read))
    connection.execute(
        "UPDATE article SET muted = 1, read = 1 WHERE id IN (SELECT value FROM json_each(?))",
        (compact_json(muted.ids),),
    )
    _replace_rules(connection, before, rules)
    note_relisted(connection)
    return muted


def unmute(connection: Connection, muted: Muted, before: Sequence[str], rules: Sequence[str]) -> None:
    """Undo `mute`: exactly the articles that it hid are listed again, and those that were unread are unread."""
    for column, ids in (("muted", muted.ids), ("read", muted.unread)):
        connection.execute(
            f"UPDATE article SET {column} = 0 WHERE id IN (SELECT value FROM json_each(?))", (compact_json(ids),)
        )
    _replace_rules(connection, rules, before)
    note_relisted(connection)


def _replace_rules(connection: Connection, old: Sequence[str], new: Sequence[str]) -> None:
    """Note other rules as applied, unless those noted are not the old ones: the next sync then applies them all."""
    if _applied(connection) == compact_json(old):
        remember(connection, {_RULES: compact_json(new)})


def _applied(connection: Connection) -> str:
    return remembered(connection, _RULES) or compact_json([])


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
    text = compact_json(rules)
    if text == _applied(connection):
        return False
    connection.execute("UPDATE article SET muted = 0 WHERE muted = 1")
    for query in mutes:
        where = condition(query.root, now)
        connection.execute(
            "UPDATE article SET muted = 1, read = 1 WHERE id IN"
            f" (SELECT a.id FROM article a WHERE a.muted = 0 AND a.starred = 0 AND {where.text})",
            where.values,
        )
    remember(connection, {_RULES: text})
    note_relisted(connection)
    return True

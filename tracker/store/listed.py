"""Leads that were read before, brought up to date with what was stored since.

A window reads its list again each time a sync has stored a feed. To read a million rows takes a second, and beside the
threads that store and draw there is no room for that.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import Struct

from tracker.model.query import And, Between, FromSource, InGroup, Node, Not, Or, Query
from tracker.store.connection import Connection
from tracker.store.leads import KEYS
from tracker.store.regrouped import Mark, regrouped, regrouped_since
from tracker.store.relisted import relisted
from tracker.store.rows import column, compact_json, first_value, number
from tracker.store.views import matches

_MAX_ARTICLES = 5_000
"""Articles of changed stories with which reading everything is as fast."""
_Key = tuple[int, int]


class State(Struct, frozen=True):
    """A state of the database, as far as lists depend on it."""

    highest: int
    """The newest article."""
    relisted: str | None
    regrouped: Mark
    feeds: str | None
    """The names and groups of the feeds."""


class Listed(Struct, frozen=True):
    """The leads of a query, and of which state of the database they are."""

    query: Query
    leads: array[int]
    state: State


def state(connection: Connection) -> State:
    """Return the state of the database. Needs the snapshot in which the list is read."""
    feeds = first_value(
        connection,
        "SELECT group_concat(id || ' ' || slug || ' ' || coalesce(group_slug, ' '), char(10))"
        " FROM (SELECT id, slug, group_slug FROM feed ORDER BY id)",
    )
    highest = number(connection, "SELECT coalesce(max(id), 0) FROM article")
    return State(highest, relisted(connection), regrouped(connection), feeds)


def is_followed(query: Query) -> bool:
    """True for a query whose matches change only with what the database notes or numbers."""
    return query.sort in KEYS and _is_lasting(query.root)


def _is_lasting(node: Node | None) -> bool:
    match node:
        case None | FromSource() | InGroup() | Between():
            return True
        case And(parts) | Or(parts):
            return all(map(_is_lasting, parts))
        case Not(part):
            return _is_lasting(part)
        case _:  # marks, prices, words and tags change without a note, and an age with the time
            return False


def follow(connection: Connection, before: Listed, now: datetime, current: State) -> array[int] | None:
    """Return the leads as they are now, just those that reading them all would give; None where that cannot be told.

    Needs the snapshot of `current`.
    """
    query, old = before.query, before.state
    if not is_followed(query) or old.relisted != current.relisted:
        return None
    if query.root is not None and old.feeds != current.feeds:
        return None
    changed = regrouped_since(connection, old.regrouped)
    if changed is None:
        return None
    sql = "SELECT DISTINCT story_id FROM article WHERE id > ? LIMIT ?"
    new = column(connection, sql, (old.highest, _MAX_ARTICLES + 1))
    wanted = compact_json(sorted(changed.union(new)))
    key = KEYS[query.sort]
    keys: dict[int, _Key] = {
        article_id: (-time, -article_id)
        for article_id, time in connection.execute(
            f"SELECT a.id, a.{key} FROM json_each(?) w JOIN article a ON a.story_id = w.value LIMIT ?",
            (wanted, _MAX_ARTICLES + 1),
        )
    }
    if max(len(new), len(keys)) > _MAX_ARTICLES:
        return None
    where = matches(query, now)
    leads: list[int] = column(
        connection,
        f"SELECT (SELECT a.id FROM article a WHERE a.story_id = w.value AND {where.text} ORDER BY a.{key}, a.id"
        " LIMIT 1) AS lead FROM json_each(?) w WHERE lead IS NOT NULL",
        (*where.values, wanted),
    )

    def key_of(article_id: int) -> _Key:
        found = keys.get(article_id)
        if found is None:
            time = number(connection, f"SELECT {key} FROM article WHERE id = ?", (article_id,))
            found = keys[article_id] = (-time, -article_id)
        return found

    return replaced(before.leads, list(keys), leads, key_of)


def replaced(ids: array[int], old: Iterable[int], new: Iterable[int], key: Callable[[int], _Key]) -> array[int]:
    """Return ids in rising order of their keys, without some and with others, in a copy made of few pieces.

    Args:
        old: ids to leave out, if they are there.
        new: ids to put in; they may be among `old`.
        key: returns the key of an id.
    """
    stays = set(new)
    found = array("q")
    copied = at = 0
    for one in sorted(stays.union(old), key=key):
        at = _place(ids, key(one), at, key)
        is_there = ids[at : at + 1] == array("q", (one,))
        if is_there is (one in stays):
            continue
        found += ids[copied:at]
        copied = at + is_there
        if not is_there:
            found.append(one)
    return found + ids[copied:] if copied or found else ids


def _place(ids: array[int], wanted: _Key, start: int, key: Callable[[int], _Key]) -> int:
    """Return the first place from `start` on whose key is not less; what is new is mostly near the one before."""
    low, step = start, 1
    while low + step <= len(ids) and key(ids[low + step - 1]) < wanted:
        low += step
        step *= 2
    high = min(low + step, len(ids))
    while low < high:
        middle = (low + high) // 2
        if key(ids[middle]) < wanted:
            low = middle + 1
        else:
            high = middle
    return low

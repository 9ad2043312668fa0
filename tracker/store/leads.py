"""All leads of a query, one id for each story, read without holding up other threads.

Each row that becomes Python objects takes the interpreter's lock twice, and a thread of the window that wants it
meanwhile waits a switch interval each time. So SQLite joins the ids of thousands of rows into one text, 16 hexadecimal
digits each: a million of these become integers within 13 ms in which no other thread runs, decimal ones within 230.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator
from datetime import datetime

from tracker.model.id_set import IdSet
from tracker.model.query import And, Node, Not, OfSymbol, OfWatchlist, Or, Query, Reported, ReportsIn, Tagged, Words
from tracker.store.connection import Connection
from tracker.store.db import snapshot
from tracker.store.views import Sql, matches, select_ids

_SLICE = 8_000
"""Rows of a statement: 8 ms."""
_DIGITS = 16
_PART = 4_096
"""Integers that are made at once: 0.1 ms."""
KEYS = {"published": "time", "seen": "first_seen"}
"""The orders that go by one column of an article, which has an index."""
_LOWEST = 1 << 62


def all_leads(connection: Connection, query: Query, now: datetime, rows: int = _SLICE) -> array[int]:
    """Return one id for each story with a match, in the order of the query: its last match in that order.

    Args:
        rows: that are looked at in one statement.
    """
    key = KEYS.get(query.sort)
    if key is not None and _is_of_rows(query.root):
        return _walk(connection, query, now, key, rows)
    sql = select_ids(query, now)
    ids, stories = _columns(connection, f"{_packed('id')}, {_packed('story_id')}", sql)
    seen = IdSet()
    leads = array("q", (ids[at] for at in range(len(ids) - 1, -1, -1) if seen.add(stories[at])))
    leads.reverse()
    return leads


def all_ids(connection: Connection, query: Query, now: datetime, limit: int | None = None) -> array[int]:
    """Return the ids of the matches in the order of the query."""
    return _columns(connection, _packed("id"), select_ids(query, now, limit))[0]


def _columns(connection: Connection, columns: str, sql: Sql) -> list[array[int]]:
    """Return columns of a statement, one array for each."""
    found = []
    for text in connection.execute(f"SELECT {columns} FROM ({sql.text})", sql.values).fetchone():
        column = array("q")
        for part in _parts(text):
            column.extend(part)
        found.append(column)
    return found


def _walk(connection: Connection, query: Query, now: datetime, key: str, rows: int) -> array[int]:
    """Read slice after slice along the index of `key`, all of them of one state of the database."""
    where = matches(query, now)
    # The inner `a` hides the outer one, so that the same condition stands for both.
    is_later = (
        f"EXISTS (SELECT 1 FROM article a WHERE a.story_id = x.story_id"
        f" AND a.{key} <= x.{key} AND (a.{key}, a.id) < (x.{key}, x.id) AND {where.text})"
    )
    sql = (
        f"SELECT {_packed(f'CASE WHEN {is_later} THEN -x.id ELSE x.id END')},"
        f" min(x.{key}), count(*)"
        f" FROM (SELECT a.id, a.story_id, a.{key} FROM article a WHERE (a.{key}, a.id) < (?, ?) AND {where.text}"
        f" ORDER BY a.{key} DESC, a.id DESC LIMIT {rows}) x"
    )
    leads, below = array("q"), (_LOWEST, _LOWEST)
    with snapshot(connection):
        while True:
            text, last, count = connection.execute(sql, (*where.values, *below, *where.values)).fetchone()
            for part in _parts(text):
                leads.extend(part if min(part) > 0 else array("q", filter((0).__lt__, part)))
                below = (last, abs(part[-1]))
            if count < rows:
                return leads


def _packed(column: str) -> str:
    """Return the SQL of the integers of a column in one text."""
    return f"group_concat(printf('%0{_DIGITS}x', {column}), '')"


def _parts(text: str | None) -> Iterator[array[int]]:
    """Yield the integers of a packed column, many at a time."""
    length = _PART * _DIGITS
    for at in range(0, len(text or ""), length):
        part = array("q", bytes.fromhex((text or "")[at : at + length]))
        if sys.byteorder == "little":
            part.byteswap()
        yield part


def _is_of_rows(node: Node | None) -> bool:
    """True when a condition looks at an article alone: one that looks for lists of articles does so for each slice."""
    match node:
        case And(parts) | Or(parts):
            return all(map(_is_of_rows, parts))
        case Not(part):
            return _is_of_rows(part)
        case _:
            return not isinstance(node, Words | Tagged | OfSymbol | OfWatchlist | Reported | ReportsIn)

"""Which alerts fired, and which stories may fire one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct

from tracker.model.clock import to_epoch
from tracker.model.query import Query
from tracker.store.connection import Connection
from tracker.store.db import transaction
from tracker.store.views import matches

_RULES = "alert_rules"
"""In `meta`: the newest article when each rule was first seen; what came before fires nothing."""


class Fired(Struct, frozen=True):
    """An alert that fired."""

    rule: str
    article_id: int
    title: str
    url: str | None
    source: str
    fired: datetime
    told: datetime | None
    """None while it has not been told."""
    problem: str | None
    """What did not work when it was told, or why it was not."""


class AlertReader:
    """Reads alerts over the connection of a `Reader`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def matches(self, rule: str, query: Query, since: datetime, now: datetime) -> list[int]:
        """Return the articles that match and came after the rule was first seen, oldest first.

        Args:
            rule: its key.
            since: earliest publication.
        """
        where = matches(query, now)
        after = self._first_seen().get(rule)
        if after is None:
            return []
        rows = self._connection.execute(
            f"SELECT a.id FROM article a WHERE a.time >= ? AND a.id > ? AND {where.text} ORDER BY a.time, a.id",
            (to_epoch(since), after, *where.values),
        )
        return [article_id for (article_id,) in rows]

    def fired_stories(self, rule: str) -> frozenset[int]:
        """Return the stories that have fired a rule, as articles are grouped now."""
        rows = self._connection.execute(
            "SELECT a.story_id FROM alert_fired f JOIN article a ON a.id = f.article_id WHERE f.rule = ?", (rule,)
        )
        return frozenset(story_id for (story_id,) in rows)

    def fired_since(self, rule: str, since: datetime) -> int:
        """Return how often a rule has fired since a time."""
        found: int = self._connection.execute(
            "SELECT count(*) FROM alert_fired WHERE rule = ? AND fired >= ? AND problem IS NOT ?",
            (rule, to_epoch(since), HELD_BACK),
        ).fetchone()[0]
        return found

    def untold(self, rule: str) -> list[int]:
        """Return the articles of a rule's alerts that were not told to the end."""
        rows = self._connection.execute(
            "SELECT article_id FROM alert_fired WHERE rule = ? AND told IS NULL ORDER BY fired, article_id", (rule,)
        )
        return [article_id for (article_id,) in rows]

    def recent(self, limit: int) -> list[Fired]:
        """Return the alerts that fired last, newest first."""
        rows = self._connection.execute(
            "SELECT f.rule, f.article_id, a.title, a.url, s.name, f.fired, f.told, f.problem FROM alert_fired f"
            " JOIN article a ON a.id = f.article_id JOIN feed s ON s.id = a.feed_id"
            " ORDER BY f.fired DESC, f.article_id DESC LIMIT ?",
            (limit,),
        )
        return [
            Fired(rule, article_id, title, url, source, _time(fired), None if told is None else _time(told), problem)
            for rule, article_id, title, url, source, fired, told, problem in rows
        ]

    def _first_seen(self) -> dict[str, int]:
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (_RULES,)).fetchone()
        return _decoded(row[0]) if row else {}


class AlertWriter:
    """Writes alerts over the connection of a `Writer`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note_rules(self, rules: Sequence[str]) -> None:
        """Remember the newest article for rules that are new, and forget rules that are gone."""
        execute = self._connection.execute
        with transaction(self._connection):
            row = execute("SELECT value FROM meta WHERE key = ?", (_RULES,)).fetchone()
            before = _decoded(row[0]) if row else {}
            highest: int = execute("SELECT coalesce(max(id), 0) FROM article").fetchone()[0]
            after = {rule: before.get(rule, highest) for rule in rules}
            if after != before:
                execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?,?)", (_RULES, json.dumps(after)))

    def note_fired(self, rule: str, article_ids: Sequence[int], now: datetime, *, held_back: bool = False) -> None:
        """Remember that a rule fired, before it is told; `held_back`: it is not going to be."""
        told = to_epoch(now) if held_back else None
        with transaction(self._connection):
            self._connection.executemany(
                "INSERT OR IGNORE INTO alert_fired (rule, article_id, fired, told, problem) VALUES (?,?,?,?,?)",
                [(rule, one, to_epoch(now), told, HELD_BACK if held_back else None) for one in article_ids],
            )

    def note_told(self, rule: str, article_id: int, now: datetime, problem: str | None) -> None:
        """Remember that an alert was told, and what did not work."""
        with transaction(self._connection):
            self._connection.execute(
                "UPDATE alert_fired SET told = ?, problem = ? WHERE rule = ? AND article_id = ?",
                (to_epoch(now), problem, rule, article_id),
            )


HELD_BACK = "not told: too many in an hour"


def _decoded(text: str) -> dict[str, int]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {rule: one for rule, one in found.items() if type(one) is int} if isinstance(found, dict) else {}


def _time(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)

"""Which alerts fired, and which articles may fire one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

import msgspec
from msgspec import Struct

from tracker.model.clock import to_epoch
from tracker.model.query import Query
from tracker.store.connection import Connection, OnConnection
from tracker.store.db import transaction
from tracker.store.rows import column, compact_json, number, remember, remembered_json, structs
from tracker.store.views import matches

HELD_BACK = "not sent: too many in an hour"
_RULES = "alert_rules"
"""In `meta`: the newest article when each rule was first seen; what came before fires nothing."""


class Fired(Struct, frozen=True):
    """An alert that fired."""

    rule: str
    article_id: int | None
    """None for a coming date, which no article told."""
    title: str
    url: str | None
    source: str
    fired: datetime
    sent: datetime | None
    """None while it has not been sent."""
    problem: str | None
    """What did not work when it was sent, or why it was not."""


class AlertReader(OnConnection):
    """Reads alerts over the connection of a `Reader`."""

    def candidates(self, rule: str, query: Query, since: datetime, now: datetime) -> list[int]:
        """Return the articles that may fire a rule, oldest first.

        They match, came after the rule was first seen, and no article of their story has fired it.

        Args:
            rule: its key.
            since: earliest publication.
        """
        after = _first_seen(self._connection).get(rule)
        if after is None:
            return []
        where = matches(query, now)
        return column(
            self._connection,
            f"SELECT a.id FROM article a WHERE a.time >= ? AND a.id > ? AND {where.text} AND a.story_id NOT IN"
            " (SELECT o.story_id FROM alert_fired f JOIN article o ON o.id = f.article_id WHERE f.rule = ?)"
            " ORDER BY a.time, a.id",
            (to_epoch(since), after, *where.values, rule),
        )

    def unsent(self, rule: str, before: datetime) -> list[int]:
        """Return the articles of a rule's alerts that were claimed before a time and not sent, oldest first."""
        return column(
            self._connection,
            "SELECT article_id FROM alert_fired WHERE rule = ? AND sent IS NULL AND fired < ?"
            " ORDER BY fired, article_id",
            (rule, to_epoch(before)),
        )

    def recent(self, limit: int | None) -> list[Fired]:
        """Return the alerts that fired last, newest first; None: all of them."""
        rows = self._connection.execute(
            "SELECT f.rule, f.article_id, a.title, a.url, s.name AS source, f.fired, f.sent, f.problem"
            " FROM alert_fired f JOIN article a ON a.id = f.article_id JOIN feed s ON s.id = a.feed_id"
            " ORDER BY f.fired DESC, f.article_id DESC LIMIT ?",
            (-1 if limit is None else limit,),
        )
        return list(structs(Fired, rows))


class AlertWriter(OnConnection):
    """Writes alerts over the connection of a `Writer`."""

    def note_rules(self, rules: Sequence[str]) -> None:
        """Remember the newest article for rules that are new, and forget rules that are gone."""
        with transaction(self._connection):
            before = _first_seen(self._connection)
            highest = number(self._connection, "SELECT coalesce(max(id), 0) FROM article")
            after = {rule: before.get(rule, highest) for rule in rules}
            if after != before:
                remember(self._connection, {_RULES: msgspec.json.encode(after).decode()})

    @contextmanager
    def renaming(self, renamed: Mapping[str, str]) -> Iterator[None]:
        """Keep what is known about rules whose keys change inside of a `with`.

        It is known under both keys meanwhile: another process may read the rules just before or after they change, and
        must not fire again what has fired.

        Args:
            renamed: their keys, before and after.
        """
        fresh = set(renamed.values()) - _first_seen(self._connection).keys()
        self._copy_rules(renamed)
        try:
            yield
        except BaseException:
            self._forget_rules(fresh)
            raise
        self._copy_rules(renamed)  # what has fired meanwhile
        self._forget_rules(renamed.keys() - set(renamed.values()))

    def _copy_rules(self, renamed: Mapping[str, str]) -> None:
        with transaction(self._connection):
            first_seen = _first_seen(self._connection)
            for old, new in renamed.items():
                self._connection.execute(
                    "INSERT OR IGNORE INTO alert_fired (rule, article_id, fired, sent, problem)"
                    " SELECT ?, article_id, fired, sent, problem FROM alert_fired WHERE rule = ?",
                    (new, old),
                )
                if (seen := first_seen.get(old)) is not None:
                    first_seen[new] = min(seen, first_seen.get(new, seen))
            remember(self._connection, {_RULES: msgspec.json.encode(first_seen).decode()})

    def _forget_rules(self, rules: Collection[str]) -> None:
        with transaction(self._connection):
            kept = {rule: seen for rule, seen in _first_seen(self._connection).items() if rule not in rules}
            self._connection.executemany("DELETE FROM alert_fired WHERE rule = ?", [(rule,) for rule in rules])
            remember(self._connection, {_RULES: msgspec.json.encode(kept).decode()})

    def claim(self, rule: str, article_ids: Sequence[int], now: datetime, *, since: datetime, most: int) -> set[int]:
        """Note that a rule fired; return the articles whose alerts are to be sent.

        Those whose story another program has claimed are left out, and so are those over the rate, which are noted as
        held back. The rate is counted in the same transaction, so two programs together do not exceed it.

        Args:
            article_ids: in the order in which they are sent.
            since: alerts from then on count towards the rate.
            most: how many alerts of the rule are sent since then.
        """
        with transaction(self._connection):
            known = set(
                column(
                    self._connection,
                    "SELECT a.id FROM article a WHERE a.id IN (SELECT value FROM json_each(?)) AND a.story_id IN"
                    " (SELECT o.story_id FROM alert_fired f JOIN article o ON o.id = f.article_id WHERE f.rule = ?)",
                    (compact_json(article_ids), rule),
                )
            )
            sent = number(
                self._connection,
                "SELECT count(*) FROM alert_fired WHERE rule = ? AND fired >= ? AND problem IS NOT ?",
                (rule, to_epoch(since), HELD_BACK),
            )
            new = [one for one in dict.fromkeys(article_ids) if one not in known]
            claimed = new[: max(0, most - sent)]
            self._insert(rule, claimed, now, sent=None, problem=None)
            self._insert(rule, new[len(claimed) :], now, sent=to_epoch(now), problem=HELD_BACK)
        return set(claimed)

    def claim_again(self, rule: str, article_ids: Iterable[int], before: datetime, now: datetime) -> set[int]:
        """Claim alerts that were claimed before a time and not sent; return those that no other program has claimed."""
        with transaction(self._connection):
            rows = column(
                self._connection,
                "UPDATE alert_fired SET fired = ? WHERE rule = ? AND sent IS NULL AND fired < ?"
                " AND article_id IN (SELECT value FROM json_each(?)) RETURNING article_id",
                (to_epoch(now), rule, to_epoch(before), compact_json(article_ids)),
            )
        return set(rows)

    def note_sent(self, rule: str, article_id: int, now: datetime, problem: str | None) -> None:
        """Note that an alert was sent, and what did not work."""
        with transaction(self._connection):
            self._connection.execute(
                "UPDATE alert_fired SET sent = ?, problem = ? WHERE rule = ? AND article_id = ?",
                (to_epoch(now), problem, rule, article_id),
            )

    def _insert(
        self, rule: str, article_ids: Iterable[int], now: datetime, *, sent: int | None, problem: str | None
    ) -> None:
        self._connection.execute(
            "INSERT INTO alert_fired (rule, article_id, fired, sent, problem)"
            " SELECT ?, value, ?, ?, ? FROM json_each(?)",
            (rule, to_epoch(now), sent, problem, compact_json(article_ids)),
        )


def _first_seen(connection: Connection) -> dict[str, int]:
    return remembered_json(connection, _RULES, dict[str, int]) or {}

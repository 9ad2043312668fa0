"""Reads trading halts: they are stored as the articles of their feed, whose keys are `SYMBOL|start`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from tracker.model.clock import from_epoch, optional_time, to_epoch
from tracker.model.halts import Halt
from tracker.store.connection import OnConnection
from tracker.store.rows import compact_json


class HaltReader(OnConnection):
    """Reads halts over the connection of a `Reader`."""

    def since(self, feeds: Iterable[str], symbols: Sequence[str], since: datetime) -> dict[str, list[Halt]]:
        """Return the halts of these shares that began at or after a time, oldest first.

        Shares without one are left out.

        Args:
            feeds: the names of the feeds that list halts.
            symbols: upper case.
            since: aware.
        """
        rows = self._connection.execute(
            "SELECT substr(key, 1, instr(key, '|') - 1), published, updated FROM article"
            " WHERE feed_id IN (SELECT id FROM feed WHERE name IN (SELECT value FROM json_each(?)))"
            " AND time >= ? AND published IS NOT NULL"
            " AND substr(key, 1, instr(key, '|') - 1) IN (SELECT value FROM json_each(?)) ORDER BY published",
            (compact_json(feeds), to_epoch(since), compact_json(symbols)),
        )
        found: dict[str, list[Halt]] = {}
        for symbol, start, resumes in rows:
            found.setdefault(symbol, []).append(Halt(symbol, from_epoch(start), optional_time(resumes)))
        return found

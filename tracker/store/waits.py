"""Stored pauses of hosts and price providers: reads active ones, deletes the others."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from tracker.model.wait import LONGEST_PAUSE, is_active
from tracker.store.connection import Connection
from tracker.store.rows import compact_json, structs

Table = Literal["host", "breaker"]
_WHO: dict[Table, str] = {"host": "host", "breaker": "provider"}


class StoredWait(Struct, frozen=True):
    """The pause of a host or provider."""

    who: str
    until: datetime
    reason: str
    set_at: datetime | None


def active_waits(connection: Connection, table: Table, now: datetime) -> list[StoredWait]:
    """Return the pauses that last at `now`."""
    rows = connection.execute(f"SELECT {_WHO[table]} AS who, until, reason, set_at FROM {table}")
    return [wait for wait in structs(StoredWait, rows) if is_active(wait.until, wait.set_at, now, LONGEST_PAUSE)]


def forget_void(connection: Connection, table: Table, now: datetime) -> None:
    """Delete pauses that are over or void, within the caller's transaction."""
    kept = compact_json([wait.who for wait in active_waits(connection, table, now)])
    connection.execute(f"DELETE FROM {table} WHERE {_WHO[table]} NOT IN (SELECT value FROM json_each(?))", (kept,))

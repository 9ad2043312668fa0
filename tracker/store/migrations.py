"""The steps of the schema as migrations of sqlite-utils, for a database of an earlier release."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from sqlite_utils import Database, Migrations

from tracker.store.schema import MIGRATION_SET, STEPS, step_name

_MIGRATIONS = Migrations(MIGRATION_SET)


def _step(statements: Sequence[str]) -> Callable[[Database], None]:
    def execute(db: Database, /) -> None:
        for statement in statements:
            db.conn.execute(statement)

    return execute


for _number, _statements in enumerate(STEPS, 1):
    _MIGRATIONS(name=step_name(_number))(_step(_statements))


def migrate(connection: sqlite3.Connection, *, below: int | None = None) -> None:
    """Apply the schemas that a database does not have yet, within the caller's transaction.

    Args:
        connection: to the database.
        below: stops before this schema; None for the last one, `tracker.store.db.SCHEMA_VERSION`.
    """
    before = None if below is None else step_name(below)
    _MIGRATIONS.apply(Database(connection, execute_plugins=False), stop_before=before)

"""Opening the database: pragmas, schema check, and the one kind of transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.model.errors import StoreError

SCHEMA_VERSION = 2
APPLICATION_ID = 0x74726B72  # "trkr", so that `file` and doctor know whose database it is
BUSY_MS = 10_000
_WRITER_CACHE_KB = 4_000
_READER_CACHE_KB = 500
"""A window has readers that live all day. What they do not keep the operating system does, for all of them: 100,000
rows are listed as fast with 0.5 MB as with 2."""


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a database of ours, making or migrating it when needed.

    The connection is in autocommit mode: only `transaction` opens transactions. It may be handed from one thread to
    another but not used by two at once.

    Raises:
        StoreError: when the file cannot be opened, is no database of ours, or comes from a newer version.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path}: cannot be opened: {error}") from error
    try:
        _prepare(connection, path)
        connection.execute(f"PRAGMA cache_size = -{_READER_CACHE_KB if read_only else _WRITER_CACHE_KB}")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
    except sqlite3.Error as error:
        connection.close()
        raise StoreError(f"{path}: {error}. Move it away or give another with --db") from error
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise StoreError(f"{path}: made by a newer tracker (schema {version}, this one knows {SCHEMA_VERSION})")
    if version < SCHEMA_VERSION:
        # sqlite_utils takes 120 ms to import; a database that is up to date does not need it.
        from tracker.store.migrations import migrate

        migrate(connection, path)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write inside one short transaction that takes the write lock at its start.

    A deferred transaction that reads first fails at once with SQLITE_BUSY_SNAPSHOT when another process wrote in
    between, whatever the timeout; an immediate one waits its turn.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.execute("COMMIT")

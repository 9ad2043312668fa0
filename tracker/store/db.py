"""Opens the database: pragmas, schema check, and the two kinds of transactions."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tracker.config.private import keep_private, make_private, make_private_folder
from tracker.model.errors import StoreError
from tracker.store.backup import back_up, backup_path
from tracker.store.connection import Connection
from tracker.store.faults import BUSY_MS, permission_advice, store_error
from tracker.store.rows import number

SCHEMA_VERSION = 10
APPLICATION_ID = 0x74726B72  # "trkr", so that `file` and doctor know whose database it is
_WRITER_CACHE_KB = 4_000
_READER_CACHE_KB = 500
"""A window has readers that live all day. What they do not keep the operating system does, for all of them: 100,000
rows are listed as fast with 0.5 MB as with 2."""
_BESIDE = ("", "-wal", "-shm")
_making = threading.Lock()


def connect(path: Path, *, read_only: bool = False, tell: Callable[[str], object] | None = None) -> Connection:
    """Open a tracker database; create or migrate it if needed.

    Args:
        path: of the database.
        read_only: refuses to write, but for the migration.
        tell: takes a message for the user before an old database is migrated, as that may take a minute.

    The connection is in autocommit mode: only `transaction` and `snapshot` open transactions. It may be handed from one
    thread to another but not used by two at once. All that goes wrong with it, now and later, is a StoreError.

    Raises:
        StoreError: the file cannot be opened, is not a tracker database, or was created by a newer version.
    """
    connection = open_file(path, read_only=read_only)
    try:
        _prepare(connection, path, tell)
        for ending in _BESIDE:  # not before: what a user named by mistake keeps its permissions
            keep_private(Path(f"{path}{ending}"))
        connection.execute(f"PRAGMA cache_size = -{_READER_CACHE_KB if read_only else _WRITER_CACHE_KB}")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def open_file(path: Path, *, read_only: bool = False) -> Connection:
    """Open a database of any program and schema as it is; a new file is for its owner only.

    Raises:
        StoreError: when it cannot be opened.
    """
    try:
        if read_only and _is_fixed(path):
            # SQLite would make files beside the database, which this folder does not let it.
            uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(
                uri, uri=True, isolation_level=None, check_same_thread=False, factory=Connection
            )
            connection.path, connection.is_fixed = path, True
            return connection
        # A file that a thread closes takes the locks of the whole process with it (POSIX), so no other thread may
        # open the new database in between.
        with _making:
            make_private_folder(path.parent)
            make_private(path)
        connection = sqlite3.connect(
            path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False, factory=Connection
        )
    except (OSError, sqlite3.Error) as error:
        raise store_error(path, error) from error
    connection.path = path
    return connection


def _is_fixed(path: Path) -> bool:
    """Return whether nothing can be written beside a database that is whole without the files beside it."""
    log = Path(f"{path}-wal")
    return path.is_file() and not os.access(path.parent, os.W_OK) and not (log.exists() and log.stat().st_size)


def _prepare(connection: Connection, path: Path, tell: Callable[[str], object] | None) -> None:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise foreign(path)
        raise _newer(path, version)
    if version < SCHEMA_VERSION:
        if connection.is_fixed:
            raise StoreError(
                f"{path}: created by an older tracker (schema {version}), has to be updated, and is not writable."
                f" {permission_advice(path)}",
                "read-only",
            )
        _update(connection, path, tell)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _update(connection: Connection, path: Path, tell: Callable[[str], object] | None) -> None:
    """Bring a database, new ones included, to `SCHEMA_VERSION`.

    Two processes may meet here: the transaction lets one work and the other find it done. What there was before is
    kept beside it (`tracker.store.backup`).
    """
    # In this order: another process may be making the database just now, tables and owner at once.
    tables = number(connection, "SELECT count(*) FROM sqlite_master")
    owner = number(connection, "PRAGMA application_id")
    if tables and owner != APPLICATION_ID:
        raise foreign(path)
    _use_wal(connection)
    with transaction(connection):
        version = number(connection, "PRAGMA user_version")
        if version < SCHEMA_VERSION:
            if version and tell is not None:
                tell(
                    f"{path}: updating from schema {version} to {SCHEMA_VERSION}; a copy is kept as"
                    f" {backup_path(path).name}. Large databases take a minute"
                )
            if version:
                from tracker.store.migrations import migrate  # imports sqlite_utils: 120 ms, 16 MB

                back_up(path)
                migrate(connection)
            else:
                from tracker.store.schema import make

                make(connection)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _use_wal(connection: Connection) -> None:
    """Switch to a write-ahead log; of two processes that do so at once SQLite refuses one without letting it wait."""
    end = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except StoreError as error:
            if error.kind != "busy" or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def _newer(path: Path, version: int) -> StoreError:
    return StoreError(
        f"{path}: created by a newer tracker (schema {version}; this version supports {SCHEMA_VERSION})."
        " Upgrade tracker, or choose another file with --db",
        "newer",
    )


def foreign(path: Path) -> StoreError:
    """Return the error for another program's database."""
    return StoreError(f"{path}: belongs to another program. Choose another file with --db", "foreign")


@contextmanager
def snapshot(connection: Connection) -> Iterator[None]:
    """Read one state of the database, whatever other connections write meanwhile; may be nested."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        with suppress(StoreError):  # nothing was written; report the original error instead
            connection.rollback()


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Write inside one short transaction that takes the write lock at its start.

    A deferred transaction that reads first fails at once with SQLITE_BUSY_SNAPSHOT when another process wrote in
    between, whatever the timeout; an immediate one waits its turn.

    Raises:
        StoreError: a newer version has updated the database since it was opened, by a window that stays open say.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise _newer(connection.path, version)
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(StoreError):  # report the original error instead
            connection.rollback()
        raise

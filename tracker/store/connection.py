"""A connection that raises every failure as a `StoreError`, so that other packages never see SQLite's errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import thread_time
from typing import Any

from tracker.store.faults import FAILURES, stopped, store_error

_NO_ROW = object()
_STEPS = 2_000
"""Of SQLite's virtual machine between two looks at the clock: some 0.1 ms."""


class Cursor(sqlite3.Cursor):
    """A cursor that raises StoreError."""

    connection: Connection

    def execute(self, *arguments: Any) -> Cursor:
        """Run one statement."""
        if self.connection.is_stopped:
            raise stopped(self.connection.path)
        if self.connection.give_way is not None:
            self.connection.give_way()
        try:
            super().execute(*arguments)
        except FAILURES as error:
            raise store_error(self.connection.path, error) from error
        return self

    def executemany(self, *arguments: Any) -> Cursor:
        """Run one statement for each row of parameters."""
        if self.connection.give_way is not None:
            self.connection.give_way()
        try:
            super().executemany(*arguments)
        except FAILURES as error:
            raise store_error(self.connection.path, error) from error
        return self

    def fetchone(self) -> Any:
        """Return the next row, or None."""
        try:
            return super().fetchone()
        except FAILURES as error:
            raise store_error(self.connection.path, error) from error

    def fetchall(self) -> list[Any]:
        """Return the remaining rows."""
        try:
            return super().fetchall()
        except FAILURES as error:
            raise store_error(self.connection.path, error) from error

    # Around SQLite's own iteration, not a `__next__` in Python: a scan of a million rows is as fast as without (0.6 s).
    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        try:
            yield from iter(super().__next__, _NO_ROW)
        except FAILURES as error:
            raise store_error(self.connection.path, error) from error


class Connection(sqlite3.Connection):
    """A connection that raises StoreError; `tracker.store.db.connect` makes it."""

    path: Path
    is_stopped = False
    is_fixed = False
    """True for a database on which nothing can be written, opened as one that nobody writes to."""
    give_way: Callable[[], None] | None = None
    """Called before each statement, where another thread may need the interpreter more."""
    _is_due: Callable[[], bool] | None = None
    """Ends the running statement when it returns True; SQLite calls it every `_STEPS`."""

    def allow_stop(self) -> None:
        """Make sure that `stop` ends a statement that is just about to begin: SQLite forgets such an interrupt."""
        self._is_due = lambda: self.is_stopped
        self.set_progress_handler(self._is_due, _STEPS)

    def stop(self) -> None:
        """End the statement that another thread is in the middle of, and refuse all that come: `stopped`."""
        self.is_stopped = True
        with suppress(sqlite3.ProgrammingError):  # closed meanwhile
            self.interrupt()

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """Stop a statement that takes more processor time: `stopped`."""
        end = thread_time() + seconds
        self.set_progress_handler(lambda: self.is_stopped or thread_time() > end, _STEPS)
        try:
            yield
        finally:
            self.set_progress_handler(self._is_due, _STEPS)

    def cursor(self, factory: Any = Cursor) -> Any:
        """Return a new cursor."""
        try:
            return super().cursor(factory)
        except FAILURES as error:
            raise store_error(self.path, error) from error

    def execute(self, *arguments: Any) -> Cursor:
        """Run one statement."""
        cursor: Cursor = self.cursor()
        return cursor.execute(*arguments)

    def executemany(self, *arguments: Any) -> Cursor:
        """Run one statement for each row of parameters."""
        cursor: Cursor = self.cursor()
        return cursor.executemany(*arguments)

    def rollback(self) -> None:
        """Roll back the open transaction, if there is one."""
        try:
            super().rollback()
        except FAILURES as error:
            raise store_error(self.path, error) from error


class OnConnection:
    """What reads or writes over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

"""Allows one sync per database at a time, across processes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout
from msgspec import Struct

from tracker.config.private import FILE_MODE, keep_private, make_private, make_private_folder
from tracker.model.clock import Clock, iso
from tracker.model.errors import LockedError
from tracker.store.faults import store_error

_LOCK_TIMEOUT = 0.1
"""Seconds: `is_locked` of another process holds the lock for a moment and must not be taken for a sync."""


class Holder(Struct, frozen=True):
    """The process that holds the lock, as far as its note is readable."""

    pid: int | None
    since: str | None


def lock_path(db: Path) -> Path:
    """Return the lock file of a database."""
    return db.with_name(db.name + ".sync-lock")


@contextmanager
def sync_lock(db: Path, clock: Clock) -> Iterator[None]:
    """Hold the sync lock of a database.

    An operating system lock on a file beside the database, so it ends with its process, for whatever
    reason; the pid and start beside it are only for people.

    Raises:
        LockedError: when another process, or another sync of this one, holds it.
        StoreError: when the lock cannot be written beside the database.
    """
    path = lock_path(db)
    lock = FileLock(path, timeout=_LOCK_TIMEOUT, mode=FILE_MODE, thread_local=False)
    try:
        make_private_folder(path.parent)
        keep_private(path)
        lock.acquire(poll_interval=_LOCK_TIMEOUT / 5)
    except Timeout:
        holder = read_holder(db)
        who = f"pid {holder.pid}" if holder.pid is not None else "another process"
        since = f", since {holder.since}" if holder.since is not None else ""
        raise LockedError(f"another sync is running ({who}{since})") from None
    except OSError as error:
        raise store_error(db, error) from error
    try:
        try:
            _note(path, clock())
        except OSError as error:
            raise store_error(db, error) from error
        yield
    finally:
        lock.release()


def read_holder(db: Path) -> Holder:
    """Return the last process that took the lock; `is_locked` says whether it still holds it."""
    try:
        note = json.loads(_note_path(lock_path(db)).read_text(encoding="utf-8"))
        return Holder(int(note["pid"]), str(note["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder(None, None)


def is_locked(db: Path) -> bool:
    """Return whether a sync of this database is running."""
    path = lock_path(db)
    if not path.exists():
        return False
    lock = FileLock(path, timeout=0, mode=FILE_MODE, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return True
    except OSError:  # it may not be written to: a sync of ours could not have it either
        return False
    lock.release()
    return False


def _note_path(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _note(path: Path, now: datetime) -> None:
    # Written whole and renamed: whoever is refused at this moment reads the old note or the new one, never half of it.
    note = _note_path(path)
    fresh = note.with_name(f"{note.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    make_private(fresh)
    fresh.write_text(json.dumps({"pid": os.getpid(), "since": iso(now)}), encoding="utf-8")
    fresh.replace(note)

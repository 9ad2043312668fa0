"""Backs up a database before its schema changes."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from tracker.config.private import FILE_MODE
from tracker.store.faults import FAILURES, store_error


def backup_path(path: Path) -> Path:
    """Return the path of a database's backup."""
    return path.with_name(f"{path.name}.backup")


def back_up(path: Path) -> Path:
    """Copy a database as it was committed last, and return the copy's path; the one before is replaced.

    The caller holds the write lock, which keeps others from writing; the copy uses a connection of its own.

    Raises:
        StoreError: when it cannot be written, on a full disk say.
    """
    # One name for all processes: they meet at the write lock, and what one that was killed left is written over.
    fresh = path.with_name(f"{path.name}.backup-unfinished")
    try:
        fresh.unlink(missing_ok=True)
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(fresh)) as target:
            target.execute("PRAGMA journal_mode = OFF")  # a copy that fails is deleted
            source.backup(target)
        fresh.replace(backup_path(path))
    except (OSError, *FAILURES) as error:
        raise store_error(backup_path(path), error) from error
    finally:
        fresh.unlink(missing_ok=True)
    return backup_path(path)

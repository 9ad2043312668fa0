"""Explains in words why a database is unusable; the only place that interprets errors of SQLite and the system."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from tracker.model.errors import StoreError, StoreFault

BUSY_MS = 10_000
"""How long a statement waits for another program's lock."""

FAILURES = (sqlite3.Error, UnicodeError)
"""What `sqlite3` raises: a damaged file may also hold text, even in SQLite's own message, that is not UTF-8."""

_SAFE = "Stored data is safe"
_CODES: dict[int, StoreFault] = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_PROTOCOL: "busy",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_PERM: "no-access",
    sqlite3.SQLITE_AUTH: "no-access",
    sqlite3.SQLITE_CANTOPEN: "no-access",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "not-a-database",
    sqlite3.SQLITE_IOERR: "io",
    sqlite3.SQLITE_INTERRUPT: "stopped",
}
_BY_ERRNO: dict[int, StoreFault] = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
    errno.EROFS: "read-only",
    errno.EIO: "io",
}


def store_error(path: Path, error: sqlite3.Error | OSError | UnicodeError) -> StoreError:
    """Explain an error of SQLite or the system for the database at `path`, with advice."""
    if isinstance(error, OSError):
        kind = _BY_ERRNO.get(error.errno or 0, "no-access")
        said = error.strerror or str(error)
    else:
        code = getattr(error, "sqlite_errorcode", None)
        if code is not None:  # its low byte is the kind of error, the rest distinguishes variants
            kind = _CODES.get(code & 0xFF, "statement")
        else:  # from Python's own module: invalid text, or a connection used wrongly
            is_stored = isinstance(error, sqlite3.OperationalError | UnicodeDecodeError)
            kind = "damaged" if is_stored else "statement"
        said = str(error) or type(error).__name__
    return StoreError(f"{path}: {_reason(path, kind, said)}", kind)


def not_writable(path: Path) -> StoreError:
    """Return the error of a database that cannot be written."""
    return StoreError(f"{path}: {_reason(path, 'read-only', '')}", "read-only")


def stopped(path: Path) -> StoreError:
    """Return the error of a read that was stopped."""
    return StoreError(f"{path}: {_reason(path, 'stopped', '')}", "stopped")


def _reason(path: Path, kind: StoreFault, said: str) -> str:
    match kind:
        case "busy":
            return (
                f"another program has locked the database for {BUSY_MS // 1000} s. {_SAFE}; try again later, or"
                " close that program"
            )
        case "full":
            return f"the disk is full ({said}). Free some space, then try again. {_SAFE}"
        case "io":
            if path.exists() and not path.is_file():  # /dev/null, a pipe
                return "is not a file that can hold a database. Choose another with --db"
            return (
                f"the disk cannot be read or written ({said}). Check the disk, its quota and the limit on file sizes"
                f" (`ulimit -f`), then try again. {_SAFE}"
            )
        case "read-only":
            return f"is not writable. {permission_advice(path)}"
        case "no-access":
            if path.is_dir():
                return "is a folder, not a database. Choose a file with --db"
            return f"cannot be opened ({said}). {permission_advice(path)}"
        case "damaged":
            return f"is damaged ({said}). `tracker doctor --repair` recovers what is readable"
        case "stopped":
            return "the read was stopped"
        case "not-a-database":
            return "is not a tracker database. Move it away, or choose another file with --db"
        case _:
            return f"the database refused a statement ({said}). `tracker doctor` checks the file for damage"


def permission_advice(path: Path) -> str:
    """Return advice on the permissions that are missing, as far as they can be checked."""
    folder = path.parent
    lowest = next(above for above in path.parents if above.exists())
    if not lowest.is_dir():
        return f"{lowest} is a file, not a folder. Choose another path with --db"
    if folder.is_dir() and not os.access(folder, os.W_OK):
        return (
            f"The folder {folder} is not writable: fix its permissions, or copy the database elsewhere and open"
            " the copy with --db"
        )
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return "Check the owner and permissions of the file, or choose another with --db"
    return f"Check that {folder} exists and is writable, or choose another file with --db"

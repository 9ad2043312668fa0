"""Errors that end a command early."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tracker.model.errors import ConfigError, LockedError, StoreError, StoreFault, TrackerError

_WRONG_FILE = 2
_TRY_LATER = 4
_STORE_CODES: Mapping[StoreFault, int] = MappingProxyType(
    {"busy": _TRY_LATER, "not-a-database": _WRONG_FILE, "foreign": _WRONG_FILE, "newer": _WRONG_FILE}
)


class UsageError(TrackerError):
    """An invalid command line; exit code 2."""


class Interrupted(Exception):
    """Stopped by the user or the system; exit code 130."""


def exit_code(error: TrackerError) -> int:
    """Return the exit code for an error that ended a command."""
    match error:
        case UsageError() | ConfigError():
            return 2
        case LockedError():
            return _TRY_LATER
        case StoreError():
            return _STORE_CODES.get(error.kind, 1)
        case _:
            return 1

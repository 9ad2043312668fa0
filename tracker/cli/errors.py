"""What ends a command early."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tracker.model.errors import ConfigError, LockedError, StoreError, StoreFault, TrackerError

_NOT_OURS = 2
_TRY_LATER = 4
_STORE_CODES: Mapping[StoreFault, int] = MappingProxyType(
    {"busy": _TRY_LATER, "not-a-database": _NOT_OURS, "foreign": _NOT_OURS, "newer": _NOT_OURS}
)


class UsageError(TrackerError):
    """The command line cannot be understood; exit code 2."""


class Interrupted(Exception):
    """The user, or the system, asked to stop; exit code 130."""


def exit_code(error: TrackerError) -> int:
    """Return the exit code of the interface for an error that ended a command."""
    match error:
        case UsageError() | ConfigError():
            return 2
        case LockedError():
            return _TRY_LATER
        case StoreError():
            return _STORE_CODES.get(error.kind, 1)
        case _:
            return 1

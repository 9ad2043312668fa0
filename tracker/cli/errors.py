"""What ends a command early."""

from __future__ import annotations

from tracker.model.errors import TrackerError


class UsageError(TrackerError):
    """The command line cannot be understood; exit code 2."""


class Interrupted(Exception):
    """The user, or the system, asked to stop; exit code 130."""

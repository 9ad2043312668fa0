"""Errors whose message is meant for the user; nothing else is caught at the top."""

from __future__ import annotations

from typing import Literal

StoreFault = Literal[
    "busy",  # another program holds it
    "full",  # no space, or a quota or file-size limit
    "read-only",  # the file or its folder may not be written to
    "no-access",  # the file cannot be opened at all
    "damaged",  # one of ours that cannot be read any more
    "not-a-database",
    "foreign",  # the database of another program
    "newer",  # made by a newer tracker
    "io",  # the disk answered with an error
    "stopped",  # nobody waits for it any more, or it took longer than somebody waits
    "statement",  # SQLite refused what it was asked
]
"""What is wrong with a database."""


class TrackerError(Exception):
    """Something that the user can act on; the message says where and what to do."""


class StoreError(TrackerError):
    """The database cannot be used.

    Args:
        message: names the file and says what to do.
        kind: what is wrong, for whoever has to decide on it.
    """

    def __init__(self, message: str, kind: StoreFault = "statement") -> None:
        super().__init__(message)
        self.kind: StoreFault = kind


class ConfigError(TrackerError):
    """The configuration cannot be used; the message has a line for every problem."""


class LockedError(TrackerError):
    """Another sync is running."""

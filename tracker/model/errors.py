"""Errors whose message is meant for the user; nothing else is caught at the top."""

from __future__ import annotations


class TrackerError(Exception):
    """Something that the user can act on; the message says where and what to do."""


class StoreError(TrackerError):
    """The database cannot be used."""


class ConfigError(TrackerError):
    """The configuration cannot be used; the message has a line for every problem."""


class LockedError(TrackerError):
    """Another sync is running."""

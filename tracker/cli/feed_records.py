"""The records of the commands that fetch feeds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from tracker.model.events import DatesChanged
from tracker.model.feed import FeedStatus


class FeedRecord(Struct, frozen=True):
    """`tracker feeds list`."""

    name: str
    group: str | None
    url: str
    enabled: bool
    snoozed_until: date | None
    http: int | None
    """The newest answer."""
    last_checked: datetime | None
    last_full: datetime | None
    """When a whole document came last."""
    next_due: datetime | None
    next_why: str | None
    articles: int
    new_30d: int
    failures: int
    """In a row."""
    reason: str | None
    """Why it has no news."""


class CheckRecord(Struct, frozen=True):
    """`tracker feeds check`."""

    name: str
    url: str
    ok: bool
    http: int | None
    moved_to: str | None
    entries: int | None
    newest: datetime | None
    ms: int
    reason: str | None
    warnings: tuple[str, ...]


class FetchRecord(Struct, frozen=True):
    """One feed of a sync."""

    name: str
    status: FeedStatus
    http: int | None
    new: int
    updated: int
    next_due: datetime | None
    reason: str | None
    ms: int


class PricesRecord(Struct, frozen=True):
    """The prices of a sync."""

    provider: str | None
    """Whose numbers most of them are."""
    symbols: tuple[str, ...]
    failed: tuple[str, ...]
    reason: str | None
    reasons: Mapping[str, str]
    """By symbol."""


class SyncRecord(Struct, frozen=True):
    """`tracker sync --json`."""

    started: datetime
    finished: datetime
    feeds: tuple[FetchRecord, ...]
    new: int
    updated: int
    failed: int
    """Feeds."""
    prices: PricesRecord | None
    dates: DatesChanged | None

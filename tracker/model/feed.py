"""A feed through its stages: configured, remembered, fetched, parsed, planned, synced."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal

from msgspec import Struct

from tracker.model.entry import Entry
from tracker.model.sources import FirstHand, OriginKind
from tracker.model.wait import LONGEST_FEED_WAIT, is_active


class FeedSource(Struct, frozen=True):
    """One `[[feed]]` of the configuration."""

    name: str
    url: str
    group: str | None = None
    poll_minutes: int | None = None
    """Overrides `settings.poll_minutes` for this feed; None takes the setting."""
    enabled: bool = True
    tags: tuple[str, ...] = ()
    """Tags given to every article of the feed."""
    line: int | None = None
    """Line of its table in the configuration file, for messages."""
    first_hand: FirstHand | None = None
    """Set for the feeds of `[sources]`."""
    snoozed_until: date | None = None
    """It is not fetched before this day begins (UTC)."""
    own: bool = False
    """It has the releases of a company, by the company."""

    @property
    def origin_kind(self) -> OriginKind | None:
        """Where its news begins; None for the press."""
        return self.first_hand.kind if self.first_hand is not None else "company" if self.own else None

    @property
    def is_page(self) -> bool:
        """True for another page of a feed, which has no articles of its own."""
        return self.first_hand is not None and self.first_hand.page_of is not None

    def snoozed(self, now: datetime) -> str | None:
        """Return "snoozed until 2026-12-01", or None for a feed that is awake."""
        if self.snoozed_until is None or now.astimezone(UTC).date() >= self.snoozed_until:
            return None
        return f"snoozed until {self.snoozed_until.isoformat()}"

    def is_followed(self, now: datetime) -> bool:
        """Return whether it is fetched when it is due: neither disabled nor snoozed."""
        return self.enabled and self.snoozed(now) is None


class ScheduleHints(Struct, frozen=True):
    """What a feed document or an answer says about how often to ask."""

    ttl_minutes: int | None = None
    """The larger of RSS `ttl` and `sy:updatePeriod`/`sy:updateFrequency`."""
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day in GMT, 0 to 23, in which the feed asks not to be fetched."""
    skip_days: frozenset[int] = frozenset()
    """Days of the week, Monday = 0, on which the feed asks not to be fetched."""
    max_age_seconds: int | None = None
    """From Cache-Control max-age or Expires; None when absent or `no-cache`."""


class FeedState(Struct, frozen=True):
    """What the store remembers of a feed between two syncs."""

    name: str
    url: str
    id: int | None = None
    """Row id; None before the feed was stored for the first time."""
    etag: str | None = None
    """As it came, quotes and weak mark included."""
    last_modified: str | None = None
    """As it came, never parsed."""
    body_hash: str | None = None
    """BLAKE2b-128 hex of the decoded body that was parsed last; an equal body is not parsed again."""
    last_checked: datetime | None = None
    last_full: datetime | None = None
    """When the last 200 with a body came."""
    last_http: int | None = None
    last_reason: str | None = None
    """Why the last check failed or was skipped, in words for the user; None after a good answer."""
    fail_count: int = 0
    """Failures in a row."""
    next_due: datetime | None = None
    """As it was set at `last_checked`; `due_at` says what holds."""
    next_why: str | None = None
    """Which rule set `next_due`, in words ("your interval", "Cache-Control 60 min", "Retry-After")."""
    disabled_reason: str | None = None
    redirect_url: str | None = None
    redirect_since: datetime | None = None
    hints: ScheduleHints = ScheduleHints()
    """Of the document that was parsed last; a 304 does not repeat them."""
    server_ahead: timedelta | None = None
    """By how much the clock of its server was ahead of ours at `last_checked`; None where it did not say."""

    def due_at(self, now: datetime) -> datetime | None:
        """Return when the feed is fetched next; None for now, because its wait is over or void."""
        if self.next_due is None or not is_active(self.next_due, self.last_checked, now, LONGEST_FEED_WAIT):
            return None
        return self.next_due


class FetchedFeed(Struct, frozen=True):
    """The answer of a server, or why there was none: a `body`, a `reason`, or neither when `http` is 304."""

    url: str
    """The address that was asked."""
    final_url: str
    """The address that answered, after redirects."""
    http: int | None = None
    """Status of the last response; None when there was no response."""
    body: bytes | None = None
    """Decoded body of a 200, at most the size bound; None otherwise."""
    is_cut: bool = False
    """True when the answer ended before its body did: `body` is its beginning, and there are no validators.

    A body without Content-Length that ends with its connection looks whole.
    """
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    max_age_seconds: int | None = None
    retry_after_seconds: int | None = None
    """From Retry-After of a 429 or 503, relative to the server's own Date where it sends one."""
    server_date: datetime | None = None
    """What the server's clock showed; None where it did not say."""
    permanent_url: str | None = None
    """Where an unbroken chain of 301/308 answers led, if it did; without user and password."""
    reason: str | None = None
    """Why it failed, in words for the user; None after 200 and 304."""
    offline: bool = False
    """True when the failure says nothing about the server (no network, no DNS at all)."""
    unresolved: bool = False
    """True when the host name was not found: it is wrong, or the computer is offline."""
    is_postponed: bool = False
    """True when the feed was not fetched because its host just asked for a pause or timed out."""
    elapsed_ms: int = 0


class ParsedFeed(Struct, frozen=True):
    """A feed document, cleaned: text is plain, safe for a terminal; addresses are absolute http(s) or None."""

    title: str | None
    site_url: str | None
    language: str | None
    """Primary language subtag in lower case ("en", "zh"), if the feed says one."""
    entries: tuple[Entry, ...]
    hints: ScheduleHints = ScheduleHints()
    is_whole: bool = True
    """False where only a part could be read: what is not among the entries may be in the rest."""
    warnings: tuple[str, ...] = ()
    """Faults of the document that were repaired, in words."""
    is_cut: bool = False
    """True when the document ended in its middle: more entries are where these came from."""
    left_out: str | None = None
    """How many entries over the limit of one document are not read, in words; None where all are."""


FeedStatus = Literal["new", "unchanged", "skipped", "failed"]


class FeedSynced(Struct, frozen=True):
    """The result of one feed, for `sync --json`, the progress line and the side bar."""

    name: str
    status: FeedStatus
    http: int | None = None
    new: int = 0
    updated: int = 0
    next_due: datetime | None = None
    reason: str | None = None
    ms: int = 0
    new_ids: tuple[int, ...] = ()

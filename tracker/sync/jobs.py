"""What goes to the reader of a feed and what comes back; light, so that a sync without news loads no parser."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from tracker.model.attribution import Attribution
from tracker.model.feed import ParsedFeed
from tracker.model.tags import Mention


class Digest(Struct, frozen=True):
    """One entry, tagged and with its story keys."""

    mentions: tuple[Mention, ...]
    symbol: str | None
    story_keys: tuple[str, ...]
    attribution: Attribution | None = None


class Job(Struct, frozen=True):
    """What is needed to read one body."""

    body: bytes
    url: str
    content_type: str | None
    now: datetime
    feed_tags: tuple[str, ...] = ()
    known_hashes: Collection[str] = ()
    """Content hashes of articles that are stored already: these need no tags."""
    feed: str = ""
    """Name of the feed, for the log of errors."""
    is_tagged: bool = True
    """False for a look at a feed that is not stored: the digests are left out."""


class Digested(Struct, frozen=True):
    """A parsed feed and what its entries are about."""

    parsed: ParsedFeed
    digests: tuple[Digest | None, ...]
    """In the order of the entries; None where the entry is known."""

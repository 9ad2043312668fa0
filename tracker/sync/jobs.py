"""Input and output of the feed parser; lightweight, so that a sync without news loads no parser."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from tracker.model.attribution import Attribution
from tracker.model.feed import ParsedFeed
from tracker.model.sources import FirstHand
from tracker.model.tags import Mention


class StoryKeys(Struct, frozen=True):
    """How others of its story find an entry, and whom it names as its source."""

    keys: tuple[str, ...]
    attribution: Attribution | None = None


class Digest(Struct, frozen=True):
    """One entry, tagged."""

    mentions: tuple[Mention, ...]
    symbol: str | None
    story: StoryKeys | None = None
    """None when the job did not ask for them."""


class Job(Struct, frozen=True):
    """What the parser needs for one body."""

    body: bytes
    url: str
    content_type: str | None
    now: datetime
    feed_tags: tuple[str, ...] = ()
    known_hashes: Collection[str] = ()
    """Content hashes of stored articles, which need no new tags."""
    feed: str = ""
    """Name of the feed, for the log of errors."""
    first_hand: FirstHand | None = None
    """Set for a document of a first-hand source, which has a shape of its own."""
    has_story_keys: bool = True
    """False where another process finds them (a fifth of the work), while this one is busy with the next body."""
    is_tagged: bool = True
    """False for a check that stores nothing: leaves out the digests."""


class Digested(Struct, frozen=True):
    """A parsed feed and the tags of its entries."""

    parsed: ParsedFeed
    digests: tuple[Digest | None, ...]
    """In the order of the entries; None where the entry is known."""

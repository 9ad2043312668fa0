"""What a sync has decided to write for one feed, before it is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.model.entry import Entry
from tracker.model.feed import FeedState
from tracker.model.tags import Mention


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """What the store remembers of an article of a feed, to tell new from changed from unchanged."""

    id: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article to insert."""

    entry: Entry
    content_hash: str
    first_seen: datetime
    mentions: tuple[Mention, ...] = ()
    symbol: str | None = None
    """The share whose move stands beside it."""
    story_keys: tuple[str, ...] = ()
    """Blocking keys under which later articles find it."""

    @property
    def time(self) -> datetime:
        """Publication, else first seen."""
        return self.entry.published or self.first_seen


@dataclass(frozen=True, slots=True)
class ChangedArticle:
    """An article whose title, text or address the source has changed."""

    id: int
    entry: Entry
    content_hash: str
    changed: datetime
    mentions: tuple[Mention, ...] = ()
    symbol: str | None = None
    story_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """Everything one feed's transaction writes."""

    state: FeedState
    """The feed's row after this check, validators included."""
    new: tuple[NewArticle, ...] = ()
    changed: tuple[ChangedArticle, ...] = ()
    title: str | None = None
    site_url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class StoryCandidate:
    """A stored article that shares a blocking key with a new one."""

    article_id: int
    story_id: int
    title: str
    url: str | None
    time: datetime
    opening: str
    """The first `OPENING` characters of its text."""


OPENING = 480

ChooseStory = Callable[[NewArticle, Sequence[StoryCandidate]], "int | None"]
"""Returns the story that a new article belongs to, or None for one of its own."""


@dataclass(frozen=True, slots=True)
class Retagged:
    """New tags of a stored article."""

    article_id: int
    mentions: tuple[Mention, ...]
    symbol: str | None

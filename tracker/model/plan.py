"""What a sync has decided to write for one feed, before it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from msgspec import Struct

from tracker.model.attribution import Attribution
from tracker.model.entry import Entry
from tracker.model.feed import FeedState
from tracker.model.tags import Mention


class KnownEntry(Struct, frozen=True):
    """What is stored of a feed's article, to distinguish new, changed and unchanged entries."""

    id: int
    content_hash: str


class KnownAddress(Struct, frozen=True):
    """A stored article of a feed, known by its title and its address or time where its guid has changed."""

    id: int
    key: str
    url: str | None
    title: str
    content_hash: str
    published: datetime | None = None


class NewArticle(Struct, frozen=True):
    """An article to insert."""

    entry: Entry
    content_hash: str
    first_seen: datetime
    mentions: tuple[Mention, ...] = ()
    symbol: str | None = None
    """The share whose move is shown beside it."""
    story_keys: tuple[str, ...] = ()
    """Keys and terms under which later articles find it (`tracker.stories.fingerprint`)."""
    attribution: Attribution | None = None
    at_latest: datetime | None = None
    """When an entry without a date was published at the latest, where its feed shows that."""

    @property
    def time(self) -> datetime:
        """Publication, else when that was at the latest, else first seen: the place in lists by time."""
        return self.entry.published or self.at_latest or self.first_seen


class ChangedArticle(Struct, frozen=True):
    """An article whose title, text or address the source has changed."""

    id: int
    entry: Entry
    content_hash: str
    changed: datetime
    mentions: tuple[Mention, ...] = ()
    symbol: str | None = None
    story_keys: tuple[str, ...] = ()
    attribution: Attribution | None = None


class FeedPlan(Struct, frozen=True):
    """Everything one feed's transaction writes."""

    state: FeedState
    """The feed's row after this check, validators included."""
    new: tuple[NewArticle, ...] = ()
    changed: tuple[ChangedArticle, ...] = ()
    title: str | None = None
    site_url: str | None = None
    language: str | None = None
    listed: tuple[Entry, ...] | None = None
    """All entries of a whole document, None after anything else: what is not among them has left the feed."""
    seen_at: datetime | None = None
    """When the document was read, at the latest that it can be; None after the clock jumped. With `listed`."""
    renamed: tuple[tuple[int, str], ...] = ()
    """(article id, key) of articles that their feed now gives another guid."""
    home: int | None = None
    """The feed that the articles belong to; None for that of `state`."""


class StoryCandidate(Struct, frozen=True):
    """A stored article that shares a blocking key with a new one."""

    article_id: int
    story_id: int
    title: str
    url: str | None
    time: datetime
    opening: str
    """The first `OPENING` characters of its text."""


OPENING = 480

STORY_WINDOW = timedelta(hours=72)
"""Articles further apart are different stories, unless their address is the same."""


class StoryProfile(Struct, frozen=True):
    """What a stored story is known by."""

    story_id: int
    size: int
    first: datetime
    last: datetime
    counts: Mapping[str, int]
    """Term to number of its articles with it."""
    is_pinned: bool = False
    """True where the user said what belongs to it: it takes new articles, and never becomes one with another."""


_TERMS_KEPT = 96


def common_terms(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Return the terms that a story is known by: those of most of its articles.

    What only one of its articles says is dropped first, and of that the words of a summary.
    """
    if len(counts) <= _TERMS_KEPT:
        return counts
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0][0] == "s", item[0]))[:_TERMS_KEPT])


class StoryChoice(Struct, frozen=True):
    """The stored story that a new article belongs to, known by the article itself."""

    story_id: int
    is_repeat: bool = True
    """It says what the story says: where that was read, there is nothing new in it."""


class Ungrouped(Struct, frozen=True):
    """An article that is stored and was not compared with others yet."""

    article_id: int
    story_id: int
    time: datetime
    terms: tuple[str, ...]
    source: str | None = None
    """The source that it names."""


class StoryJoin(Struct, frozen=True):
    """Stories that are one."""

    story_id: int
    """Under whose id they go on."""
    absorbs: tuple[int, ...]
    pinned: tuple[int, ...] = ()
    """Which of them were pinned when this was decided."""
    repeats: frozenset[int] = frozenset()
    """Which of the absorbed say nothing new."""


class StoryChange(Struct, frozen=True):
    """What the user's split or merge changed, for undo."""

    before: tuple[tuple[int, int], ...]
    """(article id, story id it was in) of each article that moved; empty when nothing did."""
    pinned: tuple[int, ...]
    """Stories that automatic grouping leaves alone since then."""
    unpinned: tuple[int, ...] = ()
    """Absorbed stories that were pinned before."""


class StoryLookup(Protocol):
    """What the store knows around a new article; asked only as far as it is needed."""

    def articles(self) -> Sequence[StoryCandidate]:
        """Return the stored articles that share an exact key (title, address, opening) with it."""

    def linked(self) -> Sequence[int]:
        """Return the stories of the article it names as its source, by address, and of those that name it so."""


ChooseStory = Callable[[NewArticle, StoryLookup], "StoryChoice | None"]
"""Returns the story that a new article belongs to, or None for a new story."""


class Retagged(Struct, frozen=True):
    """New tags of a stored article."""

    article_id: int
    mentions: tuple[Mention, ...]
    symbol: str | None

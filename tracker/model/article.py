"""Articles as the store gives them back."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from tracker.model.attribution import Attribution
from tracker.model.market import PriceBase
from tracker.model.sources import OriginKind
from tracker.model.tags import Mention


class StoryOriginal(Struct, frozen=True):
    """The filing, halt or release that the press made a story of: its first article, from a first-hand source."""

    id: int
    source: str
    kind: OriginKind
    title: str
    published: datetime
    next_source: str | None = None
    """Who had it first after it; None while nobody has."""
    delay_s: int | None = None
    """Seconds that that took."""


class Story(Struct, frozen=True):
    """The group an article belongs to."""

    id: int
    size: int
    sources: tuple[str, ...]
    """Feed names, first to report first, without repeats."""
    original: StoryOriginal | None = None
    """The filing, halt or release that the press made it of."""


class Headline(Struct, frozen=True):
    """One row of the list: everything `draw_row` needs but the live quote."""

    id: int
    title: str
    source: str
    published: datetime | None
    first_seen: datetime
    read: bool
    starred: bool
    tags: tuple[str, ...]
    """Names of the tags it is about, then of those it mentions."""
    symbol: str | None
    """The share whose move is shown beside the headline."""
    base: PriceBase | None
    """Last trade of `symbol` before publication."""
    story_id: int
    others: int
    """Other articles of its story."""
    language: str | None = None
    marks: tuple[tuple[int, int], ...] = ()
    """Places in the title that a tag matched, in order, not overlapping."""
    is_rewrite: bool = False
    """It names the source of its news, and the article that it was taken from is stored."""
    is_translation: bool = False
    """It is in another language than the first report of its story."""
    share_tag: str | None = None
    """The tag whose share `symbol` is."""
    is_stand_in: bool = False
    """The company of that tag is not listed; `symbol` is shown instead."""

    fresh: int = 0
    """Reports of its story that came after the others were read."""
    original_time: datetime | None = None
    """When the original of its story was published; None where there is none, and for the original itself."""
    sources: int = 1
    """Feeds that reported its story."""
    at_latest: datetime | None = None
    """When it was published at the latest, where it has no date but came with the archive of a new feed."""

    @property
    def is_unread(self) -> bool:
        """True when its story has something that was not read: the article itself, or a report that came since."""
        return not self.read or self.fresh > 0

    @property
    def time(self) -> datetime:
        """Publication, else when that was at the latest, else first seen: the place in lists by time."""
        return self.published or self.at_latest or self.first_seen


class Article(Struct, frozen=True):
    """One stored article, whole."""

    id: int
    key: str
    title: str
    url: str | None
    source: str
    feed_id: int
    group: str | None
    author: str | None
    text: str
    links: tuple[str, ...]
    published: datetime | None
    updated: datetime | None
    first_seen: datetime
    language: str | None
    read: bool
    starred: bool
    symbol: str | None
    mentions: tuple[Mention, ...]
    story: Story
    earlier_titles: tuple[tuple[datetime, str], ...] = ()
    """(until when, title) of headlines that the source has since changed."""
    attribution: Attribution | None = None
    """Whom it names as the source of its news."""
    at_latest: datetime | None = None
    """When it was published at the latest, where it has no date but came with the archive of a new feed."""
    claimed: datetime | None = None
    """The time that its feed gave, where that was still to come when it was fetched."""

    @property
    def rewrite_of(self) -> int | None:
        """The stored article that it is taken from; None where it is none or that is not stored."""
        return None if self.attribution is None else self.attribution.original_id

    @property
    def shares(self) -> tuple[str, ...]:
        """The symbols of the shares it is about, the one of its row first."""
        about = (mention.symbol for mention in self.mentions if mention.salience == "about")
        return tuple(dict.fromkeys(symbol for symbol in (self.symbol, *about) if symbol))

    @property
    def time(self) -> datetime:
        """Publication, else when that was at the latest, else first seen: the place in lists by time."""
        return self.published or self.at_latest or self.first_seen

"""The records that commands write: each field once, for JSON, CSV and docs/records.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from tracker.cli.feed_records import CheckRecord, FeedRecord, SyncRecord
from tracker.cli.layouts import record_of
from tracker.model.article import Story
from tracker.model.dates import DateKind, DateTimeOfDay
from tracker.model.impact import ModelKind, Moves, TimingKind, Window
from tracker.model.market import Session
from tracker.model.tags import Match, Mention, Salience
from tracker.store.alerts import Fired


class TagRecord(Struct, frozen=True):
    """A tag of an article."""

    name: str
    symbol: str | None
    """Its share."""
    salience: Salience
    """"about": the article is on it; "mention": a word in passing."""
    matches: tuple[Match, ...]
    """Where the text names it."""


class TagsRecord(Struct, frozen=True):
    """`tracker tag`."""

    tags: tuple[TagRecord, ...]


class AttributionRecord(Struct, frozen=True):
    """The source that an article names for its news."""

    name: str
    """As the article writes it."""
    url: str | None
    original_id: int | None
    """The stored article that it is taken from, where that is known."""


class MoveRecord(Struct, frozen=True):
    """What a share did since an article was published."""

    since: float | None
    """From the last trade before publication to the newest price, with the dividends between them."""
    abnormal: float | None
    """What the benchmark does not account for, up to the close of that session once it is over."""
    t: float | None
    """Of `abnormal`; None without a fitted model."""
    value_usd: float | None
    """The move times the price it starts from times shares outstanding."""
    day: float | None
    """Of the whole session that runs or ran last."""
    before: float | None
    """The part of the session's move that had happened before the article."""
    price: float | None
    """The newest."""
    price_time: datetime | None
    base_price: float | None
    """Of the last trade before publication."""
    base_time: datetime | None
    session: Session | None
    """That the newest price is of."""
    currency: str | None
    provider: str | None
    stale: bool
    """The newest price is older than its session allows."""


class ListRecord(Struct, frozen=True):
    """`tracker list`. In CSV, `moves` are that of the headline's share, and tags are separated by spaces."""

    id: int
    title: str
    url: str | None
    source: str
    """The name of its feed."""
    author: str | None
    published: datetime | None
    first_seen: datetime
    lang: str | None
    read: bool
    starred: bool
    story: Story
    attribution: AttributionRecord | None
    tags: tuple[TagRecord, ...]
    moves: Mapping[str, MoveRecord]
    """By symbol."""


class DateRecord(Struct, frozen=True):
    """A coming date of a share."""

    date: date
    time: DateTimeOfDay | None
    sources: tuple[str, ...]


class ResultsRecord(DateRecord, frozen=True):
    """The next results of a company."""

    others: tuple[DateRecord, ...]
    """The dates of sources that contradict the first."""


class QuoteRecord(Struct, frozen=True):
    """`tracker quotes`."""

    symbol: str
    name: str | None
    price: float | None
    """Of the last trade, extended hours included."""
    change: float | None
    """Of the regular session; before the open, of the early trades."""
    extended_change: float | None
    """From the regular close to a later trade."""
    previous_close: float | None
    regular_price: float | None
    """The last of the regular session where `price` is from before or after it."""
    currency: str | None
    session: Session | None
    time: datetime | None
    age_s: int | None
    provider: str | None
    stale: bool
    """Older than its session allows."""
    reason: str | None
    """Why there is no new price."""
    next_results: ResultsRecord | None


class BaseRecord(Struct, frozen=True):
    """The last trade before an article was published."""

    price: float | None
    time: datetime | None
    age_s: int | None


class SessionRecord(Struct, frozen=True):
    """The session that an article was published in or before: a window from the close before it to its own."""

    date: date | None
    before: float | None
    """The part of its move that had happened by the base."""
    move: float | None
    expected: float | None
    abnormal: float | None
    t: float | None
    value_usd: float | None
    is_over: bool
    benchmark: str | None


class SharesRecord(Struct, frozen=True):
    """The shares outstanding that a value is made with."""

    count: float | None
    as_of: date | None
    source: str | None


class AbnormalRecord(Struct, frozen=True):
    """What of the returns around day 0 the benchmark does not account for, and the model behind it."""

    ar0: float | None
    """Of day 0."""
    t0: float | None
    car_m1_p1: float | None
    """Summed from one session before day 0 to one after."""
    t_m1_p1: float | None
    car_0_p4: float | None
    """Summed from day 0 to four sessions after."""
    alpha: float | None
    beta: float | None
    sigma: float | None
    """Standard error of the residuals."""
    n: int | None
    """Sessions of the estimation."""
    model: ModelKind | None
    """"market-adjusted": too little past to fit one, so the benchmark's return is taken off."""


class ImpactRecord(Struct, frozen=True):
    """`tracker impact`."""

    id: int
    title: str
    published: datetime
    symbol: str
    stands_in_for: str | None
    """The unlisted company that the share is shown for."""
    benchmark: str
    day0: date | None
    """The session that the article was published in or before."""
    base: BaseRecord
    moves: Moves
    since: Window
    """From the base to the newest price."""
    rest: Window
    """From the base to the close of day 0."""
    session: SessionRecord
    abnormal: AbnormalRecord
    timing: TimingKind | None
    """Whether the article led or followed the move of its session."""
    shares: SharesRecord
    other_news: int
    """Articles of other stories about the share, from the session before day 0 to the fourth after."""
    notes: tuple[str, ...]
    """What a reader has to know about the numbers."""


class StepRecord(Struct, frozen=True):
    """The largest move of a session within an hour, or over a gap."""

    start: datetime
    end: datetime
    change: float
    article_ids: tuple[int, ...]
    """Published before it, newest first."""


class OutlineRecord(Struct, frozen=True):
    """A story by its first report."""

    id: int
    title: str
    size: int
    """Its articles."""
    first_source: str
    published: datetime | None


class ComingRecord(Struct, frozen=True):
    """A coming date of a share, with its kind."""

    kind: DateKind
    date: date
    time: DateTimeOfDay | None
    sources: tuple[str, ...]


class BriefRecord(Struct, frozen=True):
    """`tracker brief`: a share of the watchlist."""

    symbol: str
    name: str | None
    price: float | None
    currency: str | None
    session: date | None
    """The newest session that has begun: that of `change`, `abnormal` and `t`."""
    change: float | None
    extended_change: float | None
    """From the close of that session to a later trade."""
    abnormal: float | None
    t: float | None
    held: float | None
    """How many shares you hold."""
    held_change: float | None
    """What they made or cost in that session, in the share's currency."""
    largest_step: StepRecord | None
    stories: tuple[OutlineRecord, ...]
    """About it, begun since the last close, the most reported first."""
    dates: tuple[ComingRecord, ...]


class LeagueRecord(Struct, frozen=True):
    """`tracker league`: a source."""

    source: str
    stories: int
    """That it and another source reported."""
    first: int
    """Of these, the ones that nobody reported earlier."""
    first_share: float
    """`first` as a part of `stories`."""
    behind_s: float | None
    """Median seconds after the first report, of the stories that another source had first."""
    priced: int
    """Stories with known prices: what `gone` is made of."""
    gone: float | None
    """Part of the moves of these stories that had happened when it reported."""


class CompanyRecord(Struct, frozen=True):
    """`tracker companies`."""

    tag: str
    name: str
    symbol: str | None
    stands_in: str | None
    """The share that its news moves, of a company that is not listed."""
    other_listings: tuple[str, ...]
    exchange: str | None
    cik: int | None
    """Its number at the SEC."""
    names: tuple[str, ...]
    """What it is found by."""
    watched: tuple[str, ...]
    """Its shares on the watchlist."""


class TextRecord(Struct, frozen=True):
    """`tracker read --format json`."""

    url: str | None
    title: str
    text: str
    """Paragraphs separated by a blank line."""
    links: tuple[str, ...]


def tag_record(mention: Mention) -> TagRecord:
    """Return the record of a tag with its matches."""
    return record_of(TagRecord, mention, name=mention.tag)


RECORDS: Mapping[str, type[Struct]] = {
    "list": ListRecord,
    "impact": ImpactRecord,
    "quotes": QuoteRecord,
    "brief": BriefRecord,
    "league": LeagueRecord,
    "tag": TagsRecord,
    "companies": CompanyRecord,
    "read": TextRecord,
    "alerts list": Fired,
    "feeds list": FeedRecord,
    "feeds check": CheckRecord,
    "sync": SyncRecord,
}
"""What each command writes."""

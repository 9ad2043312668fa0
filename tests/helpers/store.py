"""Articles and databases for tests, made through the same writer as real ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from tracker.model.entry import Entry
from tracker.model.feed import FeedSource
from tracker.model.plan import ChooseStory, FeedPlan, NewArticle, StoryChoice, StoryLookup
from tracker.model.tags import Match, Mention
from tracker.model.trust import TrustedTime
from tracker.store.connection import Connection
from tracker.store.read import Reader
from tracker.store.story_reader import StoryReader
from tracker.store.write import Writer

NOW = datetime(2025, 1, 27, 21, 16, tzinfo=UTC)
SCHEMAS = Path(__file__).parents[1] / "store" / "schemas"
"""Databases of earlier releases, as SQL."""


def raw(store: Reader | Writer | StoryReader) -> Connection:
    """Return a connection that only the store may use, to look at or break what no method reaches."""
    return store._connection


def article(
    title: str,
    *,
    key: str | None = None,
    minutes_ago: float = 10,
    text: str = "",
    url: str | None = None,
    mentions: Sequence[Mention] = (),
    symbol: str | None = None,
    story_keys: Sequence[str] = (),
    now: datetime = NOW,
) -> NewArticle:
    """Return a new article that was published some minutes before `now`."""
    published = now - timedelta(minutes=minutes_ago)
    entry = Entry(key or title, title, url, text=text, published=published)
    return NewArticle(entry, f"hash of {title} {text}", now, tuple(mentions), symbol, tuple(story_keys))


def make_released(path: Path, version: int) -> None:
    """Make the database that the code of an earlier schema left."""
    with closing(sqlite3.connect(path)) as made:
        made.executescript((SCHEMAS / f"{version}.sql").read_text(encoding="utf-8"))


def about(tag: str, title: str, symbol: str | None = None) -> Mention:
    """Return the mention of a tag whose name stands in a title."""
    start = title.casefold().index(tag)
    end = start + len(tag)
    return Mention(tag, "about", symbol, (Match("title", start, end, title[start:end]),))


def fill(
    writer: Writer,
    feed: str,
    articles: Sequence[NewArticle],
    *,
    group: str | None = None,
    url: str | None = None,
    choose_story: ChooseStory | None = None,
) -> tuple[int, ...]:
    """Store articles in a feed, which is made when it is not there, with `url` as its address; return their ids."""
    # Not by way of `FeedReader.rows`: it counts all articles, which took half the time of filling a large database.
    if feed not in writer.active_feeds():
        rows = raw(writer).execute("SELECT name, url, group_name FROM feed ORDER BY name")
        sources = [FeedSource(name, address, its_group) for name, address, its_group in rows]
        if feed not in {source.name for source in sources}:
            sources.append(FeedSource(feed, url or f"http://127.0.0.1:9/{len(sources)}", group))
        writer.register_feeds(sources)
    with Reader(writer.path) as reader:
        state = reader.feeds.states()[feed]
    return writer.store_feed(FeedPlan(replace(state, last_checked=NOW), tuple(articles)), choose_story or _first)


def delete(writer: Writer, *ids: int) -> None:
    """Delete articles as if their feeds had not listed them for more than a month."""
    # At this time no other article is old enough, also of a feed that a window without feeds has stopped following.
    later = NOW + timedelta(days=30)
    for article_id in ids:
        raw(writer).execute("UPDATE article SET unlisted = 0, first_seen = 0 WHERE id = ?", (article_id,))
    writer.purge(30, TrustedTime(later, later, is_confirmed=True))


def tells_more(article: NewArticle, lookup: StoryLookup) -> StoryChoice | None:
    """Choose as `fill` does, for reports that say more than those before."""
    found = lookup.articles()
    return StoryChoice(found[0].story_id, is_repeat=False) if found else None


def _first(article: NewArticle, lookup: StoryLookup) -> StoryChoice | None:
    """The story of any article with a key in common."""
    found = lookup.articles()
    return StoryChoice(found[0].story_id) if found else None

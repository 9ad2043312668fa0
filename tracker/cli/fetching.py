"""Fetching and reading one feed for a person who waits, without storing anything."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from msgspec import Struct

from tracker.feeds.errors import FeedError
from tracker.feeds.fetch import Fetcher
from tracker.feeds.parse import parse
from tracker.model.clock import Clock
from tracker.model.config import Settings
from tracker.model.feed import FetchedFeed, ParsedFeed


class Look(Struct, frozen=True):
    """What came of looking at a feed: `parsed`, or the `reason` why not."""

    fetched: FetchedFeed
    parsed: ParsedFeed | None = None
    reason: str | None = None


def make_fetcher(settings: Settings, clock: Clock, urls: list[str]) -> Fetcher:
    """Return a fetcher with the limits of the configuration; only the hosts of `urls` may be on the inside."""
    return Fetcher(
        connections=settings.connections,
        host_connections=settings.host_connections,
        host_delay_seconds=settings.host_delay_seconds,
        clock=clock,
        allowed_hosts=frozenset(urlsplit(url).hostname or "" for url in urls),
    )


async def look_at(fetcher: Fetcher, url: str, now: datetime) -> Look:
    """Fetch a feed and read it."""
    fetched = await fetcher.fetch(url)
    if fetched.body is None:
        return Look(fetched, reason=fetched.reason or f"HTTP {fetched.http} without a body")
    if fetched.is_cut:
        return Look(fetched, reason="cut off before its end")
    try:
        parsed = parse(fetched.body, url=fetched.final_url, content_type=fetched.content_type, now=now)
    except FeedError as error:
        return Look(fetched, reason=str(error))
    return Look(fetched, parsed)

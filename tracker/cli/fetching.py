"""Fetching and parsing one feed for a command, without storing anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from tracker.feeds.fetch import Fetcher
from tracker.model.clock import Clock
from tracker.model.config import Settings
from tracker.model.feed import FetchedFeed, ParsedFeed
from tracker.store.read import Reader
from tracker.sync.decide import CUT_REASON
from tracker.sync.jobs import Digested, Job
from tracker.sync.known import read_known
from tracker.sync.reading import Reading
from tracker.tagging.match import Tagger


class Look(Struct, frozen=True):
    """The result of fetching a feed: `parsed`, or the `reason` for the failure."""

    fetched: FetchedFeed
    parsed: ParsedFeed | None = None
    reason: str | None = None


def make_fetcher(settings: Settings, clock: Clock, db: Path) -> Fetcher:
    """Return a fetcher with the limits of the configuration, and what is remembered of its hosts."""
    known: set[str] = set()
    if db.exists():
        with Reader(db) as reader:
            known = read_known(reader)
    return Fetcher(
        connections=settings.connections,
        host_connections=settings.host_connections,
        host_delay_seconds=settings.host_delay_seconds,
        clock=clock,
        known=known,
    )


async def look_at(fetcher: Fetcher, url: str, now: datetime, *, own: str | None = None) -> Look:
    """Fetch a feed and read it. `own` is the address that the user wrote, where `url` is not."""
    fetched = await fetcher.fetch(url, own=own)
    if fetched.body is None:
        return Look(fetched, reason=fetched.reason or f"HTTP {fetched.http} without a body")
    read = await _read(Job(fetched.body, fetched.final_url, fetched.content_type, now, is_tagged=False))
    if isinstance(read, str):
        return Look(fetched, reason=read)
    return Look(fetched, read.parsed, CUT_REASON if read.parsed.is_cut else None)


async def _read(job: Job) -> Digested | str:
    """Parse a body as a sync does: ordinary ones in this process, others in one that can be stopped."""

    async def run(step: Callable[[], Digested | str | None]) -> Digested | str | None:
        return step()

    reading = Reading((), _no_rules, run, is_drawing=False)
    try:
        return await reading.read(job)
    finally:
        await reading.close()


def _no_rules() -> Tagger:
    raise AssertionError("a check tags nothing")

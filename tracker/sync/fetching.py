"""Fetching and parsing one feed or page for a user who waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from tracker.feeds.fetch import FEED_TYPES, Fetcher
from tracker.model.clock import Clock, iso
from tracker.model.config import Settings
from tracker.model.feed import FetchedFeed, ParsedFeed
from tracker.model.sources import FirstHand
from tracker.net.address import site
from tracker.store.read import Reader
from tracker.sync.body_reader import BodyReader
from tracker.sync.decide import CUT_REASON
from tracker.sync.jobs import Digested, Job
from tracker.sync.known import read_known
from tracker.tagging.match import Tagger

if TYPE_CHECKING:
    import httpx

_T = TypeVar("_T")


class FeedCheck(Struct, frozen=True):
    """The result of fetching a feed: `parsed`, or the `reason` for the failure."""

    fetched: FetchedFeed
    parsed: ParsedFeed | None = None
    reason: str | None = None


def make_fetcher(
    settings: Settings,
    clock: Clock,
    db: Path,
    accept: str = FEED_TYPES,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    is_one_round: bool = True,
) -> Fetcher:
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
        accept=accept,
        transport=transport,
        is_one_round=is_one_round,
    )


def paused_hosts(db: Path, now: datetime) -> dict[str, tuple[datetime, str]]:
    """Return the hosts that asked for a pause, until when and why."""
    if not db.exists():
        return {}
    with Reader(db) as reader:
        return reader.feeds.paused_hosts(now)


def pause_reason(paused: Mapping[str, tuple[datetime, str]], url: str) -> str | None:
    """Return why the host of an address must not be contacted now; None when it may be.

    Args:
        paused: the hosts that asked for a pause, as `paused_hosts` returns them.
    """
    pause = paused.get(site(url))
    return None if pause is None else f"the server asked not to be contacted until {iso(pause[0])} ({pause[1]})"


async def check_feed(
    fetcher: Fetcher,
    url: str,
    now: datetime,
    *,
    own: str | None = None,
    first_hand: FirstHand | None = None,
    is_drawing: bool = False,
) -> FeedCheck:
    """Fetch a feed and read it.

    Args:
        own: the address that the user wrote, where `url` is not.
        is_drawing: a window is drawn by this process, so only small feeds are read in it, in a thread.
    """
    fetched = await fetcher.fetch(url, own=own, contact=None if first_hand is None else first_hand.contact)
    if fetched.body is None:
        return FeedCheck(fetched, reason=fetched.reason or f"HTTP {fetched.http} with an empty body")
    read = await _read(
        Job(fetched.body, fetched.final_url, fetched.content_type, now, first_hand=first_hand, is_tagged=False),
        is_drawing=is_drawing,
    )
    if isinstance(read, str):
        return FeedCheck(fetched, reason=read)
    return FeedCheck(fetched, read.parsed, CUT_REASON if read.parsed.is_cut else None)


async def _read(job: Job, *, is_drawing: bool) -> Digested | str:
    """Parse a body as a sync does: ordinary ones in this process, others in one that can be stopped."""

    async def run(step: Callable[[], _T], /) -> _T:
        return await asyncio.to_thread(step) if is_drawing else step()

    body_reader = BodyReader((), _no_rules, run, is_drawing=is_drawing)
    try:
        return await body_reader.read(job)
    finally:
        await body_reader.close()


def _no_rules() -> Tagger:
    raise AssertionError("a check tags nothing")

"""Full texts of articles: from their pages, fetched as politely as a feed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from tracker.feeds.errors import FeedError
from tracker.feeds.fetch import Fetcher
from tracker.feeds.page_process import MAX_PAGE_BYTES, extract_apart
from tracker.model.clock import Clock
from tracker.model.errors import StoreError, TrackerError
from tracker.model.feed import FetchedFeed
from tracker.model.fulltext import FullText
from tracker.net.address import site
from tracker.store.write import Writer
from tracker.sync.decide import pause_until
from tracker.sync.fetching import pause_reason, paused_hosts

PAGE_TYPES = "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.1"
"""The Accept header for pages."""
_BLOCKED = (401, 402, 403, 451)
_PUBLIC_ONLY = "tracker fetches articles from the public internet only"
_GONE = (404, 410)


class PageError(TrackerError):
    """A page has no full text to show.

    Attributes:
        reason: why, and what to do; the message names the page, too.
    """

    def __init__(self, page: str | Path, reason: str) -> None:
        super().__init__(f"{page}: {reason}")
        self.reason = reason


class PageReader:
    """Reads pages, except from hosts that asked for a pause.

    Args:
        fetcher: made with `PAGE_TYPES`.
        db: remembers pauses; may not exist.
        clock: the time.
    """

    def __init__(self, fetcher: Fetcher, db: Path, clock: Clock) -> None:
        self._fetcher = fetcher
        self._db = db
        self._clock = clock

    async def read(self, url: str, *, own: str | None = None) -> FullText:
        """Fetch a page and return its article.

        Args:
            url: of the page.
            own: the address whose host may be on the local network; None: `url`, which the user wrote; "": none.

        Raises:
            PageError: the server refused, or the page has no article.
            StoreError: the database cannot be read.
        """
        paused = await asyncio.to_thread(paused_hosts, self._db, self._clock())
        wait = pause_reason(paused, url)
        if wait is not None:
            raise PageError(url, f"{wait}; try again then")
        fetched = await self._fetcher.fetch(url, own=own)
        await asyncio.to_thread(self._note_pause, fetched)
        if fetched.body is None:
            reason = fetched.reason or f"HTTP {fetched.http} with an empty body"
            advice = _PUBLIC_ONLY if reason.startswith("refused: ") else _advice(fetched.http, fetched.offline)
            raise PageError(url, f"{reason}; {advice}")
        if fetched.is_cut:
            raise PageError(url, "the connection ended before the page did; try again later")
        try:
            full = await extract_apart(fetched.body, fetched.content_type, fetched.final_url)
        except FeedError as error:
            raise PageError(url, f"{error.reason}; open it in a browser") from None
        return replace(full, fetched=self._clock())

    def _note_pause(self, fetched: FetchedFeed) -> None:
        now = self._clock()
        until = pause_until(fetched, now)
        if until is not None and self._db.exists():
            # While another program holds the database, the refusal itself is what the user has to know.
            with suppress(StoreError), Writer(self._db) as writer:
                writer.pause_host(site(fetched.final_url), until, fetched.reason or f"{fetched.http}", now)


async def read_file(path: Path) -> FullText:
    """Return the article of a saved page.

    Raises:
        PageError: the file cannot be read, or has no article.
    """
    try:
        body = await asyncio.to_thread(_read_bytes, path)
    except OSError as error:
        raise PageError(path, f"{error.strerror or error}; name a saved page (FILE.html)") from None
    try:
        return await extract_apart(body)
    except FeedError as error:
        raise PageError(path, f"{error.reason}; save the page again, as complete HTML") from None


def _read_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_PAGE_BYTES + 1)


def _advice(status: int | None, is_offline: bool) -> str:
    if is_offline:
        return "check your connection"
    if status in _GONE:
        return "the page has gone; search for its title"
    if status in _BLOCKED:
        return "open it in a browser: the server does not give it to programs"
    return "try again later, or open it in a browser"

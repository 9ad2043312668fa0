"""Full texts of articles: from the store, or fetched from the page as politely as a feed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from tracker.feeds.errors import FeedError
from tracker.feeds.fetch import Fetcher
from tracker.feeds.page_process import MAX_PAGE_BYTES, extract_apart
from tracker.model.clock import iso
from tracker.model.errors import TrackerError
from tracker.model.fulltext import FullText
from tracker.net.address import site
from tracker.sync.decide import pause_until

PAGE_TYPES = "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.1"
"""The Accept header for pages."""
_BLOCKED = (401, 402, 403, 451)
_GONE = (404, 410)


class PageError(TrackerError):
    """A page has no full text to show; the message names the page, the reason and what to do."""


class PageReader:
    """Reads pages, except from hosts that asked for a pause.

    Args:
        fetcher: made with `PAGE_TYPES`.
        clock: the time.
        paused: hosts that asked for a pause, until when and why.
        pause: called when a host asks for a pause, with the same.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        clock: Callable[[], datetime],
        paused: dict[str, tuple[datetime, str]],
        pause: Callable[[str, datetime, str], None],
    ) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._paused = paused
        self._pause = pause

    async def read(self, url: str, *, own: str | None = None) -> FullText:
        """Fetch a page and return its article.

        Args:
            url: of the page.
            own: the address whose host may be on the local network; None: `url`, which the user wrote; "": none.

        Raises:
            PageError: the server refused, or the page has no article.
        """
        pause = self._paused.get(site(url))
        if pause is not None:
            raise PageError(
                f"{url}: the server asked not to be contacted until {iso(pause[0])} ({pause[1]}); try again then"
            )
        fetched = await self._fetcher.fetch(url, own=own)
        until = pause_until(fetched, self._clock())
        if until is not None:
            self._pause(site(fetched.final_url), until, fetched.reason or f"{fetched.http}")
        if fetched.body is None:
            reason = fetched.reason or f"HTTP {fetched.http} with an empty body"
            raise PageError(f"{url}: {reason}; {_advice(fetched.http, fetched.offline)}")
        if fetched.is_cut:
            raise PageError(f"{url}: the connection ended before the page did; try again later")
        try:
            full = await extract_apart(fetched.body, fetched.content_type, fetched.final_url)
        except FeedError as error:
            raise PageError(f"{url}: {error.reason}; open it in a browser") from None
        return replace(full, fetched=self._clock())


async def read_file(path: Path) -> FullText:
    """Return the article of a saved page.

    Raises:
        PageError: the file cannot be read, or has no article.
    """
    try:
        body = await asyncio.to_thread(_read_bytes, path)
    except OSError as error:
        raise PageError(f"{path}: {error.strerror or error}; name a saved page (FILE.html)") from None
    try:
        return await extract_apart(body)
    except FeedError as error:
        raise PageError(f"{path}: {error.reason}; save the page again, as complete HTML") from None


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

"""A feed to add: checked, and found from the address of its site."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from msgspec import Struct

from tracker.config.problem import Refused
from tracker.config.values import url as checked_url
from tracker.feeds.discover import find_feeds
from tracker.feeds.text import clean_url, without_feed_scheme
from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.model.errors import ConfigError, TrackerError
from tracker.model.feed import FeedSource
from tracker.net.address import with_credentials_of
from tracker.sync.fetching import FeedCheck, check_feed, make_fetcher, pause_reason, paused_hosts
from tracker.words.cells import plain

if TYPE_CHECKING:
    import httpx

_NAME_LIMIT = 100
_WITHOUT_TLS = ("connection refused", "TLS failed (WRONG_VERSION_NUMBER)", "TLS failed (RECORD_LAYER_FAILURE)")
"""Failures of https that show that nothing speaks it there. A certificate that is not accepted is none of them: there
somebody may be listening in."""


class NewFeed(Struct, frozen=True):
    """A feed that can be added."""

    source: FeedSource
    entries: int
    """How many it has now."""
    warnings: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    """(title, address) of the other feeds of its site."""


def feed_address(text: str) -> str:
    """Return the address that a user typed.

    Raises:
        ConfigError: it is not an address of the web.
    """
    try:
        found = str(checked_url(without_feed_scheme(text)))
    except Refused as refused:
        raise ConfigError(f"the address {refused.message}{refused.hint and '; ' + refused.hint}") from None
    # Scheme and host in lower case and no fragment: else a feed would be added again under an address that differs.
    return clean_url(urldefrag(found).url, keep_credentials=True) or found


async def find_new_feed(
    config: Config,
    db: Path,
    clock: Clock,
    url: str,
    *,
    name: str | None = None,
    group: str | None = None,
    own: str | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    is_drawing: bool = False,
    is_guessed: bool = False,
) -> NewFeed:
    """Fetch an address, or the first feed that its page links to, without changing anything.

    Args:
        url: as `feed_address` returns it.
        name: of the new feed; None: its title.
        own: the address that the user wrote, where `url` was found on its page.
        is_drawing: a window is drawn by this process: whatever takes time is done in threads and processes.
        is_guessed: the user wrote no scheme: http is tried, too, where nothing speaks https.

    Raises:
        ConfigError: the configuration already has it.
        TrackerError: there is no feed, or its server asked for a pause.
    """
    _refuse_known(config, url)
    paused = await asyncio.to_thread(paused_hosts, db, clock())
    _refuse_paused(paused, url)
    async with await asyncio.to_thread(make_fetcher, config.settings, clock, db, transport=transport) as fetcher:

        async def ask(address: str, own: str | None) -> FeedCheck:
            return await check_feed(fetcher, address, clock(), own=own, is_drawing=is_drawing)

        check = await ask(url, own)
        warnings: tuple[str, ...] = ()
        # A password is never sent unencrypted unasked.
        if is_guessed and check.fetched.reason in _WITHOUT_TLS and "@" not in urlsplit(url).netloc:
            plain_url = "http://" + url.removeprefix("https://")
            _refuse_known(config, plain_url)
            second = await ask(plain_url, own)
            if second.fetched.body is not None:
                url, check = plain_url, second
                warnings = (f"fetched over http: {urlsplit(url).netloc} does not speak https",)
        others: Sequence[tuple[str, str]] = ()
        if check.parsed is None and check.fetched.body is not None:
            found = await asyncio.to_thread(find_feeds, check.fetched.body, check.fetched.final_url)
            if found:
                first, others = with_credentials_of(url, found[0][1]), found[1:]
                _refuse_known(config, first, others)
                _refuse_paused(paused, first)
                check = await ask(first, url if own is None else own)
            elif "HTML" in (check.reason or ""):
                check = FeedCheck(check.fetched, reason=f"{check.reason}, and it does not link to one")
    return _new_feed(config, check, name, group, warnings, others)


def _new_feed(
    config: Config,
    check: FeedCheck,
    name: str | None,
    group: str | None,
    warnings: Sequence[str],
    others: Sequence[tuple[str, str]],
) -> NewFeed:
    """Return what was found as a feed to add.

    Raises:
        ConfigError: the configuration already has it.
        TrackerError: there is no feed.
    """
    if check.parsed is None:
        raise TrackerError(f"{check.fetched.url}: {check.reason}; nothing was changed")
    address = with_credentials_of(check.fetched.url, check.fetched.permanent_url or check.fetched.url)
    _refuse_known(config, address)
    title = plain(check.parsed.title or "").strip()[:_NAME_LIMIT].strip()
    wanted = (name or title or urlsplit(address).hostname or address).strip()
    return NewFeed(
        FeedSource(wanted, address, group),
        len(check.parsed.entries),
        (*warnings, *check.parsed.warnings),
        tuple(others),
    )


def _refuse_paused(paused: Mapping[str, tuple[datetime, str]], url: str) -> None:
    reason = pause_reason(paused, url)
    if reason is not None:
        raise TrackerError(f"{url}: {reason}")


def _refuse_known(config: Config, url: str, others: Sequence[tuple[str, str]] = ()) -> None:
    """Raise ConfigError where a feed has this address; `others` are those that its site has, too."""
    for source in config.feeds:
        if source.url == url:
            said = f'{config.path}:{source.line}: the feed "{source.name}" already has this address'
            rest = "".join(f"\nthe site also has this feed: {title} {address}" for title, address in others)
            raise ConfigError(said + rest)

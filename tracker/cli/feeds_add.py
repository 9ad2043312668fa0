"""`tracker feeds add`: checks a feed, or a site that links to one, and adds it to the configuration."""

from __future__ import annotations

from urllib.parse import urlsplit

from tracker.cli.cells import plain
from tracker.cli.context import Context
from tracker.cli.errors import UsageError
from tracker.cli.feeds import editable
from tracker.cli.fetching import Look, look_at, make_fetcher
from tracker.cli.run_async import run_async
from tracker.config.edit import add_feed
from tracker.config.problem import Refused
from tracker.config.values import url as checked_url
from tracker.feeds.discover import find_feeds
from tracker.model.config import Config
from tracker.model.errors import ConfigError, TrackerError
from tracker.model.feed import FeedSource
from tracker.net.address import with_credentials_of

_NAME_LIMIT = 100


def run(context: Context) -> int:
    """Add a feed if it can be fetched and parsed; else change nothing."""
    options = context.options
    config = context.config()
    try:
        url = str(checked_url(options.url))
    except Refused as refused:
        raise UsageError(f"the address {refused.message}{refused.hint and '; ' + refused.hint}") from None
    _refuse_known(config, url)
    look, others = run_async(_find(context, config, url))
    if look.parsed is None:
        raise TrackerError(f"{look.fetched.url}: {look.reason}; nothing was changed")
    address = with_credentials_of(look.fetched.url, look.fetched.permanent_url or look.fetched.url)
    _refuse_known(config, address)
    title = plain(look.parsed.title or "").strip()[:_NAME_LIMIT].strip()
    name = options.name or title or urlsplit(address).hostname or address
    path = editable(context)
    add_feed(path, FeedSource(name.strip(), address, options.group))
    for title, other in others:
        context.say(f"the site also has this feed: {title} {other}")
    for warning in look.parsed.warnings:
        context.say(f"{address}: {warning}")
    context.say(f'added "{name}" with {len(look.parsed.entries)} entries to {path}: {address}')
    return 0


async def _find(context: Context, config: Config, url: str) -> tuple[Look, list[tuple[str, str]]]:
    """Look at an address, and where it is a page, at the first feed that it names; the others come along."""
    async with make_fetcher(config.settings, context.clock, context.db) as fetcher:
        look = await look_at(fetcher, url, context.clock())
        if look.parsed is not None or look.fetched.body is None:
            return look, []
        found = find_feeds(look.fetched.body, look.fetched.final_url)
        if not found:
            return Look(look.fetched, reason=f"{look.reason}, and the page links to no feed"), []
        first = with_credentials_of(url, found[0][1])
        return await look_at(fetcher, first, context.clock(), own=url), found[1:]


def _refuse_known(config: Config, url: str) -> None:
    for source in config.feeds:
        if source.url == url:
            raise ConfigError(f'{config.path}:{source.line}: the feed "{source.name}" already has this address')

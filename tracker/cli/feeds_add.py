"""`tracker feeds add`: checks a feed, or a site that links to one, and adds it to the configuration."""

from __future__ import annotations

from urllib.parse import urlsplit

from tracker.cli.context import CommandContext
from tracker.cli.errors import UsageError
from tracker.cli.feeds import editable
from tracker.cli.run_async import run_async
from tracker.config.edit import add_feed
from tracker.config.problem import Refused
from tracker.config.values import url as checked_url
from tracker.feeds.discover import find_feeds
from tracker.model.config import Config
from tracker.model.errors import ConfigError, TrackerError
from tracker.model.feed import FeedSource
from tracker.model.plurals import count_noun
from tracker.net.address import with_credentials_of
from tracker.sync.fetching import FeedCheck, check_feed, make_fetcher
from tracker.words.cells import plain

_NAME_LIMIT = 100


def run(context: CommandContext) -> int:
    """Add a feed if it can be fetched and parsed; else change nothing."""
    options = context.options
    config = context.config()
    try:
        url = str(checked_url(options.url))
    except Refused as refused:
        raise UsageError(f"the address {refused.message}{refused.hint and '; ' + refused.hint}") from None
    _refuse_known(config, url)
    check, others = run_async(_find(context, config, url))
    if check.parsed is None:
        raise TrackerError(f"{check.fetched.url}: {check.reason}; nothing was changed")
    address = with_credentials_of(check.fetched.url, check.fetched.permanent_url or check.fetched.url)
    _refuse_known(config, address)
    title = plain(check.parsed.title or "").strip()[:_NAME_LIMIT].strip()
    name = options.name or title or urlsplit(address).hostname or address
    path = editable(context)
    add_feed(path, FeedSource(name.strip(), address, options.group))
    for title, other in others:
        context.print_message(f"the site also has this feed: {title} {other}")
    for warning in check.parsed.warnings:
        context.print_message(f"{address}: {warning}")
    entries = count_noun(len(check.parsed.entries), "entry", "entries")
    context.print_message(f'added "{name}" with {entries} to {path}: {address}')
    return 0


async def _find(context: CommandContext, config: Config, url: str) -> tuple[FeedCheck, list[tuple[str, str]]]:
    """Check an address, or the first feed that its page links to; return the other feeds too."""
    async with make_fetcher(config.settings, context.clock, context.db) as fetcher:
        check = await check_feed(fetcher, url, context.clock())
        if check.parsed is not None or check.fetched.body is None:
            return check, []
        found = find_feeds(check.fetched.body, check.fetched.final_url)
        if not found:
            return FeedCheck(check.fetched, reason=f"{check.reason}, and the page links to no feed"), []
        first = with_credentials_of(url, found[0][1])
        return await check_feed(fetcher, first, context.clock(), own=url), found[1:]


def _refuse_known(config: Config, url: str) -> None:
    for source in config.feeds:
        if source.url == url:
            raise ConfigError(f'{config.path}:{source.line}: the feed "{source.name}" already has this address')

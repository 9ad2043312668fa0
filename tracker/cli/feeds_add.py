"""`tracker feeds add`: checks a feed, or a site that links to one, and adds it to the configuration."""

from __future__ import annotations

from tracker.cli.context import CommandContext
from tracker.cli.errors import UsageError
from tracker.cli.feeds import editable
from tracker.cli.run_async import run_async
from tracker.config.edit import add_feeds
from tracker.config.problem import Refused
from tracker.config.tables import FEED
from tracker.model.plurals import count_noun
from tracker.sync.adding import feed_address, find_new_feed


def run(context: CommandContext) -> int:
    """Add a feed if it can be fetched and parsed; else change nothing."""
    options = context.options
    url = feed_address(options.url)
    name, group = (_checked(key, getattr(options, key)) for key in ("name", "group"))
    config = context.config()
    context.update_database()
    found = run_async(find_new_feed(config, context.db, context.clock, url, name=name, group=group))
    if name is None and found.source.name.casefold() in {source.name.casefold() for source in config.feeds}:
        raise UsageError(f'there is already a feed named "{found.source.name}"; choose another name with --name')
    path = editable(context)
    add_feeds(path, found.source)
    for title, other in found.others:
        context.print_message(f"the site also has this feed: {title} {other}")
    for warning in found.warnings:
        context.print_message(f"{found.source.url}: {warning}")
    entries = count_noun(found.entries, "entry", "entries")
    context.print_message(f'added "{found.source.name}" with {entries} to {path}: {found.source.url}')
    return 0


def _checked(key: str, value: str | None) -> str | None:
    """Return the value of an option as feeds.toml takes it."""
    try:
        return None if value is None else str(FEED[key](value))
    except Refused as refused:
        raise UsageError(f"--{key}: {refused.message}{refused.hint and '; ' + refused.hint}") from None

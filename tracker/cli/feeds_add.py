"""`tracker feeds add`: checks a feed, or a site that links to one, and adds it to the configuration."""

from __future__ import annotations

from tracker.cli.context import CommandContext
from tracker.cli.feeds import editable
from tracker.cli.run_async import run_async
from tracker.config.edit import add_feeds
from tracker.model.plurals import count_noun
from tracker.sync.adding import feed_address, find_new_feed


def run(context: CommandContext) -> int:
    """Add a feed if it can be fetched and parsed; else change nothing."""
    options = context.options
    url = feed_address(options.url)
    found = run_async(
        find_new_feed(context.config(), context.db, context.clock, url, name=options.name, group=options.group)
    )
    path = editable(context)
    add_feeds(path, found.source)
    for title, other in found.others:
        context.print_message(f"the site also has this feed: {title} {other}")
    for warning in found.warnings:
        context.print_message(f"{found.source.url}: {warning}")
    entries = count_noun(found.entries, "entry", "entries")
    context.print_message(f'added "{found.source.name}" with {entries} to {path}: {found.source.url}')
    return 0

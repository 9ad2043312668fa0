"""`tracker feeds import` and `export`: feed lists in OPML, for exchange with other readers."""

from __future__ import annotations

from pathlib import Path

from tracker.cli.context import CommandContext
from tracker.cli.errors import UsageError
from tracker.cli.feeds import editable
from tracker.config.edit import add_feeds
from tracker.config.private import keep_private, make_private
from tracker.config.problem import Refused
from tracker.config.schema import FEED
from tracker.feeds.errors import FeedError
from tracker.feeds.opml import OpmlFeed, read_opml, write_opml
from tracker.model.errors import TrackerError
from tracker.model.feed import FeedSource
from tracker.model.plurals import count_noun
from tracker.model.secrets import has_secret, without_secrets

_MAX_BYTES = 5_000_000


def import_file(context: CommandContext) -> int:
    """Add the feeds of a list that the configuration does not have yet, all or none."""
    config = context.config()
    path: Path = context.options.file
    try:
        with path.open("rb") as file:
            body = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(body) > _MAX_BYTES:
        raise UsageError(f"{path}: larger than {_MAX_BYTES:,} bytes")
    try:
        found = read_opml(body)
    except FeedError as error:
        raise UsageError(f"{path}: {error}") from error
    urls = {source.url for source in config.feeds}
    names = {source.name.casefold() for source in config.feeds}
    added: list[FeedSource] = []
    for feed in found:
        if feed.url in urls:
            continue
        try:
            source = _source(feed, names)
        except Refused as refused:
            context.print_message(f"{feed.name}: skipped: {refused.message}")
            continue
        urls.add(source.url)
        names.add(source.name.casefold())
        added.append(source)
    if added:
        target = editable(context)
        add_feeds(target, added)
        context.print_message(f"added {len(added)} of {count_noun(len(found), 'feed', 'feeds')} to {target}")
    else:
        context.print_message(f"nothing to add: all usable feeds in {path} are already in the configuration")
    return 0


def export_file(context: CommandContext) -> int:
    """Write the configured feeds as OPML."""
    config = context.config()
    is_open = context.options.with_credentials
    feeds = [OpmlFeed(s.name, s.url if is_open else without_secrets(s.url), s.group) for s in config.feeds]
    body = write_opml(feeds, "tracker feeds")
    secret = sum(has_secret(source.url) for source in config.feeds)
    if secret and not is_open:
        context.print_message(
            f"left out the passwords of {count_noun(secret, 'feed', 'feeds')}; --with-credentials includes them"
        )
    path: Path = context.options.file
    if str(path) == "-":
        # ASCII with character references is right in every encoding, whatever the declaration says.
        text = body.decode()
        is_unicode = context.screen().is_unicode
        context.stdout.write(text if is_unicode else text.encode("ascii", "xmlcharrefreplace").decode())
        return 0
    try:
        if secret and is_open:
            make_private(path)
            keep_private(path)
        path.write_bytes(body)
    except OSError as error:
        raise TrackerError(f"{path}: cannot be written: {error.strerror or error}") from error
    context.print_message(f"wrote {count_noun(len(config.feeds), 'feed', 'feeds')} to {path}")
    return 0


def _source(feed: OpmlFeed, taken: set[str]) -> FeedSource:
    """Return a feed for the configuration with a unique name; Refused when it is invalid."""
    base = FEED["name"](feed.name[:90])
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        name = f"{base} {number}"
    return FeedSource(name, FEED["url"](feed.url), FEED["group"](feed.group[:100]) if feed.group else None)

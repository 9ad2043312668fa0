"""`tracker feeds export`: the feeds in OPML, for other readers."""

from __future__ import annotations

from pathlib import Path

from tracker.cli.context import CommandContext
from tracker.config.private import keep_private, make_private
from tracker.feeds.opml import OpmlFeed, write_opml
from tracker.model.errors import TrackerError
from tracker.model.plurals import count_noun
from tracker.model.secrets import has_secret, without_secrets

_MAX_BYTES = 5_000_000


def export_file(context: CommandContext) -> int:
    """Write the configured feeds as OPML."""
    config = context.config()
    is_open = context.options.with_credentials
    own = [source for source in config.feeds if source.first_hand is None]
    feeds = [OpmlFeed(s.name, s.url if is_open else without_secrets(s.url), s.group) for s in own]
    body = write_opml(feeds, "tracker feeds")
    secret = sum(has_secret(source.url) for source in own)
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
    context.print_message(f"wrote {count_noun(len(own), 'feed', 'feeds')} to {path}")
    return 0

"""A query from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from tracker.cli.context import CommandContext
from tracker.cli.errors import UsageError
from tracker.model.config import Config
from tracker.model.query import Query, QuerySyntaxError, parse_query, tag_terms, with_watchlist
from tracker.words.cells import cell_width, plain


def read_query(context: CommandContext, words: Sequence[str], config: Config) -> tuple[str, Query]:
    """Return a query as text and parsed; the words of the command line are joined by spaces.

    Raises:
        UsageError: shows the query with a caret below the character at fault.
    """
    text = " ".join(words)
    try:
        query = parse_query(text)
        if tag_terms(text):
            _check_tags(context, text, config)
        if query.asks_for_dates and not config.sources.earnings.enabled:
            context.print_message(
                "dates of results are not fetched: set enabled = true under [sources.earnings] in feeds.toml"
            )
        return text, with_watchlist(query, config.watched)
    except QuerySyntaxError as error:
        caret = " " * cell_width(plain(text[: error.position - 1])) + "^"
        raise UsageError(
            f"invalid query at character {error.position}: expected {error.expected}\n  {text}\n  {caret}"
        ) from None


def _check_tags(context: CommandContext, text: str, config: Config) -> None:
    from tracker.store.read import Reader
    from tracker.sync.known_tags import unknown_tag

    with ExitStack() as stack:
        reader = stack.enter_context(Reader(context.db)) if context.db.exists() else None
        if (error := unknown_tag(text, config, reader)) is not None:
            raise error

"""A query from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from tracker.cli.context import CommandContext
from tracker.cli.errors import UsageError
from tracker.model.config import Config
from tracker.model.query import Query, QuerySyntaxError, named_terms, parse_query, with_watchlist
from tracker.words.cells import cell_width, plain


def read_query(context: CommandContext, words: Sequence[str], config: Config) -> tuple[str, Query]:
    """Return a query as text and parsed; the words of the command line are joined by spaces.

    Raises:
        UsageError: shows the query with a caret below the character at fault.
    """
    text = " ".join(words)
    try:
        query = parse_query(text)
        if named_terms(text):
            _check_names(context, text, config)
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


def _check_names(context: CommandContext, text: str, config: Config) -> None:
    from tracker.sync.known_names import unknown_name

    with ExitStack() as stack:
        reader = stack.enter_context(context.reader()) if context.db.exists() else None
        if (error := unknown_name(text, config, reader)) is not None:
            raise error

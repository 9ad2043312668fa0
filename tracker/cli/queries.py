"""A query from the command line."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.cli.cells import cell_width, plain
from tracker.cli.errors import UsageError
from tracker.model.query import Query, QuerySyntaxError, parse_query, with_watchlist


def read_query(words: Sequence[str], watched: Sequence[str]) -> tuple[str, Query]:
    """Return a query as text and parsed; the words of the command line are joined by spaces.

    Args:
        watched: the symbols that `is:watched` stands for.

    Raises:
        UsageError: shows the query with a caret below the character at fault.
    """
    text = " ".join(words)
    try:
        return text, with_watchlist(parse_query(text), watched)
    except QuerySyntaxError as error:
        caret = " " * cell_width(plain(text[: error.position - 1])) + "^"
        raise UsageError(
            f"invalid query at character {error.position}: expected {error.expected}\n  {text}\n  {caret}"
        ) from None

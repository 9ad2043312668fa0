"""A query from the command line."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.cli.cells import cell_width, plain
from tracker.cli.errors import UsageError
from tracker.model.query import Query, QuerySyntaxError, parse_query


def read_query(words: Sequence[str]) -> tuple[str, Query]:
    """Return a query as text and parsed; the words of the command line stand side by side.

    Raises:
        UsageError: showing the query with a caret below the character where it stopped making sense.
    """
    text = " ".join(words)
    try:
        return text, parse_query(text)
    except QuerySyntaxError as error:
        caret = " " * cell_width(plain(text[: error.position - 1])) + "^"
        raise UsageError(
            f"the query cannot be read at character {error.position}: expected {error.expected}\n  {text}\n  {caret}"
        ) from None

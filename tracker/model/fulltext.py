"""The full text of an article, taken out of its page."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class FullText(Struct, frozen=True):
    """An article as its page has it: clean, without what surrounds it."""

    url: str | None
    """Where the page was, after redirects; None for a file that does not say."""
    title: str
    text: str
    """Paragraphs separated by a blank line. Headings begin with "# ", quotes with "> ", list items with "• " or a
    number, code with four spaces; cells of a table are separated by " | ", pictures are "[picture: …]". "[1]" follows
    the words of the first link of `links`."""
    links: tuple[str, ...] = ()
    """http and https addresses."""
    fetched: datetime | None = None
    """None for a file."""

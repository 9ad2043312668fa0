"""One item of a feed, cleaned, before it is stored."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Entry(Struct, frozen=True):
    """One item as its feed gives it. All text went through `feeds.text`: plain, NFC, without control characters."""

    key: str
    """Identity within its feed: guid, else link, else a hash of title and text."""
    title: str
    """One line, never empty (the start of the text, or the address, where the feed gives none)."""
    url: str | None = None
    author: str | None = None
    text: str = ""
    """The summary or content as paragraphs separated by a blank line; at most 50,000 characters."""
    links: tuple[str, ...] = ()
    """Addresses found in the text, in order, http(s) only, without repeats."""
    published: datetime | None = None
    """Aware UTC; None where the feed gives none or an impossible one."""
    claimed: datetime | None = None
    """A publication that is still ahead of our clock; None where there is none, or `published` is known."""
    updated: datetime | None = None
    language: str | None = None
    """Primary language subtag in lower case, if entry or feed says one."""

"""Finds what precedes and follows the root element of an XML document in one pass."""

from __future__ import annotations

import re

from msgspec import Struct

_SPACE = re.compile(rb"\s*+")
_DOCTYPE = b"<!DOCTYPE"
_DECLARATIONS = re.compile(
    # Inside the brackets of a DOCTYPE a quote, a comment or an instruction may hold any sign; what is not closed runs
    # to the end.
    rb"""[^\["'>]*+(?:"[^"]*+"?|'[^']*+'?|\[(?:[^\]"'<]++|"[^"]*+"?|'[^']*+'?|<!--(?:[^-]++|-(?!->))*+(?:-->|\Z)"""
    rb"""|<\?(?:[^?]++|\?(?!>))*+(?:\?>|\Z)|<)*+\]?|[^\["'>]++)*+>?"""
)
_CLOSING_TAG = re.compile(rb"</(?:[\w.-]++:)?(?:rss|feed|rdf|channel)\s*+>", re.IGNORECASE)
_TAIL_LIMIT = 4_096
"""Comments that a server adds after a feed ("<!-- 0.2 s -->") are shorter."""


class Prolog(Struct, frozen=True):
    """The start of the actual document."""

    end: int
    """Offset of its first tag, or of anything but white space, comment, instruction and DOCTYPE."""
    has_doctype: bool


def find_prolog(data: bytes) -> Prolog:
    """Return how far the prolog of a document in an encoding like ASCII goes; what is not closed runs to the end."""
    place, size, has_doctype = 3 if data.startswith(b"\xef\xbb\xbf") else 0, len(data), False
    while True:
        place = _after(_SPACE, data, place)
        if data.startswith(b"<!--", place):
            place = _behind(data, b"-->", place + 4)
        elif data.startswith(b"<?", place):
            place = _behind(data, b"?>", place + 2)
        elif data[place : place + len(_DOCTYPE)].upper() == _DOCTYPE:
            has_doctype = True
            place = _after(_DECLARATIONS, data, place + len(_DOCTYPE))
        else:
            return Prolog(min(place, size), has_doctype)


def is_closed(data: bytes) -> bool:
    """Return whether the root element is closed; only comments and white space may follow."""
    tail = data[-_TAIL_LIMIT:].rstrip()
    while tail.endswith(b"-->"):
        start = tail.rfind(b"<!--", 0, len(tail) - 3)
        if start < 0:
            return False
        tail = tail[:start].rstrip()
    start = tail.rfind(b"</")
    return start >= 0 and _CLOSING_TAG.fullmatch(tail, start) is not None


def _after(pattern: re.Pattern[bytes], data: bytes, place: int) -> int:
    found = pattern.match(data, place)
    return place if found is None else found.end()


def _behind(data: bytes, end: bytes, place: int) -> int:
    found = data.find(end, place)
    return len(data) if found < 0 else found + len(end)

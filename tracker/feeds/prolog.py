"""Finds what precedes and follows the root element of an XML document in one pass."""

from __future__ import annotations

import re

from msgspec import Struct

_SPACE = re.compile(rb"\s*+")
_DOCTYPE = b"<!DOCTYPE"
_BARE_DOCTYPE = re.compile(rb"<!DOCTYPE\s++[A-Za-z_][\w:.-]*+\s*+>", re.IGNORECASE)
_DECLARATIONS = re.compile(
    # Inside the brackets of a DOCTYPE a quote, a comment or an instruction may hold any sign; what is not closed runs
    # to the end.
    rb"""[^\["'>]*+(?:"[^"]*+"?|'[^']*+'?|\[(?:[^\]"'<]++|"[^"]*+"?|'[^']*+'?|<!--(?:[^-]++|-(?!->))*+(?:-->|\Z)"""
    rb"""|<\?(?:[^?]++|\?(?!>))*+(?:\?>|\Z)|<)*+\]?|[^\["'>]++)*+>?"""
)
_ROOT = re.compile(rb"<([A-Za-z_][\w:.-]*+)")
_PARTS = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    rb"|(?P<opened><(?:[\w.-]++:)?(?:item|entry|rss|feed|rdf)(?=[\s/>]))"
    rb"|</(?P<closed>(?:[\w.-]++:)?(?:rss|feed|rdf|channel))\s*+>",
    re.IGNORECASE | re.DOTALL,
)
_TAIL = 256


class Prolog(Struct, frozen=True):
    """The start of the actual document."""

    end: int
    """Offset of its first tag, or of anything but white space, comment, instruction and DOCTYPE."""
    has_doctype: bool
    """There is a DOCTYPE that may declare something: more than the name of the root element."""


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
            has_doctype = has_doctype or _BARE_DOCTYPE.match(data, place) is None
            place = _after(_DECLARATIONS, data, place + len(_DOCTYPE))
        else:
            return Prolog(min(place, size), has_doctype)


def find_end(data: bytes) -> int | None:
    """Return the offset behind the root element, whatever a server adds after it; None if the document was cut off.

    RSS that lacks nothing but its `</rss>` is complete, too.
    """
    root = _ROOT.match(data, find_prolog(data).end)
    if root is None:
        return None
    name, end, channel_end = root[1].lower(), None, None
    tail = data[-_TAIL:].rstrip()
    if tail[-len(name) - 3 :].lower() == b"</" + name + b">" and _is_outside(data):
        return len(data.rstrip())  # the usual end, without looking at every tag
    for part in _PARTS.finditer(data, root.end()):
        if part["opened"] is not None:
            end = channel_end = None  # of another document before, or of RSS 1.0, whose items follow its channel
        elif part["closed"] is not None:
            end = part.end() if part["closed"].lower() == name else end
            channel_end = part.end()
    if end is None and channel_end is not None and name == b"rss" and not data[channel_end:].strip():
        return channel_end
    return end


def _is_outside(data: bytes) -> bool:
    """Return whether every CDATA section and comment is closed at the end of a document."""
    return data.rfind(b"<![CDATA[") <= data.rfind(b"]]>") and data.rfind(b"<!--") <= data.rfind(b"-->")


def _after(pattern: re.Pattern[bytes], data: bytes, place: int) -> int:
    found = pattern.match(data, place)
    return place if found is None else found.end()


def _behind(data: bytes, end: bytes, place: int) -> int:
    found = data.find(end, place)
    return len(data) if found < 0 else found + len(end)

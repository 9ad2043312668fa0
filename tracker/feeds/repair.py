"""Repairs the UTF-8 bytes of a feed document so that a strict parser can read it, keeping its text as intended."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from html.entities import html5

from tracker.feeds.prolog import find_end, find_prolog

_JUNK_LIMIT = 8_192
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"\x00<", b"<\x00", b"\x00\x00", b"\x4c\x6f\xa7\x94")
_START = re.compile(rb"<\?xml\b|<(?:rss|feed|rdf:RDF|channel|opml)\b", re.IGNORECASE)
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")

_REFERENCE = rb"&(?!(?:amp|lt|gt|quot|apos);|#[1-9]\d{1,6};|#x[1-9a-fA-F][0-9a-fA-F]{1,5};)"
_SUSPECT = re.compile(_REFERENCE + rb"|<(?![A-Za-z_:/!?])|&#(?:0*1\d|0*2\d|0*3[01]|x0*1[\da-fA-F]|55|5[67]|x[dD]);?")
_ENTITY_NAMES = re.compile(rb"<!ENTITY\s+([\w.:-]+)\s")
_SAFE_ENTITIES = re.compile(rb'<!ENTITY\s+(\w+)\s+"(?:&#\w+;|[^&"]*)"')
"""Those that feedparser keeps: plain text, no reference to another one, nothing from outside."""
_REPAIR = re.compile(
    # What is opened and never closed runs to the end: looking for its end from each start again would be quadratic.
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)"
    rb"|&(?:#(?P<number>\d{1,9}|x[0-9a-fA-F]{1,8});|(?P<name>[A-Za-z_][\w.:-]{0,63});)?|<(?![A-Za-z_:/!?])",
    re.DOTALL,
)


def strip_leading_junk(body: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return the document without what precedes it (white space, repeated BOMs, error messages), and warnings.

    Documents in UTF-16 or UTF-32 are returned unchanged.
    """
    if body.startswith(_WIDE_MARKS):
        return body, ()
    start = 0
    while body.startswith(codecs.BOM_UTF8, start):
        start += len(codecs.BOM_UTF8)
    head = body[start : start + _JUNK_LIMIT]
    skipped = len(head) - len(head.lstrip())
    found = _START.search(head)
    if found is None or _is_prolog(head[: found.start()]):
        # Nothing foreign precedes it; a lone BOM says which encoding it is, so it stays where nothing else goes.
        return (body[start + skipped :], ()) if skipped or start > len(codecs.BOM_UTF8) else (body, ())
    return body[start + found.start() :], ("removed text before the document",)


def _is_prolog(junk: bytes) -> bool:
    return find_prolog(junk).end == len(junk)


def strip_trailing_junk(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return the document without what follows it (a script of a proxy, half a page), and warnings."""
    end = find_end(data)
    if end is None or _is_prolog(data[end:]):
        return data, ()
    return data[:end], ("removed text after the document",)


def repair_xml(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Repair the usual faults of UTF-8 XML; return the result, and the faults in words.

    Bare ampersands (`AT&T up`) and undeclared entities (`&nbsp;`) become what they mean, a `<` that opens nothing is
    escaped, characters that XML forbids are taken out. CDATA sections, comments and declared entities are not touched;
    entities that stand for other entities or for files stand for nothing.
    """
    warnings: list[str] = []
    repaired, count = _CONTROLS.subn(b"", data)
    if count:
        warnings.append("removed control characters")
    if _SUSPECT.search(repaired):
        root = find_prolog(repaired).end
        prolog, rest = repaired[:root], repaired[root:]
        safe = frozenset(_SAFE_ENTITIES.findall(prolog))
        unsafe = frozenset(_ENTITY_NAMES.findall(prolog)) - safe
        rest_repaired = _REPAIR.sub(_make_repair(safe, unsafe), rest)
        # feedparser finds declarations at the start of a line only.
        repaired = prolog.replace(b"<!ENTITY", b"\n<!ENTITY") + rest_repaired
        if rest_repaired != rest:
            warnings.append("repaired bare ampersands or undeclared entities")
    return repaired, tuple(warnings)


def _make_repair(declared: frozenset[bytes], refused: frozenset[bytes]) -> Callable[[re.Match[bytes]], bytes]:
    def repair(match: re.Match[bytes]) -> bytes:
        found = match[0]
        if found == b"<":
            return b"&lt;"
        if found[:1] != b"&":
            return found
        number, name = match["number"], match["name"]
        if number is not None:
            return found if _is_legal(number) else b""
        if name is None:
            return b"&amp;"
        if name in (b"amp", b"lt", b"gt", b"quot", b"apos") or name in declared:
            return found
        if name in refused:
            return b""
        meant = html5.get(name.decode("utf-8", "replace") + ";")
        if meant is None:
            return b"&amp;" + found[1:]
        return "".join(f"&#{ord(character)};" for character in meant).encode("ascii")

    return repair


def _is_legal(number: bytes) -> bool:
    """Return whether a character reference is a character of XML 1.0 (section 2.2)."""
    code = int(number[1:], 16) if number[:1] == b"x" else int(number)
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF

"""Reads ordinary, well-nested HTML without building a tree of it, which takes a third of the time.

Lexbor is the reference. `read_flat` returns None for whatever a browser would have to repair or where its tree does not
say what the markup says: tables, elements that close one another, tags within attributes, unknown names. A test over
the corpus holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.entities import html5

BREAK, LINE, ITEM, ITEM_END = "\x01\x02\x03\x04"
"""Stand for a blank line, a new line, and the ends of a list item in running text that is laid out later."""

_SPACE = r"[ \t\n\r\f]"
_VALUE = r"""(?:"[^"<]*+"|'[^'<]*+'|[^ \t\n\r\f"'=<>`]++)"""
_NAME = r"""[^ \t\n\r\f"'<>/=]++"""
# No part of a tag or comment holds another `<`, so that a search which fails has read no further than the next one.
_TAG = re.compile(
    rf"<(?:(/?[a-zA-Z][a-zA-Z0-9]*+)((?:{_SPACE}++{_NAME}(?:{_SPACE}*+={_SPACE}*+{_VALUE})?+)*+){_SPACE}*+/?>"
    "|!--(?!-?>)[^<]*?-->)"
)
_ONE_ATTRIBUTE = re.compile(rf"(?<!{_SPACE}){_SPACE}++({_NAME})(?:{_SPACE}*+={_SPACE}*+({_VALUE}))?+")
_ONLY_HREF = re.compile(rf"""{_SPACE}++href="([^"]*+)\"""")
_REFERENCE = re.compile(r"&(?:#(?:[xX][0-9a-fA-F]*|[0-9]*)|[a-zA-Z][a-zA-Z0-9]*);?")
_BARE = frozenset(name for name in html5 if not name.endswith(";"))
"""References that count without their semicolon, whatever follows them in a text."""
_BARE_LENGTHS = range(min(map(len, _BARE)), max(map(len, _BARE)) + 1)

_INLINE = (
    "a abbr acronym audio b bdi bdo big canvas cite code data del dfn em font i ins kbd label mark picture q s samp "
    "small span strike strong sub sup time tt u var video"
)
_EMPTY = "img input link meta source track wbr"
_BLOCKS = (
    "address article aside blockquote center details div dl figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup "
    "main nav ol p pre section summary ul"
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_RAW = "iframe script style"
"""Nothing of what is between their tags is markup, or text that anybody sees."""
_ROWS = "tbody tfoot thead"
_INSIDE = {
    "li": ("ul", "ol"),
    "dt": ("dl",),
    "dd": ("dl",),
    "tr": tuple(_ROWS.split()),
    "td": ("tr",),
    "th": ("tr",),
    **dict.fromkeys(_ROWS.split(), ("table",)),
}
"""What these elements have to be directly inside of; browsers close and open others until they are."""
_HOLDS_NO_TEXT = frozenset(("table", "tr", *_ROWS.split()))
"""What is not a part of a table is moved out of it."""


def _both(names: str) -> list[str]:
    """Return the start and end tags of elements."""
    return [tag for name in names.split() for tag in (name, f"/{name}")]


_BLANK = frozenset(("hr", "/dt", "/dd", *_both(_BLOCKS)))
"""Tags that stand for a blank line, as the end of a paragraph before them does."""
_NESTED = frozenset(("hr", *_both(f"table {_BLOCKS} {' '.join(_INSIDE)}")))
_DROPPED = frozenset(_RAW.split())
_MARK_OF: dict[str | None, str] = {
    None: "",  # a comment
    **dict.fromkeys(_both(f"{_INLINE} {_EMPTY} {_RAW}"), ""),
    **dict.fromkeys(_both(f"table {_BLOCKS} {_ROWS}"), BREAK),
    **dict.fromkeys(["hr", "/dt", "/dd"], BREAK),
    **dict.fromkeys(["/hr", "/tr", "/td", "/th"], ""),
    **dict.fromkeys(["br", "dt", "dd", "tr"], LINE),
    **dict.fromkeys(["img", "td", "th"], " "),
    "li": ITEM,
    "/li": ITEM_END,
}


class _NeedsTree(Exception):
    """What a browser makes of the markup is not plain to see."""


def read_flat(raw: str) -> tuple[str, list[str]] | None:
    """Return (running text with marks in it, the addresses of its links) of a piece of HTML; None if it needs a tree.

    Takes linear time.
    """
    if "--!>" in raw or "\0" in raw:
        return None
    parts = _TAG.split(raw)
    texts: list[str] = parts[::3]
    names: list[str | None] = parts[1::3]
    if len(names) != raw.count("<"):
        return None
    try:
        try:
            marks = [_MARK_OF[name] for name in names]
        except KeyError:
            names = [name and name.lower() for name in names]
            marks = [_MARK_OF[name] for name in names]
        kinds = set(names)
        if not kinds.isdisjoint(_NESTED):
            _check_nesting(names, texts if "table" in kinds else None)
        if not kinds.isdisjoint(_DROPPED):
            _drop_raw(names, texts)
        if "&" in raw:
            texts = [_REFERENCE.sub(_in_text, text) if "&" in text else text for text in texts]
        links = [_href(parts[place * 3 + 2]) for place, name in enumerate(names) if name == "a"] if "a" in kinds else []
    except (KeyError, _NeedsTree):
        return None
    pieces = [""] * (len(texts) + len(marks))
    pieces[::2], pieces[1::2] = texts, marks
    return "".join(pieces), links


def _check_nesting(names: Sequence[str | None], texts: Sequence[str] | None) -> None:
    """Raise _NeedsTree where a block is not closed by its own end tag, unless nobody could tell the difference.

    A paragraph ends where another block begins or the block around it ends: both are a blank line, as its own end is.

    Args:
        texts: what is before, between and after the tags, where there are tables.
    """
    has_paragraphs = "p" in names
    stack = [""]
    for place, name in enumerate(names):
        around = stack[-1]
        if texts is not None and around in _HOLDS_NO_TEXT:
            if texts[place].strip() or name not in _NESTED or name == "hr" or (name[0] != "/" and name not in _INSIDE):
                raise _NeedsTree
        elif name not in _NESTED:
            continue
        if name == "p":
            if around != "p":
                stack.append(name)
        elif name == "/p":
            if around == "p":
                stack.pop()
            elif not has_paragraphs:
                raise _NeedsTree  # the end of none is an empty one, which only counts where others begin
        else:
            if around == "p":
                if name not in _BLANK:
                    raise _NeedsTree
                stack.pop()
                around = stack[-1]
            if name[0] == "/":
                if name[1:] != around:
                    raise _NeedsTree
                stack.pop()
            elif name != "hr":
                if around not in _INSIDE.get(name, (around,)) or (around in _HEADINGS and name in _HEADINGS):
                    raise _NeedsTree
                stack.append(name)
    if "table" in stack or "li" in stack:
        raise _NeedsTree


def _drop_raw(names: Sequence[str | None], texts: list[str]) -> None:
    """Empty what is between the tags of elements that nobody reads."""
    for place, name in enumerate(names):
        if name in _DROPPED:
            if names[place + 1 : place + 2] != [f"/{name}"]:
                raise _NeedsTree
            texts[place + 1] = ""


def _in_text(found: re.Match[str]) -> str:
    """Return what a reference in a text stands for."""
    written = found[0]
    known = html5.get(written[1:])
    if known is not None:
        return known
    if written[1] == "#":
        return _numbered(written)
    if any(written[1 : 1 + length] in _BARE for length in _BARE_LENGTHS):
        raise _NeedsTree
    return written


def _in_attribute(found: re.Match[str]) -> str:
    """Return what a reference in an attribute stands for: there, `&copy=` and `&copyleft` are none."""
    written = found[0]
    if written[1] == "#":
        return _numbered(written)
    if written[1:] in _BARE:
        if found.string[found.end() : found.end() + 1] != "=":
            raise _NeedsTree
        return written
    return html5.get(written[1:], written)


def _numbered(written: str) -> str:
    digits = written[2:-1]
    if written[-1] != ";" or not 1 < len(digits) < 8:
        raise _NeedsTree
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    if not (32 <= code < 127 or 160 <= code < 0xD800 or 0xE000 <= code < 0xFDD0 or 0x10000 <= code < 0x1FFFE):
        raise _NeedsTree
    return chr(code)


def _href(attributes: str) -> str:
    """Return the address of a link, "" where it has none; of several the first counts."""
    if only := _ONLY_HREF.match(attributes):
        address = only[1]
    else:
        for name, value in _ONE_ATTRIBUTE.findall(attributes):
            if name.lower() == "href":
                address = value[1:-1] if value[:1] in ("'", '"') else value
                break
        else:
            return ""
    return _REFERENCE.sub(_in_attribute, address) if "&" in address else address

"""Single elements and texts of a feed as feedparser reads them, for the fast lane."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from html.entities import entitydefs
from typing import Any
from urllib.parse import urljoin

from tracker.feeds.namespaces import CORE, XML, known_prefix
from tracker.feeds.terms import HTML_ELEMENTS

LANG = f"{{{XML}}}lang"
BASE = f"{{{XML}}}base"
_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)/+")
_EMAIL = re.compile(
    # feedparser's, but for its start: from the middle of a name a search finds nothing more than from its start.
    r"(?<![a-zA-Z0-9_.+-])(([a-zA-Z0-9\_\-\.\+]++)@((\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.)|(([a-zA-Z0-9\-]+\.)+))"
    r"([a-zA-Z]{2,4}|[0-9]{1,3})(\]?))(\?subject=\S+)?"
)
_WINDOWS = {code: character for code in range(0x80, 0xA0) if (character := bytes([code]).decode("cp1252", "ignore"))}
"""C1 controls that are really windows-1252 characters."""
_NO_C1 = re.compile("[^\x80-\x9f]*+")
"""Matched whole, which takes less time than a search for one of them."""
_C1_WRITTEN = re.compile(rb"\xc2[\x80-\x9f]")
_C1_NUMBERED = re.compile(rb"&#(?:0*+1[2-5][0-9]|[xX]0*+[89][0-9a-fA-F]);")
_AUTHOR_LIMIT = 1_000
_HTML_SIGN = re.compile(r"</\w+>|&#?\w+;")
_HTML_TAG = re.compile(r"</?(\w+)")
_HTML_REFERENCE = re.compile(r"&(\w+);")


class NeedsFeedparser(Exception):
    """The document contains something that feedparser may read differently."""


def canonical_name(tag: str, prefix: str | None) -> str:
    """Return feedparser's name of an element: lower case, `prefix_` before it where its namespace has one."""
    namespace, _, local = tag.rpartition("}")
    local = local.lower()
    known = known_prefix(namespace[1:])
    if known is None:
        # An unknown default namespace counts for nothing, and `dc:` that is bound to something else is still `dc:`.
        return local if prefix is None else f"{prefix}_{local}".lower()
    return local if known == CORE else f"{known}_{local}"


class InheritedAttributes:
    """The base address and the language in force; feedparser applies the base of an inner element to what follows.

    It restores the base of the element around only where there is one.
    """

    def __init__(self) -> None:
        self._left_over = ""

    def inside(self, element: Any, base: str, lang: str | None) -> tuple[str, str | None]:
        """Return base address and language inside an element, from those around it."""
        attributes = element.attrib
        own = attributes and (attributes.get(BASE) or attributes.get("base"))
        if own:
            if not own.startswith(("http://", "https://")):
                raise NeedsFeedparser
            if not base:
                self._left_over = own
            base = own
        said = attributes.get(LANG, attributes.get("lang")) if attributes else None
        return base or self._left_over, lang if said is None else said or None


def may_hold_c1(body: bytes) -> bool:
    """Return whether a text of a UTF-8 document may have a C1 control; a tenth of the time that its texts take."""
    return bool(_C1_WRITTEN.search(body) or _C1_NUMBERED.search(body))


def repair_encoding(text: str, *, has_c1: bool) -> str:
    """Undo what feedparser undoes: UTF-8 that was taken for Latin-1, and windows-1252 that was taken for Latin-1.

    Args:
        has_c1: False where `text` is known to have no C1 control; then what was taken for Latin-1 holds none either.
    """
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text if not has_c1 or _NO_C1.fullmatch(text) else text.translate(_WINDOWS)


def looks_like_html(text: str) -> bool:
    """Return whether feedparser takes a text of RSS that should be plain for HTML."""
    return (
        _HTML_SIGN.search(text) is not None
        and all(tag.lower() in HTML_ELEMENTS for tag in _HTML_TAG.findall(text))
        and all(name in entitydefs for name in _HTML_REFERENCE.findall(text))
    )


def resolve_text(base: str, text: str) -> str:
    """Return an address that is written as text, against the base in force."""
    return resolve(base, text) if text else text


def resolve(base: str, address: str) -> str:
    """Return an address against the base in force, \"\" when it is none."""
    try:
        return urljoin(base, _SLASHES.sub(r"\1", address))
    except ValueError:
        return ""


def refuse_attributes(attributes: Any, names: Sequence[str]) -> None:
    """Raise NeedsFeedparser for an element that has one of these attributes."""
    if attributes and any(name.lower() in names for name in attributes):
        raise NeedsFeedparser


def person_of(author: str) -> dict[str, str]:
    """Return name and address of an author that is one text, as in "jane@example.com (Jane Doe)"."""
    if not author:
        return {}
    found = _EMAIL.search(author) if "@" in author and len(author) <= _AUTHOR_LIMIT else None
    if found is None:
        return {"name": author}
    name = author.replace(found[0], "")
    for empty in ("()", "<>", "&lt;&gt;"):
        name = name.replace(empty, "")
    name = name.strip().removeprefix("(").removesuffix(")").strip()
    return {"email": found[0], **({"name": name} if name else {})}


def feedparser_date(written: str) -> Sequence[int] | None:
    """Parse a date as feedparser does; used only for dates that `feeds.dates` cannot parse."""
    from feedparser.datetimes import _parse_date

    read: Callable[[str], Sequence[int] | None] = _parse_date
    return read(written)

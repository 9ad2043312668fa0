"""OPML lists of feeds, in and out (http://opml.org/spec2.opml); groups are nested outlines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pyexpat import ExpatError, ParserCreate, XMLParserType
from typing import TypeAlias
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from tracker.feeds.errors import FeedError
from tracker.feeds.newsboat import listed_address
from tracker.feeds.repair import repair_xml, strip_leading_junk
from tracker.feeds.text import clean_line, strip_unsafe

_BY_RULES = re.compile(r"\w+(\+\w+)+")
"""The types of FreshRSS for what is no feed: "HTML+XPath", "JSON+DotNotation". A media type has a slash."""
GROUP_SEPARATOR = " / "
_DEPTH_LIMIT = 20
_PROLOG_LIMIT = 200
_ADDED = b"<?xml version='1.0' encoding='utf-8'?>\n"
"""What feedparser puts before a document without a declaration."""


class OpmlFeed(Struct, frozen=True):
    """One feed of a list."""

    name: str
    """Unique within its list, never empty."""
    url: str
    group: str | None = None
    """Names of the outlines around it, joined with " / "; None at the top."""


class OpmlList(Struct, frozen=True):
    """What a list holds."""

    feeds: tuple[OpmlFeed, ...]
    """In order, each address once, each name once ("Name", "Name 2")."""
    skipped: tuple[tuple[int, str], ...] = ()
    """Lines of outlines that cannot be used, with the reason."""
    repeated: int = 0
    """Outlines whose address came before."""
    warnings: tuple[str, ...] = ()
    """What is wrong with its characters."""


_Tree: TypeAlias = "dict[str, OpmlFeed | _Tree]"
"""Groups and feeds in order; keys begin with "group " or "feed "."""


def read_opml(body: bytes) -> OpmlList:
    """Return the feeds of an OPML list, in the charset that a feed would be read in.

    Outlines without an `xmlUrl` are groups, or nothing.

    Raises:
        FeedError: if it is no OPML, broken, or declares entities; says what and where.
    """
    from tracker.feeds.charset import to_utf8  # imports feedparser, which a list of newsboat's does without

    body = strip_leading_junk(body)[0]
    data, warnings = to_utf8(body, None)
    if b"<?xml" not in body[:_PROLOG_LIMIT].replace(b"\x00", b""):
        data = data.removeprefix(_ADDED)  # else the lines of errors would be one too many
    data, _ = repair_xml(data)
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except ExpatError as error:
        raise FeedError(f"broken XML: {error}") from None
    return OpmlList(tuple(reader.feeds), tuple(reader.skipped), reader.repeated, warnings)


def write_opml(feeds: Iterable[OpmlFeed], title: str) -> bytes:
    """Return an OPML 2.0 document in UTF-8 with the feeds in order, each group at the place of its first feed."""
    tree: _Tree = {}
    for feed in feeds:
        branch = tree
        for part in feed.group.split(GROUP_SEPARATOR) if feed.group else ():
            inner = branch.setdefault(f"group {part}", {})
            assert not isinstance(inner, OpmlFeed)  # their keys begin otherwise
            branch = inner
        branch[f"feed {feed.url}"] = feed
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{escape(clean_line(title))}</title></head>",
        "  <body>",
        *_outlines(tree, 2),
        "  </body>",
        "</opml>",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _outlines(tree: _Tree, depth: int) -> Iterable[str]:
    indent = "  " * depth
    for key, value in tree.items():
        if isinstance(value, OpmlFeed):
            name = _quoted(value.name)
            yield f'{indent}<outline type="rss" text={name} title={name} xmlUrl={_quoted(value.url)}/>'
        else:
            name = _quoted(key.removeprefix("group "))
            yield f"{indent}<outline text={name} title={name}>"
            yield from _outlines(value, depth + 1)
            yield f"{indent}</outline>"


def _quoted(text: str) -> str:
    return quoteattr(strip_unsafe(text))


class _Reader:
    """Collects feeds from expat's events; entities are refused as soon as one is declared."""

    def __init__(self) -> None:
        self.feeds: list[OpmlFeed] = []
        self.skipped: list[tuple[int, str]] = []
        self.repeated = 0
        self._groups: list[str | None] = []
        self._is_opml = False
        self._urls: set[str] = set()
        self._names: set[str] = set()
        self._numbers: dict[str, int] = {}
        """The last number of each label: counting from 1 each time took 50 s for 20,000 equal names."""
        self.parser: XMLParserType = ParserCreate("utf-8")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._refuse_entity

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.lower()
        if not self._is_opml:
            if name != "opml":
                raise FeedError(f"not an OPML list: <{clean_line(tag, 40)}> {self._place()}")
            self._is_opml = True
            return
        if name != "outline":
            return
        if len(self._groups) >= _DEPTH_LIMIT:
            raise FeedError(f"nested deeper than {_DEPTH_LIMIT} outlines {self._place()}")
        values = {key.lower(): value for key, value in attributes.items()}
        label = clean_line(values.get("text", ""), 200) or clean_line(values.get("title", ""), 200)
        self._groups.append(None if "xmlurl" in values else label or None)
        if values.get("xmlurl", "").strip():
            self._feed(label, values["xmlurl"], clean_line(values.get("type", ""), 60))

    def _feed(self, label: str, address: str, kind: str) -> None:
        url, reason = listed_address(address)
        if _BY_RULES.fullmatch(kind):
            url, reason = None, f"{label or address}: taken from a page by rules ({kind}); tracker reads only feeds"
        if url is None:
            self.skipped.append((self.parser.CurrentLineNumber, reason))
        elif url in self._urls:
            self.repeated += 1
        else:
            self._urls.add(url)
            group = GROUP_SEPARATOR.join(part for part in self._groups if part) or None
            self.feeds.append(OpmlFeed(self._unique(label or urlsplit(url).hostname or url), url, group))

    def _end(self, tag: str) -> None:
        if tag.lower() == "outline":
            self._groups.pop()

    def _unique(self, label: str) -> str:
        name, number = label, self._numbers.get(label, 1)
        while name in self._names:
            number += 1
            name = f"{label} {number}"
        self._numbers[label] = number
        self._names.add(name)
        return name

    def _refuse_entity(self, *_: object) -> None:
        raise FeedError(f"declares XML entities {self._place()}, which is refused")

    def _place(self) -> str:
        return f"in line {self.parser.CurrentLineNumber}, column {self.parser.CurrentColumnNumber + 1}"

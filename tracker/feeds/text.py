"""Makes foreign text and addresses plain and safe for a terminal; the only place that does."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import unescape
from html.entities import html5
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from tracker.model.joiners import JOINER, NON_JOINER, without_stray_joiners

TITLE_LIMIT = 500
TEXT_LIMIT = 50_000
URL_LIMIT = 4_000
LINKS_LIMIT = 200
_HTML_LIMIT = 20 * TEXT_LIMIT
"""Markup is read this far: pages with inline images carry megabytes of it around a few paragraphs."""
_TAGS_LIMIT = 20_000

# What never reaches a screen: controls (Cc, but for the ones that are white space), format characters (Cf: bidi
# overrides, zero-width characters, tags), private use (Co), surrogates (Cs), noncharacters, and variation selectors.
# Variation selectors go too: terminals disagree on the width of the sequences they make. Joiners stay where a word or
# an emoji is written with them.
_C0_C1 = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
_FORMAT = (
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_PRIVATE = "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff"
_PLANE_ENDS = "".join(chr(plane << 16 | last) for plane in range(1, 15) for last in (0xFFFE, 0xFFFF))
_INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\U0001d159"
"""Invisible letters and marks that Unicode counts as printable."""
_EMPTY_BRAILLE = "\u2800"
"""The blank Braille character, replaced by a space."""
_UNSAFE = re.compile(f"[{_INVISIBLE}{_C0_C1}{_FORMAT}{_PRIVATE}{_PLANE_ENDS}]+")
_SELECTOR = re.compile(f"[{_INVISIBLE}{_EMPTY_BRAILLE}\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""The only unsafe characters that `str.isprintable` lets through."""
_ANSI = re.compile(r"(?:\x1b\[|\x9b)[0-?]{0,32}[ -/]{0,8}[@-~]")
_MARKS_LIMIT = 4
"""More marks on one letter spill over the rows above and below."""
_STACK_LIMIT = 8
"""Signs below one another that belong to a letter (Tibetan mantras): of combining class 0, no two alike."""
_JOINER_ROUNDS = 3
_RUN_LIMIT = 30
"""Longer runs of marks are cut before they are sorted, which takes quadratic time (UAX 15, stream-safe text)."""
_STACKED = re.compile(r"[^\w\s\x00-\u02ff]{5,}")
"""Wherever five marks follow one another, and some places more (dashes, signs): what marks are, their category says."""
_UNUSUAL = re.compile(f"{_SELECTOR.pattern}|{_STACKED.pattern}")
"""What `str.isprintable` lets through and `strip_unsafe` may change."""
_USUAL = re.compile(
    "[\n -~\u00a1-\u00ac\u00ae-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20ac\u2122"
    "\u3001-\u3029\u3041-\u3096\u30a1-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e"
    "\u2190-\u2328\u2500-\u27bf\U0001f300-\U0001f64f\U0001f680-\U0001f6d7\U0001f900-\U0001f9ff]*+"
)
"""Text of which `strip_unsafe` changes nothing: nothing in it is hidden, a mark, or composed with what is before it."""

_INLINE = (
    "a abbr acronym b big cite code del dfn em font i img ins kbd mark q s samp small span strike strong sub sup tt u "
    "var wbr"
)
_BLOCK = "blockquote br center dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody td th tr ul"
_DROPPED = "script style iframe noframes object embed svg math template head title textarea select button"
_ATTRIBUTE = r"""\s++[a-zA-Z_:][\w:.-]*+\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s<>"']++)"""
_TAG = re.compile(rf"<(/?)({'|'.join(_INLINE.split() + _BLOCK.split())})(?:{_ATTRIBUTE})*+\s*+/?>", re.IGNORECASE)
_PAIR = re.compile(r"<(b|strong|i|em|u|span|p|div|a|sup|sub|font)(?:\s[^<>]*)?>([^<]*)</\1\s*>", re.IGNORECASE)
_WHOLE = re.compile(r"<(script|style|iframe)\b[^<>]*+>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[a-zA-Z/!]")
_SECTIONS = (
    "address article aside body caption details dir fieldset footer form header hgroup main menu nav section summary "
    "tfoot thead"
)
_BLOCK_NAMES = frozenset(f"{_BLOCK} {_SECTIONS}".split())
_LINE_NAMES = frozenset(("br", "li", "tr", "dt", "dd"))
_DROPPED_NAMES = frozenset(_DROPPED.split())
_SPACE_NAMES = frozenset(("td", "th", "img"))
_MARKED_NAMES = _BLOCK_NAMES | _LINE_NAMES | _SPACE_NAMES | {"a"}
_FORMATTING = frozenset(("b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"))
"""HTML parsers open these elements again in every paragraph until they are closed, of those that are alike three at
most: 10,000 `<p><font size=n>` would take 12 s."""
_FEW_TAGS = 100
_TAG_NAME = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*+[\s/]?)")
"""With one character after it, which says whether the tag may have attributes."""
_BREAK, _LINE, _ITEM, _ITEM_END = "\x01\x02\x03\x04"
"""Stand for a blank line, a new line, and the ends of a list item in running text that is laid out later."""
_EMPTY_ITEM = re.compile("\x03[\x01\x02 ]*+\x04")
_LINE_MARK = re.compile(f"([{_LINE}{_ITEM}{_ITEM_END}])")
_ITEM_MARKS = re.compile("([\x03\x04])")
_EMPTY_BULLET = re.compile(r"\n•(?! [^\s•])\s*(?:•\s*)*")
"""Bullets that are not followed by one space and a text."""
_FEED_SCHEME = re.compile(r"\A\s*feed:(//)?", re.IGNORECASE)
_PLAIN_URL = re.compile(r"https?://[a-z0-9.-]+(?:/[!-\"$->@-~]*)?(?:\?[!-\"$-~]+)?(?:#[!-~]+)?")
"""An address that is given back as it is."""


def strip_unsafe(raw: str) -> str:
    """Return `raw` without ANSI sequences and without the characters that steer a terminal or hide; any length."""
    if raw.isascii() and raw.isprintable():
        return raw
    if not raw.isprintable() or _SELECTOR.search(raw):
        raw = _UNSAFE.sub("", _ANSI.sub("", raw)).replace(_EMPTY_BRAILLE, " ")
        if NON_JOINER in raw or JOINER in raw:
            return _without_stray_joiners(raw)
    return _composed(raw)


def _without_stray_joiners(raw: str) -> str:
    """Return composed text with the joiners that belong there; what is left out may let other marks change places."""
    for _ in range(_JOINER_ROUNDS):
        text = _composed(raw)
        raw = without_stray_joiners(text)
        if raw == text:
            return text
    return _composed(without_joiners(raw))


def without_joiners(text: str) -> str:
    """Return a text without any joiner and non-joiner."""
    return text.replace(NON_JOINER, "").replace(JOINER, "")


def _composed(raw: str) -> str:
    """Return text in composed form (NFC), with no more marks on a letter than fit its row."""
    if not _STACKED.search(raw):
        return unicodedata.normalize("NFC", raw)
    short = _STACKED.sub(lambda found: _limited(found[0], _RUN_LIMIT, _RUN_LIMIT), raw)
    return _STACKED.sub(
        lambda found: _limited(found[0], _MARKS_LIMIT, _STACK_LIMIT), unicodedata.normalize("NFC", short)
    )


def _limited(signs: str, marks: int, stack: int) -> str:
    """Return signs with no more than so many marks in a row, and a stack of different ones of class 0 so high."""
    kept: list[str] = []
    stacked: set[str] = set()
    others = 0
    is_over = False
    for sign in signs:
        if sign in (NON_JOINER, JOINER):
            pass  # between marks of one letter it makes no other letter
        elif unicodedata.category(sign)[0] != "M":
            stacked.clear()
            others, is_over = 0, False
        elif is_over:
            continue
        elif unicodedata.combining(sign) == 0 and sign not in stacked and len(stacked) < stack:
            stacked.add(sign)
        elif others < marks:
            others += 1
        else:
            is_over = True
            continue
        kept.append(sign)
    return "".join(kept)


def clean_line(raw: str, limit: int = TITLE_LIMIT) -> str:
    """Return one line of plain text from a title, name or label that may or may not be HTML; "" when nothing is left.

    Tags are taken out only where they are HTML (`<b>`, `<a href="…">`), so that `5 < 6 > 4` and `AMD < Intel` stay;
    entities are decoded once (`AT&T` and unknown ones stay); longer text ends in "…" at `limit` characters.
    """
    text = raw[: limit * 40]
    if "<" in text:
        text = _TAG.sub(_gap, _without_comments(_WHOLE.sub(" ", text)))
    if "&" in text:
        decoded = _ENTITY.sub(_decode, text)
        if "</" in decoded and decoded != text:
            # Escaped twice, as some feeds do: only whole pairs count, so that a title about the <b> element keeps it.
            decoded = _PAIR.sub(r"\2", decoded)
        text = decoded
    text = one_line(text)
    return text if len(text) <= limit else text[: limit - 1].rstrip(f" {NON_JOINER}{JOINER}") + "…"


def plain_to_text(raw: str) -> str:
    """Return text that is declared plain as paragraphs separated by a blank line; nothing is decoded or taken out."""
    return _tidy(raw[:_HTML_LIMIT].replace("\r\n", "\n").replace("\r", "\n"))


def html_to_text(raw: str, base: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Return (paragraphs separated by a blank line, links) of a piece of HTML.

    List items begin with "• "; scripts, styles, frames and images are dropped. Links are absolute http(s), in order,
    without repeats, at most `LINKS_LIMIT`; relative ones are resolved against `base`, or dropped when it is None.
    """
    raw = _bounded(raw)
    if not _ANY_TAG.search(raw):
        return plain_to_text(_ENTITY.sub(_decode, raw)), ()
    text, addresses = _read_tree(raw)
    links: dict[str, None] = {}
    for address in addresses:
        link = clean_url(address, base)
        if link is not None:
            links[link] = None
            if len(links) == LINKS_LIMIT:
                break
    return _lay_out(text), tuple(links)


def _read_tree(raw: str) -> tuple[str, list[str]]:
    """Return (running text with marks in it, addresses of links) of any HTML, as browsers read it."""
    from selectolax.lexbor import LexborHTMLParser  # 2 ms that a sync without news does not need

    tags = {tag.lower() for tag in set(_TAG_NAME.findall(raw))}
    names = {tag.rstrip("/").rstrip() for tag in tags}
    body = LexborHTMLParser(_without_formatting(raw, tags)).body
    if body is None:  # a frameset has none
        return "", []
    if dropped := names & _DROPPED_NAMES:
        for node in body.css(",".join(dropped)):
            node.decompose()
    addresses: list[str] = []
    # Marks are set in the tree and the text is taken out of it at once: five times faster than walking its nodes here.
    for node in body.css(",".join(names & _MARKED_NAMES)) if names & _MARKED_NAMES else ():
        name = node.tag or ""
        if name == "a":
            addresses.append(node.attributes.get("href") or "")
        elif name in _SPACE_NAMES:
            node.insert_before(" ")
        elif name == "li":
            node.insert_before(_ITEM)
            node.insert_after(_ITEM_END)
        else:
            node.insert_before(_LINE if name in _LINE_NAMES else _BREAK)
            if name not in ("br", "tr"):
                node.insert_after(_BREAK)
    return body.text(deep=True), addresses


def without_feed_scheme(address: str) -> str:
    """Return the address that a `feed:` address stands for: feed://x.example and feed:https://x.example."""
    return _FEED_SCHEME.sub(lambda found: "http://" if found[1] else "", address, count=1)


def clean_url(raw: str, base: str | None = None, *, keep_credentials: bool = False) -> str | None:
    """Return an absolute http(s) address without credentials and control characters, or None if there is none.

    What is invisible or steers a terminal is percent-encoded, as is white space inside.
    """
    text = raw.strip().replace("\t", "").replace("\n", "").replace("\r", "")
    if not text or len(text) > URL_LIMIT:
        return None
    if _PLAIN_URL.fullmatch(text):
        return text
    try:
        parts = urlsplit(text if base is None or _ABSOLUTE.match(text) else urljoin(base, text))
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() or c in "<>\"'\\^`{|}" for c in host):
        return None
    if _UNSAFE.search(host) or "%" in host or NON_JOINER in host or JOINER in host:
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port is not None:
        netloc += f":{port}"
    if keep_credentials and "@" in parts.netloc:
        netloc = _encode(parts.netloc.rpartition("@")[0]) + "@" + netloc
    url = urlunsplit((parts.scheme, netloc, _encode(parts.path), _encode(parts.query), _encode(parts.fragment)))
    return url if len(url) <= URL_LIMIT else None


def _encode(part: str) -> str:
    if part.isascii() and part.isprintable() and " " not in part:
        return part
    return "".join(
        quote(c, safe="", errors="replace") if c.isspace() or not c.isprintable() or _UNSAFE.match(c) else c
        for c in part
    )


def _lay_out(text: str) -> str:
    """Turn running text with marks in it into lines."""
    paragraphs = []
    for part in text.split(_BREAK):
        if _LINE in part or _ITEM in part or _ITEM_END in part:
            paragraph = "".join([" ".join(piece.split()) for piece in _LINE_MARK.split(part)])
        else:
            paragraph = " ".join(part.split())
        if paragraph:
            paragraphs.append(paragraph)
    text = _BREAK.join(paragraphs)
    if _ITEM in text:  # items may hold paragraphs and nothing at all
        if _EMPTY_ITEM.search(text):
            text = _without_empty_items(text)
        text = text.replace(f"{_ITEM_END}{_ITEM}", "\n• ").replace(f"{_LINE}{_ITEM}", "\n• ").replace(_ITEM, "\n• ")
    return _tidy(text.replace(_ITEM_END, "\n").replace(_LINE, "\n").replace(_BREAK, "\n\n"), is_spaced=True)


def _without_empty_items(text: str) -> str:
    """Remove empty list items, and items that contain only such items."""
    parts: list[str] = []
    opened: list[int] = []
    """Where each item that is not closed yet begins among the parts; what is filled is not kept."""
    for part in _ITEM_MARKS.split(text):
        if part == _ITEM:
            opened.append(len(parts))
            parts.append(part)
        elif part == _ITEM_END and opened:
            del parts[opened.pop() :]
        else:
            if part == _ITEM_END or part.strip(f"{_BREAK}{_LINE} "):
                opened.clear()  # all items around a text hold it
            parts.append(part)
    return "".join(parts)


def _without_comments(text: str) -> str:
    """Return text without its HTML comments; an unclosed one is text."""
    parts, place = [], 0
    while (start := text.find("<!--", place)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[place:start])
        place = end + 3
    return "".join((*parts, text[place:])) if parts else text


def one_line(text: str) -> str:
    """Return text without markup as one line, clean and of any length."""
    line = " ".join(text.split())
    safe = strip_unsafe(line)
    return line if safe == line else " ".join(safe.split())


def _bounded(raw: str) -> str:
    """Cut markup at `_HTML_LIMIT` characters and `_TAGS_LIMIT` tags.

    Building the tree is quadratic in its depth: 20,000 open `<div>` take 0.5 s, 200,000 take 100 s.
    """
    raw = raw[:_HTML_LIMIT]
    return "<".join(raw.split("<", _TAGS_LIMIT)[:_TAGS_LIMIT]) if raw.count("<") > _TAGS_LIMIT else raw


def _without_formatting(raw: str, tags: Iterable[str]) -> str:
    """Make spans of the kinds of formatting elements that have attributes, in long markup.

    Args:
        tags: those of the markup, as `_TAG_NAME` finds them, in lower case.
    """
    names = "|".join(sorted({tag[:-1] for tag in tags if not tag.isalnum()} & _FORMATTING))
    if not names or raw.count("<") <= _FEW_TAGS:
        return raw
    raw = re.sub(rf"<(?:{names})(?=[\s/])", "<span", raw, flags=re.IGNORECASE)
    return re.sub(rf"</(?:{names})(?=[\s/>])", "</span", raw, flags=re.IGNORECASE)


def _tidy(text: str, *, is_spaced: bool = False) -> str:
    """Return lines without unsafe characters, at most one of them blank in a row.

    `is_spaced` says that white space is single spaces and new lines already; then the lines of ordinary text need not
    be looked at one by one.
    """
    row = text.replace("\n", " ")
    # ASCII is usual when it is printable, which takes a tenth of the time to find out.
    if not is_spaced or not (row.isprintable() if text.isascii() else _USUAL.fullmatch(text)):
        if is_spaced and row.isprintable() and not _UNUSUAL.search(row):
            text = unicodedata.normalize("NFC", text)
        else:
            lines = text.split("\n")
            text = "\n".join([line if is_spaced and _USUAL.fullmatch(line) else one_line(line) for line in lines])
    while "\n\n\n" in text:  # faster than an expression, and linear: each pass leaves two thirds of a run
        text = text.replace("\n\n\n", "\n\n")
    if "•" in text:
        text = _EMPTY_BULLET.sub("\n• ", f"\n{text}")
    text = text.strip()
    return text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1].rstrip() + "…"


def _gap(match: re.Match[str]) -> str:
    name = match[2].lower()
    return " " if name in _BLOCK_NAMES or name == "img" else ""


def _decode(match: re.Match[str]) -> str:
    name = match[0][1:]
    if name[0] != "#":
        return html5.get(name, match[0])
    return unescape(match[0])  # a number of the windows-1252 range means that charset's character, as in browsers

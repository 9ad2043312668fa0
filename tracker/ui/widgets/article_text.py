"""An article as lines of marked text that fit a width; no terminal and no clock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct
from rich.cells import cell_len

from tracker.model.article import Article
from tracker.model.attribution import Attribution
from tracker.model.dates import NEW_YORK
from tracker.model.joiners import with_emoji_apart
from tracker.model.plurals import count_noun
from tracker.model.shown import show_host
from tracker.model.tags import Mention
from tracker.words.durations import age_text, ago_text
from tracker.words.originals import own_delay_text, press_text, when_text
from tracker.words.times import day_text, time_text

Part = Literal["title", "meta", "tag", "up", "down", "flat", "price", "note", "text", "match", "link"]
PARTS: tuple[Part, ...] = ("title", "meta", "tag", "up", "down", "flat", "price", "note", "text", "match", "link")

ZONE = NEW_YORK

_LINKS_SHOWN = 30
_PARAGRAPH = re.compile(r"\n\s*\n")
_WORD_OR_SPACE = re.compile(r"\s+|\S+")
# Marks that do not open a line of Chinese or Japanese, and those that do not end one (JIS X 4051).
_NOT_FIRST = frozenset("、。，．・：；？！）」』】〉》〕］｝…—ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.;:?!)]}%’”»")
_NOT_LAST = frozenset("（「『【〈《〔［｛([{‘“«")


class TextSpan(Struct, frozen=True):
    """A run of text of one kind."""

    text: str
    part: Part
    link: str | int | None = None
    """The address, or the id of the stored article, that the run links to."""
    hangs: bool = False
    """True for the first run of a paragraph whose further lines begin below the end of it."""


class Original(Struct, frozen=True):
    """The stored article that the one shown was taken from."""

    id: int
    source: str
    time: datetime
    key: str
    """What to press to go there, as it is printed."""


Line = tuple[TextSpan, ...]
Paragraph = Sequence[TextSpan]


class FullBody(Struct, frozen=True):
    """A full text as it is shown."""

    lines: Sequence[Line]
    """Of the width that the article is shown in."""
    links: tuple[str, ...]


def article_lines(
    article: Article,
    shares: Sequence[Paragraph],
    now: datetime,
    width: int,
    zone: ZoneInfo = ZONE,
    original: Original | None = None,
    full: FullBody | None = None,
    notice: str = "",
) -> list[Line]:
    """Return an article in lines of at most `width` cells: title, source, tags, story, shares, text, links, old titles.

    Words that a tag matched are lit, in title and text, as is the name of the source that the article gives. Times are
    in `zone`; `shares` is what its shares did (`share_text.share_paragraphs`); `full` replaces its text and links;
    `notice` is said above them.
    """
    blocks: list[Sequence[Paragraph]] = [
        [_highlight(article.title, 0, _matched_ranges(article, "title"), "title")],
        [
            *_meta(article, now, zone),
            *_story_original(article, now, zone),
            *_named_source(article.attribution, original, now, zone),
        ],
        shares,
        [[TextSpan(notice, "note")]] if notice else [],
        *([paragraph] for paragraph in (_body(article) if full is None else ())),
    ]
    after: list[Sequence[Paragraph]] = [
        _links(article.url, article.links if full is None else full.links),
        [
            [TextSpan(f"headline until {_when(until, now, zone)}: {title}", "note")]
            for until, title in sorted(article.earlier_titles, reverse=True)
        ],
    ]
    lines: list[Line] = []

    def add(block: Sequence[Line]) -> None:
        if block and lines:
            lines.append(())
        lines.extend(block)

    for number, block in enumerate(blocks):
        wrapped = [line for paragraph in block for line in wrap(paragraph, width)]
        if number == 1:
            lines += wrapped
        else:
            add(wrapped)
    add(() if full is None else full.lines)
    for block in after:
        add([line for paragraph in block for line in wrap(paragraph, width)])
    return lines


def wrap(paragraph: Paragraph, width: int) -> list[Line]:
    """Return a paragraph in lines of at most `width` cells (2 if it is less), its runs cut where the lines are.

    Spaces that it begins with indent every line.
    """
    lead = paragraph[0] if paragraph else None
    if lead is not None and lead.hangs and (room := width - cell_len(lead.text)) >= width // 2:
        margin_span = TextSpan(" " * cell_len(lead.text), lead.part)
        return [(margin_span if number else lead, *line) for number, line in enumerate(wrap(paragraph[1:], room))]
    text = "".join(span.text for span in paragraph)
    indent = min(len(text) - len(text.lstrip(" ")), max(0, width // 4))
    margin = [TextSpan(" " * indent, paragraph[0].part)] if indent else []
    places: list[tuple[int, int, TextSpan]] = []
    at = 0
    for span in paragraph:
        places.append((at, at + len(span.text), span))
        at += len(span.text)
    lines: list[Line] = []
    first = 0
    for start, end in wrap_offsets(text, width - indent):
        while places[first][1] <= start:
            first += 1
        line = list(margin)
        for begin, stop, span in places[first:]:
            if begin >= end:
                break
            line.append(TextSpan(text[max(start, begin) : min(end, stop)], span.part, span.link))
        lines.append(tuple(line))
    return lines


def wrap_offsets(text: str, width: int) -> list[tuple[int, int]]:
    """Return (start, end) of the lines of `text` in at most `width` cells (2 if it is less).

    A line ends at white space, which is dropped, at a line break, beside a wide character unless punctuation forbids
    it, or within a word that is wider than a line. White space before the first word is kept.
    """
    lines: list[tuple[int, int]] = []
    for raw in re.finditer(r"[^\n]+", text):
        lines += _wrap_line(text, raw.start(), raw.end(), max(2, width))
    return lines


def _wrap_line(text: str, start: int, stop: int, width: int) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    line = end = start  # the open line; `end` is after its last word
    used = 0  # cells of the open line, with the white space after it
    for first, last, cells in _units(text, start, stop):
        if text[first].isspace():
            if end > line:
                used += cells
            continue
        if end == line or used + cells > width:
            if end > line:
                lines.append((line, end))
            while cells > width:
                cut, cut_cells = _fitting(text, first, last, width)
                lines.append((first, cut))
                first, cells = cut, cells - cut_cells
            line, used = first, 0
        used += cells
        end = last
    return [*lines, (line, end)] if end > line else lines


def _units(text: str, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, cells) of what no line break divides: white space, a word, a wide character and its marks."""
    for chunk in _WORD_OR_SPACE.finditer(text, start, stop):
        at, end = chunk.span()
        if chunk[0].isascii():
            yield at, end, end - at
            continue
        first, cells = at, _cells(text[at])
        for index in range(at + 1, end):
            if _may_break(text[index - 1], text[index]):
                yield first, index, cells
                first, cells = index, 0
            cells += _cells(text[index])
        yield first, end, cells


def _may_break(before: str, after: str) -> bool:
    wide = _cells(before) == 2 or _cells(after) == 2
    return wide and _cells(after) > 0 and after not in _NOT_FIRST and before not in _NOT_LAST


def _fitting(text: str, start: int, stop: int, width: int) -> tuple[int, int]:
    """Return where a word that is wider than a line is cut, and the cells up to there."""
    at, used = start, 0
    while at < stop and used + _cells(text[at]) <= width:
        used += _cells(text[at])
        at += 1
    return at, used


@lru_cache(maxsize=4096)
def _cells(char: str) -> int:
    # A variation selector can widen the character before it by a cell: counted here, so a line is never too long.
    return 1 if char == "\ufe0f" else cell_len(char)


def _meta(article: Article, now: datetime, zone: ZoneInfo) -> list[Paragraph]:
    moment = article.published or article.first_seen
    when = f"{_when(moment, now, zone)}, {_age_words(moment, now)}"
    if article.published is None:
        claimed = article.claimed
        told = "no time" if claimed is None else f"a time in the future: {_when(claimed, now, zone)}"
        when = f"first seen {when} (the feed gives {told})"
    words = [article.source, when]
    if article.updated is not None and article.updated > moment:
        words.append(f"changed {_when(article.updated, now, zone)}")
    if article.author:
        words.append(article.author)
    paragraphs: list[Paragraph] = [[TextSpan(" · ".join(words), "meta")]]
    tags: list[TextSpan] = []
    for mention in article.mentions:
        tags += [TextSpan(", ", "meta")] if tags else []
        tags += [TextSpan(mention.tag, "tag"), TextSpan(f" ({_match_text(mention)})", "meta")]
    if tags:
        paragraphs.append(tags)
    if article.story.size > 1:
        first, *others = article.story.sources or (article.source,)
        count = f"{count_noun(article.story.size, 'article', 'articles')} on this story"
        whose = f": {first} first, then {', '.join(others)}" if others else f", all from {first}"
        paragraphs.append([TextSpan(count + whose, "meta")])
    return paragraphs


def _story_original(article: Article, now: datetime, zone: ZoneInfo) -> list[Paragraph]:
    """Return the filing or release that the article's story comes from, and how long the press took."""
    original = article.story.original
    if original is None:
        return []
    when, press = when_text(original, now, zone), press_text(original)
    if original.id == article.id:
        told = " · ".join(filter(None, (f"the original of this story, {when}", press)))
        return [[TextSpan(told, "meta")]]
    delays = [press, own_delay_text(original, article.published) if original.next_source != article.source else ""]
    return [
        [
            TextSpan("original: ", "meta"),
            TextSpan(original.title, "link", original.id),
            TextSpan(" · ".join([f", {when}", *filter(None, delays)]), "meta"),
        ]
    ]


def _named_source(
    named: Attribution | None, original: Original | None, now: datetime, zone: ZoneInfo
) -> list[Paragraph]:
    """Return whom the article names as the source of its news, and the way there."""
    if named is None:
        return []
    spans = [TextSpan("source named: ", "meta"), TextSpan(named.name, "tag")]
    if original is not None:
        spans += [
            TextSpan(" ▸ ", "meta"),
            TextSpan(f"its article, {_when(original.time, now, zone)}", "link", original.id),
            TextSpan(f" (press {original.key})", "meta"),
        ]
    elif named.url is not None:
        spans += [
            TextSpan(" ▸ ", "meta"),
            TextSpan(show_host(named.url), "link", named.url),
            TextSpan(" (not stored)", "meta"),
        ]
    else:
        spans.append(TextSpan(" (article not stored)", "meta"))
    return [spans]


def _match_text(mention: Mention) -> str:
    """Return how much the article is about a tag and where it was found: "about: title, text ×3"."""
    counts = {field: sum(match.field == field for match in mention.matches) for field in ("title", "text", "feed")}
    names = {"title": "title", "text": "text", "feed": "set for every article of this feed"}
    places = [names[field] + (f" ×{count}" if count > 1 else "") for field, count in counts.items() if count]
    words = mention.salience if not places else f"{mention.salience}: {', '.join(places)}"
    return words if mention.own or mention.symbol is None else f"{words}; shown with {mention.symbol}"


def _body(article: Article) -> list[Paragraph]:
    marks = _matched_ranges(article, "text")
    paragraphs: list[Paragraph] = []
    at = 0
    for gap in [*_PARAGRAPH.finditer(article.text), None]:
        end = len(article.text) if gap is None else gap.start()
        if article.text[at:end].strip():
            paragraphs.append(_highlight(article.text[at:end], at, marks, "text"))
        at = end if gap is None else gap.end()
    return paragraphs or [[TextSpan("The feed has no text for this article.", "note")]]


def _highlight(text: str, offset: int, marks: Sequence[tuple[int, int]], part: Part) -> Paragraph:
    """Return text that starts at `offset` of its field, with the marked places as separate runs."""
    text = with_emoji_apart(text)
    spans: list[TextSpan] = []
    at = 0
    for start, end in marks:
        first, last = max(at, start - offset), min(len(text), end - offset)
        if first >= last:
            continue
        spans += [TextSpan(text[at:first], part)] if at < first else []
        spans.append(TextSpan(text[first:last], "match"))
        at = last
    return [*spans, TextSpan(text[at:], part)] if at < len(text) else spans


def _matched_ranges(article: Article, field: Literal["title", "text"]) -> list[tuple[int, int]]:
    """Return the places of all matches in a field and of the source named there, in order, overlapping ones joined."""
    places = [(match.start, match.end) for one in article.mentions for match in one.matches if match.field == field]
    named, text = article.attribution, article.title if field == "title" else article.text
    # A text that its site has changed since may have other words there.
    if named is not None and named.field == field and text[named.start : named.end] == named.name:
        places.append((named.start, named.end))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _links(url: str | None, links: Sequence[str]) -> list[Paragraph]:
    paragraphs: list[Paragraph] = []
    if url:
        paragraphs.append([TextSpan(show_host(url), "link", url)])
    for number, link in enumerate(links[:_LINKS_SHOWN], 1):
        paragraphs.append([TextSpan(f"[{number}] ", "note"), TextSpan(show_host(link), "link", link)])
    if len(links) > _LINKS_SHOWN:
        paragraphs.append([TextSpan(f"and {count_noun(len(links) - _LINKS_SHOWN, 'more link', 'more links')}", "note")])
    return paragraphs


def _when(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    return f"{day_text(moment, zone, now)} {time_text(moment, zone)}"


def _age_words(moment: datetime, now: datetime) -> str:
    seconds = (now - moment).total_seconds()
    return ago_text(seconds) if seconds > -60 else f"in {age_text(now, moment).removeprefix('+')}"

"""The full text of an article as lines of marked text that fit a width; no terminal and no clock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from tracker.model.article import Article
from tracker.model.fulltext import FullText
from tracker.model.joiners import with_emoji_apart
from tracker.ui.widgets.article_text import Line, Part, TextSpan, wrap_offsets

_LEAD = re.compile(r"(?P<quotes>(?:> ?){0,8})(?P<sign>#{1,6} | *(?:• |\d{1,4}\. )?)")
_PICTURE = re.compile(r"\[picture: .*\]")
_MARK = r"\[(?P<number>\d{1,3})\]"
_LIT_WORDS = 24
_BAR = "│ "


def full_text_lines(full: FullText, words: Sequence[str], width: int) -> list[Line]:
    """Return a full text in lines of at most `width` cells (8 if it is less).

    The form of the text is described at `FullText.text`. Further lines of an item or a quote are indented as the first;
    the numbers of links are links, and `words` are lit.
    """
    marked = _marked(words)
    lines: list[Line] = []
    for text in with_emoji_apart(full.text).split("\n"):
        lines += _lines(text, full.links, marked, max(8, width))
    return lines


def matched_words(article: Article) -> list[str]:
    """Return what its tags matched in title and text, longest first."""
    found = {match.text for mention in article.mentions for match in mention.matches if match.field != "feed"}
    return sorted((word for word in found if word.strip()), key=lambda word: (-len(word), word))[:_LIT_WORDS]


def _marked(words: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern of what is not plain text: numbers of links, and the words."""
    # No \b: words of Chinese and Japanese follow one another without a gap.
    whole = (
        rf"{r'(?<![A-Za-z0-9])' if word[0].isascii() else ''}{re.escape(word)}"
        rf"{r'(?![A-Za-z0-9])' if word[-1].isascii() else ''}"
        for word in words
    )
    return re.compile("|".join([_MARK, *whole]))


def _lines(text: str, links: Sequence[str], marked: re.Pattern[str], width: int) -> Iterator[Line]:
    lead = _LEAD.match(text)
    assert lead is not None  # it matches nothing, too
    quotes, sign, rest = lead["quotes"].count(">"), lead["sign"], text[lead.end() :]
    part: Part = "note" if quotes or _PICTURE.fullmatch(rest) else "text"
    if sign.startswith("#"):
        part, sign = "title", ""
    bars = TextSpan(_BAR * min(quotes, width // 8), "note")
    room = width - cell_len(bars.text)
    sign = sign if cell_len(sign) <= room // 2 else ""
    offsets = wrap_offsets(rest, room - cell_len(sign))
    if not offsets:
        yield (bars,) if quotes else ()
    for number, (start, end) in enumerate(offsets):
        margin = TextSpan(" " * cell_len(sign) if number else sign, part)
        runs = _runs(rest, start, end, links, marked, part)
        yield tuple(span for span in (bars, margin, *runs) if span.text)


def _runs(
    text: str, start: int, end: int, links: Sequence[str], marked: re.Pattern[str], part: Part
) -> Iterator[TextSpan]:
    at = start
    for found in marked.finditer(text, start, end):
        number = found["number"]
        if number is not None and not 0 < int(number) <= len(links):
            continue
        yield TextSpan(text[at : found.start()], part)
        at = found.end()
        if number is None:
            yield TextSpan(found.group(), "match")
        else:
            yield TextSpan(found.group(), "link", links[int(number) - 1])
    yield TextSpan(text[at:end], part)

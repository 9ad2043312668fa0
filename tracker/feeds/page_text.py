"""The body of an article, as trafilatura gives it, as plain text with numbered links; pure.

The form of the text is described at `FullText.text`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, Protocol

from msgspec import Struct

from tracker.feeds.text import LINKS_LIMIT, clean_url, one_line, strip_unsafe

PAGE_TEXT_LIMIT = 200_000
"""Characters of an article that are kept."""
_ALT_LIMIT = 300
_PICTURES_LIMIT = 100
_TABLE_WIDTH = 76
"""Columns of wider tables are not aligned: they would not fit a terminal."""
_CELL_LIMIT = 40
_DEPTH_LIMIT = 8
"""Deeper lists and quotes are indented no further."""
_BREAK, _CUT = "\n", "…"

Kind = Literal["heading", "paragraph", "item", "quote", "code", "table", "picture"]


class Element(Protocol):
    """What is used of an element of lxml."""

    @property
    def tag(self) -> object: ...
    @property
    def text(self) -> str | None: ...
    @property
    def tail(self) -> str | None: ...
    def get(self, name: str, /) -> str | None: ...
    def __iter__(self) -> Iterator[Element]: ...


class Block(Struct, frozen=True):
    """A part of an article that begins on a new line."""

    kind: Kind
    lines: tuple[str, ...]
    """Without the signs before them."""
    lead: str = ""
    """The sign of the first line; the others are indented as far."""
    quotes: int = 0
    """How deep in quotes it stands."""
    words: str = ""
    """Its text without link numbers, to find it again in another extraction."""


class PageText(Struct, frozen=True):
    """The text of an article."""

    text: str
    links: tuple[str, ...]
    linked: float
    """Share of its words that are those of links."""


def page_text(body: Element, base: str | None, pictured: Element | None = None) -> PageText:
    """Return the text and links of an article.

    Args:
        body: the article; pictures in it are left out.
        base: the address that relative links are resolved against.
        pictured: the article with its pictures, extracted again: looking for pictures finds other text too, so only
            pictures between two parts that `body` has one after the other are taken.
    """
    reader = read_blocks(body, base)
    blocks = reader.blocks
    if pictured is not None:
        blocks = with_pictures(blocks, read_blocks(pictured, base).blocks)
    count = sum(len(block.words) for block in blocks if block.kind != "picture")
    return PageText(lay_out(blocks), tuple(reader.links), reader.linked / max(1, count))


def read_blocks(body: Element, base: str | None) -> BlockReader:
    """Read the parts of an article in order, and the addresses of its links."""
    reader = BlockReader(base)
    reader.read_children(body, 0, 0)
    reader.flush("paragraph", 0, "")
    return reader


def with_pictures(blocks: Sequence[Block], pictured: Sequence[Block]) -> list[Block]:
    """Return the blocks with the pictures that `pictured` has between two of them that follow one another."""
    after: dict[int, list[Block]] = {}
    places: dict[str, list[int]] = {}
    for place, block in enumerate(blocks):
        places.setdefault(block.words, []).append(place)
    told = {block.words.casefold() for block in blocks}
    before: str | None = None
    count = 0
    waiting: list[Block] = []
    for block in pictured:
        if block.kind == "picture":
            count += 1
            if count <= _PICTURES_LIMIT:
                waiting.append(block)
            continue
        if waiting and block.words in places:
            for place in places[block.words]:
                if place and before == blocks[place - 1].words:
                    after.setdefault(place - 1, []).extend(waiting)
                    break
        waiting = []
        before = block.words
    found: list[Block] = []
    for place, block in enumerate(blocks):
        found.append(block)
        for picture in after.get(place, ()):
            alt = picture.words.casefold()
            if not any(alt in words for words in told):  # a caption says the same
                found.append(picture)
                told.add(alt)
    return found


def lay_out(blocks: Iterable[Block]) -> str:
    """Return blocks as text: a blank line between them, none between the items of a list."""
    lines: list[str] = []
    before: Block | None = None
    for block in blocks:
        quote = "> " * min(block.quotes, _DEPTH_LIMIT)
        if before is not None:
            is_close = before.kind == block.kind == "item" and before.quotes == block.quotes
            if not is_close:
                lines.append(("> " * min(block.quotes, before.quotes, _DEPTH_LIMIT)).rstrip())
        gap = " " * len(block.lead)
        lines += [f"{quote}{gap if number else block.lead}{line}".rstrip() for number, line in enumerate(block.lines)]
        before = block
    text = "\n".join(lines)
    return text if len(text) <= PAGE_TEXT_LIMIT else text[: PAGE_TEXT_LIMIT - 1].rstrip() + _CUT


class BlockReader:
    """Walks a body and collects its blocks. Text between two block elements is one too."""

    def __init__(self, base: str | None) -> None:
        self.blocks: list[Block] = []
        """The parts of the article so far, in order."""
        self.links: dict[str, int] = {}
        """Addresses with their numbers."""
        self.linked = 0
        """Characters that are the words of links."""
        self._base = base
        self._parts: list[str] = []
        self._words: list[str] = []

    def flush(self, kind: Kind, quotes: int, lead: str) -> bool:
        """End the running text as a block; False when there is none."""
        lines = [line for part in "".join(self._parts).split(_BREAK) if (line := one_line(part))]
        words = one_line("".join(self._words).replace(_BREAK, " "))
        self._parts, self._words = [], []
        if lines and words:
            self.blocks.append(Block(kind, tuple(lines), lead, quotes, words))
        return bool(lines and words)

    def read_children(self, element: Element, quotes: int, depth: int, kind: Kind = "paragraph", lead: str = "") -> str:
        """Read what an element holds; return the lead of the text that follows: only the first block has it."""
        self._add(element.text)
        for child in element:
            lead = self._read_child(child, quotes, depth, kind, lead)
            self._add(child.tail)
        return lead

    def _read_child(self, child: Element, quotes: int, depth: int, kind: Kind, lead: str) -> str:
        tag = child.tag
        if tag == "lb":
            self._parts.append(_BREAK)
            self._words.append(" ")
        elif tag == "graphic":
            self._read_picture(child, quotes)
        elif tag == "ref":
            self._read_link(child)
        elif tag == "code" and not _is_block_code(child):
            self._add(_whole_text(child))
        elif tag in ("p", "head", "list", "item", "quote", "code", "table", "div"):
            before = len(self.blocks)
            if self.flush(kind, quotes, lead):
                lead = " " * len(lead)
            self._read_block(child, str(tag), quotes, depth, kind, lead)
            if len(self.blocks) > before:
                lead = " " * len(lead)
        elif isinstance(tag, str):
            self.read_children(child, quotes, depth, kind, lead)
        return lead

    def _read_block(self, element: Element, tag: str, quotes: int, depth: int, kind: Kind, lead: str) -> None:
        if tag == "code":
            self._read_code(element, quotes)
        elif tag == "table":
            self._read_table(element, quotes)
        elif tag == "list":
            self._read_list(element, quotes, depth)
        elif tag == "head":
            level = (element.get("rend") or "")[1:2]
            self.read_children(element, quotes, depth)
            self.flush("heading", quotes, "#" * (int(level) if level in "123456" and level else 2) + " ")
        elif tag == "quote":
            self.read_children(element, quotes + 1, depth)
            self.flush("paragraph", quotes + 1, "")
        else:
            lead = self.read_children(element, quotes, depth, kind, lead)
            self.flush(kind, quotes, lead)

    def _read_list(self, element: Element, quotes: int, depth: int) -> None:
        is_numbered = element.get("rend") == "ol"
        indent = "  " * min(depth, _DEPTH_LIMIT)
        number = 0
        for item in element:
            before = len(self.blocks)
            sign = f"{number + 1}. " if is_numbered else "• "
            lead = self.read_children(item, quotes, depth + 1, "item", indent + sign)
            self.flush("item", quotes, lead)
            number += len(self.blocks) > before
            self._add(item.tail)

    def _read_code(self, element: Element, quotes: int) -> None:
        lines = [strip_unsafe(line.expandtabs(4)).rstrip() for line in _whole_text(element).split("\n")]
        while lines and not lines[0]:
            del lines[0]
        while lines and not lines[-1]:
            del lines[-1]
        if lines:
            self.blocks.append(Block("code", tuple(lines), "    ", quotes, one_line(" ".join(lines))))

    def _read_table(self, element: Element, quotes: int) -> None:
        rows: list[list[str]] = []
        for row in element:
            cells: list[str] = []
            for cell in row:
                before, kept = len(self.blocks), self.blocks
                self.read_children(cell, 0, 0)
                self.flush("paragraph", 0, "")
                cells.append(" ".join(line for block in kept[before:] for line in block.lines))
                del kept[before:]
            while cells and not cells[-1]:
                del cells[-1]
            if cells:
                rows.append(cells)
        if rows and max(map(len, rows)) == 1:  # a frame around text, no table
            self.blocks += [Block("paragraph", (row[0],), "", quotes, row[0]) for row in rows]
        elif rows:
            lines = tuple(_table_lines(rows))
            self.blocks.append(Block("table", lines, "", quotes, one_line(" ".join(lines))))

    def _read_link(self, element: Element) -> None:
        before = len(self._words)
        self.read_children(element, 0, 0)
        words = one_line("".join(self._words[before:]))
        self.linked += len(words)
        url = clean_url(element.get("target") or "", self._base)
        if url is None or not words:
            return
        if url in self.links or len(self.links) < LINKS_LIMIT:
            mark = f"[{self.links.setdefault(url, len(self.links) + 1)}]"
            last = self._parts[-1] if self._parts else ""
            bare = last.rstrip()
            self._parts[-1:] = [bare, mark, last[len(bare) :]]

    def _read_picture(self, element: Element, quotes: int) -> None:
        alt = one_line(element.get("alt") or element.get("title") or "")
        if len(alt) > _ALT_LIMIT:
            alt = alt[: _ALT_LIMIT - 1].rstrip() + _CUT
        if " " in alt or not alt.isascii():  # else a file name or a mere "image"
            self.blocks.append(Block("picture", (f"[picture: {alt}]",), "", quotes, alt))

    def _add(self, text: str | None) -> None:
        if text:
            text = text.replace("\r", " ").replace("\n", " ")
            self._parts.append(text)
            self._words.append(text)


def _is_block_code(element: Element) -> bool:
    return "\n" in _whole_text(element).strip()


def _whole_text(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        parts += ["\n" if child.tag == "lb" else _whole_text(child), child.tail or ""]
    return "".join(parts)


def _table_lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    columns = max(map(len, rows))
    widths = [max((_cells(row[place]) for row in rows if place < len(row)), default=0) for place in range(columns)]
    is_aligned = sum(widths) + 3 * (columns - 1) <= _TABLE_WIDTH and max(widths) <= _CELL_LIMIT
    for row in rows:
        padded = [cell + " " * (widths[place] - _cells(cell)) if is_aligned else cell for place, cell in enumerate(row)]
        yield " | ".join(padded).rstrip()


def _cells(text: str) -> int:
    """Return the terminal cells of a text, near enough for a table."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )

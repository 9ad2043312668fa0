"""One row of the list as pieces of text that fill a width exactly; no terminal, no clock."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from msgspec import Struct
from rich.cells import cell_len, set_cell_size

from tracker.model.article import Headline
from tracker.ui.widgets.format import AGE_WIDTH, MOVE_WIDTH, Direction, age_text, dollars_text, move_text
from tracker.words.money import gain_text
from tracker.words.shares import share_text

PARTS = (
    *("dot", "star", "age", "title", "mark", "others", "source", "symbol"),
    *("up", "down", "flat", "stale", "note", "read", "read-mark"),
)
"""Names of the pieces; the list widget has a style for each."""

Pieces = list[tuple[str, str]]

_MARK_CELLS = 2  # dot and star
_COUNT_CELLS = 4
_FRESH_FITS = 24
"""Cells of a headline that leave room for how many reports of its story are new."""
_BRANCH = "└ "
_MAX_INDENT = 4  # rewrites of rewrites go on, but a headline must be left to read
_REWRITE_SIGN = "≡"
_SYMBOL = 6
_WIDE_SYMBOL = 10
_NAMES_FIT = 92
"""Cells of a row that leave room for names in place of numbers: a list beside the other panes of 120 columns."""


class RowPlace(Struct, frozen=True):
    """The position of a row in its story."""

    depth: int = 0
    """0 for the lead of a story, else its depth below the lead."""
    is_unfolded: bool = False
    """True when the others are shown under it."""
    is_marked: bool = False
    """True while its story waits to be joined with another."""


TOP_LEVEL = RowPlace()


class RowMove(Struct, frozen=True):
    """The number at the end of a row."""

    value: float | None
    """A fraction; None draws nothing."""
    is_old_base: bool = False
    """True when the base is from before a break of trading: marked `*`."""
    is_stale: bool = False
    """True when the quote is older than its session allows: dim, marked `~`."""
    is_flat: bool = False
    """True when it is no more than what days without news bring: grey."""
    is_dollars: bool = False
    """True when it is an amount in dollars and no fraction."""
    is_gain: bool = False
    """True when it is what the user made or lost, in `currency`."""
    currency: str | None = None


NO_MOVE = RowMove(None)


class Columns(Struct, frozen=True):
    """Cells of each column; the space before it is counted. 0 leaves it out."""

    age: int
    title: int
    others: int
    source: int
    symbol: int
    move: int


@lru_cache(maxsize=64)
def columns(width: int) -> Columns:
    """Return the columns for a width: the headline gets what is left; source, then age give way first."""
    age = AGE_WIDTH + 1 if width >= 56 else 0
    others = _COUNT_CELLS if width >= 48 else 0
    source = 15 if width >= 104 else 12 if width >= 84 else 10 if width >= 72 else 0
    symbol = _WIDE_SYMBOL + 1 if width >= _NAMES_FIT else _SYMBOL + 1 if width >= 40 else 0
    move = MOVE_WIDTH + 2 if width >= 30 else 0
    title = max(0, width - _MARK_CELLS - age - others - source - symbol - move)
    return Columns(age, title, others, source, symbol, move)


def draw_row(row: Headline, width: int, now: datetime, move: RowMove = NO_MOVE, place: RowPlace = TOP_LEVEL) -> Pieces:
    """Return (text, part) pieces of one row that together are exactly `width` terminal cells.

    A lead says how many others have its story, and before its headline how many came since it was read. One under a
    lead is indented; `≡` is a rewrite or a translation.
    """
    is_unread = row.is_unread if place.depth == 0 else not row.read
    dot = ("◆", "star") if place.is_marked else ("●" if is_unread else " ", "dot")
    if width <= _MARK_CELLS:
        return [(fit(dot[0].strip(), width), dot[1])] if width > 0 else []
    wide = columns(width)
    pieces: Pieces = [dot, ("★" if row.starred else " ", "star")]
    if wide.age:
        pieces.append((right(age_text(now, row.time), AGE_WIDTH) + " ", "age"))
    others = right(_others(row, place), _COUNT_CELLS) if wide.others else ""
    # Where the sign and two digits fill the column, the headline gives a cell for the space between.
    room = wide.title - (1 if others and others[0] != " " else 0)
    indent = _indent(place.depth, room)
    if indent:
        pieces.append((indent, "others"))
    fresh = f"▲{min(row.fresh, 99)} new " if row.fresh and place.depth == 0 and room >= _FRESH_FITS else ""
    if fresh:
        pieces.append((fresh, "dot"))
    pieces.extend(_title(row, room - cell_len(indent) - cell_len(fresh), is_read=not is_unread))
    if others:
        pieces.append((" " * (wide.title - room) + others, "others"))
    if wide.source:
        pieces.append((" " + clip(row.source, wide.source - 1), "source"))
    if wide.symbol:
        pieces.append((" " + clip(_share(row, wide.symbol - 1), wide.symbol - 1), "symbol"))
    if wide.move:
        pieces.extend(_move(move))
    return pieces


def _indent(depth: int, room: int) -> str:
    if depth < 1:
        return ""
    text = " " * cell_len(_BRANCH) * (min(depth, _MAX_INDENT) - 1) + _BRANCH
    return clip(text, min(cell_len(text), room))


def _others(row: Headline, place: RowPlace) -> str:
    sign = _REWRITE_SIGN if row.is_rewrite or row.is_translation else ""
    if place.depth or row.others < 1:
        return sign
    return f"{sign}{'▾' if place.is_unfolded else '+'}{min(row.others, 99)}"


def others_cells(width: int) -> range:
    """Return the cells in a row of `width` that count the story's other articles; empty if they do not fit."""
    wide = columns(width)
    start = _MARK_CELLS + wide.age + wide.title
    return range(start, start + wide.others)


def _share(row: Headline, room: int) -> str:
    is_fitting = room >= _WIDE_SYMBOL or len(row.symbol or "") <= room
    name = row.share_tag if room >= _WIDE_SYMBOL else None
    return share_text(row.symbol, name, is_stand_in=row.is_stand_in, has_room=is_fitting)


def clip(text: str, width: int) -> str:
    """Return text in exactly `width` cells, cut with "…" where it is longer."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return fit(text, width)
    return fit(_prefix(text, width - 1) + "…", width)


def right(text: str, width: int) -> str:
    """Return text at the right end of exactly `width` cells."""
    return " " * max(0, width - cell_len(text)) + text if cell_len(text) <= width else fit(text, width)


def fit(text: str, width: int) -> str:
    """Return text padded or cut to exactly `width` cells."""
    if width <= 0:
        return ""
    sized = text if cell_len(text) <= width else set_cell_size(text, width)
    missing = width - cell_len(sized)
    return sized + " " * missing if missing >= 0 else " " * width


def _prefix(text: str, width: int) -> str:
    """Return the longest beginning of at most `width` cells. Widths are of whole strings: emoji join what follows."""
    low, high = 0, min(len(text), 4 * width + 4)  # longer only with many characters of no width
    while low < high:
        middle = (low + high + 1) // 2
        if cell_len(text[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low]


def _title(row: Headline, width: int, *, is_read: bool) -> Pieces:
    """Return the headline with the places that tags matched apart."""
    plain, lit = ("read", "read-mark") if is_read else ("title", "mark")
    shown = clip(row.title, width)
    kept = len(_common(shown, row.title))
    pieces: Pieces = []
    at = 0
    for start, end in row.marks:
        start, end = max(start, at), min(end, kept)
        if end <= start:
            continue
        if start > at:
            pieces.append((shown[at:start], plain))
        pieces.append((shown[start:end], lit))
        at = end
    if at < len(shown):
        pieces.append((shown[at:], plain))
    # Emoji sequences that a mark cuts through are wider in parts than as a whole: such a title goes without lights.
    if sum(cell_len(text) for text, _ in pieces) != width:
        return [(shown, plain)] if shown else []
    return pieces


def _common(one: str, other: str) -> str:
    for index, (left, right_) in enumerate(zip(one, other, strict=False)):
        if left != right_:
            return one[:index]
    return one[: min(len(one), len(other))]


def _move(move: RowMove) -> Pieces:
    if move.is_gain:
        text, direction = _gain(move)
    else:
        text, direction = _amount(dollars_text(move.value)) if move.is_dollars else move_text(move.value)
    note = "*" if move.is_old_base else "~" if move.is_stale else " "
    part = "stale" if move.is_stale else "flat" if move.is_flat else _PART[direction]
    return [(" " + right(text, MOVE_WIDTH), part), (note if text else " ", "note")]


def _gain(move: RowMove) -> tuple[str, Direction]:
    """Return an amount, without its currency where there is no room for that."""
    text = gain_text(move.value, move.currency)
    return _amount(text if cell_len(text) <= MOVE_WIDTH else gain_text(move.value, None))


def _amount(text: str) -> tuple[str, Direction]:
    if not text:
        return text, "none"
    return text, "down" if text.startswith("−") else "up" if text.startswith("+") else "flat"


_PART: dict[Direction, str] = {"up": "up", "down": "down", "flat": "flat", "none": "flat"}

"""One row of the list as pieces of text that fill a width exactly; no terminal, no clock."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from msgspec import Struct
from rich.cells import cell_len

from tracker.model.article import Headline
from tracker.model.joiners import with_emoji_apart
from tracker.ui.widgets.pieces import Pieces, crop, fit
from tracker.words.columns import cells_at
from tracker.words.durations import AGE_WIDTH, NO_AGE, age_text, compact_text
from tracker.words.money import dollars_text, gain_text
from tracker.words.moves import MOVE_WIDTH, Direction, move_text
from tracker.words.shares import share_text

PARTS = (
    *("dot", "star", "age", "title", "mark", "others", "source", "symbol"),
    *("up", "down", "flat", "stale", "note", "read", "read-mark"),
)
"""Names of the pieces; the list widget has a style for each."""

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
    is_by_sources: bool = False
    """True in a list sorted by sources, where a lead says how many sources its story has."""


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
    """True when it is within the normal daily range: grey."""
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
    age = cells_at(width, ((56, AGE_WIDTH + 1),))
    others = cells_at(width, ((48, _COUNT_CELLS),))
    source = cells_at(width, ((104, 15), (84, 12), (72, 10)))
    symbol = cells_at(width, ((_NAMES_FIT, _WIDE_SYMBOL + 1), (40, _SYMBOL + 1)))
    move = cells_at(width, ((30, MOVE_WIDTH + 2),))
    title = max(0, width - _MARK_CELLS - age - others - source - symbol - move)
    return Columns(age, title, others, source, symbol, move)


def draw_row(row: Headline, width: int, now: datetime, move: RowMove = NO_MOVE, place: RowPlace = TOP_LEVEL) -> Pieces:
    """Return (text, part) pieces of one row that together are exactly `width` terminal cells.

    A lead says how many others have its story, and before its headline how many came since it was read. One under a
    lead is indented and says how long after the original it came; `≡` is a rewrite or a translation.
    """
    is_unread = row.is_unread if place.depth == 0 else not row.read
    dot = ("◆", "star") if place.is_marked else ("●" if is_unread else " ", "dot")
    if width <= _MARK_CELLS:
        return [(crop(dot[0].strip(), width), dot[1])] if width > 0 else []
    wide = columns(width)
    pieces: Pieces = [dot, ("★" if row.starred else " ", "star")]
    if wide.age:
        pieces.append((fit(_age(row, now, place), AGE_WIDTH, right=True) + " ", "age"))
    others = fit(_others(row, place), _COUNT_CELLS, right=True) if wide.others else ""
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
        pieces.append((" " + fit(row.source, wide.source - 1), "source"))
    if wide.symbol:
        pieces.append((" " + fit(_share(row, wide.symbol - 1), wide.symbol - 1), "symbol"))
    if wide.move:
        pieces.extend(_move(move))
    return pieces


def _age(row: Headline, now: datetime, place: RowPlace) -> str:
    """Return how old a row is; of one under a lead how long after the original of its story it came."""
    if row.at_latest is not None:
        return NO_AGE
    if not place.depth or row.original_time is None or row.published is None:
        return age_text(now, row.time)
    return f"+{compact_text((row.published - row.original_time).total_seconds())}"


def _indent(depth: int, room: int) -> str:
    if depth < 1:
        return ""
    text = " " * cell_len(_BRANCH) * (min(depth, _MAX_INDENT) - 1) + _BRANCH
    return fit(text, min(cell_len(text), room))


def _others(row: Headline, place: RowPlace) -> str:
    sign = _REWRITE_SIGN if row.is_rewrite or row.is_translation else ""
    if place.depth:
        return sign
    if place.is_by_sources:
        return f"{sign}{'▾' if place.is_unfolded else ''}{min(row.sources, 99)}"
    return f"{sign}{'▾' if place.is_unfolded else '+'}{min(row.others, 99)}" if row.others > 0 else sign


def others_cells(width: int) -> range:
    """Return the cells in a row of `width` that count the story's other articles; empty if they do not fit."""
    wide = columns(width)
    start = _MARK_CELLS + wide.age + wide.title
    return range(start, start + wide.others)


def _share(row: Headline, room: int) -> str:
    is_fitting = room >= _WIDE_SYMBOL or len(row.symbol or "") <= room
    name = row.share_tag if room >= _WIDE_SYMBOL else None
    return share_text(row.symbol, name, is_stand_in=row.is_stand_in, has_room=is_fitting)


def _title(row: Headline, width: int, *, is_read: bool) -> Pieces:
    """Return the headline with the places that tags matched apart."""
    plain, lit = ("read", "read-mark") if is_read else ("title", "mark")
    title = with_emoji_apart(row.title)
    shown = fit(title, width)
    kept = len(_common(shown, title))
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
    return [(" " + fit(text, MOVE_WIDTH, right=True), part), (note if text else " ", "note")]


def _gain(move: RowMove) -> tuple[str, Direction]:
    """Return an amount, without its currency where there is no room for that."""
    text = gain_text(move.value, move.currency)
    return _amount(text if cell_len(text) <= MOVE_WIDTH else gain_text(move.value, None))


def _amount(text: str) -> tuple[str, Direction]:
    if not text:
        return text, "none"
    return text, "down" if text.startswith("−") else "up" if text.startswith("+") else "flat"


_PART: dict[Direction, str] = {"up": "up", "down": "down", "flat": "flat", "none": "flat"}

"""The watchlist in one line, for terminals without room for more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tracker.model.dates import NEW_YORK
from tracker.model.market import Quote
from tracker.ui.widgets.changed_cells import changed_cells
from tracker.ui.widgets.pieces import Pieces, fit_pieces
from tracker.ui.widgets.watchlist import HALTED, WatchRow
from tracker.words.dates import is_near, short_text, today_of
from tracker.words.durations import age_text, ago_text
from tracker.words.money import price_text
from tracker.words.moves import move_text
from tracker.words.names import provider_text
from tracker.words.times import time_text

_GAP = "  "
_PARTS = ("symbol", "up", "down", "flat", "age", "date", "note")


def _cells(piece: tuple[str, str]) -> int:
    return cell_len(piece[0])


def draw_ticker(rows: Sequence[WatchRow], width: int, now: datetime, *, is_alone: bool = True) -> Pieces:
    """Return (text, part) pieces that fill `width` cells: as many moves as fit, in order, whose they are, the time.

    A share without a quote is left out; if none has one, the line shows the reason. A stale move has its age. The
    source, then the time, give way to the first two moves. The days of results within a week give way to all of them.

    Args:
        is_alone: False where another line has source and time already.
    """
    quoted = [(row, row.quote) for row in rows if row.quote is not None]
    clock = time_text(now, NEW_YORK).removesuffix(" ET")
    if not quoted:
        reason = next((row.reason for row in rows if row.reason), None)
        words = f" no quotes: {reason}" if reason else " no quotes yet" if rows else ""
        return fit_pieces([(words, "note")], width)
    groups = [_group(row, quote, now) for row, quote in quoted]
    dated = [[*group, *_date(row, now)] for group, (row, _) in zip(groups, quoted, strict=True)]
    source = f"({_source([quote for _, quote in quoted], now)})"
    tail = f"{source}{_GAP}{clock}"
    for shorter in (tail, clock, "") if is_alone else ("",):
        tail = shorter
        room = width - 1 - (cell_len(tail) + len(_GAP) + 1 if tail else 0)
        if _count(groups, room) >= min(2, len(groups)):
            break
    if _count(dated, room) == _count(groups, room):
        groups = dated
    pieces: Pieces = [(" ", "note")]
    for group in groups[: max(1, _count(groups, room))]:
        pieces += [*group, (_GAP, "note")]
    if not tail:
        return fit_pieces(pieces[:-1], width)
    used = sum(cell_len(text) for text, _ in pieces)
    words, time = tail.removesuffix(clock), clock
    space = " " * max(0, width - 1 - used - cell_len(tail))
    return fit_pieces([*pieces, (f"{words}{space}{time} ", "note")], width)


def _group(row: WatchRow, quote: Quote, now: datetime) -> Pieces:
    text, direction = move_text(quote.change)
    pieces: Pieces = [(f"{row.symbol} ", "symbol")]
    if direction == "none":
        pieces.append((price_text(quote.price, quote.currency, row.symbol), "flat"))
    else:
        pieces.append((text, direction))
    if row.is_halted(now):
        pieces.append((f" {HALTED}", "age"))
    elif row.stale:
        pieces.append((f" {age_text(now, quote.time)}", "age"))
    return pieces


def _date(row: WatchRow, now: datetime) -> Pieces:
    today = today_of(now)
    return [(f" {short_text(row.dates, today)}", "date")] if is_near(row.dates, today) else []


def _count(groups: Sequence[Pieces], room: int) -> int:
    """Return how many groups fit into `room` cells."""
    used = 0
    for number, group in enumerate(groups):
        used += sum(cell_len(text) for text, _ in group) + (len(_GAP) if number else 0)
        if used > room:
            return number
    return len(groups)


def _source(quotes: Sequence[Quote], now: datetime) -> str:
    """Return the provider of most prices and when it was last asked."""
    provider = Counter(quote.provider for quote in quotes).most_common(1)[0][0]
    asked = max(quote.fetched or quote.time for quote in quotes if quote.provider == provider)
    return f"{provider_text(provider)}, {ago_text((now - asked).total_seconds())}"


class TickerLine(Widget):
    """One line with the moves of the watchlist."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"ticker-line--{name}" for name in _PARTS}
    DEFAULT_CSS = """
    TickerLine {
        height: 1; width: 1fr;
        background: $panel; color: $foreground;
        & > .ticker-line--symbol { text-style: bold; }
        & > .ticker-line--up { color: $tracker-up; }
        & > .ticker-line--down { color: $tracker-down; }
        & > .ticker-line--flat { color: $tracker-flat; }
        & > .ticker-line--age, & > .ticker-line--date { color: $tracker-mark; }
        & > .ticker-line--note { color: $tracker-muted; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._rows: tuple[WatchRow, ...] = ()
        self._now: datetime | None = None
        self._drawn: Pieces = []
        self._is_alone = True

    def show(self, rows: Sequence[WatchRow], now: datetime, *, is_alone: bool = True) -> None:
        """Show the moves of these shares as of `now`, `is_alone` with their source and the time."""
        self._rows, self._is_alone = tuple(rows), is_alone
        self._now = now
        width = self.size.width
        changed = changed_cells(self._drawn, draw_ticker(self._rows, width, now, is_alone=is_alone), _cells)
        if width and changed is not None:
            self.refresh(Region(changed[0], 0, changed[1] - changed[0], 1))

    def render_line(self, y: int) -> Strip:
        """Return the line; any further ones are blank."""
        width = self.size.width
        if y or self._now is None:
            return Strip.blank(width, self.rich_style)
        pieces = self._drawn = draw_ticker(self._rows, width, self._now, is_alone=self._is_alone)
        segments = [Segment(text, self.get_component_rich_style(f"ticker-line--{part}")) for text, part in pieces]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

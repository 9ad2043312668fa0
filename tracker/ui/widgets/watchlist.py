"""The watchlist: price, change today, its line, one row for each share; a session only if it is not the regular."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import ClassVar

from msgspec import Struct
from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from tracker.model.commands import BY_ID
from tracker.model.dates import AgreedDate
from tracker.model.halts import Halt
from tracker.model.market import Quote
from tracker.ui.widgets.braille import sparkline
from tracker.ui.widgets.last_of_burst import LastOfBurst
from tracker.ui.widgets.line_list import LineList
from tracker.ui.widgets.pieces import Pieces, fit, fit_pieces
from tracker.words.columns import Optional, columns_in
from tracker.words.dates import days_text, sentence, short_text, today_of
from tracker.words.durations import AGE_WIDTH, age_text, ago_text
from tracker.words.halts import halt_text
from tracker.words.money import price_text
from tracker.words.moves import MOVE_WIDTH, move_text
from tracker.words.names import provider_text, session_text, session_words
from tracker.words.shares import share_text

CHANGED_SECONDS = 1.0
"""How long a changed number is bold."""

_SYMBOL_MAX = 9
_PRICE_MAX = 11
_SPARK_MIN, _SPARK_MAX = 5, 16
_EXTENDED_CELLS = AGE_WIDTH + 1 + MOVE_WIDTH
_NAME_MIN, _NAME_MAX = 8, 20
_DATE_MAX = 34
"""Cells of two dates of sources that contradict each other."""
HALTED = "HALT"
_DATE_TEXTS = (days_text, short_text)
_HIGHLIGHTED_PARTS = ("price", "up", "down", "flat")
_PARTS = ("symbol", "name", "price", "up", "down", "flat", "spark", "session", "age", "date", "note")


class WatchRow(Struct, frozen=True):
    """What the watchlist shows of one share."""

    symbol: str
    name: str | None = None
    quote: Quote | None = None
    closes: tuple[float | None, ...] = ()
    """Prices for the small line, oldest first; None is a gap."""
    reason: str | None = None
    """Why the price was not updated, in words, if the last attempt failed."""
    stale: bool = False
    """True when the quote is older than its session allows; its age is then shown."""
    dates: tuple[AgreedDate, ...] = ()
    """Its coming dates, soonest first."""
    halt: Halt | None = None
    """The last halt of its trading, where there was one lately."""

    def is_halted(self, now: datetime) -> bool:
        """Return whether trading is halted."""
        return self.halt is not None and self.halt.is_on(now)


class WatchColumns(Struct, frozen=True):
    """Cells of each column, the space before it not counted; 0 leaves it out."""

    symbol: int
    name: int
    price: int
    spark: int
    session: int
    date: int = 0
    is_long: bool = False
    """True where there is room for the time of the day of a date."""


def watch_columns(rows: Sequence[WatchRow], width: int, now: datetime) -> WatchColumns:
    """Return the columns that fit: symbol and move, then price, session, next results, the small line and the name."""
    symbol = min(_SYMBOL_MAX, max((max(cell_len(row.symbol), cell_len(_label(row))) for row in rows), default=4))
    price = min(_PRICE_MAX, max((cell_len(_price(row)) for row in rows), default=0))
    left, today = width - symbol - 1 - MOVE_WIDTH, today_of(now)
    is_extended = any(row.quote is not None and row.quote.extended_change is not None for row in rows)
    has_room = left - price - 1 > _EXTENDED_CELLS
    word = AGE_WIDTH if any(_session(row, now)[0] for row in rows) else 0
    session = _EXTENDED_CELLS if is_extended and has_room else word
    wanted = [Optional("price", price)]
    if session:
        wanted.append(Optional("session", session))
    whole, short = (max((cell_len(text(row.dates, today)) for row in rows), default=0) for text in _DATE_TEXTS)
    whole = min(whole, _DATE_MAX)
    is_long = short > 0 and left - sum(one.cells + 1 for one in wanted) - _SPARK_MIN - 1 > whole
    if short:
        wanted.append(Optional("date", whole if is_long else short))
    wanted.append(Optional("spark", _SPARK_MIN, most=_SPARK_MAX))
    if any(row.name for row in rows):
        wanted.append(Optional("name", _NAME_MIN, most=_NAME_MAX))
    cells = columns_in(left, wanted if price else (), gap=1, is_strict=True)
    name, small, place = (cells.get(one, 0) for one in ("name", "spark", "date"))
    return WatchColumns(symbol, name, cells.get("price", 0), small, cells.get("session", 0), place, is_long)


def draw_watch_row(
    row: WatchRow, columns: WatchColumns, width: int, now: datetime, changed: Collection[str] = ()
) -> Pieces:
    """Return one row as (text, part) pieces that fill `width` cells; `changed` names the cells that are bold.

    Price and move are a pair: after the close those of the regular session. Later trades are shown beside POST
    where there is room.
    """
    when = _DATE_TEXTS[0 if columns.is_long else 1](row.dates, today_of(now))
    symbol = fit(row.symbol if columns.name else _label(row), columns.symbol)
    if row.quote is None:
        reason = f"no quote: {row.reason}" if row.reason else "no quote yet"
        date_piece = [(f" {when}", "date")] if when else []
        return fit_pieces([(symbol, "symbol"), (f" {reason}", "note"), *date_piece], width)
    pieces: Pieces = [(symbol, "symbol")]
    if columns.name:
        pieces.append((f" {fit(row.name or '', columns.name)}", "name"))
    if columns.price:
        part = "price-changed" if "price" in changed else "price"
        pieces.append((f" {fit(_price(row), columns.price, right=True)}", part))
    text, direction = move_text(row.quote.change)
    part = "flat" if direction == "none" else direction
    pieces.append((f" {text:>{MOVE_WIDTH}}", f"{part}-changed" if "move" in changed else part))
    if columns.spark:
        pieces.append((f" {_spark(row.closes, columns.spark)}", "spark"))
    if columns.session:
        word, part = _session(row, now)
        pieces.append((f" {word:>{AGE_WIDTH}}", part))
    if columns.session > AGE_WIDTH:
        text, direction = move_text(row.quote.extended_change)
        part = "flat" if direction == "none" else direction
        pieces.append((f" {text:>{MOVE_WIDTH}}", f"{part}-changed" if "extended" in changed else part))
    if columns.date:
        pieces.append((f" {fit(when, columns.date)}", "date"))
    return fit_pieces(pieces, width)


def _session(row: WatchRow, now: datetime) -> tuple[str, str]:
    """Return what stands beside the move, and its part: a halt, the age of an old price, a session but the regular."""
    if row.quote is None:
        return "", "session"
    if row.is_halted(now):
        return HALTED, "age"
    return (age_text(now, row.quote.time), "age") if row.stale else (session_text(row.quote.session), "session")


def _label(row: WatchRow) -> str:
    """Return the symbol, or the name in place of a number (005930.KS) where that is short enough."""
    return share_text(row.symbol, row.name if row.name and cell_len(row.name) <= _SYMBOL_MAX else None)


def describe(row: WatchRow, now: datetime) -> str:
    """Return all details of a row in one line: provider, session, age, why the price is old, coming dates."""
    words = [row.symbol if row.name is None else f"{row.symbol} {row.name}"]
    quote = row.quote
    dates = [sentence(one, today_of(now)) for one in row.dates]
    if row.halt is not None:
        words.append(halt_text(row.halt, now))
    if quote is None:
        words.append(f"no quote: {row.reason}" if row.reason else "no quote yet")
        return " · ".join([*words, *dates])
    words.append(f"{_price(row)} {move_text(quote.change)[0].replace(' ', '')}".rstrip())
    if quote.previous_close is not None:
        words.append(f"previous close {price_text(quote.previous_close, quote.currency, row.symbol)}")
    if quote.extended_change is not None:
        later = move_text(quote.extended_change)[0].replace(" ", "")
        words.append(f"after the close {price_text(quote.price, quote.currency, row.symbol)} {later}")
    source = (
        provider_text(quote.provider),
        session_words(quote.session),
        ago_text((now - quote.time).total_seconds()),
    )
    words.append(", ".join(word for word in source if word))
    if row.reason:
        words.append(f"not updated: {row.reason}")
    return " · ".join([*words, *dates])


class Watchlist(LineList):
    """The watchlist as a list with a cursor; a number that changed is bold for a second, once."""

    PREFIX = "watchlist"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"watchlist--{name}" for name in (*_PARTS, "cursor", "cursor-blurred")),
        *(f"watchlist--{name}-changed" for name in _HIGHLIGHTED_PARTS),
    }
    DEFAULT_CSS = """
    Watchlist {
        overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1;
        background: $surface; color: $foreground;
        & > .watchlist--symbol { text-style: bold; }
        & > .watchlist--name, & > .watchlist--spark, & > .watchlist--session { color: $tracker-muted; }
        & > .watchlist--date { color: $tracker-mark; }
        & > .watchlist--note { color: $tracker-muted; text-style: italic; }
        & > .watchlist--age { color: $tracker-mark; }
        & > .watchlist--up, & > .watchlist--up-changed { color: $tracker-up; }
        & > .watchlist--down, & > .watchlist--down-changed { color: $tracker-down; }
        & > .watchlist--flat, & > .watchlist--flat-changed { color: $tracker-flat; }
        & > .watchlist--price-changed, & > .watchlist--up-changed { text-style: bold; }
        & > .watchlist--down-changed, & > .watchlist--flat-changed { text-style: bold; }
        & > .watchlist--cursor { background: $tracker-cursor; text-style: bold; }
        & > .watchlist--cursor-blurred { background: $surface; }
        &:nocolor > .watchlist--cursor, &:ansi > .watchlist--cursor { text-style: reverse; }
    }
    """
    # The ids are those of the registry, so that the user's keys hold here too.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(BY_ID["list.next"].keys, "move(1)", "Next share", show=False, id="list.next"),
        Binding(BY_ID["list.previous"].keys, "move(-1)", "Previous share", show=False, id="list.previous"),
        Binding(BY_ID["article.open"].keys, "pick", "Show this share", show=False, id="article.open"),
    ]

    @dataclass(repr=False, eq=False)
    class Highlighted(LastOfBurst):
        """The cursor moved to another share."""

        symbol: str

    @dataclass(repr=False, eq=False)
    class Picked(Message):
        """A share was chosen, by Enter or a click."""

        symbol: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(lambda: len(self._rows), self._draw_row, id=id)
        self._rows: tuple[WatchRow, ...] = ()
        self._now: datetime | None = None
        self._shown: dict[tuple[str, str], str] = {}
        self._changed: dict[tuple[str, str], int] = {}
        self._changes = 0
        self._columns: tuple[int, WatchColumns] | None = None

    @property
    def symbol(self) -> str | None:
        """The share under the cursor."""
        return self._rows[self.cursor].symbol if self.cursor < len(self._rows) else None

    @property
    def row(self) -> WatchRow | None:
        """The row under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    # -- data -------------------------------------------------------------------
    def show(self, rows: Sequence[WatchRow], now: datetime) -> None:
        """Show these rows as of `now`; the cursor stays on its share, and what changed since the last time is bold."""
        kept = self.symbol
        self._rows = tuple(rows)
        self._now = now
        self._columns = None
        self._note_changes()
        places = {row.symbol: index for index, row in reversed(list(enumerate(self._rows)))}
        index = places.get(kept, min(self.cursor, max(0, len(rows) - 1))) if kept is not None else 0
        self.set_reactive(Watchlist.cursor, index)
        self.fit_size()
        self.redraw()
        if kept is not None and self.symbol != kept:
            self.cursor_moved()

    def _note_changes(self) -> None:
        cells: dict[tuple[str, str], str] = {}
        for row in self._rows:
            if row.quote is not None:
                cells[row.symbol, "price"] = _price(row)
                cells[row.symbol, "move"] = move_text(row.quote.change)[0]
                cells[row.symbol, "extended"] = move_text(row.quote.extended_change)[0]
        changed = [key for key, text in cells.items() if self._shown.get(key, text) != text]
        self._shown.update(cells)
        if changed:
            self._changes += 1
            self._changed.update(dict.fromkeys(changed, self._changes))
            self.set_timer(CHANGED_SECONDS, partial(self._end_highlight, self._changes), name="calm")

    def _end_highlight(self, change: int) -> None:
        """Draw in plain weight what became bold with `change` and has not changed since."""
        self._changed = {key: number for key, number in self._changed.items() if number != change}
        self.redraw()

    # -- drawing ------------------------------------------------------------------
    def _draw_row(self, index: int, width: int) -> Pieces:
        row = self._rows[index]
        assert self._now is not None  # `show` brings rows and time together
        changed = [cell for symbol, cell in self._changed if symbol == row.symbol]
        if self._columns is None or self._columns[0] != width:  # once for all rows: half the time of a repaint
            self._columns = (width, watch_columns(self._rows, width, self._now))
        return draw_watch_row(row, self._columns[1], width, self._now, changed)

    # -- cursor ---------------------------------------------------------------------
    def cursor_moved(self) -> None:
        """Post which share is under the cursor."""
        if self.symbol is not None:
            self.post_message(self.Highlighted(self.symbol))

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.move_by(by)

    def action_pick(self) -> None:
        """Choose the share under the cursor."""
        if self.symbol is not None:
            self.post_message(self.Picked(self.symbol))

    def line_clicked(self, index: int, event: events.Click) -> None:
        """Choose the share that was clicked."""
        self.cursor = index
        self.action_pick()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show all details of the row under the mouse."""
        index = self.line_at(event.y)
        if index is None or self._now is None:
            self.tooltip = None
        else:
            self.tooltip = Content(describe(self._rows[index], self._now))


@lru_cache(maxsize=64)
def _spark(closes: tuple[float | None, ...], width: int) -> str:
    # Drawing 46 lines of 78 closes takes 9 ms, and closes change far less often than prices.
    return sparkline(closes, width)


def _price(row: WatchRow) -> str:
    """Return the price that the row's move leads to."""
    quote = row.quote
    if quote is None:
        return ""
    is_later = quote.extended_change is not None
    return price_text((quote.regular_price if is_later else None) or quote.price, quote.currency, row.symbol)

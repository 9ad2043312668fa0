"""The headlines: a list of any length over a window of rows."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Literal

from textual import events
from textual.message import Message

from tracker.market.moves import OLD_BASE_SECONDS, move_since
from tracker.model.article import Headline
from tracker.model.clock import Clock
from tracker.model.market import Quote
from tracker.ui.widgets.headline_row import NO_MOVE, PARTS, Pieces, RowMove, draw_row
from tracker.ui.widgets.line_list import LineList
from tracker.ui.widgets.row_window import RowWindow

MoveKind = Literal["since", "day"]


class HeadlineList(LineList):
    """Rows of articles, one line each, with the live move of each one's share."""

    PREFIX = "headline-list"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"headline-list--{name}" for name in (*PARTS, "cursor", "cursor-blurred")}

    class Highlighted(Message):
        """The cursor stands on another article."""

        def __init__(self, article_id: int) -> None:
            self.article_id = article_id
            super().__init__()

        def can_replace(self, message: Message) -> bool:
            """Only the last of a burst matters."""
            return isinstance(message, HeadlineList.Highlighted)

    class Picked(Message):
        """A row was clicked."""

        def __init__(self, article_id: int) -> None:
            self.article_id = article_id
            super().__init__()

    def __init__(self, window: RowWindow, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.window = window
        self.is_following = True
        """True until the reader moves: new rows then come in at the top by themselves."""
        self.kind: MoveKind = "since"
        self._clock = clock
        self._now: datetime = clock()
        self._quotes: Mapping[str, Quote] = {}

    # -- data -----------------------------------------------------------------------
    @property
    def article_id(self) -> int | None:
        """The article under the cursor."""
        ids = self.window.ids
        return ids[self.cursor] if self.cursor < len(ids) else None

    @property
    def headline(self) -> Headline | None:
        """The row under the cursor; None in an empty list or when its article is gone."""
        return self.window.row(self.cursor) if self.cursor < len(self.window) else None

    def open_ids(self, ids: array[int], cursor_on: int | None = None) -> None:
        """Show another view from its top, or with the cursor on an article of it."""
        self.window.reset(ids)
        self.is_following = True
        index = self.window.index_of(cursor_on) if cursor_on is not None else None
        self._put_cursor(index or 0)
        self.fit_size()
        self.scroll_to(y=0, animate=False, force=True, immediate=True)
        self.show_cursor()
        self.redraw()
        self.cursor_moved()

    def update_ids(self, ids: array[int], instead: Mapping[int, int]) -> None:
        """Show a newer snapshot of the same view; the cursor stays on its article and, but at the top, on its line.

        `instead` says which article now stands for a story in place of another.
        """
        kept, old, top = self.article_id, self.cursor, self.scroll_offset.y
        kept = None if kept is None else instead.get(kept, kept)
        self.window.reset(ids)
        index = self.window.index_of(kept) if kept is not None else None
        index = min(old, max(0, len(ids) - 1)) if index is None else index
        height = max(1, self.scrollable_content_region.height)
        if top == 0 and self.is_following and index >= height:
            index = 0  # nobody has touched the list: it goes on showing what is newest
        self._put_cursor(index)
        self.fit_size()
        if top > 0 or index >= height:
            top = max(0, index - (old - top))
        self.scroll_to(y=top, animate=False, force=True, immediate=True)
        self.redraw()
        if self.article_id != kept:
            self.cursor_moved()

    def show_quotes(self, quotes: Mapping[str, Quote]) -> None:
        """Draw the moves with new quotes."""
        if quotes != self._quotes:
            self._quotes = quotes
            self.tick()

    def show_kind(self, kind: MoveKind) -> None:
        """Show moves since publication or of today."""
        self.kind = kind
        self.redraw()

    def tick(self) -> None:
        """Draw ages and moves as of now."""
        self._now = self._clock()
        self.redraw()

    def refresh_rows(self) -> None:
        """Fetch and draw the rows again: marks or titles have changed."""
        self.window.forget_rows()
        self._now = self._clock()
        self.redraw()

    # -- drawing ----------------------------------------------------------------------
    def line_count(self) -> int:
        """Return the number of articles."""
        return len(self.window)

    def draw_line(self, index: int, width: int) -> Pieces:
        """Return the pieces of a row; none when its article is gone."""
        row = self.window.row(index)
        return [] if row is None else draw_row(row, width, self._now, self._move(row))

    def _move(self, row: Headline) -> RowMove:
        if row.symbol is None:
            return NO_MOVE
        quote = self._quotes.get(row.symbol)
        move = move_since(row.symbol, row.published or row.first_seen, row.base, quote, self._now)
        if self.kind == "day":
            return RowMove(move.day, False, move.stale)
        is_old = move.base_age_seconds is not None and move.base_age_seconds > OLD_BASE_SECONDS
        return RowMove(move.since, is_old, move.stale)

    # -- cursor ---------------------------------------------------------------------------
    def cursor_moved(self) -> None:
        """Say which article the cursor stands on."""
        if self.article_id is not None:
            self.post_message(self.Highlighted(self.article_id))

    def watch_cursor(self, old: int, new: int) -> None:
        """Note that the reader has taken the list in hand."""
        self.is_following = False
        super().watch_cursor(old, new)

    def move_to_end(self, last: bool) -> None:
        """Move to an end; at the top the list follows what comes again."""
        super().move_to_end(last)
        self.is_following = not last

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row that was clicked."""
        index = self.line_at(event.y)
        if index is not None:
            self.cursor = index
            self.is_following = False
            self.post_message(self.Picked(self.window.ids[index]))

    def _put_cursor(self, index: int) -> None:
        self.set_reactive(HeadlineList.cursor, index)

"""The headlines: a list of any length over a window of rows."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import events
from textual.message import Message

from tracker.model.article import Headline
from tracker.model.clock import Clock
from tracker.ui.widgets.headline_row import PARTS, RowPlace, draw_row, others_cells
from tracker.ui.widgets.last_of_burst import LastOfBurst
from tracker.ui.widgets.line_list import LineList
from tracker.ui.widgets.pieces import Pieces
from tracker.ui.widgets.row_moves import RowMoves
from tracker.ui.widgets.row_window import RowWindow


class HeadlineList(LineList):
    """Rows of articles, one line each, with the live move of each one's share."""

    PREFIX = "headline-list"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"headline-list--{name}" for name in (*PARTS, "cursor", "cursor-blurred")}

    @dataclass(repr=False, eq=False)
    class Highlighted(LastOfBurst):
        """The cursor moved to another article."""

        article_id: int

    @dataclass(repr=False, eq=False)
    class Picked(Message):
        """A row was clicked."""

        article_id: int

    class PageShown(LastOfBurst):
        """Rows came on screen whose shares have not been measured: all that are there by then."""

    def __init__(self, window: RowWindow, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(lambda: len(window), self._draw_row, id=id)
        self.window = window
        self.is_following = True
        """True until the reader moves: new rows then come in at the top by themselves."""
        self.moves = RowMoves(self.tick, lambda: self.post_message(self.PageShown()))
        """What the shares of the rows did, and which of their moves is shown."""
        self._clock = clock
        self._now: datetime = clock()
        self._marked: int | None = None
        self._is_by_sources = False

    # -- data -----------------------------------------------------------------------
    @property
    def article_id(self) -> int | None:
        """The article under the cursor."""
        ids = self.window.ids
        return ids[self.cursor] if self.cursor < len(ids) else None

    @property
    def lead_id(self) -> int | None:
        """The lead of the story under the cursor: the row it is unfolded from, or the row itself."""
        article_id = self.article_id
        return None if article_id is None else self.window.lead_of(article_id)

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
        kept, lead, old, top = self.article_id, self.lead_id, self.cursor, self.scroll_offset.y
        self._marked = instead.get(self._marked or 0, self._marked)
        self.window.update(ids, instead)
        index = None
        for wanted in (kept, instead.get(kept or 0), lead, instead.get(lead or 0)):
            index = self.window.index_of(wanted) if index is None and wanted is not None else index
        index = min(old, max(0, len(self.window) - 1)) if index is None else index
        height = max(1, self.scrollable_content_region.height)
        if top == 0 and self.is_following and index >= height:
            index = 0  # the user has not moved the cursor: keep it on the newest
        self._put_cursor(index)
        self.fit_size()
        if top > 0 or index >= height:
            top = max(0, index - (old - top))
        self.scroll_to(y=top, animate=False, force=True, immediate=True)
        self.redraw()
        if self.article_id != kept:
            self.cursor_moved()

    def toggle_story(self) -> bool:
        """Show the other articles of the story under the cursor, or hide them; False when it has no others."""
        lead = self.lead_id
        if lead is None:
            return False
        if self.window.is_unfolded(lead):
            before = self.article_id
            self.window.fold(lead)
            self._folded(lead, before)
            return True
        return self.unfold_to(lead, lead)

    def unfold_to(self, lead: int, article_id: int) -> bool:
        """Show the others of a lead's story, the cursor on one of its articles; False when it has no others."""
        before = self.article_id
        is_unfolded = self.window.unfold(lead)
        if is_unfolded:
            self._folded(article_id, before)
        return is_unfolded

    def _folded(self, article_id: int, before: int | None) -> None:
        self.is_following = False
        self._put_cursor(self.window.index_of(article_id) or 0)
        self.fit_size()
        self.show_cursor()
        self.redraw()
        if self.article_id != before:
            self.cursor_moved()

    def mark_story(self, lead: int | None) -> None:
        """Show the story of a lead as one that waits to be joined with another; None shows none so."""
        self._marked = lead
        self.redraw()

    def rows_on_screen(self) -> list[Headline]:
        """Return the rows that are on the screen."""
        first = self.scroll_offset.y
        last = min(first + self.scrollable_content_region.height, len(self.window))
        return [row for row in map(self.window.row, range(first, last)) if row is not None]

    def show_sources(self, is_shown: bool) -> None:
        """Show how many sources each story has in place of how many other articles, or no longer."""
        if is_shown != self._is_by_sources:
            self._is_by_sources = is_shown
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
    def _draw_row(self, index: int, width: int) -> Pieces:
        """Return the pieces of a row; none when its article is gone."""
        row, window = self.window.row(index), self.window
        if row is None:
            return []
        place = RowPlace(
            window.depth_of(row.id), window.is_unfolded(row.id), row.id == self._marked, self._is_by_sources
        )
        return draw_row(row, width, self._now, self.moves.of_row(row, self._now), place)

    # -- cursor ---------------------------------------------------------------------------
    def cursor_moved(self) -> None:
        """Post which article is under the cursor."""
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

    def line_clicked(self, index: int, event: events.Click) -> None:
        """Put the cursor on the row that was clicked."""
        self.cursor = index
        self.is_following = False
        row, depth = self.headline, self.window.depth_of(self.window.ids[index])
        has_others = row is not None and row.others > 0 and depth == 0
        if has_others and event.x - self.gutter.left in others_cells(self.scrollable_content_region.width):
            self.toggle_story()
        else:
            self.post_message(self.Picked(self.window.ids[index]))

    def _put_cursor(self, index: int) -> None:
        self.set_reactive(HeadlineList.cursor, index)

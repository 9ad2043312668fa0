"""Rows on a page of their own, one line each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.message import Message

from tracker.ui.widgets.line_list import LineList
from tracker.ui.widgets.pieces import Pieces

Row = TypeVar("Row")
PARTS = (
    *("title", "source", "symbol", "name", "main", "number", "up", "down", "flat", "note", "detail", "heading"),
    "warning",
)
"""Parts of rows that have a style of their own in pages.tcss."""


class RowList(LineList, Generic[Row]):
    """Rows with a cursor that passes over headings; a click chooses one.

    Args:
        draw: returns the pieces that fill a row's line of so many cells.
        key: returns what a row is, the same each time it is read; None for a heading.
    """

    PREFIX = "row-list"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"row-list--{name}" for name in (*PARTS, "cursor", "cursor-blurred")}

    CLICKS: ClassVar[int] = 1
    """How many clicks in a row choose a row."""

    class Highlighted(Message):
        """The cursor moved to another row."""

    class Picked(Message):
        """A row was clicked."""

    def __init__(
        self,
        draw: Callable[[Row, int], Pieces],
        key: Callable[[Row], object],
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(lambda: len(self.rows), lambda index, width: draw(self.rows[index], width), id=id)
        self.rows: Sequence[Row] = ()
        self._key = key

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def show(self, rows: Sequence[Row]) -> None:
        """Show rows; the cursor stays on its row, or goes to the first one."""
        kept = None if self.row is None else self._key(self.row)
        self.rows = rows
        keys = [self._key(row) for row in rows]
        first = next((index for index, key in enumerate(keys) if key is not None), 0)
        self.set_reactive(RowList.cursor, keys.index(kept) if kept is not None and kept in keys else first)
        self.fit_size()
        self.redraw()
        self.cursor_moved()

    def step(self, by: int) -> None:
        """Go to the next row up or down."""
        places = range(self.cursor + by, len(self.rows) if by > 0 else -1, by)
        self.cursor = next((index for index in places if self._key(self.rows[index]) is not None), self.cursor)

    def move_to_end(self, last: bool) -> None:
        """Go to the first or the last row."""
        places = [index for index, row in enumerate(self.rows) if self._key(row) is not None]
        if places:
            self.cursor = places[-1 if last else 0]

    def cursor_moved(self) -> None:
        """Post that the cursor has moved."""
        self.post_message(self.Highlighted())

    def line_clicked(self, index: int, event: events.Click) -> None:
        """Put the cursor on the row that was clicked, and choose it."""
        if self._key(self.rows[index]) is not None:
            self.cursor = index
            if event.chain >= self.CLICKS:
                self.post_message(self.Picked())

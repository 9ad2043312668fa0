"""The side bar: views, tags and feeds, one line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.message import Message

from tracker.ui.widgets.last_of_burst import LastOfBurst
from tracker.ui.widgets.line_list import LineList
from tracker.ui.widgets.side_rows import PARTS, SideRow, draw_side_row


class SideBar(LineList):
    """Lines to choose what the list shows; the cursor's line is what is shown."""

    PREFIX = "side-bar"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"side-bar--{name}" for name in (*PARTS, "cursor", "cursor-blurred")}

    @dataclass(repr=False, eq=False)
    class Highlighted(LastOfBurst):
        """The cursor moved to another line."""

        row: SideRow

    @dataclass(repr=False, eq=False)
    class Picked(Message):
        """A line was clicked."""

        row: SideRow

    @dataclass(repr=False, eq=False)
    class Folded(Message):
        """A heading is to be folded or unfolded."""

        key: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(lambda: len(self.rows), lambda index, width: draw_side_row(self.rows[index], width), id=id)
        self.rows: list[SideRow] = []

    @property
    def row(self) -> SideRow | None:
        """The line under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def show_rows(self, rows: list[SideRow]) -> None:
        """Show new counts or folds; the cursor stays on its line, or goes to the heading that now hides it."""
        current = self.row
        self.rows = rows
        if current is not None:
            self.put_cursor(current.key, current.section)
        self.fit_size()
        self.redraw()

    def put_cursor(self, *keys: str) -> bool:
        """Put the cursor on the first of these keys that has a line, without a message; return whether one had."""
        for key in keys:
            for index, row in enumerate(self.rows):
                if row.key == key:
                    self.set_reactive(SideBar.cursor, index)
                    self.show_cursor()
                    self.redraw()
                    return True
        self.set_reactive(SideBar.cursor, self.validate_cursor(self.cursor))
        return False

    def cursor_moved(self) -> None:
        """Post which line is under the cursor."""
        if self.row is not None:
            self.post_message(self.Highlighted(self.row))

    def line_clicked(self, index: int, event: events.Click) -> None:
        """Choose the line that was clicked; a heading folds at its arrow, or anywhere if it holds no articles."""
        row = self.rows[index]
        if row.is_heading and (row.place is None or event.x - self.gutter.left < 2):
            self.put_cursor(row.key)
            self.post_message(self.Folded(row.key))
            return
        self.cursor = index
        self.post_message(self.Picked(row))

"""The panes of the main screen: which are visible, which has the focus, and moving within it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Literal

from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from tracker.ui.parts.widgets import Widgets
from tracker.ui.state import MAX_SIDE, MIN_SIDE
from tracker.ui.widgets.line_list import LineList

Pane = Literal["side", "list", "article", "watch"]
PANES: tuple[Pane, ...] = ("side", "list", "article", "watch")
NARROW, MEDIUM, WIDE = "-narrow", "-medium", "-wide"
MEDIUM_WIDTH, WIDE_WIDTH = 100, 150


class Panes:
    """Where the focus is; on a narrow terminal one pane is shown at a time.

    Args:
        screen: the screen that lays them out, whose classes say which are shown.
        widgets: the one of each pane that takes the focus.
    """

    def __init__(self, screen: Screen[Any], widgets: Widgets) -> None:
        self._screen = screen
        self._widgets: dict[Pane, Widget] = {
            "side": widgets.side,
            "list": widgets.headlines,
            "article": widgets.article,
            "watch": widgets.watchlist,
        }
        self._side = widgets.side
        self._search = widgets.search
        self.side_width = 24
        self._shown: Pane = "list"
        self._wanted_focus: Widget | None = None

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {
            "pane.next": partial(self._step, 1),
            "pane.previous": partial(self._step, -1),
            "pane.left": self._left,
            "pane.right": self._right,
            **{name: partial(do, 1) for name, do in self.counted().items()},
            "list.first": partial(self.move, end=False),
            "list.last": partial(self.move, end=True),
        }

    def counted(self) -> dict[str, Callable[[int], object]]:
        """Return what commands of this part do with a number before their key."""
        return {
            "list.next": lambda count: self.move(count),
            "list.previous": lambda count: self.move(-count),
            "list.first": self.go_to_line,
            "list.last": self.go_to_line,
            "list.half_down": lambda count: self.move(pages=count / 2),
            "list.half_up": lambda count: self.move(pages=-count / 2),
            "list.page_down": lambda count: self.move(pages=count),
            "list.page_up": lambda count: self.move(pages=-count),
        }

    # -- which pane ------------------------------------------------------------------
    @property
    def is_narrow(self) -> bool:
        """True when one pane is shown at a time."""
        return self._screen.has_class(NARROW)

    @property
    def is_wide(self) -> bool:
        """True when the watchlist and the chart have their own column."""
        return self._screen.has_class(WIDE)

    @property
    def current(self) -> Pane:
        """The pane that has the focus, or the one shown last."""
        focused = self._screen.focused
        for pane, widget in self._widgets.items():
            if focused is not None and (focused is widget or widget in focused.ancestors):
                return pane
        return self._shown

    def classes(self, width: int) -> tuple[str, str]:
        """Return the initial classes for this width; setting them later would redraw everything."""
        size_class = NARROW if width < MEDIUM_WIDTH else MEDIUM if width < WIDE_WIDTH else WIDE
        return size_class, f"show-{self._shown}"

    def show(self, pane: Pane) -> None:
        """Focus a pane; on a narrow terminal, show it in place of the one before."""
        self._note(pane)
        self.focus(self._widgets[pane])

    def focus(self, widget: Widget) -> None:
        """Focus a widget that is shown or about to be: the next key is for it."""
        self._wanted_focus = widget
        self._screen.set_focus(widget, scroll_visible=False)
        self._screen.call_after_refresh(self._focus_again, widget, self._screen.focused)

    def _focus_again(self, widget: Widget, focused: Widget | None) -> None:
        # Hiding the pane before takes the focus away, unless something else has asked for it meanwhile.
        # A key that came since may have asked for another one.
        if widget is not self._wanted_focus or self._screen.focused is widget or not widget.display:
            return
        if self._screen.focused in (None, focused):
            self._screen.set_focus(widget, scroll_visible=False)

    def note_focus(self) -> None:
        """Remember the pane that has the focus, for when the terminal gets narrow."""
        pane = self.current
        if pane != self._shown and not self.is_narrow:
            self._note(pane)

    def _note(self, pane: Pane) -> None:
        self._shown = pane
        for name in PANES:
            self._screen.set_class(name == pane, f"show-{name}")

    def resized(self, size: Size) -> None:
        """Focus the list if the focused pane no longer fits."""
        self._side.styles.width = None if size.width < MEDIUM_WIDTH else self.side_width
        if size.width < WIDE_WIDTH and self._shown == "watch":
            self.show("list")

    # -- moving about -------------------------------------------------------------------
    @property
    def in_order(self) -> tuple[Pane, ...]:
        """The panes there is room for, in the order of the key that goes to the next one."""
        return PANES if self.is_wide else ("side", "list", "article")

    def _step(self, by: int) -> None:
        if by > 0 and self._search.can_complete:
            self._search.complete()
            return
        panes = self.in_order
        at = panes.index(self.current) if self.current in panes else 0
        self.show(panes[(at + by) % len(panes)])

    def _left(self) -> None:
        left: dict[Pane, Pane] = {"watch": "list", "article": "list" if self.is_narrow else "side", "list": "side"}
        self.show(left.get(self.current, "side"))

    def _right(self) -> None:
        right: dict[Pane, Pane] = {"side": "list", "list": "article"}
        if self.is_wide and self.current in ("article", "list"):
            right = {"list": "watch", "article": "watch"}
        self.show(right.get(self.current, self.current))

    def move(self, lines: int = 0, pages: float = 0.0, end: bool | None = None) -> None:
        """Move the cursor of a list, or scroll the article: by lines, by pages, or to an end (True: the last)."""
        widget = self._widgets[self.current]
        if isinstance(widget, LineList):
            if end is not None:
                widget.move_to_end(end)
            elif pages:
                widget.move_by_page(pages)
            else:
                widget.move_by(lines)
        elif end is not None:
            (widget.scroll_end if end else widget.scroll_home)(animate=False)
        else:
            step = int(pages * max(1, widget.scrollable_content_region.height - 1)) or lines
            widget.scroll_relative(y=step, animate=False)

    def go_to_line(self, number: int) -> None:
        """Go to a line by its number, from 1; to the last one where there are fewer."""
        widget = self._widgets[self.current]
        if isinstance(widget, LineList):
            widget.cursor = number - 1
        else:
            widget.scroll_to(y=number - 1, animate=False)

    def set_side_width(self, width: int) -> None:
        """Set the width of the side bar in cells, within its limits; on a narrow terminal it fills the width."""
        self.side_width = min(max(width, MIN_SIDE), MAX_SIDE)
        if not self.is_narrow:
            self._side.styles.width = self.side_width

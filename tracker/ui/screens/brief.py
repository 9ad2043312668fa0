"""The morning page: what my shares did, what came before, and what is new since the last close."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static

from tracker.model.brief import Brief
from tracker.ui.commands import bindings_for, first_key
from tracker.ui.newest_only import NewestOnly
from tracker.ui.price_loader import MovedData
from tracker.ui.screens.what_moved import WhatMovedScreen
from tracker.ui.widgets.brief_rows import PARTS, BriefRow, brief_rows, draw_brief_header, draw_brief_row
from tracker.ui.widgets.line_list import LineList
from tracker.ui.widgets.pieces import Pieces
from tracker.words.brief import brief_title

_REFRESH_SECONDS = 10.0


class BriefChoice(Struct, frozen=True):
    """Where to go from the page: the articles about a share, or an article."""

    symbol: str | None = None
    article_id: int | None = None


class BriefList(LineList):
    """The shares and stories; the cursor passes over the headings."""

    PREFIX = "brief-list"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"brief-list--{name}" for name in (*PARTS, "cursor", "cursor-blurred")}
    DEFAULT_CSS = """
    BriefList {
        /* The headings have the width of the lines, also before the bar is needed. */
        scrollbar-gutter: stable;
        background: $surface; color: $foreground;
        & > .brief-list--note, & > .brief-list--source, & > .brief-list--heading { color: $tracker-muted; }
        & > .brief-list--symbol { text-style: bold; }
        & > .brief-list--up { color: $tracker-up; text-style: bold; }
        & > .brief-list--down { color: $tracker-down; text-style: bold; }
        & > .brief-list--flat { color: $tracker-flat; }
        & > .brief-list--cursor, & > .brief-list--cursor-blurred { background: $tracker-cursor; text-style: bold; }
        &:nocolor > .brief-list--cursor, &:ansi > .brief-list--cursor { text-style: reverse; }
    }
    """

    class Picked(Message):
        """A line was clicked."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(lambda: len(self._rows), self._draw_row, id=id)
        self._rows: list[BriefRow] = []
        self._brief: Brief | None = None

    @property
    def row(self) -> BriefRow | None:
        """The line under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def show(self, brief: Brief) -> None:
        """Show a page; the cursor stays on its share or story."""
        kept = None if self.row is None else self.row.key
        self._brief, self._rows = brief, brief_rows(brief)
        keys = [row.key for row in self._rows]
        first = next((index for index, key in enumerate(keys) if key is not None), 0)
        self.set_reactive(BriefList.cursor, keys.index(kept) if kept is not None and kept in keys else first)
        self.fit_size()
        self.redraw()

    def _draw_row(self, index: int, width: int) -> Pieces:
        assert self._brief is not None  # `show` brings rows and page together
        return draw_brief_row(self._rows[index], self._brief, width)

    def step(self, by: int) -> None:
        """Go to the next share or story up or down."""
        places = range(self.cursor + by, len(self._rows) if by > 0 else -1, by)
        self.cursor = next((index for index in places if self._rows[index].key is not None), self.cursor)

    def end(self, *, last: bool) -> None:
        """Go to the first or the last share or story."""
        places = [index for index, row in enumerate(self._rows) if row.key is not None]
        if places:
            self.cursor = places[-1 if last else 0]

    def on_click(self, event: events.Click) -> None:
        """Choose the line that was clicked."""
        index = self.line_at(event.y)
        if index is not None and self._rows[index].key is not None:
            self.cursor = index
            self.post_message(self.Picked())


class BriefScreen(ModalScreen[BriefChoice | None]):
    """Closes with where to go, or None.

    Args:
        read: reads the page; runs in a thread.
        read_moved: reads what moved a share; runs in a thread.
        keys: the user's keys.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "dismiss", show=False),
        *bindings_for(
            {
                "article.back": "dismiss",
                "view.brief": "dismiss",
                "list.next": "step(1)",
                "list.previous": "step(-1)",
                "list.first": "end(False)",
                "list.last": "end(True)",
                "article.open": "open",
                "price.moved": "moved",
            }
        ),
    ]
    AUTO_FOCUS = "#brief-list"

    lines = query_one("#brief-list", BriefList)

    def __init__(
        self, read: Callable[[], Brief], read_moved: Callable[[str], MovedData], keys: Mapping[str, str]
    ) -> None:
        super().__init__()
        self._read = read
        self._read_moved = read_moved
        self._keys = keys
        self._brief: Brief | None = None
        self._reads: NewestOnly[Brief] = NewestOnly(self, "brief", self._show, self._fail)

    def compose(self) -> ComposeResult:
        """Lay out the title, the headings and the list."""
        go, moved, back = (first_key(name, self._keys) for name in ("article.open", "price.moved", "article.back"))
        with Vertical(id="brief") as page:
            page.border_title = Content("Morning page")
            page.border_subtitle = Content(f"{go} goes there · {moved} what moved the share · {back} closes")
            yield Static(Content(""), markup=False, id="brief-title")
            yield Static(Content(""), markup=False, id="brief-columns")
            yield BriefList(id="brief-list")

    def on_mount(self) -> None:
        """Read the page, and read it again while it is open."""
        self._ask()
        self.set_interval(_REFRESH_SECONDS, self._ask)

    def _ask(self) -> None:
        self._reads.read(self._read)

    def _show(self, brief: Brief) -> None:
        self._brief = brief
        self.query_one("#brief-title", Static).update(Content(brief_title(brief)))
        self.lines.show(brief)
        self.call_after_refresh(self._draw_columns)

    def _draw_columns(self) -> None:
        if self._brief is not None and self._brief.shares:
            width = self.lines.scrollable_content_region.width
            text = draw_brief_header(self._brief, width)
            self.query_one("#brief-columns", Static).update(Content.styled(text, "$tracker-muted"))

    def _fail(self, reason: str) -> None:
        self.query_one("#brief-title", Static).update(Content.styled(reason, "$tracker-warning"))

    def on_resize(self) -> None:
        """Draw the headings for the new width."""
        self.call_after_refresh(self._draw_columns)

    def on_brief_list_picked(self) -> None:
        """Go where was clicked."""
        self.action_open()

    def action_step(self, by: int) -> None:
        """Go to another line."""
        self.lines.step(by)

    def action_end(self, last: bool) -> None:
        """Go to the first or the last line."""
        self.lines.end(last=last)

    def action_open(self) -> None:
        """Close, going to the articles about this share or to this story."""
        row = self.lines.row
        if row is not None and row.share is not None:
            self.dismiss(BriefChoice(symbol=row.share.symbol))
        elif row is not None and row.story is not None:
            self.dismiss(BriefChoice(article_id=row.story.id))

    def action_moved(self) -> None:
        """Show what moved this share, over the page."""
        row = self.lines.row
        if row is not None and row.share is not None:
            symbol = row.share.symbol
            screen = WhatMovedScreen(symbol, partial(self._read_moved, symbol), self._keys)
            self.app.push_screen(screen, self._moved_chosen)

    def _moved_chosen(self, article_id: int | None) -> None:
        if article_id is not None:
            self.dismiss(BriefChoice(article_id=article_id))

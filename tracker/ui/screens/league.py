"""The league of sources: who is first, how far the others are behind, and what a share had done by then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static

from tracker.model.league import League, LeagueRow
from tracker.ui.commands import bindings_for, first_key
from tracker.ui.newest_only import NewestOnly
from tracker.ui.widgets.league_rows import PARTS, draw_league_header, draw_league_row
from tracker.ui.widgets.line_list import LineList
from tracker.words.league import LEGEND, league_title


class LeagueList(LineList):
    """The sources."""

    PREFIX = "league-list"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"league-list--{name}" for name in (*PARTS, "cursor", "cursor-blurred")}
    DEFAULT_CSS = """
    LeagueList {
        background: $surface; color: $foreground;
        & > .league-list--number, & > .league-list--note { color: $tracker-muted; }
        & > .league-list--source { text-style: bold; }
        & > .league-list--cursor, & > .league-list--cursor-blurred { background: $tracker-cursor; text-style: bold; }
        &:nocolor > .league-list--cursor, &:ansi > .league-list--cursor { text-style: reverse; }
    }
    """

    class Picked(Message):
        """A source was clicked."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(lambda: len(self._rows), lambda index, width: draw_league_row(self._rows[index], width), id=id)
        self._rows: tuple[LeagueRow, ...] = ()

    @property
    def row(self) -> LeagueRow | None:
        """The source under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def show(self, league: League) -> None:
        """Show a league."""
        self._rows = league.rows
        self.fit_size()
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """Choose the source that was clicked."""
        index = self.line_at(event.y)
        if index is not None:
            self.cursor = index
            self.post_message(self.Picked())


class LeagueScreen(ModalScreen[str | None]):
    """Closes with the source to go to, or None.

    Args:
        name: of the view whose stories are counted.
        read: reads the league; runs in a thread.
        keys: the user's keys.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "dismiss", show=False),
        *bindings_for(
            {
                "article.back": "dismiss",
                "view.league": "dismiss",
                "list.next": "step(1)",
                "list.previous": "step(-1)",
                "list.page_down": "page(1)",
                "list.page_up": "page(-1)",
                "list.first": "end(False)",
                "list.last": "end(True)",
                "article.open": "open",
            }
        ),
    ]
    AUTO_FOCUS = "#league-list"

    lines = query_one("#league-list", LeagueList)

    def __init__(self, name: str, read: Callable[[], League], keys: Mapping[str, str]) -> None:
        super().__init__()
        self._name = name
        self._read = read
        self._keys = keys
        self._reads: NewestOnly[League] = NewestOnly(self, "league", self._show, self._fail)

    def compose(self) -> ComposeResult:
        """Lay out the title, the headings, the list and what its numbers mean."""
        go, back = first_key("article.open", self._keys), first_key("article.back", self._keys)
        with Vertical(id="league") as page:
            page.border_title = Content(f"League of sources · {self._name}")
            page.border_subtitle = Content(f"{go} shows its headlines · {back} closes")
            yield Static(Content("counting…"), markup=False, id="league-title")
            yield Static(Content(""), markup=False, id="league-columns")
            yield LeagueList(id="league-list")
            yield Static(Content.styled(LEGEND, "$tracker-muted"), markup=False, id="league-legend")

    def on_mount(self) -> None:
        """Read the league."""
        self._reads.read(self._read)

    def _show(self, league: League) -> None:
        self.query_one("#league-title", Static).update(Content(league_title(league)))
        self.lines.show(league)
        self.call_after_refresh(self._draw_columns)

    def _draw_columns(self) -> None:
        if self.lines.row is not None:
            text = draw_league_header(self.lines.scrollable_content_region.width)
            self.query_one("#league-columns", Static).update(Content.styled(text, "$tracker-muted"))

    def _fail(self, reason: str) -> None:
        self.query_one("#league-title", Static).update(Content.styled(reason, "$tracker-warning"))

    def on_resize(self) -> None:
        """Draw the headings for the new width."""
        self.call_after_refresh(self._draw_columns)

    def on_league_list_picked(self) -> None:
        """Go to the source that was clicked."""
        self.action_open()

    def action_step(self, by: int) -> None:
        """Go to another source."""
        self.lines.move_by(by)

    def action_page(self, by: int) -> None:
        """Go up or down by a page."""
        self.lines.move_by_page(by)

    def action_end(self, last: bool) -> None:
        """Go to the first or the last source."""
        self.lines.move_to_end(last)

    def action_open(self) -> None:
        """Close, going to the headlines of this source."""
        if self.lines.row is not None:
            self.dismiss(self.lines.row.source)

"""What the pages with a list of rows share: reading it in a thread, the keys in it, and where a row leads."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from tracker.ui.commands import HELP, bindings_for
from tracker.ui.newest_only import NewestOnly
from tracker.ui.status import fit_hints
from tracker.ui.widgets.row_list import RowList

Answer = TypeVar("Answer")
Found = TypeVar("Found")

BORDER_CELLS = 6
"""Of a page's lower border beside the hints: corners, and a blank and a line at each end."""


def page_bindings(view: str, actions: Mapping[str, str]) -> list[BindingType]:
    """Return the keys of a page with rows: `view` is the command that opens it, and closes it as well."""
    moves = {"list.next": "step(1)", "list.previous": "step(-1)", "article.open": "open"}
    closing = {"article.back": "dismiss", view: "dismiss"}
    return [Binding("q", "dismiss", show=False), *bindings_for({**HELP, **closing, **moves, **actions})]


class RowsPage(ModalScreen[Answer], Generic[Answer, Found]):
    """A title, perhaps headings, and a list of rows that is read in a thread; closes with where a row leads.

    Args:
        read: reads what is shown; runs in a thread.
        keys: the user's keys.
    """

    NAME: ClassVar[str]
    """Begins the ids of its widgets."""
    REFRESH_SECONDS: ClassVar[float | None] = None
    """How often it is read again; None: once."""
    WAITING: ClassVar[str] = ""
    """The title until it has been read."""
    CSS_PATH = "pages.tcss"
    AUTO_FOCUS = "RowList"

    lines = query_one(RowList)

    def __init__(self, read: Callable[[], Found], keys: Mapping[str, str]) -> None:
        super().__init__()
        self._read = read
        self._keys = keys
        self._hints: tuple[str, ...] = ()
        self._reads: NewestOnly[Found] = NewestOnly(self, self.NAME, self.show, self._fail)

    def layout_page(self, title: str, hints: Sequence[str], *widgets: Widget) -> ComposeResult:
        """Yield the page: what it is about, then these widgets; the last of the hints is the one that closes it."""
        self._hints = tuple(hints)
        with Vertical(id=self.NAME) as page:
            page.border_title = Content(title)
            yield self.line("title", self.WAITING)
            yield from widgets

    def line(self, name: str, text: Content | str = "") -> Static:
        """Return a line of the page."""
        return Static(Content(text) if isinstance(text, str) else text, markup=False, id=f"{self.NAME}-{name}")

    def put(self, name: str, text: Content) -> None:
        """Show a text in a line of the page."""
        self.query_one(f"#{self.NAME}-{name}", Static).update(text)

    def on_mount(self) -> None:
        """Read what is shown, and read it again while it is open."""
        self._ask()
        if self.REFRESH_SECONDS is not None:
            self.set_interval(self.REFRESH_SECONDS, self._ask)

    def _ask(self) -> None:
        self._reads.read(self._read)

    @abstractmethod
    def show(self, found: Found) -> None:
        """Show what was read."""

    def _fail(self, reason: str) -> None:
        self.put("title", Content.styled(reason, "$tracker-warning"))

    def headings(self, width: int) -> str:
        """Return the headings of the columns for a width; "" for none."""
        return ""

    def draw_headings(self) -> None:
        """Draw the headings for the width that the rows have once the screen is laid out."""
        self.call_after_refresh(self._draw_headings)

    def _draw_headings(self) -> None:
        if text := self.headings(self.lines.scrollable_content_region.width):
            self.put("columns", Content.styled(text, "$tracker-muted"))

    def on_resize(self) -> None:
        """Draw the headings and the hints for the new width."""
        page = self.query_one(f"#{self.NAME}", Vertical)
        page.border_subtitle = Content(fit_hints(self._hints, self._hints[-1], self.size.width - BORDER_CELLS))
        self.draw_headings()

    def on_row_list_picked(self) -> None:
        """Go to the row that was clicked."""
        self.action_open()

    def action_step(self, by: int) -> None:
        """Go to another row."""
        self.lines.step(by)

    def action_page(self, by: int) -> None:
        """Go up or down by a page."""
        self.lines.move_by_page(by)

    def action_end(self, last: bool) -> None:
        """Go to the first or the last row."""
        self.lines.move_to_end(last)

    @abstractmethod
    def action_open(self) -> None:
        """Close, going to where the row leads."""

"""The panes of the main screen: which there are, which show at a width, and how the focus goes round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tracker.model.article import Headline
from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.model.errors import StoreError
from tracker.store.read import Reader
from tracker.ui.commands import bindings
from tracker.ui.state import MAX_SIDE, MIN_SIDE
from tracker.ui.widgets.article_pane import ArticlePane
from tracker.ui.widgets.headline_list import HeadlineList
from tracker.ui.widgets.line_list import LineList
from tracker.ui.widgets.price_pane import PricePane
from tracker.ui.widgets.row_window import RowWindow
from tracker.ui.widgets.search_field import SearchField
from tracker.ui.widgets.side_bar import SideBar
from tracker.ui.widgets.text_lines import TextLines
from tracker.ui.widgets.ticker_line import TickerLine
from tracker.ui.widgets.watchlist import Watchlist

T = TypeVar("T")
Pane = Literal["side", "list", "article", "watch"]
PANES: tuple[Pane, ...] = ("side", "list", "article", "watch")
NARROW, MEDIUM, WIDE = "-narrow", "-medium", "-wide"
MEDIUM_WIDTH, WIDE_WIDTH = 100, 150
_BUSY_WAIT_MS = 100
"""What a key waits at most for another program that keeps readers out too; a write-ahead log never does."""
_ODD_VALUES = (ArithmeticError, LookupError, TypeError, ValueError)


class PanesScreen(Screen[None], inherit_bindings=False):
    """Lays out the panes and moves between them; on a narrow terminal one is shown at a time."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    HORIZONTAL_BREAKPOINTS = [(0, NARROW), (MEDIUM_WIDTH, MEDIUM), (WIDE_WIDTH, WIDE)]  # noqa: RUF012 - Textual's own declaration
    AUTO_FOCUS = "#list"

    side = query_one("#side", SideBar)
    headlines = query_one("#list", HeadlineList)
    article_pane = query_one("#article", ArticlePane)
    watchlist = query_one("#watch", Watchlist)
    price_pane = query_one("#price", PricePane)
    search_field = query_one("#search", SearchField)
    top_line = query_one("#top", TextLines)
    ticker_line = query_one("#ticker", TickerLine)
    status_line = query_one("#status", TextLines)

    def __init__(self, config: Config, reader: Reader, clock: Clock) -> None:
        super().__init__()
        self.config = config
        self.reader = reader
        reader.wait_at_most(_BUSY_WAIT_MS)
        self.clock = clock
        self.side_width = 24
        self.has_failed = False
        """True from the first read that failed until all is read again."""
        self._shown_pane: Pane = "list"
        self._wanted_focus: Widget | None = None

    # -- for the screen that is made of this ---------------------------------------------
    def show_message(self, text: str, *, is_warning: bool = False) -> None:
        """Show a passing message in the status line."""
        raise NotImplementedError

    # -- reading ------------------------------------------------------------------------
    def read_store(self, work: Callable[[], T], instead: T) -> T:
        """Read something now, on the event loop; where it cannot be read, say why and return `instead`.

        The window outlives its database: what a key shows is missing until it can be read again.
        """
        try:
            return work()
        except StoreError as error:
            is_held = error.kind == "busy"
            self.show_message(
                f"{self.reader.path}: another program is using it; tracker shows the rest as soon as it can"
                if is_held
                else str(error),
                is_warning=True,
            )
        except _ODD_VALUES as error:  # a damaged file may contain impossible values
            self.show_message(
                f"{self.reader.path}: contains an unreadable value ({type(error).__name__})."
                " `tracker doctor` checks it for damage",
                is_warning=True,
            )
        self.has_failed = True
        return instead

    def headlines_of(self, ids: Sequence[int]) -> list[Headline]:
        """Return the rows of these articles; none when they cannot be read."""
        return self.read_store(lambda: self.reader.articles.headlines(ids), [])

    def compose(self) -> ComposeResult:
        """Lay out the panes."""
        # What the first resize and the first focus would find: each class set later styles and draws everything anew.
        width = self.app.size.width
        breakpoint_class = next(name for least, name in reversed(self.HORIZONTAL_BREAKPOINTS) if width >= least)
        self.add_class(breakpoint_class, f"show-{self._shown_pane}")
        yield TextLines(id="top")
        yield TickerLine(id="ticker")
        with Horizontal(id="panes"):
            yield SideBar(id="side")
            with Vertical(id="middle"):
                with Vertical(id="list-pane"):
                    yield HeadlineList(RowWindow(self.headlines_of, self.other_articles), self.clock, id="list")
                    yield Static("", markup=False, id="note")
                yield ArticlePane(id="article")
            with Vertical(id="right"):
                watchlist = Watchlist(id="watch")
                watchlist.border_title = Content(" Watchlist ")
                yield watchlist
                yield PricePane(id="price")
        yield SearchField(id="search")
        yield TextLines(id="status")

    def other_articles(self, article_id: int) -> dict[int, int]:
        """Return the other articles of an article's story in the order they are listed, with their depths."""
        from tracker.stories.order import under_lead  # what the first paint does not need

        def read() -> dict[int, int]:
            rows = self.reader.articles.headlines([article_id])
            return under_lead(article_id, self.reader.stories.originals(rows[0].story_id)) if rows else {}

        return self.read_store(read, {})

    # -- which pane ------------------------------------------------------------------
    @property
    def is_narrow(self) -> bool:
        """True when one pane is shown at a time."""
        return self.has_class(NARROW)

    def pane_widget(self, pane: Pane) -> Widget:
        """Return the widget that has the focus in a pane."""
        widgets: dict[Pane, Widget] = {
            "side": self.side,
            "list": self.headlines,
            "article": self.article_pane,
            "watch": self.watchlist,
        }
        return widgets[pane]

    @property
    def pane(self) -> Pane:
        """The pane that has the focus, or the one shown last."""
        focused = self.focused
        for pane in PANES:
            widget = self.pane_widget(pane)
            if focused is not None and (focused is widget or widget in focused.ancestors):
                return pane
        return self._shown_pane

    def visible_panes(self) -> tuple[Pane, ...]:
        """Return the panes that the focus can go to, from left to right."""
        return PANES if self.has_class(WIDE) else ("side", "list", "article")

    def show_pane(self, pane: Pane) -> None:
        """Focus a pane; on a narrow terminal, show it in place of the one before."""
        self._shown_pane = pane
        for name in PANES:
            self.set_class(name == pane, f"show-{name}")
        self.focus_at_once(self.pane_widget(pane))

    def focus_at_once(self, widget: Widget) -> None:
        """Focus a widget that is, or is just going to be, shown: the very next key is for it."""
        self._wanted_focus = widget
        self.set_focus(widget, scroll_visible=False)
        self.call_after_refresh(self._focus_again, widget, self.focused)

    def _focus_again(self, widget: Widget, focused: Widget | None) -> None:
        # Hiding the pane before takes the focus away, unless something else has asked for it meanwhile.
        # A key that came since may have asked for another one.
        if widget is not self._wanted_focus or self.focused is widget or not widget.display:
            return
        if self.focused in (None, focused):
            self.set_focus(widget, scroll_visible=False)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember the pane, for when the terminal gets narrow."""
        pane = self.pane
        if pane != self._shown_pane and not self.is_narrow:
            self._shown_pane = pane
            for name in PANES:
                self.set_class(name == pane, f"show-{name}")

    def on_resize(self, event: events.Resize) -> None:
        """Keep a pane in sight when the one with the focus has no room any more."""
        self.side.styles.width = None if event.size.width < MEDIUM_WIDTH else self.side_width
        if event.size.width < WIDE_WIDTH and self._shown_pane == "watch":
            self.show_pane("list")

    # -- moving about -------------------------------------------------------------------
    def action_pane_next(self) -> None:
        """Focus the next pane."""
        self._step(1)

    def action_pane_previous(self) -> None:
        """Focus the previous pane."""
        self._step(-1)

    def _step(self, by: int) -> None:
        panes = self.visible_panes()
        at = panes.index(self.pane) if self.pane in panes else 0
        self.show_pane(panes[(at + by) % len(panes)])

    def action_pane_left(self) -> None:
        """Focus the pane to the left."""
        left: dict[Pane, Pane] = {"watch": "list", "article": "list" if self.is_narrow else "side", "list": "side"}
        self.show_pane(left.get(self.pane, "side"))

    def action_pane_right(self) -> None:
        """Focus the pane to the right."""
        after: dict[Pane, Pane] = {"side": "list", "list": "article"}
        if self.has_class(WIDE) and self.pane in ("article", "list"):
            after = {"list": "watch", "article": "watch"}
        self.show_pane(after.get(self.pane, self.pane))

    def move(self, lines: int = 0, pages: float = 0.0, end: bool | None = None) -> None:
        """Move the cursor of a list, or scroll the article: by lines, by pages, or to an end (True: the last)."""
        widget = self.pane_widget(self.pane)
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

    def action_list_next(self) -> None:
        """Go down a line."""
        self.move(1)

    def action_list_previous(self) -> None:
        """Go up a line."""
        self.move(-1)

    def action_list_first(self) -> None:
        """Go to the first line."""
        self.move(end=False)

    def action_list_last(self) -> None:
        """Go to the last line."""
        self.move(end=True)

    def action_list_half_down(self) -> None:
        """Go down half a page."""
        self.move(pages=0.5)

    def action_list_half_up(self) -> None:
        """Go up half a page."""
        self.move(pages=-0.5)

    def action_list_page_down(self) -> None:
        """Go down a page."""
        self.move(pages=1)

    def action_list_page_up(self) -> None:
        """Go up a page."""
        self.move(pages=-1)

    # -- widths ----------------------------------------------------------------------------
    def action_side_narrower(self) -> None:
        """Make the side bar narrower."""
        self.set_side_width(self.side_width - 2)

    def action_side_wider(self) -> None:
        """Make the side bar wider."""
        self.set_side_width(self.side_width + 2)

    def set_side_width(self, width: int) -> None:
        """Give the side bar so many cells, within reason; on a narrow terminal it fills the width."""
        self.side_width = min(max(width, MIN_SIDE), MAX_SIDE)
        if not self.is_narrow:
            self.side.styles.width = self.side_width

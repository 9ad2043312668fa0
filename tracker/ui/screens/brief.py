"""The morning page: what my shares did, what came before, and what is new since the last close."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tracker.model.brief import Brief
from tracker.ui.commands import first_key
from tracker.ui.price_loader import MovedData
from tracker.ui.screens.pages import RowsPage, page_bindings
from tracker.ui.screens.what_moved import WhatMovedScreen
from tracker.ui.widgets.brief_rows import BriefRow, brief_rows, draw_brief_header, draw_brief_row
from tracker.ui.widgets.pieces import Pieces
from tracker.ui.widgets.row_list import RowList
from tracker.words.brief import brief_title


class BriefChoice(Struct, frozen=True):
    """Where to go from the page: the articles about a share, or an article."""

    symbol: str | None = None
    article_id: int | None = None


class BriefScreen(RowsPage[BriefChoice | None, Brief]):
    """Closes with where to go, or None.

    Args:
        read: reads the page; runs in a thread.
        read_moved: reads what moved a share; runs in a thread.
        keys: the user's keys.
    """

    NAME = "brief"
    REFRESH_SECONDS = 10.0
    BINDINGS: ClassVar[list[BindingType]] = page_bindings(
        "view.brief", {"list.first": "end(False)", "list.last": "end(True)", "price.moved": "moved"}
    )

    def __init__(
        self, read: Callable[[], Brief], read_moved: Callable[[str], MovedData], keys: Mapping[str, str]
    ) -> None:
        super().__init__(read, keys)
        self._read_moved = read_moved
        self._brief: Brief | None = None

    def compose(self) -> ComposeResult:
        """Lay out the title, the headings and the list."""
        go, moved, back = (first_key(name, self._keys) for name in ("article.open", "price.moved", "article.back"))
        yield from self.layout_page(
            "Morning page",
            (f"{go} goes there", f"{moved} what moved the share", f"{back} closes"),
            self.line("columns"),
            RowList(self._draw_row, lambda row: row.key, id="brief-list"),
        )

    def _draw_row(self, row: BriefRow, width: int) -> Pieces:
        assert self._brief is not None  # `show` brings rows and page together
        return draw_brief_row(row, self._brief, width)

    def show(self, found: Brief) -> None:
        """Show the shares and stories."""
        self._brief = found
        self.put("title", Content(brief_title(found)))
        self.lines.show(brief_rows(found))
        self.draw_headings()

    def headings(self, width: int) -> str:
        """Return the headings where there is a share."""
        return draw_brief_header(self._brief, width) if self._brief is not None and self._brief.shares else ""

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

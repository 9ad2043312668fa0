"""The league of sources: who is first, how far the others are behind, and what a share had done by then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tracker.model.league import League, LeagueRow
from tracker.ui.commands import first_key
from tracker.ui.screens.pages import RowsPage, page_bindings
from tracker.ui.widgets.league_rows import draw_league_header, draw_league_row
from tracker.ui.widgets.row_list import RowList
from tracker.words.league import LEGEND, league_title


class LeagueScreen(RowsPage[str | None, League]):
    """Closes with the source to go to, or None.

    Args:
        name: of the view whose stories are counted.
        read: reads the league; runs in a thread.
        keys: the user's keys.
    """

    NAME = "league"
    WAITING = "counting…"
    BINDINGS: ClassVar[list[BindingType]] = page_bindings(
        "view.league",
        {
            "list.page_down": "page(1)",
            "list.page_up": "page(-1)",
            "list.first": "end(False)",
            "list.last": "end(True)",
        },
    )

    def __init__(self, name: str, read: Callable[[], League], keys: Mapping[str, str]) -> None:
        super().__init__(read, keys)
        self._name = name

    def compose(self) -> ComposeResult:
        """Lay out the title, the headings, the list and what its numbers mean."""
        go, back = first_key("article.open", self._keys), first_key("article.back", self._keys)
        rows: RowList[LeagueRow] = RowList(draw_league_row, lambda row: row.source, id="league-list")
        legend = self.line("legend", Content.styled(LEGEND, "$tracker-muted"))
        yield from self.layout_page(
            f"League of sources · {self._name}",
            (f"{go} shows its headlines", f"{back} closes"),
            *(self.line("columns"), rows, legend),
        )

    def show(self, found: League) -> None:
        """Show the sources."""
        self.put("title", Content(league_title(found)))
        self.lines.show(found.rows)
        self.draw_headings()

    def headings(self, width: int) -> str:
        """Return the headings where there is a source."""
        return "" if self.lines.row is None else draw_league_header(width)

    def action_open(self) -> None:
        """Close, going to the headlines of this source."""
        if self.lines.row is not None:
            self.dismiss(self.lines.row.source)

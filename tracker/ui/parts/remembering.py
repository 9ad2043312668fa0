"""What the window was left with, and what the next start should find."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from msgspec.structs import replace
from textual.worker import WorkerCancelled, WorkerFailed

from tracker.ui.parts.listing import Listing
from tracker.ui.parts.morning import Morning
from tracker.ui.parts.part import Part, Shared
from tracker.ui.parts.pricing import Pricing
from tracker.ui.parts.searching import Searching
from tracker.ui.scope import read_filter_named
from tracker.ui.setup import Setup
from tracker.ui.state import WindowState, database_name
from tracker.ui.widgets.row_move import kind_named


class Remembering(Part):
    """Brings the window back to where it was, and saves where it is."""

    def __init__(
        self,
        shared: Shared,
        *,
        listing: Listing,
        searching: Searching,
        pricing: Pricing,
        morning: Morning,
        setup: Setup,
    ) -> None:
        super().__init__(shared)
        self._widgets = shared.widgets
        self._listing = listing
        self._searching = searching
        self._pricing = pricing
        self._morning = morning
        self._start = setup.state
        self._save = setup.remember

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {"app.quit": self.quit}

    def restore(self, query: str) -> None:
        """Show what was shown last; with a query, what it finds in everything."""
        start, view = self._start, self._view
        self._panes.set_side_width(start.side_width)
        moves = self._widgets.headlines.moves
        moves.kind = kind_named(start.moves)
        moves.show_held(view.config.held)
        if query:
            view.scope = replace(view.scope, search=query)
        else:
            view.scope = replace(
                view.scope,
                place=self._listing.place(start.place),
                read_filter=read_filter_named(start.reading),
                search=start.search,
            )
        self._widgets.side.put_cursor(view.scope.place.key)
        if view.scope.search:
            self._searching.show_text(view.scope.search)

    def state(self) -> WindowState:
        """Return the state for the next start."""
        view, headlines = self._view, self._widgets.headlines
        return WindowState(
            place=view.scope.place.key,
            reading=view.scope.read_filter,
            search=view.scope.search,
            article_id=headlines.lead_id,
            database=database_name(self._db),
            theme=self._screen.app.theme,
            folded=tuple(sorted(view.folded)),
            side_width=self._panes.side_width,
            moves=headlines.moves.kind,
            span=self._pricing.span,
            morning=self._morning.day,
        )

    def save(self) -> None:
        """Save the state for the next start."""
        self._save(self.state())

    async def quit(self) -> None:
        """Quit; a running sync ends cleanly, and marks that wait for another process are stored first."""
        workers = self._screen.workers
        waiting = [worker for worker in workers if worker.group == "marks" and not worker.is_finished]
        if waiting:  # given none, Textual would wait for all
            with suppress(WorkerCancelled, WorkerFailed):
                await workers.wait_for_complete(waiting)
        self.save()
        self._screen.app.exit()

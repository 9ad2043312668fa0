"""The league of sources: of the stories in the view, opened by its key."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from tracker.model.query import QuerySyntaxError
from tracker.ui.parts.listing import Listing
from tracker.ui.parts.part import Part, Shared
from tracker.ui.parts.pricing import Pricing
from tracker.ui.scope import feed_place


class Ranking(Part):
    """Opens the league and goes to the source that was chosen."""

    def __init__(self, shared: Shared, *, pricing: Pricing, listing: Listing) -> None:
        super().__init__(shared)
        self._pricing = pricing
        self._listing = listing

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {"view.league": self.show}

    def show(self) -> None:
        """Open the league of the stories in the view, read or not."""
        from tracker.ui.screens.league import LeagueScreen  # what the first paint does not need

        scope = replace(self._view.scope, read_filter="everything")
        try:
            query = scope.query()
        except QuerySyntaxError as error:
            self._status.show_warning(str(error))
            return
        loader = self._pricing.price_loader
        screen = LeagueScreen(scope.title, lambda: loader.league(query), self._view.config.keys)
        self._screen.app.push_screen(screen, self._chosen)

    def _chosen(self, source: str | None) -> None:
        if source is not None:
            self._listing.show_place(feed_place(source))

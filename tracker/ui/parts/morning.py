"""The morning page: opened by its key, or at the first start of a day if the user wants it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tracker.ui.parts.part import Part, Shared
from tracker.ui.parts.pricing import Pricing
from tracker.ui.parts.searching import Searching
from tracker.ui.parts.stories import Stories

if TYPE_CHECKING:
    from tracker.ui.screens.brief import BriefChoice


class Morning(Part):
    """Opens the page and goes where it leads.

    Args:
        day: on which it was seen last, as a date in ISO 8601; "" for never.
    """

    def __init__(self, shared: Shared, *, pricing: Pricing, searching: Searching, stories: Stories, day: str) -> None:
        super().__init__(shared)
        self._pricing = pricing
        self._searching = searching
        self._stories = stories
        self.day = day

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {"view.brief": self.show}

    def open_once_a_day(self) -> None:
        """Open the page if the user wants it each morning and has not seen it today."""
        if self._view.config.settings.morning and self.day != self._today():
            self.show()

    def show(self) -> None:
        """Open the page."""
        from tracker.ui.screens.brief import BriefScreen  # what the first paint does not need

        self.day = self._today()
        loader = self._pricing.price_loader
        self._screen.app.push_screen(BriefScreen(loader.brief, loader.moved, self._view.config.keys), self._chosen)

    def _today(self) -> str:
        return self._view.clock().astimezone().date().isoformat()

    def _chosen(self, choice: BriefChoice | None) -> None:
        if choice is None:
            return
        if choice.symbol is not None:
            self._pricing.choose(choice.symbol)
            self._searching.set_everywhere(f"symbol:{choice.symbol}")
        elif choice.article_id is not None:
            self._stories.jump(choice.article_id)

"""The page on the health of the feeds: opened by its key or by one that changes a feed, and told how a sync goes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tracker.model.events import SyncEvent
from tracker.ui.parts.feeds import Feeds
from tracker.ui.parts.listing import Listing
from tracker.ui.parts.part import Part, Shared
from tracker.ui.parts.syncing import Syncing
from tracker.ui.scope import feed_place

if TYPE_CHECKING:
    from tracker.ui.screens.health import HealthScreen

_ON_HEALTH = {
    "feed.rename": "rename",
    "feed.group": "regroup",
    "feed.up": "",
    "feed.down": "",
    "feed.disable": "",
    "feed.snooze": "",
    "feed.remove": "",
}
"""Commands that need the page, and what begins there at once."""


class Health(Part):
    """Opens the page, and tells it how a sync goes."""

    def __init__(self, shared: Shared, *, listing: Listing, syncing: Syncing, feeds: Feeds) -> None:
        super().__init__(shared)
        self._listing = listing
        self._syncing = syncing
        self._feeds = feeds
        self._page: HealthScreen | None = None

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {"view.health": self.show, **{name: partial(self.show, action) for name, action in _ON_HEALTH.items()}}

    def show(self, action: str | None = None) -> None:
        """Show the page; with an action, the cursor on the selected feed, and begin it there."""
        from tracker.ui.screens.health import HealthScreen

        def version() -> int:
            return self._reads.read(self._reads.reader.data_version, 0)

        self._page = HealthScreen(
            self._view.config,
            self._reads.reader.path,
            self._view.clock,
            retry=self._retry,
            data_version=version,
            edits=self._feeds,
            feed=None if action is None else next(iter(self._syncing.selected()[0]), None),
            action=action or "",
        )
        self._screen.app.push_screen(self._page, self._left)

    def show_event(self, event: SyncEvent) -> None:
        """Show the progress of a sync on the page, if it is open."""
        if self._page is not None:
            self._page.show_event(event)

    def show_end(self, problem: str | None) -> None:
        """Show there why a sync could not run."""
        if self._page is not None:
            self._page.show_end(problem)

    def _retry(self, name: str | None) -> None:
        if name is None:
            self._syncing.sync_all()
        else:
            self._syncing.sync_feed(name)

    def _left(self, name: str | None) -> None:
        self._page = None
        if name is not None:
            self._listing.show_place(feed_place(name))
            self._panes.show("list")

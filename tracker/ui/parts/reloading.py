"""Reloads feeds.toml when it changes while the window is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tracker.model.config import Config
from tracker.model.feed import FeedSource
from tracker.model.tags import TagRule
from tracker.sync.options import SyncOptions
from tracker.ui.messages import ConfigChanged
from tracker.ui.parts.frame import Frame
from tracker.ui.parts.listing import Listing
from tracker.ui.parts.part import Part, Shared
from tracker.ui.parts.pricing import Pricing
from tracker.ui.parts.syncing import Syncing
from tracker.ui.workers import Background

if TYPE_CHECKING:
    from tracker.config.current import ConfigFile


class Reloading(Part):
    """Applies a changed configuration; while the file has a mistake, the previous one stays in use."""

    def __init__(
        self,
        shared: Shared,
        *,
        frame: Frame,
        listing: Listing,
        syncing: Syncing,
        pricing: Pricing,
        background: Background,
    ) -> None:
        super().__init__(shared)
        self._frame = frame
        self._listing = listing
        self._syncing = syncing
        self._pricing = pricing
        self._background = background

    def look(self) -> None:
        """Read the file again once a change has settled, and say so."""
        if self._file is not None:
            self._apply(self._file.refresh_when_settled(), self._file)

    def look_now(self) -> None:
        """Read the file again if it has changed, once nothing is writing to it."""
        if self._file is not None:
            self._apply(self._file.refresh(), self._file)

    def _apply(self, config: Config, file: ConfigFile) -> None:
        before = self._view.config
        if config is not before:  # a sync may have read it, too
            self.use(config)
            is_tagged_anew = _without_lines(config.tags) != _without_lines(before.tags)
            advice = "; run `tracker retag` to apply its tags to stored articles" if is_tagged_anew else ""
            if replace(config, stamp=before.stamp) != before:
                self._status.show_message(f"reloaded feeds.toml{advice}")
        self._status.show_config_problem(file.problem)

    def use(self, config: Config) -> None:
        """Apply another configuration."""
        before, self._view.config = self._view.config, config
        scope = self._view.scope
        self._view.scope = replace(scope, watched=config.watched)
        self._background.use_config(config)
        self._frame.draw()
        self._status.draw()
        if config.mutes != before.mutes:
            self._background.sync(SyncOptions(prices=False))  # it mutes what is stored, and asks feeds that are due
        elif _without_lines(config.feeds) != _without_lines(before.feeds):
            self._syncing.sync_due()
        self._pricing.config_changed()
        self._screen.post_message(ConfigChanged(config))
        self._listing.config_changed(scope)


def _without_lines(entries: Sequence[FeedSource] | Sequence[TagRule]) -> list[FeedSource | TagRule]:
    """Return feeds or tag rules without their place in the file, which moves with every line written above them."""
    return [replace(entry, line=None) for entry in entries]

"""The configured feeds with what is stored of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from tracker.model.config import Config
from tracker.model.feed import FeedSource, FeedState
from tracker.store.feed_reader import FeedRow
from tracker.sync.decide import host_of
from tracker.words.health import Pause, problem


class FeedHealth(Struct, frozen=True):
    """A configured feed with what is stored of it."""

    source: FeedSource
    row: FeedRow | None
    pause: Pause | None = None
    """What its host asked for."""

    @property
    def state(self) -> FeedState | None:
        """What is remembered of it; None before its first sync."""
        return None if self.row is None else self.row.state

    @property
    def problem(self) -> str | None:
        """Why it has no new articles, in words."""
        return problem(self.source, self.state)

    @property
    def failures(self) -> int:
        """Failures in a row."""
        return 0 if self.state is None else self.state.fail_count


def feed_healths(
    config: Config, rows: Iterable[FeedRow], hosts: Mapping[str, Pause], now: datetime
) -> list[FeedHealth]:
    """Return the feeds of the configuration in its order."""
    stored = {row.state.name: row for row in rows}
    found = []
    for source in config.feeds:
        row = stored.get(source.name)
        found.append(FeedHealth(source, row, hosts.get(host_of(row.state, now)) if row is not None else None))
    return found

"""Who is first: what a league of sources is made of, and the league."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct


class Report(Struct, frozen=True):
    """An article of a story, as far as a league cares."""

    story_id: int
    source: str
    """The name of its feed."""
    published: int
    """Epoch seconds, as its feed says."""
    first_seen: int
    """Epoch seconds, by our clock."""
    symbol: str | None = None
    """The share beside its headline."""
    server_ahead: int | None = None
    """Seconds by which the clock of its server was ahead of ours; None where it did not say."""


class LeagueRow(Struct, frozen=True):
    """One source, over the stories that it and another source reported."""

    source: str
    stories: int
    first: int
    """Stories that nobody reported earlier."""
    behind: timedelta | None
    """Median time after the first report, of the stories that another source had first; None without any."""
    priced: int
    """Stories with known prices: what `gone` is made of."""
    gone: float | None
    """Share of the moves of these stories that had happened when it reported, 0.62 for 62%; None without any.

    A story's move goes from the last trade before its first report to the close of the session that this was published
    in or before. Moves count by their size, so it may be below 0 or above 1: a share had first gone the other way, or
    further than to its close.
    """

    @property
    def first_share(self) -> float:
        """The fraction of its stories that it had first."""
        return self.first / self.stories


class League(Struct, frozen=True):
    """The sources, those that were first most often before the others."""

    rows: tuple[LeagueRow, ...] = ()
    stories: int = 0
    """Stories that several sources reported."""
    since: datetime | None = None
    """When the oldest of them was first reported."""
    doubted: int = 0
    """Articles left out because their time of publication is in doubt."""

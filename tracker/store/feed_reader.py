"""Reads the states and counts of feeds, and the hosts that are paused."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from tracker.model.clock import to_epoch
from tracker.model.feed import FeedState
from tracker.store import waits
from tracker.store.connection import OnConnection
from tracker.store.rows import FEED_STATE_COLUMNS, FEED_STATE_DECODERS, decoded_rows, feed_state


class FeedRow(Struct, frozen=True):
    """A feed for the side bar, `feeds list` and doctor."""

    state: FeedState
    group: str | None
    title: str | None
    articles: int
    unread: int
    """Stories with an unread article of this feed."""
    recent: int
    """Articles first seen in the last 30 days."""


class FeedReader(OnConnection):
    """Reads feeds over the connection of a `Reader`."""

    def states(self) -> dict[str, FeedState]:
        """Return the stored state of each feed, by name."""
        rows = self._connection.execute(f"SELECT {', '.join(FEED_STATE_COLUMNS)} FROM feed")
        return {row["name"]: feed_state(row) for row in decoded_rows(rows, FEED_STATE_DECODERS)}

    def names(self) -> list[tuple[str, str | None]]:
        """Return the name and group of each feed ever stored."""
        return [tuple(row) for row in self._connection.execute("SELECT name, group_name FROM feed")]

    def rows(self, now: datetime) -> list[FeedRow]:
        """Return all feeds ever stored, with their counts, by name."""
        month_ago = to_epoch(now) - 30 * 86_400
        numbers = {
            name: (articles, unread, recent)
            for name, articles, unread, recent in self._connection.execute(
                "SELECT f.name, count(*), count(DISTINCT CASE WHEN a.read = 0 THEN a.story_id END),"
                " sum(a.first_seen >= ?) FROM article a JOIN feed f ON f.id = a.feed_id GROUP BY a.feed_id",
                (month_ago,),
            )
        }
        rows = self._connection.execute(
            f"SELECT {', '.join(FEED_STATE_COLUMNS)}, group_name, title FROM feed ORDER BY name"
        )
        return [
            FeedRow(feed_state(row), row["group_name"], row["title"], *numbers.get(row["name"], (0, 0, 0)))
            for row in decoded_rows(rows, FEED_STATE_DECODERS)
        ]

    def paused_hosts(self, now: datetime) -> dict[str, tuple[datetime, str]]:
        """Return the hosts that are paused at `now`, with the end and reason of the pause."""
        return {wait.who: (wait.until, wait.reason) for wait in waits.active_waits(self._connection, "host", now)}

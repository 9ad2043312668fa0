"""The time that a sync trusts, and the record of a clock jump."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from tracker.model.clock import Clock, SetClock
from tracker.model.feed import FeedState, FetchedFeed
from tracker.model.trust import TrustedTime, is_steady, show_our_time, trusted_time
from tracker.store.read import Reader
from tracker.store.write import JUMP_KEY, Writer
from tracker.sync.clocks import last_asked, last_heard, server_ahead, servers_heard


class SyncTime:
    """Our clock, limited by servers' clocks; one per sync. Methods may block on the database.

    Args:
        db: where a jump of the clock is noted.
        clock: what time it is by this computer.
    """

    def __init__(self, db: Path, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._heeds_servers = not isinstance(clock, SetClock)  # who sets a clock knows better than servers
        self.started = clock()
        self._heard: dict[str, timedelta | None] = {}
        self._asked: Sequence[FeedState] = ()
        self._is_doubted = False

    def begin(self, asked: Sequence[FeedState], now: datetime, reader: Reader) -> None:
        """Compare our clock with the last sync's, and note a jump before anything is stored that would hide it.

        Args:
            asked: the states of the feeds that are asked (`asked_states`), before this sync.
        """
        self._asked = asked
        if not is_steady(now, last_asked(asked)):
            self._note_jump()
        self._is_doubted = reader.meta(JUMP_KEY) is not None

    def hear(self, feed: str, fetched: FetchedFeed) -> None:
        """Record the time that a feed's server shows."""
        self._heard[feed] = server_ahead(fetched, self._clock())

    def latest(self, now: datetime) -> datetime | None:
        """Return the time for articles that leave a feed; None while it is unknown after a clock jump."""
        is_known = not self._is_doubted and is_steady(now, self.started)
        return self._trusted(now).latest if is_known else None

    def end(self, now: datetime) -> TrustedTime:
        """Return the trusted time at the end of the sync; no earliest time if the clock jumped during it."""
        time = self._trusted(now)
        if is_steady(now, self.started):
            return time
        self._note_jump()
        return replace(time, earliest=None)

    def _trusted(self, now: datetime) -> TrustedTime:
        heard = servers_heard(self._asked, self._heard, now) if self._heeds_servers else []
        return trusted_time(now, heard, last_asked(self._asked))

    def _note_jump(self) -> None:
        was_confirmed = self._heeds_servers and show_our_time(last_heard(self._asked))
        with Writer(self._db) as writer:
            writer.note_clock_jump(was_confirmed=was_confirmed)

"""One round through the feeds that are due: asked and read beside each other, stored one by one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tracker.model.clock import Clock
from tracker.model.feed import FeedSource, FeedState, FeedSynced, FetchedFeed
from tracker.net.address import site
from tracker.store.write import Writer
from tracker.sync.blocking import RunBlocking
from tracker.sync.body_room import BodyRoom
from tracker.sync.decide import address, is_offline, pause_until, validators
from tracker.sync.reading import Reading
from tracker.sync.sync_time import SyncTime

if TYPE_CHECKING:
    from tracker.feeds.fetch import Fetcher
    from tracker.sync.feed import FeedSync
    from tracker.sync.jobs import Digested


class FeedRound:
    """Fetches, reads and stores the feeds of one sync.

    Args:
        states: of the feeds, by name, as they were at the beginning.
        db: where the pauses of hosts are stored.
        fetcher: asks the servers; open while `run` is.
        step: says what of an answer is to be parsed, and stores it.
        reading: parses bodies.
        room: for the bodies that wait for that.
        time: hears what servers say of the time.
        run_blocking: runs the steps of `step`.
        reason: returns the reason for an error about a feed, or raises it again where it is about the whole.
    """

    def __init__(
        self,
        states: Mapping[str, FeedState],
        *,
        db: Path,
        clock: Clock,
        fetcher: Fetcher,
        step: FeedSync,
        reading: Reading,
        room: BodyRoom,
        time: SyncTime,
        run_blocking: RunBlocking,
        reason: Callable[[str, Exception], str],
    ) -> None:
        self._states = states
        self._db = db
        self._clock = clock
        self._fetcher = fetcher
        self._step = step
        self._reading = reading
        self._room = room
        self._time = time
        self._run_blocking = run_blocking
        self._reason = reason
        self._outcomes: dict[str, FetchedFeed] = {}
        self._pauses: dict[str, datetime] = {}

    async def run(self, due: Sequence[FeedSource], stored: list[FeedSynced]) -> AsyncGenerator[FeedSynced, None]:
        """Yield the result of each feed once it is stored.

        Args:
            due: the feeds to ask.
            stored: gets each result at once, also those that nobody waits for any more.
        """

        async def sync_and_note(source: FeedSource) -> FeedSynced:
            synced = await self._sync(source)
            stored.append(synced)
            return synced

        tasks = [asyncio.create_task(sync_and_note(source)) for source in due]
        try:
            for finished in asyncio.as_completed(tasks):
                yield await finished
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def excuse_offline(self, due: Sequence[FeedSource]) -> dict[str, FeedSynced]:
        """Do not count failures while offline, when some systems report every host as unknown. Blocks.

        Return the corrected results, by feed name.
        """
        if not is_offline(due, self._outcomes):
            return {}
        forgiven = {}
        for source in due:
            outcome = self._outcomes[source.name]
            fetched = replace(outcome, offline=True, reason="cannot resolve any host: are you offline?")
            forgiven[source.name] = self._step.finish(source, self._states[source.name], fetched, None, self._clock())
        return forgiven

    async def _sync(self, source: FeedSource) -> FeedSynced:
        state = self._states[source.name]
        fetched = await self._fetch(source, state)
        self._outcomes[source.name] = replace(fetched, body=None)
        if fetched.is_postponed:
            until = self._pauses.get(site(fetched.url))
            return FeedSynced(source.name, "skipped", next_due=until, reason=fetched.reason)
        pause = pause_until(fetched, self._clock())
        if pause is not None:
            self._pauses[site(fetched.final_url)] = pause
        self._time.hear(source.name, fetched)
        job = await self._run_blocking(lambda: self._step.job(source, state, fetched, self._clock()))
        if job is None:
            return await self._run_blocking(lambda: self._store(source, state, fetched, None))
        with self._room.hold(len(job.body)):
            read = await self._reading.read(job)
            return await self._run_blocking(lambda: self._store(source, state, fetched, read))

    async def _fetch(self, source: FeedSource, state: FeedState) -> FetchedFeed:
        now = self._clock()
        etag, last_modified = validators(state, now)
        asked = address(state, now)
        contact = None if source.first_hand is None else source.first_hand.contact
        try:
            return await self._fetcher.fetch(
                asked, own=source.url, etag=etag, last_modified=last_modified, contact=contact
            )
        except Exception as error:
            return FetchedFeed(asked, asked, reason=self._reason(source.name, error))

    def _store(
        self, source: FeedSource, state: FeedState, fetched: FetchedFeed, read: Digested | str | None
    ) -> FeedSynced:
        """Store the result of one feed; an error caused by its data fails this feed only."""
        try:
            return self._finish(source, state, fetched, read)
        except Exception as error:
            reason = self._reason(source.name, error)
        return self._finish(source, state, replace(fetched, body=None), reason)

    def _finish(
        self, source: FeedSource, state: FeedState, fetched: FetchedFeed, read: Digested | str | None
    ) -> FeedSynced:
        now = self._clock()
        until = pause_until(fetched, now)
        if until is not None:
            with Writer(self._db) as writer:
                writer.pause_host(site(fetched.final_url), until, fetched.reason or f"{fetched.http}", now)
        return self._step.finish(source, state, fetched, read, now)

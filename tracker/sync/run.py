"""The sync pipeline: fetches due feeds in parallel, stores them one by one and reports events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.model.errors import StoreError, TrackerError
from tracker.model.events import DatesChanged, QuotesChanged, SyncEvent, SyncFinished, SyncStarted
from tracker.model.feed import FeedSource, FeedState, FeedSynced
from tracker.net.timeouts import DEFAULT_TIMEOUTS, Timeouts
from tracker.store.read import Reader
from tracker.store.write import CONFIG_KEY, Writer
from tracker.sync.body_room import BodyRoom
from tracker.sync.clocks import asked_states
from tracker.sync.decide import DueFeeds, select_due
from tracker.sync.errorlog import ErrorLog
from tracker.sync.feed_round import FeedRound
from tracker.sync.known import note_known, read_known
from tracker.sync.lock import sync_lock
from tracker.sync.mutes import muting
from tracker.sync.options import SyncOptions
from tracker.sync.reading import Reading
from tracker.sync.sync_time import SyncTime

if TYPE_CHECKING:
    import subprocess

    import httpx

    from tracker.config.current import ConfigFile
    from tracker.feeds.fetch import Fetcher
    from tracker.sync.feed import FeedSync
    from tracker.sync.price_sync import PriceSync

_T = TypeVar("_T")
_ONLY_DUE = SyncOptions()


def _import_fetcher() -> type[Fetcher]:
    """Import what fetches feeds: a run in which nothing is due needs neither httpx nor feedparser (200 ms)."""
    from tracker.feeds.fetch import Fetcher

    return Fetcher


class Syncer:
    """Fetches feeds and prices into one database.

    Args:
        config: the feeds, tags, watchlist and limits.
        db: the database file.
        clock: the current time.
        transport: replaces the network, for tests.
        errors: file for details of internal errors; None for no file.
        threads: run parsing and writing in worker threads, so that an event loop that draws a window stays free.
        config_file: where `config` came from; each sync reads it again when it has changed.
        timeouts: timeouts for servers.
        give_way: called again and again by the thread that stores and groups; it may wait there for the event loop.
    """

    def __init__(
        self,
        config: Config,
        db: Path,
        clock: Clock,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        threads: bool = False,
        config_file: ConfigFile | None = None,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        errors: Path | None = None,
        give_way: Callable[[], None] | None = None,
    ) -> None:
        self._log = ErrorLog(errors)
        self._config = config
        self._config_file = config_file
        self.stored: list[FeedSynced] = []
        """Finished feeds of the running sync, including those whose event has not been consumed yet."""
        self._db = db
        self._clock = clock
        self._transport = transport
        self._give_way = give_way
        self._threads = threads
        self._timeouts = timeouts
        self._prices: PriceSync | None = None
        # One parse or write at a time: on two cores more threads only take turns at the interpreter's lock.
        self._step = asyncio.Lock()
        self._reading = Reading(config, db, self._run_blocking, is_drawing=threads, errors=errors)
        self._excused: dict[str, FeedSynced] = {}
        self._room = BodyRoom()
        self._time = SyncTime(db, clock)
        self._known: set[str] = set()

    def use_reader(self, process: subprocess.Popen[bytes]) -> None:
        """Read the next bodies with a process that `start_reader` has started before."""
        self._reading.process = process

    async def close(self) -> None:
        """Close the connections for prices, if any were opened."""
        if self._prices is not None:
            await self._prices.close()
            self._prices = None

    async def run(self, options: SyncOptions = _ONLY_DUE) -> AsyncGenerator[SyncEvent, None]:
        """Sync what is due. Each feed is stored before its event comes, so stopping in between loses nothing.

        Raises:
            LockedError: another sync is running.
            StoreError: the database cannot be used.
        """
        with sync_lock(self._db, self._clock):
            self._time = SyncTime(self._db, self._clock)
            started = self._time.started
            self.stored.clear()
            if self._config_file is not None:  # under the lock, so that no sync uses an older one than the last did
                await self._use_config(await self._run_blocking(self._config_file.refresh))
            if not self._db.exists():  # the second process loads while the tables are made
                self._reading.expect(len(self._config.feeds if options.feeds is None else options.feeds))
            chosen, states = await self._run_blocking(lambda: self._choose(options))
            yield SyncStarted(started, tuple(source.name for source in chosen.due), chosen.skipped)
            done = list(chosen.skipped)
            has_prices = options.prices and options.feeds is None and bool(self._config.market.providers)
            has_dates = options.prices and options.feeds is None and self._config.sources.earnings.enabled
            feeds_done = asyncio.Event()
            dates = asyncio.create_task(self._dates_beside()) if has_dates else None
            prices = asyncio.create_task(self._prices_beside(feeds_done)) if has_prices else None
            try:
                if chosen.due:
                    async for synced in self._sync_feeds(chosen.due, states):
                        done.append(synced)
                        yield synced
                    done = [self._excused.get(synced.name, synced) for synced in done]
                feeds_done.set()
                quotes = None if prices is None else await prices
                changed_dates = None if dates is None else await dates
            finally:
                beside = [task for task in (prices, dates) if task is not None]
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
            if quotes is not None:
                yield quotes
            if changed_dates is not None:
                yield changed_dates
            await self._run_blocking(self._purge)
            yield SyncFinished(started, self._clock(), tuple(done), quotes, changed_dates)

    async def quotes(self) -> QuotesChanged:
        """Poll the prices once and store them; needs no lock, because quotes are written in one short transaction."""
        if self._config_file is not None:
            await self._use_config(self._config_file.config)
        try:
            return await self._price_sync().quotes()
        except Exception as error:
            return QuotesChanged(None, (), reason=self._reason("prices", error))

    async def _prices_beside(self, feeds_done: asyncio.Event) -> QuotesChanged:
        """Fetch prices while feeds are fetched. An error caused by a response does not end the sync."""
        try:
            await self._run_blocking(lambda: import_module("tracker.sync.price_sync"))  # 150 ms
            return await self._price_sync().beside(feeds_done)
        except Exception as error:
            return QuotesChanged(None, (), reason=self._reason("prices", error))

    async def _dates_beside(self) -> DatesChanged | None:
        """Fetch coming dates while feeds are fetched. An error caused by a response does not end the sync."""
        from tracker.sync.date_sync import sync_dates

        try:
            return await sync_dates(
                self._config,
                self._db,
                self._clock,
                run_blocking=self._run_blocking,
                known=self._known,
                transport=self._transport,
                timeouts=self._timeouts,
            )
        except Exception as error:
            return DatesChanged((), self._reason("coming dates", error))

    def _reason(self, about: str, error: Exception) -> str:
        """Log an internal error about a feed or the prices; return the reason.

        Raises:
            TrackerError: the very error, where it is about the whole: the rules, the database.
        """
        is_of_statement = isinstance(error, StoreError) and error.kind == "statement"
        if isinstance(error, TrackerError) and not is_of_statement:
            raise error
        return self._log.note(about, error, self._clock())

    async def _use_config(self, config: Config) -> None:
        """Switch to another configuration."""
        if config is self._config:
            return
        self._reading.use(config)
        self._config = config
        retired, self._prices = self._prices, None
        if retired is not None:
            await retired.retire()

    def _choose(self, options: SyncOptions) -> tuple[DueFeeds, dict[str, FeedState]]:
        config = self._config
        with Writer(self._db) as writer:
            if self._is_outdated():
                feeds = writer.active_feeds()
                config = replace(
                    config, feeds=tuple(source for source in config.feeds if feeds.get(source.name) == source.url)
                )
            else:
                writer.register_feeds(config.feeds, config.stamp)
                writer.mute_stored(muting(config), config.mutes, self._clock())
        now = self._clock()
        with Reader(self._db) as reader:
            self._known |= read_known(reader)
            states = reader.feeds.states()
            self._time.begin(asked_states(self._config, states), now, reader)
            return select_due(config, states, reader.feeds.paused_hosts(now), options, now), states

    def _is_outdated(self) -> bool:
        """True when another process has used a newer state of the file, which now has a mistake."""
        if self._config_file is None or self._config_file.problem is None:
            return False
        with Reader(self._db) as reader:
            return reader.meta(CONFIG_KEY) != self._config.stamp

    async def _sync_feeds(self, due: tuple[FeedSource, ...], states: dict[str, FeedState]) -> AsyncIterator[FeedSynced]:
        settings = self._config.settings
        self._reading.expect(sum(states[source.name].body_hash is None for source in due))
        fetcher_type = await self._run_blocking(_import_fetcher)  # while the second process starts
        step: FeedSync = await self._run_blocking(self._open_step)
        fetcher = fetcher_type(
            connections=settings.connections,
            host_connections=settings.host_connections,
            host_delay_seconds=settings.host_delay_seconds,
            transport=self._transport,
            clock=self._clock,
            has_room=self._room.wait,
            timeouts=self._timeouts,
            known=self._known,
        )
        feeds = FeedRound(
            states,
            db=self._db,
            clock=self._clock,
            fetcher=fetcher,
            step=step,
            reading=self._reading,
            room=self._room,
            time=self._time,
            run_blocking=self._run_blocking,
            reason=self._reason,
        )
        try:
            async with fetcher, aclosing(feeds.run(due, self.stored)) as stored:
                async for synced in stored:
                    yield synced
            await self._reading.close()  # before grouping, which needs 30 MB; this frees 80 MB
            self._excused = await self._run_blocking(lambda: feeds.excuse_offline(due))
            await self._run_blocking(lambda: step.group(self._clock()))
        finally:
            await self._reading.close()
            await self._run_blocking(step.close)

    def _open_step(self) -> FeedSync:
        from tracker.sync.feed import FeedSync

        poll_minutes = self._config.settings.poll_minutes
        return FeedSync(
            self._db,
            self._reading.tagger,
            poll_minutes,
            latest=self._time.latest,
            mutes=muting(self._config),
            give_way=self._give_way,
        )

    def _purge(self) -> None:
        now = self._clock()
        time = self._time.end(now)
        with Writer(self._db) as writer:
            note_known(writer, self._config, set(self._known))
            writer.settle_dates(now)
            if time.earliest is not None:
                writer.stories.learn_words(time.earliest)
            writer.purge(self._config.settings.keep_days, time)

    def _price_sync(self) -> PriceSync:
        if self._prices is None:
            from tracker.sync.price_sync import PriceSync

            self._prices = PriceSync(
                self._config,
                self._db,
                self._clock,
                self._transport,
                run_blocking=self._run_blocking,
                known=self._known,
                timeouts=self._timeouts,
            )
        return self._prices

    async def _run_blocking(self, step: Callable[[], _T]) -> _T:
        """Run a blocking step, here or in a thread."""
        if not self._threads:
            return step()
        async with self._step:
            # Shielded: a cancelled sync waits for the transaction under way instead of closing its connection.
            running = asyncio.ensure_future(asyncio.to_thread(step))
            try:
                return await asyncio.shield(running)
            except asyncio.CancelledError:
                await asyncio.wait([running])
                raise

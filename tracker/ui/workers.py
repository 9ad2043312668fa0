"""Background work of the window: reads views and counts in threads, syncs and polls on the event loop."""

from __future__ import annotations

import asyncio
import importlib
import os
from array import array
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from tracker.impact.coming import coming_dates
from tracker.market.poll import poll_interval
from tracker.model.config import MY_SHARES, Config
from tracker.model.errors import LockedError, TrackerError
from tracker.model.events import SyncEvent
from tracker.model.market import Quote
from tracker.model.query import MEASURED_SORTS, Query, QuerySyntaxError
from tracker.store.listed import Listed, is_followed
from tracker.store.raised import Raised
from tracker.store.read import Reader
from tracker.sync.options import SyncOptions
from tracker.ui.facts import closes, found_elsewhere, last_halts
from tracker.ui.gone_rows import hidden_rows, story_leads
from tracker.ui.messages import (
    AlertFired,
    FactsLoaded,
    FirstFound,
    IdsLoaded,
    ReadFailed,
    SyncAdvanced,
    SyncEnded,
    TerminalWrite,
)
from tracker.ui.newest_only import NewestOnly, reason_of
from tracker.ui.scope import Scope, depends_on_state, kept_count
from tracker.ui.setup import Setup
from tracker.ui.snapshots import Difference
from tracker.ui.stop import Stop, Stops
from tracker.ui.tasks import run_task

if TYPE_CHECKING:
    from tracker.alerts.run import AlertRun
    from tracker.sync.run import Syncer

_SYNC, _PRICES = "tracker.sync.run", "tracker.sync.price_sync"


class Background:
    """Starts the workers of the main screen; each answers with a message.

    Args:
        screen: whose workers they are, and who gets the messages.
        setup: what the window is opened with.
        speed: returns how many seconds of `clock` pass in a real one (a replay runs faster).
        quotes: returns the newest quotes.
    """

    def __init__(
        self, screen: Screen[Any], setup: Setup, speed: Callable[[], float], quotes: Callable[[], Iterable[Quote]]
    ) -> None:
        self._screen = screen
        self._config = setup.config
        self._db = setup.db
        self._clock = setup.clock
        self._transport = setup.transport
        self._speed = speed
        self._quotes = quotes
        self._config_file = setup.config_file
        self._errors = setup.errors
        self._first_turn = setup.first_turn
        self._is_apart = setup.is_apart
        self._early = setup.early
        self._names: Mapping[str, str] | None = None
        self._generation = 0
        self._listed: Listed | None = None
        """The list that was read last, by the one thread at a time that reads lists."""
        self._id_reads = NewestOnly[IdsLoaded](screen, "ids", screen.post_message, self._failed)
        self._first_reads = NewestOnly[FirstFound](screen, "first", screen.post_message, self._failed)
        self._fact_reads = NewestOnly[FactsLoaded](screen, "facts", screen.post_message, self._failed)
        self._id_stops, self._first_stops, self._fact_stops = Stops(), Stops(), Stops()
        self._queued: list[SyncOptions] = []
        self._running: SyncOptions | None = None
        self._syncer: Syncer | None = None

    def use_config(self, config: Config) -> None:
        """Apply a changed configuration; a running sync finishes with its own."""
        before, self._config = self._config, config
        self._names = None
        if (config.market, config.symbols) != (before.market, before.symbols):
            self.poll_quotes()

    # -- reading -----------------------------------------------------------------
    @property
    def generation(self) -> int:
        """The number of the newest request for a view."""
        return self._generation

    def load_ids(
        self,
        scope: Scope,
        shown: array[int] | None = None,
        kept: int | None = None,
        *,
        raised: Raised,
        is_unfolded: bool = False,
    ) -> None:
        """Read the ids of a view. With `shown`, the ids on screen, it is an update in which `kept` stays.

        One whose story is unfolded may give way to another that leads the story now: it stays in sight under it.
        `raised` are the stories on screen that have come up again.
        """
        self._generation += 1
        try:
            query = scope.query()
        except QuerySyntaxError as error:  # the same the next time, so nothing to try again
            self._failed(str(error))
            return
        stop = self._id_stops.of(scope)
        self._id_reads.read(partial(self._read_ids, stop, self._generation, query, shown, kept, raised, is_unfolded))

    def forget_list(self) -> None:
        """Bring no list up to date that was read from another file."""
        self._listed = None

    def drop_ids(self) -> None:
        """Drop the answers to earlier requests."""
        self._generation += 1
        self._id_stops.set()

    def stop_reads(self) -> None:
        """End what is being read: a window that closes waits for its threads."""
        for stops in (self._id_stops, self._first_stops, self._fact_stops):
            stops.set()

    def load_first(self, scope: Scope, limit: int) -> None:
        """Read the first rows of a search while it is typed."""
        try:
            query = scope.query()
        except QuerySyntaxError:
            return  # who asks for all of it says so
        self._first_reads.read(partial(self._read_first, self._first_stops.of(scope), scope, query, limit))

    def _read_first(self, stop: Stop, scope: Scope, query: Query, limit: int) -> FirstFound:
        with stop.reading(self._db) as reader:
            return FirstFound(scope, reader.stories.first_leads(query, self._clock(), limit))

    def _failed(self, reason: str) -> None:
        self._screen.post_message(ReadFailed(reason))

    def _read_ids(
        self,
        stop: Stop,
        generation: int,
        query: Query,
        shown: array[int] | None,
        kept: int | None,
        raised: Raised,
        is_unfolded: bool,
    ) -> IdsLoaded:
        with stop.reading(self._db) as reader, reader.snapshot():
            highest = reader.articles.highest_id()
            leads = self._list_stories(reader, query)
            ids, now_raised = reader.stories.raised(leads, query, self._clock(), raised)
            if shown is None:
                return IdsLoaded(generation, ids, highest, False, raised=now_raised)
            difference = Difference(shown, ids)
            instead = story_leads(reader, difference.gone, ids)
            stays = depends_on_state(query.root)
            hidden = hidden_rows(reader, difference.gone if stays else [kept or 0], with_muted=query.with_muted)
        if not is_unfolded:
            instead.pop(kept or 0, None)
        merged = difference.merged(lambda one: (stays or one == kept) and one not in instead and one not in hidden)
        came_up = sum(raised.get(story_id) != time for story_id, time in now_raised.items())
        fresh = difference.fresh(set(instead.values())) + came_up
        return IdsLoaded(generation, merged, highest, True, instead, fresh, now_raised)

    def _list_stories(self, reader: Reader, query: Query) -> array[int]:
        if query.sort not in MEASURED_SORTS:
            before = self._listed if self._listed is not None and self._listed.query == query else None
            self._listed = None  # not kept while another list is read
            found = reader.stories.list_again(query, self._clock(), before)
            self._listed = found if is_followed(query) else None
            return found.leads
        from tracker.impact.order import list_stories  # 30 ms of imports that the first paint does not need

        return list_stories(reader, self._config, query, self._clock())

    def load_facts(self, scope: Scope) -> None:
        """Read counts, feeds and prices."""
        try:
            unread = scope.only("unread")
        except QuerySyntaxError as error:
            self._failed(str(error))
            return
        stop = self._fact_stops.of(scope)
        self._fact_reads.read(partial(self._read_facts, stop, scope, unread, self._generation))

    def _read_facts(self, stop: Stop, scope: Scope, unread: Query, generation: int) -> FactsLoaded:
        now = self._clock()
        with stop.reading(self._db) as reader:
            counts = reader.stories.counts((MY_SHARES, *self._config.views), now, self._config.watched)
            known = kept_count(scope, counts)
            return FactsLoaded(
                counts=counts,
                states=reader.feeds.states(),
                unread=reader.stories.count(unread, now) if known is None else known,
                elsewhere=found_elsewhere(reader, scope, now),
                total=reader.articles.count(),
                quotes=reader.prices.quotes(),
                failures=reader.prices.quote_failures(),
                closes={one.symbol: closes(reader.prices, one.symbol, now) for one in self._config.symbols},
                names=self._company_names(),
                halts=last_halts(reader, self._config, now),
                dates=coming_dates(reader, self._config.watched, now),
                generation=generation,
            )

    def _company_names(self) -> Mapping[str, str]:
        """Return the names of the shares that the user did not name, from the table of companies."""
        if self._names is not None:
            return self._names
        unnamed = [one.symbol for one in self._config.symbols if one.name is None]
        if not unnamed:
            return {}
        from tracker.tagging.catalog import merge_companies, share_names  # 20 ms that the first paint does not need
        from tracker.tagging.companies import companies

        names = share_names(*merge_companies(companies(), self._config.tags))
        self._names = {symbol: names[symbol] for symbol in unnamed if symbol in names}
        return self._names

    # -- syncing -------------------------------------------------------------------
    @property
    def is_syncing(self) -> bool:
        """True while a sync runs."""
        return self._running is not None

    def is_running(self, options: SyncOptions) -> bool:
        """Return whether the sync that is running is just this one."""
        return self._running == options

    def sync(self, options: SyncOptions) -> bool:
        """Start a sync, or queue it behind the running one; return whether it started."""
        if self.is_syncing:
            if options not in self._queued:
                self._queued.append(options)
            return False
        self._running = options
        run_task(self._screen, partial(self._sync, options), "sync")
        return True

    async def _sync(self, options: SyncOptions) -> None:
        ended = SyncEnded()
        try:
            if self._early is None:
                # In a thread, 40 ms of imports leave the keys alive; the sync does the same with the others, 200 ms.
                await asyncio.to_thread(importlib.import_module, _SYNC)
            alerts = self._alerts()
            if alerts is not None:
                await alerts.begin()
            async with aclosing(await self._events(options)) as events:
                async for event in events:
                    self._screen.post_message(SyncAdvanced(event))
            if alerts is not None:
                await self._fire_alerts(alerts)
        except LockedError as error:
            ended = SyncEnded(str(error), is_locked=True)
        except (TrackerError, OSError) as error:
            ended = SyncEnded(str(error) or type(error).__name__)
        except Exception as error:  # an internal error: the window stays open and shows it like any other problem
            from tracker.sync.errorlog import ErrorLog

            ended = SyncEnded(f"sync stopped: {ErrorLog(self._errors).note('sync', error, self._clock())}")
        finally:
            self._running = None
        ended.is_by_hand = options.is_asked_for
        self._screen.post_message(ended)
        if ended.is_locked:  # another program is syncing, so the others would end the same way
            self._queued.clear()
        elif self._queued:
            self.sync(self._queued.pop(0))

    async def _events(self, options: SyncOptions) -> AsyncGenerator[SyncEvent, None]:
        """Begin a sync: in a process of its own when it may store much beside what is listed, else in this one."""
        early, self._early = self._early, None
        if early is not None:
            return early.events()
        if self._is_apart:
            from tracker.sync.process import is_worth_a_process, sync_apart

            if await asyncio.to_thread(is_worth_a_process, self._config, self._db, options, self._clock()):
                return sync_apart(self._config, self._db, options, config_file=self._config_file, errors=self._errors)
        return self._sync_here(options)

    async def _sync_here(self, options: SyncOptions) -> AsyncGenerator[SyncEvent, None]:
        # One for all syncs: its tag rules are compiled once, not every minute of a day.
        if self._syncer is None:
            self._syncer = self._make_syncer()
        try:
            async for event in self._syncer.run(options):
                yield event
        finally:
            await self._syncer.close()

    def _alerts(self) -> AlertRun | None:
        if not self._config.alerts:
            return None
        from tracker.alerts.notify import Notifier
        from tracker.alerts.run import AlertRun

        notifier = Notifier(os.environ, terminal=self._tell_terminal, transport=self._transport)
        return AlertRun(self._config, self._db, self._clock, notifier, asyncio.to_thread)

    def _tell_terminal(self, text: str) -> None:
        self._screen.post_message(TerminalWrite(text))

    async def _fire_alerts(self, alerts: AlertRun) -> None:
        """Send the alerts that the stored articles and prices fire; each shows in the status line."""
        from tracker.alerts.words import title_text

        for firing, problem in await alerts.fire():
            self._screen.post_message(AlertFired(title_text(firing), problem))

    def _make_syncer(self) -> Syncer:
        from tracker.sync.run import Syncer

        return Syncer(
            self._config,
            self._db,
            self._clock,
            transport=self._transport,
            threads=True,
            config_file=self._config_file,
            errors=self._errors,
            give_way=None if self._first_turn is None else self._first_turn.give_way,
        )

    def poll_quotes(self) -> None:
        """Poll prices while the window is open, if a provider is configured; replaces an earlier poll."""
        self._screen.workers.cancel_group(self._screen, "quotes")
        if self._config.market.providers:
            run_task(self._screen, self._poll_quotes, "quotes", exclusive=True)

    async def _poll_quotes(self) -> None:
        await asyncio.to_thread(importlib.import_module, _SYNC)
        await asyncio.to_thread(importlib.import_module, _PRICES)
        syncer = self._make_syncer()
        try:
            while True:
                problem: str | None = None
                try:
                    self._screen.post_message(SyncAdvanced(await syncer.quotes()))
                    alerts = self._alerts()
                    if alerts is not None and any(rule.is_of_prices_or_dates for rule in self._config.alerts):
                        await self._fire_alerts(alerts)
                except Exception as error:  # as in a sync; the next poll may do better
                    problem = reason_of(error)
                if problem is not None:
                    self._screen.post_message(SyncEnded(f"prices: {problem}"))
                await self._wait_by_clock(
                    poll_interval(self._clock(), self._config.market.poll_seconds, self._quotes())
                )
        finally:
            await syncer.close()

    async def _wait_by_clock(self, seconds: float) -> None:
        """Wait until the clock, at any speed, has advanced by `seconds`; at least a second of real time."""
        began = self._clock()
        await asyncio.sleep(1.0)
        # The clock may change its pace or be held, so one long sleep would not do; one that was set back ends the wait.
        while 0 < (left := seconds - (self._clock() - began).total_seconds()) <= seconds:  # noqa: ASYNC110 - a clock sends no events
            await asyncio.sleep(min(max(left / max(self._speed(), 1e-6), 0.05), 1.0))

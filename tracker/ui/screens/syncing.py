"""Syncing and replaying: what is asked of the feeds and of the replay's clock, and what they answer."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.model.events import QuotesChanged, SyncFinished, SyncStarted
from tracker.model.feed import FeedSynced
from tracker.store.read import Reader
from tracker.sync.options import SyncOptions
from tracker.ui import status
from tracker.ui.messages import SyncAdvanced, SyncEnded
from tracker.ui.replay import Replay, next_speed, replay_text
from tracker.ui.scope import Place, feed_place
from tracker.ui.screens.frame import FrameScreen
from tracker.ui.workers import Background

if TYPE_CHECKING:
    import httpx

    from tracker.config.current import ConfigFile
    from tracker.ui.screens.health import HealthScreen

DUE_SECONDS = 60.0
REPLAY_DUE_SECONDS = 2.0
CONFIG_SECONDS = 1.0
_PROGRESS_DELAY_SECONDS = 1.0


class SyncingScreen(FrameScreen):
    """Starts syncs, by key and when something is due, and shows their progress."""

    def __init__(
        self,
        config: Config,
        db: Path,
        reader: Reader,
        clock: Clock,
        *,
        folded: frozenset[str] = frozenset(),
        transport: httpx.AsyncBaseTransport | None = None,
        replay: Replay | None = None,
        label: str | None = None,
        config_file: ConfigFile | None = None,
        errors: Path | None = None,
    ) -> None:
        super().__init__(config, db, reader, clock, folded=folded, replay=replay, label=label)
        self.config_file = config_file
        self.background = Background(
            self, config, db, clock, transport, self._speed, lambda: self.quotes.values(), config_file, errors
        )
        self._done = 0
        self._due: tuple[str, ...] = ()
        self._asked = 1
        self._is_quiet = False
        self._is_by_hand = False
        self._sync_began = 0.0
        self._health: HealthScreen | None = None

    def look_at_store(self) -> None:
        """Notice what was written, and show it."""
        raise NotImplementedError

    def show_place(self, place: Place) -> None:
        """Show the articles of a line of the side bar."""
        raise NotImplementedError

    def start_syncing(self) -> None:
        """Sync what is due, now and whenever something is, poll the prices, and look after feeds.toml."""
        if self.config_file is not None:
            self.set_interval(CONFIG_SECONDS, self._look_at_config)
        self.set_interval(DUE_SECONDS if self.replay is None else REPLAY_DUE_SECONDS, self._sync_due)
        self.is_syncing = self.background.sync(SyncOptions())
        self.background.poll_quotes()

    # -- configuration -----------------------------------------------------------------------------
    def _look_at_config(self) -> None:
        assert self.config_file is not None  # looked at only where there is one
        config = self.config_file.refresh_when_settled()
        if config is not self.config:  # a sync may have read it, too
            before = self.config
            self.use_config(config)
            advice = "; run `tracker retag` to apply its tags to stored articles" if config.tags != before.tags else ""
            if replace(config, stamp=before.stamp) != before:
                self.show_message(f"reloaded feeds.toml{advice}")
        if self.config_problem != self.config_file.problem:
            self.config_problem = self.config_file.problem
            self.clear_message()  # and draw it

    def use_config(self, config: Config) -> None:
        """Let another configuration take effect."""
        before, self.config = self.config, config
        self.background.use_config(config)
        self.draw_side()
        self.draw_watch()
        self.draw_top()
        self.draw_title()
        self.draw_status()
        if config.feeds != before.feeds:
            self._sync_due()

    # -- sync ------------------------------------------------------------------------------------
    def _speed(self) -> float:
        return 1.0 if self.replay is None else self.replay.speed

    def _sync_due(self) -> None:
        now = self.clock()
        dues = [self.states.get(feed.name) for feed in self.config.feeds if feed.enabled]
        is_due = any(state is None or state.due_at(now) is None for state in dues)
        if is_due and not self.background.is_syncing:
            # After a sync that found all that was due on hold, prices are left to their own poll.
            self._is_quiet = True
            self.is_syncing = self.background.sync(SyncOptions(prices=self._asked > 0))

    def on_sync_advanced(self, message: SyncAdvanced) -> None:
        """Draw the progress of a sync."""
        event = message.event
        if self._health is not None:
            self._health.show_event(event)
        if isinstance(event, SyncStarted):
            self.is_syncing, self._due, self._done, self._asked = True, event.due, 0, len(event.due)
            self._sync_began = time.monotonic()
        elif isinstance(event, FeedSynced):
            self._done += 1
        if isinstance(event, SyncStarted | FeedSynced):
            # An automatic sync is worth a line only when it takes a while.
            if not self._is_quiet or time.monotonic() - self._sync_began > _PROGRESS_DELAY_SECONDS:
                self.show_progress(self._done, len(self._due), event if isinstance(event, FeedSynced) else None)
        elif isinstance(event, QuotesChanged):
            if event.reason is not None and not event.symbols:
                self.show_message(f"prices: {event.reason}", is_warning=True)
        elif isinstance(event, SyncFinished) and self._due:
            self.last_sync = status.finished_text(event, self.clock())
            if not self._is_quiet:
                self.show_message(self.last_sync)
        elif isinstance(event, SyncFinished) and self._is_by_hand:
            self._is_by_hand = False
            reasons = dict.fromkeys(feed.reason for feed in event.feeds if feed.reason is not None)
            self.show_message(f"nothing to fetch now: {', '.join(reasons)}" if reasons else "nothing to fetch now")
        # Feeds that are stored by the dozen a second are looked at twice a second, as what other processes write is.
        if not isinstance(event, FeedSynced):
            self.look_at_store()

    def on_sync_ended(self, message: SyncEnded) -> None:
        """Say why a sync could not run, if so."""
        self.is_syncing = self.background.is_syncing
        self.end_progress()
        if self._health is not None:
            self._health.show_end(message.problem)
        if message.problem is not None:
            self.show_message(message.problem, is_warning=not message.is_locked)
        self.look_at_store()
        self.draw_title()

    def action_sync_all(self) -> None:
        """Sync all feeds now."""
        self._sync_now(SyncOptions(by_hand=True), "all feeds")

    def action_sync_one(self) -> None:
        """Sync the feed of the side bar's line, all of a group, or the feed of the article."""
        place, row = self.scope.place, self.headlines.headline
        side = self.side.row
        if self.pane == "side" and side is not None and side.place is not None:
            place = side.place
        if place.kind == "group":
            names = tuple(feed.name for feed in self.config.feeds if feed.group == place.name and feed.enabled)
        elif place.kind == "feed":
            names = (place.name,)
        else:
            names = (row.source,) if row is not None else ()
        known = {feed.name for feed in self.config.feeds if feed.enabled}
        names = tuple(name for name in names if name in known)
        if names:
            self._sync_now(SyncOptions(feeds=names), names[0] if len(names) == 1 else place.name)
        else:
            self.show_message("no feed selected; press R to sync all")

    def _sync_now(self, options: SyncOptions, what: str) -> None:
        self._is_quiet, self._is_by_hand = False, True
        started = self.background.sync(options)
        self.is_syncing = True
        self.show_message(f"syncing {what}" if started else f"{what}: queued until this sync is done")

    # -- the health of the feeds --------------------------------------------------------------------
    def action_view_health(self) -> None:
        """Show the health of the feeds."""
        from tracker.ui.screens.health import HealthScreen

        def version() -> int:
            return self.read_store(self.reader.data_version, 0)

        self._health = HealthScreen(
            self.config, self.reader.path, self.clock, retry=self._retry_feed, data_version=version
        )
        self.app.push_screen(self._health, self._health_left)

    def _retry_feed(self, name: str | None) -> None:
        if name is None:
            self.action_sync_all()
        else:
            self._sync_now(SyncOptions(feeds=(name,)), name)

    def _health_left(self, name: str | None) -> None:
        self._health = None
        if name is not None:
            self.show_place(feed_place(name))
            self.show_pane("list")

    # -- replay -------------------------------------------------------------------------------------
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out the replay's keys where nothing is replayed."""
        return self.replay is not None if action.startswith("replay_") else True

    def action_replay_faster(self) -> None:
        """Replay faster."""
        self._set_speed(True)

    def action_replay_slower(self) -> None:
        """Replay slower."""
        self._set_speed(False)

    def _set_speed(self, faster: bool) -> None:
        if self.replay is not None:
            self.replay.speed = next_speed(self.replay.speed, faster)
            self.draw_status()

    def action_replay_pause(self) -> None:
        """Hold the replay, or let it run on."""
        if self.replay is not None:
            (self.replay.resume if self.replay.is_paused else self.replay.pause)()
            self.show_message(replay_text(self.replay))

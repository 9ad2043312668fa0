"""Syncing, and the clock of the replay."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from tracker.model.events import QuotesChanged, SyncFinished, SyncStarted
from tracker.model.feed import FeedSynced
from tracker.sync.options import SyncOptions
from tracker.ui import status as words
from tracker.ui.messages import SyncAdvanced, SyncEnded
from tracker.ui.parts.frame import Frame
from tracker.ui.parts.listing import Listing
from tracker.ui.parts.part import Part, Shared
from tracker.ui.replay import next_speed, replay_text
from tracker.ui.workers import Background

DUE_SECONDS = 60.0
REPLAY_DUE_SECONDS = 2.0
_PROGRESS_DELAY_SECONDS = 1.0
_LOOK_SECONDS = 0.5
"""Least time between two looks at what a running sync has stored, by the dozen a second."""
_FIRST_LOOK_SECONDS = 0.1
"""The same while the list is so short that somebody waits for it."""
_SHORT = 200
"""Rows."""
_HELD_SECONDS = 0.5
"""Least time between two presses of a key: a terminal repeats one that is held down more often."""
_LOCKED_TRIES = 5
"""So many syncs in turn, a minute apart, that find another one running: it may be stuck, so it is said."""


class Syncing(Part):
    """Starts syncs, by key and when feeds are due, and shows their progress."""

    def __init__(self, shared: Shared, *, frame: Frame, listing: Listing, background: Background) -> None:
        super().__init__(shared)
        self._side = shared.widgets.side
        self._frame = frame
        self._listing = listing
        self._background = background
        self._done = 0
        self._due: tuple[str, ...] = ()
        self._asked = 1
        self._is_quiet = False
        self._is_by_hand = False
        self._pressed: tuple[SyncOptions | None, float] = None, 0.0
        self._locked_tries = 0
        self._began = 0.0
        self._looked = 0.0

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {
            "sync.all": self.sync_all,
            "sync.one": self.sync_one,
            "replay.faster": partial(self._set_speed, True),
            "replay.slower": partial(self._set_speed, False),
            "replay.pause": self.pause,
        }

    def start(self) -> None:
        """Sync what is due, now and whenever something is, and poll the prices."""
        self._screen.set_interval(DUE_SECONDS if self._view.replay is None else REPLAY_DUE_SECONDS, self.sync_due)
        self._view.is_syncing = self._background.sync(SyncOptions())
        self._background.poll_quotes()

    # -- sync ------------------------------------------------------------------------------------
    def sync_due(self) -> None:
        """Sync if any feed is due."""
        view = self._view
        now = view.clock()
        dues = [view.states.get(feed.name) for feed in view.config.feeds if feed.is_followed(now)]
        is_due = any(state is None or state.due_at(now) is None for state in dues)
        if is_due and not self._background.is_syncing:
            # After a sync that found all that was due on hold, prices are left to their own poll.
            self._is_quiet = True
            view.is_syncing = self._background.sync(SyncOptions(prices=self._asked > 0))

    def show_event(self, message: SyncAdvanced) -> None:
        """Show the progress of a sync."""
        event = message.event
        if isinstance(event, SyncStarted):
            self._view.is_syncing, self._due, self._done, self._asked = True, event.due, 0, len(event.due)
            self._began = time.monotonic()
        elif isinstance(event, FeedSynced):
            self._done += 1
        if isinstance(event, SyncStarted | FeedSynced):
            # An automatic sync is worth a line only when it takes a while.
            if not self._is_quiet or time.monotonic() - self._began > _PROGRESS_DELAY_SECONDS:
                last = event if isinstance(event, FeedSynced) else None
                self._status.show_progress(self._done, len(self._due), last)
        elif isinstance(event, QuotesChanged):
            if event.reason is not None and not event.symbols:
                self._status.show_warning(f"prices: {event.reason}")
        elif isinstance(event, SyncFinished) and self._due:
            text = words.finished_text(event, self._view.clock())
            self._status.show_synced(text, names_failures=any(feed.status == "failed" for feed in event.feeds))
            if not self._is_quiet:
                self._status.show_message(text)
        elif isinstance(event, SyncFinished) and self._is_by_hand:
            self._is_by_hand = False
            reasons = dict.fromkeys(feed.reason for feed in event.feeds if feed.reason is not None)
            self._status.show_message(
                f"nothing to fetch now: {', '.join(reasons)}" if reasons else "nothing to fetch now"
            )
        pause = _FIRST_LOOK_SECONDS if len(self._headlines.window) < _SHORT else _LOOK_SECONDS
        if not isinstance(event, FeedSynced) or time.monotonic() - self._looked > pause:
            self._looked = time.monotonic()
            self._listing.look_at_store()

    def ended(self, message: SyncEnded) -> str | None:
        """Say and return why a sync could not run, if so; that another program is syncing only to who asked for one."""
        self._view.is_syncing = self._background.is_syncing
        self._status.show_progress(0, 0, None)
        self._view.is_other_syncing = message.is_locked
        self._locked_tries = self._locked_tries + 1 if message.is_locked else 0
        is_usual = message.is_locked and not message.is_by_hand and self._locked_tries < _LOCKED_TRIES
        problem = None if is_usual else message.problem
        if problem is not None:
            self._status.show_message(problem, is_warning=not message.is_locked)
        self._listing.look_at_store()
        self._frame.draw_title()
        return problem

    def sync_all(self) -> None:
        """Sync all feeds now."""
        self._sync_now(SyncOptions(by_hand=True), "all feeds")

    def selected(self) -> tuple[tuple[str, ...], str]:
        """Return the feed of the side bar's line, all of a group, or the feed of the article; and what they are."""
        view = self._view
        place, row, side = view.scope.place, self._headlines.headline, self._side.row
        if self._panes.current == "side" and side is not None and side.place is not None:
            place = side.place
        if place.kind == "group":
            names = tuple(feed.name for feed in view.config.feeds if feed.group == place.name and feed.enabled)
        elif place.kind == "feed":
            names = (place.name,)
        else:
            names = (row.source,) if row is not None else ()
        return names, names[0] if len(names) == 1 else place.name

    def sync_one(self) -> None:
        """Sync the feed of the side bar's line, all of a group, or the feed of the article."""
        selected, what = self.selected()
        known = {feed.name for feed in self._view.config.feeds if feed.enabled}
        names = tuple(name for name in selected if name in known)
        if names:
            self._sync_now(SyncOptions(feeds=names), what)
        else:
            self._status.show_message(f"no feed selected; press {self._status.key('sync.all')} to sync all")

    def sync_feed(self, name: str) -> None:
        """Sync one feed now."""
        self._sync_now(SyncOptions(feeds=(name,)), name)

    def _sync_now(self, options: SyncOptions, what: str) -> None:
        (before, at), now = self._pressed, time.monotonic()
        self._pressed = options, now
        if self._background.is_running(options):
            self._status.show_message(f"{what}: already being fetched")
            return
        if options == before and now - at < _HELD_SECONDS:
            return
        self._is_quiet, self._is_by_hand = False, True
        started = self._background.sync(options)
        self._view.is_syncing = True
        self._status.show_message(f"syncing {what}" if started else f"{what}: queued until this sync is done")

    # -- replay -------------------------------------------------------------------------------------
    def _set_speed(self, faster: bool) -> None:
        replay = self._view.replay
        if replay is not None:
            replay.speed = next_speed(replay.speed, faster)
            self._status.draw()

    def pause(self) -> None:
        """Pause or resume the replay."""
        replay = self._view.replay
        if replay is not None:
            (replay.resume if replay.is_paused else replay.pause)()
            self._status.show_message(replay_text(replay, self._view.config.keys))

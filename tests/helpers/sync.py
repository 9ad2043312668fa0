"""Syncs to their end."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path

from tests.helpers.store import NOW
from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.model.events import SyncEvent, SyncFinished
from tracker.net.timeouts import DEFAULT_TIMEOUTS, Timeouts
from tracker.sync.options import SyncOptions
from tracker.sync.run import Syncer


async def run_sync(
    config: Config,
    db: Path,
    clock: Clock = lambda: NOW,
    options: SyncOptions | None = None,
    *,
    threads: bool = False,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
    errors: Path | None = None,
) -> tuple[SyncFinished, list[SyncEvent]]:
    """Run a sync with a syncer of its own; return its result, and all its events."""
    syncer = Syncer(config, db, clock, threads=threads, timeouts=timeouts, errors=errors)
    try:
        async with aclosing(syncer.run(options or SyncOptions())) as running:
            events = [event async for event in running]
    finally:
        await syncer.close()
    finished = events[-1]
    assert isinstance(finished, SyncFinished)
    return finished, events

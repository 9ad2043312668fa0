"""A sync in a process of its own: the interpreter that draws a window neither fetches, stores nor groups.

It starts in 0.3 s of processor time, so only a sync of many feeds is worth one.
"""

from __future__ import annotations

import asyncio
import copyreg
import os
import subprocess
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from msgspec import Struct

from tracker.config.current import ConfigFile
from tracker.model.config import Config
from tracker.model.errors import ConfigError, LockedError, TrackerError
from tracker.model.events import SyncEvent, SyncFinished
from tracker.store.read import Reader
from tracker.sync.heaps import share_heaps
from tracker.sync.options import MANY_FEEDS, SyncOptions
from tracker.sync.pipes import child_pipes, receive, send, start_child

_ORPHAN_SECONDS = 15.0
"""How long the child may take to end after its parent has gone, or no longer waits for it."""
_END_SECONDS = 5.0
"""How long the parent waits for that before it kills the child, whose open transaction SQLite rolls back."""
_ONLY_DUE = SyncOptions()
_START = "from tracker.sync.pipes import be_patient; be_patient(); from tracker.sync.process import main; main()"
_START_EARLY = (
    "from tracker.sync.pipes import be_patient, start_reader; be_patient(); reader = start_reader();"
    " from tracker.sync.process import main; main(reader)"
)
"""With the process that reads before all imports (0.15 s): both load side by side."""


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


copyreg.pickle(MappingProxyType, lambda values: (_read_only, (dict(values),)))  # a configuration holds some


class _Task(Struct, frozen=True):
    """What the child is to do."""

    config: Config
    config_path: Path | None
    """Where the configuration is read again from; None when it is nowhere now."""
    is_followed: bool
    """The configuration comes from a file at all."""
    db: Path
    errors: Path | None
    options: SyncOptions


class _Failed(Struct, frozen=True):
    """Why the child's sync ended early, for the user."""

    reason: str
    is_locked: bool


def is_worth_a_process(config: Config, db: Path, options: SyncOptions, now: datetime) -> bool:
    """Return whether a sync asks so many feeds that the start of a process does not count.

    Raises:
        StoreError: the database cannot be used.
    """
    followed = [feed.name for feed in config.feeds if feed.is_followed(now)]
    asked = len(followed) if options.feeds is None else len(options.feeds)
    if asked >= MANY_FEEDS and options.feeds is None and not (options.force or options.by_hand) and db.exists():
        with Reader(db) as reader:
            states = reader.feeds.states()
        asked = sum(name not in states or states[name].due_at(now) is None for name in followed)
    return asked >= MANY_FEEDS


class ApartSync:
    """A sync in another process, by the system's clock, as `Syncer.run` does it in this one.

    It begins at once, and ends when this process does in whatever way.

    Args:
        config: what to sync by.
        db: the database.
        options: of the sync.
        config_path: where the configuration is read again from; None when it is nowhere now.
        is_followed: it comes from a file at all.
        errors: file for details of internal errors; None for no file.
        reads_much: it is sure to need a process that reads, which starts at once.
    """

    def __init__(
        self,
        config: Config,
        db: Path,
        options: SyncOptions,
        *,
        config_path: Path | None,
        is_followed: bool,
        errors: Path | None,
        reads_much: bool = False,
    ) -> None:
        self._process = start_child(_START_EARLY if reads_much else _START)
        task = _Task(config, config_path, is_followed, db, errors, options)
        # A pipe that is not widened holds less than a long configuration, and the child takes a while to read.
        threading.Thread(target=self._send, args=(task,), daemon=True).start()

    async def events(self) -> AsyncGenerator[SyncEvent, None]:
        """Follow the sync from its beginning; it ends when the generator is closed.

        Raises:
            LockedError: another sync is running.
            TrackerError: the sync cannot go on.
        """
        assert self._process.stdout is not None
        try:
            while (event := await asyncio.to_thread(receive, self._process.stdout)) is not None:
                if isinstance(event, _Failed):
                    raise LockedError(event.reason) if event.is_locked else TrackerError(event.reason)
                yield event
                if isinstance(event, SyncFinished):
                    return
            raise TrackerError("sync stopped: its process ended")
        finally:
            ending = asyncio.ensure_future(asyncio.to_thread(self.end))
            await asyncio.shield(ending)

    def end(self) -> None:
        """Tell the child to end, by the end of its input, and wait for it; does nothing the second time."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(OSError):
            process.stdin.close()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def _send(self, task: _Task) -> None:
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):  # it has ended, as who follows it finds, or has been told to
            send(self._process.stdin, task)


async def sync_apart(
    config: Config, db: Path, options: SyncOptions, *, config_file: ConfigFile | None, errors: Path | None
) -> AsyncGenerator[SyncEvent, None]:
    """Sync in another process by the configuration as it is now; see `ApartSync.events`."""
    path = None
    if config_file is not None:
        config = await asyncio.to_thread(config_file.refresh)
        path = _found(config_file.find)
    sync = ApartSync(config, db, options, config_path=path, is_followed=config_file is not None, errors=errors)
    async with aclosing(sync.events()) as events:
        async for event in events:
            yield event


def sync_early(
    config: Config, db: Path, now: datetime, *, find_config: Callable[[], Path] | None, errors: Path | None
) -> ApartSync | None:
    """Begin the first sync of a window while that is loaded and drawn, if nothing is stored yet and much will be.

    None where it is not worth it, or where alerts have to take note first of what is stored.

    Raises:
        StoreError: the database cannot be used.
    """
    if config.alerts or not is_worth_a_process(config, db, _ONLY_DUE, now):
        return None
    if db.exists():
        with Reader(db) as reader:
            if reader.articles.highest_id():
                return None
    path = None if find_config is None else _found(find_config)
    is_followed = find_config is not None
    return ApartSync(config, db, _ONLY_DUE, config_path=path, is_followed=is_followed, errors=errors, reads_much=True)


def _found(find: Callable[[], Path]) -> Path | None:
    with suppress(ConfigError, OSError):
        return find()
    return None


def main(reader: subprocess.Popen[bytes] | None = None) -> None:
    """Run one sync and send its events: the child's side.

    Args:
        reader: a process that reads, started before.
    """
    share_heaps()
    requests, answers = child_pipes()
    task = receive(requests)
    if task is None:
        return
    with suppress(BrokenPipeError, asyncio.CancelledError):
        asyncio.run(_serve(task, requests, answers, reader))


async def _serve(
    task: _Task, requests: IO[bytes], answers: IO[bytes], reader: subprocess.Popen[bytes] | None = None
) -> None:
    from tracker.sync.errorlog import ErrorLog

    running = asyncio.current_task()
    assert running is not None
    watching = (requests, asyncio.get_running_loop(), running)
    threading.Thread(target=_end_with_parent, args=watching, daemon=True).start()
    try:
        await _sync(task, answers, reader)
    except BrokenPipeError:
        raise
    except (TrackerError, OSError) as error:
        send(answers, _Failed(str(error) or type(error).__name__, isinstance(error, LockedError)))
    except Exception as error:  # an internal error, which the window shows like any other problem
        send(answers, _Failed(f"sync stopped: {ErrorLog(task.errors).note('sync', error, _now())}", False))


async def _sync(task: _Task, answers: IO[bytes], reader: subprocess.Popen[bytes] | None) -> None:
    from tracker.sync.current import config_file
    from tracker.sync.run import Syncer

    def find() -> Path:
        if task.config_path is None:
            raise ConfigError("the configuration file is gone")
        return task.config_path

    file = config_file(find, task.config) if task.is_followed else None
    syncer = Syncer(task.config, task.db, _now, config_file=file, errors=task.errors)
    if reader is not None:
        syncer.use_reader(reader)
    try:
        async with aclosing(syncer.run(task.options)) as events:
            async for event in events:
                send(answers, event)
    finally:
        await syncer.close()


def _now() -> datetime:
    return datetime.now(UTC)


def _end_with_parent(requests: IO[bytes], loop: asyncio.AbstractEventLoop, running: asyncio.Task[None]) -> None:
    """Cancel the sync when the parent closes the pipe or ends, even when it is killed."""
    requests.read(1)
    with suppress(RuntimeError):  # the sync is done
        loop.call_soon_threadsafe(running.cancel)
    threading.Event().wait(_ORPHAN_SECONDS)
    os._exit(1)

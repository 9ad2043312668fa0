"""Parses the bodies of one sync, in this process or, when that is faster, in a second one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tracker.feeds.errors import FeedError
from tracker.model.errors import TrackerError
from tracker.model.market import WatchSymbol
from tracker.model.tags import TagRule
from tracker.sync.blocking import RunBlocking
from tracker.sync.errorlog import ErrorLog
from tracker.sync.jobs import Digested, Job
from tracker.sync.worker import Worker

if TYPE_CHECKING:
    import subprocess

    from tracker.tagging.match import Tagger

_MAX_BYTES_HERE = 2_000_000
"""Bytes of one sync after which a second process pays: it takes 0.3 s to start and reads 10 MB a second."""
_LARGE_BODY = 256_000
"""Bodies above this size are always parsed in a second process, as are unusual ones of any size."""
_LARGE_BODY_IN_WINDOW = 30_000
"""The same where a window is drawn: such a body takes its keys for less than 10 ms."""

_MANY_UNREAD = 4
"""Answers that wait here above which this process is behind; one or two do whenever it stores a feed."""


class BodyReader:
    """Parses the bodies of one sync.

    Args:
        rules: the user's tag rules, for the process beside this one.
        tagger: gives the same, compiled, for this one.
        run_blocking: runs a blocking step here.
        is_drawing: a window is drawn by this process, so only small bodies are read in it.
        is_much: more is to come than one process should read; the other one starts at once and loads while the first
            answers are on their way, and this one never loads what reads and tags (35 MB, 0.2 s).
        watched: the user's watchlist, for that process too.
        errors: file for details of internal errors; None for no file.
        process: a second process that was started before.
    """

    def __init__(
        self,
        rules: Sequence[TagRule],
        tagger: Callable[[], Tagger],
        run_blocking: RunBlocking,
        *,
        is_drawing: bool,
        is_much: bool = False,
        watched: Sequence[WatchSymbol] = (),
        errors: Path | None = None,
        process: subprocess.Popen[bytes] | None = None,
    ) -> None:
        self._log = ErrorLog(errors)
        self._tagger = tagger
        self._run_blocking = run_blocking
        self._large = _LARGE_BODY_IN_WINDOW if is_drawing else _LARGE_BODY
        is_patient = is_drawing and not is_much
        self._worker = Worker(rules, watched, errors=errors, is_patient=is_patient, process=process)
        self._volume = _MAX_BYTES_HERE if is_much else 0
        self._is_drawing = is_drawing
        self._has_loaded = False
        if is_much:
            self._worker.start()

    async def read(self, job: Job) -> Digested | str:
        """Parse one body; return a text if it cannot be parsed: the reason, for the user."""
        self._volume += len(job.body)
        if len(job.body) <= self._large and self._volume <= _MAX_BYTES_HERE:
            read = await self._run_blocking(lambda: self._read_plain(job))
            if read is not None:
                return read
        if not (self._has_loaded or self._is_drawing) and job.is_tagged:
            # What stores needs it (60 ms), and has nothing to do while the other process reads the first body.
            self._has_loaded = True
            asyncio.get_running_loop().call_soon(import_module, "tracker.sync.stories")
        try:
            # Without a window, this process has time to find the story keys unless it is behind with what came or the
            # other one has nothing to do; it loads the code for that anyway.
            has_keys = self._is_drawing or self._worker.unread_answers > _MANY_UNREAD or not self._worker.backlog
            return await self._worker.digest(replace(job, has_story_keys=has_keys))
        except FeedError as error:
            return error.reason

    async def close(self) -> None:
        """Stop the second process, if it was started."""
        await self._worker.close()

    def _read_plain(self, job: Job) -> Digested | str | None:
        """Parse an ordinary body here; return None for others, which need a process that can be stopped."""
        from tracker.sync.digest import digest_plain

        try:
            return digest_plain(job, self._tagger)
        except FeedError as error:
            return error.reason
        except TrackerError:  # of the user's rules, or of the database
            raise
        except Exception as error:
            return self._log.note(job.feed, error, job.now)

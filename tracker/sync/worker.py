"""A separate process that parses feeds: it does not block the window, and it can be stopped.

A hostile document keeps feedparser busy for 7 s a megabyte; nothing inside one process ends that.
"""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO, NamedTuple

from tracker.feeds.errors import FeedError
from tracker.model.market import WatchSymbol
from tracker.model.tags import TagRule
from tracker.sync.jobs import Digested, Job
from tracker.sync.pipes import receive, send, start_reader

READ_SECONDS = 12.0
"""The largest bodies of real sites take 0.5 s."""


class _Task(NamedTuple):
    """A body that waits to be parsed."""

    job: Job
    result: asyncio.Future[Digested]

    def fail(self, reason: str) -> None:
        if not self.result.done():
            self.result.set_exception(FeedError(reason))
            self.result.exception()  # mark it as seen: the caller may have been cancelled


class Worker:
    """One child process that digests; for one event loop.

    The child has one document at a time. When it takes too long or ends under it, that document gets its reason, and
    another child goes on with those that were waiting behind it.

    Args:
        rules: the user's tag rules, which the child compiles for itself.
        watched: the user's watchlist, whose companies are tagged too.
        errors: where the child writes down an error of ours; None for nowhere.
        seconds: most time for one document.
        is_patient: the child leaves the processor to whoever else wants it, such as a window that is drawn.
        process: a child that `start_reader` has started before.
    """

    def __init__(
        self,
        rules: Sequence[TagRule],
        watched: Sequence[WatchSymbol] = (),
        *,
        errors: Path | None = None,
        seconds: float = READ_SECONDS,
        is_patient: bool = False,
        process: subprocess.Popen[bytes] | None = None,
    ) -> None:
        self._start_with = ((tuple(rules), tuple(watched)), errors, seconds, is_patient)
        self._seconds = seconds
        self._spare = process
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: deque[_Task] = deque()
        """In the order of the child's answers; the first one is being parsed."""
        self._outbox = SimpleQueue[Job | None]()
        """What the sending thread takes, so that the child never waits for an event loop that stores."""
        self._sender: threading.Thread | None = None
        self._reader: threading.Thread | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._is_closed = False
        self._received = 0
        self._taken = 0

    @property
    def backlog(self) -> int:
        """Documents under way."""
        return len(self._waiting)

    @property
    def unread_answers(self) -> int:
        """Answers that came and that those who asked have not gone on with: this process is behind."""
        return self._received - self._taken

    def start(self) -> None:
        """Start the child before there is anything to parse; within the event loop."""
        if self._process is None:
            self._start()

    async def digest(self, job: Job) -> Digested:
        """Parse one body in the child.

        Raises:
            FeedError: as `parse` does, or when it took too long or broke the child.
        """
        self.start()
        task = _Task(job, asyncio.get_running_loop().create_future())
        self._waiting.append(task)
        self._outbox.put(job)
        if len(self._waiting) == 1:
            self._begin()
        try:
            return await task.result
        finally:
            self._taken += 1

    async def close(self) -> None:
        """End the child and wait for it."""
        self._is_closed = True
        process, reader, sender = self._process, self._reader, self._sender
        self._drop_child()
        while self._waiting:
            self._waiting.popleft().fail("stopped before it was parsed")
        if process is None or reader is None or sender is None:
            return
        process.kill()
        await asyncio.to_thread(_reap, process, reader, sender)

    def _start(self) -> None:
        process, self._spare = self._spare or start_reader(), None
        assert process.stdin is not None
        assert process.stdout is not None
        loop = asyncio.get_running_loop()
        self._process = process
        self._outbox = SimpleQueue()
        for task in self._waiting:
            self._outbox.put(task.job)
        to_send = (process.stdin, self._start_with, self._outbox)
        self._sender = threading.Thread(target=_send_all, args=to_send, daemon=True)
        self._sender.start()
        self._reader = threading.Thread(target=self._read, args=(process, loop), daemon=True)
        self._reader.start()
        if self._waiting:
            self._begin()

    def _begin(self) -> None:
        """Measure the time of the document being parsed."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = asyncio.get_running_loop().call_later(self._seconds, self._overdue)

    def _overdue(self) -> None:
        self._next_child(f"not parsed within {self._seconds:g} s")

    def _read(self, process: subprocess.Popen[bytes], loop: asyncio.AbstractEventLoop) -> None:
        assert process.stdout is not None
        with suppress(RuntimeError):  # the loop is gone
            try:
                while (answer := receive(process.stdout)) is not None:
                    self._received += 1
                    loop.call_soon_threadsafe(self._answer, process, answer)
            finally:
                loop.call_soon_threadsafe(self._ended, process)

    def _answer(self, process: subprocess.Popen[bytes], answer: Digested | str) -> None:
        if process is not self._process:
            return
        task = self._waiting.popleft()
        if isinstance(answer, str):
            task.fail(answer)
        elif not task.result.done():
            task.result.set_result(answer)
        if self._waiting:
            self._begin()
        elif self._deadline is not None:
            self._deadline.cancel()

    def _ended(self, process: subprocess.Popen[bytes]) -> None:
        if process is self._process:
            self._next_child("could not be parsed: the parser process ended")

    def _next_child(self, reason: str) -> None:
        """Fail the document being parsed, and give the others to another child."""
        process, reader, sender = self._process, self._reader, self._sender
        self._drop_child()
        if process is not None and reader is not None and sender is not None:
            process.kill()
            threading.Thread(target=_reap, args=(process, reader, sender), daemon=True).start()
        if self._waiting:
            self._waiting.popleft().fail(reason)
        if self._waiting and not self._is_closed:
            self._start()

    def _drop_child(self) -> None:
        self._process = None
        self._outbox.put(None)
        if self._deadline is not None:
            self._deadline.cancel()


def _send_all(pipe: IO[bytes], start_with: object, outbox: SimpleQueue[Job | None]) -> None:
    """Send what the child begins with, then its jobs as they come; a child that ended is noticed by its silence."""
    with suppress(OSError, ValueError):  # the pipe is broken, or closed
        send(pipe, start_with)
        while (job := outbox.get()) is not None:
            send(pipe, job)


def _reap(process: subprocess.Popen[bytes], reader: threading.Thread, sender: threading.Thread) -> None:
    process.wait()
    reader.join()
    sender.join()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()

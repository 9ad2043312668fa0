"""A process of its own that reads feeds: it leaves the window's interpreter alone, and it can be stopped.

A hostile document keeps feedparser busy for 7 s a megabyte; nothing inside one process ends that. Jobs and results are
pickles with their length before them, through the child's stdin and stdout.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from tracker.feeds.errors import FeedError
from tracker.model.tags import TagRule
from tracker.sync.jobs import Digested, Job

_LENGTH = struct.Struct("<Q")
_PIPE_BYTES = 1 << 20
"""As much as Linux gives to anybody."""
_START = "from tracker.sync.worker import main; main()"


class Worker:
    """One child process that digests; for one event loop.

    Args:
        rules: the user's tag rules, which the child compiles for itself.
        seconds: most time for one document.
    """

    def __init__(self, rules: Sequence[TagRule], seconds: float = 20.0) -> None:
        self._rules = tuple(rules)
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: deque[asyncio.Future[Digested]] = deque()
        self._reader: threading.Thread | None = None
        self._is_closed = False
        self._started = asyncio.Lock()
        self._sending = asyncio.Lock()

    @property
    def backlog(self) -> int:
        """Documents under way."""
        return len(self._waiting)

    def start(self) -> None:
        """Start the child before there is anything to read; within the event loop."""
        if self._process is None:
            self._start()

    async def digest(self, job: Job) -> Digested:
        """Read one body in the child.

        Raises:
            FeedError: as `parse` does, or when it took too long or broke the child.
        """
        async with self._started:
            process = self._process or self._start()
        result: asyncio.Future[Digested] = asyncio.get_running_loop().create_future()
        async with self._sending:
            self._waiting.append(result)
            assert process.stdin is not None
            try:
                await asyncio.to_thread(_send, process.stdin, job)
            except OSError:
                self._fail(process)
        ahead = len(self._waiting)
        try:
            async with asyncio.timeout(self._seconds * ahead):
                return await result
        except TimeoutError:
            process.kill()
            raise FeedError(f"could not be read within {self._seconds:g} s") from None

    async def close(self) -> None:
        """End the child and wait for it."""
        self._is_closed = True
        process, reader = self._process, self._reader
        self._process = None
        if process is None or reader is None:
            return
        process.kill()
        await asyncio.to_thread(_reap, process, reader)

    def _start(self) -> subprocess.Popen[bytes]:
        root = str(Path(__file__).resolve().parents[2])
        paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
            start_new_session=True,  # Ctrl-C is the parent's to handle
        )
        assert process.stdin is not None
        assert process.stdout is not None
        _widen(process.stdin)
        _widen(process.stdout)
        _send(process.stdin, self._rules)
        loop = asyncio.get_running_loop()
        self._reader = threading.Thread(target=self._read, args=(process, loop), daemon=True)
        self._process = process
        self._reader.start()
        return process

    def _read(self, process: subprocess.Popen[bytes], loop: asyncio.AbstractEventLoop) -> None:
        assert process.stdout is not None
        with suppress(RuntimeError):  # the loop is gone
            while (answer := _receive(process.stdout)) is not None:
                loop.call_soon_threadsafe(self._answer, answer)
            loop.call_soon_threadsafe(self._fail, process)

    def _answer(self, answer: Digested | str) -> None:
        result = self._waiting.popleft()
        if result.done():
            return
        if isinstance(answer, str):
            result.set_exception(FeedError(answer))
        else:
            result.set_result(answer)

    def _fail(self, process: subprocess.Popen[bytes]) -> None:
        """Tell everybody who waits that the child is gone; the next job starts another."""
        if self._process is process:
            self._process = None
            if not self._is_closed and self._reader is not None:
                threading.Thread(target=_reap, args=(process, self._reader), daemon=True).start()
        while self._waiting:
            result = self._waiting.popleft()
            if not result.done():
                result.set_exception(FeedError("could not be read: its reader ended"))
                result.exception()  # whoever asked may have been cancelled, and then nobody looks at it


def main() -> None:
    """Serve jobs until stdin ends: the child's side."""
    from tracker.model.config import Config
    from tracker.sync.digest import digest
    from tracker.sync.rules import tagger

    jobs, answers = sys.stdin.buffer, sys.stdout.buffer
    rules = _receive(jobs)
    if rules is None:
        return
    compiled = tagger(Config(tags=rules))
    while (job := _receive(jobs)) is not None:
        answer: Digested | str
        try:
            answer = digest(job, compiled)
        except FeedError as error:
            answer = error.reason
        with suppress(BrokenPipeError):
            _send(answers, answer)


def _reap(process: subprocess.Popen[bytes], reader: threading.Thread) -> None:
    process.wait()
    reader.join()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def _widen(pipe: IO[bytes]) -> None:
    """Let a pipe hold a whole answer, where the system can: nobody then waits for the other side to take it in pieces.

    Each piece of 64 kB costs the reading thread a turn at the interpreter, 5 ms while the other one is busy.
    """
    try:
        from fcntl import F_SETPIPE_SZ, fcntl

        fcntl(pipe, F_SETPIPE_SZ, _PIPE_BYTES)
    except (ImportError, OSError):
        pass


def _send(pipe: IO[bytes], value: object) -> None:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length)
    return pickle.loads(data) if len(data) == length else None

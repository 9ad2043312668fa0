"""The process that parses feeds: the child's side of `tracker.sync.worker`.

It loads neither asyncio nor a database, which it has no use for: they would be a sixth of its memory and of its start.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from tracker.feeds.errors import FeedError
from tracker.model.config import Config
from tracker.model.market import WatchSymbol
from tracker.model.tags import TagRule
from tracker.sync.heaps import share_heaps, trim_heap
from tracker.sync.jobs import Digested, Job
from tracker.sync.pipes import be_patient, child_pipes, receive, send

if TYPE_CHECKING:
    from tracker.sync.errorlog import ErrorLog
    from tracker.tagging.match import Tagger

_MEMORY_BYTES = 3 << 30
_ORPHAN_SECONDS = 15.0
_ALLOCATIONS = 20_000
"""New objects after which it looks for garbage; Python's own 700 are half an article."""
_TRIM_BYTES = 3_000_000
"""Bytes of documents after which it returns what they left free in the middle of its heap: 4 MB of 80, 2 ms."""


def main() -> None:
    """Serve jobs until stdin ends."""
    share_heaps()
    from tracker.sync import digest  # noqa: F401 - loaded while the first body is on its way
    from tracker.sync.errorlog import ErrorLog

    jobs, answers = child_pipes()
    begun_with = receive(jobs)
    if begun_with is None:
        return
    rules, errors, seconds, is_patient = begun_with
    _bound_memory()
    if is_patient:
        be_patient()
    log = ErrorLog(errors)
    compiled = _Rules(*rules)
    with suppress(Exception):  # reported again for the document that needs them
        compiled().tag(" ")  # makes the automaton (70 ms), mostly before the first document is here
    # What is loaded stays, and documents make no cycles worth looking for again and again: 3% of the time.
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS)
    _serve(jobs, answers, compiled, seconds, log)


def _serve(jobs: IO[bytes], answers: IO[bytes], rules: _Rules, seconds: float, log: ErrorLog) -> None:
    read = 0
    while (job := receive(jobs)) is not None:
        with _bounded_time(seconds):
            answer = _answer_to(job, rules, log)
        with suppress(BrokenPipeError):
            send(answers, answer)
        read += len(job.body)
        if read > _TRIM_BYTES:
            trim_heap()
            read = 0


class _Rules:
    """The user's rules, compiled with the first document that needs them."""

    def __init__(self, rules: tuple[TagRule, ...], watched: tuple[WatchSymbol, ...]) -> None:
        self._config = Config(tags=rules, symbols=watched)
        self._tagger: Tagger | None = None

    def __call__(self) -> Tagger:
        from tracker.sync.rules import tagger

        if self._tagger is None:
            self._tagger = tagger(self._config)
        return self._tagger


def _answer_to(job: Job, rules: _Rules, log: ErrorLog) -> Digested | str:
    from tracker.sync.digest import digest, read

    try:
        return digest(job, rules()) if job.is_tagged else Digested(read(job), ())
    except FeedError as error:
        return error.reason
    except Exception as error:  # including MemoryError and RecursionError: any error fails this feed only
        return log.note(job.feed, error, job.now)


def _bound_memory() -> None:
    """Limit memory, so that a huge document ends this process and no other."""
    try:
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, most))
    except (ImportError, OSError, ValueError):
        pass


@contextmanager
def _bounded_time(seconds: float) -> Iterator[None]:
    """End this process when a document takes far too long and its parent was killed."""
    timer = getattr(signal, "setitimer", None)  # not on Windows
    if timer is not None:
        timer(signal.ITIMER_REAL, seconds + _ORPHAN_SECONDS)
    try:
        yield
    finally:
        if timer is not None:
            timer(signal.ITIMER_REAL, 0)

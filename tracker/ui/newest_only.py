"""Background reads: one at a time in a thread; of the requests made meanwhile, only the newest runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar

from textual.screen import Screen
from textual.timer import Timer

from tracker.model.errors import StoreError, TrackerError
from tracker.sync.heaps import trim_heap

T = TypeVar("T")

RETRY_SECONDS = 5.0
"""How soon a failed read is repeated, unless something requests it earlier."""


class NewestOnly(Generic[T]):
    """Reads something again and again without anyone waiting for it. No failure, ours included, ends that.

    One that ends with a `StoreError` of kind `stopped` has no answer.

    Answers come in the order of their questions, as one thread at a time looks for them.

    Args:
        screen: whose workers they are; answers are taken on its event loop.
        group: name of the workers.
        then: takes an answer.
        failed: takes the reason why there is none.
    """

    def __init__(
        self, screen: Screen[Any], group: str, then: Callable[[T], object], failed: Callable[[str], object]
    ) -> None:
        self._screen = screen
        self._group = group
        self._then = then
        self._failed = failed
        self._is_running = False
        self._waiting: Callable[[], T] | None = None
        self._retry: Timer | None = None
        self._to_retry: Callable[[], T] | None = None

    def read(self, work: Callable[[], T]) -> None:
        """Run this in a thread once the current read is done; it replaces one that waits."""
        if self._retry is not None:
            self._retry.stop()
            self._retry = self._to_retry = None
        if self._is_running:
            self._waiting = work
            return
        self._is_running = True
        # Without a description Textual writes out all that `work` is given: of a million ids that takes 0.2 s.
        self._screen.run_worker(
            partial(self._read_in_thread, work),
            thread=True,
            group=self._group,
            description=self._group,
            exit_on_error=False,
        )

    def _read_in_thread(self, work: Callable[[], T]) -> None:
        try:
            value = work()
        except Exception as error:
            if isinstance(error, StoreError) and error.kind == "stopped":  # by who wants no answer any more
                self._screen.call_later(self._finish, work, _nothing)
                return
            self._screen.call_later(self._finish, work, partial(self._failed, reason_of(error)), is_failed=True)
        else:
            self._screen.call_later(self._finish, work, partial(self._then, value))
        trim_heap()

    def _finish(self, work: Callable[[], T], deliver: Callable[[], object], *, is_failed: bool = False) -> None:
        self._is_running = False
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.read(waiting)
        elif is_failed:
            self._retry = self._screen.set_timer(RETRY_SECONDS, self._read_again, name=self._group)
            self._to_retry = work
        deliver()

    def _read_again(self) -> None:
        # A timer that was stopped may have queued this call before: then a newer request has replaced the failed one.
        if self._to_retry is not None:
            self.read(self._to_retry)


def _nothing() -> None:
    """Deliver nothing."""


def reason_of(error: Exception) -> str:
    """Return why something failed, in words for the status line; an internal error is named as such."""
    if isinstance(error, TrackerError | OSError):
        return str(error) or type(error).__name__
    return f"internal error: {type(error).__name__}: {error}"

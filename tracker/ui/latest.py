"""Work in a thread, one piece at a time: of what is asked for meanwhile only the last is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from textual.message import Message
from textual.screen import Screen

from tracker.model.errors import TrackerError

T = TypeVar("T")


class Answered(Message):
    """A piece of work is done; the screen that gets it calls `deliver`."""

    def __init__(self, deliver: Callable[[], None]) -> None:
        self.deliver = deliver
        super().__init__()


class Latest(Generic[T]):
    """Asks for something again and again without ever waiting for it.

    Answers come in the order of their questions, as one thread at a time looks for them.

    Args:
        screen: whose workers they are, and who gets the answers.
        group: name of the workers.
        then: takes an answer, on the event loop.
        failed: takes the reason why there is none.
    """

    def __init__(
        self, screen: Screen[Any], group: str, then: Callable[[T], None], failed: Callable[[str], None]
    ) -> None:
        self._screen = screen
        self._group = group
        self._then = then
        self._failed = failed
        self._is_running = False
        self._next: Callable[[], T] | None = None

    def ask(self, work: Callable[[], T]) -> None:
        """Do this in a thread, after what is being done there."""
        if self._is_running:
            self._next = work
            return
        self._is_running = True
        self._screen.run_worker(lambda: self._run(work), thread=True, group=self._group, exit_on_error=False)

    def _run(self, work: Callable[[], T]) -> None:
        deliver: Callable[[], None] | None = None
        try:
            value = work()
            deliver = lambda: self._then(value)  # noqa: E731 - one of two ends
        except TrackerError as error:
            reason = str(error) or type(error).__name__
            deliver = lambda: self._failed(reason)  # noqa: E731
        finally:
            self._screen.post_message(Answered(lambda: self._done(deliver)))

    def _done(self, deliver: Callable[[], None] | None) -> None:
        self._is_running = False
        work, self._next = self._next, None
        if work is not None:
            self.ask(work)
        if deliver is not None:
            deliver()

"""Gives the event loop of the window the first turn: threads that store wait while it answers a key or the mouse.

Two busy threads of one interpreter each get half of it, so a repaint beside one that stores would take twice as long.
"""

from __future__ import annotations

import asyncio
import math
import selectors
import threading
from collections.abc import Coroutine
from time import monotonic
from typing import Any, TypeVar

T = TypeVar("T")
_INPUT_SECONDS = 0.25
"""How long after a key the loop has the first turn: with no reader at hand, storing comes first."""
_MAX_WAIT_SECONDS = 0.02
"""How long a thread waits at once: a window that always has something to draw still stores."""


class RestingSelector(selectors.DefaultSelector):
    """Waits for files as an event loop needs it, and tells other threads when the loop has nothing else to do."""

    def __init__(self) -> None:
        super().__init__()
        self._is_resting = threading.Event()
        self._first_until = -math.inf

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return the files that are ready; the loop rests while it waits for them."""
        if timeout is not None and timeout <= 0:
            return super().select(timeout)
        self._is_resting.set()
        try:
            return super().select(timeout)
        finally:
            self._is_resting.clear()

    def note_input(self) -> None:
        """Note that a key or the mouse wants an answer."""
        self._first_until = monotonic() + _INPUT_SECONDS

    def give_way(self) -> None:
        """Wait in another thread until the loop rests, but not for long, where it has an answer to give."""
        if not self._is_resting.is_set() and monotonic() < self._first_until:
            self._is_resting.wait(_MAX_WAIT_SECONDS)


def run(main: Coroutine[Any, Any, T], selector: RestingSelector) -> T:
    """Run a coroutine in an event loop of its own that waits with this selector, and return its result."""
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
        return runner.run(main)

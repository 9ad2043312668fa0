"""Ends the window when its terminal is gone or a signal asks for it, also where its event loop is stuck.

A terminal that closes ends the thread that writes to it, and the next screenful then waits for that thread forever; the
thread that reads keys takes the end of input for no key and asks again at once, with 75% of a core. The event loop may
get no turn any more, so a thread waits here.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress

GRACE_SECONDS = 10.0
"""A window that is storing closes within 2 s."""


class Ending:
    """A thread that waits until the terminal hangs up or `begin` is called, asks for the end, and sees to it.

    Args:
        ask: asks the window to end; called from the thread, may raise where there is no window any more.
        code: exit code of a process that did not end by itself.
        leave: ends the process at once with that code.
        grace: seconds that the window has to end by itself.
    """

    def __init__(
        self, ask: Callable[[], object], code: int, *, leave: Callable[[int], object], grace: float = GRACE_SECONDS
    ) -> None:
        self._ask, self._code, self._leave, self._grace = ask, code, leave, grace
        self._told, self._tell = os.pipe()
        os.set_blocking(self._tell, False)

    def watch(self, terminal: int) -> None:
        """Begin to wait, until the process ends."""
        threading.Thread(target=self._wait, args=(terminal,), name="ending", daemon=True).start()

    def begin(self) -> None:
        """Begin the end."""
        with suppress(BlockingIOError):  # it has begun
            os.write(self._tell, b"\0")

    def _wait(self, terminal: int) -> None:
        _wait_for_either(self._told, terminal)
        with suppress(RuntimeError):  # the loop is closed: the window is ending
            self._ask()
        time.sleep(self._grace)
        self._leave(self._code)


def _wait_for_either(told: int, terminal: int) -> None:
    """Return when something can be read from `told`, or when `terminal` has hung up."""
    try:
        from select import POLLHUP, POLLIN, poll
    except ImportError:  # Windows
        os.read(told, 1)
        return
    waiting = poll()
    waiting.register(told, POLLIN)
    waiting.register(terminal, 0)  # a hang-up is told unasked; whoever asks for keys would take turns with Textual
    while True:
        for number, state in waiting.poll():
            if number == told or state & POLLHUP:
                return
            waiting.unregister(number)  # a system that cannot poll terminals: signals are left

"""Waiting until an event loop has nothing left to do."""

from __future__ import annotations

import asyncio
from typing import Any

_IDLE_TURNS = 4
"""Turns of the loop without other work: a message is handed on in two or three."""
_SOON = 0.02
"""Seconds in which a timer that is due belongs to what was begun: Textual draws 60 times a second."""


async def drained(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Wait until nothing but later timers, threads and sockets can wake the event loop; called as Textual's own is.

    Textual's waits for 20 ms in which the process used less than 1 ms of processor time: that is slow after each key,
    and on a busy machine it takes a process that got no processor for an idle one.
    """
    loop: Any = asyncio.get_running_loop()  # Any: there is no public way to ask what is ready and when timers are due
    end = loop.time() + max_sleep
    idle = 0
    while idle < _IDLE_TURNS and loop.time() < end:
        await asyncio.sleep(0)
        idle = 0 if loop._ready else idle + 1
        if idle == _IDLE_TURNS:
            due = min((timer.when() for timer in loop._scheduled if not timer.cancelled()), default=end)
            if due - loop.time() < _SOON:
                await asyncio.sleep(max(0.0, due - loop.time()))
                idle = 0

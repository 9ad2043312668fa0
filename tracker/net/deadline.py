"""A time limit that counts only the time in which the program could read an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_TICK_SECONDS = 0.25
_TICKS = 10
"""At least so many for a limit."""


@asynccontextmanager
async def deadline(seconds: float | None) -> AsyncIterator[None]:
    """Limit a block to `seconds` in which the event loop was free; None: no limit.

    A sync parses and stores on the loop. On a slow or busy machine that takes longer than a server may, and an answer
    that came in the meantime would be given up unread.

    Raises:
        TimeoutError: the block took longer.
    """
    loop = asyncio.get_running_loop()
    left = 0.0 if seconds is None else seconds
    tick = min(_TICK_SECONDS, left / _TICKS)
    before = loop.time()
    timer: asyncio.TimerHandle | None = None

    def count() -> None:
        nonlocal left, before, timer
        now = loop.time()
        left -= min(now - before, 2 * tick)
        before = now
        if left > 0:
            timer = loop.call_later(min(tick, left), count)
        else:
            limit.reschedule(now)

    async with asyncio.timeout(None) as limit:
        if seconds is not None:
            timer = loop.call_later(tick, count)
        try:
            yield
        finally:
            if timer is not None:
                timer.cancel()

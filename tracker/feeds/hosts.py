"""Manners towards hosts: so many connections in all, so many to one host, and a pause between requests to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class HostLimits:
    """Gives out leave to send one request.

    Args:
        connections: most requests under way at once, over all hosts.
        host_connections: most requests under way at once to one host.
        host_delay_seconds: least time between the starts of two requests to one host.
    """

    def __init__(self, connections: int, host_connections: int, host_delay_seconds: float) -> None:
        self._all = asyncio.Semaphore(connections)
        self._host_connections = host_connections
        self._delay = host_delay_seconds
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._next_start: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for leave to ask `host`, and hold it for the length of the block.

        Whoever waits for its host holds no place among all connections, so one slow host stops nobody else.
        """
        loop = asyncio.get_running_loop()
        async with self._hosts.setdefault(host, asyncio.Semaphore(self._host_connections)):
            while True:
                pause = self._next_start.get(host, 0.0) - loop.time()
                if pause > 0:
                    await asyncio.sleep(pause)
                    continue
                await self._all.acquire()
                if self._next_start.get(host, 0.0) <= loop.time():
                    break
                self._all.release()
            try:
                self._next_start[host] = loop.time() + self._delay
                yield
            finally:
                self._all.release()

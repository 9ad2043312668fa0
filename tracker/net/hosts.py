"""Manners towards hosts: so many connections in all, so many to one host, and a pause between requests to it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tracker.net.address import is_loopback, site


class LeftAlone(Exception):
    """A host that is not asked again in this round; `str(error)` says why."""


class HostLimits:
    """Gives out leave to send one request.

    Args:
        connections: most requests under way at once, over all hosts.
        host_connections: most requests under way at once to one host.
        delay_seconds: least time between the starts of two requests to one host.
        jitter: share of the delay that chance adds, so that several programs do not march in step.
        loopback_delay_seconds: the delay on this machine; None: the same.
    """

    def __init__(
        self,
        connections: int,
        host_connections: int,
        delay_seconds: float,
        jitter: float = 0.0,
        loopback_delay_seconds: float | None = None,
    ) -> None:
        self._all = asyncio.Semaphore(connections)
        self._host_connections = host_connections
        self._delay = delay_seconds
        self._jitter = jitter
        self._loopback_delay = loopback_delay_seconds
        self._turns: dict[str, asyncio.Semaphore] = {}
        self._next_start: dict[str, float] = {}
        self._left: dict[str, str] = {}

    def leave(self, url: str, reason: str) -> None:
        """Refuse every turn at the host of `url` from now on, also to those who wait for one."""
        self._left.setdefault(site(url), reason)

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait for leave to ask the host of `url`, and hold it for the length of the block.

        Whoever waits for its host holds no place among all connections, so one slow host stops nobody else.

        Raises:
            LeftAlone: if the host was left in the meantime.
        """
        loop = asyncio.get_running_loop()
        host = site(url)
        async with self._turns.setdefault(host, asyncio.Semaphore(self._host_connections)):
            while True:
                if host in self._left:
                    raise LeftAlone(self._left[host])
                pause = self._next_start.get(host, 0.0) - loop.time()
                if pause > 0:
                    await asyncio.sleep(pause)
                    continue
                await self._all.acquire()
                if self._next_start.get(host, 0.0) <= loop.time() and host not in self._left:
                    break
                self._all.release()
            try:
                self._next_start[host] = loop.time() + self._pause(url)
                yield
            finally:
                self._all.release()

    def _pause(self, url: str) -> float:
        delay = self._delay
        if self._loopback_delay is not None and is_loopback(url):
            delay = self._loopback_delay
        return delay * (1.0 + self._jitter * random.random())

"""Limits towards hosts: connections in total and per host, and a pause between requests to one host."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tracker.net.address import is_loopback, site


class HostPaused(Exception):
    """A host gets no more requests in this sync; `str(error)` says why."""


class HostLimits:
    """Limits on the requests to each host, and to all hosts together.

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
        self._slots: dict[str, asyncio.Semaphore] = {}
        self._next_start: dict[str, float] = {}
        self._pause_reasons: dict[str, str] = {}

    def pause(self, url: str, reason: str) -> None:
        """Refuse all further requests to the host of `url`, including those that wait for a slot."""
        self._pause_reasons.setdefault(site(url), reason)

    @asynccontextmanager
    async def slot(self, url: str) -> AsyncIterator[None]:
        """Wait until a request to the host of `url` may start, and hold the slot for the length of the block.

        A request that waits for its host takes up no overall connection, so one slow host does not hold up others.

        Raises:
            HostPaused: if the host was paused in the meantime.
        """
        loop = asyncio.get_running_loop()
        host = site(url)
        async with self._slots.setdefault(host, asyncio.Semaphore(self._host_connections)):
            while True:
                if host in self._pause_reasons:
                    raise HostPaused(self._pause_reasons[host])
                pause = self._next_start.get(host, 0.0) - loop.time()
                if pause > 0:
                    await asyncio.sleep(pause)
                    continue
                await self._all.acquire()
                if self._next_start.get(host, 0.0) <= loop.time() and host not in self._pause_reasons:
                    break
                self._all.release()
            try:
                self._next_start[host] = loop.time() + self._delay_seconds(url)
                yield
            finally:
                self._all.release()

    def _delay_seconds(self, url: str) -> float:
        delay = self._delay
        if self._loopback_delay is not None and is_loopback(url):
            delay = self._loopback_delay
        return delay * (1.0 + self._jitter * random.random())

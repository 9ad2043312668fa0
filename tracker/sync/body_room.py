"""How many bytes of bodies may wait for the parser."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

MAX_WAITING_BYTES = 4_000_000
"""Servers are faster than the parser, and 200 feeds are 45 MB."""


class BodyRoom:
    """Counts bodies that wait to be parsed and stored; fetching pauses while there are too many bytes."""

    def __init__(self) -> None:
        self._bytes = 0
        self._has_room = asyncio.Event()
        self._has_room.set()

    async def wait(self) -> None:
        """Wait until another body may come."""
        await self._has_room.wait()

    @contextmanager
    def hold(self, size: int) -> Iterator[None]:
        """Count a body of so many bytes as long as it is in memory."""
        self._bytes += size
        if self._bytes > MAX_WAITING_BYTES:
            self._has_room.clear()
        try:
            yield
        finally:
            self._bytes -= size
            if self._bytes <= MAX_WAITING_BYTES:
                self._has_room.set()

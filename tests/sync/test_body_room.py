"""How many bytes of bodies may wait for the parser."""

from __future__ import annotations

import asyncio

from tracker.sync.body_room import MAX_WAITING_BYTES, BodyRoom


async def test_fetching_waits_while_too_many_bytes_are_in_memory() -> None:
    room = BodyRoom()
    with room.hold(MAX_WAITING_BYTES):
        await room.wait()
        with room.hold(1):
            waiting = asyncio.create_task(room.wait())
            await asyncio.sleep(0)
            assert not waiting.done()
        await waiting

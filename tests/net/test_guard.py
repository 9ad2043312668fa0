from __future__ import annotations

import asyncio

import pytest

from tests.helpers.http_server import LoopbackServer
from tracker.net.guard import GuardedBackend, RefusedAddress


async def test_local_sockets_are_refused() -> None:
    with pytest.raises(RefusedAddress):
        await GuardedBackend(frozenset()).connect_unix_socket("/run/x")


async def test_the_address_that_was_checked_is_dialled(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(server.url.rpartition(":")[2])

    async def resolve(*_: object, **__: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(2, 1, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    addresses = ["8.8.8.8", "127.0.0.1"]
    with pytest.raises(RefusedAddress, match=r"127\.0\.0\.1"):
        await GuardedBackend(frozenset()).connect_tcp("rebound.example", port)
    addresses = ["127.0.0.2", "127.0.0.1"]  # nobody listens at the first
    stream = await GuardedBackend(frozenset(("home.example",))).connect_tcp("HOME.example", port)
    assert stream.get_extra_info("server_addr") == ("127.0.0.1", port)
    await stream.aclose()

from __future__ import annotations

import asyncio

import httpcore
import pytest

from tests.helpers.http_server import LoopbackServer
from tracker.net.guard import GuardedBackend, RefusedAddress


class Names:
    """A resolver whose answer the test changes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.addresses: list[str] = []
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", self._resolve)

    async def _resolve(self, _: str, port: int, **__: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(2, 1, 6, "", (address, port)) for address in self.addresses]


def port_of(server: LoopbackServer) -> int:
    return int(server.url.rpartition(":")[2])


async def test_local_sockets_are_refused() -> None:
    with pytest.raises(RefusedAddress):
        await GuardedBackend(None).connect_unix_socket("/run/x")


async def test_the_address_that_was_checked_is_dialled(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    port = port_of(server)
    names = Names(monkeypatch)
    names.addresses = ["8.8.8.8", "127.0.0.1"]
    with pytest.raises(RefusedAddress, match=r"127\.0\.0\.1"):
        await GuardedBackend(None).connect_tcp("rebound.example", port)
    names.addresses = ["127.0.0.2", "127.0.0.1"]  # nobody listens at the first
    stream = await GuardedBackend(set()).connect_tcp("HOME.example", port)
    assert stream.get_extra_info("server_addr") == ("127.0.0.1", port)
    await stream.aclose()


@pytest.mark.parametrize("inside", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "::1"])
async def test_a_name_that_was_public_once_leads_nowhere_inside(monkeypatch: pytest.MonkeyPatch, inside: str) -> None:
    async def unreachable(*_: object) -> None:
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", unreachable)
    names = Names(monkeypatch)
    names.addresses = ["8.8.8.8"]
    known: set[str] = set()
    with pytest.raises(httpcore.ConnectError):
        await GuardedBackend(known).connect_tcp("feeds.example", 80)
    assert known == {"feeds.example:80"}
    names.addresses = [inside]
    with pytest.raises(RefusedAddress) as refused:
        await GuardedBackend(known).connect_tcp("FEEDS.example", 80)
    assert (str(refused.value), refused.value.was_public) == (inside, True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_what_is_inside_by_its_name_stays_allowed(server: LoopbackServer, host: str) -> None:
    known: set[str] = {f"{host}:{port_of(server)}"}
    stream = await GuardedBackend(known).connect_tcp(host, port_of(server))
    await stream.aclose()

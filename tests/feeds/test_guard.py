from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.http_server import LoopbackServer
from tracker.feeds.body import BoundedBody, CutOff, TooLarge, Undecodable
from tracker.feeds.guard import GuardedBackend, RefusedAddress, is_public


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
        "::", "::1", "fe80::1",
        "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::1",
        "2002:a00:1::1", "", "localhost", "1.2.3",
    ],
)  # fmt: skip
def test_other_addresses(address: str) -> None:
    assert not is_public(address)


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


@given(st.binary(max_size=200), st.sampled_from(["", "gzip", "deflate"]), st.integers(1, 100), st.integers(0, 300))
def test_any_body_is_bounded(data: bytes, encoding: str, size: int, limit: int) -> None:
    body = BoundedBody(encoding, limit)
    outcome: bytes | None = None
    try:
        for start in range(0, len(data), size):
            body.feed(data[start : start + size])
        outcome = body.finish()
    except (TooLarge, CutOff, Undecodable):
        pass
    assert outcome is None or len(outcome) <= limit
    if not encoding:
        assert outcome == (data if len(data) <= limit else None)


def test_one_byte_is_a_body() -> None:
    body = BoundedBody("gzip", 10)
    body.feed(b"x")
    assert body.finish() == b"x"

"""A transport that refuses connections to the local network, checked when it connects, after the name is resolved.

A name that resolves to a public address when it is looked at and to 127.0.0.1 when it is used gets nowhere: the
address that was checked is the one that is dialled.
"""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from contextvars import ContextVar
from importlib.util import find_spec
from typing import Any

import httpcore
import httpx

from tracker.net.address import is_public, literal, pair_key
from tracker.net.deadline import deadline
from tracker.net.timeouts import DEFAULT_TIMEOUTS

if find_spec("sniffio") is None:
    # httpcore asks for it at every lock, some ten times a request; where it is missing each time is a search of the
    # whole path, 0.1 ms. With None in its place the answer is the same at once.
    sys.modules["sniffio"] = None  # type: ignore[assignment]

IS_NEW: ContextVar[bool] = ContextVar("IS_NEW", default=True)
"""Whether the request of this task opened a new connection; callers set it to False first."""
IS_OWN = "is_own"
"""Extension of a request that asks the host and port of an address that the user wrote."""
_KEEPALIVE_SECONDS = 5.0
_FIRST_TRIES_SECONDS = 5.0
"""Limit per address while there is another to try: a broken IPv6 must not use up all the time."""


class RefusedAddress(Exception):
    """A host resolved to an address that is not on the public internet; `str(error)` names it.

    Attributes:
        was_public: the user's own host, which was on the public internet before.
    """

    def __init__(self, address: str, *, was_public: bool = False) -> None:
        super().__init__(address)
        self.was_public = was_public


class _Connection(httpcore.AsyncNetworkStream):
    """A stream that caches its socket.

    Before each request httpcore looks whether any idle connection has been closed; asking the stream for its socket
    each time is a fifth of a sync in which every server answers 304.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._socket: socket.socket | None = stream.get_extra_info("socket")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
    ) -> httpcore.AsyncNetworkStream:
        return _Connection(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        if info != "is_readable" or not hasattr(select, "poll"):
            return self._stream.get_extra_info(info)
        descriptor = -1 if self._socket is None else self._socket.fileno()
        if descriptor < 0:
            return True  # closed: the next read says so
        looked = select.poll()
        looked.register(descriptor, select.POLLIN)
        return bool(looked.poll(0))


async def _resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host; a literal address needs no lookup."""
    if literal(host) is not None:
        return [host.strip("[]")]
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves, refuses what is not public, and connects to the very address it checked.

    Args:
        known: None refuses every address inside. Otherwise each host is one that the user named, and may be inside
            unless its name was public before: `known` holds those (`pair_key`), and grows.
    """

    def __init__(self, known: set[str] | None) -> None:
        self._known = known
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect within `timeout`, looking up the name included.

        Raises:
            RefusedAddress, socket.gaierror, httpcore.ConnectError, httpcore.ConnectTimeout.
        """
        IS_NEW.set(True)
        try:
            async with deadline(timeout):
                return await self._connect_checked(host, port, local_address, socket_options)
        except TimeoutError:
            raise httpcore.ConnectTimeout from None

    async def _connect_checked(
        self,
        host: str,
        port: int,
        local_address: str | None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await _resolve(host, port)
        self._check(host, port, addresses)
        for address in addresses[:-1]:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._connect(address, port, _FIRST_TRIES_SECONDS, local_address, socket_options)
        return await self._connect(addresses[-1], port, None, local_address, socket_options)

    def _check(self, host: str, port: int, addresses: Iterable[str]) -> None:
        inside = next((address for address in addresses if not is_public(address)), None)
        if self._known is None:
            if inside is not None:
                raise RefusedAddress(inside)
        elif literal(host) is None and host.lower() != "localhost":
            key = pair_key(host, port)
            if inside is None:
                self._known.add(key)
            elif key in self._known:
                raise RefusedAddress(inside, was_public=True)

    async def _connect(
        self,
        address: str,
        port: int,
        seconds: float | None,
        local_address: str | None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None,
    ) -> httpcore.AsyncNetworkStream:
        return _Connection(await self._backend.connect_tcp(address, port, seconds, local_address, socket_options))

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: feeds never use local sockets."""
        raise RefusedAddress(path)

    async def sleep(self, seconds: float) -> None:
        """Wait between tries, for httpcore."""
        await asyncio.sleep(seconds)


class _Stream(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._response.aiter_stream():
            yield piece

    async def aclose(self) -> None:
        await self._response.aclose()


class GuardedTransport(httpx.AsyncBaseTransport):
    """HTTP/1.1 over `GuardedBackend`. Proxies of the environment are not used: they would resolve names themselves.

    Requests with the extension `IS_OWN` go to the very host and port that the user named, which may be on the inside.
    They use separate connections, so no redirect can reuse one to the local network.

    Args:
        known: names that were public before, as in `GuardedBackend`.
    """

    def __init__(
        self, connections: int, connect_seconds: float = DEFAULT_TIMEOUTS.connect, known: set[str] | None = None
    ) -> None:
        self._backends = {True: GuardedBackend(set() if known is None else known), False: GuardedBackend(None)}
        self._connections = connections
        self._timeouts = {"connect": connect_seconds}
        self._pools: dict[tuple[str, bool], httpcore.AsyncConnectionPool] = {}
        self._tls: ssl.SSLContext | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises httpcore's errors, RefusedAddress and socket.gaierror."""
        url = request.url
        is_own = bool(request.extensions.get(IS_OWN))
        response = await self._pool(url.scheme, is_own).handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=await request.aread() or None,
                extensions={**request.extensions, "timeout": self._timeouts},
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Stream(response), extensions=response.extensions
        )

    async def aclose(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            await pool.aclose()
        self._pools.clear()

    def _pool(self, scheme: str, is_own: bool) -> httpcore.AsyncConnectionPool:
        """Return the pool of a scheme, made when it is first needed: loading the certificates takes 20 ms and more."""
        if (scheme, is_own) not in self._pools:
            options: dict[str, Any] = {}
            if scheme == "https":
                self._tls = self._tls or httpx.create_ssl_context()
                options["ssl_context"] = self._tls
            self._pools[scheme, is_own] = httpcore.AsyncConnectionPool(
                max_connections=self._connections,
                keepalive_expiry=_KEEPALIVE_SECONDS,
                network_backend=self._backends[is_own],
                **options,
            )
        return self._pools[scheme, is_own]

"""A polite GET with limits on time and size; every failure is one kind of error with a reason."""

from __future__ import annotations

import asyncio
import errno
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

import httpcore
import httpx
from msgspec import Struct

from tracker import __version__
from tracker.net.body import BoundedBody, TooLarge, Undecodable
from tracker.net.deadline import deadline
from tracker.net.guard import IS_NEW, IS_OWN, GuardedTransport, RefusedAddress
from tracker.net.hosts import HostLimits, HostPaused
from tracker.net.timeouts import DEFAULT_TIMEOUTS

USER_AGENT = f"tracker/{__version__} (+https://github.com/tracker-news/tracker)"
"""Name, version, and an address where server owners can learn about tracker."""
REDIRECTS = (301, 302, 303, 307, 308)
_BUSY_STATUSES = (429, 503)
_DRAIN_LIMIT = 4_096
"""Unwanted bodies are read up to this size, to keep the connection, and no further."""
_NETWORK_ERRORS = (
    RefusedAddress,
    OSError,
    ValueError,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    httpx.HTTPError,
    httpx.InvalidURL,
)
_CUT_OFF_ERRORS = (httpcore.RemoteProtocolError, httpcore.ReadError, httpx.RemoteProtocolError, httpx.ReadError)
_TLS_WAITS = (ssl.SSLWantReadError, ssl.SSLWantWriteError)
"""The handshake went on: what ended it is another error."""
_H11_BYTES = re.compile(r"bytearray\(b(['\"])(.{0,200})\1\)")
_OFFLINE_ERRNOS = frozenset((errno.ENETUNREACH, errno.ENETDOWN))


class Reply(Struct, frozen=True):
    """A server's response; callers decide what it means."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case, repeated values joined by commas; Latin-1, so that values can be sent back unchanged."""
    body: bytes = b""
    """Decompressed, up to the size limit; empty if not requested."""
    is_cut: bool = False
    """True when the connection or the compression ended before the body did: `body` is its beginning.

    A body without Content-Length that ends with its connection looks whole.
    """
    seconds: float = 0.0
    """From connecting to the last byte, without the wait for a slot."""


class NoAnswer(Exception):
    """Why there is no `Reply`; `reason` says it in words, which may hold what a stranger wrote and are not cleaned.

    Attributes:
        status, headers: of the answer whose body could not be taken.
        is_timeout: nothing came within the time; True also when it stopped in the middle.
        is_left_alone: nobody was asked, as another request has shown that the host is busy or hangs.
        is_offline: says nothing about the server (no network, no name server).
        is_unresolved: the host's name was not found.
        seconds: as in `Reply`.
    """

    def __init__(
        self,
        reason: str,
        *,
        is_timeout: bool = False,
        is_left_alone: bool = False,
        is_offline: bool = False,
        is_unresolved: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_timeout = is_timeout
        self.is_left_alone = is_left_alone
        self.is_offline = is_offline
        self.is_unresolved = is_unresolved
        self.status: int | None = None
        self.headers: Mapping[str, str] = {}
        self.seconds = 0.0


class Client:
    """Sends GETs over HTTP/1.1, without cookies, redirects and proxies; an async context manager, for one event loop.

    Args:
        user_agent: sent with every request.
        limits: the limits per host.
        transport: another way to send requests than the guarded one; not closed here.
        max_bytes: largest body, unpacked.
        deadline_seconds: for one exchange, from connecting to the last byte; waiting for a turn is not in it.
        known: names that were on the public internet before (`pair_key`); it grows.
        connections: most connections kept.
        connect_seconds: for looking up a name and connecting, and for encryption.
        leaves_hosts: for a client that lives for one round: after a time-out, a 429 or a 503, what waits for a turn at
            that host is not sent.
        has_room: awaited before each request, to hold back bodies that nobody can take yet.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        limits: HostLimits,
        max_bytes: int,
        deadline_seconds: float,
        transport: httpx.AsyncBaseTransport | None = None,
        known: set[str] | None = None,
        connections: int = 8,
        connect_seconds: float = DEFAULT_TIMEOUTS.connect,
        leaves_hosts: bool = False,
        has_room: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._limits = limits
        self._is_own_transport = transport is None
        self._transport = transport or GuardedTransport(connections, connect_seconds, known)
        self._leaves_hosts = leaves_hosts
        self._max_bytes = max_bytes
        self._deadline = deadline_seconds
        self._has_room = has_room

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        if self._is_own_transport:
            await self._transport.aclose()

    async def get(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        params: Mapping[str, str] | None = None,
        wants_body: Callable[[int], bool],
        spent_seconds: float = 0.0,
        is_own: bool = False,
    ) -> Reply:
        """Wait for a slot, then send a request; repeat it once if a kept connection was closed.

        Args:
            url: the address; a user and password in it are not sent.
            headers: besides User-Agent, Accept-Encoding and Host.
            params: a query, instead of the one in `url`.
            wants_body: tells from the status whether the body is to be read.
            is_own: the host and port are those of an address that the user wrote, and may be on the inside.
            spent_seconds: how much of the deadline is used up, by the redirects before.

        Raises:
            NoAnswer: with the reason.
        """
        seconds = self._deadline - spent_seconds
        return await self._exchange(
            url, lambda: self._request("GET", url, headers, params, is_own), wants_body, seconds
        )

    async def post(self, url: str, headers: Mapping[str, str], content: bytes, *, is_own: bool) -> Reply:
        """Send a POST as `get` sends a GET; the answer's body is not read.

        Raises:
            NoAnswer: with the reason.
        """
        return await self._exchange(
            url,
            lambda: self._request("POST", url, headers, None, is_own, content),
            lambda status: False,
            self._deadline,
        )

    async def _exchange(
        self, url: str, make_request: Callable[[], httpx.Request], wants_body: Callable[[int], bool], seconds: float
    ) -> Reply:
        try:
            async with self._limits.slot(url):
                if self._has_room is not None:
                    await self._has_room()
                try:
                    reply = await self._ask(make_request, wants_body, seconds)
                except NoAnswer as failure:
                    if failure.is_timeout and self._leaves_hosts:
                        self._limits.pause(url, "its host has just timed out")
                    raise
                if reply.status in _BUSY_STATUSES and self._leaves_hosts:
                    self._limits.pause(url, f"its host has just responded {reply.status}")
                return reply
        except HostPaused as error:
            raise NoAnswer(f"skipped: {error}", is_left_alone=True) from None

    async def _ask(
        self,
        make_request: Callable[[], httpx.Request],
        wants_body: Callable[[int], bool],
        seconds: float,
    ) -> Reply:
        exchange = _Exchange(self._max_bytes, wants_body)
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with deadline(max(0.0, seconds)):
                response = await self._send(make_request())
                body, is_whole = await exchange.read(response)
        except (TimeoutError, TooLarge, Undecodable, *_NETWORK_ERRORS) as error:
            failure = self._failure(error)
            failure.status, failure.headers = exchange.status, exchange.headers
            failure.seconds = loop.time() - started
            raise failure from None
        assert exchange.status is not None
        return Reply(exchange.status, exchange.headers, body, not is_whole, loop.time() - started)

    def _request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None,
        is_own: bool,
        content: bytes | None = None,
    ) -> httpx.Request:
        sent = {"User-Agent": self._user_agent, "Accept-Encoding": "gzip, deflate", **headers}
        encoded = [(name.encode("ascii"), value.encode("latin-1", "replace")) for name, value in sent.items()]
        return httpx.Request(method, url, params=params, headers=encoded, content=content, extensions={IS_OWN: is_own})

    async def _send(self, request: httpx.Request) -> httpx.Response:
        IS_NEW.set(False)
        try:
            return await self._transport.handle_async_request(request)
        except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
            # A server may close an idle connection in the moment it is used again. So try once more.
            if IS_NEW.get() or not self._is_own_transport:
                raise
            return await self._transport.handle_async_request(request)

    def _failure(self, error: BaseException) -> NoAnswer:
        if isinstance(error, TimeoutError):
            return NoAnswer(f"timed out after {self._deadline:g} s", is_timeout=True)
        if isinstance(error, TooLarge):
            return NoAnswer(f"more than {self._max_bytes / 1e6:g} MB")
        if isinstance(error, Undecodable):
            return NoAnswer(str(error))
        return _network_failure(error)


class _Exchange:
    """Reads one response; keeps what arrived if reading fails."""

    def __init__(self, max_bytes: int, wants_body: Callable[[int], bool]) -> None:
        self.status: int | None = None
        self.headers: dict[str, str] = {}
        self._max_bytes = max_bytes
        self._wants_body = wants_body

    async def read(self, response: httpx.Response) -> tuple[bytes, bool]:
        """Return (body, whether it is whole), and close the response."""
        self.status = response.status_code
        for raw_name, raw_value in response.headers.raw:
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
            self.headers[name] = f"{self.headers[name]}, {value}" if name in self.headers else value
        length = self.headers.get("content-length", "")
        size = int(length[:20]) if length.isascii() and length.isdigit() else None
        try:
            if self._wants_body(response.status_code):
                return await self._body(response, size)
            if response.status_code == 304 or (size is not None and size <= _DRAIN_LIMIT):
                with suppress(*_CUT_OFF_ERRORS):
                    async for _ in response.aiter_raw():
                        pass
            return b"", True
        finally:
            await response.aclose()

    async def _body(self, response: httpx.Response, size: int | None) -> tuple[bytes, bool]:
        if size is not None and size > self._max_bytes:
            raise TooLarge
        body = BoundedBody(self.headers.get("content-encoding", ""), self._max_bytes)
        try:
            async for piece in response.aiter_raw():
                body.feed(piece)
        except _CUT_OFF_ERRORS:
            return body.finish()[0], False
        return body.finish()


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error and its causes; the innermost says what happened."""
    found: list[BaseException] = []
    queue: list[BaseException | None] = [error]
    while queue:
        current = queue.pop(0)
        if current is None or current in found:
            continue
        found.append(current)
        queue += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            queue += current.exceptions
    return found


def _network_failure(error: BaseException) -> NoAnswer:
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, RefusedAddress):
            if cause.was_public:
                return NoAnswer(f"refused: its host name now points to {cause}, which is not a public address")
            return NoAnswer(f"refused: {cause} is not a public address")
        if isinstance(cause, socket.gaierror):
            if cause.errno == socket.EAI_AGAIN:
                return NoAnswer("name servers not responding", is_offline=True)
            return NoAnswer("no such host", is_unresolved=True)
        if isinstance(cause, UnicodeError):
            return NoAnswer("no such host")
        if isinstance(cause, ssl.SSLCertVerificationError):
            return NoAnswer(f"certificate not accepted: {getattr(cause, 'verify_message', 'unknown')}")
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, _TLS_WAITS):
            return NoAnswer(f"TLS failed ({cause.reason or cause})")
    for cause in causes:
        if isinstance(cause, OSError) and cause.errno in _OFFLINE_ERRNOS:
            return NoAnswer("no network", is_offline=True)
        if isinstance(cause, ConnectionRefusedError):
            return NoAnswer("connection refused")
        if isinstance(cause, ConnectionResetError):
            return NoAnswer("connection reset")
    if any(isinstance(cause, httpcore.TimeoutException | httpx.TimeoutException) for cause in causes):
        return NoAnswer("timed out while connecting", is_timeout=True)
    told = str(error) or type(error).__name__
    if quoted := _H11_BYTES.search(told):
        return NoAnswer(f"not a valid HTTP response ({told[: quoted.start()]}{quoted[2]!r})")
    return NoAnswer(f"no response ({told})")

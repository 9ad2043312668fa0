"""Asks servers for feeds, politely and with bounds; whatever goes wrong is a reason in words, not an exception."""

from __future__ import annotations

import asyncio
import base64
import errno
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from types import TracebackType
from urllib.parse import unquote, urljoin, urlsplit

import httpcore
import httpx
from msgspec import Struct
from msgspec.structs import replace

from tracker import __version__
from tracker.feeds.body import BoundedBody, CutOff, TooLarge, Undecodable
from tracker.feeds.guard import IS_NEW, GuardedTransport, RefusedAddress
from tracker.feeds.headers import max_age_seconds, retry_after_seconds
from tracker.feeds.hosts import HostLimits
from tracker.feeds.text import clean_line, clean_url
from tracker.model.clock import Clock
from tracker.model.feed import FetchedFeed

USER_AGENT = f"tracker/{__version__} (+https://github.com/tracker-news/tracker)"
"""Name, version, and an address where a server's owner finds out who asks."""
MAX_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.5"
)
_DRAIN_LIMIT = 4_096
"""Bodies of other answers are read this far, which saves the connection, and no further."""
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
_OFFLINE_ERRNOS = frozenset((errno.ENETUNREACH, errno.ENETDOWN))


class _Hop(Struct, frozen=True):
    """One answer on the way."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None


class _Failed(Exception):
    """Ends a fetch with words for the user."""

    def __init__(
        self, reason: str, *, http: int | None = None, offline: bool = False, unresolved: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.http = http
        self.offline = offline
        self.unresolved = unresolved


class Fetcher:
    """Fetches feeds over HTTP/1.1; an async context manager, for one event loop.

    Args:
        connections: most requests under way at once.
        host_connections: most requests under way at once to one host.
        host_delay_seconds: least time between the starts of two requests to one host.
        user_agent: sent with every request.
        transport: another way to send requests than the guarded one; not closed here.
        clock: for servers that send a date but not their own time.
        max_bytes: largest body, unpacked.
        deadline_seconds: for one fetch from connecting to the last byte, redirects included, waiting for a turn not.
        allowed_hosts: hosts that may be private, loopback or link-local: those that the configuration itself names.
        has_room: awaited before each request, to hold back bodies that nobody can take yet.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        connections: int = 8,
        host_connections: int = 1,
        host_delay_seconds: float = 1.0,
        user_agent: str = USER_AGENT,
        transport: httpx.AsyncBaseTransport | None = None,
        max_bytes: int = 10_000_000,
        deadline_seconds: float = 30.0,
        allowed_hosts: frozenset[str] = frozenset(),
        has_room: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._limits = HostLimits(connections, host_connections, host_delay_seconds)
        self._clock = clock
        self._user_agent = user_agent
        self._is_own_transport = transport is None
        self._transport = transport if transport is not None else GuardedTransport(allowed_hosts, connections)
        self._max_bytes = max_bytes
        self._has_room = has_room
        self._deadline = deadline_seconds

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        if self._is_own_transport:
            await self._transport.aclose()

    async def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> FetchedFeed:
        """Return what the server answers; `reason` says why when it is neither a 200 nor a 304. Only cancelling raises.

        Args:
            url: http(s); a user and password in it are sent to that very origin only.
            etag: of the last good answer, sent back exactly as it came.
            last_modified: the same.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        job = _Job(self, url, {name: value for name, value in conditions.items() if value})
        return await job.run()


class _Job:
    """One fetch: follows redirects and keeps the time."""

    def __init__(self, fetcher: Fetcher, url: str, conditions: Mapping[str, str]) -> None:
        self._fetcher = fetcher
        self._conditions = conditions
        self._seconds = 0.0
        self._result = FetchedFeed(url=url, final_url=clean_url(url) or url)

    async def run(self) -> FetchedFeed:
        try:
            await self._follow()
        except _Failed as failure:
            self._result = replace(
                self._result,
                http=failure.http or self._result.http,
                reason=failure.reason,
                offline=failure.offline,
                unresolved=failure.unresolved,
                permanent_url=None,
            )
        return replace(self._result, elapsed_ms=round(self._seconds * 1000))

    async def _follow(self) -> None:
        asked = self._result.url
        address = clean_url(asked)
        if address is None:
            raise _Failed("not an http or https address")
        authorization = _basic(asked)
        origin = _origin(address)
        is_permanent = True
        for _ in range(MAX_REDIRECTS + 1):
            sent = authorization if _origin(address) == origin else None
            hop = await self._ask(address, sent)
            self._result = replace(self._result, http=hop.status, final_url=address)
            if hop.status not in _REDIRECTS:
                self._conclude(hop)
                return
            address = _target(address, hop)
            is_permanent = is_permanent and hop.status in _PERMANENT
            if is_permanent:
                self._result = replace(self._result, permanent_url=address)
        raise _Failed(f"redirected more than {MAX_REDIRECTS} times")

    def _conclude(self, hop: _Hop) -> None:
        now = self._fetcher._clock()
        result = replace(
            self._result,
            content_type=hop.headers.get("content-type"),
            etag=hop.headers.get("etag"),
            last_modified=hop.headers.get("last-modified"),
            max_age_seconds=max_age_seconds(hop.headers, now),
        )
        if hop.status == 304 and self._conditions:
            self._result = result
        elif hop.status == 200:
            self._result = replace(result, body=hop.body)
        else:
            wait = retry_after_seconds(hop.headers, now) if hop.status in (429, 503) else None
            self._result = replace(
                self._result, retry_after_seconds=wait, permanent_url=None, reason=_status_reason(hop, wait)
            )

    async def _ask(self, address: str, authorization: str | None) -> _Hop:
        """Wait for a turn, then ask, once more if a kept connection turned out to be closed."""
        async with self._fetcher._limits.turn(urlsplit(address).hostname or ""):
            if self._fetcher._has_room is not None:
                await self._fetcher._has_room()
            loop = asyncio.get_running_loop()
            started = loop.time()
            deadline = self._fetcher._deadline
            try:
                async with asyncio.timeout(max(0.0, deadline - self._seconds)):
                    return await self._send(address, authorization)
            except TimeoutError:
                raise _Failed(f"timed out after {deadline:g} s") from None
            except TooLarge:
                raise _Failed(f"more than {self._fetcher._max_bytes / 1e6:g} MB") from None
            except CutOff:
                raise _Failed("cut off before its end") from None
            except Undecodable as error:
                raise _Failed(str(error)) from None
            except _NETWORK_ERRORS as error:
                raise _network_failure(error) from None
            finally:
                self._seconds += loop.time() - started

    async def _send(self, address: str, authorization: str | None) -> _Hop:
        request = self._request(address, authorization)
        IS_NEW.set(False)
        try:
            response = await self._fetcher._transport.handle_async_request(request)
        except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
            # A server may close an idle connection in the moment it is used again. That is no answer, so one more try.
            if IS_NEW.get() or not self._fetcher._is_own_transport:
                raise
            response = await self._fetcher._transport.handle_async_request(request)
        try:
            return await self._read(response)
        finally:
            await response.aclose()

    def _request(self, address: str, authorization: str | None) -> httpx.Request:
        headers = {
            "User-Agent": self._fetcher._user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip, deflate",
            **self._conditions,
        }
        if authorization is not None:
            headers["Authorization"] = authorization
        encoded = [(name.encode("ascii"), value.encode("latin-1", "replace")) for name, value in headers.items()]
        return httpx.Request("GET", address, headers=encoded)

    async def _read(self, response: httpx.Response) -> _Hop:
        headers: dict[str, str] = {}
        for raw_name, raw_value in response.headers.raw:  # Latin-1 both ways, so that validators go back byte by byte
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        length = headers.get("content-length", "")
        size = int(length) if length.isascii() and length.isdigit() else None
        if response.status_code != 200:
            if response.status_code == 304 or (size is not None and size <= _DRAIN_LIMIT):
                async for _ in response.aiter_raw():
                    pass
            return _Hop(response.status_code, headers, None)
        self._result = replace(self._result, http=200)
        if size is not None and size > self._fetcher._max_bytes:
            raise TooLarge
        body = BoundedBody(headers.get("content-encoding", ""), self._fetcher._max_bytes)
        try:
            async for piece in response.aiter_raw():
                body.feed(piece)
        except (httpcore.RemoteProtocolError, httpcore.ReadError, httpx.RemoteProtocolError, httpx.ReadError):
            raise CutOff from None
        return _Hop(200, headers, body.finish())


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port


def _basic(url: str) -> str | None:
    """Return the Authorization that a user and password in an address mean, if it has them."""
    userinfo, at, _ = urlsplit(url.strip()).netloc.rpartition("@")
    if not at:
        return None
    user, _, password = userinfo.partition(":")
    return "Basic " + base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode("ascii")


def _target(address: str, hop: _Hop) -> str:
    location = hop.headers.get("location", "").strip()
    if not location:
        raise _Failed(f"{hop.status} without an address to go to", http=hop.status)
    try:
        joined = urljoin(address, location)
    except ValueError:
        joined = location
    target = clean_url(joined)
    if target is None:
        raise _Failed(f"redirected to {clean_line(location, 80)!r}, which is no http address", http=hop.status)
    return target.partition("#")[0]


def _status_reason(hop: _Hop, wait: int | None) -> str:
    if "challenge" in hop.headers.get("cf-mitigated", "").lower():
        return f"Cloudflare challenge ({hop.status})"
    if wait is not None:
        return f"{hop.status}, asked to wait {wait} s"
    try:
        return f"{hop.status} {HTTPStatus(hop.status).phrase}"
    except ValueError:
        return f"status {hop.status}"


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error and everything that it came from; the innermost says what happened."""
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


def _network_failure(error: BaseException) -> _Failed:
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, RefusedAddress):
            return _Failed(f"refused: {cause} is not a public address")
        if isinstance(cause, socket.gaierror):
            if cause.errno == socket.EAI_AGAIN:
                return _Failed("no name server answers", offline=True)
            return _Failed("no such host", unresolved=True)
        if isinstance(cause, UnicodeError):
            return _Failed("no such host")
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _Failed(f"certificate not accepted: {getattr(cause, 'verify_message', 'unknown')}")
        if isinstance(cause, ssl.SSLError):
            return _Failed(f"no secure connection ({clean_line(cause.reason or str(cause), 80)})")
    for cause in causes:
        if isinstance(cause, OSError) and cause.errno in _OFFLINE_ERRNOS:
            return _Failed("no network", offline=True)
        if isinstance(cause, ConnectionRefusedError):
            return _Failed("connection refused")
        if isinstance(cause, ConnectionResetError):
            return _Failed("connection reset")
    if any(isinstance(cause, httpcore.ConnectTimeout) for cause in causes):
        return _Failed("timed out while connecting")
    return _Failed(f"no answer ({_words(error)})")


def _words(error: BaseException) -> str:
    return clean_line(str(error), 120) or type(error).__name__

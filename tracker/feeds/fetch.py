"""Fetches feeds: redirects, validators, statuses; reports failures in words."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from msgspec.structs import replace

from tracker import __version__
from tracker.feeds.text import clean_line, clean_url
from tracker.model.clock import Clock
from tracker.model.feed import FetchedFeed
from tracker.net.address import origin, pair
from tracker.net.client import REDIRECTS, USER_AGENT, Client, NoAnswer, Reply
from tracker.net.headers import max_age_seconds, retry_after_seconds, server_time
from tracker.net.hosts import HostLimits
from tracker.net.timeouts import DEFAULT_TIMEOUTS, Timeouts

if TYPE_CHECKING:
    import httpx

MAX_REDIRECTS = 5
_PERMANENT = (301, 308)
FEED_TYPES = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.5"
)
_REASON_LIMIT = 160


class _Failed(Exception):
    """Ends a fetch with a reason for the user."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Fetcher:
    """Fetches feeds and pages over HTTP/1.1; an async context manager, for one event loop.

    Args:
        connections: most requests under way at once.
        host_connections: most requests under way at once to one host.
        host_delay_seconds: least time between the starts of two requests to one host.
        user_agent: sent with every request.
        transport: another way to send requests than the guarded one; not closed here.
        clock: for servers that send a date but not their own time.
        max_bytes: largest body, unpacked.
        timeouts: how long a server may take.
        known: names that were on the public internet before (`pair_key`); it grows.
        has_room: awaited before each request, to hold back bodies that nobody can take yet.
        accept: the media types wanted, for the Accept header.
        is_one_round: for one round of feeds: after a time-out, a 429 or a 503 the other feeds of that host come back
            unfetched, with `is_postponed`.
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
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        known: set[str] | None = None,
        has_room: Callable[[], Awaitable[object]] | None = None,
        accept: str = FEED_TYPES,
        is_one_round: bool = True,
    ) -> None:
        self._clock = clock
        self._accept = accept
        self._client = Client(
            user_agent=user_agent,
            limits=HostLimits(connections, host_connections, host_delay_seconds),
            max_bytes=max_bytes,
            deadline_seconds=timeouts.feed,
            connect_seconds=timeouts.connect,
            leaves_hosts=is_one_round,
            transport=transport,
            known=known,
            connections=connections,
            has_room=has_room,
        )

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def fetch(
        self,
        url: str,
        *,
        own: str | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        contact: str | None = None,
    ) -> FetchedFeed:
        """Return the server's response; `reason` says why it is neither a 200 nor a 304. Only cancelling raises.

        Args:
            url: http(s); a user and password in it are sent to that very origin only.
            own: the address that the user wrote, whose host and port may be on the inside; None: `url`; "": there is
                none.
            etag: of the last good answer, sent back exactly as it came.
            last_modified: the same.
            contact: the user's e-mail address, for an owner who asks for one; it goes to that host alone.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        sent = {name: value for name, value in conditions.items() if value}
        own_pair = pair(url if own is None else own)
        return await _Job(self._client, self._clock, url, own_pair, sent, contact, accept=self._accept).run()


class _Job:
    """One fetch: follows redirects and measures the time."""

    def __init__(
        self,
        client: Client,
        clock: Clock,
        url: str,
        own: tuple[str, int] | None,
        conditions: Mapping[str, str],
        contact: str | None = None,
        *,
        accept: str,
    ) -> None:
        self._accept = accept
        self._client = client
        self._clock = clock
        self._own = own
        self._conditions = conditions
        self._contact = contact
        self._seconds = 0.0
        self._result = FetchedFeed(url=url, final_url=clean_url(url) or url)

    async def run(self) -> FetchedFeed:
        try:
            await self._follow()
        except _Failed as failure:
            self._result = replace(self._result, reason=failure.reason, permanent_url=None)
        except NoAnswer as failure:
            self._seconds += failure.seconds
            self._result = replace(
                self._result,
                http=failure.status or self._result.http,
                reason=clean_line(failure.reason, _REASON_LIMIT),
                offline=failure.is_offline,
                unresolved=failure.is_unresolved,
                is_postponed=failure.is_left_alone,
                permanent_url=None,
            )
        return replace(self._result, elapsed_ms=round(self._seconds * 1000))

    async def _follow(self) -> None:
        asked = self._result.url
        address = clean_url(asked)
        if address is None:
            raise _Failed("not an http or https address")
        authorization = _basic(asked)
        own_origin = origin(address)
        is_permanent = True
        for _ in range(MAX_REDIRECTS + 1):
            headers = {"Accept": self._accept, **self._conditions}
            if authorization is not None and origin(address) == own_origin:
                headers["Authorization"] = authorization
            if self._contact is not None and origin(address) == own_origin:
                headers["User-Agent"] = f"tracker/{__version__} {self._contact}"
            reply = await self._client.get(
                address,
                headers,
                wants_body=lambda status: status == 200,
                spent_seconds=self._seconds,
                is_own=self._own is not None and pair(address) == self._own,
            )
            self._seconds += reply.seconds
            self._result = replace(
                self._result, http=reply.status, final_url=address, server_date=server_time(reply.headers)
            )
            if reply.status not in REDIRECTS:
                self._conclude(reply)
                return
            address = _target(address, reply)
            is_permanent = is_permanent and reply.status in _PERMANENT
            if is_permanent:
                self._result = replace(self._result, permanent_url=address)
        raise _Failed(f"redirected more than {MAX_REDIRECTS} times")

    def _conclude(self, reply: Reply) -> None:
        if reply.is_cut:
            content_type = reply.headers.get("content-type")
            self._result = replace(self._result, body=reply.body, is_cut=True, content_type=content_type)
            return
        now = self._clock()
        result = replace(
            self._result,
            content_type=reply.headers.get("content-type"),
            etag=reply.headers.get("etag"),
            last_modified=reply.headers.get("last-modified"),
            max_age_seconds=max_age_seconds(reply.headers, now),
        )
        if reply.status == 304 and self._conditions:
            self._result = result
        elif reply.status == 200:
            self._result = replace(result, body=reply.body)
        else:
            wait = retry_after_seconds(reply.headers, now) if reply.status in (429, 503) else None
            reason = _status_reason(reply, wait)
            self._result = replace(self._result, retry_after_seconds=wait, permanent_url=None, reason=reason)


def _basic(url: str) -> str | None:
    """Return the Authorization header for the user and password of an address, if it has them."""
    userinfo, at, _ = urlsplit(url.strip()).netloc.rpartition("@")
    if not at:
        return None
    user, _, password = userinfo.partition(":")
    return "Basic " + base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode("ascii")


def _target(address: str, reply: Reply) -> str:
    location = _as_utf8(reply.headers.get("location", "").strip())
    if not location:
        raise _Failed(f"{reply.status} redirect without an address")
    try:
        joined = urljoin(address, location)
    except ValueError:
        joined = location
    target = clean_url(joined)
    if target is None:
        raise _Failed(f"redirected to {clean_line(location, 80)!r}, which is not an http or https address")
    return target.partition("#")[0]


def _as_utf8(header: str) -> str:
    """Return a header as UTF-8 where it is that: sites redirect to addresses in their own script, not encoded."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _status_reason(reply: Reply, wait: int | None) -> str:
    if "challenge" in reply.headers.get("cf-mitigated", "").lower():
        return f"Cloudflare challenge ({reply.status})"
    if wait is not None:
        return f"{reply.status}, asked to wait {wait} s"
    try:
        return f"{reply.status} {HTTPStatus(reply.status).phrase}"
    except ValueError:
        return f"status {reply.status}"

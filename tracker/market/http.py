"""One polite, bounded GET of JSON over an httpx client that is passed in; every failure comes back with its reason."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import random
import re
import socket
import zlib
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

import httpx
from msgspec import Struct
from msgspec.structs import replace

from tracker import __version__
from tracker.market.clean import error_text, words
from tracker.model.clock import Clock
from tracker.model.market import PriceFailure

USER_AGENT = f"Mozilla/5.0 (compatible; tracker/{__version__}; +https://github.com/tracker-news/tracker)"
"""Says who asks, in the form that Yahoo answers: a bare tool name gets 429 at the first call."""
MAX_BYTES = 5_000_000
"""Of a decoded body; a chart of two years is 120 kB."""
TIMEOUT_SECONDS = 10.0
"""For the whole exchange, so that a server that drips bytes is given up as well."""
PAUSE_SECONDS = 1.0
"""Between two requests to one host: at about one a second Yahoo does not throttle an address."""
JITTER = 0.25
"""Share of the pause that chance adds, so that several programs do not march in step."""
MAX_RETRY_AFTER = 86_400

_FINAL = (400, 404, 422)
"""Statuses that answer the question: no such symbol, no bars in that window."""
_REFUSALS = frozenset({401, 403, 407, 429, 451, 999})
_REFUSAL_TEXT = re.compile(
    rb"too many requests|access denied|captcha|consent|unusual traffic|rate limit|limit reached|hits limit"
    rb"|are you (?:a )?human|are you a robot|guce\.",
    re.IGNORECASE,
)


class Json(Struct, frozen=True):
    """A decoded answer."""

    data: object


class JsonGetter:
    """GETs JSON, at most one request at a time and one a `pause` to each host.

    Args:
        client: where requests go out; never closed here.
        clock: for Retry-After given as a date.
        pause: seconds between two requests to a host; None: one second, and none on loopback (a server of one's own).
        timeout: seconds for one whole exchange.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        clock: Clock,
        *,
        pause: float | None = None,
        jitter: float = JITTER,
        timeout: float = TIMEOUT_SECONDS,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self.clock = clock
        self._client = client
        self._pause = pause
        self._jitter = jitter
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._locks: dict[str, asyncio.Lock] = {}
        self._next: dict[str, float] = {}

    async def get(
        self,
        provider: str,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        secret: str | None = None,
    ) -> Json | PriceFailure:
        """Return the JSON at `url`, or why there is none. `secret` is cut out of every reason."""
        answer = await self._paced(provider, url, dict(params or {}), dict(headers or {}))
        if not isinstance(answer, PriceFailure):
            return answer
        reason = answer.reason.replace(secret, "(key)") if secret else answer.reason
        return replace(answer, reason=reason, is_passing=answer.http not in _FINAL)

    async def _paced(
        self, provider: str, url: str, params: dict[str, str], headers: dict[str, str]
    ) -> Json | PriceFailure:
        host = _split(url).netloc
        async with self._locks.setdefault(host, asyncio.Lock()):
            loop = asyncio.get_running_loop()
            wait = self._next.get(host, 0.0) - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            try:
                async with asyncio.timeout(self._timeout):
                    return await self._get(provider, url, params, headers)
            except (TimeoutError, httpx.TimeoutException):
                return PriceFailure(provider, f"no answer within {self._timeout:g} s")
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
                return PriceFailure(provider, f"no connection: {_why(error)}")
            finally:
                pause = self._pause if self._pause is not None else (0.0 if _is_loopback(url) else PAUSE_SECONDS)
                self._next[host] = loop.time() + pause * (1.0 + self._jitter * random.random())

    async def _get(
        self, provider: str, url: str, params: dict[str, str], headers: dict[str, str]
    ) -> Json | PriceFailure:
        # gzip alone: it is the one encoding whose inflation can be bounded with the standard library.
        sent = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip", **headers}
        async with self._client.stream("GET", url, params=params, headers=sent, follow_redirects=False) as response:
            status = response.status_code
            retry_after = self._retry_after(response)
            if response.is_redirect:
                return _redirected(provider, response)
            body = await _bounded_body(response, self._max_bytes)
            if isinstance(body, str):
                return PriceFailure(provider, body, None, status, retry_after, status in _REFUSALS)
            if status != 200:
                blocked = status in _REFUSALS or retry_after is not None
                reason = f"HTTP {status}{_described(body)}"
                return PriceFailure(provider, reason, None, status, retry_after, blocked)
            return _decoded(provider, response.headers.get("content-type", ""), body, retry_after)

    def _retry_after(self, response: httpx.Response) -> int | None:
        """Return seconds from Retry-After, given as a number or a date, at most a day."""
        value = response.headers.get("retry-after", "").strip()
        if value.isascii() and value.isdigit():
            return min(int(value[:9]), MAX_RETRY_AFTER)
        if not value:
            return None
        try:
            until = parsedate_to_datetime(value)
        except ValueError:
            return None
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        return min(max(0, round((until - self.clock()).total_seconds())), MAX_RETRY_AFTER)


def _why(error: BaseException) -> str:
    inner: BaseException | None = error
    while inner is not None and not isinstance(inner, socket.gaierror):
        inner = inner.__cause__ or inner.__context__
    if inner is not None:
        return "host not found"
    return words(str(error)) or type(error).__name__


def _redirected(provider: str, response: httpx.Response) -> PriceFailure:
    """Redirects are not followed: from an API they lead to a consent or login page, which is no price."""
    target = _split(response.headers.get("location", "")).hostname or "another address"
    what = "a consent page" if re.search(r"consent|guce", target) else words(target, 80)
    return PriceFailure(
        provider,
        f"HTTP {response.status_code}: sent to {what} instead of prices",
        None,
        response.status_code,
        blocked=True,
    )


def _decoded(provider: str, content_type: str, body: bytes, retry_after: int | None) -> Json | PriceFailure:
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in ("application/json", "text/json", "application/javascript") and not kind.endswith("+json"):
        refused = _REFUSAL_TEXT.search(body[:20_000])
        said = f" ({words(refused.group().decode())})" if refused else ""
        reason = f"HTTP 200 with {words(kind, 40) or 'no content type'} instead of JSON{said}"
        return PriceFailure(provider, reason, None, 200, retry_after, refused is not None)
    try:
        return Json(json.loads(body, parse_constant=lambda _: None))  # NaN and Infinity are no JSON and no prices
    except (ValueError, RecursionError):
        reason = "HTTP 200 with an empty body" if not body.strip() else "HTTP 200 with broken JSON"
        return PriceFailure(provider, reason, None, 200, retry_after)


def _described(body: bytes) -> str:
    """Return ": description" from an error body: JSON's own words, or its first line when it is plain text."""
    try:
        text = error_text(json.loads(body[:100_000]))
    except (ValueError, RecursionError):
        line = body[:400].decode("utf-8", "replace").strip()
        text = "" if line.startswith("<") else words(line, 80)
    return f": {text}" if text else ""


async def _bounded_body(response: httpx.Response, limit: int) -> bytes | str:
    """Return the decoded body, or why it is refused; never inflates more than `limit` bytes."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip", "x-gzip", "deflate"):
        return f"HTTP {response.status_code} in the encoding {words(encoding, 20)}, which was not asked for"
    inflate = None if encoding in ("identity", "") else zlib.decompressobj(wbits=47)
    parts: list[bytes] = []
    room = limit
    async for raw in response.aiter_raw():
        try:
            part = raw if inflate is None else inflate.decompress(raw, room + 1)
        except zlib.error:
            return f"HTTP {response.status_code} with a broken {encoding} body"
        room -= len(part)
        if room < 0:
            return f"HTTP {response.status_code} with more than {limit:,} bytes"
        parts.append(part)
    if inflate is not None and not inflate.eof and parts:
        return f"HTTP {response.status_code} with a {encoding} body that was cut off"
    return b"".join(parts)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _is_loopback(url: str) -> bool:
    host = _split(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

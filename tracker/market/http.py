"""GETs JSON for the providers; every failure comes back with its reason."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tracker import __version__
from tracker.market.clean import error_text, words
from tracker.model.clock import Clock
from tracker.model.market import PriceFailure, Quote, QuotesAnswer
from tracker.net.address import pair, split
from tracker.net.client import REDIRECTS, Client, NoAnswer, Reply
from tracker.net.headers import retry_after_seconds
from tracker.net.hosts import HostLimits
from tracker.net.timeouts import DEFAULT_TIMEOUTS

if TYPE_CHECKING:
    import httpx

USER_AGENT = f"Mozilla/5.0 (compatible; tracker/{__version__}; +https://github.com/tracker-news/tracker)"
"""Says who asks, in the form that Yahoo answers: a bare tool name gets 429 at the first call."""
MAX_BYTES = 5_000_000
"""Of a decoded body; a chart of two years is 120 kB."""
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


def make_client(
    *,
    known: set[str] | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    pause_seconds: float | None = None,
    jitter: float = JITTER,
    timeout_seconds: float = DEFAULT_TIMEOUTS.price,
    max_bytes: int = MAX_BYTES,
) -> Client:
    """Return a client that asks each host once at a time, with a pause between two requests.

    Args:
        known: names that were on the public internet before (`pair_key`); it grows.
        timeout_seconds: for one exchange, so that a server that drips bytes is given up as well.
        pause_seconds: between the starts of two requests to a host; None: one second, and none on loopback (a server
            of one's own).
    """
    limits = (
        HostLimits(8, 1, PAUSE_SECONDS, jitter, loopback_delay_seconds=0.0)
        if pause_seconds is None
        else HostLimits(8, 1, pause_seconds, jitter)
    )
    return Client(
        user_agent=USER_AGENT,
        limits=limits,
        max_bytes=max_bytes,
        deadline_seconds=timeout_seconds,
        transport=transport,
        known=known,
    )


class Json(Struct, frozen=True):
    """A decoded answer."""

    data: object


async def quote_each(
    symbols: Sequence[str],
    ask: Callable[[str], Awaitable[Json | PriceFailure]],
    decode: Callable[[object, str], Quote | PriceFailure],
) -> QuotesAnswer:
    """Return quotes, one request a symbol; a block or no response ends the round."""
    quotes: list[Quote] = []
    failures: list[PriceFailure] = []
    for symbol in symbols:
        answer = await ask(symbol)
        if isinstance(answer, PriceFailure) and (answer.blocked or answer.is_silent):
            failures.append(replace(answer, symbol=None))
            break
        found = replace(answer, symbol=symbol) if isinstance(answer, PriceFailure) else decode(answer.data, symbol)
        if isinstance(found, PriceFailure):
            failures.append(found)
        else:
            quotes.append(found)
    return QuotesAnswer(tuple(quotes), (), tuple(failures))


class JsonGetter:
    """GETs JSON.

    Args:
        client: sends the requests; never closed here.
        clock: for Retry-After given as a date.
        base_urls: where the user says that a provider is; it may be on the inside.
    """

    def __init__(self, client: Client, clock: Clock, base_urls: Mapping[str, str]) -> None:
        self._own = {name: pair(url) for name, url in base_urls.items()}
        self.clock = clock
        self._client = client

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
        sent = {"Accept": "application/json", **(headers or {})}
        try:
            reply = await self._client.get(
                url,
                sent,
                params=params,
                wants_body=lambda status: status not in REDIRECTS,
                is_own=provider in self._own and self._own[provider] == pair(url),
            )
        except NoAnswer as failure:
            answer: Json | PriceFailure = self._unanswered(provider, failure)
        else:
            answer = self._answered(provider, reply)
        if not isinstance(answer, PriceFailure):
            return answer
        reason = answer.reason.replace(secret, "(key)") if secret else answer.reason
        return replace(answer, reason=reason, is_passing=answer.http not in _FINAL)

    def _answered(self, provider: str, reply: Reply) -> Json | PriceFailure:
        if reply.status in REDIRECTS:
            return _redirected(provider, reply)
        retry_after = self._retry_after(reply.headers)
        if reply.is_cut:
            reason = f"HTTP {reply.status} with a body that was cut off"
            return PriceFailure(provider, reason, None, reply.status, retry_after, reply.status in _REFUSALS)
        if reply.status != 200:
            blocked = reply.status in _REFUSALS or retry_after is not None
            reason = f"HTTP {reply.status}{_described(reply.body)}"
            return PriceFailure(provider, reason, None, reply.status, retry_after, blocked)
        return _decoded(provider, reply.headers.get("content-type", ""), reply.body, retry_after)

    def _unanswered(self, provider: str, failure: NoAnswer) -> PriceFailure:
        if failure.status is None or failure.is_timeout:
            reason = failure.reason if failure.is_timeout else f"no connection: {failure.reason}"
            return PriceFailure(
                provider, words(reason), blocked=failure.is_timeout, is_unreachable=not failure.is_timeout
            )
        reason = words(f"HTTP {failure.status}: {failure.reason}")
        retry_after = self._retry_after(failure.headers)
        return PriceFailure(provider, reason, None, failure.status, retry_after, failure.status in _REFUSALS)

    def _retry_after(self, headers: Mapping[str, str]) -> int | None:
        seconds = retry_after_seconds(headers, self.clock())
        return None if seconds is None else min(seconds, MAX_RETRY_AFTER)


def _redirected(provider: str, reply: Reply) -> PriceFailure:
    """Redirects are not followed: an API redirects to a consent or login page, never to prices."""
    target = split(reply.headers.get("location", "")).hostname or "another address"
    what = "a consent page" if re.search(r"consent|guce", target) else words(target, 80)
    return PriceFailure(
        provider,
        f"HTTP {reply.status}: sent to {what} instead of prices",
        None,
        reply.status,
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

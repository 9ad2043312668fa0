from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpcore
import httpx
import pytest

from tests.helpers.http_server import Answer, LoopbackServer, Request, loopback_server
from tracker.feeds.fetch import Fetcher
from tracker.model.feed import FetchedFeed
from tracker.net import guard
from tracker.net.client import USER_AGENT
from tracker.net.timeouts import Timeouts

NOW = datetime(2026, 6, 22, 12, 0, tzinfo=UTC)
BODY = b"<rss version='2.0'><channel><title>x</title></channel></rss>"


@asynccontextmanager
async def fetching(**options: Any) -> AsyncIterator[Fetcher]:
    settings: dict[str, Any] = {
        "host_delay_seconds": 0.0,
        "timeouts": Timeouts(feed=20.0),
    } | options
    async with Fetcher(clock=lambda: NOW, **settings) as fetcher:
        yield fetcher


async def get(url: str, *, etag: str | None = None, last_modified: str | None = None, **options: Any) -> FetchedFeed:
    async with fetching(**options) as fetcher:
        return await fetcher.fetch(url, etag=etag, last_modified=last_modified)


async def test_a_good_answer_comes_whole(server: LoopbackServer) -> None:
    headers = {
        "Content-Type": "text/xml",
        "ETag": 'W/"a b"',
        "Last-Modified": "yesterday",
        "Cache-Control": "max-age=90",
    }
    server.routes["/feed"] = Answer(BODY, headers=headers)
    got = await get(server.url + "/feed")
    assert (got.http, got.body, got.reason, got.content_type) == (200, BODY, None, "text/xml")
    assert (got.etag, got.last_modified, got.max_age_seconds) == ('W/"a b"', "yesterday", 90)
    assert got.url == got.final_url == server.url + "/feed"
    assert not got.offline


@pytest.mark.parametrize("status", [200, 304, 404, 429])
async def test_every_answer_tells_the_servers_time(server: LoopbackServer, status: int) -> None:
    server.routes["/feed"] = Answer(BODY, status, {"Date": "Mon, 22 Jun 2026 11:00:00 GMT"})
    got = await get(server.url + "/feed", etag='"1"')
    assert (got.http, got.server_date) == (status, NOW - timedelta(hours=1))


async def test_the_first_request_has_manners_and_no_conditions(server: LoopbackServer) -> None:
    server.routes["/feed"] = Answer(BODY)
    await get(server.url + "/feed")
    (request,) = server.requests
    assert request.headers["user-agent"] == USER_AGENT
    assert request.headers["accept-encoding"] == "gzip, deflate"
    assert "application/rss+xml" in request.headers["accept"]
    forbidden = {"cookie", "referer", "if-none-match", "if-modified-since", "authorization"}
    assert not forbidden & set(request.headers)


@pytest.mark.parametrize("etag", ["W/\"weak, 'quoted'\"", "bare", '"\xfcml"', '"0"'])
async def test_validators_go_back_exactly_as_they_came(server: LoopbackServer, etag: str) -> None:
    def route(request: Request) -> Answer:
        is_known = "if-none-match" in request.headers
        return Answer(
            b"" if is_known else BODY, 304 if is_known else 200, {"ETag": etag, "Last-Modified": "Mon, 1 never"}
        )

    server.routes["/feed"] = route
    first = await get(server.url + "/feed")
    second = await get(server.url + "/feed", etag=first.etag, last_modified=first.last_modified)
    assert (second.http, second.body, second.reason) == (304, None, None)
    sent = server.requests[1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == (etag, "Mon, 1 never")
    assert (second.etag, second.last_modified) == (etag, "Mon, 1 never")


async def test_cookies_are_not_kept(server: LoopbackServer) -> None:
    server.routes["/feed"] = Answer(BODY, headers={"Set-Cookie": "id=1"})
    async with fetching() as fetcher:
        await fetcher.fetch(server.url + "/feed")
        await fetcher.fetch(server.url + "/feed")
    assert all("cookie" not in request.headers for request in server.requests)


def _deflate(data: bytes, wbits: int) -> bytes:
    packer = zlib.compressobj(wbits=wbits)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (gzip.compress(BODY), "gzip"),
        (gzip.compress(BODY), "X-GZIP"),
        (gzip.compress(BODY[:9]) + gzip.compress(BODY[9:]) + b"\0\0\0", "gzip"),
        (_deflate(BODY, 15), "deflate"),
        (_deflate(BODY, -15), "deflate"),
        (BODY, "gzip"),
        (BODY, "identity"),
    ],
    ids=["gzip", "x-gzip", "two members", "zlib", "raw deflate", "mislabelled", "identity"],
)
async def test_compressed_bodies(server: LoopbackServer, packed: bytes, encoding: str) -> None:
    server.routes["/feed"] = Answer(packed, headers={"Content-Encoding": encoding})
    assert (await get(server.url + "/feed")).body == BODY


async def test_a_gzip_bomb_stops_at_the_bound(server: LoopbackServer) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    server.routes["/feed"] = Answer(bomb, headers={"Content-Encoding": "gzip", "ETag": '"bomb"'})
    got = await get(server.url + "/feed", max_bytes=1_000_000)
    assert (got.http, got.body, got.reason, got.etag) == (200, None, "more than 1 MB", None)


@pytest.mark.parametrize("promise", [None, 2_000_000], ids=["told", "untold"])
async def test_a_large_body_is_refused(server: LoopbackServer, promise: int | None) -> None:
    server.routes["/feed"] = Answer(bytes(200_000), promise=promise)
    got = await get(server.url + "/feed", max_bytes=100_000)
    assert got.reason == "more than 0.1 MB"


@asynccontextmanager
async def saying(raw: bytes) -> AsyncIterator[str]:
    """A server that answers with these bytes and closes the connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listener:
        yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/"


_HEAD = b'HTTP/1.1 200 OK\r\nETag: "x"\r\nLast-Modified: then\r\nContent-Type: text/xml\r\n'
_PACKED = gzip.compress(BODY)


@pytest.mark.parametrize(
    ("rest", "is_cut"),
    [
        (b"Content-Length: 100\r\n\r\n" + BODY, True),
        (b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(BODY) + BODY + b"\r\n", True),
        (b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % (len(BODY) + 9) + BODY, True),
        (b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(BODY) + BODY + b"\r\nzzz\r\n", True),
        (b"Content-Encoding: gzip\r\n\r\n" + _PACKED[:-8], True),
        (b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(_PACKED) + _PACKED[:-8], True),
        (b"\r\n" + BODY, False),
        (b"Content-Encoding: gzip\r\n\r\n" + _PACKED, False),
    ],
    ids=["length", "no last chunk", "in a chunk", "broken chunk", "gzip", "gzip and length", "whole", "whole gzip"],
)
async def test_a_body_that_is_cut_comes_as_far_as_it_goes_and_without_validators(rest: bytes, is_cut: bool) -> None:
    async with saying(_HEAD + rest) as url:
        got = await get(url)
    assert (got.http, got.reason, got.content_type) == (200, None, "text/xml")
    assert (got.body, got.is_cut) == (BODY, is_cut)
    assert (got.etag, got.last_modified) == ((None, None) if is_cut else ('"x"', "then"))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(b"\x1f\x8bjunk!!!!!", headers={"Content-Encoding": "gzip"}), "broken compression (Error -3 while"),
        (Answer(b"\xff\xfejunk", headers={"Content-Encoding": "deflate"}), "broken compression (Error -3 while"),
        (Answer(BODY, headers={"Content-Encoding": "br"}), "compressed with 'br', which tracker does not accept"),
        (Answer(b"", 404), "404 Not Found"),
        (Answer(b"x" * 9_000, 500), "500 Internal Server Error"),
        (Answer(b"", 410), "410 Gone"),
        (Answer(b"", 304), "304 Not Modified"),
        (Answer(b"", 799), "status 799"),
        (Answer(b"", 403, {"cf-mitigated": "challenge"}), "Cloudflare challenge (403)"),
        (Answer(b"", 429, {"Retry-After": "60"}), "429, asked to wait 60 s"),
        (Answer(b"", 429), "429 Too Many Requests"),
        (Answer(b"", 301), "301 redirect without an address"),
        (Answer(b"", 302, {"Location": "ftp://x/"}), "redirected to 'ftp://x/', which is not an http or https address"),
        (
            Answer(b"", 302, {"Location": "http://[x/"}),
            "redirected to 'http://[x/', which is not an http or https address",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_failures_are_told_in_words(server: LoopbackServer, answer: Answer, reason: str) -> None:
    server.routes["/feed"] = answer
    got = await get(server.url + "/feed")
    assert (got.reason or "").startswith(reason)
    assert (got.http, got.body, got.etag) == (answer.status, None, None)
    assert not got.offline


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"Retry-After": "7200"}, 7200),
        (503, {"Retry-After": "Mon, 22 Jun 2026 13:00:00 GMT", "Date": "Mon, 22 Jun 2026 12:30:00 GMT"}, 1800),
        (503, {"Retry-After": "soon"}, None),
        (404, {"Retry-After": "60"}, None),
    ],
)
async def test_retry_after(server: LoopbackServer, status: int, headers: dict[str, str], seconds: int | None) -> None:
    server.routes["/feed"] = Answer(b"", status, headers)
    assert (await get(server.url + "/feed")).retry_after_seconds == seconds


async def test_a_permanent_chain_is_told(server: LoopbackServer) -> None:
    server.routes["/a"] = Answer(b"", 301, {"Location": "/b"})
    server.routes["/b"] = Answer(b"", 308, {"Location": server.url + "/c#part"})
    server.routes["/c"] = Answer(BODY)
    got = await get(server.url + "/a")
    assert (got.url, got.final_url, got.permanent_url) == (server.url + "/a", server.url + "/c", server.url + "/c")
    assert got.body == BODY


async def test_a_temporary_link_ends_the_permanent_chain(server: LoopbackServer) -> None:
    server.routes["/a"] = Answer(b"", 301, {"Location": "/b"})
    server.routes["/b"] = Answer(b"", 302, {"Location": "/c"})
    server.routes["/c"] = Answer(b"", 301, {"Location": "/d"})
    server.routes["/d"] = Answer(BODY)
    got = await get(server.url + "/a")
    assert (got.final_url, got.permanent_url) == (server.url + "/d", server.url + "/b")


async def test_a_redirect_in_the_sites_own_script_is_followed(server: LoopbackServer) -> None:
    server.routes["/a"] = Answer(b"", 302, {"Location": "/خبر".encode().decode("latin-1")})
    server.routes["/%D8%AE%D8%A8%D8%B1"] = Answer(BODY)
    assert (await get(server.url + "/a")).body == BODY
    server.routes["/b"] = Answer(b"", 302, {"Location": "/\xe9"})
    server.routes["/%C3%A9"] = Answer(BODY)
    assert (await get(server.url + "/b")).body == BODY


async def test_a_temporary_redirect_and_a_dead_end_move_nothing(server: LoopbackServer) -> None:
    server.routes["/a"] = Answer(b"", 307, {"Location": "/c"})
    server.routes["/b"] = Answer(b"", 301, {"Location": "/gone"})
    server.routes["/c"] = Answer(BODY)
    assert (await get(server.url + "/a")).permanent_url is None
    assert (await get(server.url + "/b")).permanent_url is None


async def test_redirects_end(server: LoopbackServer) -> None:
    server.routes["/a"] = Answer(b"", 301, {"Location": "/a"})
    got = await get(server.url + "/a")
    assert (got.reason, got.http, got.permanent_url) == ("redirected more than 5 times", 301, None)
    assert len(server.requests) == 6


async def test_credentials_stay_with_their_host(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "is_public", lambda _: True)  # else the redirect would be refused
    other = server.url.replace("127.0.0.1", "localhost")
    server.routes["/a"] = Answer(b"", 302, {"Location": "/b"})
    server.routes["/b"] = Answer(b"", 302, {"Location": other.replace("//", "//thief:pw@") + "/c"})
    server.routes["/c"] = Answer(BODY)
    got = await get(server.url.replace("//", "//me:p%40ss@") + "/a")
    assert got.http == 200
    sent = [request.headers.get("authorization") for request in server.requests]
    assert sent == ["Basic bWU6cEBzcw==", "Basic bWU6cEBzcw==", None]
    assert "me" not in got.final_url


async def test_a_slow_server_meets_the_deadline(server: LoopbackServer) -> None:
    server.routes["/late"] = Answer(BODY, delay=3.0)
    server.routes["/drip"] = Answer(BODY, promise=10_000, hold=3.0)
    assert (await get(server.url + "/late", timeouts=Timeouts(feed=0.2))).reason == "timed out after 0.2 s"
    dripped = await get(server.url + "/drip", timeouts=Timeouts(feed=0.2))
    assert dripped.reason == "timed out after 0.2 s"
    assert 150 <= dripped.elapsed_ms < 2_000


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_nobody_there() -> None:
    got = await get(f"http://127.0.0.1:{_free_port()}/")
    assert (got.reason, got.http, got.offline) == ("connection refused", None, False)


@pytest.mark.parametrize("url", ["ftp://x.example/", "file:///etc/passwd", "x", "http://", "http://a b/"])
async def test_other_schemes_are_not_asked(url: str) -> None:
    got = await get(url)
    assert (got.reason, got.final_url) == ("not an http or https address", url)


async def test_no_tls_where_none_is_spoken(server: LoopbackServer) -> None:
    got = await get(server.url.replace("http:", "https:") + "/feed")
    assert (got.reason or "").startswith("TLS failed (")


async def test_a_host_that_stops_in_the_middle_of_tls_has_timed_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        urls = [f"https://127.0.0.1:{silent.getsockname()[1]}/{n}" for n in range(2)]
        async with fetching(timeouts=Timeouts(connect=0.3)) as fetcher:
            first, second = [await fetcher.fetch(url) for url in urls]
    assert first.reason == "timed out while connecting"
    assert second.is_postponed


async def test_what_is_not_http_is_quoted() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"ICY 200 OK\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as listener:
        got = await get(f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/")
    assert got.reason == "not a valid HTTP response (illegal status line: 'ICY 200 OK')"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0", "10.0.0.1", "169.254.169.254"])
async def test_addresses_inside_are_refused(host: str) -> None:
    async with fetching() as fetcher:
        got = await fetcher.fetch(f"http://{host}:{_free_port()}/", own="http://feeds.example/")
    assert (got.reason or "").startswith("refused: ")
    assert (got.reason or "").endswith(" is not a public address")


async def test_a_redirect_to_an_address_inside_is_refused(server: LoopbackServer) -> None:
    server.routes["/a"] = Answer(b"", 301, {"Location": server.url.replace("127.0.0.1", "localhost") + "/b"})
    server.routes["/b"] = Answer(BODY)
    got = await get(server.url + "/a")
    assert (got.reason or "").startswith("refused: ")
    assert (got.http, got.permanent_url) == (301, None)
    assert [request.path for request in server.requests] == ["/a"]


@pytest.mark.parametrize("is_settled", [False, True])
async def test_a_kept_connection_to_the_inside_is_not_for_other_feeds(server: LoopbackServer, is_settled: bool) -> None:
    with loopback_server() as other:
        server.routes["/feed"] = server.routes["/secret"] = Answer(BODY)
        other.routes["/a"] = Answer(b"", 302, {"Location": server.url + "/secret"})
        async with fetching() as fetcher:
            assert (await fetcher.fetch(server.url + "/feed")).reason is None  # leaves a connection
            asked = server.url + "/secret" if is_settled else other.url + "/a"
            got = await fetcher.fetch(asked, own=other.url + "/a")
            assert got.reason == "refused: 127.0.0.1 is not a public address"
            assert (await fetcher.fetch(server.url + "/feed")).reason is None
    assert [request.path for request in server.requests] == ["/feed", "/feed"]


async def test_one_host_is_asked_one_at_a_time_and_with_pauses(server: LoopbackServer) -> None:
    for number in range(4):
        server.routes[f"/{number}"] = Answer(BODY, delay=0.02)
    async with fetching(host_delay_seconds=0.1) as fetcher:
        await asyncio.gather(*(fetcher.fetch(f"{server.url}/{number}") for number in range(4)))
    assert server.most_at_once == 1
    times = sorted(request.at for request in server.requests)
    assert all(later - earlier > 0.05 for earlier, later in pairwise(times))


@pytest.mark.slow
async def test_the_settings_open_a_host_up(server: LoopbackServer) -> None:
    for number in range(12):
        server.routes[f"/{number}"] = Answer(BODY, delay=0.15)
    async with fetching(host_connections=8, connections=3) as fetcher:
        await asyncio.gather(*(fetcher.fetch(f"{server.url}/{number}") for number in range(12)))
    assert server.most_at_once == 3


async def test_waiting_for_a_place_does_not_shorten_the_pause(server: LoopbackServer) -> None:
    for number in range(4):
        server.routes[f"/{number}"] = Answer(BODY, delay=0.02)
    bases = [server.url.replace("127.0.0.1", "localhost"), server.url, server.url, server.url]
    async with fetching(host_connections=3, connections=1, host_delay_seconds=0.1) as fetcher:
        await asyncio.gather(*(fetcher.fetch(f"{base}/{number}") for number, base in enumerate(bases)))
    times = sorted(request.at for request in server.requests if request.path != "/0")
    assert len(times) == 3
    assert all(later - earlier > 0.05 for earlier, later in pairwise(times))


@pytest.mark.slow
async def test_waiting_for_a_turn_is_not_the_servers_fault(server: LoopbackServer) -> None:
    for number in range(4):
        server.routes[f"/{number}"] = Answer(BODY, delay=0.2)
    async with fetching(timeouts=Timeouts(feed=0.5)) as fetcher:
        got = await asyncio.gather(*(fetcher.fetch(f"{server.url}/{number}") for number in range(4)))
    assert [answer.reason for answer in got] == [None] * 4


async def test_cancelling_passes_through(server: LoopbackServer) -> None:
    loop = asyncio.get_running_loop()
    arrived = asyncio.Event()

    def route(_: Request) -> Answer:
        loop.call_soon_threadsafe(arrived.set)
        return Answer(BODY, delay=3.0)

    server.routes["/late"] = route
    async with fetching() as fetcher:
        task = asyncio.create_task(fetcher.fetch(server.url + "/late"))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_connection_is_used_again(server: LoopbackServer) -> None:
    server.routes["/feed"] = Answer(BODY)
    server.routes["/no"] = Answer(b"small", 404)
    async with fetching() as fetcher:
        for path in ("/feed", "/no", "/feed"):
            await fetcher.fetch(server.url + path)
    assert len({request.peer for request in server.requests}) == 1


@asynccontextmanager
async def hanging_up(answers: int) -> AsyncIterator[tuple[str, list[int]]]:
    """A server that answers so many times on one connection, then hangs up when it is asked again."""
    asked: list[int] = []
    served: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        served.append(task)
        with suppress(asyncio.IncompleteReadError):
            for turn in range(answers + 1):
                await reader.readuntil(b"\r\n\r\n")
                asked.append(turn)
                if turn < answers:
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/", asked
    finally:
        listener.close()
        await asyncio.gather(*served)
        await listener.wait_closed()


async def test_a_kept_connection_that_was_closed_meanwhile_is_replaced() -> None:
    async with hanging_up(answers=1) as (url, asked):
        async with fetching() as fetcher:
            answers = [await fetcher.fetch(url) for _ in range(2)]
        assert [answer.body for answer in answers] == [b"ok", b"ok"]
        assert asked == [0, 1, 0]


async def test_hanging_up_at_once_is_no_answer_and_asked_once() -> None:
    async with hanging_up(answers=0) as (url, asked):
        got = await get(url)
        assert got.reason == "no response (Server disconnected without sending a response.)"
        assert asked == [0]


class _Failing(httpx.AsyncBaseTransport):
    """The network's own failures, which loopback cannot have."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise self._error


def _caused(cause: Exception) -> httpcore.ConnectError:
    error = httpcore.ConnectError("All connection attempts failed")
    error.__cause__ = ExceptionGroup("both", [cause])
    return error


@pytest.mark.parametrize(
    ("error", "reason", "offline"),
    [
        (socket.gaierror(socket.EAI_AGAIN, "x"), "name servers not responding", True),
        (socket.gaierror(socket.EAI_NONAME, "x"), "no such host", False),
        (_caused(ssl.SSLCertVerificationError(1, "x")), "certificate not accepted: unknown", False),
        (UnicodeError("label too long"), "no such host", False),
        (_caused(OSError(101, "Network is unreachable")), "no network", True),
        (_caused(ConnectionResetError(104, "x")), "connection reset", False),
        (httpcore.ConnectTimeout(), "timed out while connecting", False),
        (httpcore.LocalProtocolError("bad\x1b[0m header"), "no response (bad header)", False),
        (httpx.ReadError(""), "no response (ReadError)", False),
    ],
)
async def test_network_failures(error: Exception, reason: str, offline: bool) -> None:
    got = await get("http://x.example/", transport=_Failing(error))
    assert (got.reason, got.offline, got.http) == (reason, offline, None)


def test_the_client_loads_no_command_line_of_httpx() -> None:
    code = "import sys, tracker.net.client; sys.exit(', '.join({'click', 'rich', 'pygments'} & set(sys.modules)) or 0)"
    subprocess.run([sys.executable, "-c", code], check=True)

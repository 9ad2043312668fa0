"""What a server sees of us over days: every rule of politeness against a real server that keeps score.

Feeds live at `http://a.example/...`; a transport carries the requests to the loopback server, as servers on loopback
are the user's own and may be asked at any time.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from tests.helpers.feeds import conditional, rss
from tests.helpers.http_server import Answer, LoopbackServer, Request
from tests.helpers.store import NOW
from tracker.model.config import Config, MarketSettings, Settings
from tracker.model.events import SyncFinished
from tracker.model.feed import FeedSource, FeedState, FeedSynced
from tracker.model.query import parse_query
from tracker.net.client import USER_AGENT
from tracker.net.guard import GuardedTransport
from tracker.store.read import Reader
from tracker.sync.options import SyncOptions
from tracker.sync.run import Syncer

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class ToLoopback(httpx.AsyncBaseTransport):
    """Sends every request to one server, whatever its host; `Host` stays as it was."""

    def __init__(self, server: LoopbackServer) -> None:
        self._address = httpx.URL(server.url)
        self._inner = GuardedTransport(8)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host=self._address.host, port=self._address.port)
        request.extensions = {**request.extensions, "is_own": True}
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


class World:
    """Feeds at made-up hosts, a database, and a time that passes."""

    def __init__(self, server: LoopbackServer, db: Path, transport: httpx.AsyncBaseTransport) -> None:
        self.server = server
        self.db = db
        self.transport = transport
        self.now = NOW
        self.config = Config(Settings(keep_days=0, host_delay_seconds=0.0), market=MarketSettings(()))

    def add(self, name: str, url: str, *, poll_minutes: int | None = None) -> None:
        source = FeedSource(name, url, poll_minutes=poll_minutes)
        self.config = replace(self.config, feeds=(*self.config.feeds, source))

    async def sync(self, options: SyncOptions | None = None) -> dict[str, FeedSynced]:
        """Sync as a process of its own would: nothing is remembered but the database."""
        syncer = Syncer(self.config, self.db, lambda: self.now, transport=self.transport)
        events = [event async for event in syncer.run(options or SyncOptions())]
        await syncer.close()
        assert isinstance(events[-1], SyncFinished)
        return {feed.name: feed for feed in events[-1].feeds}

    async def pass_time(self, days: float, step: timedelta) -> None:
        """Sync every so often, as cron would."""
        end = self.now + timedelta(days=days)
        while self.now < end:
            await self.sync()
            self.now += step

    def state(self, name: str) -> FeedState:
        with Reader(self.db) as reader:
            return reader.feeds.states()[name]

    def articles(self) -> list[tuple[int, str]]:
        with Reader(self.db) as reader:
            rows = reader.articles.headlines(reader.articles.ids(parse_query(""), self.now))
        return sorted((row.id, row.title) for row in rows)

    def hosts(self, path: str) -> list[str]:
        return [request.headers["host"] for request in self.server.asked(path)]


@asynccontextmanager
async def _world(server: LoopbackServer, db: Path) -> AsyncIterator[World]:
    transport = ToLoopback(server)
    try:
        yield World(server, db, transport)
    finally:
        await transport.aclose()


@pytest.fixture
async def world(server: LoopbackServer, tmp_path: Path) -> AsyncIterator[World]:
    async with _world(server, tmp_path / "t.db") as made:
        yield made


def is_unconditional(request: Request) -> bool:
    return "if-none-match" not in request.headers and "if-modified-since" not in request.headers


@pytest.mark.slow
async def test_one_unconditional_request_then_validators_verbatim(world: World) -> None:
    etag, modified = 'W/"it\'s, odd"', "yesterday, roughly"
    world.server.routes["/f"] = Answer(rss(["One"]), headers={"ETag": etag, "Last-Modified": modified})
    world.add("F", "http://a.example/f", poll_minutes=30)
    await world.sync()
    world.server.routes["/f"] = Answer(status=304)
    await world.pass_time(7, 6 * _HOUR)
    asked = world.server.asked("/f")
    assert len(asked) > 20
    assert [is_unconditional(request) for request in asked].count(True) == 1
    assert {request.headers["if-none-match"] for request in asked[1:]} == {etag}
    assert {request.headers["if-modified-since"] for request in asked[1:]} == {modified}


async def test_validators_are_those_of_the_last_whole_answer(world: World) -> None:
    world.server.routes["/f"] = Answer(rss(["One"]), headers={"ETag": '"1"', "Last-Modified": "then"})
    world.add("F", "http://a.example/f", poll_minutes=30)
    await world.sync()
    world.server.routes["/f"] = Answer(rss(["Two"]), headers={"ETag": '"2"'})
    world.now += _HOUR
    await world.sync()
    world.now += _HOUR
    await world.sync()
    last = world.server.asked("/f")[-1]
    assert last.headers["if-none-match"] == '"2"'
    assert "if-modified-since" not in last.headers


@pytest.mark.slow
async def test_servers_that_answer_304_for_ever_are_asked_whole_every_8_days_one_by_one(world: World) -> None:
    names = [f"f{n}" for n in range(4)]
    for name in names:
        world.server.routes[f"/{name}"] = conditional(rss([name]))
        world.add(name, f"http://{name}.example/{name}", poll_minutes=30)
    whole: dict[str, list[float]] = {name: [] for name in names}
    for step in range(19 * 8):
        world.now = NOW + step * 3 * _HOUR
        before = len(world.server.requests)
        await world.sync()
        for request in world.server.requests[before:]:
            if is_unconditional(request):
                whole[request.path[1:]].append(step / 8)
    assert all(days[0] == 0 for days in whole.values())
    gaps = [later - earlier for days in whole.values() for earlier, later in pairwise(days)]
    assert len(gaps) >= 2 * len(names)
    assert all(8 <= gap <= 9.25 for gap in gaps)
    assert len({days[1] for days in whole.values()}) > 2


@pytest.mark.slow
@pytest.mark.parametrize(
    "headers",
    [
        lambda: {"Retry-After": "7200"},
        lambda: {"Retry-After": format_datetime(NOW + 9 * _HOUR), "Date": format_datetime(NOW + 7 * _HOUR)},
    ],
    ids=["seconds", "date against the server's own clock"],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_holds_for_the_whole_host_and_outlives_the_process(
    world: World, status: int, headers: Callable[[], dict[str, str]]
) -> None:
    world.server.routes["/a"] = Answer(status=status, headers=headers())
    world.server.routes["/b"] = world.server.routes["/c"] = Answer(rss(["B"]))
    world.add("A", "http://busy.example/a", poll_minutes=30)
    await world.sync()
    world.add("B", "http://busy.example/b", poll_minutes=30)
    world.add("C", "http://free.example/c", poll_minutes=30)
    for options in (SyncOptions(), SyncOptions(force=True), SyncOptions(by_hand=True), SyncOptions(feeds=("A", "B"))):
        world.now = NOW + 119 * _MINUTE
        feeds = await world.sync(options)
        assert feeds["B"].status == "skipped"
    assert (len(world.hosts("/a")), world.hosts("/b"), "free.example" in world.hosts("/c")) == (1, [], True)
    world.now = NOW + 3 * _HOUR
    world.server.routes["/a"] = Answer(rss(["A"]))
    feeds = await world.sync()
    assert feeds["B"].status == "new"


@pytest.mark.slow
async def test_moved_for_good_is_taken_over_after_7_days_and_keeps_its_articles(world: World) -> None:
    world.server.routes["/old"] = Answer(rss(["One"]))
    world.server.routes["/new"] = Answer(rss(["One", "Two"]))
    world.add("F", "http://a.example/old", poll_minutes=360)
    await world.sync()
    first = world.articles()
    world.server.routes["/old"] = Answer(status=301, headers={"Location": "http://b.example/new"})
    world.now += 7 * _HOUR
    await world.pass_time(6.5, 7 * _HOUR)
    asked_old = len(world.hosts("/old"))
    assert asked_old > 10  # every time so far
    world.now += _DAY
    await world.sync()
    world.now += 7 * _HOUR
    await world.sync()
    assert len(world.hosts("/old")) <= asked_old + 1
    assert set(world.hosts("/new")) == {"b.example"}
    assert world.articles()[: len(first)] == first
    assert [title for _, title in world.articles()] == ["One", "Two"]


async def test_a_redirect_that_is_taken_back_is_forgotten(world: World) -> None:
    world.server.routes["/old"] = Answer(status=308, headers={"Location": "http://b.example/new"})
    world.server.routes["/new"] = Answer(rss(["One"]))
    world.add("F", "http://a.example/old", poll_minutes=360)
    await world.sync()
    assert world.state("F").redirect_url == "http://b.example/new"
    world.server.routes["/old"] = Answer(rss(["One"]))
    world.now += 7 * _HOUR
    await world.sync()
    assert world.state("F").redirect_url is None


async def test_http_to_https_is_taken_over_at_once(world: World) -> None:
    def answer(request: Request) -> Answer:
        moved = Answer(status=301, headers={"Location": "https://a.example/f"})
        return moved if len(world.server.asked("/f")) == 1 else Answer(rss(["One"]))

    world.server.routes["/f"] = answer
    world.add("F", "http://a.example/f", poll_minutes=30)
    await world.sync()
    world.now += _HOUR
    await world.sync()
    # Two for the first sync, one for the second: the upgraded address was asked directly.
    assert len(world.server.asked("/f")) == 3
    assert world.articles() == [(1, "One")]


async def test_gone_is_disabled_with_its_reason_and_asked_only_by_name(world: World) -> None:
    world.server.routes["/f"] = Answer(status=410)
    world.add("F", "http://a.example/f")
    assert (await world.sync())["F"].status == "failed"
    await world.pass_time(3, 6 * _HOUR)
    assert len(world.server.asked("/f")) == 1
    assert "410 Gone" in (world.state("F").disabled_reason or "")
    world.server.routes["/f"] = Answer(rss(["Back"]))
    assert (await world.sync(SyncOptions(feeds=("F",))))["F"].status == "new"
    assert world.state("F").disabled_reason is None


async def test_a_cloudflare_challenge_is_named_and_left_alone_for_6_hours(world: World) -> None:
    world.server.routes["/f"] = Answer(b"<html>Just a moment", 403, headers={"cf-mitigated": "challenge"})
    world.add("F", "http://a.example/f")
    assert (await world.sync())["F"].reason == "Cloudflare challenge (403)"
    await world.pass_time(0.24, 10 * _MINUTE)
    assert len(world.server.asked("/f")) == 1
    assert world.state("F").next_why == "Cloudflare challenge, 6 h"


@pytest.mark.slow
async def test_other_failures_double_and_never_stop(world: World) -> None:
    world.server.routes["/f"] = Answer(status=500)
    world.add("F", "http://a.example/f")
    counts = []
    for _ in range(6):
        before = len(world.server.asked("/f"))
        await world.pass_time(1, 30 * _MINUTE)
        counts.append(len(world.server.asked("/f")) - before)
    assert counts[0] in (5, 6)
    assert counts[1:] == sorted(counts[1:], reverse=True)
    assert sum(counts[3:]) >= 2
    assert world.state("F").fail_count == sum(counts)


async def test_no_network_counts_against_nobody(world: World) -> None:
    class NoNetwork(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    world.server.routes["/f"] = Answer(rss(["One"]))
    world.add("F", "http://a.example/f")
    online, world.transport = world.transport, NoNetwork()
    for _ in range(5):
        assert (await world.sync())["F"].reason == "name servers not responding"
        world.now += 17 * _MINUTE
    assert world.state("F").fail_count == 0
    world.transport = online
    assert (await world.sync())["F"].status == "new"


async def test_not_one_name_found_is_no_network(world: World) -> None:
    class NoNames(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.host == "b.example" and is_one_known:
                return httpx.Response(404)
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    is_one_known = False
    for name in "abc":
        world.add(name, f"http://{name}.example/f")
    world.transport = NoNames()
    feeds = await world.sync()
    assert {feed.reason for feed in feeds.values()} == {"cannot resolve any host: are you offline?"}
    assert [world.state(name).fail_count for name in "abc"] == [0, 0, 0]
    assert all(feed.next_due == NOW + 15 * _MINUTE for feed in feeds.values())
    world.now, is_one_known = NOW + 17 * _MINUTE, True
    feeds = await world.sync()
    assert (feeds["a"].reason, feeds["b"].reason) == ("no such host", "404 Not Found")
    assert [world.state(name).fail_count for name in "abc"] == [1, 1, 1]


@pytest.mark.slow
async def test_starting_again_and_again_asks_once(world: World) -> None:
    world.server.routes["/f"] = Answer(rss(["One"]))
    world.add("F", "http://a.example/f", poll_minutes=1)
    for second in range(0, 15 * 60, 60):
        world.now = NOW + timedelta(seconds=second)
        await world.sync()
        await world.sync(SyncOptions(by_hand=True))
        await world.sync(SyncOptions(feeds=("F",)))
    assert len(world.server.asked("/f")) == 1
    world.now = NOW + 17 * _MINUTE
    await world.sync()
    assert len(world.server.asked("/f")) == 2


@pytest.mark.slow
async def test_lively_feeds_are_asked_at_the_users_interval_and_quiet_ones_less_often(world: World) -> None:
    def lively(_: Request) -> Answer:
        hours = int((world.now - NOW) / _HOUR)
        return Answer(rss([f"Hour {n}" for n in range(hours + 20)], published=world.now))

    world.server.routes["/lively"] = lively
    world.server.routes["/quiet"] = conditional(rss(["Long ago"], published=NOW - 90 * _DAY))
    world.server.routes["/daily"] = conditional(rss(["Monday"], published=NOW - _DAY))
    world.server.routes["/mine"] = conditional(rss(["Long ago"], published=NOW - 90 * _DAY))
    for name in ("lively", "quiet", "daily"):
        world.add(name, f"http://{name}.example/{name}")
    world.add("mine", "http://mine.example/mine", poll_minutes=60)
    await world.pass_time(1, 15 * _MINUTE)
    asked = {name: len(world.server.asked(f"/{name}")) for name in ("lively", "quiet", "daily", "mine")}
    assert 28 <= asked["lively"] <= 48
    assert (asked["quiet"], asked["daily"]) == (4, 5)
    assert 18 <= asked["mine"] <= 24  # an interval given to this very feed stands
    assert world.state("lively").next_why == "your interval"
    assert world.state("quiet").next_why == "quiet feed (0 in 30 days), every 6 h"


@pytest.mark.slow
async def test_the_servers_word_counts_when_it_is_larger(world: World) -> None:
    world.server.routes["/f"] = Answer(rss(["One"]), headers={"Cache-Control": "max-age=36000"})
    world.add("F", "http://a.example/f", poll_minutes=30)
    await world.pass_time(1, 30 * _MINUTE)
    assert len(world.server.asked("/f")) == 3
    assert world.state("F").next_why == "Cache-Control 10 h"


async def test_what_a_request_says_of_us(world: World) -> None:
    world.server.routes["/f"] = Answer(rss(["One"]), headers={"Set-Cookie": "id=1; Path=/", "ETag": '"1"'})
    world.add("F", "http://a.example/f", poll_minutes=30)
    await world.sync()
    world.now += _HOUR
    await world.sync()
    for request in world.server.asked("/f"):
        assert request.headers["user-agent"] == USER_AGENT
        assert request.headers["accept-encoding"] == "gzip, deflate"  # only what is unpacked within bounds
        assert not {"cookie", "referer", "authorization", "pragma", "cache-control"} & set(request.headers)
        assert request.query == {}
    assert "/" in USER_AGENT
    assert "+https://" in USER_AGENT


@pytest.mark.slow
async def test_one_host_is_asked_one_by_one(world: World) -> None:
    for n in range(4):
        world.server.routes[f"/{n}"] = Answer(rss([f"{n}"]), delay=0.05)
        world.add(f"{n}", f"http://same.example/{n}")
    world.config = replace(world.config, settings=replace(world.config.settings, host_delay_seconds=0.3))
    await world.sync()
    starts = sorted(request.at for request in world.server.requests)
    assert world.server.most_at_once == 1
    assert all(later - earlier >= 0.2 for earlier, later in pairwise(starts))
    assert (Settings().host_connections, Settings().host_delay_seconds, Settings().connections) == (1, 1.0, 8)


def item(title: str, guid: str, text: str = "") -> str:
    link = f"https://news.example/{title.replace(' ', '-')}"
    return f"<item><title>{title}</title><guid>{guid}</guid><link>{link}</link><description>{text}</description></item>"


def feed(*items: str) -> Answer:
    return Answer(f"<rss version='2.0'><channel><title>T</title>{''.join(items)}</channel></rss>".encode())


async def test_the_same_article_under_a_new_guid_is_no_new_article(world: World) -> None:
    world.server.routes["/f"] = feed(item("Nvidia falls", "?p=1"), item("A quiet day", "?p=2"))
    world.add("F", "http://a.example/f", poll_minutes=30)
    await world.sync()
    first = world.articles()
    for guid in ("https://new.example/1", "urn:1"):
        world.now += _HOUR
        world.server.routes["/f"] = feed(item("Nvidia falls", guid, f"more {guid}"), item("A quiet day", "?p=2"))
        synced = (await world.sync())["F"]
        assert (synced.new, synced.updated) == (0, 1)
    assert world.articles() == first
    world.now += _HOUR
    world.server.routes["/f"] = feed(item("Nvidia falls", "urn:1"), item("Nvidia falls", "urn:2"))
    assert (await world.sync())["F"].new == 1  # two guids side by side are two articles


async def test_a_feed_whose_addresses_all_change_brings_no_article_again(world: World) -> None:
    def addressed(start: str, end: str) -> Answer:
        items = (
            f"<item><title>{title}</title><link>{start}{title}{end}</link><pubDate>{date}</pubDate></item>"
            for title, date in (("Nvidia falls", "Mon, 27 Jan 2025 12:00:07 GMT"), ("A quiet day", ""))
        )
        return feed(*items)

    world.server.routes["/f"] = addressed("http://news.example/", "?session=1")
    world.add("F", "http://a.example/f", poll_minutes=30)
    await world.sync()
    first = world.articles()
    for start, end, dated_only in (
        ("https://www.news.example/", "?session=1", False),
        ("https://www.news.example/", "?session=2", True),
        ("https://other.example/news/", "", True),
    ):
        world.now += _HOUR
        world.server.routes["/f"] = addressed(start, end)
        synced = (await world.sync())["F"]
        assert (synced.new, synced.updated) == ((1, 1) if dated_only else (0, 2)), start
    assert [title for _, title in world.articles()].count("Nvidia falls") == 1
    assert set(first) <= set(world.articles())

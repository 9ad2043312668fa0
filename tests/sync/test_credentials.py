"""A user and password in a feed's address, when its server moves the feed for good."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.helpers.feeds import rss
from tests.helpers.http_server import Answer, LoopbackServer, Request
from tests.sync.test_manners import ToLoopback, World
from tracker.net.address import origin, with_credentials_of

_BASIC = "Basic " + base64.b64encode(b"me:p@ss").decode()
_OWN = "https://me:p%40ss@a.example/old"


@pytest.fixture
async def world(server: LoopbackServer, tmp_path: Path) -> AsyncIterator[World]:
    transport = ToLoopback(server)
    try:
        yield World(server, tmp_path / "t.db", transport)
    finally:
        await transport.aclose()


@pytest.mark.parametrize(
    ("own", "target", "expected"),
    [
        (_OWN, "https://a.example/new?x=1#y", "https://me:p%40ss@a.example/new?x=1#y"),
        (_OWN, "https://A.EXAMPLE:443/new", "https://me:p%40ss@A.EXAMPLE:443/new"),
        ("http://me@a.example:8080/", "http://a.example:8080/new", "http://me@a.example:8080/new"),
        ("https://me:x@[::1]/", "https://[::1]/new", "https://me:x@[::1]/new"),
        (_OWN, "http://a.example/new", None),
        (_OWN, "https://a.example:8443/new", None),
        (_OWN, "https://b.example/new", None),
        (_OWN, "https://a.example.evil.example/new", None),
        ("http://me:x@a.example/", "https://a.example/", None),
        ("http://me:x@a.example:443/", "https://a.example/", None),
        ("https://a.example/old", "https://a.example/new", None),
        (_OWN, "https://other:pw@a.example/new", None),
        (_OWN, "http://[", None),
        ("http://me:x@[", "", None),
    ],
)
def test_credentials_are_put_back_on_the_same_origin_only(own: str, target: str, expected: str | None) -> None:
    assert with_credentials_of(own, target) == (expected or target)


def test_an_origin_has_the_usual_port() -> None:
    assert origin("HTTPS://Me@A.example/x") == ("https", "a.example", 443)
    assert origin("http://a.example:443/x") == ("http", "a.example", 443)
    assert origin("http://[") == ("", "", None)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "sent"),
    [
        ("https://a.example/new", _BASIC),
        ("https://a.example:443/new", _BASIC),
        ("http://a.example/new", None),
        ("https://a.example:8443/new", None),
        ("https://b.example/new", None),
        ("https://thief:pw@b.example/new", None),
    ],
    ids=["same origin", "usual port", "downgrade", "other port", "other host", "other host with its own"],
)
async def test_after_a_permanent_redirect_has_settled(world: World, target: str, sent: str | None) -> None:
    def old(request: Request) -> Answer:
        assert request.headers.get("authorization") == _BASIC
        return Answer(status=301, headers={"Location": target})

    world.server.routes["/old"] = old
    world.server.routes["/new"] = Answer(rss(["One"]))
    world.add("F", _OWN, poll_minutes=360)
    await world.sync()
    world.now += timedelta(days=8)
    await world.sync()
    world.now += timedelta(hours=7)
    asked_old = len(world.server.asked("/old"))
    done = await world.sync()
    assert (done["F"].status, done["F"].reason) == ("unchanged", None)
    assert len(world.server.asked("/old")) == asked_old  # the new address is asked directly ...
    assert {one.headers.get("authorization") for one in world.server.asked("/new")} == {sent}  # ... and was before
    redirect = world.state("F").redirect_url
    assert redirect is not None
    assert "@" not in redirect
    world.now += timedelta(hours=7)
    await world.sync()
    assert world.state("F").redirect_url == redirect  # an address that was taken over answers itself
    assert len(world.server.asked("/old")) == asked_old

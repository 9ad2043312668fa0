"""Finding a feed to add: pauses that servers asked for, and what the event loop of a window is spared."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.helpers.feeds import rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import NOW
from tests.helpers.ui import QUIET
from tracker.model.errors import TrackerError
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.sync import adding, digest
from tracker.sync.adding import feed_address, find_new_feed


def page(feed: str) -> Answer:
    body = f'<html><head><link rel="alternate" type="application/rss+xml" href="{feed}"></head></html>'
    return Answer(body.encode(), headers={"Content-Type": "text/html"})


async def test_a_feed_that_a_page_names_waits_for_its_host(server: LoopbackServer, tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    server.routes["/"] = page("https://feeds.example/all")
    with Writer(db) as writer:
        writer.pause_host("feeds.example", NOW + timedelta(hours=1), "429", NOW)
    with pytest.raises(TrackerError) as caught:
        await find_new_feed(QUIET, db, lambda: NOW, f"{server.url}/")
    reason = "the server asked not to be contacted until 2025-01-27T22:16:00Z (429)"
    assert str(caught.value) == f"https://feeds.example/all: {reason}"
    with Writer(db) as writer:
        writer.pause_host(urlsplit(server.url).netloc, NOW + timedelta(hours=1), "429", NOW)
    with pytest.raises(TrackerError) as caught:
        await find_new_feed(QUIET, db, lambda: NOW, f"{server.url}/")
    assert str(caught.value) == f"{server.url}/: {reason}"
    assert len(server.requests) == 1


async def test_a_window_reads_nothing_on_its_event_loop(
    server: LoopbackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: dict[str, set[int]] = {}

    def noted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **options: Any) -> Any:
            ran.setdefault(name, set()).add(threading.get_ident())
            return real(*arguments, **options)

        return run

    for owner, name in ((Reader, "__init__"), (digest, "digest_plain"), (adding, "find_feeds")):
        monkeypatch.setattr(owner, name, noted(name, getattr(owner, name)))
    server.routes["/"] = page("/feed")
    server.routes["/feed"] = Answer(rss(["One"]))
    Writer(tmp_path / "news.db").close()
    found = await find_new_feed(QUIET, tmp_path / "news.db", lambda: NOW, f"{server.url}/", is_drawing=True)
    assert found.entries == 1
    assert set(ran) == {"__init__", "digest_plain", "find_feeds"}
    assert threading.get_ident() not in set().union(*ran.values())


async def test_an_address_without_a_scheme_is_fetched_over_http_where_nothing_speaks_https(
    server: LoopbackServer, tmp_path: Path
) -> None:
    server.routes["/feed"] = Answer(rss(["One"]))
    server.routes["/"] = page("/feed")
    host = server.url.removeprefix("http://")
    for path in ("/feed", "/"):
        found = await find_new_feed(QUIET, tmp_path / "t.db", lambda: NOW, f"https://{host}{path}", is_guessed=True)
        assert found.source.url == f"{server.url}/feed"
        assert found.warnings == (f"fetched over http: {host} does not speak https",)
    before = len(server.requests)
    for address, is_guessed in ((f"https://{host}/feed", False), (f"https://me:secret@{host}/feed", True)):
        with pytest.raises(TrackerError, match="TLS failed"):
            await find_new_feed(QUIET, tmp_path / "t.db", lambda: NOW, address, is_guessed=is_guessed)
    assert len(server.requests) == before
    with pytest.raises(TrackerError, match=r"^https://127\.0\.0\.1:9/: connection refused"):  # the first answer counts
        await find_new_feed(QUIET, tmp_path / "t.db", lambda: NOW, "https://127.0.0.1:9/", is_guessed=True)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("HTTP://Site.EXAMPLE/Feed", "http://site.example/Feed"),
        ("https://site.example/feed#latest", "https://site.example/feed"),
        ("https://Me:Pw@Site.example:8443/?a=B#c", "https://Me:Pw@site.example:8443/?a=B"),
        ("feed://site.example/feed", "http://site.example/feed"),
        ("https://site.example/feed:latest", "https://site.example/feed:latest"),
        (" http://münchen.example/ä ", "http://münchen.example/ä"),
    ],
)
def test_one_address_is_written_in_one_way(typed: str, address: str) -> None:
    assert feed_address(typed) == address

"""`tracker read` with real servers, files and databases. Each page is read in a process of its own: half a second."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.cli.conftest import Desk, Outcome
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.pages import PARAGRAPHS, page
from tests.helpers.store import NOW, article
from tracker.model.feed import FeedSource
from tracker.model.plan import FeedPlan
from tracker.store.read import Reader
from tracker.store.write import Writer

HTML = {"Content-Type": "text/html; charset=utf-8"}
TEXT = "\n\n".join(PARAGRAPHS)


def read(desk: Desk, what: str) -> Outcome:
    """Read something as JSON."""
    return desk.run("read", what, "--format", "json")


@pytest.mark.slow
def test_an_article_of_the_store_is_fetched_once(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/1"] = Answer(page().encode(), headers=HTML)
    _store(desk, f"{server.url}/feed", f"{server.url}/1")
    first = read(desk, "1")
    assert (first.code, first.err) == (0, "")
    assert json.loads(first.out) == {"url": f"{server.url}/1", "title": "Nvidia falls 17%", "text": TEXT, "links": []}
    (request,) = server.requests
    assert request.headers["accept"].startswith("text/html")
    assert read(desk, "1").out == first.out
    plain = desk.run("read", "1", "--format", "plain").out
    assert plain == f"Nvidia falls 17%\n{server.url}/1\n\n{TEXT}\n"
    assert desk.run("read", "1").out == desk.run("read", "1", "--format", "table").out == plain
    assert len(server.requests) == 1
    with Reader(desk.db) as reader:
        full = reader.full_texts.get(1)
    assert full is not None
    assert full.text == TEXT
    assert full.fetched is not None
    assert NOW <= full.fetched < NOW + timedelta(minutes=5)


@pytest.mark.slow
def test_an_address_is_fetched_and_shown_as_text_with_its_links(desk: Desk, server: LoopbackServer) -> None:
    linked = f"{PARAGRAPHS[0]} See <a href='/more?a=1'>the report</a> for more."
    server.routes["/old"] = Answer(status=301, headers={"Location": "/new"})
    server.routes["/new"] = Answer(page(linked, *PARAGRAPHS[1:]).encode(), headers=HTML)
    got = desk.run("read", f"{server.url}/old")
    lines = got.out.splitlines()
    assert (got.code, lines[:2]) == (0, ["Nvidia falls 17%", f"{server.url}/new"])
    assert f"{PARAGRAPHS[0]} See the report[1] for more." in lines
    assert lines[-1] == f"[1] {server.url}/more?a=1"
    assert "Subscribe" not in got.out
    assert "Cookie" not in got.out


@pytest.mark.slow
def test_a_saved_page_and_an_old_charset(desk: Desk, server: LoopbackServer, tmp_path: Path) -> None:
    chinese = "英伟达股价周一下跌百分之十七，市值蒸发近五千九百亿美元，创下历史纪录，投资者担心芯片需求下降。"
    body = page(chinese, chinese.replace("周一", "周二"), title="英伟达下跌", head="<meta charset='gb2312'>")
    file = tmp_path / "page.html"
    file.write_bytes(body.encode("gb18030"))
    server.routes["/cn"] = Answer(body.encode("gb18030"), headers={"Content-Type": "text/html"})
    for what in (str(file), f"{server.url}/cn"):
        (record,) = read(desk, what).records
        assert record["title"] == "英伟达下跌"
        assert record["text"].startswith(chinese)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(b"no", 404), "404 Not Found; the page has gone"),
        (Answer(b"no", 403), "403 Forbidden; open it in a browser"),
        (Answer(b"no", 429, {"Retry-After": "600"}), "try again later"),
        (
            Answer(b"x", 302, {"Location": "http://10.0.0.1/x"}),
            "10.0.0.1 is not a public address; tracker fetches articles from the public internet only",
        ),
        (Answer(b"x", 302, {"Location": "http://127.0.0.1:1/x"}), "127.0.0.1"),
    ],
)
def test_a_refusal_names_address_reason_and_what_to_do(
    desk: Desk, server: LoopbackServer, answer: Answer, said: str
) -> None:
    server.routes["/1"] = answer
    got = read(desk, f"{server.url}/1")
    assert (got.code, got.out) == (1, "")
    assert f"{server.url}/1: " in got.err
    assert said in got.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(b"%PDF-1.7", headers={"Content-Type": "application/pdf"}), "not a web page but application/pdf"),
        (Answer(b"<html><body><p>Please log in.</p></body></html>", headers=HTML), "this page has no article text"),
        (Answer(b" \n", headers=HTML), "the page is empty"),
    ],
)
def test_a_page_without_an_article_says_so(desk: Desk, server: LoopbackServer, answer: Answer, said: str) -> None:
    server.routes["/1"] = answer
    got = read(desk, f"{server.url}/1")
    assert (got.code, got.out) == (1, "")
    assert f"{server.url}/1: {said}" in got.err
    assert "open it in a browser" in got.err


def test_an_article_does_not_lead_to_the_local_network(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/1"] = Answer(page().encode(), headers=HTML)
    _store(desk, "https://news.example/feed", f"{server.url}/1")
    got = read(desk, "1")
    assert got.code == 1
    assert "127.0.0.1" in got.err
    assert server.requests == []


def test_a_host_that_asked_for_a_pause_is_left_in_peace(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/1"] = Answer(b"no", 429, {"Retry-After": "600"})
    _store(desk, f"{server.url}/feed", f"{server.url}/1")
    assert read(desk, "1").code == 1
    got = read(desk, "1")
    assert got.code == 1
    assert "the server asked not to be contacted until 2025-01-27T21:26:00Z (429" in got.err
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("7", "no article has the number 7"),
        ("9" * 30, "no article has the number 999"),
        ("ftp://a.example/x", "only http:// and https:// addresses"),
        ("nothing.html", "nothing.html: no such file"),
        ("/", "/: is a folder; name a saved page in it"),
        ("2", "article 2 has no address"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(desk: Desk, what: str, said: str) -> None:
    _store(desk, "https://news.example/feed", "https://news.example/1")
    got = read(desk, what)
    assert (got.code, got.out) == (2, "")
    assert said in got.err


def _store(desk: Desk, feed: str, url: str) -> None:
    """Store an article with an address, and one without."""
    desk.db.parent.mkdir(exist_ok=True)
    source = FeedSource("News", feed)
    with Writer(desk.db) as writer:
        writer.register_feeds([source])
        with Reader(desk.db) as reader:
            state = reader.feeds.states()["News"]
        articles = (article("Nvidia falls 17%", url=url), article("Without an address"))
        writer.store_feed(FeedPlan(replace(state, last_checked=NOW), articles), lambda article, lookup: None)

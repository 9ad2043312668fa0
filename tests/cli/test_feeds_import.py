"""Moving in from newsboat: its `urls` file and what its cache says was read."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tests.cli.feeds import serve
from tests.helpers.http_server import LoopbackServer
from tests.store.test_newsboat import cache
from tracker.cli.feeds_import import _Found, _source
from tracker.config.load import load_config

ITEMS = (
    "<item><title>One</title><link>{0}/one</link><guid>g-1</guid></item>"
    "<item><title>Two</title><link>/two?a=1&amp;b=2</link></item>"
    '<item><title>Three</title><guid isPermaLink="true">{0}/three</guid></item>'
    "<item><title>Four</title><link>{0}/four</link><guid>g-4</guid></item>"
)


def rss_feed(server: LoopbackServer) -> bytes:
    items = ITEMS.format(server.url)
    head = f"<title>A &amp; B</title><link>{server.url}/</link>"
    return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


URLS = """\
# my feeds
{0}/feed chips "big tag" 新闻
{0}/other "~My other" !
"query:Unread chips:unread = \\"yes\\" and tags # \\"chips\\""
"query:Big:tags # \\"big tag\\" or title =~ \\"gpu\\""
"query:Authors:author =~ \\"x\\""
exec:~/bin/evil
file:///etc/passwd
"""


def urls(desk: Desk, server: LoopbackServer, text: str = URLS) -> Path:
    path = desk.folder / "urls"
    path.write_text(text.format(server.url), encoding="utf-8")
    return path


def test_feeds_tags_titles_and_query_feeds_come_along(desk: Desk, server: LoopbackServer) -> None:
    path = urls(desk, server)
    done = desk.run("feeds", "import", str(path))
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines() == [
        f"{path}:7: skipped: exec: runs a program; tracker fetches only http and https addresses",
        f"{path}:8: skipped: file: is not supported; tracker fetches only http and https addresses",
        f'{path}:2: tag "新闻" left out: tag names use a-z, 0-9 and hyphens',
        f"{path}:3: hidden in newsboat; tracker shows its articles",
        f"added 2 of 2 feeds to {desk.config}",
        'view "Unread chips": is:unread group:"chips"',
        'view "Big": (tag:big-tag OR title:"gpu")',
        f'{path}:6: query feed "Authors" left out: tracker has no query for author =~ "x"',
        "added 2 of 3 query feeds as views",
    ]
    config = load_config(desk.config)
    assert [(feed.name, feed.url, feed.group, feed.tags) for feed in config.feeds] == [
        ("127.0.0.1", f"{server.url}/feed", "chips", ("big-tag",)),
        ("My other", f"{server.url}/other", None, ()),
    ]
    assert [view.name for view in config.views] == ["Unread chips", "Big"]
    again = desk.run("feeds", "import", str(path))
    assert again.code == 0
    assert "nothing to add" in again.err
    assert load_config(desk.config) == config


@pytest.mark.slow
def test_what_was_read_is_read_also_when_it_arrives_later(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/feed"] = serve(rss_feed(server))
    server.routes["/other"] = serve(b'<rss version="2.0"><channel><title>O</title></channel></rss>')
    path = urls(desk, server)
    feed = f"{server.url}/feed"
    state = cache(
        desk.folder / "cache.db",
        ("g-1", "One", f"{server.url}/one", feed, 0),
        ("/two?a=1&b=2Thu, 26 Nov", "Two", f"{server.url}/two?a=1&b=2", feed, 0),
        (f"{server.url}/three", "Three", f"{server.url}/three", feed, 1),
        ("old", "Old", f"{server.url}/four", feed, 0),
        ("g-4", "Four", f"{server.url}/four", feed, 1),
        ("x", "Elsewhere", "http://else/", "http://else/feed", 0),
        titles=((feed, "The first"),),
    )
    done = desk.run("feeds", "import", str(path), "--read-state", str(state))
    assert done.code == 0, done.err
    said = "3 of 4 read articles belong to these feeds: 0 marked as read now, the others when the next sync brings them"
    assert done.err.splitlines()[-1] == said
    assert load_config(desk.config).feeds[0].name == "The first"
    desk.run("sync")
    # "Four" is unread: only its guid counts where two articles share an address.
    assert titles(desk, 'feed:"The first" is:read') == {"One", "Two"}
    assert titles(desk, 'feed:"The first" is:unread') == {"Three", "Four"}
    with sqlite3.connect(state) as changed:
        changed.execute("UPDATE rss_item SET unread = 0")
    changed.close()
    again = desk.run("feeds", "import", str(path), "--read-state", str(state))
    assert "5 of 6 read articles belong to these feeds: 2 marked as read now" in again.err


def titles(desk: Desk, query: str) -> set[str]:
    return {record["title"] for record in desk.run("list", "--articles", query).records}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", ": no feeds in it; it has to be OPML or newsboat's urls file"),
        (b"# only a comment\n", ": no feeds in it"),
        (b"http://a/\n\xff\n", ":2: not UTF-8; save the file as UTF-8"),
        (b"<opml><body/></opml>", ": no feeds in it"),
        (b'<opml><body>\n<outline xmlUrl="exec:x"/></body></opml>', ":2: skipped: exec: runs a program"),
        (b"exec:x\n", ":1: skipped: exec: runs a program"),
    ],
)
def test_a_file_without_feeds_is_code_2(desk: Desk, body: bytes, said: str) -> None:
    path = desk.folder / "urls"
    path.write_bytes(body)
    before = desk.config.read_text()
    done = desk.run("feeds", "import", str(path))
    assert (done.code, desk.config.read_text()) == (2, before)
    assert f"{path}{said}" in done.err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("http://a.example/feed\nexec:x\n", "-:2: skipped: exec: runs a program"),
        ('<opml><body><outline xmlUrl="http://a.example/feed"/></body></opml>', "added 1 of 1 feed"),
    ],
)
def test_a_list_may_come_through_a_pipe(desk: Desk, given: str, said: str) -> None:
    done = desk.run("feeds", "import", "-", stdin=given)
    assert done.code == 0
    assert said in done.err
    assert [source.url for source in load_config(desk.config).feeds] == ["http://a.example/feed"]


def test_a_file_of_another_kind_does_not_fill_the_screen(desk: Desk) -> None:
    path = desk.folder / "a.log"
    path.write_text("words of a log\n" * 1_060)
    lines = desk.run("feeds", "import", str(path)).err.splitlines()
    assert len(lines) == 52
    assert lines[-2:] == [
        f"{path}: 1,010 more skipped",
        f"{path}: no feeds in it; it has to be OPML or newsboat's urls file",
    ]


def test_what_a_list_loses_is_said(desk: Desk) -> None:
    path = desk.folder / "mine.opml"
    path.write_text(
        '<opml><body>\n<outline text="Tech"><outline text="A" xmlUrl="http://a.example/f"/></outline>\n'
        '<outline text="News"><outline text="A" xmlUrl="http://a.example/f"/></outline>\n'
        '<outline text="B" xmlUrl="ftp://b.example/f"/></body></opml>'
    )
    done = desk.run("feeds", "import", str(path))
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines() == [
        f"{path}:4: skipped: not an http or https address: ftp://b.example/f",
        f"{path}: 1 outline has an address that comes earlier in the list, whose group counts",
        f"added 1 of 1 feed to {desk.config}",
    ]
    assert [(feed.name, feed.group) for feed in load_config(desk.config).feeds] == [("A", "Tech")]


def test_many_feeds_of_one_host_take_linear_time(desk: Desk) -> None:
    """Their names are numbered; trying each number again for each of them was quadratic."""
    tried = 0

    class Counted(set[str]):
        def __contains__(self, name: object) -> bool:
            nonlocal tried
            tried += 1
            return super().__contains__(name)

    names = Counted()
    numbers: dict[str, int] = {}
    for number in range(300):
        names.add(_source(_Found("same.example", f"http://same.example/{number}"), names, numbers).name.casefold())
    assert len(names) == 300
    assert tried < 1_000


def test_a_read_state_that_is_none_changes_nothing(desk: Desk, server: LoopbackServer) -> None:
    path = urls(desk, server)
    before = desk.config.read_text()
    done = desk.run("feeds", "import", str(path), "--read-state", str(path))
    assert (done.code, desk.config.read_text()) == (2, before)
    assert "is not newsboat's cache.db" in done.err
    missing = desk.folder / "none.db"
    done = desk.run("feeds", "import", str(path), "--read-state", str(missing))
    assert (done.code, desk.config.read_text()) == (2, before)
    assert done.err == f"{missing}: no such file (--read-state)\n"
    opml = desk.folder / "x.opml"
    opml.write_text("<opml><body/></opml>")
    done = desk.run("feeds", "import", str(opml), "--read-state", str(cache(desk.folder / "cache.db")))
    assert (done.code, desk.config.read_text()) == (2, before)
    assert "--read-state goes with newsboat's urls file" in done.err


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("newsboat") is None, reason="newsboat is not installed")
def test_moving_in_from_a_real_newsboat(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/feed"] = serve(rss_feed(server))
    server.routes["/other"] = serve(b'<rss version="2.0"><channel><title>O</title></channel></rss>')
    path, state = urls(desk, server), desk.folder / "cache.db"
    empty = desk.folder / "config"
    empty.write_text("")

    def newsboat(*commands: str) -> None:
        subprocess.run(
            ["newsboat", "-q", "-u", str(path), "-c", str(state), "-C", str(empty), *commands],
            env=desk.environ | {"TERM": "xterm"},
            check=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

    path.write_text(path.read_text().replace("exec:~/bin/evil\nfile:///etc/passwd\n", ""))
    newsboat("-x", "reload")
    # What was read in newsboat leaves it as a list of guids, and comes back in as one.
    with sqlite3.connect(state) as shown:
        rows = shown.execute("SELECT guid, title FROM rss_item WHERE feedurl LIKE '%/feed'").fetchall()
    shown.close()
    guids = {title: guid for guid, title in rows}
    assert guids.keys() == {"One", "Two", "Three", "Four"}
    read = desk.folder / "read"
    read.write_text("".join(f"{guids[title]}\n" for title in ("One", "Two", "Three")))
    newsboat("-I", str(read))
    done = desk.run("feeds", "import", str(path), "--read-state", str(state))
    assert done.code == 0, done.err
    assert [feed.name for feed in load_config(desk.config).feeds] == ["A & B", "My other"]
    assert load_config(desk.config).views[0].query == 'is:unread group:"chips"'
    desk.run("sync")
    assert titles(desk, 'feed:"A & B" is:unread') == {"Four"}

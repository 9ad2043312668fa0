"""`tracker feeds` and its commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tests.cli.feeds import config, rss, serve
from tests.helpers.http_server import Answer, LoopbackServer, loopback_server
from tracker.config.load import load_config
from tracker.config.paths import shipped_config


@pytest.fixture
def site(server: LoopbackServer, desk: Desk) -> LoopbackServer:
    """Return a server with a feed, a page that names it and another, and a page that names none."""
    server.routes["/A"] = serve(rss("one", "two"))
    server.routes["/feed"] = serve(rss("one", "two", channel="A \x07 site"))
    page = (
        '<html><head><link rel="alternate" type="application/rss+xml" title="All" href="/feed">'
        '<link rel="alternate" type="application/atom+xml" title="Comments" href="/comments"></head></html>'
    )
    server.routes["/"] = Answer(page.encode(), headers={"Content-Type": "text/html"})
    server.routes["/plain"] = Answer(b"<html><body>x</body></html>", headers={"Content-Type": "text/html"})
    desk.write(config(server, "A"))
    return server


@pytest.mark.slow
def test_the_list_says_when_and_why(desk: Desk, site: LoopbackServer) -> None:
    desk.write(config(site, "A", "gone") + '[[feed]]\nname = "off"\nurl = "http://x"\nenabled = false\n')
    before = desk.run("feeds", "list")
    assert [record["last_checked"] for record in before.records] == [None, None, None]
    assert not desk.db.exists()
    desk.run("sync")
    good, gone, off = desk.run("feeds", "list").records
    assert (good["name"], good["http"], good["articles"], good["new_30d"], good["failures"]) == ("A", 200, 2, 2, 0)
    assert "2025-01-27T21:16:00Z" <= good["last_checked"] < "2025-01-27T21:17"  # the clock goes on
    assert good["next_due"] > good["last_checked"]
    assert good["next_why"]
    assert (gone["failures"], gone["articles"]) == (1, 0)
    assert "404" in gone["reason"]
    assert off["reason"] == "disabled in the configuration"
    table = desk.run("feeds", "list", "--format", "table", environ={"COLUMNS": "200"}).out.splitlines()
    assert table[0].split() == ["name", "group", "answer", "due", "articles", "30", "d", "failed", "reason", "address"]
    assert "200 OK, just now" in table[1]
    assert "never fetched" in table[3]
    assert "never (disabled)" in table[3]
    desk.write(desk.config.read_text().replace("enabled = false", "enabled = false\nsnoozed_until = 2999-01-01"))
    snoozed = desk.run("feeds", "list", "--format", "table", environ={"COLUMNS": "200"})
    assert "never (disabled)" in snoozed.out
    assert "snoozed" not in snoozed.out + snoozed.err
    assert len(desk.run("feeds", "list", "--format", "csv").out.splitlines()) == 4


def test_a_feed_is_added_after_a_look_at_it(desk: Desk, site: LoopbackServer) -> None:
    done = desk.run("feeds", "add", f"{site.url}/feed", "--name", "Mine", "--group", "News")
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines() == [
        f"{site.url}/feed: removed control characters",
        f'added "Mine" with 2 entries to {desk.config}: {site.url}/feed',
    ]
    added = load_config(desk.config).feeds[-1]
    assert (added.name, added.url, added.group) == ("Mine", f"{site.url}/feed", "News")
    again = desk.run("feeds", "add", f"{site.url}/feed")
    assert again.code == 2
    assert 'the feed "Mine" already has this address' in again.err


@pytest.mark.slow
def test_a_site_leads_to_its_feed(desk: Desk, site: LoopbackServer) -> None:
    done = desk.run("feeds", "add", f"{site.url}/")
    assert done.code == 0
    assert f"the site also has this feed: Comments {site.url}/comments" in done.err
    added = load_config(desk.config).feeds[-1]
    assert (added.name, added.url) == ("A site", f"{site.url}/feed")


@pytest.mark.slow
@pytest.mark.parametrize("way", ["redirect", "page"])
def test_an_address_keeps_its_password_where_its_own_server_points(desk: Desk, site: LoopbackServer, way: str) -> None:
    site.routes["/old"] = Answer(status=301, headers={"Location": "/feed"})
    own = site.url.replace("//", "//me:s3cr3t@")
    done = desk.run("feeds", "add", f"{own}/{'old' if way == 'redirect' else ''}")
    assert done.code == 0, done.err
    assert "s3cr3t" not in done.err
    assert load_config(desk.config).feeds[-1].url == f"{own}/feed"
    assert all("authorization" in request.headers for request in site.requests)


def test_a_page_cannot_name_a_feed_inside(desk: Desk, site: LoopbackServer) -> None:
    before = desk.config.read_text()
    with loopback_server() as other:
        page = f'<html><link rel="alternate" type="application/rss+xml" href="{site.url}/feed"></html>'
        other.routes["/"] = serve(page.encode())
        done = desk.run("feeds", "add", f"{other.url}/")
    assert done.code == 1
    assert "refused: 127.0.0.1 is not a public address" in done.err
    assert desk.config.read_text() == before
    assert not site.requests


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "said"),
    [("/gone", "404"), ("/plain", "an HTML page, not a feed, and it does not link to one")],
)
def test_what_is_no_feed_is_not_added(desk: Desk, site: LoopbackServer, path: str, said: str) -> None:
    before = desk.config.read_text()
    done = desk.run("feeds", "add", f"{site.url}{path}")
    assert done.code == 1
    assert said in done.err
    assert desk.config.read_text() == before


def test_an_address_that_is_none_is_code_2(desk: Desk, site: LoopbackServer) -> None:
    done = desk.run("feeds", "add", "example.com/feed")
    assert done.code == 2
    assert 'did you mean "https://example.com/feed"?' in done.err
    assert desk.run("feeds", "add", f"{site.url}/feed", "--name", "a").code == 2


def test_an_option_that_feeds_toml_does_not_take_is_named_before_anything_is_fetched(
    desk: Desk, site: LoopbackServer
) -> None:
    for option, said in (
        ("--group", "--group: must be a group name, not empty"),
        ("--name", "--name: must be a name,"),
    ):
        done = desk.run("feeds", "add", f"{site.url}/feed", option, " ")
        assert done.code == 2
        assert done.err.startswith(said)
    assert not site.requests


def test_a_title_that_is_taken_asks_for_another_name(desk: Desk, site: LoopbackServer) -> None:
    site.routes["/feed2"] = serve(rss("one", channel="a"))
    done = desk.run("feeds", "add", f"{site.url}/feed2")
    assert (done.code, done.err) == (2, 'there is already a feed named "a"; choose another name with --name\n')


def test_a_feed_address_is_that_of_its_web_server(desk: Desk, site: LoopbackServer) -> None:
    assert desk.run("feeds", "add", f"feed:{site.url}/feed").code == 0
    assert load_config(desk.config).feeds[-1].url == f"{site.url}/feed"


def test_a_site_whose_first_feed_is_known_names_its_others(desk: Desk, site: LoopbackServer) -> None:
    assert desk.run("feeds", "add", f"{site.url}/feed").code == 0
    done = desk.run("feeds", "add", f"{site.url}/")
    assert done.code == 2
    assert done.err.splitlines()[1:] == [f"the site also has this feed: Comments {site.url}/comments"]


def test_only_a_page_is_said_to_link_to_no_feed(desk: Desk, site: LoopbackServer) -> None:
    site.routes["/json"] = Answer(b'{"a": 1}', headers={"Content-Type": "application/json"})
    done = desk.run("feeds", "add", f"{site.url}/json")
    assert (done.code, done.err) == (1, f"{site.url}/json: not a feed: a JSON document; nothing was changed\n")


@pytest.mark.slow
def test_the_shipped_feeds_become_the_users_own_before_they_change(desk: Desk, site: LoopbackServer) -> None:
    del desk.environ["TRACKER_CONFIG"]
    desk.config.rename(desk.folder / "elsewhere.toml")
    own = desk.folder / ".config" / "tracker" / "feeds.toml"
    shipped = shipped_config().read_bytes()
    with desk.start("feeds", "add", f"{site.url}/feed") as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert f"copied the shipped feeds to {own}" in err
    assert shipped_config().read_bytes() == shipped
    assert len(load_config(own).feeds) == len(load_config(shipped_config()).feeds) + 1
    assert desk.process("feeds", "list").records[-1]["url"] == f"{site.url}/feed"


def test_a_feed_is_removed_by_name(desk: Desk, site: LoopbackServer) -> None:
    desk.run("sync")
    done = desk.run("feeds", "remove", "a")
    assert done.code == 0
    assert load_config(desk.config).feeds == ()
    assert len(desk.run("list").records) == 2
    assert desk.run("feeds", "remove", "a").code == 2


@pytest.mark.slow
def test_checking_stores_nothing(desk: Desk, site: LoopbackServer) -> None:
    desk.write(config(site, "A", "plain", "gone"))
    done = desk.run("feeds", "check")
    assert done.code == 1
    good, plain, gone = done.records
    assert (good["ok"], good["entries"], good["newest"], good["reason"]) == (True, 2, "2025-01-27T20:00:00Z", None)
    assert (plain["ok"], plain["http"], plain["reason"]) == (False, 200, "an HTML page, not a feed")
    assert "404" in gone["reason"]
    assert not desk.db.exists()
    one = desk.run("feeds", "check", "a", "--format", "table")
    assert one.code == 0
    assert one.out.splitlines()[1].split()[:5] == ["ok", "A", "200", "2", "entries"]
    assert len(desk.run("feeds", "check", "--format", "csv").out.splitlines()) == 4
    assert desk.run("feeds", "check", "b").code == 2


def test_a_check_leaves_a_server_alone_that_asked_for_it(desk: Desk, site: LoopbackServer) -> None:
    site.routes["/A"] = Answer(b"", 429, {"Retry-After": "3600"})
    desk.run("sync")
    asked = len(site.requests)
    done = desk.run("feeds", "check")
    assert done.code == 1
    assert "asked not to be contacted until 2025-01-27T22:16:00Z" in done.records[0]["reason"]
    assert len(site.requests) == asked


def test_no_feed_to_check_is_said(desk: Desk) -> None:
    done = desk.run("feeds", "check")
    assert (done.code, done.err) == (0, "no feeds to check: add one with `tracker feeds add URL`\n")


def test_lists_go_out_and_come_in(desk: Desk, site: LoopbackServer, tmp_path: Path) -> None:
    desk.write(config(site, "A", "B") + '[[feed]]\nname = "英 & <C>"\nurl = "http://c/"\ngroup = "G"\n')
    file = tmp_path / "out.opml"
    assert desk.run("feeds", "export", str(file)).err == f"wrote 3 feeds to {file}\n"
    assert desk.run("feeds", "export", "-").out == file.read_text(encoding="utf-8")
    desk.write('[[feed]]\nname = "a"\nurl = "http://other/"\n[[feed]]\nname = "x"\nurl = "http://c/"\n')
    done = desk.run("feeds", "import", str(file))
    assert done.code == 0
    assert done.err == f"added 2 of 3 feeds to {desk.config}\n"
    assert [(feed.name, feed.url) for feed in load_config(desk.config).feeds] == [
        ("a", "http://other/"),
        ("x", "http://c/"),
        ("A 2", f"{site.url}/A"),
        ("B", f"{site.url}/B"),
    ]
    assert "nothing to add" in desk.run("feeds", "import", str(file)).err


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"<opml><body>", b"\xff\xfe\x00"])
def test_a_list_that_is_none_is_code_2(desk: Desk, tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "in.opml"
    file.write_bytes(body)
    before = desk.config.read_text()
    done = desk.run("feeds", "import", str(file))
    assert done.code == 2
    assert done.err.startswith(f"{file}: ")
    assert desk.config.read_text() == before


def test_files_that_cannot_be_used_are_said(desk: Desk) -> None:
    assert "cannot be read: No such file" in desk.run("feeds", "import", "/nowhere/x.opml").err
    assert "cannot be written: No such file" in desk.run("feeds", "export", "/nowhere/x.opml").err

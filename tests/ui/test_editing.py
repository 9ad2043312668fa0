"""What the window writes to feeds.toml."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.widgets import Input

from tests.helpers.feeds import rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import NOW, article
from tests.helpers.ui import QUIET, WIDE, press, screen_text, screen_words, until, until_shown
from tests.helpers.window import marks, open_window, ready, store, titles
from tracker.config.edit import RenamedFeed, own_copy
from tracker.config.load import load_config
from tracker.model.feed import FeedSource
from tracker.model.query import parse_query
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.sync.current import config_file
from tracker.ui.app import TrackerApp
from tracker.ui.parts.feeds import renamed_text
from tracker.ui.scope import Place, Scope, everything

OFFLINE = "[market]\nproviders = []\n"
VIEW = '[[view]]\nname = "Chips"\nquery = "nvidia OR amd"\n'


def opened(folder: Path) -> TrackerApp:
    path = folder / "feeds.toml"
    config = load_config(path)
    return TrackerApp(
        config=config,
        db=folder / "news.db",
        state_dir=folder / "state",
        clock=lambda: NOW,
        config_file=config_file(lambda: path, config),
    )


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        (Scope(everything()), ""),
        (Scope(everything(), search="nvidia OR amd"), "nvidia OR amd"),
        (Scope(everything(), "unread", "nvidia OR amd"), "is:unread (nvidia OR amd)"),
        (
            Scope(Place("view", "V", "a OR b sort:seen"), "starred", '"open quote'),
            '(a OR b sort:seen) is:starred ("open quote")',
        ),
    ],
)
def test_a_scope_as_a_query_finds_the_same(scope: Scope, text: str) -> None:
    assert scope.text() == text
    assert (parse_query(text).root, parse_query(text).sort) == (scope.query().root, scope.query().sort)


@pytest.mark.slow
async def test_a_window_without_a_file_asks_for_nothing_to_write_to_it(tmp_path: Path) -> None:
    config = replace(QUIET, feeds=(FeedSource("Wire", "http://127.0.0.1:9/1", enabled=False),))
    async with open_window(tmp_path, config) as (app, pilot):
        await press(pilot, "F", shows="this window has no feeds.toml to edit")
        assert app.screen is app.main
        for key in ("e", "C", "delete", "F"):
            await press(pilot, "v", shows="Feeds · 0 followed, 1 disabled")
            page = app.screen
            await press(pilot, key, shows="this window has no feeds.toml to edit")
            assert app.screen is page
            await pilot.press("escape")


@pytest.mark.slow
async def test_a_search_is_saved_as_a_view_and_a_name_in_use_is_refused(tmp_path: Path) -> None:
    store(tmp_path, [article("Nvidia falls"), article("A quiet day", minutes_ago=20)])
    path = tmp_path / "feeds.toml"
    path.write_text(OFFLINE + VIEW)
    app = opened(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app, 2)
        await press(pilot, "V", shows="nothing to save: search first (/)")
        await pilot.press("/", *"quiet", "enter")
        await ready(pilot, app, 1)
        await press(pilot, "V", shows="Save as a view")
        await pilot.press("enter", *"chips", "enter")
        await until(pilot, lambda: 'there is already a view named "Chips"' in screen_text(app), "the refusal")
        assert app.screen.query_one("#ask", Input).value == "chips"  # what was typed stays, to be changed
        await press(pilot, "ctrl+u", shows="a name for quiet")
        assert 'there is already a view named "Chips"' not in screen_text(app).partition("a name for quiet")[2][:400]
        await pilot.press(*"Calm", "enter")
        await until(pilot, lambda: 'saved the view "Calm": quiet' in screen_text(app), "that it is saved")
        await until(pilot, lambda: any(row.name == "Calm" for row in app.main.widgets.side.rows), "the side bar")
    assert path.read_text() == OFFLINE + VIEW + '\n[[view]]\nname = "Calm"\nquery = "quiet"\n'


async def test_a_word_is_muted_after_showing_what_it_hides_and_undo_restores_exactly_that(tmp_path: Path) -> None:
    names = ("Garden fair", "Nvidia falls", "A garden [read]", "A garden with star")
    ids = store(tmp_path, [article(name, minutes_ago=n) for n, name in enumerate(names)])
    with Writer(tmp_path / "news.db") as writer:
        writer.marks.set_read([ids[2]], True)
        writer.marks.set_starred([ids[3]], True)
    path = tmp_path / "feeds.toml"
    path.write_text(OFFLINE)
    app = opened(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app, 4)
        await press(pilot, "D", shows="source CNBC  hides 3 articles")
        assert "word garden in titles  hides 2 articles" in screen_text(app)
        assert screen_text(app).count("A garden [read]") >= 2
        await press(pilot, "j", "enter", shows="muted word garden in titles: 2 articles hidden")
        await until(pilot, lambda: titles(app) == ["Nvidia falls", "A garden with star"], "what is left")
        assert 'query = "title:garden"' in path.read_text()
        await until(pilot, lambda: app.main.view.config.mutes == ("title:garden",), "the rule to be in use")
        assert marks(tmp_path, "muted") == ["Garden fair", "A garden [read]"]
        await pilot.press("u")
        await until(pilot, lambda: titles(app) == list(names), "all of them")
        assert marks(tmp_path, "muted") == []
        assert marks(tmp_path, "read") == ["A garden [read]"]
        assert "[[mute]]" not in path.read_text()
        await until(pilot, lambda: not app.main.view.config.mutes, "the rule to be gone")
        path.write_text("[[feed]\n")
        await press(pilot, "D", shows="hides 3 articles")
        await press(pilot, "enter", shows="feeds.toml:1")
        assert marks(tmp_path, "muted") == []


@pytest.mark.slow
async def test_a_feed_is_disabled_snoozed_and_removed_in_feed_health(tmp_path: Path) -> None:
    store(tmp_path, [article("Nvidia falls")], "Wire")
    path = tmp_path / "feeds.toml"
    feed = '[[feed]]\nname = "Wire"\nurl = "http://127.0.0.1:9/1"\n'
    path.write_text(OFFLINE + feed)
    app = opened(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app, 1)
        await press(pilot, "v", shows="Feeds · 1 followed")
        steps: tuple[tuple[str, str, str], ...] = (
            ("d", "disabled Wire", "enabled = false\n"),
            ("d", "enabled Wire", ""),
            ("Z", "snoozed Wire until 2025-02-03", "snoozed_until = 2025-02-03\n"),
            ("Z", "Wire is no longer snoozed", ""),
        )
        for key, said, line in steps:
            await pilot.press(key)
            await until(pilot, lambda said=said: said in screen_text(app), said)  # type: ignore[misc]
            assert path.read_text() == OFFLINE + feed + line
            if said.startswith("snoozed"):
                await pilot.press("escape", "shift+tab", "G")
                said = "Wire: snoozed until 2025-02-03 · v Z wakes it"
                await until(pilot, lambda said=said: said in screen_text(app), said)  # type: ignore[misc]
                await press(pilot, "v", shows="Feeds · 0 followed, 1 snoozed")
        await press(pilot, "delete", shows="remove Wire from feeds.toml? Delete again removes it")
        assert path.read_text() == OFFLINE + feed
        await press(pilot, "delete", shows="removed Wire; its articles stay")
        await until(pilot, lambda: "no feeds yet" in screen_text(app), "the empty page")
        assert "[[feed]]" not in path.read_text()


@pytest.mark.slow
async def test_a_feed_is_added_from_its_site_renamed_grouped_and_moved(tmp_path: Path, server: LoopbackServer) -> None:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" title="{n} [/red]" href="/{n}">' for n in "ab")
    server.routes["/"] = Answer(f"<html><head>{links}</head></html>".encode(), headers={"Content-Type": "text/html"})
    for name in "ab":
        server.routes[f"/{name}"] = Answer(
            rss([f"One of {name}"]).replace(b"<title>T<", f"<title>Wire {name}<".encode())
        )
    path = tmp_path / "feeds.toml"
    view = '[[view]]\nname = "Wire"\nquery = "feed:wire-b is:unread"\n'
    path.write_text(OFFLINE + "[settings]\nhost_delay_seconds = 0\n" + view)
    app = opened(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "F", shows="Add a feed")
        await press(pilot, *f"{server.url}/", "enter", shows="Feeds of this site")
        assert "b [/red]" in screen_text(app)
        await pilot.press("2")
        await until_shown(pilot, lambda: "added Wire b with 1 entry" in screen_text(app), "that it is added")
        await until(pilot, lambda: titles(app) == ["One of b"], "its article")
        await press(pilot, "v", shows="Feeds · 1 followed")
        await press(pilot, "F", shows="Add a feed")
        await pilot.press(*f"{server.url}/b", "enter")
        await until(pilot, lambda: 'the feed "Wire b" already has this address' in screen_words(app), "the refusal")
        await press(pilot, "F", *f"{server.url}/a", "enter", shows="Feeds · 2 followed")
        steps = (
            (("g", "<"), "Wire b is the first feed of its group", ["Wire b", "Wire a"]),
            ((">",), "Wire b is now after Wire a", ["Wire a", "Wire b"]),
            (
                ("e", *" two", "enter"),
                "Wire b is now called Wire b two, also in 1 query",
                ["Wire a", "Wire b two"],
            ),
            (("C", *"Chips", "enter"), "Wire b two is now in Chips", ["Wire a", "Wire b two"]),
        )
        for keys, said, names in steps:
            await pilot.press(*keys)
            await until_shown(pilot, lambda said=said: said in screen_text(app), said)  # type: ignore[misc]
            await until(pilot, lambda names=names: [one.name for one in load_config(path).feeds] == names, said)  # type: ignore[misc]
        assert load_config(path).feeds[1].group == "Chips"
        await until(pilot, lambda: "Wire b two" in screen_text(app), "the new name")
        await pilot.press("e", "ctrl+u", *"Wire a", "enter")
        await until(
            pilot,
            lambda: '"Wire a" occurs twice; it is already on line' in screen_words(app),
            "that the name is in use",
        )
        assert "/feeds.toml" not in "".join(screen_words(app).split())  # without the folder
        assert app.screen.query_one("#ask", Input).value == "Wire a"
        await pilot.press("escape")
        await press(pilot, "escape", shows="One of b")
    assert [feed.name for feed in load_config(path).feeds] == ["Wire a", "Wire b two"]
    assert load_config(path).views[0].query == 'feed:"Wire b two" is:unread'


@pytest.mark.slow
async def test_changes_of_feeds_are_undone_one_by_one_in_feed_health_and_in_the_list(tmp_path: Path) -> None:
    store(tmp_path, [article("Nvidia falls")], "Wire")
    with Writer(tmp_path / "news.db") as writer:
        writer.alerts.note_rules(["feed:wire"])
        writer.alerts.claim("feed:wire", [1], NOW, since=NOW, most=1)
    path = tmp_path / "feeds.toml"
    feeds = "".join(f'# {name}\n[[feed]]\nname = "{name}"\nurl = "http://127.0.0.1:9/{n}"\nenabled = false\n\n'
                    for n, name in ((1, "Wire"), (2, "Other")))  # fmt: skip
    path.write_text(OFFLINE + feeds + '[[alert]]\nquery = "feed:wire"\nnotify = ["bell"]\n')
    before = [path.read_text()]
    app = opened(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app, 1)
        await press(pilot, "v", shows="Feeds · 0 followed")
        steps = (
            ((">",), "Wire is now after Other · u undoes this"),
            (("C", *"Chips", "enter"), "Wire is now in Chips · u undoes this"),
            (("Z",), "snoozed Wire until 2025-02-03 · u undoes this"),
            (("e", *" two", "enter"), "Wire is now called Wire two, also in 1 query · u undoes this"),
            (("delete", "delete"), "removed Wire two; its articles stay for keep_days days · u undoes this"),
        )
        for keys, said in steps:
            await press(pilot, *keys, shows=said)
            before.append(path.read_text())
        assert len(set(before)) == len(steps) + 1
        done = ["removed Wire two", "Wire is now called Wire two, also in 1 query", "snoozed Wire until 2025-02-03"]
        for said in done:
            before.pop()
            await press(pilot, "u", shows=f"undone: {said}")
            assert path.read_text() == before[-1]
        await press(pilot, "escape", shows="Nvidia falls")
        await press(pilot, "u", shows="undone: Wire is now in Chips")
        await press(pilot, "m", shows="marked as read")
        await press(pilot, "v", shows="Feeds · 0 followed")
        await press(pilot, "u", shows="nothing to undo here")
        await press(pilot, "escape", "u", shows="undone: marked as read")
        path.write_text(path.read_text() + "# a remark\n")
        await pilot.press("u")
        said = "it has changed since, so nothing was undone"
        await until_shown(pilot, lambda: said in screen_words(app), said)
        assert "# a remark" in path.read_text()
        await press(pilot, "u", shows="nothing to undo")
    with Reader(tmp_path / "news.db") as reader:
        assert [one.rule for one in reader.alerts.recent(None)] == ["feed:wire"]


@pytest.mark.slow
async def test_a_saved_view_and_a_mute_are_undone_in_turn(tmp_path: Path) -> None:
    store(tmp_path, [article("Nvidia falls"), article("A quiet day", minutes_ago=20)])
    path = tmp_path / "feeds.toml"
    path.write_text(OFFLINE)
    app = opened(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app, 2)
        await pilot.press("/", *"quiet", "enter")
        await ready(pilot, app, 1)
        await press(pilot, "V", shows="Save as a view")
        await press(pilot, *"Calm", "enter", shows='saved the view "Calm": quiet · u undoes this')
        await press(pilot, "D", shows="hides 2 articles")
        await press(pilot, "enter", shows="muted source CNBC")
        await pilot.press("u")
        await until(pilot, lambda: not app.main.view.config.mutes, "the mute to be undone")
        await pilot.press("u")
        await until(pilot, lambda: path.read_text() == OFFLINE, "the view to be undone")
        await until(pilot, lambda: all(row.name != "Calm" for row in app.main.widgets.side.rows), "the side bar")


@pytest.mark.slow
async def test_a_feed_is_renamed_with_what_its_alerts_fired(tmp_path: Path) -> None:
    store(tmp_path, [article("Nvidia falls")], "Wire")
    with Writer(tmp_path / "news.db") as writer:
        writer.alerts.note_rules(["feed:wire"])
        writer.alerts.claim("feed:wire", [1], NOW, since=NOW, most=1)
    path = tmp_path / "feeds.toml"
    path.write_text(
        "view = [{name = 'V', query = 'feed:wire'}]\n"
        + OFFLINE
        + '[[feed]]\nname = "Wire"\nurl = "http://127.0.0.1:9/1"\nenabled = false\n'
        '[[alert]]\nquery = "feed:wire"\nnotify = ["bell"]\n'
    )
    app = opened(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app, 1)
        await press(pilot, "v", shows="Feeds · 0 followed")
        said = 'Wire is now called Wire two, also in 1 query · 1 view still names "Wire": change it by hand'
        await press(pilot, "e", "end", *" two", "enter", shows=said)
    assert load_config(path).alerts[0].key == 'feed:"Wire two"'
    with Reader(tmp_path / "news.db") as reader:
        assert [one.rule for one in reader.alerts.recent(None)] == ['feed:"Wire two"']


def test_queries_that_still_have_the_old_name_of_a_feed_are_counted() -> None:
    assert renamed_text("Wire", RenamedFeed()) == ""
    left = {"view": 1, "alert": 2, "mute": 1}
    said = ', also in 2 queries · 1 view, 2 alerts and 1 mute rule still name "Wire": change them by hand'
    assert renamed_text("Wire", RenamedFeed(2, left)) == said


@pytest.mark.slow
async def test_what_is_no_feed_is_said_and_a_copy_is_made_of_the_shipped_feeds(
    tmp_path: Path, server: LoopbackServer
) -> None:
    server.routes["/page"] = Answer(b"<html><p>Hello</p></html>", headers={"Content-Type": "text/html"})
    server.routes["/a"] = Answer(rss(["One", "One"]).replace(b"<title>T<", b"<title>Wire a<"))
    shipped, own = tmp_path / "feeds.toml", tmp_path / "config" / "tracker" / "feeds.toml"
    shipped.write_text(OFFLINE + "[settings]\nhost_delay_seconds = 0\n")
    config = load_config(shipped)
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    app = TrackerApp(
        config=config,
        db=tmp_path / "news.db",
        state_dir=tmp_path / "state",
        clock=lambda: NOW,
        config_file=config_file(
            lambda: own if own.exists() else shipped, config, lambda: own_copy(shipped, shipped, environ)
        ),
    )
    async with app.run_test(size=WIDE) as pilot:
        for address, said in (
            (f"{server.url}/page", "and it does not link to one; nothing was changed"),
            (f"{server.url}/gone", "404 Not Found; nothing was changed"),
            ("ftp://a.example/", "the address must be an http or https address"),
        ):
            await press(pilot, "F", shows="Add a feed")
            await pilot.press(*address, "enter")
            await until(pilot, lambda said=said: said in screen_words(app), said)  # type: ignore[misc]
            assert not own.exists()
            await press(pilot, "F", shows="Add a feed")
            assert app.screen.query_one(Input).value == address  # to be corrected, or typed over
            await pilot.press("escape")
        await pilot.press("F", *f"{server.url}/a", "enter")
        said = "with 1 entry · 1 repeated entry left out · copied the shipped feeds to"
        await until_shown(pilot, lambda: said in screen_words(app), "what was left out, and where it is")
        await until(pilot, lambda: titles(app) == ["One"], "its article")
    assert shipped.read_text() == OFFLINE + "[settings]\nhost_delay_seconds = 0\n"
    assert [feed.name for feed in load_config(own).feeds] == ["Wire a"]

"""What the window writes to feeds.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.store import NOW, article
from tests.helpers.ui import WIDE, screen_text, until
from tests.helpers.window import marks, ready, store, titles
from tracker.config.load import load_config
from tracker.model.query import parse_query
from tracker.store.write import Writer
from tracker.sync.current import config_file
from tracker.ui.app import TrackerApp
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


async def test_a_search_is_saved_as_a_view_and_a_name_in_use_is_refused(tmp_path: Path) -> None:
    store(tmp_path, [article("Nvidia falls"), article("A quiet day", minutes_ago=20)])
    path = tmp_path / "feeds.toml"
    path.write_text(OFFLINE + VIEW)
    app = opened(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app, 2)
        await pilot.press("V")
        await until(pilot, lambda: "nothing to save: search first (/)" in screen_text(app), "nothing to save")
        await pilot.press("/", *"quiet", "enter")
        await ready(pilot, app, 1)
        await pilot.press("V")
        await until(pilot, lambda: "Save as a view" in screen_text(app), "the dialog")
        await pilot.press("enter", *"chips", "enter")
        await until(pilot, lambda: 'there is already a view named "Chips"' in screen_text(app), "the refusal")
        await pilot.press("V")
        await until(pilot, lambda: "Save as a view" in screen_text(app), "the dialog")
        await pilot.press(*"Calm", "enter")
        await until(pilot, lambda: 'saved the view "Calm": quiet' in screen_text(app), "that it is saved")
        await until(pilot, lambda: any(row.name == "Calm" for row in app.main.widgets.side.rows), "the side bar")
    assert path.read_text() == OFFLINE + VIEW + '\n[[view]]\nname = "Calm"\nquery = "quiet"\n'


@pytest.mark.slow
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
        await pilot.press("D")
        await until(pilot, lambda: "source CNBC  hides 3 articles" in screen_text(app), "the source")
        assert "word garden in titles  hides 2 articles" in screen_text(app)
        assert screen_text(app).count("A garden [read]") >= 2
        await pilot.press("j", "enter")
        await until(pilot, lambda: "muted word garden in titles: 2 articles hidden" in screen_text(app), "the mute")
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
        await pilot.press("D")
        await until(pilot, lambda: "hides 3 articles" in screen_text(app), "the dialog")
        await pilot.press("enter")
        await until(pilot, lambda: "feeds.toml:1" in screen_text(app), "that the file cannot be edited")
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
        await pilot.press("v")
        await until(pilot, lambda: "Feeds · 1 followed" in screen_text(app), "the page")
        steps = (
            ("d", "disabled Wire", "enabled = false\n"),
            ("d", "enabled Wire", ""),
            ("Z", "snoozed Wire until 2025-02-03", "snoozed_until = 2025-02-03\n"),
            ("Z", "Wire is no longer snoozed", ""),
        )
        for key, said, line in steps:
            await pilot.press(key)
            await until(pilot, lambda said=said: said in screen_text(app), said)  # type: ignore[misc]
            assert path.read_text() == OFFLINE + feed + line
        await pilot.press("delete")
        await until(pilot, lambda: "remove Wire from feeds.toml? Delete again removes it" in screen_text(app), "asking")
        assert path.read_text() == OFFLINE + feed
        await pilot.press("delete")
        await until(pilot, lambda: "removed Wire; its articles stay" in screen_text(app), "that it is removed")
        await until(pilot, lambda: "no feeds yet" in screen_text(app), "the empty page")
        assert "[[feed]]" not in path.read_text()

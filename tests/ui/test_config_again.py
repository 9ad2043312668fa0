"""An open window follows feeds.toml: feeds, views, watchlist, keys, theme; a mistake is told and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.helpers.store import NOW, article, fill
from tests.helpers.ui import WIDE, press, screen_text, settle, until
from tests.helpers.window import marks, ready, titles
from tracker.config.load import load_config
from tracker.store.write import Writer
from tracker.sync.current import config_file
from tracker.ui.app import TrackerApp
from tracker.ui.screens import main

OFFLINE = "[market]\nproviders = []\n"
FEED = '[[feed]]\nname = "Wire"\nurl = "http://127.0.0.1:9/1"\n'


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(main, "BEAT_SECONDS", 0.05)
    with Writer(tmp_path / "news.db") as writer:
        fill(writer, "Wire", [article("Nvidia falls"), article("A quiet day", minutes_ago=20)])
    path = tmp_path / "feeds.toml"
    path.write_text(OFFLINE + FEED)
    return path


def opened(path: Path) -> TrackerApp:
    config = load_config(path)
    folder = path.parent
    return TrackerApp(
        config=config,
        db=folder / "news.db",
        state_dir=folder / "state",
        clock=lambda: NOW,
        config_file=config_file(lambda: path, config),
    )


def bottom(pilot: Pilot[None]) -> str:
    return screen_text(pilot.app).rstrip("\n").rpartition("\n")[2]


@pytest.mark.slow
async def test_feeds_views_and_shares_come_and_go(path: Path) -> None:
    app = opened(path)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        more = (
            f'{OFFLINE}{FEED}[[feed]]\nname = "Second"\nurl = "http://127.0.0.1:9/2"\n'
            '[[view]]\nname = "Quiet ones"\nquery = "quiet"\n[[symbol]]\nsymbol = "RKLB"\nname = "Rocket Lab"\n'
        )
        path.write_text(more)  # noqa: ASYNC240
        await until(pilot, lambda: "Second" in screen_text(app), "the new feed")
        await until(pilot, lambda: "Quiet ones" in screen_text(app) and "RKLB" in screen_text(app), "view and share")
        app.main.listing.show_place(app.main.listing.place("view:Quiet ones"))
        await until(pilot, lambda: "Nvidia falls" not in screen_text(app), "the view")
        path.write_text(OFFLINE + FEED)  # noqa: ASYNC240
        await until(pilot, lambda: "Second" not in screen_text(app), "the feed to go")
        await until(pilot, lambda: "Nvidia falls" in screen_text(app), "everything, as the view is gone")


async def test_keys_and_theme_change_and_change_back(path: Path) -> None:
    app = opened(path)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        theme = app.theme
        path.write_text(f'{OFFLINE}{FEED}[settings]\ntheme = "nord"\n[keys]\n"list.next" = "W"\n')  # noqa: ASYNC240
        await until(pilot, lambda: app.theme == "nord", "the theme")
        first = app.main.widgets.headlines.article_id
        await press(pilot, "j")
        assert app.main.widgets.headlines.article_id == first
        await pilot.press("W")
        await until(pilot, lambda: app.main.widgets.headlines.article_id != first, "the new key")
        path.write_text(OFFLINE + FEED)  # noqa: ASYNC240
        await until(pilot, lambda: app.theme == theme, "the theme of before")
        await pilot.press("k")
        await until(pilot, lambda: app.main.widgets.headlines.article_id == first, "the first line")
        await pilot.press("j")
        await until(pilot, lambda: app.main.widgets.headlines.article_id != first, "the old key")


@pytest.mark.slow
async def test_a_mistake_is_one_line_with_file_line_and_hint_until_it_is_mended(path: Path) -> None:
    app = opened(path)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        path.write_text(f'{OFFLINE}{FEED}ulr = "x"\n')  # noqa: ASYNC240
        told = 'feeds.toml:6: feed.ulr: unknown key; did you mean "url"?'
        await until(pilot, lambda: told in bottom(pilot), "the mistake")
        assert "Wire" in screen_text(app)
        path.write_text(OFFLINE + FEED)  # noqa: ASYNC240
        await until(pilot, lambda: "feeds.toml" not in bottom(pilot), "the mistake to go")


@pytest.mark.slow
async def test_a_file_saved_as_it_was_says_nothing(path: Path) -> None:
    app = opened(path)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        before = app.main.view.config
        path.write_text(OFFLINE + FEED)  # noqa: ASYNC240
        await until(pilot, lambda: app.main.view.config is not before, "the file to be read")
        assert "read again" not in bottom(pilot)


async def test_a_mute_rule_above_the_feeds_is_applied(path: Path) -> None:
    app = opened(path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app, 2)
        await until(pilot, lambda: "synced 0 of 1 feed" in bottom(pilot), "the first sync, so no feed is due")
        path.write_text(f'{OFFLINE}[[mute]]\nquery = "nvidia"\n{FEED}')  # noqa: ASYNC240
        await until(pilot, lambda: marks(path.parent, "muted") == ["Nvidia falls"], "the article to be muted")


async def test_a_line_above_tag_rules_does_not_ask_for_a_retag(path: Path) -> None:
    tag = '[[tag]]\nname = "quiet"\nmatch = ["quiet"]\n'
    path.write_text(OFFLINE + FEED + tag)  # noqa: ASYNC240
    app = opened(path)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: "synced 0 of 1 feed" in bottom(pilot), "the first sync, which writes there, too")
        path.write_text(f'{OFFLINE}{FEED}[[view]]\nname = "Quiet ones"\nquery = "quiet"\n{tag}')  # noqa: ASYNC240
        await until(pilot, lambda: "reloaded feeds.toml" in bottom(pilot), "the file to be read")
        assert "tracker retag" not in bottom(pilot)
        path.write_text(OFFLINE + FEED + tag.replace('["quiet"]', '["calm"]'))  # noqa: ASYNC240
        await until(pilot, lambda: "tracker retag" in bottom(pilot), "the advice after a changed rule")


async def test_a_list_of_watched_shares_follows_the_watchlist(path: Path) -> None:
    with Writer(path.parent / "news.db") as writer:
        fill(writer, "Wire", [article("Rocket Lab flies", symbol="RKLB", minutes_ago=3)])
    path.write_text(f'{OFFLINE}{FEED}[[symbol]]\nsymbol = "NVDA"\n')  # noqa: ASYNC240
    app = opened(path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app, 3)
        app.main.listing.search_everything("is:watched")
        await ready(pilot, app, 0)
        path.write_text(f'{OFFLINE}{FEED}[[symbol]]\nsymbol = "RKLB"\n')  # noqa: ASYNC240
        await until(pilot, lambda: titles(app) == ["Rocket Lab flies"], "news of the share that is watched now")

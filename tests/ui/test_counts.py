"""Numbers on the screen: stories everywhere, and the same number wherever the same thing is counted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.store import about, article, fill
from tests.helpers.ui import QUIET, press, screen_text, settle, until
from tests.helpers.window import open_window
from tracker.model.config import View
from tracker.model.feed import FeedSource
from tracker.store.write import Writer
from tracker.ui.widgets.side_rows import SideRow

GROUP = "Markets"
CONFIG = replace(
    QUIET,
    feeds=(
        FeedSource("CNBC", "http://127.0.0.1:9/0", GROUP),
        FeedSource("The Verge", "http://127.0.0.1:9/1", GROUP),
        FeedSource("Off", "http://127.0.0.1:9/2", enabled=False),
    ),
    views=(View("Falls", "falls"),),
)


def store(folder: Path) -> None:
    """Store three stories: one of two feeds, one of either."""
    title = "Nvidia falls"
    with Writer(folder / "news.db") as writer:
        for feed, own in (("CNBC", "Apple rises"), ("The Verge", "Meta rises")):
            tagged = article(title, key=feed, minutes_ago=9, mentions=[about("nvidia", title)], story_keys=["k"])
            fill(writer, feed, [tagged, article(own, minutes_ago=5)], group=GROUP)


@pytest.mark.slow
async def test_the_side_bar_and_the_list_count_the_same_stories(tmp_path: Path) -> None:
    store(tmp_path)
    async with open_window(tmp_path, CONFIG) as (app, pilot):
        main = app.main
        await until(pilot, lambda: main.widgets.headlines.line_count() == 3, "all rows")

        def counted(row: SideRow) -> bool:
            found = re.search(r"(\d+) unread of (\d+) stor", screen_text(app))
            window_rows = main.widgets.headlines.line_count()
            return found is not None and (int(found[1]), int(found[2])) == (row.count or 0, window_rows)

        for keys, unread in (("", 3), ("m", 2)):
            await pilot.press(*keys)
            await until(pilot, lambda unread=unread: main.view.counts.everything == unread, "the counts")  # type: ignore[misc]
            rows = [row for row in main.widgets.side.rows if row.place is not None and row.name != "Starred"]
            assert {"Everything", "Falls", GROUP, "CNBC", "nvidia"} <= {row.name for row in rows}
            for row in rows:
                assert row.place is not None
                main.listing.show_place(row.place)
                await until(pilot, lambda row=row: counted(row), f"the number of {row.name}")  # type: ignore[misc]
            main.listing.show_place(main.listing.place("view:Everything"))
            await settle(pilot)
        await press(pilot, "A", shows="2 stories marked as read")


async def test_a_feed_that_is_disabled_is_followed_nowhere(tmp_path: Path) -> None:
    store(tmp_path)
    async with open_window(tmp_path, CONFIG) as (app, pilot):
        await until(pilot, lambda: "synced 0 of 2 feeds" in screen_text(app), "the sync")
        await press(pilot, "v", shows="2 followed, 1 disabled · 2 are not responding")


@pytest.mark.slow
async def test_the_order_of_sources_is_named_and_counts_sources(tmp_path: Path) -> None:
    store(tmp_path)
    with Writer(tmp_path / "news.db") as writer:  # a second report by a source that has the story already
        fill(writer, "CNBC", [article("Nvidia falls more", minutes_ago=2, story_keys=["k"])], group=GROUP)
    async with open_window(tmp_path, rows=3) as (app, pilot):
        assert "+2" in screen_text(app)
        await press(pilot, "slash", *"sort:sources", "enter", shows="most sources first")
        await until(pilot, lambda: re.search(r"Nvidia falls .* 2 CNBC", screen_text(app)) is not None, "the number")
        await press(pilot, "escape", shows="newest first")
        await until(pilot, lambda: "+2" in screen_text(app), "how many others there are")

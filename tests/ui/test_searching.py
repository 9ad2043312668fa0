"""Searching in the window: tags that do not exist, places that hold nothing, and shares of the watchlist."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.store import about, article, fill
from tests.helpers.ui import WIDE, screen_text, until, window
from tracker.store.write import Writer


def store(folder: Path, count: int = 3) -> None:
    titles = [f"Nvidia falls {n}" for n in range(count)]
    with Writer(folder / "news.db") as writer:
        fill(
            writer,
            "CNBC",
            [
                article(title, minutes_ago=n + 1, mentions=[about("nvidia", title, "NVDA")], symbol="NVDA")
                for n, title in enumerate(titles)
            ],
        )
        fill(writer, "Garden", [article("When to prune", minutes_ago=30)])


async def test_an_unknown_tag_keeps_the_last_good_result_and_names_the_nearest_one(tmp_path: Path) -> None:
    store(tmp_path)
    app = window(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        headlines = app.main.widgets.headlines
        await until(pilot, lambda: headlines.line_count() == 4, "all rows")
        await pilot.press("slash", *"prune")
        await until(pilot, lambda: headlines.line_count() == 1, "what was found")
        app.main.widgets.search.field.value = "tag:nvida"
        await pilot.press("enter")
        await until(pilot, lambda: "did you mean tag:nvidia?" in screen_text(app), "the nearest tag")
        assert app.main.view.scope.search == "prune"
        assert app.main.searching.is_typing
        app.main.widgets.search.field.value = "tag:nvidia"
        await pilot.press("enter")
        await until(pilot, lambda: headlines.line_count() == 3, "the tag's articles")
        assert "did you mean" not in screen_text(app)

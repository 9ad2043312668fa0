"""Small databases for the window, and what its list shows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from tests.helpers.store import NOW, article, fill, raw
from tests.helpers.ui import QUIET, WIDE, until, window
from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.model.plan import NewArticle
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.ui.app import TrackerApp

LOSS = "Nvidia loses $593 billion in a day"


def numbered(count: int, start: int = 0) -> list[NewArticle]:
    return [
        article(f"Headline number {n}", minutes_ago=n + 1, url=f"https://news.example/{n}", text=f"Text of {n}.")
        for n in range(start, start + count)
    ]


def store(folder: Path, articles: Sequence[NewArticle], feed: str = "CNBC") -> tuple[int, ...]:
    with Writer(folder / "news.db") as writer:
        return fill(writer, feed, articles)


def story(folder: Path) -> None:
    """Store a story that three sites have, between two articles of their own."""
    store(folder, [article("Newest", minutes_ago=1), article("Oldest", minutes_ago=300)])
    keys = ["loss"]
    store(folder, [article(LOSS, minutes_ago=60, story_keys=keys, url="https://cnbc.example/loss")])
    store(folder, [article("英伟达市值一日蒸发近6000亿美元", minutes_ago=40, story_keys=keys)], "Solidot")
    verge = article("Nvidia’s record loss", minutes_ago=20, story_keys=keys, url="https://verge.example/loss")
    store(folder, [verge], "The Verge")


def marks(folder: Path, column: str) -> list[str]:
    with Reader(folder / "news.db") as reader:
        select = f"SELECT title FROM article WHERE {column} = 1 ORDER BY time DESC"
        return [title for (title,) in raw(reader).execute(select)]


def title(app: TrackerApp) -> str:
    row = app.main.widgets.headlines.headline
    assert row is not None
    return row.title


def titles(app: TrackerApp) -> list[str]:
    rows = app.main.widgets.headlines.window
    return [row.title for n in range(len(rows)) if (row := rows.row(n)) is not None]


def unmeasured(app: TrackerApp) -> list[int]:
    """The articles on screen whose shares have not been measured."""
    rows = app.main.widgets.headlines
    return rows.moves.unmeasured(rows.rows_on_screen())


def pane(app: TrackerApp) -> str:
    return app.main.panes.current


@asynccontextmanager
async def open_window(
    folder: Path,
    config: Config = QUIET,
    *,
    clock: Clock = lambda: NOW,
    query: str = "",
    size: tuple[int, int] = WIDE,
    rows: int | None = None,
) -> AsyncIterator[tuple[TrackerApp, Pilot[None]]]:
    """Open the window on `folder`/news.db; with `rows`, once its list has as many."""
    app = window(folder, config, clock=clock, query=query)
    async with app.run_test(size=size) as pilot:
        if rows is not None:
            await ready(pilot, app, rows)
        yield app, pilot


async def ready(pilot: Pilot[None], app: TrackerApp, rows: int) -> None:
    await until(pilot, lambda: app.main.widgets.headlines.line_count() == rows, f"{rows} rows")


async def unfolded(pilot: Pilot[None], app: TrackerApp) -> None:
    await ready(pilot, app, 3)
    await pilot.press("j", "x")
    await ready(pilot, app, 5)


async def article_shown(pilot: Pilot[None], app: TrackerApp) -> None:
    """Wait until the article under the cursor is beside the list."""
    widgets = app.main.widgets
    await until(
        pilot, lambda: widgets.article.article_id == widgets.headlines.article_id, "the article beside the list"
    )

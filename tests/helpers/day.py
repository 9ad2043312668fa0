"""A small day for the window: a few stories, shares with and without prices, and a year of closes before it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path

from msgspec.structs import replace
from textual.pilot import Pilot

from tests.helpers.prices import DAY0, DAYS, day_bar, day_bars, walk
from tests.helpers.prices import store as store_bars
from tests.helpers.store import NOW, about, article
from tests.helpers.ui import QUIET, until
from tests.helpers.window import ready, store, unmeasured
from tracker.market import calendar
from tracker.model.config import Config, View
from tracker.model.feed import FeedSource
from tracker.model.market import INTRADAY, Bar, PriceFailure, Quote, WatchSymbol
from tracker.store.write import Writer
from tracker.ui.app import TrackerApp

DAY = Config(
    settings=QUIET.settings,
    feeds=(
        FeedSource("CNBC", "http://127.0.0.1:9/0", "Markets"),
        FeedSource("Solidot", "http://127.0.0.1:9/1", "中文"),
        FeedSource("The Verge", "http://127.0.0.1:9/2"),
    ),
    views=(View("About Nvidia", "about:nvidia"),),
    symbols=(WatchSymbol("NVDA", "Nvidia"), WatchSymbol("META", "Meta"), WatchSymbol("DELL", "Dell")),
    market=QUIET.market,
)
PRICED_DAY = replace(DAY, symbols=(WatchSymbol("NVDA", "Nvidia", 24.49e9), *DAY.symbols[1:]))
FIVE = timedelta(seconds=INTRADAY)


def full_day(folder: Path) -> None:
    """Store a small day with prices: a story from two sources, three scripts, a share without a quote."""
    shutil.copy(_database(_store_full_day), folder)


def priced_day(folder: Path) -> None:
    """Store the small day with a year of closes, so that everything can be measured."""
    shutil.copy(_database(_store_priced_day), folder)


@cache
def _database(fill: Callable[[Path], None]) -> Path:
    """Return the file that `fill` makes, made once in this process."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    fill(folder)
    assert [one.name for one in folder.iterdir()] == ["news.db"]  # all of it is in the one file
    return folder / "news.db"


def _store_full_day(folder: Path) -> None:
    loss = "Nvidia loses $593 billion in a day, the largest ever"
    rows = [
        article(loss, minutes_ago=4, mentions=[about("nvidia", loss, "NVDA")], symbol="NVDA", text="Down 16.97 %.",
                story_keys=["loss"], url="https://news.example/loss"),
        article("Dell opens a shop", minutes_ago=3000, symbol="DELL"),
    ]  # fmt: skip
    store(folder, rows)
    title_ = "英伟达市值一日蒸发近6000亿美元"
    store(
        folder, [article(title_, minutes_ago=26, symbol="NVDA"), article("[RUMOR] 😀 chips", minutes_ago=90)], "Solidot"
    )
    store(
        folder,
        [
            article("Meta and Apple rise while chips sink", minutes_ago=11, symbol="META"),
            article("Nvidia: record loss", key="again", minutes_ago=2, symbol="NVDA", story_keys=["loss"]),
        ],
        "The Verge",
    )
    start = NOW - timedelta(hours=7)
    bars = [
        Bar("NVDA", INTRADAY, at, at + timedelta(minutes=5), 147.0 - n / 3, "yahoo")
        for n, at in enumerate(start + timedelta(minutes=5 * n) for n in range(80))
    ]
    bars.append(Bar("META", INTRADAY, start, start + timedelta(minutes=5), 650.0, "yahoo"))
    hour_ago = NOW - timedelta(hours=1)
    quotes = [
        Quote("NVDA", 118.42, NOW - timedelta(seconds=12), "yahoo", 142.62, session="post", fetched=NOW),
        Quote("META", 659.88, hour_ago, "yahoo", 647.49, session="regular", fetched=hour_ago),
        Quote("^GSPC", 6012.28, NOW, "yahoo", 6101.24, session="closed", fetched=NOW),
    ]
    with Writer(folder / "news.db") as writer:
        writer.prices.store_quotes(quotes, bars, [PriceFailure("yahoo", "429, next try 16:30", "DELL")], [], NOW)


def _store_priced_day(folder: Path) -> None:
    _store_full_day(folder)
    store(folder, [article("Nvidia slides on", minutes_ago=226, symbol="NVDA")])
    days = tuple(day for day in DAYS if day < DAY0)
    with Writer(folder / "news.db") as writer:
        for number, (symbol, close) in enumerate((("NVDA", 118.42), ("^GSPC", 6012.28), ("META", 659.88))):
            closes = walk(number, days, 0.01)
            scale = {"NVDA": 142.62, "^GSPC": 6101.24, "META": 647.49}[symbol] / closes[days[-1]]
            bars = day_bars(symbol, {day: value * scale for day, value in closes.items()})
            store_bars(writer, [*bars, day_bar(symbol, DAY0, close)])
        opens = calendar.session_open(DAY0)
        ends = [opens + (n + 1) * FIVE for n in range(78)]
        market = [Bar("^GSPC", INTRADAY, end - FIVE, end, 5980.0 + n / 3, "yahoo") for n, end in enumerate(ends)]
        store_bars(writer, market)


async def measured(pilot: Pilot[None], app: TrackerApp) -> None:
    """Wait until everything on screen has its prices."""
    await ready(pilot, app, 6)
    rows = app.main.widgets.headlines
    await until(pilot, lambda: rows.moves.is_measured(rows.article_id or 0), "the impact of the article")
    await until(pilot, lambda: not unmeasured(app), "the impacts of the list")

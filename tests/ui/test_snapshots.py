"""The screen as text at three widths, to be read in a diff; TRACKER_SNAPSHOTS=write makes the files anew."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.helpers.store import NOW, about, article
from tests.helpers.ui import MEDIUM, NARROW, QUIET, WIDE, check_snapshot, screen_text, settle, until, window
from tests.ui.test_window import ready, store
from tracker.model.config import Config, View
from tracker.model.feed import FeedSource
from tracker.model.market import INTRADAY, Bar, PriceFailure, Quote, WatchSymbol
from tracker.store.write import Writer


@pytest.mark.parametrize(("name", "size"), [("wide", WIDE), ("medium", MEDIUM), ("narrow", NARROW)])
async def test_snapshot(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    full_day(tmp_path)
    app = window(tmp_path, DAY)
    async with app.run_test(size=size) as pilot:
        await ready(pilot, app, 5)
        await pilot.press("j", "enter", "escape")
        await until(pilot, lambda: "4 unread of 5" in screen_text(app), "the counts")
        await settle(pilot)
        await check_snapshot(pilot, name)
        if name == "narrow":
            await pilot.press("enter")
            await settle(pilot)
            await check_snapshot(pilot, "narrow-article")


DAY = Config(
    feeds=(
        FeedSource("CNBC", "http://127.0.0.1:9/0", "Markets"),
        FeedSource("Solidot", "http://127.0.0.1:9/1", "中文"),
        FeedSource("The Verge", "http://127.0.0.1:9/2"),
    ),
    views=(View("About Nvidia", "about:nvidia"),),
    symbols=(WatchSymbol("NVDA", "Nvidia"), WatchSymbol("META", "Meta"), WatchSymbol("DELL", "Dell")),
    market=QUIET.market,
)


def full_day(folder: Path) -> None:
    """Store a small day with prices: a story from two sources, three scripts, a share without a quote."""
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

"""Coming results in the window: beside the share, in the article, on the morning page."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.day import PRICED_DAY, measured, priced_day
from tests.helpers.store import NOW, article
from tests.helpers.ui import MEDIUM, NARROW, WIDE, check_snapshot, press, screen_text, screen_words, settle, until
from tests.helpers.window import open_window, store
from tracker.model.dates import ComingDate, DateTimeOfDay
from tracker.model.feed import FeedSource
from tracker.model.sources import FirstHand
from tracker.store.write import Writer

SAID: tuple[tuple[str, str, date, DateTimeOfDay | None], ...] = (
    ("nasdaq", "META", date(2025, 1, 29), "after-close"),
    ("finnhub", "META", date(2025, 1, 30), None),
    ("nasdaq", "NVDA", date(2025, 2, 26), "after-close"),
)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), [("wide", WIDE), ("medium", MEDIUM), ("narrow", NARROW)])
async def test_dates_are_shown_where_a_share_is(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    priced_day(tmp_path)
    with Writer(tmp_path / "news.db") as writer:
        for source, symbol, day, time in SAID:
            one = ComingDate(symbol, "results", day, time, source, NOW)
            writer.dates.store_page(source, "results", day, [one], NOW)
    async with open_window(tmp_path, PRICED_DAY, size=size) as (app, pilot):
        await measured(pilot, app)
        await pilot.press("j", "enter")
        await until(
            pilot, lambda: "results in 2 days: Wed 29 Jan after close (Nasdaq)" in screen_words(app), "the dates"
        )
        assert "results in 3 days: Thu 30 Jan (Finnhub)" in screen_words(app)
        await settle(pilot)
        await check_snapshot(pilot, f"dates-{name}")
        await press(pilot, "escape", "b", shows="published before the step")
        await settle(pilot)
        await check_snapshot(pilot, f"dates-brief-{name}")


@pytest.mark.slow
async def test_a_halt_is_marked_in_watchlist_and_chart(tmp_path: Path) -> None:
    priced_day(tmp_path)
    start = NOW - timedelta(minutes=50)
    key = f"NVDA|{start:%Y-%m-%dT%H:%M:%SZ}"
    halt = article("NVDA halted: news pending (T1)", key=key, minutes_ago=50, symbol="NVDA")
    store(tmp_path, [halt], "Trading halts")
    feed = FeedSource("Trading halts", "http://127.0.0.1:9/halts", first_hand=FirstHand("halts"))
    async with open_window(tmp_path, replace(PRICED_DAY, feeds=(*PRICED_DAY.feeds, feed))) as (app, pilot):
        await until(pilot, lambda: " HALT" in screen_text(app), "the mark in the watchlist")
        await until(pilot, lambda: "×" in screen_text(app), "the mark in the chart")

"""A filing and what the press made of it, in the window: on top, how long each took, the way back to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.store import article, raw
from tests.helpers.ui import MEDIUM, NARROW, WIDE, check_snapshot, press, screen_text, screen_words, until
from tests.helpers.window import article_shown, open_window, store, title, titles
from tracker.store.write import Writer

FILING, BEAT = "NVIDIA CORP 8-K: results", "Nvidia beats estimates as revenue jumps 78%"
FRENCH, LATE = "Nvidia double son chiffre d'affaires", "Nvidia shares rise after results"


def filed(folder: Path) -> None:
    """Store a filing, three reports of it by the press, and an article before and after."""
    text = "Item 2.02: Results of Operations and Financial Condition\n\nForm 8-K, current report."
    store(folder, [article("Newest", minutes_ago=1), article("Oldest", minutes_ago=300)])
    for feed, title_, minutes_ago in (
        ("SEC filings", FILING, 180.8),
        ("CNBC", BEAT, 176),
        ("Numerama", FRENCH, 120),
        ("The Verge", LATE, 30),
    ):
        told = text if title_ == FILING else "It was a quarter."
        store(
            folder,
            [article(title_, minutes_ago=minutes_ago, symbol="NVDA", text=told, story_keys=["beat"])],
            feed,
        )
    with Writer(folder / "news.db") as writer:
        raw(writer).execute("UPDATE feed SET first_hand = 'sec' WHERE name = 'SEC filings'")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), [("wide", WIDE), ("medium", MEDIUM), ("narrow", NARROW)])
async def test_the_filing_is_on_top_and_each_report_says_how_long_it_took(
    tmp_path: Path, name: str, size: tuple[int, int]
) -> None:
    filed(tmp_path)
    async with open_window(tmp_path, size=size, rows=3) as (app, pilot):
        await pilot.press("j", "x")
        await until(pilot, lambda: titles(app) == ["Newest", FILING, BEAT, FRENCH, LATE, "Oldest"], "the story")
        await press(pilot, "j", "j", shows="3 unread of 3")
        await article_shown(pilot, app)
        await check_snapshot(pilot, f"originals-{name}")
        if name == "narrow":
            await press(pilot, "enter")
            await check_snapshot(pilot, "originals-narrow-article")


async def test_one_key_goes_to_the_filing_which_says_who_had_it_next(tmp_path: Path) -> None:
    filed(tmp_path)
    async with open_window(tmp_path, query="source:theverge", rows=1) as (app, pilot):
        assert title(app) == LATE
        told = (
            "original: NVIDIA CORP 8-K: results, filed Mon 27 Jan 13:15:12 ET · press +4 min (CNBC) · this article +2 h"
        )
        await until(pilot, lambda: told in screen_words(app), "what it comes from")
        await pilot.press("O")
        await until(pilot, lambda: title(app) == FILING, "the filing")
        await until(pilot, lambda: "SEC filings, the original of this story" in screen_text(app), "it said")
        told = "the original of this story, filed Mon 27 Jan 13:15:12 ET · press +4 min (CNBC)"
        await until(pilot, lambda: told in screen_words(app), "who had it next")

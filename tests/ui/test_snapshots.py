"""The screen as text at three widths, to be read in a diff; TRACKER_SNAPSHOTS=write makes the files anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.day import DAY, full_day
from tests.helpers.ui import MEDIUM, NARROW, WIDE, check_snapshot, screen_text, settle, until
from tests.helpers.window import open_window


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), [("wide", WIDE), ("medium", MEDIUM), ("narrow", NARROW)])
async def test_snapshot(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    full_day(tmp_path)
    async with open_window(tmp_path, DAY, size=size, rows=5) as (app, pilot):
        await pilot.press("j", "enter", "escape")
        await until(pilot, lambda: "4 unread of 5" in screen_text(app), "the counts")
        await settle(pilot)
        await check_snapshot(pilot, name)
        if name == "narrow":
            await pilot.press("enter")
            await settle(pilot)
            await check_snapshot(pilot, "narrow-article")

"""The screen as text at three widths, to be read in a diff; TRACKER_SNAPSHOTS=write makes the files anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.day import DAY, full_day
from tests.helpers.ui import MEDIUM, NARROW, WIDE, check_snapshot, press, settle
from tests.helpers.window import open_window


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), [("wide", WIDE), ("medium", MEDIUM), ("narrow", NARROW)])
async def test_snapshot(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    full_day(tmp_path)
    async with open_window(tmp_path, DAY, size=size, rows=5) as (_app, pilot):
        await press(pilot, "j", "enter", "escape", shows="4 unread of 5")
        await settle(pilot)
        await check_snapshot(pilot, name)
        if name == "narrow":
            await press(pilot, "enter")
            await check_snapshot(pilot, "narrow-article")

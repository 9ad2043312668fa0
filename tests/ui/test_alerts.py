"""The list of the alerts that fired."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.store import NOW, article
from tests.helpers.ui import QUIET, press, screen_text, until
from tests.helpers.window import open_window, store, title
from tracker.model.alert import AlertRule
from tracker.store.write import Writer

RULE = AlertRule("nvidia", move=0.02, notify=("desktop",))


@pytest.mark.slow
async def test_what_fired_is_listed_and_leads_to_its_article(tmp_path: Path) -> None:
    ids = store(tmp_path, [article(name, minutes_ago=n) for n, name in enumerate(("Quiet", "Nvidia [/red]", "Nvidia"))])
    with Writer(tmp_path / "news.db") as writer:
        writer.alerts.claim(RULE.key, ids[1:], NOW, since=NOW, most=9)
        writer.alerts.note_sent(RULE.key, ids[2], NOW, "url: responded 403")
    async with open_window(tmp_path, replace(QUIET, alerts=(RULE,)), rows=3) as (app, pilot):
        await press(pilot, "B", shows="⚠ url: responded 403")
        assert "Mon 27 Jan 16:16 ET  Nvidia  CNBC · nvidia move 2%" in screen_text(app)
        assert "Nvidia [/red]  CNBC · nvidia move 2%  ⚠ not sent yet" in screen_text(app)
        await pilot.press("j", "enter")
        await until(pilot, lambda: app.screen is app.main and title(app) == "Nvidia [/red]", "the article")


async def test_that_none_has_fired_is_said(tmp_path: Path) -> None:
    async with open_window(tmp_path) as (app, pilot):
        await press(pilot, "B", shows="no [[alert]] rules in feeds.toml")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.main, "the window")

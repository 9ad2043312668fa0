"""An error over one feed in a sync of the window is written to the same log as one of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.feeds import rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.ui import until
from tests.helpers.window import open_window
from tracker.model.config import Config, MarketSettings
from tracker.model.feed import FeedSource
from tracker.sync.feed import FeedSync


@pytest.mark.slow
async def test_a_fault_over_one_feed_is_in_the_log(
    server: LoopbackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_plan(self: FeedSync, *_: object) -> object:
        raise KeyError("http://user:s3cr3t@host/")

    monkeypatch.setattr(FeedSync, "_plan", broken_plan)
    server.routes["/f"] = Answer(rss(["One"]))
    config = Config(feeds=(FeedSource("F", f"{server.url}/f"),), market=MarketSettings(providers=()))
    log = tmp_path / "state" / "errors.log"
    async with open_window(tmp_path, config) as (app, pilot):
        await until(
            pilot,
            lambda: "F" in app.main.view.states and app.main.view.states["F"].last_reason is not None,
            "the reason",
        )
        reason = app.main.view.states["F"].last_reason or ""
    assert "internal error: KeyError in " in reason
    assert str(log) in reason
    told = log.read_text()
    assert "KeyError" in told
    assert "broken_plan" in told
    assert "s3cr3t" not in told

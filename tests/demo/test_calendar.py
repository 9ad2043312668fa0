"""The coming results of the replay reach its database."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.helpers.sync import run_sync
from tracker.config.load import parse_config
from tracker.demo.config import START, demo_config_text
from tracker.demo.server import DemoServer
from tracker.impact.coming import coming_dates
from tracker.store.read import Reader


@pytest.mark.slow
async def test_the_replay_knows_when_companies_report(tmp_path: Path) -> None:
    db = tmp_path / "t.db"
    with DemoServer(lambda: START) as server:
        config = parse_config(demo_config_text(server.base_url), Path("demo"))
        await run_sync(config, db, lambda: START)
    with Reader(db) as reader:
        found = coming_dates(reader, config.watched, START)
    after = {symbol: (one.day, one.time) for symbol, (one,) in found.items()}
    assert after == {
        "META": (date(2025, 1, 29), "after-close"),
        "MSFT": (date(2025, 1, 29), "after-close"),
        "TSLA": (date(2025, 1, 29), "after-close"),
        "AAPL": (date(2025, 1, 30), "after-close"),
        "NVDA": (date(2025, 2, 26), "after-close"),
    }

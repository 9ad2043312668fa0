"""An error of ours that a provider's answer brings to light: the reason of the prices, never the end of a sync."""

from __future__ import annotations

from contextlib import aclosing
from datetime import datetime
from pathlib import Path

import pytest

from tests.helpers.feeds import config_for, rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.market.shapes import JSON_TYPE
from tracker.model.errors import StoreError
from tracker.model.events import QuotesChanged, SyncEvent, SyncFinished
from tracker.store.read import Reader
from tracker.sync.price_sync import PriceSync
from tracker.sync.run import Syncer

NOW = datetime.fromisoformat("2026-01-05T12:00:00Z")


@pytest.fixture
def syncer(server: LoopbackServer, tmp_path: Path) -> Syncer:
    server.routes["/f"] = Answer(rss(["One"]))
    server.routes["/v7/finance/spark"] = Answer(b"{}", headers=JSON_TYPE)
    config = config_for(server, "f", prices=True)
    return Syncer(config, tmp_path / "t.db", lambda: NOW, errors=tmp_path / "errors.log")


@pytest.mark.parametrize("error", [ZeroDivisionError("at \x1b[31m"), StoreError("too large", "statement")])
@pytest.mark.parametrize("method", ["_store_quotes", "_plan_history", "_wanted", "estimate"])
async def test_any_error_over_prices_is_their_reason(
    syncer: Syncer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, error: Exception
) -> None:
    def broken(*_: object) -> object:
        raise error

    monkeypatch.setattr(PriceSync, method, broken)
    events = await _events(syncer)
    finished = events[-1]
    assert isinstance(finished, SyncFinished)
    assert [(feed.status, feed.new) for feed in finished.feeds] == [("new", 1)]
    assert finished.prices is not None
    assert f"internal error: {type(error).__name__} in " in (finished.prices.reason or "")
    assert [event for event in events if isinstance(event, QuotesChanged)] == [finished.prices]
    assert type(error).__name__ in (tmp_path / "errors.log").read_text()
    with Reader(tmp_path / "t.db") as reader:
        assert reader.articles.count() == 1


async def test_any_error_over_quotes_alone_is_their_reason(syncer: Syncer, monkeypatch: pytest.MonkeyPatch) -> None:
    await _events(syncer)

    def broken(*_: object) -> object:
        raise RecursionError

    monkeypatch.setattr(PriceSync, "_store_quotes", broken)
    changed = await syncer.quotes()
    await syncer.close()
    assert "RecursionError" in (changed.reason or "")


async def test_a_database_that_cannot_be_used_ends_the_sync(syncer: Syncer, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise StoreError("the disk is full", "full")

    monkeypatch.setattr(PriceSync, "_store_quotes", broken)
    with pytest.raises(StoreError, match="full"):
        await _events(syncer)


async def _events(syncer: Syncer) -> list[SyncEvent]:
    try:
        async with aclosing(syncer.run()) as running:
            return [event async for event in running]
    finally:
        await syncer.close()

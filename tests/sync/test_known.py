"""What is remembered of names that were public once, from one sync to the next."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpcore
import pytest
from msgspec.structs import replace

from tests.helpers.feeds import config_for
from tests.helpers.http_server import LoopbackServer
from tests.helpers.store import NOW
from tests.helpers.sync import run_sync
from tracker.model.config import Config, MarketSettings
from tracker.model.feed import FeedSource
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.sync.known import note_known, read_known
from tracker.sync.options import SyncOptions
from tracker.sync.run import Syncer


async def reasons(config: Config, db: Path) -> list[str | None]:
    finished, _ = await run_sync(config, db, options=SyncOptions(force=True, prices=False))
    return [feed.reason for feed in finished.feeds]


async def test_the_next_process_knows_that_a_name_was_public(
    server: LoopbackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = "8.8.8.8"
    db = tmp_path / "t.db"
    port = int(server.url.rpartition(":")[2])
    config = replace(config_for(server), feeds=(FeedSource("F", f"http://böse.example:{port}/secret"),))

    async def resolve(*_: object, **__: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(2, 1, 6, "", (found, port))]

    async def unreachable(*_: object) -> None:
        raise httpcore.ConnectError

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    with monkeypatch.context() as offline:
        offline.setattr(httpcore.AnyIOBackend, "connect_tcp", unreachable)
        await reasons(config, db)
    found = "127.0.0.1"
    assert await reasons(config, db) == [
        "refused: its host name now points to 127.0.0.1, which is not a public address"
    ]
    assert not server.requests
    with Reader(db) as reader:
        assert read_known(reader) == {f"xn--bse-sna.example:{port}"}


@pytest.mark.parametrize("stored", ["", "{", "{}", "[1, null]", "[" * 5_000])
def test_a_damaged_memory_is_none(tmp_path: Path, stored: str) -> None:
    with Writer(tmp_path / "t.db") as writer:
        writer.set_meta({"public_names": stored})
    with Reader(tmp_path / "t.db") as reader:
        assert read_known(reader) == set()


def test_names_that_are_gone_from_the_configuration_are_forgotten(tmp_path: Path) -> None:
    config = Config(feeds=(FeedSource("A", "https://a.example/"), FeedSource("B", "http://b.example:81/")))
    with Writer(tmp_path / "t.db") as writer:
        note_known(writer, config, {"a.example:443", "b.example:81", "c.example:80"})
        with Reader(tmp_path / "t.db") as reader:
            assert read_known(reader) == {"a.example:443", "b.example:81"}
        note_known(writer, replace(config, feeds=config.feeds[:1]), ())
    with Reader(tmp_path / "t.db") as reader:
        assert read_known(reader) == {"a.example:443"}


async def test_a_price_provider_whose_name_was_public_leads_nowhere_inside(
    server: LoopbackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = "8.8.8.8"
    db = tmp_path / "t.db"
    port = int(server.url.rpartition(":")[2])
    market = MarketSettings(("yahoo",), base_urls={"yahoo": f"http://prices.example:{port}"})
    config = replace(config_for(server), market=market)

    async def resolve(*_: object, **__: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(2, 1, 6, "", (found, port))]

    async def unreachable(*_: object) -> None:
        raise httpcore.ConnectError

    async def reason() -> str:
        syncer = Syncer(config, db, lambda: NOW)  # as another process: what it knows is in the database
        changed = await syncer.quotes()
        await syncer.close()
        return changed.reason or ""

    with Writer(db):
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    with monkeypatch.context() as offline:
        offline.setattr(httpcore.AnyIOBackend, "connect_tcp", unreachable)
        assert "refused" not in await reason()
    found = "127.0.0.1"
    assert "refused: its host name now points to 127.0.0.1, which is not" in await reason()
    assert not server.requests
    with Reader(db) as reader:
        assert read_known(reader) == {f"prices.example:{port}"}

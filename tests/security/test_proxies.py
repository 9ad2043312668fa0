"""Proxies of the environment: none is used, for feeds and prices alike, since it would resolve names unchecked."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.feeds import config_for, rss
from tests.helpers.http_server import Answer, LoopbackServer, loopback_server
from tests.helpers.sync import run_sync
from tests.market.shapes import JSON_TYPE
from tracker.model.market import WatchSymbol


async def test_a_proxy_of_the_environment_gets_no_request(
    server: LoopbackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes |= {"/a": Answer(rss(["News"])), "/v7/finance/spark": Answer(b"{}", headers=JSON_TYPE)}
    config = replace(config_for(server, "a", prices=True), symbols=(WatchSymbol("NVDA"),))
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with loopback_server() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        finished, _ = await run_sync(config, tmp_path / "t.db")
        assert proxy.requests == []
    assert finished.new == 1
    assert server.asked("/v7/finance/spark")

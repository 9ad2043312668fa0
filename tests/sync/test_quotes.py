"""Which quotes a sync asks for, and what it keeps of those stored before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from msgspec.structs import replace

from tests.helpers.feeds import config_for
from tests.helpers.http_server import LoopbackServer
from tests.helpers.store import NOW, article, fill
from tests.market.shapes import DAY, OPEN, at, meta, reply, result, spark
from tracker.model.config import Config
from tracker.model.market import WatchSymbol
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.sync.price_sync import MAX_SYMBOLS, PriceSync, wanted_symbols

NOON = OPEN + 9_000
_T = TypeVar("_T")


async def run_here(step: Callable[[], _T], /) -> _T:
    return step()


@pytest.mark.parametrize(
    ("seconds", "previous", "kept"), [(60, None, 142.62), (DAY, None, None), (60, 141.0, 141.0), (DAY, 118.0, 118.0)]
)
async def test_a_previous_close_is_kept_for_later_quotes_of_its_day_only(
    server: LoopbackServer, tmp_path: Path, seconds: int, previous: float | None, kept: float | None
) -> None:
    config = replace(config_for(server, prices=True), symbols=(WatchSymbol("NVDA"),))
    now = NOON
    with Writer(tmp_path / "t.db"):
        pass
    prices = PriceSync(config, tmp_path / "t.db", lambda: at(now), None, run_blocking=run_here)
    try:
        for time, close in ((NOON, 142.62), (NOON + seconds, previous)):
            now = time
            about = meta(regularMarketTime=time, previousClose=close, chartPreviousClose=close)
            server.routes["/v7/finance/spark"] = reply(spark(result(about)))
            await prices.quotes(["NVDA"])
    finally:
        await prices.close()
    with Reader(tmp_path / "t.db") as reader:
        stored = reader.prices.quotes()["NVDA"]
    assert (stored.time, stored.previous_close) == (at(NOON + seconds), kept)


@pytest.mark.parametrize("watched", [3, MAX_SYMBOLS - 1, MAX_SYMBOLS + 1])
def test_shares_in_the_news_never_displace_the_watchlist_or_its_benchmarks(tmp_path: Path, watched: int) -> None:
    symbols = tuple(WatchSymbol(f"S{number}", benchmark="^IXIC") for number in range(watched))
    with Writer(tmp_path / "t.db") as writer, Reader(tmp_path / "t.db") as reader:
        fill(writer, "CNBC", [article(f"News {number}", symbol=f"N{number}") for number in range(MAX_SYMBOLS)])
        wanted = wanted_symbols(Config(symbols=symbols), reader, lambda: NOW)
    assert {*(one.symbol for one in symbols), "^IXIC", "QQQ", "^GSPC", "SPY"} <= set(wanted)
    assert len(wanted) == max(MAX_SYMBOLS, watched + 4)

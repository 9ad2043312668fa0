"""A database with articles and prices, and a calculator that measures them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.helpers.prices import LATER, store
from tests.helpers.store import article, fill
from tracker.impact.calculator import ImpactCalculator
from tracker.model.config import Config, Settings
from tracker.model.impact import Impact
from tracker.model.market import Bar, Quote, WatchSymbol
from tracker.store.read import Reader
from tracker.store.write import Writer

CONFIG = Config(
    settings=Settings(benchmark="^GSPC"),
    symbols=(WatchSymbol("NVDA", shares=24.49e9), WatchSymbol("AMD", benchmark="SMH"), WatchSymbol("^GSPC")),
)


class Bench:
    """One database."""

    def __init__(self, folder: Path) -> None:
        self.db = folder / "t.db"
        self.writer = Writer(self.db)
        self.reader = Reader(self.db)
        self.now = LATER

    def close(self) -> None:
        """Close the connections."""
        self.reader.close()
        self.writer.close()

    def clock(self) -> datetime:
        """Return the time that was set."""
        return self.now

    def bars(self, bars: Iterable[Bar], splits: Iterable[tuple[datetime, float]] = ()) -> None:
        """Store bars."""
        store(self.writer, bars, splits)

    def quote(self, *quotes: Quote) -> None:
        """Store quotes."""
        self.writer.prices.store_quotes(quotes, (), (), (), self.now)

    def news(self, published: str, title: str = "Nvidia", symbol: str | None = "NVDA", **more: object) -> int:
        """Store an article about a share and return its id."""
        at = datetime.fromisoformat(published).replace(tzinfo=UTC)
        key = f"{title} {published} {symbol}"
        one = article(title, minutes_ago=0, now=at, symbol=symbol, key=key, **more)  # type: ignore[arg-type]
        return fill(self.writer, "Feed", [one])[0]

    def calculator(self, config: Config = CONFIG, benchmark: str | None = None) -> ImpactCalculator:
        """Return a new calculator."""
        return ImpactCalculator(self.reader, config, self.clock, benchmark=benchmark)

    def impact(self, published: str, symbol: str = "NVDA", config: Config = CONFIG) -> Impact:
        """Store an article and measure it."""
        found = self.calculator(config).impact(self.news(published, symbol=symbol))
        assert found is not None
        return found


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Return an empty database with a calculator."""
    made = Bench(tmp_path)
    yield made
    made.close()

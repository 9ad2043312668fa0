"""The market models of the replay, fitted to the year before it, from which it computes abnormal returns."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from tracker.model.impact import Estimate, MarketModel
from tracker.store.write import Writer


@cache
def estimates() -> tuple[Estimate, ...]:
    """Return the models of every share of the watchlist against the S&P 500, for each day of the replay."""
    data = tomllib.loads(Path(__file__).with_name("estimates.toml").read_text(encoding="utf-8"))
    columns = data["columns"]
    return tuple(
        Estimate(
            symbol,
            data["benchmark"],
            date.fromisoformat(day),
            MarketModel("market", **dict(zip(columns, row, strict=True))),
        )
        for symbol, days in data["symbol"].items()
        for day, row in days.items()
    )


def store_estimates(db: Path) -> None:
    """Store the models in the database of a replay; create it if needed."""
    with Writer(db) as writer:
        writer.prices.store_estimates(estimates())

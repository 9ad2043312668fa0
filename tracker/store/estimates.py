"""Fitted market models in the database: what remains of a history that is not kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tracker.model.impact import Estimate, MarketModel
from tracker.store.connection import Connection
from tracker.store.db import transaction


def read_estimates(connection: Connection, symbol: str, benchmark: str) -> dict[date, MarketModel]:
    """Return the fitted models of a share against a benchmark by day 0."""
    rows = connection.execute(
        "SELECT day0, alpha, beta, sigma, n, market_mean, market_squares, night FROM estimate"
        " WHERE symbol = ? AND benchmark = ?",
        (symbol, benchmark),
    )
    return {date.fromisoformat(day0): MarketModel("market", *fitted) for day0, *fitted in rows}


def write_estimates(connection: Connection, estimates: Iterable[Estimate]) -> None:
    """Store estimates; one that was made from fewer sessions never replaces another."""
    with transaction(connection):
        connection.executemany(
            "INSERT INTO estimate (symbol, benchmark, day0, alpha, beta, sigma, n, market_mean, market_squares, night)"
            " VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (symbol, benchmark, day0) DO UPDATE SET alpha = excluded.alpha,"
            " beta = excluded.beta, sigma = excluded.sigma, n = excluded.n, market_mean = excluded.market_mean,"
            " market_squares = excluded.market_squares, night = coalesce(excluded.night, night) WHERE excluded.n >= n",
            [
                (
                    one.symbol,
                    one.benchmark,
                    one.day0.isoformat(),
                    one.model.alpha,
                    one.model.beta,
                    one.model.sigma,
                    one.model.n,
                    one.model.market_mean,
                    one.model.market_squares,
                    one.model.night,
                )
                for one in estimates
            ],
        )

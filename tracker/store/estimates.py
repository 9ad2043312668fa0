"""Fitted market models in the database: what remains of a history that is not kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date

from tracker.model.impact import Estimate
from tracker.store.db import transaction


def read_estimates(connection: sqlite3.Connection, symbol: str, benchmark: str) -> dict[date, Estimate]:
    """Return the estimates of a share against a benchmark by day 0."""
    rows = connection.execute(
        "SELECT symbol, benchmark, day0, alpha, beta, sigma, n, market_mean, market_squares FROM estimate"
        " WHERE symbol = ? AND benchmark = ?",
        (symbol, benchmark),
    )
    return {date.fromisoformat(row[2]): Estimate(row[0], row[1], date.fromisoformat(row[2]), *row[3:]) for row in rows}


def write_estimates(connection: sqlite3.Connection, estimates: Iterable[Estimate]) -> None:
    """Store estimates; one that was made from fewer sessions never replaces another."""
    with transaction(connection):
        connection.executemany(
            "INSERT INTO estimate (symbol, benchmark, day0, alpha, beta, sigma, n, market_mean, market_squares)"
            " VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (symbol, benchmark, day0) DO UPDATE SET alpha = excluded.alpha,"
            " beta = excluded.beta, sigma = excluded.sigma, n = excluded.n, market_mean = excluded.market_mean,"
            " market_squares = excluded.market_squares WHERE excluded.n >= n",
            [
                (
                    one.symbol,
                    one.benchmark,
                    one.day0.isoformat(),
                    one.alpha,
                    one.beta,
                    one.sigma,
                    one.n,
                    one.market_mean,
                    one.market_squares,
                )
                for one in estimates
            ],
        )

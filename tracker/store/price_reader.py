"""Reads prices: quotes, bars, splits, dividends, doubts, fitted models and paused providers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from sys import intern

from tracker.model.clock import from_epoch, to_epoch
from tracker.model.dividends import Dividend
from tracker.model.impact import MarketModel
from tracker.model.market import Bar, Breaker, Doubt, PriceBase, Quote
from tracker.store import waits
from tracker.store.base import base_select
from tracker.store.connection import OnConnection
from tracker.store.rows import column, named_rows, structs

QUOTE_COLUMNS = Quote.__struct_fields__
"""The columns of `quote` are the fields of a `Quote`."""
MODEL_COLUMNS = tuple(name for name in MarketModel.__struct_fields__ if name != "kind")
"""The columns of `estimate` that a model is made of: only fitted ones are stored."""
_ALWAYS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))
_BAR = "start, end, close, open, provider, interpolated"
_BASE = base_select("close, end, interpolated", "?1", "?2")
ANSWERED_END = (
    "CASE WHEN end <= :now THEN end ELSE max(start, coalesce((SELECT max(bar.end) FROM bar WHERE"
    " bar.symbol = bar_span.symbol AND bar.interval = bar_span.interval AND bar.end <= :now), start)) END"
)


class PriceReader(OnConnection):
    """Reads prices over the connection of a `Reader`."""

    def base_before(self, symbol: str, published: int) -> PriceBase | None:
        """Return the last trade of a share that is known to be before a publication (epoch seconds)."""
        row = self._connection.execute(_BASE, (symbol, published)).fetchone()
        if row is None:
            return None
        close, end, interpolated = row
        return PriceBase(close, from_epoch(end), bool(interpolated), self.dividends(symbol, end))

    def quotes(self, symbols: Sequence[str] | None = None) -> dict[str, Quote]:
        """Return the last known quotes by symbol, of these symbols or of all."""
        rows = self._connection.execute(f"SELECT {', '.join(QUOTE_COLUMNS)} FROM quote")
        found = {quote.symbol: quote for quote in structs(Quote, rows)}
        return found if symbols is None else {symbol: found[symbol] for symbol in symbols if symbol in found}

    def quote_failures(self) -> dict[str, tuple[str, datetime]]:
        """Return why symbols that have no quote at all have none, and since when that is known."""
        rows = self._connection.execute("SELECT symbol, reason, at FROM quote_failure")
        return {symbol: (reason, from_epoch(at)) for symbol, reason, at in rows}

    def bars(self, symbol: str, interval: int, start: datetime, end: datetime) -> list[Bar]:
        """Return the bars that begin in [start, end), oldest first.

        Without highs, lows and volumes, which nothing uses. A window keeps thousands of them all day: what is the
        same in all is one object.
        """
        rows = self._connection.execute(
            f"SELECT {_BAR} FROM bar WHERE symbol = ? AND interval = ? AND start >= ? AND start < ? ORDER BY start",
            (symbol, interval, to_epoch(start), to_epoch(end)),
        )
        return [
            Bar(
                symbol=symbol,
                interval=interval,
                start=from_epoch(first),
                end=from_epoch(last),
                close=close,
                provider=intern(provider),
                open=open_,
                interpolated=bool(interpolated),
            )
            for first, last, close, open_, provider, interpolated in rows
        ]

    def plain_bars(self, symbol: str, interval: int, start: datetime) -> list[tuple[int, int, float, float | None]]:
        """Return (start, end, close, open) of the bars that begin at or after `start`, oldest first.

        Times are epoch seconds. For many prices at once: 7 times as fast as `bars`.
        """
        return self._connection.execute(
            "SELECT start, end, close, open FROM bar WHERE symbol = ? AND interval = ? AND start >= ? ORDER BY start",
            (symbol, interval, to_epoch(start)),
        ).fetchall()

    def history(self, symbol: str, interval: int) -> list[Bar]:
        """Return all stored bars of a symbol, oldest first."""
        return self.bars(symbol, interval, *_ALWAYS)

    def bars_token(self, symbol: str, interval: int) -> tuple[int, float, int | None]:
        """Return a value that changes when a symbol's bars do: a reader keeps what it made of them until then."""
        found: tuple[int, float, int | None] = self._connection.execute(
            "SELECT count(*), total(close), max(end) FROM bar WHERE symbol = ? AND interval = ?", (symbol, interval)
        ).fetchone()
        return found

    def splits(self, symbol: str) -> list[tuple[datetime, float]]:
        """Return (when, new shares for one old) of a symbol's splits, oldest first."""
        rows = self._connection.execute("SELECT at, ratio FROM split WHERE symbol = ? ORDER BY at", (symbol,))
        return [(from_epoch(at), ratio) for at, ratio in rows]

    def dividends(self, symbol: str, after: int = 0) -> tuple[Dividend, ...]:
        """Return a symbol's dividends whose ex-dividend day begins after a time (epoch seconds), oldest first."""
        rows = self._connection.execute(
            "SELECT day, at, amount FROM dividend WHERE symbol = ? AND at > ? ORDER BY day", (symbol, after)
        )
        return tuple(Dividend(date.fromisoformat(day), from_epoch(at), amount) for day, at, amount in rows)

    def doubts(self, symbol: str) -> list[Doubt]:
        """Return the steps of a share that look like unannounced splits, oldest first, real moves among them."""
        rows = self._connection.execute(
            "SELECT at, reason, is_real FROM price_doubt WHERE symbol = ? ORDER BY at", (symbol,)
        )
        return list(structs(Doubt, rows))

    def doubted_symbols(self) -> list[str]:
        """Return the shares with a doubted step."""
        return column(self._connection, "SELECT DISTINCT symbol FROM price_doubt WHERE is_real = 0")

    def answered_spans(self, now: datetime) -> dict[tuple[str, int], tuple[datetime, datetime]]:
        """Return from when until when histories have been asked for and answered, by symbol and interval.

        Nothing counts as answered that is later than `now`: a clock that was ahead had asked for it.
        """
        rows = self._connection.execute(
            f"SELECT symbol, interval, start, {ANSWERED_END} FROM bar_span WHERE start <= :now", {"now": to_epoch(now)}
        )
        return {(symbol, interval): (from_epoch(start), from_epoch(end)) for symbol, interval, start, end in rows}

    def breakers(self, now: datetime) -> tuple[Breaker, ...]:
        """Return the providers that are paused at `now`."""
        return tuple(
            Breaker(wait.who, wait.until, wait.reason, wait.set_at)
            for wait in waits.active_waits(self._connection, "breaker", now)
        )

    def estimates(self, symbol: str, benchmark: str) -> dict[date, MarketModel]:
        """Return the fitted models of a share against a benchmark by day 0."""
        rows = named_rows(
            self._connection.execute(
                f"SELECT day0, {', '.join(MODEL_COLUMNS)} FROM estimate WHERE symbol = ? AND benchmark = ?",
                (symbol, benchmark),
            )
        )
        return {
            date.fromisoformat(row["day0"]): MarketModel(kind="market", **{name: row[name] for name in MODEL_COLUMNS})
            for row in rows
        }

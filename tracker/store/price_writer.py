"""What is written of prices, in short transactions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import asdict

from tracker.model.clock import to_epoch
from tracker.model.dividends import Dividend
from tracker.model.impact import Estimate
from tracker.model.market import Bar, Breaker, Doubt, PriceFailure, Quote
from tracker.model.wait import SKEW
from tracker.store import waits
from tracker.store.connection import Connection
from tracker.store.db import transaction
from tracker.store.price_reader import ANSWERED_END, MODEL_COLUMNS, QUOTE_COLUMNS, PriceReader
from tracker.store.rows import named_places, optional_epoch

BAR_COLUMNS = Bar.__struct_fields__


class PriceWriter:
    """Writes prices over the connection of a `Writer`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.stored = PriceReader(connection)
        """What is stored by now."""

    def store_quotes(
        self,
        quotes: Iterable[Quote],
        bars: Iterable[Bar],
        failures: Iterable[PriceFailure],
        breakers: Sequence[Breaker],
        now: datetime,
    ) -> None:
        """Store what a poll brought. An older quote never replaces a newer one; a failure keeps the last value.

        A stored quote later than `now` is not newer: it was stored with a wrong clock.
        """
        with transaction(self._connection):
            self._connection.executemany(
                f"INSERT INTO quote ({', '.join(QUOTE_COLUMNS)}) VALUES ({named_places(QUOTE_COLUMNS)})"
                " ON CONFLICT (symbol) DO UPDATE SET price=excluded.price, time=excluded.time,"
                " provider=excluded.provider, previous_close=excluded.previous_close,"
                " regular_price=excluded.regular_price, session=excluded.session,"
                " currency=coalesce(excluded.currency, currency), fetched=excluded.fetched,"
                " exchange_zone=coalesce(excluded.exchange_zone, exchange_zone), failure=NULL"
                " WHERE excluded.time >= quote.time OR quote.time > :ahead",
                [{**quote_values(quote), "ahead": to_epoch(now + SKEW)} for quote in quotes],
            )
            for failure in failures:
                if failure.symbol is None:
                    continue
                kept = self._connection.execute(
                    "UPDATE quote SET failure = ? WHERE symbol = ?", (failure.reason, failure.symbol)
                )
                if kept.rowcount == 0:
                    self._connection.execute(
                        "INSERT OR REPLACE INTO quote_failure (symbol, provider, reason, at) VALUES (?,?,?,?)",
                        (failure.symbol, failure.provider, failure.reason, to_epoch(now)),
                    )
            self._connection.execute("DELETE FROM quote_failure WHERE symbol IN (SELECT symbol FROM quote)")
            self._put_bars(bars)
            waits.forget_void(self._connection, "breaker", now)
            self._connection.executemany(
                "INSERT INTO breaker (provider, until, reason, set_at) VALUES (?,?,?,?)"
                " ON CONFLICT (provider) DO UPDATE SET"
                " until = max(until, excluded.until), reason = excluded.reason, set_at = excluded.set_at",
                [
                    (breaker.provider, to_epoch(breaker.until), breaker.reason, to_epoch(breaker.set_at or now))
                    for breaker in breakers
                ],
            )

    def store_bars(
        self,
        symbol: str,
        interval: int,
        bars: Iterable[Bar],
        span: tuple[datetime, datetime] | None,
        splits: Sequence[tuple[datetime, float]],
        now: datetime,
        dividends: Iterable[Dividend] = (),
    ) -> None:
        """Store a history and remember which span was answered; spans that touch grow together.

        The dividends come in the shares of after the splits. Those stored before a split was known are brought there.
        """
        with transaction(self._connection):
            self._put_bars(bars)
            known = {at for at, _ in self.stored.splits(symbol)}
            self._connection.executemany(
                "UPDATE dividend SET amount = amount / ? WHERE symbol = ? AND at < ?",
                [(ratio, symbol, to_epoch(at)) for at, ratio in splits if at not in known],
            )
            self._connection.executemany(
                "INSERT OR REPLACE INTO split (symbol, at, ratio) VALUES (?,?,?)",
                [(symbol, to_epoch(at), ratio) for at, ratio in splits],
            )
            self._connection.executemany(
                "INSERT OR REPLACE INTO dividend (symbol, day, at, amount) VALUES (?,?,?,?)",
                [(symbol, one.day.isoformat(), to_epoch(one.at), one.amount) for one in dividends],
            )
            if span is not None:
                key = {"symbol": symbol, "interval": interval, "now": to_epoch(now)}
                self._connection.execute(
                    "DELETE FROM bar_span WHERE symbol = :symbol AND interval = :interval AND start > :now", key
                )
                self._connection.execute(
                    f"UPDATE bar_span SET end = {ANSWERED_END}"
                    " WHERE symbol = :symbol AND interval = :interval AND end > :now",
                    key,
                )
                self._connection.execute(
                    "INSERT INTO bar_span (symbol, interval, start, end, asked) VALUES (?,?,?,?,?)"
                    " ON CONFLICT (symbol, interval) DO UPDATE SET"
                    " start = CASE WHEN excluded.start <= end AND excluded.end >= start"
                    "   THEN min(start, excluded.start) ELSE excluded.start END,"
                    " end = CASE WHEN excluded.start <= end AND excluded.end >= start"
                    "   THEN max(end, excluded.end) ELSE excluded.end END,"
                    " asked = excluded.asked",
                    (symbol, interval, to_epoch(span[0]), to_epoch(span[1]), to_epoch(now)),
                )

    def store_doubts(self, symbol: str, doubts: Iterable[Doubt]) -> None:
        """Replace the doubts about a share; a step that was once shown to be real stays so."""
        with transaction(self._connection):
            self._connection.execute("DELETE FROM price_doubt WHERE symbol = ? AND is_real = 0", (symbol,))
            self._connection.executemany(
                "INSERT OR IGNORE INTO price_doubt (symbol, at, reason, is_real) VALUES (?,?,?,?)",
                [(symbol, to_epoch(one.at), one.reason, int(one.is_real)) for one in doubts],
            )

    def store_estimates(self, estimates: Iterable[Estimate]) -> None:
        """Store estimates; one that was made from fewer sessions never replaces another."""
        with transaction(self._connection):
            self._connection.executemany(
                f"INSERT INTO estimate (symbol, benchmark, day0, {', '.join(MODEL_COLUMNS)})"
                f" VALUES (:symbol, :benchmark, :day0, {named_places(MODEL_COLUMNS)})"
                " ON CONFLICT (symbol, benchmark, day0) DO UPDATE SET alpha = excluded.alpha, beta = excluded.beta,"
                " sigma = excluded.sigma, n = excluded.n, market_mean = excluded.market_mean,"
                " market_squares = excluded.market_squares, night = coalesce(excluded.night, night)"
                " WHERE excluded.n >= n",
                [
                    {
                        "symbol": one.symbol,
                        "benchmark": one.benchmark,
                        "day0": one.day0.isoformat(),
                        **{name: getattr(one.model, name) for name in MODEL_COLUMNS},
                    }
                    for one in estimates
                ],
            )

    def _put_bars(self, bars: Iterable[Bar]) -> None:
        # A live answer gives closes only; it must not wipe the open, high and low that a history brought.
        self._connection.executemany(
            f"INSERT INTO bar ({', '.join(BAR_COLUMNS)}) VALUES ({named_places(BAR_COLUMNS)})"
            " ON CONFLICT (symbol, interval, start) DO UPDATE SET"
            " end=excluded.end, close=excluded.close, open=coalesce(excluded.open, open),"
            " high=coalesce(excluded.high, high), low=coalesce(excluded.low, low),"
            " volume=coalesce(excluded.volume, volume), provider=excluded.provider, interpolated=excluded.interpolated",
            [
                {
                    **asdict(bar),
                    "start": to_epoch(bar.start),
                    "end": to_epoch(bar.end),
                    "interpolated": int(bar.interpolated),
                }
                for bar in bars
            ],
        )


def quote_values(quote: Quote) -> dict[str, object]:
    """Return the row of a quote, by column."""
    return {**asdict(quote), "time": to_epoch(quote.time), "fetched": optional_epoch(quote.fetched)}

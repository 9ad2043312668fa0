"""Quotes, bars and breakers in the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from sys import intern
from typing import Any

from tracker.model.clock import from_epoch, to_epoch
from tracker.model.market import Bar, Breaker, Doubt, PriceBase, PriceFailure, Quote
from tracker.model.wait import SKEW
from tracker.store import waits
from tracker.store.base import base_select
from tracker.store.connection import Connection
from tracker.store.db import transaction
from tracker.store.rows import optional_epoch, optional_time

_QUOTE = (
    "symbol, price, time, provider, previous_close, regular_price, session, currency, fetched, exchange_zone, failure"
)
_BAR = "start, end, close, open, provider, interpolated"
_BASE = base_select("close, end, interpolated", "?1", "?2")
_ANSWERED = (
    "CASE WHEN end <= :now THEN end ELSE max(start, coalesce((SELECT max(bar.end) FROM bar WHERE"
    " bar.symbol = bar_span.symbol AND bar.interval = bar_span.interval AND bar.end <= :now), start)) END"
)


def base_before(connection: Connection, symbol: str, published: int) -> PriceBase | None:
    """Return the last trade of a share that is known to be before a publication (epoch seconds)."""
    row = connection.execute(_BASE, (symbol, published)).fetchone()
    return None if row is None else PriceBase(row[0], from_epoch(row[1]), bool(row[2]))


def read_quotes(connection: Connection, symbols: Sequence[str] | None = None) -> dict[str, Quote]:
    """Return the last known quotes by symbol, of these symbols or of all."""
    rows = connection.execute(f"SELECT {_QUOTE} FROM quote")
    found = {row[0]: _quote(row) for row in rows}
    return found if symbols is None else {symbol: found[symbol] for symbol in symbols if symbol in found}


def read_quote_failures(connection: Connection) -> dict[str, tuple[str, datetime]]:
    """Return why symbols that have no quote at all have none, and since when that is known."""
    rows = connection.execute("SELECT symbol, reason, at FROM quote_failure")
    return {symbol: (reason, from_epoch(at)) for symbol, reason, at in rows}


def read_bars(connection: Connection, symbol: str, interval: int, start: datetime, end: datetime) -> list[Bar]:
    """Return the bars that begin in [start, end), oldest first; without highs, lows and volumes, which nobody asks for.

    A window keeps thousands of them all day: what is the same in all is one object.
    """
    rows = connection.execute(
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


def read_breakers(connection: Connection, now: datetime) -> tuple[Breaker, ...]:
    """Return the providers that are to be left alone at `now`."""
    return tuple(
        Breaker(wait.who, wait.until, wait.reason, wait.set_at)
        for wait in waits.active_waits(connection, "breaker", now)
    )


def read_splits(connection: Connection, symbol: str) -> list[tuple[datetime, float]]:
    """Return (when, new shares for one old) of a symbol's splits, oldest first."""
    rows = connection.execute("SELECT at, ratio FROM split WHERE symbol = ? ORDER BY at", (symbol,))
    return [(from_epoch(at), ratio) for at, ratio in rows]


def read_doubts(connection: Connection, symbol: str) -> list[Doubt]:
    """Return the steps of a share's prices that look like unannounced splits, oldest first, real moves among them."""
    rows = connection.execute("SELECT at, reason, is_real FROM price_doubt WHERE symbol = ? ORDER BY at", (symbol,))
    return [Doubt(from_epoch(at), reason, bool(is_real)) for at, reason, is_real in rows]


def doubted_symbols(connection: Connection) -> list[str]:
    """Return the shares with a doubted step."""
    return [row[0] for row in connection.execute("SELECT DISTINCT symbol FROM price_doubt WHERE is_real = 0")]


def write_doubts(connection: Connection, symbol: str, doubts: Iterable[Doubt]) -> None:
    """Replace the doubts about a share; a step that was once shown to be real stays so."""
    with transaction(connection):
        connection.execute("DELETE FROM price_doubt WHERE symbol = ? AND is_real = 0", (symbol,))
        connection.executemany(
            "INSERT OR IGNORE INTO price_doubt (symbol, at, reason, is_real) VALUES (?,?,?,?)",
            [(symbol, to_epoch(one.at), one.reason, int(one.is_real)) for one in doubts],
        )


def bars_token(connection: Connection, symbol: str, interval: int) -> tuple[int, float, int | None]:
    """Return a value that changes when a symbol's bars do: a reader keeps what it made of them until then."""
    found: tuple[int, float, int | None] = connection.execute(
        "SELECT count(*), total(close), max(end) FROM bar WHERE symbol = ? AND interval = ?", (symbol, interval)
    ).fetchone()
    return found


def read_spans(connection: Connection, now: datetime) -> dict[tuple[str, int], tuple[datetime, datetime]]:
    """Return from when until when histories have been asked for and answered, by symbol and interval.

    Nothing counts as answered that is later than `now`: a clock that was ahead had asked for it.
    """
    rows = connection.execute(
        f"SELECT symbol, interval, start, {_ANSWERED} FROM bar_span WHERE start <= :now", {"now": to_epoch(now)}
    )
    return {(symbol, interval): (from_epoch(start), from_epoch(end)) for symbol, interval, start, end in rows}


def write_quotes(
    connection: Connection,
    quotes: Iterable[Quote],
    bars: Iterable[Bar],
    failures: Iterable[PriceFailure],
    breakers: Sequence[Breaker],
    now: datetime,
) -> None:
    """Store what a poll brought. An older quote never replaces a newer one; a failure keeps the last value.

    A stored quote from later than `now` is no newer one: whoever gave it had a wrong clock.
    """
    with transaction(connection):
        connection.executemany(
            f"INSERT INTO quote ({_QUOTE}) VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (symbol) DO UPDATE SET"
            " price=excluded.price, time=excluded.time, provider=excluded.provider,"
            " previous_close=coalesce(excluded.previous_close, previous_close), regular_price=excluded.regular_price,"
            " session=excluded.session, currency=coalesce(excluded.currency, currency), fetched=excluded.fetched,"
            " exchange_zone=coalesce(excluded.exchange_zone, exchange_zone), failure=NULL"
            " WHERE excluded.time >= quote.time OR quote.time > ?",
            [(*_quote_values(quote), to_epoch(now + SKEW)) for quote in quotes],
        )
        for failure in failures:
            if failure.symbol is None:
                continue
            kept = connection.execute("UPDATE quote SET failure = ? WHERE symbol = ?", (failure.reason, failure.symbol))
            if kept.rowcount == 0:
                connection.execute(
                    "INSERT OR REPLACE INTO quote_failure (symbol, provider, reason, at) VALUES (?,?,?,?)",
                    (failure.symbol, failure.provider, failure.reason, to_epoch(now)),
                )
        connection.execute("DELETE FROM quote_failure WHERE symbol IN (SELECT symbol FROM quote)")
        _put_bars(connection, bars)
        waits.forget_void(connection, "breaker", now)
        connection.executemany(
            "INSERT INTO breaker (provider, until, reason, set_at) VALUES (?,?,?,?)"
            " ON CONFLICT (provider) DO UPDATE SET"
            " until = max(until, excluded.until), reason = excluded.reason, set_at = excluded.set_at",
            [
                (breaker.provider, to_epoch(breaker.until), breaker.reason, to_epoch(breaker.set_at or now))
                for breaker in breakers
            ],
        )


def write_bars(
    connection: Connection,
    symbol: str,
    interval: int,
    bars: Iterable[Bar],
    span: tuple[datetime, datetime] | None,
    splits: Iterable[tuple[datetime, float]],
    now: datetime,
) -> None:
    """Store a history and remember which span was answered; spans that touch grow together."""
    with transaction(connection):
        _put_bars(connection, bars)
        connection.executemany(
            "INSERT OR REPLACE INTO split (symbol, at, ratio) VALUES (?,?,?)",
            [(symbol, to_epoch(at), ratio) for at, ratio in splits],
        )
        if span is not None:
            key = {"symbol": symbol, "interval": interval, "now": to_epoch(now)}
            connection.execute(
                "DELETE FROM bar_span WHERE symbol = :symbol AND interval = :interval AND start > :now", key
            )
            connection.execute(
                f"UPDATE bar_span SET end = {_ANSWERED} WHERE symbol = :symbol AND interval = :interval AND end > :now",
                key,
            )
            connection.execute(
                "INSERT INTO bar_span (symbol, interval, start, end, asked) VALUES (?,?,?,?,?)"
                " ON CONFLICT (symbol, interval) DO UPDATE SET"
                " start = CASE WHEN excluded.start <= end AND excluded.end >= start"
                "   THEN min(start, excluded.start) ELSE excluded.start END,"
                " end = CASE WHEN excluded.start <= end AND excluded.end >= start"
                "   THEN max(end, excluded.end) ELSE excluded.end END,"
                " asked = excluded.asked",
                (symbol, interval, to_epoch(span[0]), to_epoch(span[1]), to_epoch(now)),
            )


def _put_bars(connection: Connection, bars: Iterable[Bar]) -> None:
    # A live answer gives closes only; it must not wipe the open, high and low that a history brought.
    connection.executemany(
        "INSERT INTO bar (symbol, interval, start, end, close, open, high, low, volume, provider, interpolated)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (symbol, interval, start) DO UPDATE SET"
        " end=excluded.end, close=excluded.close, open=coalesce(excluded.open, open),"
        " high=coalesce(excluded.high, high), low=coalesce(excluded.low, low),"
        " volume=coalesce(excluded.volume, volume), provider=excluded.provider, interpolated=excluded.interpolated",
        [
            (
                bar.symbol,
                bar.interval,
                to_epoch(bar.start),
                to_epoch(bar.end),
                bar.close,
                bar.open,
                bar.high,
                bar.low,
                bar.volume,
                bar.provider,
                int(bar.interpolated),
            )
            for bar in bars
        ],
    )


def _quote_values(quote: Quote) -> tuple[object, ...]:
    return (
        quote.symbol,
        quote.price,
        to_epoch(quote.time),
        quote.provider,
        quote.previous_close,
        quote.regular_price,
        quote.session,
        quote.currency,
        optional_epoch(quote.fetched),
        quote.exchange_zone,
        quote.failure,
    )


def _quote(row: Sequence[Any]) -> Quote:
    symbol, price, time, provider, previous, regular, session, currency, fetched, zone, failure = row
    return Quote(
        symbol=symbol,
        price=price,
        time=from_epoch(time),
        provider=provider,
        previous_close=previous,
        regular_price=regular,
        session=session,
        currency=currency,
        fetched=optional_time(fetched),
        exchange_zone=zone,
        failure=failure,
    )

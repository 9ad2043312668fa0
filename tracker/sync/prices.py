"""The price half of a sync: a poll of quotes, and the history that moves are measured from."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.impact.estimates import benchmark_for, missing_estimates
from tracker.market.poll import PricePoller
from tracker.market.providers import build_providers
from tracker.market.splits import Split, rescaled, zone_of
from tracker.model.clock import Clock, from_epoch
from tracker.model.config import Config
from tracker.model.events import QuotesChanged
from tracker.model.market import DAILY, INTRADAY, PriceFailure, Quote
from tracker.store.estimates import write_estimates
from tracker.store.prices import (
    read_bars,
    read_breakers,
    read_quotes,
    read_spans,
    write_bars,
    write_quotes,
)
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.sync.decide import is_loopback
from tracker.sync.history import MOST_REQUESTS, Need, answered_span, plan_history

if TYPE_CHECKING:
    import httpx

RECENT = timedelta(days=7)
MOST_SYMBOLS = 60
"""Symbols of one poll: three requests to Yahoo's spark."""
_TIMEOUT = 15.0
_MANY = 1_000
_ALWAYS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


def wanted_symbols(config: Config, reader: Reader, clock: Clock) -> tuple[str, ...]:
    """Return the symbols to have quotes of: the watchlist, benchmarks, then the shares of the last week's articles."""
    wanted = [item.symbol for item in config.symbols]
    wanted += [item.benchmark for item in config.symbols if item.benchmark is not None]
    wanted.append(config.settings.benchmark)
    wanted += reader.symbols_of_articles(clock() - RECENT)
    return tuple(dict.fromkeys(wanted))[:MOST_SYMBOLS]


class PriceSync:
    """Asks for prices and stores what comes. One of it lives as long as its HTTP client, so its pace is kept."""

    def __init__(self, config: Config, db: Path, clock: Clock, transport: httpx.AsyncBaseTransport | None) -> None:
        import httpx

        self._config = config
        self._db = db
        self._clock = clock
        self._client = httpx.AsyncClient(transport=transport, timeout=_TIMEOUT, follow_redirects=False)
        providers = build_providers(
            config.market.providers,
            config.market.base_urls,
            self._client,
            clock,
            os.environ.get("FINNHUB_API_KEY"),
        )
        self._poller = PricePoller(providers, clock)
        addresses = [config.market.base_urls.get(name, "") for name in config.market.providers]
        # A server on loopback is the user's own: nobody there is bothered by many questions.
        self._most_requests = _MANY if all(is_loopback(url) for url in addresses) else MOST_REQUESTS

    async def close(self) -> None:
        """Close the HTTP client."""
        await self._client.aclose()

    async def quotes(self, symbols: Sequence[str] | None = None) -> QuotesChanged:
        """Poll once: these symbols, or all that are wanted; what comes is stored before this returns."""
        with Reader(self._db) as reader:
            asked = wanted_symbols(self._config, reader, self._clock) if symbols is None else tuple(symbols)
            previous = read_quotes(reader.connection, asked)
            self._poller.heed(read_breakers(reader.connection, self._clock()))
        if not asked:
            return QuotesChanged(None, ())
        # No connection is open here: an answer can take fifteen seconds.
        answer, breakers = await self._poller.quotes(asked, previous)
        fresh = [quote for quote in answer.quotes if quote.failure is None]
        with Writer(self._db) as writer:
            write_quotes(writer.connection, fresh, answer.bars, answer.failures, breakers, self._clock())
        return _changed(
            asked,
            fresh_symbols=[quote.symbol for quote in fresh],
            failures=answer.failures,
            providers=[quote.provider for quote in fresh],
        )

    async def history(self) -> None:
        """Ask for the bars that stored articles need and that are not here yet."""
        now = self._clock()
        with Reader(self._db) as reader:
            needs = [
                Need(s, count, from_epoch(oldest), from_epoch(newest), benchmark_for(self._config, s))
                for s, count, oldest, newest in reader.price_needs()
            ]
            spans = read_spans(reader.connection)
        silent: set[tuple[str, int]] = set()
        for request in plan_history(needs, spans, now, self._most_requests):
            if (request.symbol, request.interval) in silent:
                continue  # the newer part comes first: a split in it has to be known before older bars are stored
            answer, breakers = await self._poller.bars(request.symbol, request.interval, request.start, request.end)
            with Writer(self._db) as writer:
                write_quotes(writer.connection, (), (), (), breakers, self._clock())
                # A reason of its own for this symbol is an answer too: a gap, or a share that nobody knows.
                is_answered = bool(answer.bars) or not any(
                    failure.symbol is None or failure.is_passing for failure in answer.failures
                )
                if not is_answered:
                    silent.add((request.symbol, request.interval))
                write_bars(
                    writer.connection,
                    request.symbol,
                    request.interval,
                    answer.bars,
                    answered_span(request, answer.bars, self._clock()) if is_answered else None,
                    answer.splits,
                    self._clock(),
                )
                if answer.splits:
                    _apply_splits(writer, request.symbol, answer.splits, answer.quote, self._clock())

    def estimate(self) -> None:
        """Fit the market models that articles need while their bars are at hand; no network."""
        with Reader(self._db) as reader:
            estimates = missing_estimates(reader, self._config, self._clock())
        if estimates:
            with Writer(self._db) as writer:
                write_estimates(writer.connection, estimates)


def _apply_splits(writer: Writer, symbol: str, splits: Sequence[Split], quote: Quote | None, now: datetime) -> None:
    """Bring bars that were stored before a split into the shares of after it."""
    zone = zone_of(symbol, None if quote is None else quote.exchange_zone)
    for interval in (DAILY, INTRADAY):
        stored = read_bars(writer.connection, symbol, interval, *_ALWAYS)
        changed = [new for old, new in zip(stored, rescaled(stored, splits, zone), strict=True) if new is not old]
        if changed:
            write_bars(writer.connection, symbol, interval, changed, None, (), now)


def _changed(
    asked: Sequence[str], *, fresh_symbols: Sequence[str], failures: Sequence[PriceFailure], providers: Sequence[str]
) -> QuotesChanged:
    failed = tuple(symbol for symbol in asked if symbol not in fresh_symbols)
    reasons = dict.fromkeys(f"{failure.provider}: {failure.reason}" for failure in failures if failure.symbol is None)
    if not reasons and failed:
        reasons = dict.fromkeys(failure.reason for failure in failures)
    return QuotesChanged(
        provider=max(sorted(set(providers)), key=providers.count, default=None),
        symbols=tuple(fresh_symbols),
        failed=failed,
        reason="; ".join(reasons) or None,
        failures=tuple(failures),
    )

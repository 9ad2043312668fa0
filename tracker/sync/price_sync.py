"""The price half of a sync: a poll of quotes, and the history that moves are measured from."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tracker.impact.estimates import benchmark_for, missing_estimates
from tracker.market import exchanges
from tracker.market.http import make_client
from tracker.market.poll import PricePoller
from tracker.market.providers import build_providers
from tracker.model.clock import Clock, from_epoch
from tracker.model.config import Config
from tracker.model.events import QuotesChanged
from tracker.model.market import DAILY, INTRADAY, BarsAnswer, Breaker, Doubt, PriceFailure, Quote, QuotesAnswer
from tracker.net.address import is_loopback
from tracker.net.timeouts import DEFAULT_TIMEOUTS, Timeouts
from tracker.prices.benchmark import fund_of
from tracker.prices.doubt import doubtful_steps, is_split_between, stepped_symbols
from tracker.prices.sessions import last_close_before
from tracker.prices.splits import Split, local_day, newly_rescaled, rescaled, zone_by_quote, zone_of
from tracker.store.price_reader import PriceReader
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.sync.blocking import RunBlocking
from tracker.sync.history import MAX_REQUESTS, HistoryRequest, Need, answered_span, plan_history
from tracker.sync.known import note_known, read_known

if TYPE_CHECKING:
    import httpx

RECENT = timedelta(days=7)
MAX_SYMBOLS = 60
"""Most symbols of one poll, unless the user watches more: three requests to Yahoo's spark."""
_MAX_REQUESTS_ON_LOOPBACK = 1_000
_HEAD_START = 10.0
"""Seconds before fetching history: most syncs are done by then, and a hanging feed does not delay it."""
_LOOK_BACK = timedelta(days=10)
_ASK_AGAIN = timedelta(hours=1)
"""How long to wait before asking again for the splits of a share whose prices look split."""
_AROUND_SPLIT = timedelta(days=3)
"""How far before a doubted step its split may be dated."""


def wanted_symbols(config: Config, reader: Reader, clock: Clock) -> tuple[str, ...]:
    """Return the symbols that need quotes: watchlist, benchmarks and their funds, shares of the last week's news.

    The user's own are all asked for. Shares in the news fill up to `MAX_SYMBOLS`.
    """
    benchmarks = dict.fromkeys([*(item.benchmark for item in config.symbols), config.settings.benchmark])
    wanted = [item.symbol for item in config.symbols]
    wanted += [benchmark for benchmark in benchmarks if benchmark is not None]
    wanted += [fund for fund in map(fund_of, benchmarks) if fund is not None]
    own = tuple(dict.fromkeys(wanted))
    every = tuple(dict.fromkeys([*own, *reader.news.symbols_since(clock() - RECENT)]))
    return every[: max(MAX_SYMBOLS, len(own))]


def exchanges_by_bars(prices: PriceReader, symbols: Iterable[str], now: datetime) -> dict[str, exchanges.Exchange]:
    """Return the exchanges of those symbols whose hours are not known, by their last daily bars."""
    quotes = prices.quotes()
    found = {}
    for symbol in symbols:
        zone = zone_by_quote(symbol, quotes.get(symbol))
        has_hours = exchanges.is_new_york(symbol, zone) or exchanges.exchange_of(symbol) is not None
        if has_hours or exchanges.is_round_the_clock(symbol):
            continue
        bars = prices.bars(symbol, DAILY, now - _LOOK_BACK, now)
        if (exchange := exchanges.exchange_by_sessions(zone, [(bar.start, bar.end) for bar in bars])) is not None:
            found[symbol] = exchange
    return found


class PriceSync:
    """Fetches and stores prices. Lives as long as its HTTP client, to keep its request rate.

    Args:
        run_blocking: what reads and writes the database goes through it.
        known: names that were on the public internet before (`pair_key`); what comes to it while no sync runs is
            stored with the quotes.
        timeouts: how long a provider may take.
    """

    def __init__(
        self,
        config: Config,
        db: Path,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None,
        *,
        run_blocking: RunBlocking,
        known: set[str] | None = None,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
    ) -> None:
        self._config = config
        self._db = db
        self._clock = clock
        self._run_blocking = run_blocking
        self._known = set() if known is None else known
        self._uses = 0
        self._is_retired = False
        self._client = make_client(known=self._known, transport=transport, timeout_seconds=timeouts.price)
        providers = build_providers(
            config.market.providers,
            config.market.base_urls,
            self._client,
            clock,
            os.environ.get("FINNHUB_API_KEY"),
        )
        self._poller = PricePoller(providers, clock)
        addresses = [config.market.base_urls.get(name, "") for name in config.market.providers]
        # A server on loopback is the user's own: many requests bother nobody.
        self._closes: set[tuple[str, float | None]] = set()  # previous closes that were compared with the stored ones
        self._asked_splits: dict[str, datetime] = {}
        self._most_requests = _MAX_REQUESTS_ON_LOOPBACK if all(is_loopback(url) for url in addresses) else MAX_REQUESTS

    async def close(self) -> None:
        """Close the HTTP client."""
        await self._client.aclose()

    async def retire(self) -> None:
        """Close once its current users are done; another one has replaced it."""
        self._is_retired = True
        if not self._uses:
            await self.close()

    @asynccontextmanager
    async def _in_use(self) -> AsyncIterator[None]:
        self._uses += 1
        try:
            yield
        finally:
            self._uses -= 1
            if self._is_retired and not self._uses:
                await self.close()

    async def beside(self, feeds_done: asyncio.Event) -> QuotesChanged:
        """Poll while feeds come in, then bring what their news needs: quotes of shares not asked for yet, and history.

        That begins when the feeds are done, or after `_HEAD_START` where one of them takes its time, and is then
        completed at the end.
        """
        async with self._in_use():
            return await self._beside(feeds_done)

    async def _beside(self, feeds_done: asyncio.Event) -> QuotesChanged:
        changed = await self.quotes()
        requests = self._most_requests
        with suppress(TimeoutError):
            async with asyncio.timeout(_HEAD_START):
                await feeds_done.wait()
        while True:
            is_last = feeds_done.is_set()
            asked = {*changed.symbols, *changed.failed}
            new = [symbol for symbol in await self._run_blocking(self._wanted) if symbol not in asked]
            if new:
                changed = _joined(changed, await self.quotes(new))
            requests -= await self.history(requests)
            if is_last:
                break
            await feeds_done.wait()
        await self._run_blocking(self.estimate)
        return changed

    async def quotes(self, symbols: Sequence[str] | None = None) -> QuotesChanged:
        """Poll once, these symbols or all that are needed; store the quotes before returning.

        Who gives up meanwhile leaves a note of the providers that were found to hang.
        """
        async with self._in_use():
            return await self._quotes(symbols)

    async def _quotes(self, symbols: Sequence[str] | None) -> QuotesChanged:
        asked = await self._run_blocking(self._wanted) if symbols is None else tuple(symbols)
        previous = await self._run_blocking(lambda: self._read_previous(asked))
        if not asked:
            return QuotesChanged(None, ())
        # No connection is open here: an answer can take fifteen seconds.
        try:
            answer, breakers = await self._poller.quotes(asked, previous, is_more=symbols is not None)
        except asyncio.CancelledError:
            await self._run_blocking(lambda: self._store_quotes((), QuotesAnswer(), self._poller.breakers))
            raise
        fresh = [_with_close(quote, previous.get(quote.symbol)) for quote in answer.quotes if quote.failure is None]
        await self._run_blocking(lambda: self._store_quotes(fresh, answer, breakers))
        await self._follow_splits(fresh)
        await self._run_blocking(lambda: self._note_doubts(stepped_symbols(fresh), is_all=False))
        return _changed(
            asked,
            fresh_symbols=[quote.symbol for quote in fresh],
            failures=answer.failures,
            providers=[quote.provider for quote in fresh],
        )

    def _wanted(self) -> tuple[str, ...]:
        with Reader(self._db) as reader:
            return wanted_symbols(self._config, reader, self._clock)

    def _read_previous(self, symbols: Sequence[str]) -> dict[str, Quote]:
        with Reader(self._db) as reader:
            self._known |= read_known(reader)
            self._poller.adopt_breakers(reader.prices.breakers(self._clock()))
            return reader.prices.quotes(symbols)

    def _store_quotes(self, fresh: Sequence[Quote], answer: QuotesAnswer, breakers: Sequence[Breaker]) -> None:
        with Writer(self._db) as writer:
            writer.prices.store_quotes(fresh, answer.bars, answer.failures, breakers, self._clock())
            note_known(writer, self._config, set(self._known))

    async def _follow_splits(self, quotes: Sequence[Quote]) -> None:
        """Fetch the splits behind today's quotes: the history that contains them is not due before the close.

        Until then every move since yesterday would be one between two kinds of shares: -90% for ten new ones.
        """
        new = [quote for quote in quotes if (quote.symbol, quote.previous_close) not in self._closes]
        if not new:
            return
        split = await self._run_blocking(lambda: self._find_split(new))
        self._closes.update((quote.symbol, quote.previous_close) for quote in new if quote not in split)
        for quote in split:
            now = self._clock()
            answer, breakers = await self._poller.bars(quote.symbol, DAILY, now - _LOOK_BACK, now)
            await self._run_blocking(partial(self._store_split, quote.symbol, quote, answer, breakers, now))
            if answer.bars or answer.splits:  # who did not answer is asked again with the next poll
                self._closes.add((quote.symbol, quote.previous_close))
        if split:
            await self._run_blocking(lambda: self._note_doubts([quote.symbol for quote in split]))

    def _find_split(self, quotes: Sequence[Quote]) -> list[Quote]:
        with Reader(self._db) as reader:
            return [quote for quote in quotes if is_split_between(quote, _close_before(reader, quote))]

    def _store_split(
        self, symbol: str, quote: Quote | None, answer: BarsAnswer, breakers: Sequence[Breaker], now: datetime
    ) -> None:
        with Writer(self._db) as writer:
            writer.prices.store_quotes((), (), (), breakers, now)
            writer.prices.store_bars(symbol, DAILY, (), None, answer.splits, now, answer.dividends)
            _apply_splits(writer, symbol, answer.splits, quote, now)

    async def history(self, most: int) -> int:
        """Fetch the missing bars of stored articles; return the number of requests."""
        silent: set[tuple[str, int]] = set()
        asked = 0
        for request in await self._run_blocking(lambda: self._plan_history(most)):
            if not self._poller.has_provider:
                break
            if (request.symbol, request.interval) in silent:
                continue  # the newer part comes first: a split in it has to be known before older bars are stored
            answer, breakers = await self._poller.bars(request.symbol, request.interval, request.start, request.end)
            asked += 1
            # A reason for this symbol is an answer too: a gap, or an unknown share.
            is_answered = bool(answer.bars) or not any(
                failure.symbol is None or failure.is_passing for failure in answer.failures
            )
            if not is_answered:
                silent.add((request.symbol, request.interval))
            await self._run_blocking(partial(self._store_bars, request, answer, breakers, is_answered))
            if answer.bars and request.interval == DAILY:
                await self._run_blocking(partial(self._note_doubts, [request.symbol]))
        return asked + await self._ask_for_splits()

    async def _ask_for_splits(self) -> int:
        """Request the history around doubted steps again: a split may be announced days later."""
        now = self._clock()
        doubts = await self._run_blocking(self._read_doubts)
        due = [(one, at) for one, at in doubts if now - self._asked_splits.get(one, now - _ASK_AGAIN) >= _ASK_AGAIN]
        for symbol, at in due:
            self._asked_splits[symbol] = now
            answer, breakers = await self._poller.bars(symbol, DAILY, at - _AROUND_SPLIT, now)
            await self._run_blocking(partial(self._store_split, symbol, answer.quote, answer, breakers, now))
            await self._run_blocking(partial(self._note_doubts, [symbol]))
        return len(due)

    def _read_doubts(self) -> list[tuple[str, datetime]]:
        with Reader(self._db) as reader:
            prices = reader.prices
            return [(one, prices.doubts(one)[-1].at) for one in prices.doubted_symbols()]

    def _plan_history(self, most: int) -> list[HistoryRequest]:
        now = self._clock()
        with Reader(self._db) as reader:
            needs = [
                Need(s, count, from_epoch(oldest), from_epoch(newest), benchmark_for(self._config, s))
                for s, count, oldest, newest in reader.news.price_needs()
            ]
            spans = reader.prices.answered_spans(now)
            known = exchanges_by_bars(reader.prices, {symbol for symbol, _ in spans}, now)
            return plan_history(needs, spans, now, most, known)

    def _store_bars(
        self, request: HistoryRequest, answer: BarsAnswer, breakers: Sequence[Breaker], is_answered: bool
    ) -> None:
        now = self._clock()
        with Writer(self._db) as writer:
            writer.prices.store_quotes((), (), (), breakers, now)
            span = answered_span(request, answer.bars, now) if is_answered else None
            writer.prices.store_bars(
                request.symbol, request.interval, answer.bars, span, answer.splits, now, answer.dividends
            )
            if answer.splits:
                _apply_splits(writer, request.symbol, answer.splits, answer.quote, now)

    def _note_doubts(self, symbols: Sequence[str], *, is_all: bool = True) -> None:
        """Look for steps that look like unannounced splits; unless `is_all`, also where there were some before."""
        with Reader(self._db) as reader:
            prices = reader.prices
            wanted = symbols if is_all else list(dict.fromkeys([*symbols, *prices.doubted_symbols()]))
            quotes = prices.quotes(wanted) if wanted else {}
            found: dict[str, list[Doubt]] = {}
            for symbol in wanted:
                quote = quotes.get(symbol)
                zone = zone_by_quote(symbol, quote)
                bars = prices.history(symbol, DAILY)
                doubts = doubtful_steps(rescaled(bars, prices.splits(symbol), zone), quote, zone)
                if doubts or prices.doubts(symbol):
                    found[symbol] = doubts
        if found:
            with Writer(self._db) as writer:
                for symbol, doubts in found.items():
                    writer.prices.store_doubts(symbol, doubts)

    def estimate(self) -> None:
        """Fit the market models of articles while their bars are available; no network."""
        with Reader(self._db) as reader:
            estimates = missing_estimates(reader, self._config, self._clock())
        if estimates:
            with Writer(self._db) as writer:
                writer.prices.store_estimates(estimates)


def _joined(first: QuotesChanged, second: QuotesChanged) -> QuotesChanged:
    """Merge two polls of one sync."""
    reasons = dict.fromkeys(reason for reason in (first.reason, second.reason) if reason is not None)
    return QuotesChanged(
        first.provider or second.provider,
        first.symbols + second.symbols,
        first.failed + second.failed,
        "; ".join(reasons) or None,
        first.failures + second.failures,
    )


def _apply_splits(writer: Writer, symbol: str, splits: Sequence[Split], quote: Quote | None, now: datetime) -> None:
    """Convert bars stored before a split to the shares after it."""
    zone = zone_by_quote(symbol, quote)
    for interval in (DAILY, INTRADAY):
        stored = writer.prices.stored.history(symbol, interval)
        if changed := newly_rescaled(stored, splits, quote, zone):
            writer.prices.store_bars(symbol, interval, changed, None, (), now)


def _with_close(quote: Quote, before: Quote | None) -> Quote:
    """Return a quote, with the previous close of the stored one where it has none and both are of the same day.

    The previous close of another day belongs to another session: the day's change would span both.
    """
    if quote.previous_close is not None or before is None:
        return quote
    zone = zone_of(quote.symbol, quote.exchange_zone or before.exchange_zone)
    if local_day(quote.time, zone) != local_day(before.time, zone):
        return quote
    return replace(quote, previous_close=before.previous_close)


def _close_before(reader: Reader, quote: Quote) -> float | None:
    """Return the stored close of the last session before the day of a quote; None where a week holds none."""
    zone = zone_of(quote.symbol, quote.exchange_zone)
    bars = reader.prices.bars(quote.symbol, DAILY, quote.time - timedelta(days=7), quote.time)
    return last_close_before(bars, local_day(quote.time, zone), zone)


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

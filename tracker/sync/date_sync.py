"""The calendar part of a sync: when the companies of the watchlist report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from tracker.market import earnings, nasdaq
from tracker.market.earnings import CalendarPage, ResultsCalendar, days_to_ask, is_asked_for
from tracker.market.http import JsonGetter, make_client
from tracker.market.poll import BREAK_SECONDS
from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.model.dates import CalendarState
from tracker.model.events import DatesChanged
from tracker.model.market import Breaker, PriceFailure
from tracker.model.sources import EarningsSource
from tracker.model.wait import LONGEST_PAUSE
from tracker.net.address import is_loopback, site
from tracker.net.timeouts import DEFAULT_TIMEOUTS, Timeouts
from tracker.store.read import Reader
from tracker.store.write import Writer

if TYPE_CHECKING:
    import httpx

PAGES_IN_A_SYNC = 6
"""Most pages of one sync, a second apart; 30 sessions take five syncs. A server on loopback is the user's own."""
KIND = "results"

_T = TypeVar("_T")


class RunBlocking(Protocol):
    """Runs a blocking step, here or in a thread, and returns its result."""

    async def __call__(self, step: Callable[[], _T], /) -> _T:
        """Run one step."""


def breaker_name(config: Config) -> str:
    """Return under which name a refusal pauses the calendar: prices come from the same server, unless it was moved."""
    prices = config.market.base_urls.get(nasdaq.NAME, nasdaq.BASE_URL)
    return nasdaq.NAME if site(config.sources.earnings.base_url) == site(prices) else "earnings"


async def sync_dates(
    config: Config,
    db: Path,
    clock: Clock,
    *,
    run_blocking: RunBlocking,
    known: set[str],
    transport: httpx.AsyncBaseTransport | None = None,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
) -> DatesChanged | None:
    """Ask for the pages of the calendar that are due, and store each before the next; None where none is due.

    The first failure ends the round: the rest is due in the next sync.
    """
    source = config.sources.earnings
    name = breaker_name(config)
    most = source.sessions if is_loopback(source.base_url) else PAGES_IN_A_SYNC
    due, pause = await run_blocking(lambda: _plan(config, db, clock(), name, most))
    if pause is not None:
        return DatesChanged((), f"paused until {pause.until:%H:%M} UTC ({pause.reason})")
    if not due:
        return None
    own = {} if source.base_url == EarningsSource().base_url else {earnings.NAME: source.base_url}
    client = make_client(known=known, transport=transport, timeout_seconds=timeouts.price)
    done: list[date] = []
    try:
        results = ResultsCalendar(JsonGetter(client, clock, own), source.base_url)
        for day in due:
            page = await results.page(day)
            await run_blocking(partial(_store, db, page, name, clock()))
            if isinstance(page, PriceFailure):
                return DatesChanged(tuple(done), page.reason)
            done.append(day)
    finally:
        await client.aclose()
    return DatesChanged(tuple(done))


def _plan(config: Config, db: Path, now: datetime, name: str, most: int) -> tuple[tuple[date, ...], Breaker | None]:
    if not is_asked_for(config.watched):
        return (), None
    with Reader(db) as reader:
        due = days_to_ask(now, config.sources.earnings.sessions, reader.dates.pages(earnings.NAME, KIND), most)
        paused = [one for one in reader.prices.breakers(now) if one.provider == name]
    return due, paused[0] if due and paused else None


def _store(db: Path, page: CalendarPage | PriceFailure, name: str, now: datetime) -> None:
    with Writer(db) as writer:
        if isinstance(page, PriceFailure):
            writer.dates.store_state(CalendarState(earnings.NAME, now, page.reason))
            if page.blocked:
                wait = min(timedelta(seconds=max(BREAK_SECONDS, page.retry_after_seconds or 0)), LONGEST_PAUSE)
                writer.prices.store_quotes((), (), (), [Breaker(name, now + wait, page.reason, now)], now)
        else:
            writer.dates.store_page(earnings.NAME, KIND, page.day, page.dates, now)
            writer.dates.store_state(CalendarState(earnings.NAME, now))

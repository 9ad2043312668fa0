"""The calendar part of a sync: when the companies of the watchlist report, pay dividends and split their shares."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.market import finnhub, nasdaq
from tracker.market.coming import Calendar, calendars
from tracker.market.earnings import CalendarPage, days_to_ask, is_asked_for
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
from tracker.sync.blocking import RunBlocking

if TYPE_CHECKING:
    import httpx

PAGES_IN_A_SYNC = 6
"""Most pages of a calendar in one sync, a second apart; 30 sessions take five syncs. A server on loopback is the
user's own."""


def breaker_name(config: Config, source: str = nasdaq.NAME) -> str:
    """Return under which name a refusal pauses a source's calendars: prices come from the same server, unless moved."""
    if source != nasdaq.NAME:
        return source
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
    """Ask for the pages of the calendars that are due, and store each before the next; None where none is due.

    The first failure ends the round of a calendar: the rest is due in the next sync.
    """
    if not is_asked_for(config.watched):
        return None
    source = config.sources.earnings
    finnhub_url = config.market.base_urls.get(finnhub.NAME, finnhub.BASE_URL)
    own = {} if source.base_url == EarningsSource().base_url else {nasdaq.NAME: source.base_url}
    if finnhub.NAME in config.market.base_urls:
        own[finnhub.NAME] = finnhub_url
    client = make_client(known=known, transport=transport, timeout_seconds=timeouts.price)
    done: list[date] = []
    reasons: list[str] = []
    try:
        getter = JsonGetter(client, clock, own)
        for calendar in calendars(source, finnhub_url, os.environ.get("FINNHUB_API_KEY")):
            name = breaker_name(config, calendar.source)
            due, pause = await run_blocking(partial(_plan, calendar, db, clock(), name))
            reason = None if pause is None else f"paused until {pause.until:%H:%M} UTC ({pause.reason})"
            for day in due if pause is None else ():
                page = await calendar.page(getter, day)
                await run_blocking(partial(_store, db, calendar, page, name, clock()))
                if isinstance(page, PriceFailure):
                    reason = page.reason
                    break
                done.append(day)
            if reason is not None:
                reasons.append(reason if calendar.name == nasdaq.NAME else f"{calendar.name}: {reason}")
    finally:
        await client.aclose()
    if not done and not reasons:
        return None
    return DatesChanged(tuple(dict.fromkeys(done)), "; ".join(reasons) or None)


def _plan(calendar: Calendar, db: Path, now: datetime, name: str) -> tuple[tuple[date, ...], Breaker | None]:
    most = calendar.sessions if is_loopback(calendar.url) else PAGES_IN_A_SYNC
    with Reader(db) as reader:
        due = days_to_ask(now, calendar.sessions, reader.dates.pages(calendar.source, calendar.kind), most)
        paused = [one for one in reader.prices.breakers(now) if one.provider == name]
    return due, paused[0] if due and paused else None


def _store(db: Path, calendar: Calendar, page: CalendarPage | PriceFailure, name: str, now: datetime) -> None:
    with Writer(db) as writer:
        if isinstance(page, PriceFailure):
            writer.dates.store_state(CalendarState(calendar.name, now, page.reason))
            if page.blocked:
                wait = min(timedelta(seconds=max(BREAK_SECONDS, page.retry_after_seconds or 0)), LONGEST_PAUSE)
                writer.prices.store_quotes((), (), (), [Breaker(name, now + wait, page.reason, now)], now)
        else:
            writer.dates.store_page(calendar.source, calendar.kind, page.day, page.dates, now)
            writer.dates.store_state(CalendarState(calendar.name, now))

"""`tracker quotes`: last known prices of the watchlist or the given symbols, with their provider."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from tracker.cli.context import CommandContext
from tracker.cli.errors import UsageError
from tracker.cli.records import Priced, quotes_layout, stale_seconds
from tracker.cli.run_async import run_async
from tracker.config.problem import Refused
from tracker.config.values import symbol as checked_symbol
from tracker.impact.coming import coming_dates
from tracker.model.config import Config
from tracker.model.market import WatchSymbol
from tracker.store.read import Reader
from tracker.tagging.catalog import merge_companies, share_names
from tracker.tagging.companies import companies

_REFRESH_TIMEOUT = 10.0
_NOT_FETCHED = "not fetched yet"


def run(context: CommandContext) -> int:
    """Fetch prices unless asked not to, and write what is known; return 1 when no price is known."""
    config = context.config()
    watched = {item.symbol: item for item in config.symbols}
    symbols = _symbols(context.options.symbol) or tuple(watched)
    if not symbols:
        context.print_message("the watchlist is empty: give symbols, or add [[symbol]] tables to the configuration")
        return 0
    names = share_names(*merge_companies(companies(), config.tags))
    asked = replace(config, symbols=tuple(_named(watched.get(one) or WatchSymbol(one), names) for one in symbols))
    if not context.options.offline and config.market.providers:
        why = run_async(_refresh(context, asked))
        if why is not None:
            context.print_message(why)
    known = _stored(context, asked)
    context.write(known, quotes_layout(known), red_up=config.settings.red_up)
    return 0 if any(item.quote is not None for item in known) else 1


def _named(item: WatchSymbol, names: Mapping[str, str]) -> WatchSymbol:
    """Return a symbol with the user's name, else that of its company."""
    return item if item.name is not None else replace(item, name=names.get(item.symbol))


def _stored(context: CommandContext, config: Config) -> list[Priced]:
    now = context.clock()
    if context.db.exists():
        with Reader(context.db) as reader:
            return read_stored(reader, config, now)
    return [Priced(item.symbol, item.name, None, _NOT_FETCHED, now, stale_seconds(config)) for item in config.symbols]


def read_stored(reader: Reader, config: Config, now: datetime) -> list[Priced]:
    """Return the stored quotes of the watchlist of `config`, in its order."""
    quotes = reader.prices.quotes([item.symbol for item in config.symbols])
    failures = reader.prices.quote_failures()
    dates = coming_dates(reader, config.watched, now)
    found = []
    for item in config.symbols:
        quote = quotes.get(item.symbol)
        reason = quote.failure if quote is not None else failures.get(item.symbol, (_NOT_FETCHED, now))[0]
        coming = dates.get(item.symbol, ())
        found.append(Priced(item.symbol, item.name, quote, reason, now, stale_seconds(config), coming))
    return found


async def _refresh(context: CommandContext, config: Config) -> str | None:
    """Poll once; return why no prices arrived, or None."""
    from tracker.sync.run import Syncer

    syncer = Syncer(config, context.db, context.clock)
    try:
        async with asyncio.timeout(_REFRESH_TIMEOUT):
            changed = await syncer.quotes()
    except TimeoutError:
        return f"prices: no response within {_REFRESH_TIMEOUT:.0f} s; showing the last known ones"
    finally:
        await syncer.close()
    return None if changed.symbols or changed.reason is None else f"prices: {changed.reason}"


def _symbols(words: Sequence[str]) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(checked_symbol(word) for word in words))
    except Refused as refused:
        raise UsageError(f"{refused.message}{refused.hint and '; ' + refused.hint}") from None

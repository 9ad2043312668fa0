"""`tracker quotes`: last known prices of the watchlist or the given symbols, with their provider."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from tracker.cli.context import CommandContext
from tracker.cli.layouts import layout_of, record_of
from tracker.cli.names import check_symbol
from tracker.cli.numbers import age, amount, change_cell, stale_seconds
from tracker.cli.output import Cell, Column, Layout, Record
from tracker.cli.records import DateRecord, QuoteRecord, ResultsRecord
from tracker.cli.run_async import run_async
from tracker.impact.coming import coming_dates
from tracker.model.config import Config
from tracker.model.dates import AgreedDate
from tracker.model.market import Quote, WatchSymbol
from tracker.prices.moves import is_stale
from tracker.store.read import Reader
from tracker.tagging.catalog import merge_companies, share_names
from tracker.tagging.companies import companies
from tracker.words.dates import days_text, results_of, today_of
from tracker.words.money import price_currency

_REFRESH_TIMEOUT = 10.0
_NOT_FETCHED = "not fetched yet"
PRICES_ARE_OFF = "prices are off"


class Priced(Struct, frozen=True):
    """A symbol with its last known price, or why there is none."""

    symbol: str
    name: str | None
    quote: Quote | None
    reason: str | None
    now: datetime
    stale_seconds: float
    dates: tuple[AgreedDate, ...] = ()
    """Its coming dates, soonest first."""


def run(context: CommandContext) -> int:
    """Fetch prices unless asked not to, and write what is known; return 1 when no price is known."""
    config = context.config()
    watched = {item.symbol: item for item in config.symbols}
    symbols = tuple(dict.fromkeys(map(check_symbol, context.options.symbol))) or tuple(watched)
    if not symbols:
        context.print_message("the watchlist is empty: give symbols, or add [[symbol]] tables to the configuration")
        context.write([], quotes_layout([]))
        return 0
    names = share_names(*merge_companies(companies(), config.tags))
    asked = replace(config, symbols=tuple(_named(watched.get(one) or WatchSymbol(one), names) for one in symbols))
    if not context.options.offline and config.market.providers:
        context.update_database()
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
        with context.reader() as reader:
            return read_stored(reader, config, now)
    reason = _unfetched(config)
    return [Priced(item.symbol, item.name, None, reason, now, stale_seconds(config)) for item in config.symbols]


def _unfetched(config: Config) -> str:
    return _NOT_FETCHED if config.market.providers else PRICES_ARE_OFF


def read_stored(reader: Reader, config: Config, now: datetime) -> list[Priced]:
    """Return the stored quotes of the watchlist of `config`, in its order."""
    quotes = reader.prices.quotes([item.symbol for item in config.symbols])
    failures = reader.prices.quote_failures()
    dates = coming_dates(reader, config.watched, now)
    found = []
    for item in config.symbols:
        quote = quotes.get(item.symbol)
        reason = quote.failure if quote is not None else failures.get(item.symbol, (_unfetched(config), now))[0]
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


def _record(item: Priced) -> QuoteRecord:
    quote = item.quote
    first, *others = results_of(item.dates) or (None,)
    return record_of(
        QuoteRecord,
        quote,
        symbol=item.symbol,
        name=item.name,
        age_s=None if quote is None else max(0, (item.now - quote.time) // timedelta(seconds=1)),
        stale=quote is not None and is_stale(quote, item.now, stale_seconds=item.stale_seconds),
        reason=item.reason,
        next_results=None
        if first is None
        else record_of(ResultsRecord, first, date=first.day, others=tuple(map(date_record, others))),
    )


def date_record(one: AgreedDate) -> DateRecord:
    """Return the record of a coming date."""
    return record_of(DateRecord, one, date=one.day)


def _flat(item: Priced) -> Record:
    dates = results_of(item.dates)
    return {"next_results": "; ".join(f"{one.day} {one.time or ''}".strip() for one in dates)}


def _cells(item: Priced) -> Sequence[Cell]:
    record, quote = _record(item), item.quote
    name = Cell(item.name or "", "dim")
    reason = Cell(item.reason or ("stale" if record.stale else ""), "bad")
    coming = Cell(days_text(item.dates, today_of(item.now)), "dim")
    if quote is None:
        return (Cell(item.symbol), name, *(Cell("") for _ in range(5)), coming, reason)
    extended = change_cell(quote.extended_change)
    later = Cell(f"{quote.session or 'later'} {amount(quote.price, item.symbol)} {extended.text}", extended.tone)
    # The day's change is that of the regular session, as is the price next to it; a later trade has its own column.
    day_price = quote.regular_price if quote.extended_change is not None and quote.regular_price else quote.price
    return (
        Cell(item.symbol),
        name,
        Cell(amount(day_price, item.symbol)),
        Cell(price_currency(item.symbol, quote.currency) or "", "dim"),
        change_cell(quote.change),
        later if quote.extended_change is not None else Cell(quote.session or "", "dim"),
        Cell(f"{quote.provider}, {age(quote.time, item.now)} ago", "dim"),
        coming,
        reason,
    )


_COLUMNS = (
    Column("symbol"),
    Column("name", least=6),
    Column("price", right=True),
    Column(""),
    Column("today", right=True),
    Column("session"),
    Column("from", least=12, leaves=1),
    Column("results"),
    Column("", least=20),
)


def quotes_layout(items: Sequence[Priced]) -> Layout[Priced]:
    """Return how `tracker quotes` is written: the table has a column for results where any are known.

    In CSV, dates of sources that contradict each other are separated by semicolons.
    """
    has_dates = any(results_of(item.dates) for item in items)
    shown = [place for place, column in enumerate(_COLUMNS) if has_dates or column.title != "results"]

    def cells(item: Priced) -> Sequence[Cell]:
        drawn = _cells(item)
        return [drawn[place] for place in shown]

    return layout_of(
        QuoteRecord,
        _record,
        [_COLUMNS[place] for place in shown],
        cells,
        prefixes={"next_results": None},
        more=_flat,
        more_fields=("next_results",),
    )

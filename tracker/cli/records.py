"""Records of articles and prices as the interface defines them; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from tracker.cli.output import Cell, Column, Layout, Record, Tone
from tracker.model.article import Article
from tracker.model.clock import iso
from tracker.model.config import Config
from tracker.model.dates import AgreedDate
from tracker.model.impact import Measurement, Window
from tracker.model.market import Move, Quote
from tracker.model.shown import show_host
from tracker.model.tags import Mention, stands_in_for
from tracker.prices.moves import is_stale, move_since
from tracker.words.dates import days_text, results_of, today_of
from tracker.words.durations import compact_text
from tracker.words.moves import move_text
from tracker.words.shares import share_text


class Listed(Struct, frozen=True):
    """An article with the moves of its shares; the headline's share comes first."""

    article: Article
    moves: Mapping[str, Move]
    measured: Mapping[str, Measurement | None]
    """Measurements around publication, by symbol."""
    now: datetime


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


def stale_seconds(config: Config) -> float:
    """Return the age at which a quote becomes stale: two poll intervals and a response time."""
    return max(90.0, 2.0 * config.market.poll_seconds + 30.0)


def symbols_of(article: Article) -> tuple[str, ...]:
    """Return an article's symbols: the headline's share, then those of its tags in order."""
    symbols = [article.symbol, *(mention.symbol for mention in article.mentions)]
    return tuple(dict.fromkeys(symbol for symbol in symbols if symbol is not None))


def listed(
    article: Article,
    measured: Mapping[str, Measurement | None],
    quotes: Mapping[str, Quote],
    now: datetime,
    stale: float = 90.0,
) -> Listed:
    """Return an article with its moves; `measured` is filled where its publication time is known."""
    moves = {
        symbol: move_since(
            symbol,
            article.time,
            None if (found := measured.get(symbol)) is None else found.base,
            quotes.get(symbol),
            now,
            stale_seconds=stale,
        )
        for symbol in symbols_of(article)
    }
    return Listed(article, moves, measured, now)


def mention_record(mention: Mention) -> Record:
    """Return the record of a tag with its matches."""
    return {
        "name": mention.tag,
        "symbol": mention.symbol,
        "salience": mention.salience,
        "matches": [
            {"field": match.field, "start": match.start, "end": match.end, "text": match.text}
            for match in mention.matches
        ],
    }


def _list_record(item: Listed) -> Record:
    article = item.article
    return {
        "id": article.id,
        "title": article.title,
        "url": show_host(article.url),
        "source": article.source,
        "author": article.author,
        "published": iso(article.published),
        "first_seen": iso(article.first_seen),
        "lang": article.language,
        "read": article.read,
        "starred": article.starred,
        "story": {"id": article.story.id, "size": article.story.size, "sources": list(article.story.sources)},
        "attribution": _attribution_record(article),
        "tags": [mention_record(mention) for mention in article.mentions],
        "moves": {symbol: move_record(move, item.measured.get(symbol)) for symbol, move in item.moves.items()},
    }


def _attribution_record(article: Article) -> Record | None:
    named = article.attribution
    if named is None:
        return None
    return {"name": named.name, "url": show_host(named.url), "original_id": named.original_id}


def move_record(move: Move, measured: Measurement | None = None) -> Record:
    """Return the record of a move; abnormal, t and value end at the close of its session once that is over."""
    shown = Window() if measured is None else measured.to_close
    return {
        "since": move.since,
        "abnormal": shown.abnormal,
        "t": shown.t,
        "value_usd": shown.value_usd,
        "day": move.day,
        "before": None if measured is None else measured.before,
        "price": move.price,
        "price_time": iso(move.price_time),
        "base_price": move.base_price,
        "base_time": iso(move.base_time),
        "session": move.session,
        "currency": move.currency,
        "provider": move.provider,
        "stale": move.stale,
    }


_LIST_FIELDS = ("id", "title", "url", "source", "author", "published", "first_seen", "lang", "read", "starred")
_MOVE_FIELDS = (
    "since",
    "abnormal",
    "t",
    "value_usd",
    "day",
    "before",
    "price",
    "price_time",
    "base_price",
    "base_time",
    "session",
    "currency",
    "provider",
    "stale",
)


def _list_row(item: Listed) -> dict[str, object]:
    record = _list_record(item)
    lead = item.moves.get(item.article.symbol) if item.article.symbol is not None else None
    move = move_record(lead, item.measured.get(lead.symbol)) if lead is not None else dict.fromkeys(_MOVE_FIELDS)
    mentions = item.article.mentions
    return (
        {name: record[name] for name in _LIST_FIELDS}
        | {"story_id": item.article.story.id, "story_size": item.article.story.size}
        | {"story_sources": "; ".join(item.article.story.sources)}
        | {"about": " ".join(mention.tag for mention in mentions if mention.salience == "about")}
        | {"mentions": " ".join(mention.tag for mention in mentions if mention.salience == "mention")}
        | {"symbol": item.article.symbol}
        | {name: move[name] for name in _MOVE_FIELDS}
    )


def _share(article: Article) -> str:
    symbol, mentions = article.symbol, article.mentions
    name = next((mention.tag for mention in mentions if mention.symbol == symbol), None)
    return share_text(symbol, name, is_stand_in=symbol is not None and bool(stands_in_for(mentions, symbol)))


def _list_cells(item: Listed) -> Sequence[Cell]:
    article = item.article
    move = item.moves.get(article.symbol) if article.symbol is not None else None
    quiet: Tone = "dim" if article.read else ""
    others = f"+{article.story.size - 1}" if article.story.size > 1 else ""
    is_old_base = move is not None and move.base_age_seconds is not None and move.base_age_seconds > 1800
    return (
        Cell(f"{'★' if article.starred else ''}{age(article.time, item.now)}", "dim"),
        Cell(article.title, quiet),
        Cell(others, "dim"),
        Cell(article.source, "dim"),
        Cell(" ".join(mention.tag for mention in article.mentions if mention.salience == "about"), "dim"),
        Cell(_share(article)),
        change_cell(move.since if move is not None else None, "*" if is_old_base else " "),
        change_cell(move.day if move is not None else None),
    )


LIST: Layout[Listed] = Layout(
    columns=(
        Column("age", right=True),
        Column("headline", least=30),
        Column("", right=True),
        Column("source", least=10),
        Column("about", least=14),
        Column("share"),
        Column("since ", right=True),
        Column("today", right=True),
    ),
    cells=_list_cells,
    record=_list_record,
    row=_list_row,
    fields=(
        *_LIST_FIELDS,
        "story_id",
        "story_size",
        "story_sources",
        "about",
        "mentions",
        "symbol",
        *_MOVE_FIELDS,
    ),
)
"""`tracker list`. In CSV, tags are space-separated names and the move is that of the headline's share."""


def _quote_record(item: Priced) -> Record:
    quote = item.quote
    values: dict[str, Any] = dict.fromkeys(
        (
            "price",
            "change",
            "extended_change",
            "previous_close",
            "regular_price",
            "currency",
            "session",
            "time",
            "age_s",
            "provider",
        )
    )
    if quote is not None:
        values = {
            "price": quote.price,
            "change": quote.change,
            "extended_change": quote.extended_change,
            "previous_close": quote.previous_close,
            "regular_price": quote.regular_price,
            "currency": quote.currency,
            "session": quote.session,
            "time": iso(quote.time),
            "age_s": max(0, (item.now - quote.time) // timedelta(seconds=1)),
            "provider": quote.provider,
        }
    stale = quote is not None and is_stale(quote, item.now, stale_seconds=item.stale_seconds)
    return {
        "symbol": item.symbol,
        "name": item.name,
        **values,
        "stale": stale,
        "reason": item.reason,
        "next_results": results_record(item.dates),
    }


def date_record(one: AgreedDate) -> Record:
    """Return the record of a coming date."""
    return {"date": one.day.isoformat(), "time": one.time, "sources": list(one.sources)}


def results_record(dates: Sequence[AgreedDate]) -> Record | None:
    """Return the record of the next results; `others` has the dates of sources that contradict the first."""
    first, *others = results_of(dates) or (None,)
    return None if first is None else {**date_record(first), "others": [date_record(one) for one in others]}


def _quote_row(item: Priced) -> Record:
    record = _quote_record(item)
    dates = results_of(item.dates)
    record["next_results"] = "; ".join(f"{one.day} {one.time or ''}".strip() for one in dates)
    return record


def _quote_cells(item: Priced) -> Sequence[Cell]:
    record, quote = _quote_record(item), item.quote
    name = Cell(item.name or "", "dim")
    reason = Cell(item.reason or ("stale" if record["stale"] else ""), "bad")
    coming = Cell(days_text(item.dates, today_of(item.now)), "dim")
    if quote is None:
        return (Cell(item.symbol), name, *(Cell("") for _ in range(5)), coming, reason)
    extended = change_cell(quote.extended_change)
    later = Cell(f"{quote.session or 'later'} {_amount(quote.price)} {extended.text}", extended.tone)
    # The day's change is that of the regular session, as is the price next to it; a later trade has its own column.
    day_price = quote.regular_price if quote.extended_change is not None and quote.regular_price else quote.price
    return (
        Cell(item.symbol),
        name,
        Cell(_amount(day_price)),
        Cell(quote.currency or "", "dim"),
        change_cell(quote.change),
        later if quote.extended_change is not None else Cell(quote.session or "", "dim"),
        Cell(f"{quote.provider}, {age(quote.time, item.now)} ago", "dim"),
        coming,
        reason,
    )


_QUOTE_COLUMNS = (
    Column("symbol"),
    Column("name", least=8),
    Column("price", right=True),
    Column(""),
    Column("today", right=True),
    Column("session"),
    Column("from", least=12),
    Column("results"),
    Column("", least=20),
)


def quotes_layout(items: Sequence[Priced]) -> Layout[Priced]:
    """Return how `tracker quotes` is written: the table has a column for results where any are known.

    In CSV, dates of sources that contradict each other are separated by semicolons.
    """
    has_dates = any(results_of(item.dates) for item in items)
    shown = [place for place, column in enumerate(_QUOTE_COLUMNS) if has_dates or column.title != "results"]

    def cells(item: Priced) -> Sequence[Cell]:
        drawn = _quote_cells(item)
        return [drawn[place] for place in shown]

    return Layout(
        columns=[_QUOTE_COLUMNS[place] for place in shown],
        cells=cells,
        record=_quote_record,
        row=_quote_row,
        fields=(
            "symbol",
            "name",
            "price",
            "change",
            "extended_change",
            "previous_close",
            "regular_price",
            "currency",
            "session",
            "time",
            "age_s",
            "provider",
            "stale",
            "reason",
            "next_results",
        ),
    )


def _amount(price: float) -> str:
    return f"{price:,.2f}" if price >= 1 else f"{price:,.4f}"


def age(moment: datetime, now: datetime) -> str:
    """Return how long ago a moment was, in its largest unit ("4m", "2h", "3d"); "0m" for the future."""
    return compact_text((now - moment).total_seconds())


def change_cell(change: float | None, mark: str = "") -> Cell:
    """Return a fraction as a percentage with its direction; empty for None."""
    if change is None:
        return Cell("")
    text, direction = move_text(change)
    return Cell(text + mark, direction if direction in ("up", "down") else "dim")

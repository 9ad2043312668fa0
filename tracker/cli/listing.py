"""`tracker list`: stored stories, one row each, or articles; newest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from tracker.cli.context import CommandContext
from tracker.cli.layouts import layout_of, plain_record, record_of
from tracker.cli.numbers import age, change_cell, stale_seconds
from tracker.cli.output import Cell, Column, Record, Tone
from tracker.cli.queries import read_query
from tracker.cli.records import AttributionRecord, ListRecord, MoveRecord, tag_record
from tracker.impact.calculator import ImpactCalculator
from tracker.impact.order import list_ids, list_stories
from tracker.model.article import Article
from tracker.model.config import Config
from tracker.model.impact import Measurement, Window
from tracker.model.market import Move, Quote
from tracker.model.plurals import count_noun
from tracker.model.query import Query
from tracker.model.shown import show_host
from tracker.model.tags import stands_in_for
from tracker.prices.moves import move_since
from tracker.store.read import Reader
from tracker.words.durations import NO_AGE
from tracker.words.shares import share_text

_BATCH = 200


class Listed(Struct, frozen=True):
    """An article with the moves of its shares; the headline's share comes first."""

    article: Article
    moves: Mapping[str, Move]
    measured: Mapping[str, Measurement | None]
    """Measurements around publication, by symbol."""
    now: datetime
    is_by_sources: bool = False
    """True in the order of sources, where the table shows how many sources its story has."""


def run(context: CommandContext) -> int:
    """Write the matching stories, with `--articles` all articles."""
    options = context.options
    config = context.config()
    _, query = read_query(context, options.query, config)
    return show(context, config, query, options.limit or None, by_article=options.articles)


def show(
    context: CommandContext,
    config: Config,
    query: Query,
    limit: int | None,
    *,
    by_article: bool = False,
    form: str | None = None,
) -> int:
    """Write the first report of each matching story, or each article, in the requested format, or in `form`."""
    has_articles = context.has_articles()
    items = _stored(context, config, query, limit, by_article) if has_articles else iter(())
    first = next(items, None)
    context.write(() if first is None else chain((first,), items), LIST, red_up=config.settings.red_up, form=form)
    if first is None and has_articles and context.is_terminal:  # in a pipe, as with grep, no line says it
        context.print_message("no article matches")
    return 0


def _stored(
    context: CommandContext, config: Config, query: Query, limit: int | None, by_article: bool
) -> Iterator[Listed]:
    now = context.clock()
    with context.reader() as reader:
        ids = (list_ids if by_article else list_stories)(reader, config, query, now, limit)
        is_by_sources = query.sort == "sources"
        for item in with_moves(reader, config, ids, now):
            yield replace(item, is_by_sources=True) if is_by_sources else item


def with_moves(reader: Reader, config: Config, ids: Sequence[int], now: datetime) -> Iterator[Listed]:
    """Yield articles in the order of `ids`, with their shares' moves at `now`."""
    quotes = reader.prices.quotes()
    stale = stale_seconds(config)
    calculator = ImpactCalculator(reader, config, lambda: now)
    for first in range(0, len(ids), _BATCH):
        for article in reader.articles.get_many(ids[first : first + _BATCH]):
            found = {}
            if article.published is not None:
                found = {symbol: calculator.measured(symbol, article.published) for symbol in symbols_of(article)}
            yield listed(article, found, quotes, now, stale)


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


def _record(item: Listed) -> ListRecord:
    article = item.article
    named = article.attribution
    return record_of(
        ListRecord,
        article,
        url=show_host(article.url),
        lang=article.language,
        attribution=None if named is None else record_of(AttributionRecord, named, url=show_host(named.url)),
        tags=tuple(map(tag_record, article.mentions)),
        moves={symbol: _move_record(move, item.measured.get(symbol)) for symbol, move in item.moves.items()},
    )


def _move_record(move: Move, measured: Measurement | None) -> MoveRecord:
    """Return the record of a move; abnormal, t and value end at the close of its session once that is over."""
    shown = Window() if measured is None else measured.to_close
    return record_of(
        MoveRecord,
        move,
        abnormal=shown.abnormal,
        t=shown.t,
        value_usd=shown.value_usd,
        before=None if measured is None else measured.before,
    )


_MOVE = MoveRecord.__struct_fields__


def _flat(item: Listed) -> Record:
    mentions, symbol = item.article.mentions, item.article.symbol
    lead = item.moves.get(symbol) if symbol is not None else None
    by_salience = {
        salience: " ".join(mention.tag for mention in mentions if mention.salience == salience)
        for salience in ("about", "mention")
    }
    move = dict.fromkeys(_MOVE) if lead is None else plain_record(_move_record(lead, item.measured.get(lead.symbol)))
    return {"about": by_salience["about"], "mentions": by_salience["mention"], "symbol": symbol, **move}


def _share(article: Article) -> str:
    symbol, mentions = article.symbol, article.mentions
    name = next((mention.tag for mention in mentions if mention.symbol == symbol), None)
    return share_text(symbol, name, is_stand_in=symbol is not None and bool(stands_in_for(mentions, symbol)))


def _age(article: Article, now: datetime) -> str:
    return age(article.time, now) if article.at_latest is None else NO_AGE


def _cells(item: Listed) -> Sequence[Cell]:
    article = item.article
    move = item.moves.get(article.symbol) if article.symbol is not None else None
    quiet: Tone = "dim" if article.read else ""
    if item.is_by_sources:
        others = count_noun(len(article.story.sources), "source", "sources")
    else:
        others = f"+{article.story.size - 1}" if article.story.size > 1 else ""
    is_old_base = move is not None and move.base_age_seconds is not None and move.base_age_seconds > 1800
    return (
        Cell(f"{'★' if article.starred else ''}{_age(article, item.now)}", "dim"),
        Cell(article.title, quiet),
        Cell(others, "dim"),
        Cell(article.source, "dim"),
        Cell(" ".join(mention.tag for mention in article.mentions if mention.salience == "about"), "dim"),
        Cell(_share(article)),
        change_cell(move.since if move is not None else None, "*" if is_old_base else " "),
        change_cell(move.day if move is not None else None),
    )


LIST = layout_of(
    ListRecord,
    _record,
    (
        Column("age", right=True),
        Column("headline", least=30),
        Column("", right=True),
        Column("source", least=10),
        Column("about", least=14, leaves=1),
        Column("share"),
        Column("since ", right=True),
        Column("today", right=True, leaves=2),
    ),
    _cells,
    prefixes=dict.fromkeys(("attribution", "tags", "moves")),
    more=_flat,
    more_fields=("about", "mentions", "symbol", *_MOVE),
)
"""`tracker list`. In CSV, tags are space-separated names and the move is that of the headline's share."""

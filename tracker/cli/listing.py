"""`tracker list`: stored stories, one row each, or articles; newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from tracker.cli.context import CommandContext
from tracker.cli.queries import read_query
from tracker.cli.records import LIST, Listed, listed, stale_seconds, symbols_of
from tracker.impact.calculator import ImpactCalculator
from tracker.impact.order import list_ids, list_stories
from tracker.model.config import Config
from tracker.model.query import Query
from tracker.store.read import Reader

_BATCH = 200


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
    if not context.db.exists():
        context.print_message(f"{context.db}: no articles yet; run `tracker sync`, or try `tracker demo`")
    items = _stored(context, config, query, limit, by_article) if context.db.exists() else iter(())
    context.write(items, LIST, red_up=config.settings.red_up, form=form)
    return 0


def _stored(
    context: CommandContext, config: Config, query: Query, limit: int | None, by_article: bool
) -> Iterator[Listed]:
    now = context.clock()
    with Reader(context.db) as reader:
        ids = (list_ids if by_article else list_stories)(reader, config, query, now, limit)
        yield from with_moves(reader, config, ids, now)


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

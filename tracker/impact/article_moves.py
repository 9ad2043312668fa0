"""The moves of the shares that an article is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tracker.model.article import Article
from tracker.model.clock import to_epoch
from tracker.model.market import Move, Quote
from tracker.prices.moves import move_since
from tracker.store.price_reader import PriceReader


def article_moves(prices: PriceReader, article: Article, quotes: Mapping[str, Quote], now: datetime) -> list[Move]:
    """Return the move of each of the article's shares since publication, which is unknown where that time is."""
    published = article.published
    bases = {
        symbol: None if published is None else prices.base_before(symbol, to_epoch(published))
        for symbol in article.shares
    }
    return [move_since(symbol, article.time, base, quotes.get(symbol), now) for symbol, base in bases.items()]

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
    """Return the move of each of the article's shares since publication."""
    epoch = to_epoch(article.time)
    return [
        move_since(symbol, article.time, prices.base_before(symbol, epoch), quotes.get(symbol), now)
        for symbol in article.shares
    ]

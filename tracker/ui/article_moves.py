"""The moves shown above an open article."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tracker.model.article import Article
from tracker.model.clock import to_epoch
from tracker.model.market import Move, Quote
from tracker.prices.moves import move_since
from tracker.store.price_reader import PriceReader


def article_symbols(article: Article) -> tuple[str, ...]:
    """Return the shares an article is about, the one of its row first."""
    about = (mention.symbol for mention in article.mentions if mention.salience == "about")
    return tuple(dict.fromkeys(symbol for symbol in (article.symbol, *about) if symbol))


def article_moves(prices: PriceReader, article: Article, quotes: Mapping[str, Quote], now: datetime) -> list[Move]:
    """Return the move of each of the article's shares since publication."""
    epoch = to_epoch(article.time)
    return [
        move_since(symbol, article.time, prices.base_before(symbol, epoch), quotes.get(symbol), now)
        for symbol in article_symbols(article)
    ]

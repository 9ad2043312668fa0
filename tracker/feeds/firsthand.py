"""Reads the documents of first-hand sources, each in its own shape."""

from __future__ import annotations

from datetime import datetime

from tracker.feeds.halts import halted_symbols, parse_halts
from tracker.feeds.models import parse_models
from tracker.feeds.sec import filer_symbols, parse_filings
from tracker.feeds.twse import parse_twse, twse_symbols
from tracker.model.feed import ParsedFeed
from tracker.model.sources import FirstHand, FirstHandKind

_PARSERS = {"sec": parse_filings, "halts": parse_halts, "models": parse_models, "twse": parse_twse}


def parse_first_hand(body: bytes, first_hand: FirstHand, *, url: str, now: datetime) -> ParsedFeed:
    """Parse a document of a first-hand source, in linear time.

    Raises:
        FeedError: if it is in another shape than its source documents.
    """
    return _PARSERS[first_hand.kind](body, first_hand, url=url, now=now)


def known_symbols(kind: FirstHandKind, key: str) -> tuple[str, ...] | None:
    """Return the symbols that an article of such a source is about, by its key; None where its words say so."""
    if kind == "sec":
        return filer_symbols(key)
    if kind == "twse":
        return twse_symbols(key)
    return halted_symbols(key) if kind == "halts" else None

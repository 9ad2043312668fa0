"""Joins what first-hand sources said with the stories that the press made of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from tracker.feeds.firsthand import known_symbols
from tracker.store.originals import FirstHandArticle, OriginalStore
from tracker.store.write import Writer
from tracker.stories.originals import LONGEST, WITHIN, Origin, PressReport, find_originals, model_parts

_LATE = timedelta(days=1)
"""How long after a story begins its reports may still be fetched: feeds are asked that seldom, or were off."""


def join_originals(writer: Writer, now: datetime) -> int:
    """Join what came within the longest time that the press takes; return how many stories got their original."""
    store = writer.originals
    grouped = store.grouped()
    found = _join_originals(store, now)
    store.note_complete(grouped)
    return found


def _join_originals(store: OriginalStore, now: datetime) -> int:
    unjoined = store.unjoined(now - LONGEST - _LATE)
    origins = [_origin(one) for one in unjoined if one.time + WITHIN[one.kind] + _LATE >= now]
    near: set[int] = set()
    words: list[tuple[str, datetime, datetime]] = []
    for one in origins:
        span = (one.time, one.time + WITHIN[one.kind])
        if one.kind != "models":
            near |= store.stories_about(one.symbols, *span)
        elif parts := model_parts(one.key):
            words.append((max(parts, key=len), *span))
    near |= store.stories_with(words)
    if not near:
        return 0
    reports = [PressReport(one.story_id, one.time, one.title, one.symbol) for one in store.reports(near)]
    found = find_originals(origins, reports)
    store.join((origin.story_id, story_id) for origin, story_id in found)
    return len(found)


def _origin(one: FirstHandArticle) -> Origin:
    known = known_symbols(one.kind, one.key) if one.kind != "company" else None
    symbols = known if known is not None else () if one.symbol is None else (one.symbol,)
    return Origin(one.id, one.story_id, one.kind, one.time, frozenset(symbols), one.title, one.text, one.key)

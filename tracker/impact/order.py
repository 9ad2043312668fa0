"""Articles in the order of what their shares did: the window since, up to the close of its session, or that session."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import datetime

from tracker.impact.calculator import ImpactCalculator
from tracker.model.config import Config
from tracker.model.impact import Impact
from tracker.model.query import MEASURED_SORTS, Query, Sort
from tracker.prices.moves import day_value
from tracker.store.read import Reader


def list_stories(reader: Reader, config: Config, query: Query, now: datetime, limit: int | None = None) -> array[int]:
    """Return one id for each story, as `StoryReader.leads`, also in the orders that have to be measured."""
    if query.sort not in MEASURED_SORTS:
        return reader.stories.leads(query, now, limit)
    return _by_size(reader, config, reader.stories.leads(query, now), query.sort, now)[:limit]


def list_ids(reader: Reader, config: Config, query: Query, now: datetime, limit: int | None = None) -> array[int]:
    """Return the articles that match, as `ArticleReader.ids`, also in the orders that have to be measured."""
    if query.sort not in MEASURED_SORTS:
        return reader.articles.ids(query, now, limit)
    return _by_size(reader, config, reader.articles.ids(query, now), query.sort, now)[:limit]


def size_of(impact: Impact, by: Sort, held: float | None = None) -> float:
    """Return how large the number of a sort is, whichever way it went; -1 where it is not known.

    `held`: how many of these shares the user has.
    """
    shown = impact.to_close
    values = {
        "abnormal": shown.abnormal,
        "dollars": shown.value_usd,
        "session": impact.session.move,
        "t": shown.t,
        "yours": day_value(impact.since.move, None if impact.base is None else impact.base.price, held),
    }
    value = values[by]
    return -1.0 if value is None else abs(value)


def _by_size(reader: Reader, config: Config, ids: Sequence[int], by: Sort, now: datetime) -> array[int]:
    """Return ids with the largest first, by the share of their row; what is not known comes last, newest first."""
    sizes: dict[int, float] = {}
    held = config.held
    for impact in ImpactCalculator(reader, config, lambda: now).impacts(ids):
        sizes.setdefault(impact.article_id, size_of(impact, by, held.get(impact.symbol)))
    return array("q", sorted(ids, key=lambda one: sizes.get(one, -1.0), reverse=True))

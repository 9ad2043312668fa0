"""The moves of an article's shares, in the article pane and for alerts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from tests.helpers.prices import five
from tests.helpers.store import article, fill
from tests.impact.conftest import Bench
from tracker.impact.article_moves import article_moves
from tracker.model.market import Quote

AT = datetime(2025, 1, 27, 15, 0, tzinfo=UTC)


def test_an_article_without_a_time_has_no_move_since_it(bench: Bench) -> None:
    bench.now = AT + timedelta(minutes=30)
    bench.bars([five("NVDA", "2025-01-27T15:00", 100.0)])
    quote = Quote("NVDA", 90.0, bench.now, "yahoo", 110.0)
    dated = article("Nvidia falls", symbol="NVDA", minutes_ago=0, now=AT)
    entry = replace(dated.entry, key="undated", published=None, claimed=AT + timedelta(days=900))
    ids = fill(bench.writer, "Feed", [dated, replace(dated, entry=entry)])
    found = {one.id: one for one in bench.reader.articles.get_many(list(ids))}
    (known,), (unknown,) = (article_moves(bench.reader.prices, found[one], {"NVDA": quote}, bench.now) for one in ids)
    assert (known.since, known.base_price) == (90.0 / 100.0 - 1.0, 100.0)
    assert (unknown.since, unknown.base_price, unknown.day) == (None, None, known.day)

"""Shares outstanding: dated, of listed companies, the user's own first, splits counted."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tracker.market import exchanges
from tracker.market.shares import reported_shares, shares_of
from tracker.model.market import SharesOutstanding
from tracker.prices.splits import shares_today


def test_every_row_has_a_figure_a_date_and_a_source() -> None:
    known = reported_shares()
    assert len(known) >= 50
    for symbol, one in known.items():
        assert exchanges.is_new_york(symbol)
        assert 1e7 < one.count < 1e11
        assert one.as_of is not None
        assert date(2025, 1, 1) <= one.as_of <= date(2025, 12, 31)
        assert one.source in ("10-K", "10-Q", "20-F", "report")
    assert known["GOOG"] == known["GOOGL"]  # all classes


def test_the_users_own_figure_wins_and_nothing_is_made_up() -> None:
    assert shares_of("NVDA", 7.0) == SharesOutstanding(7.0, None, "feeds.toml")
    assert shares_of("NVDA", None) == reported_shares()["NVDA"]
    assert shares_of("NOBODY", None) is None


@pytest.mark.parametrize(("day", "factor"), [(date(2025, 1, 26), 10.0), (date(2025, 1, 27), 1.0), (None, 1.0)])
def test_a_split_after_the_date_counts(day: date | None, factor: float) -> None:
    split = (datetime(2025, 1, 27, 14, 30, tzinfo=UTC), 10.0)
    one = SharesOutstanding(100.0, day, "10-Q")
    assert shares_today(one, [split], exchanges.NEW_YORK) == 100.0 * factor
    assert shares_today(None, [split], exchanges.NEW_YORK) is None

"""Returns with the dividends that lie between two prices."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.model.dividends import Dividend, dividends_between, total_return

AT = datetime(2025, 2, 10, 5, tzinfo=UTC)
PAID = Dividend(date(2025, 2, 10), AT, 0.43)
LATER = Dividend(date(2025, 5, 9), datetime(2025, 5, 9, 4, tzinfo=UTC), 0.45)
SECOND = timedelta(seconds=1)


def test_a_dividend_counts_for_a_price_from_before_its_day_and_one_of_it() -> None:
    assert dividends_between([PAID, LATER], AT - SECOND, AT) == (PAID,)
    assert dividends_between([PAID, LATER], AT - SECOND, LATER.at) == (PAID, LATER)
    assert dividends_between([PAID], AT, AT + SECOND) == ()  # the first price is without it
    assert dividends_between([PAID], AT - 2 * SECOND, AT - SECOND) == ()


def test_a_total_return_is_price_and_dividends_over_the_first_price() -> None:
    assert total_return(25.0, 24.57, [PAID]) == pytest.approx(0.0)
    assert total_return(25.0, 24.57) == pytest.approx(-0.0172)
    assert total_return(25.0, 24.12, [PAID, LATER]) == pytest.approx(0.0)

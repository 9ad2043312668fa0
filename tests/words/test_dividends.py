"""Dividends as a reader knows them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tracker.model.dividends import Dividend
from tracker.words.dividends import dividends_text
from tracker.words.money import amount_text

AT = datetime(2025, 2, 10, 5, tzinfo=UTC)
PAID = Dividend(date(2025, 2, 10), AT, 0.43)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (0.43, "USD", "$0.43"),
        (0.4, "EUR", "€0.40"),
        (0.0374, "GBP", "£0.0374"),
        (7.0, "CHF", "CHF 7"),
        (45.0, "JPY", "¥45"),
        (1234.5, None, "1,234.50"),
    ],
)
def test_an_amount_for_a_share(amount: float, currency: str | None, text: str) -> None:
    assert amount_text(amount, currency) == text


def test_each_dividend_has_its_day() -> None:
    assert dividends_text((), "USD") == ""
    assert dividends_text([PAID], "USD") == "with a dividend of $0.43, 10 Feb"
    other = Dividend(date(2025, 5, 9), AT, 0.45)
    assert dividends_text([PAID, other], "USD") == "with dividends of $0.43, 10 Feb; $0.45, 9 May"

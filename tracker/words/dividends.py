"""The dividends in a move, in words; pure."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.model.dividends import Dividend
from tracker.words.money import amount_text


def dividends_text(dividends: Sequence[Dividend], currency: str | None) -> str:
    """Return "with a dividend of $0.43, 10 Feb", or of each of several; "" where there are none."""
    if not dividends:
        return ""
    paid = [f"{amount_text(one.amount, currency)}, {one.day.day} {one.day:%b}" for one in dividends]
    return f"with a dividend of {paid[0]}" if len(paid) == 1 else f"with dividends of {'; '.join(paid)}"

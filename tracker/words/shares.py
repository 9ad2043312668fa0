"""How the share of a headline is written; pure."""

from __future__ import annotations

STAND_IN_SIGN = "›"
"""In front of a share that is shown because the company in the headline is not listed."""


def share_text(symbol: str | None, name: str | None = None, *, is_stand_in: bool = False, has_room: bool = True) -> str:
    """Return the share of a headline: its symbol, with "›" if it replaces a company that is not listed.

    A number says little: 005930.KS is written as its name where there is room, without room as its number alone.

    Args:
        symbol: of the share; None: the headline has none.
        name: of its company, in a word.
        is_stand_in: the headline's own company is not listed.
        has_room: False in a narrow column, for which the suffix of the exchange is cut off.
    """
    if symbol is None:
        return ""
    if is_stand_in:
        return STAND_IN_SIGN + symbol
    if has_room and name and symbol[:1].isdigit():
        return name
    return symbol if has_room else symbol.partition(".")[0]

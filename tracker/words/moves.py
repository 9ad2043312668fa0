"""Moves of prices, as fractions, and what is said of them: their sign, their width, their t; pure."""

from __future__ import annotations

import math
from typing import Literal

Direction = Literal["up", "down", "flat", "none"]

ARROWS = {"up": "▲", "down": "▼"}
MOVE_WIDTH = 7
"""Cells of every move that is known."""


def move_text(value: float | None) -> tuple[str, Direction]:
    """Return a move (a fraction) as 7 cells with the decimal point always in the fourth, and where it went.

    `("▼16.97%", "down")`, `("▲ 1.91%", "up")`, `("  0.00%", "flat")`, `("", "none")` for an unknown or impossible
    one. From 100% on it has no decimals, and over 9,999% only that it is more.
    """
    if value is None or not math.isfinite(value):
        return "", "none"
    percent = round(abs(value) * 100, 2)
    if percent == 0:
        return "  0.00%", "flat"
    direction: Direction = "up" if value > 0 else "down"
    if percent < 100:
        number = f"{percent:5.2f}"
    elif percent < 9999.5:
        number = f"{percent:5.0f}"
    else:
        number = ">9999"
    return f"{ARROWS[direction]}{number}%", direction


def t_text(value: float) -> str:
    """Return a t statistic: "−5.70", "+0.31"."""
    return f"{'−' if value < 0 else '+'}{abs(value):.2f}"

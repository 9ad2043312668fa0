"""Numbers and ages in tables."""

from __future__ import annotations

from datetime import datetime

from tracker.cli.output import Cell
from tracker.model.config import Config
from tracker.words.durations import compact_text
from tracker.words.money import is_rate
from tracker.words.moves import move_text


def stale_seconds(config: Config) -> float:
    """Return the age at which a quote becomes stale: two poll intervals and a response time."""
    return max(90.0, 2.0 * config.market.poll_seconds + 30.0)


def amount(price: float, symbol: str) -> str:
    """Return a price with the decimals that matter."""
    return f"{price:,.2f}" if price >= (100 if is_rate(symbol) else 1) else f"{price:,.4f}"


def age(moment: datetime, now: datetime) -> str:
    """Return how long ago a moment was, in its largest unit ("4m", "2h", "3d"); "0m" for the future."""
    return compact_text((now - moment).total_seconds())


def change_cell(change: float | None, mark: str = "") -> Cell:
    """Return a fraction as a percentage with its direction; empty for None."""
    if change is None:
        return Cell("")
    text, direction = move_text(change)
    return Cell(text + mark, direction if direction in ("up", "down") else "dim")

"""The number at the end of a row: since publication, of day 0, abnormal, or in dollars; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tracker.model.market import Move
from tracker.prices.moves import OLD_BASE_SECONDS
from tracker.ui.widgets.headline_row import RowMove

if TYPE_CHECKING:
    from tracker.model.impact import Impact

MoveKind = Literal["since", "day0", "abnormal", "dollars"]
KINDS: tuple[MoveKind, ...] = ("since", "day0", "abnormal", "dollars")
KIND_WORDS: dict[MoveKind, str] = {
    "since": "moves since publication",
    "day0": "moves of day 0",
    "abnormal": "abnormal returns of day 0",
    "dollars": "value in dollars, day 0",
}
SIGNIFICANT_T = 1.96
"""Below it, 5 of 100 days without news are as far from what the benchmark accounts for (two-sided, normal)."""


def kind_named(name: str) -> MoveKind:
    """Return the kind of that name; "since" for an unknown one."""
    return next((kind for kind in KINDS if kind == name), "since")


def next_kind(kind: MoveKind) -> MoveKind:
    """Return the kind that the key shows next."""
    return KINDS[(KINDS.index(kind) + 1) % len(KINDS)]


def row_move(kind: MoveKind, move: Move, impact: Impact | None) -> RowMove:
    """Return what a row shows of its share.

    Grey where the day's t is known and small. Until day 0 is over its figures are those so far.
    """
    t = None if impact is None else impact.abnormal.t0
    is_flat = t is not None and abs(t) < SIGNIFICANT_T
    is_old = move.base_age_seconds is not None and move.base_age_seconds > OLD_BASE_SECONDS
    if kind == "since":
        return RowMove(move.since, is_old, move.stale, is_flat=is_flat)
    if impact is None:
        return RowMove(None)
    if kind == "day0":
        if impact.moves.day0 is not None:
            return RowMove(impact.moves.day0, impact.is_base_old, is_flat=is_flat)
        is_running = impact.abnormal.ar0 is not None or impact.value_usd is not None
        return RowMove(move.since if is_running else None, is_old, move.stale, is_flat=is_flat)
    if kind == "abnormal":
        return RowMove(impact.abnormal.ar0, is_flat=is_flat)
    return RowMove(impact.value_usd, is_flat=is_flat, is_dollars=True)

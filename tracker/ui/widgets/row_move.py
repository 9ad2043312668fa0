"""The number at the end of a row: since publication, beyond the market, in dollars, or the whole session; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tracker.model.market import Move
from tracker.prices.moves import OLD_BASE_SECONDS
from tracker.ui.widgets.headline_row import RowMove
from tracker.words.impact import is_usual

if TYPE_CHECKING:
    from tracker.model.impact import Impact

MoveKind = Literal["since", "abnormal", "dollars", "session"]
KINDS: tuple[MoveKind, ...] = ("since", "abnormal", "dollars", "session")
KIND_WORDS: dict[MoveKind, str] = {
    "since": "since publication",
    "abnormal": "since, beyond the market",
    "dollars": "since, in dollars",
    "session": "whole session",
}


def kind_named(name: str) -> MoveKind:
    """Return the kind of that name; "since" for an unknown one."""
    return next((kind for kind in KINDS if kind == name), "since")


def next_kind(kind: MoveKind) -> MoveKind:
    """Return the kind that the key shows next."""
    return KINDS[(KINDS.index(kind) + 1) % len(KINDS)]


def row_move(kind: MoveKind, move: Move, impact: Impact | None) -> RowMove:
    """Return what a row shows of its share; grey where the window that is shown is within the share's normal range.

    "abnormal" and "dollars" are of the window since publication, up to the close of its session once that is over.
    """
    is_old = move.base_age_seconds is not None and move.base_age_seconds > OLD_BASE_SECONDS
    if kind == "since":
        return RowMove(move.since, is_old, move.stale, is_flat=impact is not None and is_usual(impact.since))
    if impact is None:
        return RowMove(None)
    if kind == "session":
        return RowMove(impact.session.move, is_flat=is_usual(impact.session))
    shown = impact.to_close
    if kind == "abnormal":
        return RowMove(shown.abnormal, impact.is_base_old, is_flat=is_usual(shown))
    return RowMove(shown.value_usd, impact.is_base_old, is_flat=is_usual(shown), is_dollars=True)

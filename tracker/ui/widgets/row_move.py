"""The number at the end of a row: a move since publication or of the session, an amount, what you made; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tracker.model.market import Move
from tracker.prices.moves import OLD_BASE_SECONDS, day_value
from tracker.ui.widgets.headline_row import RowMove
from tracker.words.impact import is_usual

if TYPE_CHECKING:
    from tracker.model.impact import Impact

MoveKind = Literal["since", "abnormal", "dollars", "session", "yours"]
KINDS: tuple[MoveKind, ...] = ("since", "abnormal", "dollars", "session", "yours")
KIND_WORDS: dict[MoveKind, str] = {
    "since": "since publication",
    "abnormal": "beyond the market to the close",
    "dollars": "in dollars to the close",
    "session": "whole session",
    "yours": "since, what you made or lost",
}


def kind_named(name: str, *, has_held: bool = True) -> MoveKind:
    """Return the kind of that name; "since" for an unknown one, and for "yours" where nobody holds any share."""
    return next((kind for kind in kinds(has_held) if kind == name), "since")


def next_kind(kind: MoveKind, *, has_held: bool = True) -> MoveKind:
    """Return the kind that the key shows next."""
    known = kinds(has_held)
    return known[(known.index(kind) + 1) % len(known)]


def kinds(has_held: bool) -> tuple[MoveKind, ...]:
    """Return the kinds there are: "yours" only where the user said of any share how many they hold."""
    return KINDS if has_held else KINDS[:-1]


def row_move(kind: MoveKind, move: Move, impact: Impact | None, held: float | None = None) -> RowMove:
    """Return what a row shows of its share; grey where the window that is shown is within the share's normal range.

    "abnormal" and "dollars" are of the window since publication, up to the close of its session once that is over.
    "yours" is of the window since, for `held` shares of the row.
    """
    is_old = move.base_age_seconds is not None and move.base_age_seconds > OLD_BASE_SECONDS
    if kind == "since":
        return RowMove(move.since, is_old, move.stale, is_flat=impact is not None and is_usual(impact.since))
    if kind == "yours":
        made = day_value(move.since, move.base_price, held)
        is_flat = impact is not None and is_usual(impact.since)
        return RowMove(made, is_old, move.stale, is_flat=is_flat, is_gain=True, currency=move.currency)
    if impact is None:
        return RowMove(None)
    if kind == "session":
        return RowMove(impact.session.move, is_flat=is_usual(impact.session))
    shown = impact.to_close
    if kind == "abnormal":
        return RowMove(shown.abnormal, impact.is_base_old, is_flat=is_usual(shown))
    return RowMove(shown.value_usd, impact.is_base_old, is_flat=is_usual(shown), is_dollars=True)

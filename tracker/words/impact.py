"""Sentences about a share's move around an article; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tracker.model.impact import Timing, Window
from tracker.prices.unusual import UNUSUAL_T, VERY_UNUSUAL_T

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def unusual_text(window: Window) -> str:
    """Return how unusual a move is by its t: "no", "yes", "very"; "" where t is unknown."""
    if window.t is None:
        return ""
    size = abs(window.t)
    return "no" if size < UNUSUAL_T else "very" if size >= VERY_UNUSUAL_T else "yes"


def is_usual(window: Window) -> bool:
    """Return True when a move is within the share's normal range; False where that is unknown."""
    return window.t is not None and abs(window.t) < UNUSUAL_T


def stand_in_text(symbol: str, companies: Sequence[str]) -> str:
    """Return that a share is shown for companies that are not listed; "" where there are none."""
    if not companies:
        return ""
    names = " and ".join(filter(None, (", ".join(companies[:-1]), companies[-1])))
    return f"{symbol} stands in for {names}, which {'is' if len(companies) == 1 else 'are'} not listed"


def timing_text(timing: Timing | None, session: Window, day: date | None) -> str:
    """Return a sentence on whether the headline came before or after its session's move; "" where there is none."""
    if timing is None:
        return ""
    if timing.moved_before_open is not None:
        moved = timing.moved_before_open
        way = "risen" if moved > 0 else "fallen"
        size = f"{abs(moved) * 100:.1f}%"
        return f"By this headline, before the open, the share had already {way} {size} from the previous close."
    if session.move is None or day is None:
        return ""
    what = f"{_DAYS[day.weekday()]}'s {'rise' if session.move > 0 else 'fall'}{'' if session.is_over else ' so far'}"
    if timing.kind == "no-bars":
        from tracker.prices.measure import span_words  # with the model of the market, which a window needs later

        silent = timing.silent_seconds
        why = (
            "no earlier trade is known"
            if silent is None
            else f"no trade is known in the {span_words(silent)} before it"
        )
        return f"{what} may have begun before this headline: {why}."
    if timing.kind == "within-15-minutes":
        return f"{what} began within 15 minutes of this headline."
    part = timing.share_before
    if part is None or part >= 0.995:
        return f"All of {what} came before this headline."
    if timing.kind in ("before", "mostly-before"):
        return f"{round(part * 100)}% of {what} came before this headline."
    if part <= 0.005:
        return f"All of {what} came after this headline."
    return f"{round((1.0 - part) * 100)}% of {what} came after this headline."

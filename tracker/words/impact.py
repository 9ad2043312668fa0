"""Sentences about a share's move around an article; pure."""

from __future__ import annotations

from datetime import date

from tracker.model.impact import Timing, Window
from tracker.prices.measure import span_words
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


def timing_text(timing: Timing | None, session: Window, day: date | None) -> str:
    """Return a sentence on whether the headline came before or after its session's move; "" where there is none."""
    if timing is None or session.move is None or day is None:
        return ""
    what = f"{_DAYS[day.weekday()]}'s {'rise' if session.move > 0 else 'fall'}"
    part = timing.share_before
    if timing.kind == "no-bars":
        silence = "" if timing.silent_seconds is None else f" in the {span_words(timing.silent_seconds)} before it"
        return f"Cannot tell whether {what} came before or after this headline: no trade is known{silence}."
    if timing.kind == "within-15-minutes":
        return f"{what} began within 15 minutes of this headline."
    if part is None or part >= 0.995:
        return f"All of {what} came before this headline."
    if timing.kind in ("before", "mostly-before"):
        return f"{round(part * 100)}% of {what} came before this headline."
    if part <= 0.005:
        return f"All of {what} came after this headline."
    return f"{round((1.0 - part) * 100)}% of {what} came after this headline."

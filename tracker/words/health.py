"""The health of a feed in words: its last response, its next fetch and why then, its problem; pure."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from tracker.model.feed import FeedSource, FeedState
from tracker.model.shown import show_address
from tracker.words.durations import length_text

_ANSWERS = {200: "OK", 304: "unchanged"}

Pause = tuple[datetime, str]
"""The end of a pause that a host asked for, and the reason, as stored."""


def status_words(status: int | None) -> str:
    """Return an HTTP status with its words: "503 Service Unavailable", "304 unchanged", "no response" for None."""
    if status is None:
        return "no response"
    if status in _ANSWERS:
        return f"{status} {_ANSWERS[status]}"
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:  # servers make up their own codes, such as 520
        return str(status)


def answer_words(state: FeedState | None, now: datetime) -> str:
    """Return the last response and how long ago it came: "304 unchanged, 4 min ago", "never fetched"."""
    if state is None or state.last_checked is None:
        return "never fetched"
    length = length_text(state.last_checked, now)
    return f"{status_words(state.last_http)}, {f'{length} ago' if length else 'just now'}"


def short_answer_words(state: FeedState | None, now: datetime) -> str:
    """Return when a feed was last checked, for a narrow column: "503, 4 min ago"; without a response, the time."""
    if state is None or state.last_checked is None:
        return "never fetched"
    length = length_text(state.last_checked, now)
    ago = f"{length} ago" if length else "just now"
    return ago if state.last_http is None else f"{state.last_http}, {ago}"


def due_words(source: FeedSource, state: FeedState | None, pause: Pause | None, now: datetime) -> tuple[str, str]:
    """Return when a feed is fetched next and why: ("in 12 min", "your interval"), ("now", ""), ("never", "disabled").

    A `pause` of its host applies if it is longer than the feed's own wait.
    """
    if not source.enabled:
        return "never", "disabled"
    if (snoozed := source.snoozed(now)) is not None and source.snoozed_until is not None:
        return f"in {(source.snoozed_until - now.astimezone(UTC).date()).days} d", snoozed
    if state is not None and state.disabled_reason is not None:
        return "never", "until you retry"
    due = None if state is None else state.due_at(now)
    why = "" if state is None else state.next_why or ""
    if pause is not None and pause[0] > (due or now):
        due, why = pause
    if due is None or due <= now:
        return "now", ""
    length = length_text(now, due)
    return (f"in {length}" if length else "in a moment"), why


def problem(source: FeedSource, state: FeedState | None) -> str | None:
    """Return why a feed brings nothing: disabled, gone, or its last fetch failed; None if it is fine."""
    if not source.enabled:
        return "disabled in the configuration"
    if state is None:
        return None
    said = state.disabled_reason or state.last_reason
    return show_address(said) if said else "failed" if state.fail_count else None

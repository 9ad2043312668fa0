"""An alert in words, for a notification, a command's environment and a request; pure."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.model.alert import AlertRule, Firing
from tracker.model.clock import iso


def rule_text(key: str, rules: Sequence[AlertRule]) -> str:
    """Return what the rule of a key asks for in words; the key of a rule that is gone."""
    return next((rule.label for rule in rules if rule.key == key), key)


def title_text(firing: Firing) -> str:
    """Return "NVDA -3.1%: Nvidia falls", or the headline alone."""
    again = "(again) " if firing.is_again else ""
    share = share_text(firing)
    return f"{again}{share}: {firing.candidate.title}" if share else f"{again}{firing.candidate.title}"


def body_text(firing: Firing) -> str:
    """Return who had it first, who reports it, and the link."""
    candidate = firing.candidate
    who = candidate.source
    if candidate.first_source != candidate.source:
        who = f"{candidate.source}, first {candidate.first_source}"
    return f"{who}\n{candidate.url}" if candidate.url else who


def share_text(firing: Firing) -> str:
    """Return "NVDA -3.1%", "NVDA", or an empty text."""
    if firing.symbol is None:
        return ""
    return firing.symbol if firing.move is None else f"{firing.symbol} {firing.move * 100:+.1f}%"


def environment(firing: Firing) -> dict[str, str]:
    """Return the variables that a command gets besides its own environment; a value that is not known is empty.

    A coming date has no story and was not published; the rule is named by its query, or by what it asks for.
    """
    candidate = firing.candidate
    return {
        "TRACKER_ALERT": firing.rule.query or firing.rule.key,
        "TRACKER_TITLE": candidate.title,
        "TRACKER_URL": candidate.url or "",
        "TRACKER_SOURCE": candidate.source,
        "TRACKER_FIRST_SOURCE": candidate.first_source,
        "TRACKER_PUBLISHED": iso(candidate.published) or "",
        "TRACKER_SYMBOL": firing.symbol or "",
        "TRACKER_MOVE": "" if firing.move is None else f"{firing.move:.6f}",
        "TRACKER_STORY": str(candidate.story_id or ""),
        "TRACKER_AGAIN": "1" if firing.is_again else "",
    }

"""Which stories fire a rule; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from tracker.model.alert import AlertRule, Candidate, Firing

MAX_PER_HOUR = 10
"""Alerts of one rule in an hour; a rule that matches everything would bury all others."""
REACH = timedelta(hours=24)
"""Reports older than this fire nothing: they hardly explain a move a day later."""


def judge(rule: AlertRule, candidates: Iterable[Candidate]) -> list[Firing]:
    """Return what fires a rule now, each story once, however many they are.

    Args:
        candidates: reports of stories that have not fired the rule, oldest first.
    """
    firing: list[Firing] = []
    seen: set[int] = set()
    for candidate in candidates:
        if candidate.story_id in seen:
            continue
        symbol, move = _largest(candidate)
        if rule.move is not None and (move is None or abs(move) < rule.move):
            continue
        seen.add(candidate.story_id)
        firing.append(Firing(rule, candidate, symbol, move))
    return firing


def _largest(candidate: Candidate) -> tuple[str | None, float | None]:
    """Return the share that moved most, with its move; the row's share where no move is known."""
    if not candidate.moves:
        return candidate.symbol, None
    return max(candidate.moves, key=lambda pair: abs(pair[1]))

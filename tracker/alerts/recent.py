"""Which alerts fired lately."""

from __future__ import annotations

from tracker.model.clock import from_epoch, optional_time
from tracker.store.alerts import Fired
from tracker.store.read import Reader


def recent_alerts(reader: Reader, limit: int | None) -> list[Fired]:
    """Return the alerts of stories and of coming dates that fired last, newest first; None: all of them."""
    dates = [
        Fired(one.rule, None, one.title, None, one.source, from_epoch(one.fired), optional_time(one.sent), one.problem)
        for one in reader.date_alerts.all()
    ]
    return sorted([*dates, *reader.alerts.recent(limit)], key=lambda one: one.fired, reverse=True)[:limit]

"""What doctor says of a clock that servers contradict."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.model.config import Config
from tracker.model.feed import FeedSource, FeedState
from tracker.sync.clocks import asked_states, clock_problem

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
MINUTE = timedelta(minutes=1)


def states(checked: datetime, *ahead: timedelta | None) -> list[FeedState]:
    """The states after a sync in which each of so many servers showed a time."""
    return [
        FeedState(f"{n}", f"https://{n}.example/", last_checked=checked, server_ahead=one)
        for n, one in enumerate(ahead)
    ]


@pytest.mark.parametrize(
    ("known", "now", "text"),
    [
        ([], NOW, None),
        (states(NOW, None, None), NOW + MINUTE, None),
        (states(NOW, timedelta(0), MINUTE, YEAR), NOW + MINUTE, None),
        (states(NOW, -YEAR, -YEAR), NOW + MINUTE, "this computer's clock is 365 d ahead of most of 2 servers"),
        (states(NOW + YEAR, -YEAR, -YEAR), NOW, "at the last sync this computer's clock was 365 d ahead of most of 2"),
        (states(NOW, YEAR), NOW + MINUTE, "this computer's clock is 365 d behind the server of the last sync"),
        (states(NOW - YEAR, YEAR), NOW + MINUTE, "at the last sync this computer's clock was 365 d behind the server"),
        (states(NOW, 11 * MINUTE), NOW, "this computer's clock is 11 min behind the server"),
        (states(NOW + YEAR, None), NOW, "the last sync was 365 d later than now: the clock was wrong then, or is now"),
        (states(NOW + 4 * MINUTE, None), NOW, None),
        ([*states(NOW - YEAR, YEAR, YEAR, YEAR), *states(NOW, timedelta(0))], NOW, None),
    ],
)
def test_clock_problem(known: list[FeedState], now: datetime, text: str | None) -> None:
    found = clock_problem(known, now)
    assert (found is None) if text is None else (found is not None and found.text.startswith(text))


def test_only_feeds_that_are_asked_speak() -> None:
    url = "https://a.example/"
    sources = tuple(FeedSource(name, url, enabled=name != "off") for name in ("ok", "off", "gone", "new", "unasked"))
    known = {name: FeedState(name, url, last_checked=NOW) for name in ("ok", "off", "removed")}
    known["gone"] = FeedState("gone", url, last_checked=NOW, disabled_reason="410")
    known["unasked"] = FeedState("unasked", url)
    assert [state.name for state in asked_states(Config(feeds=sources), known)] == ["ok"]

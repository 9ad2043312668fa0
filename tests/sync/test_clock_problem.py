"""What doctor says of a clock that servers contradict."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.model.config import Config
from tracker.model.feed import FeedSource, FeedState
from tracker.sync.clocks import asked_states, clock_problem, servers_heard

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
        (states(NOW + YEAR, None), NOW, "the last sync was 365 d in the future: the clock was wrong then, or is now"),
        (states(NOW + 4 * MINUTE, None), NOW, None),
        ([*states(NOW - YEAR, YEAR, YEAR, YEAR), *states(NOW, timedelta(0))], NOW, None),
    ],
)
def test_clock_problem(known: list[FeedState], now: datetime, text: str | None) -> None:
    found = clock_problem(known, now)
    assert (found is None) if text is None else (found is not None and found.text.startswith(text))


def test_only_feeds_that_are_asked_speak() -> None:
    url = "https://a.example/"
    sources = tuple(FeedSource(name, url, enabled=name != "off") for name in ("ok", "off", "gone", "new"))
    known = {name: FeedState(name, url, last_checked=NOW) for name in ("ok", "off", "removed")}
    known["gone"] = FeedState("gone", url, last_checked=NOW, disabled_reason="410")
    assert [state.name for state in asked_states(Config(feeds=sources), known)] == ["ok"]


@pytest.mark.parametrize(
    ("answers", "now", "heard"),
    [
        ({}, NOW + MINUTE, [YEAR, -YEAR]),  # nobody was asked: what was said a minute ago holds
        ({}, NOW - MINUTE * 60, []),  # not if the clock went back meanwhile
        ({"0": timedelta(0), "1": None}, NOW + MINUTE, [timedelta(0), -YEAR]),
        ({"0": timedelta(0)}, NOW - MINUTE * 60, [timedelta(0)]),
    ],
)
def test_what_servers_said_last_holds_while_the_clock_goes_on(
    answers: dict[str, timedelta | None], now: datetime, heard: list[timedelta]
) -> None:
    known = [*states(NOW, YEAR, -YEAR, None), FeedState("new", "https://new.example/")]
    old = FeedState("old", "https://old.example/", last_checked=NOW - 2 * YEAR, server_ahead=YEAR)
    assert servers_heard([*known, old], answers, now) == heard


def test_before_the_first_sync_nobody_was_heard() -> None:
    assert servers_heard([FeedState("new", "https://new.example/")], {}, NOW) == []

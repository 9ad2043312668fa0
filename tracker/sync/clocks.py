"""Compares our clock with those of the servers, from the feeds' states; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from tracker.model.config import Config
from tracker.model.feed import FeedState, FetchedFeed
from tracker.model.trust import MAX_CLOCK_ERROR, clock_error, is_steady, median_by_host
from tracker.model.wait import SKEW
from tracker.net.address import site
from tracker.words.durations import length_text

_ONE_SYNC = timedelta(days=1)
"""Feeds asked within so long before the last one speak of the same clock."""


class ClockProblem(Struct, frozen=True):
    """What is wrong with our clock, and what to do."""

    text: str
    advice: str


def server_ahead(fetched: FetchedFeed, now: datetime) -> timedelta | None:
    """Return by how much the server's clock is ahead of ours; None where it did not say."""
    return None if fetched.server_date is None else fetched.server_date - now


def asked_states(config: Config, states: Mapping[str, FeedState]) -> list[FeedState]:
    """Return the states of the feeds that are asked: neither switched off nor given up."""
    found = [states[source.name] for source in config.feeds if source.enabled and source.name in states]
    return [state for state in found if state.disabled_reason is None]


def last_asked(states: Iterable[FeedState]) -> datetime | None:
    """Return what our clock showed when a feed was asked last; None before the first sync."""
    return max((state.last_checked for state in states if state.last_checked is not None), default=None)


def servers_heard(
    states: Sequence[FeedState], answers: Mapping[str, timedelta | None], now: datetime
) -> list[timedelta]:
    """Return by how much each host's clock is ahead of ours: as it just said, else as it said in the last sync.

    What was said in the last sync holds as long as our clock goes on as clocks do.

    Args:
        states: of the feeds that are asked, before this sync.
        answers: what this sync's answers said, by the name of the feed.
        now: what our clock shows.
    """
    last = last_asked(states)
    since = last - _ONE_SYNC if last is not None and is_steady(now, last) else None
    said: list[tuple[str, timedelta | None]] = []
    for state in states:
        ahead = answers.get(state.name)
        if ahead is None and since is not None and state.last_checked is not None and state.last_checked >= since:
            ahead = state.server_ahead
        if ahead is not None:
            said.append((site(state.url), ahead))
    return median_by_host(said)


def last_heard(states: Sequence[FeedState]) -> list[timedelta]:
    """Return by how much each host's clock was ahead of ours at the last sync.

    Args:
        states: of the feeds that are asked (`asked_states`).
    """
    last = last_asked(states)
    recent = [state for state in states if last and state.last_checked and last - state.last_checked <= _ONE_SYNC]
    return median_by_host((site(state.url), state.server_ahead) for state in recent)


def clock_problem(states: Sequence[FeedState], now: datetime) -> ClockProblem | None:
    """Return what is wrong with our clock by what servers said at the last sync; None where nothing is known to be.

    Args:
        states: of the feeds that are asked (`asked_states`).
        now: what our clock shows.
    """
    last = last_asked(states)
    if last is None:
        return None
    heard = last_heard(states)
    error = clock_error(heard)
    if error is not None:
        is_behind = error > timedelta(0)
        is_still_so = now < last + error - MAX_CLOCK_ERROR if is_behind else now >= last - SKEW
        size = f"{length_text(now, now + abs(error))} {'behind' if is_behind else 'ahead of'}"
        servers = "the server" if len(heard) == 1 else f"most of {len(heard)} servers"
        if is_still_so:
            return ClockProblem(
                f"this computer's clock is {size} {servers} of the last sync",
                "set the clock, then run `tracker sync`: tracker uses it to date articles and prices",
            )
        return ClockProblem(f"at the last sync this computer's clock was {size} {servers}", "run `tracker sync`")
    if now < last - SKEW:
        return ClockProblem(
            f"the last sync was {length_text(now, last)} in the future: the clock was wrong then, or is now",
            "check the clock, then run `tracker sync`",
        )
    return None

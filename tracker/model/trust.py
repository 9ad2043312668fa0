"""What time can be believed when clocks disagree: ours, those of the servers, and that of the last sync; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from tracker.model.wait import SKEW

MAX_SYNC_GAP = timedelta(days=8)
"""The longest time between two syncs that needs no confirmation: the longest interval of a feed and a day.
More than that, or back, is a jump."""
CONFIRMED_WITHIN = timedelta(days=1)
"""Caches answer with a Date of hours ago. For ages in days they still confirm a clock."""
MAX_CLOCK_ERROR = timedelta(minutes=10)
"""A clock is called wrong from here on."""
_BELIEVABLE = timedelta(days=100 * 365)
_DAY, _MINUTE, _CLOCK_ERROR = 86_400, 60, int(MAX_CLOCK_ERROR.total_seconds())


class TrustedTime(Struct, frozen=True):
    """The span in which now lies."""

    earliest: datetime | None
    """Decides what is old enough to delete. None while unknown: then nothing is deleted."""
    latest: datetime
    """With which to date what happens now, so that it never looks older than it is."""
    is_confirmed: bool
    """True where servers show our time, and what is dated later was dated by a wrong clock."""


def trusted_time(ours: datetime, servers: Sequence[timedelta], last: datetime | None) -> TrustedTime:
    """Return what can be believed of the time.

    Servers count by their middle: as long as most of them are right, now is not before `earliest` by more than they
    differ, nor after `latest`. A clock that jumped since the last sync counts only when servers confirm it.

    Args:
        ours: what our clock shows.
        servers: by how much the Date of each server was ahead of our clock.
        last: what our clock showed at the last sync; None before the first.
    """
    heard = [ahead for ahead in servers if abs(ahead) < _BELIEVABLE]
    low, high = (ours + _middle(heard), ours + _middle(heard, is_high=True)) if heard else (ours, ours)
    is_confirmed = show_our_time(servers)
    if last is None or is_confirmed or is_steady(ours, last):
        return TrustedTime(min(ours, low), max(ours, high), is_confirmed)
    return TrustedTime(None, max(ours, high, last), is_confirmed)  # now may be as late as the last sync at least


def show_our_time(servers: Sequence[timedelta]) -> bool:
    """True when servers confirm our clock.

    Args:
        servers: by how much the Date of each server was ahead of our clock.
    """
    heard = [ahead for ahead in servers if abs(ahead) < _BELIEVABLE]
    return bool(heard) and _middle(heard) >= -CONFIRMED_WITHIN and _middle(heard, is_high=True) <= CONFIRMED_WITHIN


def is_steady(ours: datetime, last: datetime | None) -> bool:
    """True when our clock went on since the last sync as clocks do; also before the first one."""
    return last is None or last - SKEW <= ours <= last + MAX_SYNC_GAP


def clock_error(servers: Sequence[timedelta]) -> timedelta | None:
    """Return by how much the servers are ahead of our clock (negative: behind), where that means that it is wrong.

    That is when more than half of them say the same, and it is more than `MAX_CLOCK_ERROR`.

    Args:
        servers: by how much the Date of each server was ahead of our clock.
    """
    if not servers:
        return None
    middle = _middle(servers)
    agreeing = sum(abs(ahead - middle) <= MAX_CLOCK_ERROR for ahead in servers)
    return middle if abs(middle) > MAX_CLOCK_ERROR and 2 * agreeing > len(servers) else None


def usual_offset(servers: Iterable[int]) -> int:
    """Return by how many seconds most servers are ahead of our clock, their median; 0 where none said.

    Of two in the middle the one that is nearer to our clock.

    Args:
        servers: by how many seconds the Date of each was ahead of our clock.
    """
    heard = sorted(servers)
    return min(heard[(len(heard) - 1) // 2], heard[len(heard) // 2], key=abs) if heard else 0


def is_doubtful(published: int, first_seen: int, server_ahead: int | None, usual: int = 0) -> bool:
    """Return whether a time of publication cannot be compared with that of another source to the minute.

    It is later than the article was seen, or the midnight of a feed that gives days alone, or the clock of its server
    differs by `MAX_CLOCK_ERROR` from those of the others. A wrong clock of ours says nothing about the sources.

    Args:
        published: epoch seconds, as the feed says.
        first_seen: epoch seconds, by our clock.
        server_ahead: seconds by which the server's clock was ahead of ours; None where it did not say.
        usual: the same of most servers (`usual_offset`).
    """
    if published >= first_seen + max(0, usual) + _MINUTE or published % _DAY == 0:
        return True
    return server_ahead is not None and abs(server_ahead - usual) >= _CLOCK_ERROR


def median_by_host(servers: Iterable[tuple[str, timedelta | None]]) -> list[timedelta]:
    """Return by how much each host's clock is ahead of ours, from (host, what one of its answers said)."""
    voices: dict[str, list[timedelta]] = {}
    for host, ahead in servers:
        if ahead is not None:
            voices.setdefault(host, []).append(ahead)
    return [_middle(voice) for voice in voices.values()]


def _middle(values: Sequence[timedelta], *, is_high: bool = False) -> timedelta:
    """Return the median, of two in the middle the lower or the higher; `statistics` takes 20 ms to import."""
    return sorted(values)[(len(values) - (not is_high)) // 2]

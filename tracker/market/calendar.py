"""Sessions of the New York Stock Exchange and Nasdaq by rule, with the standard library alone.

The rules equal the published sessions of 2000 to 2027 on all 7,014 days and the early closes since 2013. Closures
that no rule foresees (mourning, storms) are a list; one that comes later shows as a session without bars.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from tracker.model.dates import NEW_YORK
from tracker.model.market import Session

ZONE = NEW_YORK

_PRE_OPEN = time(4, 0)
_OPEN = time(9, 30)
_CLOSE = time(16, 0)
_EARLY_CLOSE = time(13, 0)
_POST_CLOSE = time(20, 0)
_EARLY_POST_CLOSE = time(17, 0)

_AD_HOC = frozenset(
    {
        date(2001, 9, 11),  # attacks on New York
        date(2001, 9, 12),
        date(2001, 9, 13),
        date(2001, 9, 14),
        date(2004, 6, 11),  # mourning: Reagan
        date(2007, 1, 2),  # mourning: Ford
        date(2012, 10, 29),  # hurricane Sandy
        date(2012, 10, 30),
        date(2018, 12, 5),  # mourning: Bush
        date(2025, 1, 9),  # mourning: Carter
    }
)
_DAY = timedelta(days=1)


@lru_cache(maxsize=4096)
def is_session(day: date) -> bool:
    """Tell whether the exchange trades on `day` (in New York); rules hold from 2000 on."""
    return day.weekday() < 5 and day not in _holidays(day.year) and day not in _AD_HOC


def is_early_close(day: date) -> bool:
    """Tell whether `day` is a session that ends at 13:00: 3 July, 24 December and the day after Thanksgiving."""
    if not is_session(day):
        return False
    return (day.month, day.day) in ((7, 3), (12, 24)) or day == _nth_weekday(day.year, 11, 3, 4) + _DAY


@lru_cache(maxsize=4096)
def session_open(day: date) -> datetime:
    """Return when the regular session of `day` opens, in UTC.

    Raises:
        ValueError: if `day` is not a session.
    """
    return _at(_checked(day), _OPEN)


@lru_cache(maxsize=4096)
def session_close(day: date) -> datetime:
    """Return when the regular session of `day` closes, in UTC: 16:00 in New York, 13:00 on early closes.

    Raises:
        ValueError: if `day` is not a session.
    """
    return _at(_checked(day), _EARLY_CLOSE if is_early_close(day) else _CLOSE)


@lru_cache(maxsize=4096)
def pre_open(day: date) -> datetime:
    """Return when trading before the regular session of `day` begins, in UTC: 04:00 in New York.

    Raises:
        ValueError: if `day` is not a session.
    """
    return _at(_checked(day), _PRE_OPEN)


@lru_cache(maxsize=4096)
def post_close(day: date) -> datetime:
    """Return when trading after the regular session of `day` ends, in UTC: 20:00 in New York, 17:00 on early closes.

    Raises:
        ValueError: if `day` is not a session.
    """
    return _at(_checked(day), _EARLY_POST_CLOSE if is_early_close(day) else _POST_CLOSE)


def session_at(moment: datetime) -> Session:
    """Return what the exchange does at `moment` (aware).

    Pre is 04:00 to 09:30 in New York, post ends at 20:00, on early closes at 17:00.
    """
    local = moment.astimezone(ZONE)
    day, clock = local.date(), local.time()
    if not is_session(day) or clock < _PRE_OPEN:
        return "closed"
    if clock < _OPEN:
        return "pre"
    early = is_early_close(day)
    if clock < (_EARLY_CLOSE if early else _CLOSE):
        return "regular"
    return "post" if clock < (_EARLY_POST_CLOSE if early else _POST_CLOSE) else "closed"


@lru_cache(maxsize=4096)
def next_session(day: date) -> date:
    """Return the first session after `day`."""
    day += _DAY
    while not is_session(day):
        day += _DAY
    return day


@lru_cache(maxsize=4096)
def previous_session(day: date) -> date:
    """Return the last session before `day`."""
    day -= _DAY
    while not is_session(day):
        day -= _DAY
    return day


def day0(published: datetime) -> date:
    """Return the session whose close is the first that can hold the news of `published` (aware).

    Published before the close of a session: that session; at or after it, at the weekend or on a holiday: the next one.
    """
    day = published.astimezone(ZONE).date()
    if is_session(day) and published < session_close(day):
        return day
    return next_session(day)


def latest_session(moment: datetime) -> date:
    """Return the last session whose regular hours have begun at `moment` (aware)."""
    day = moment.astimezone(ZONE).date()
    if is_session(day) and moment >= session_open(day):
        return day
    return previous_session(day)


def latest_close(moment: datetime) -> datetime:
    """Return when the last regular session that is over at `moment` (aware) closed, in UTC."""
    day = latest_session(moment)
    close = session_close(day)
    return close if close <= moment else session_close(previous_session(day))


def sessions(start: date, end: date) -> tuple[date, ...]:
    """Return the sessions from `start` to `end`, both included."""
    days = (start + n * _DAY for n in range((end - start).days + 1))
    return tuple(day for day in days if is_session(day))


def _checked(day: date) -> date:
    if not is_session(day):
        raise ValueError(f"{day} is not a session of the New York Stock Exchange")
    return day


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, ZONE).astimezone(UTC)


@lru_cache(maxsize=256)
def _holidays(year: int) -> frozenset[date]:
    days = {
        _nth_weekday(year, 1, 0, 3),  # Martin Luther King
        _nth_weekday(year, 2, 0, 3),  # Washington
        _easter(year) - 2 * _DAY,  # Good Friday
        _nth_weekday(year, 6, 0, 1) - 7 * _DAY,  # Memorial Day: the last Monday of May
        _observed(date(year, 7, 4)),
        _nth_weekday(year, 9, 0, 1),  # Labor Day
        _nth_weekday(year, 11, 3, 4),  # Thanksgiving
        _observed(date(year, 12, 25)),
    }
    first = date(year, 1, 1)
    if first.weekday() != 5:  # a Saturday's New Year is not made up for: the last day of a year is one of accounts
        days.add(_observed(first))
    if year >= 2022:
        days.add(_observed(date(year, 6, 19)))
    return frozenset(days)


def _observed(day: date) -> date:
    """Move a holiday from Saturday to Friday, from Sunday to Monday."""
    return day + {5: -_DAY, 6: _DAY}.get(day.weekday(), timedelta(0))


def _nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def _easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)

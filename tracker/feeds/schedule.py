"""When to fetch a feed again: the longer of the user's interval and the server's, with backoff after failures."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from tracker.model.feed import FetchedFeed, ScheduleHints

MIN_INTERVAL = timedelta(minutes=15)
"""No feed is fetched twice within this time, whatever its server or the user says."""
DAY = timedelta(hours=24)
_HOUR = timedelta(hours=1)
_CHALLENGE_RETRY = timedelta(hours=6)
_OFFLINE_RETRY = timedelta(minutes=15)
_RETRY_AFTER_LIMIT = timedelta(days=7)
"""The longest Retry-After that is obeyed: a typing error must not silence a feed for years."""
_JITTER = 0.10
WINDOWS = (timedelta(days=1), timedelta(days=30))
"""Periods over which a feed's articles are counted to estimate its pace: today's, and the usual one."""
_ASKS_PER_ARTICLE = 8
"""Fetches per expected article."""
_QUIET_LIMIT = timedelta(hours=6)
"""The longest interval for a quiet feed: news after months of silence is still news."""
_WAIT_STATUSES = (429, 503)


class Failure(Struct, frozen=True):
    """The consequence of a failed fetch."""

    next_due: datetime
    why: str
    """The rule that set it, in words for the user."""
    disabled_reason: str | None
    """Why the feed is disabled until the user retries; None if it is not."""
    counts: bool
    """False if the failure is not the feed's (no network), so it is not counted."""


def after_success(
    now: datetime,
    *,
    name: str,
    poll_minutes: int,
    hints: ScheduleHints,
    max_age_seconds: int | None,
    floor: timedelta = MIN_INTERVAL,
    recent: Sequence[int] | None = None,
) -> tuple[datetime, str]:
    """Return (when next, why) after a 200 or 304.

    The largest of the user's interval, the feed's own pace (see `quiet_wait`) and what server and document ask for (RSS
    ttl, sy:updatePeriod, Cache-Control, Expires; at most 24 h of it), at least 15 minutes, plus up to 10% that depends
    on the feed's name so that feeds do not march in step; then past the hours and days that the feed wants to be left
    alone.

    Args:
        now: aware.
        name: the feed's, spreads feeds apart.
        poll_minutes: the user's interval.
        hints: of the document, as parsed last.
        max_age_seconds: of the answer.
        floor: the least wait; the user's own server on loopback may be asked more often.
        recent: articles of the last day and 30 days (`WINDOWS`); None where the pace of the feed is not to count.
    """
    wait, why = timedelta(minutes=poll_minutes), "your interval"
    if recent is not None and (pace := quiet_wait(recent)) > wait:
        wait, why = pace, f"quiet feed ({recent[-1]} in {WINDOWS[-1].days} days), every {_minutes(pace)}"
    max_age = max(max_age_seconds or 0, hints.max_age_seconds or 0)
    asked = (
        (timedelta(minutes=hints.ttl_minutes or 0), "the feed's ttl"),
        (timedelta(seconds=max_age), "Cache-Control"),
    )
    for asked_wait, who in asked:
        capped = min(asked_wait, DAY)
        if capped > wait:
            wait, why = capped, f"{who} {_minutes(capped)}"
    if wait < floor:
        wait, why = floor, f"at most every {_minutes(floor)}"
    due = now + wait + _jitter(wait, name)
    allowed = _next_allowed(due, hints)
    return (due, why) if allowed == due else (allowed, f"{why}, then the feed's quiet hours")


def quiet_wait(recent: Sequence[int]) -> timedelta:
    """Return the interval for a feed with so many articles in each of `WINDOWS`.

    An eighth of the time between two of its articles, at the livelier of the two paces and at most 6 h: one article a
    day is asked for every 3 h, ten a day every 18 min, which is below any user's interval.
    """
    paces = (window / (_ASKS_PER_ARTICLE * count) for window, count in zip(WINDOWS, recent, strict=True) if count > 0)
    return min(_QUIET_LIMIT, *paces) if any(recent) else _QUIET_LIMIT


def after_failure(
    now: datetime,
    *,
    name: str,
    fetched: FetchedFeed,
    fail_count: int,
    poll_minutes: int,
    floor: timedelta = MIN_INTERVAL,
) -> Failure:
    """Return when to try again after a failed fetch or an unreadable response.

    429 and 503 wait as long as the server asks (seconds of Retry-After, else 1 h); 410 disables; a Cloudflare challenge
    waits 6 h; no network at all waits 15 minutes and counts against nobody; everything else doubles (see `backoff`).

    Args:
        now: aware.
        name: the feed's, spreads feeds apart.
        fetched: the answer, its `reason` set (a document that could not be parsed included).
        fail_count: failures in a row before this one.
        poll_minutes: the user's interval.
        floor: the least wait of this feed.
    """
    if fetched.offline:
        return Failure(now + _OFFLINE_RETRY, "offline, retrying soon", None, counts=False)
    if fetched.http == 410:
        reason = "410 Gone: the server says that this feed no longer exists"
        return Failure(now + DAY, "disabled", reason, counts=True)
    if fetched.http in _WAIT_STATUSES:
        seconds = fetched.retry_after_seconds
        if seconds is not None:
            wait = max(MIN_INTERVAL, min(timedelta(seconds=seconds), _RETRY_AFTER_LIMIT))
            return Failure(now + wait + _jitter(wait, name), f"Retry-After {_minutes(wait)}", None, counts=True)
        wait = max(_HOUR, backoff(fail_count, max(60, poll_minutes)) if fail_count else _HOUR)
        why = f"{fetched.http} without Retry-After, {_minutes(wait)}"
    elif fetched.reason is not None and "Cloudflare challenge" in fetched.reason:
        wait = max(_CHALLENGE_RETRY, timedelta(minutes=poll_minutes))
        why = f"Cloudflare challenge, {_minutes(wait)}"
    else:
        wait = backoff(fail_count, poll_minutes, floor)
        why = f"failed {fail_count + 1} {'time' if fail_count == 0 else 'times'}, {_minutes(wait)}"
    return Failure(now + wait + _jitter(wait, name), why, None, counts=True)


def backoff(fail_count: int, poll_minutes: int, floor: timedelta = MIN_INTERVAL) -> timedelta:
    """Return the wait after a failure with `fail_count` failures before it: the feed's interval, doubling to 24 h.

    A list of halts that is asked for each minute is asked again after a minute, not after an hour in which halts begin
    and end. A user's interval above 24 h stays what it is. It never stops: a feed that is silent forever is one that
    nobody sees failing.
    """
    start = max(floor, timedelta(minutes=poll_minutes))
    doubled = start * (1 << min(fail_count, 11))  # a minute grows to a day
    return max(start, min(DAY, doubled))


def _jitter(wait: timedelta, name: str) -> timedelta:
    """Return 0 to 10% of `wait`, always the same share for one feed."""
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    share = int.from_bytes(digest, "big") / 2**32
    return timedelta(seconds=round(wait.total_seconds() * _JITTER * share))


def _next_allowed(due: datetime, hints: ScheduleHints) -> datetime:
    """Return `due`, or the first full hour after it that `skipHours` and `skipDays` (both in GMT) leave open.

    A feed that skips all of them is ignored.
    """
    if len(hints.skip_hours) >= 24 or len(hints.skip_days) >= 7 or not (hints.skip_hours or hints.skip_days):
        return due
    moment = due.astimezone(UTC)
    while moment.hour in hints.skip_hours or moment.weekday() in hints.skip_days:
        moment = moment.replace(minute=0, second=0, microsecond=0) + _HOUR
    return due if moment == due else moment


def _minutes(wait: timedelta) -> str:
    minutes = round(wait.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 or minutes % 60 else f"{minutes // 60} h"

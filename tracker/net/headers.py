"""Times in response headers (RFC 9110 and 9111)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_SECONDS_LIMIT = 10 * 365 * 86_400


def retry_after_seconds(headers: Mapping[str, str], now: datetime) -> int | None:
    """Return Retry-After in seconds from now, or None; a date counts from the server's own Date where it sends one."""
    value = headers.get("retry-after", "").strip()
    if (seconds := _whole(value)) is not None:
        return seconds
    until = _date(value)
    if until is None:
        return None
    return _seconds(until, _date(headers.get("date", "")) or now)


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """Return the server's time of the response: its Date, plus Age if it came from a cache."""
    moment = _date(headers.get("date", ""))
    if moment is None:
        return None
    try:
        return moment.astimezone(UTC) + timedelta(seconds=_whole(headers.get("age", "").strip()) or 0)
    except OverflowError:
        return None


def max_age_seconds(headers: Mapping[str, str], now: datetime) -> int | None:
    """Return how long the response stays fresh: Cache-Control max-age less its Age, else Expires.

    None when neither is there, or when `no-cache` or `no-store` say that freshness means nothing.
    """
    directives: dict[str, str] = {}
    for part in headers.get("cache-control", "").split(","):
        name, _, value = part.strip().partition("=")
        directives.setdefault(name.strip().lower(), value.strip().strip('"'))
    if "no-cache" in directives or "no-store" in directives:
        return None
    if "max-age" in directives:
        seconds = _whole(directives["max-age"])
        return None if seconds is None else max(0, seconds - (_whole(headers.get("age", "").strip()) or 0))
    expires = _date(headers.get("expires", ""))
    return None if expires is None else _seconds(expires, _date(headers.get("date", "")) or now)


def _whole(value: str) -> int | None:
    if not (value.isascii() and value.isdigit()):
        return None
    return min(int(value[:12]), _SECONDS_LIMIT)


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value.strip()[:64])
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _seconds(until: datetime, since: datetime) -> int:
    return min(max(0, round((until - since).total_seconds())), _SECONDS_LIMIT)

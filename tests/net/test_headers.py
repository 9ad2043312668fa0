from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.net.headers import max_age_seconds, retry_after_seconds, server_time

NOW = datetime(2026, 6, 22, 12, 0, tzinfo=UTC)
DATE = "Mon, 22 Jun 2026 {} GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120),
        ({"retry-after": " 0 "}, 0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "1.5"}, None),
        ({"retry-after": "٣"}, None),
        ({"retry-after": "9" * 4_000}, 315_360_000),
        ({"retry-after": DATE.format("13:00:00")}, 3600),
        ({"retry-after": DATE.format("13:00:00"), "date": DATE.format("12:59:00")}, 60),
        ({"retry-after": DATE.format("13:00:00"), "date": "nonsense"}, 3600),
        ({"retry-after": DATE.format("11:00:00")}, 0),
        ({"retry-after": "Mon, 22 Jun 2026 13:00:00 -0000"}, 3600),
        ({"retry-after": "Mon, 99 Jun 2026 13:00:00 GMT"}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: int | None) -> None:
    assert retry_after_seconds(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "public, Max-Age=600"}, 600),
        ({"cache-control": 'max-age="600"', "age": "100"}, 500),
        ({"cache-control": "max-age=60", "age": "100"}, 0),
        ({"cache-control": "max-age=x", "expires": DATE.format("13:00:00")}, None),
        ({"cache-control": "no-cache, max-age=600"}, None),
        ({"cache-control": "no-store"}, None),
        ({"cache-control": "private", "expires": DATE.format("13:00:00")}, 3600),
        ({"expires": DATE.format("13:00:00"), "date": DATE.format("12:30:00")}, 1800),
        ({"expires": "0"}, None),
        ({"expires": DATE.format("01:00:00")}, 0),
    ],
)
def test_max_age(headers: dict[str, str], seconds: int | None) -> None:
    assert max_age_seconds(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "moment"),
    [
        ({}, None),
        ({"date": "nonsense"}, None),
        ({"date": DATE.format("11:30:00")}, NOW - timedelta(minutes=30)),
        ({"date": "Mon, 22 Jun 2026 11:30:00 +0200"}, NOW - timedelta(minutes=150)),
        ({"date": DATE.format("11:30:00"), "age": "1800"}, NOW),
        ({"date": DATE.format("11:30:00"), "age": "-1"}, NOW - timedelta(minutes=30)),
        ({"date": "Fri, 31 Dec 9999 23:59:59 GMT", "age": "9"}, None),
    ],
)
def test_server_time(headers: dict[str, str], moment: datetime | None) -> None:
    assert server_time(headers) == moment

"""Sessions of New York by rule."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.market import calendar

DAYS = st.dates(date(2000, 1, 1), date(2035, 12, 31))
MOMENTS = st.integers(946_900_000, 2_082_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.mark.corpus
def test_equals_the_published_sessions_and_early_closes(corpus: Path) -> None:
    published = json.loads((corpus / "prices/xnys_sessions_2000_2027.json").read_text())
    known = [date.fromisoformat(day) for day in published["sessions"]]
    assert len(known) == 7014
    assert list(calendar.sessions(date(2000, 1, 1), known[-1])) == known
    early = {day for day in known if day.year >= 2013 and calendar.is_early_close(day)}
    assert early == {date.fromisoformat(day) for day in published["early"] if day >= "2013"}
    assert len(early) > 30


@pytest.mark.parametrize(
    "day",
    [
        "2025-01-01", "2025-01-20", "2025-02-17", "2025-04-18", "2025-05-26", "2025-06-19", "2025-07-04", "2025-09-01",
        "2025-11-27", "2025-12-25", "2021-12-24", "2026-07-03", "2023-01-02", "2022-06-20",
        "2001-09-11", "2004-06-11", "2007-01-02", "2012-10-29", "2012-10-30", "2018-12-05", "2025-01-09", "2025-01-25",
    ],
)  # fmt: skip
def test_is_closed(day: str) -> None:
    closed = date.fromisoformat(day)
    assert not calendar.is_session(closed)
    assert not calendar.is_early_close(closed)
    for ask in (calendar.session_open, calendar.session_close, calendar.pre_open):
        with pytest.raises(ValueError, match="not a session"):
            ask(closed)


def test_a_saturday_new_year_is_not_made_up_for() -> None:
    assert calendar.is_session(date(2021, 12, 31))
    assert calendar.is_session(date(2021, 6, 18))  # Juneteenth is a holiday of the exchange from 2022 on


@pytest.mark.parametrize("day", ["2024-07-03", "2024-11-29", "2024-12-24"])
def test_early_close_ends_at_one(day: str) -> None:
    session = date.fromisoformat(day)
    assert calendar.is_early_close(session)
    assert calendar.session_close(session).astimezone(calendar.ZONE).time() == time(13)
    after = datetime.combine(session, time(13), calendar.ZONE)
    assert calendar.session_at(after - timedelta(seconds=1)) == "regular"
    assert calendar.session_at(after) == "post"
    assert calendar.session_at(after + timedelta(hours=4)) == "closed"
    assert calendar.day0(after) == calendar.next_session(session)


@pytest.mark.parametrize(
    ("clock", "session"),
    [
        ("03:59:59", "closed"), ("04:00", "pre"), ("09:29:59", "pre"), ("09:30", "regular"), ("15:59:59", "regular"),
        ("16:00", "post"), ("19:59:59", "post"), ("20:00", "closed"),
    ],
)  # fmt: skip
def test_hours_of_a_day_in_winter_and_summer(clock: str, session: str) -> None:
    for day in (date(2025, 1, 27), date(2025, 7, 28)):
        moment = datetime.combine(day, time.fromisoformat(clock), calendar.ZONE).astimezone(UTC)
        assert calendar.session_at(moment) == session


def test_open_and_close_follow_summer_time() -> None:
    assert calendar.session_open(date(2025, 1, 27)) == datetime(2025, 1, 27, 14, 30, tzinfo=UTC)
    assert calendar.session_close(date(2025, 7, 28)) == datetime(2025, 7, 28, 20, 0, tzinfo=UTC)
    assert calendar.pre_open(date(2025, 7, 28)) == datetime(2025, 7, 28, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("published", "session"),
    [
        ("2025-01-27T03:00:00+00:00", "2025-01-27"),  # Sunday evening in New York
        ("2025-01-27T20:59:59+00:00", "2025-01-27"),
        ("2025-01-27T21:00:00+00:00", "2025-01-28"),
        ("2025-01-24T21:12:00+00:00", "2025-01-27"),  # Friday after the close
        ("2025-01-08T22:00:00+00:00", "2025-01-10"),  # the ninth was a day of mourning
        ("2025-01-20T15:00:00+00:00", "2025-01-21"),
    ],
)
def test_day_zero(published: str, session: str) -> None:
    assert calendar.day0(datetime.fromisoformat(published)) == date.fromisoformat(session)


def test_latest_session() -> None:
    assert calendar.latest_session(datetime(2025, 1, 27, 14, 29, tzinfo=UTC)) == date(2025, 1, 24)
    assert calendar.latest_session(datetime(2025, 1, 27, 14, 30, tzinfo=UTC)) == date(2025, 1, 27)
    assert calendar.latest_session(datetime(2025, 1, 26, 14, 30, tzinfo=UTC)) == date(2025, 1, 24)


@given(DAYS)
def test_next_and_previous_are_neighbours(day: date) -> None:
    after, before = calendar.next_session(day), calendar.previous_session(day)
    assert before < day < after
    assert calendar.previous_session(after) == (day if calendar.is_session(day) else before)
    assert calendar.sessions(before, after) == (before, *((day,) if calendar.is_session(day) else ()), after)


@given(MOMENTS)
def test_day_zero_is_the_first_session_that_closes_after_publication(moment: datetime) -> None:
    day = calendar.day0(moment)
    assert calendar.session_close(day) > moment
    assert calendar.session_close(calendar.previous_session(day)) <= moment
    latest = calendar.latest_session(moment)
    assert calendar.session_open(latest) <= moment < calendar.session_open(calendar.next_session(latest))


@pytest.mark.parametrize(
    ("moment", "close"),
    [
        ("2025-01-27T20:59:59", "2025-01-24T21:00"),
        ("2025-01-27T21:00:00", "2025-01-27T21:00"),
        ("2025-01-26T12:00:00", "2025-01-24T21:00"),
        ("2024-11-29T18:30:00", "2024-11-29T18:00"),
    ],
)
def test_the_last_close_is_that_of_the_newest_session_that_is_over(moment: str, close: str) -> None:
    at, expected = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (moment, close))
    assert calendar.latest_close(at) == expected

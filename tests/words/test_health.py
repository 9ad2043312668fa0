"""The words for a feed's health, which the command line and the window share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tracker.model.feed import FeedSource, FeedState
from tracker.words.durations import length_text
from tracker.words.health import answer_words, due_words, problem, short_answer_words, status_words

NOW = datetime(2025, 1, 27, 21, 16, tzinfo=UTC)
SOURCE = FeedSource("EE Times", "https://www.eetimes.com/feed/")
STATE = FeedState("EE Times", "https://www.eetimes.com/feed/")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (200, "200 OK"), (304, "304 unchanged"), (429, "429 Too Many Requests"), (503, "503 Service Unavailable"),
        (520, "520"), (None, "no response"),
    ],
)  # fmt: skip
def test_statuses_have_words(status: int | None, words: str) -> None:
    assert status_words(status) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=59), ""), (timedelta(minutes=1), "1 min"), (timedelta(minutes=59.9), "59 min"),
        (timedelta(hours=1), "1 h"), (timedelta(hours=47.9), "47 h"), (timedelta(hours=48), "2 d"),
        (timedelta(seconds=-1), ""),
    ],
)  # fmt: skip
def test_lengths(length: timedelta, words: str) -> None:
    assert length_text(NOW - length, NOW) == words


@given(st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=9999)))
def test_a_length_never_says_more_than_it_is(length: timedelta) -> None:
    number, unit = length_text(NOW, NOW + length).split()
    units = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "y": timedelta(days=365.25)}
    whole = int(number) * units[unit]
    assert whole <= length < 2 * whole


def test_last_answer() -> None:
    assert answer_words(None, NOW) == answer_words(STATE, NOW) == "never fetched"
    state = replace(STATE, last_checked=NOW - timedelta(minutes=4), last_http=304)
    assert answer_words(state, NOW) == "304 unchanged, 4 min ago"
    assert answer_words(replace(state, last_checked=NOW, last_http=None), NOW) == "no response, just now"


def test_next_due_and_why() -> None:
    soon = replace(STATE, next_due=NOW + timedelta(minutes=12), next_why="your interval")
    assert due_words(SOURCE, None, None, NOW) == due_words(SOURCE, STATE, None, NOW) == ("now", "")
    assert due_words(SOURCE, soon, None, NOW) == ("in 12 min", "your interval")
    assert due_words(SOURCE, replace(soon, next_why=None), None, NOW) == ("in 12 min", "")
    assert due_words(SOURCE, replace(soon, next_due=NOW + timedelta(seconds=5)), None, NOW)[0] == "in a moment"
    assert due_words(SOURCE, replace(soon, next_due=NOW - timedelta(1)), None, NOW) == ("now", "")
    assert due_words(replace(SOURCE, enabled=False), soon, None, NOW) == ("never", "disabled")
    later = replace(SOURCE, snoozed_until=(NOW + timedelta(days=3)).date())
    assert due_words(later, soon, None, NOW) == ("in 3 d", f"snoozed until {later.snoozed_until}")
    assert due_words(later, soon, None, NOW + timedelta(days=3)) == ("now", "")
    assert due_words(SOURCE, replace(soon, disabled_reason="410 Gone"), None, NOW) == ("never", "until you retry")


def test_a_pause_of_the_host_counts_where_it_is_longer() -> None:
    soon = replace(STATE, next_due=NOW + timedelta(minutes=12), next_why="your interval")
    assert due_words(SOURCE, soon, (NOW + timedelta(hours=2), "Retry-After"), NOW) == ("in 2 h", "Retry-After")
    assert due_words(SOURCE, soon, (NOW + timedelta(minutes=2), "Retry-After"), NOW) == ("in 12 min", "your interval")
    assert due_words(SOURCE, None, (NOW + timedelta(hours=2), "Retry-After"), NOW) == ("in 2 h", "Retry-After")


def test_what_is_wrong() -> None:
    failed = replace(STATE, last_reason="connection refused", fail_count=2)
    assert problem(SOURCE, None) is None
    assert problem(SOURCE, STATE) is None
    assert problem(SOURCE, failed) == "connection refused"
    assert problem(SOURCE, replace(failed, last_reason=None)) == "failed"
    assert problem(SOURCE, replace(failed, disabled_reason="410 Gone")) == "410 Gone"
    assert problem(replace(SOURCE, enabled=False), failed) == "disabled in the configuration"


def test_a_response_in_a_narrow_column_is_its_number_and_age() -> None:
    checked = FeedState("A", "https://a.example", last_checked=NOW - timedelta(minutes=4))
    assert short_answer_words(None, NOW) == short_answer_words(FeedState("A", ""), NOW) == "never fetched"
    assert short_answer_words(checked, NOW) == "4 min ago"
    assert short_answer_words(replace(checked, last_http=503), NOW) == "503, 4 min ago"
    assert short_answer_words(replace(checked, last_http=200, last_checked=NOW), NOW) == "200, just now"

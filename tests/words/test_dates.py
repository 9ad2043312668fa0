"""Coming dates in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.helpers.dates import on
from tracker.model.dates import AgreedDate
from tracker.words.dates import countdown_text, day_text, days_text, is_near, sentence, short_text, today_of

TODAY = date(2025, 1, 27)


def test_the_day_is_that_of_new_york() -> None:
    assert today_of(datetime(2025, 1, 28, 3, tzinfo=UTC)) == TODAY


@pytest.mark.parametrize(
    ("one", "day", "countdown"),
    [
        (on(27, "before-open"), "today before open", "results today before open"),
        (on(28), "Tue", "results tomorrow"),
        (on(29, "after-close"), "Wed after close", "results in 2 days"),
        (on(26, "after-close", month=2), "26 Feb after close", "results in 30 days"),
        (on(30, kind="dividend"), "Thu", "ex-dividend in 3 days"),
    ],
)
def test_a_date_is_said_as_people_say_it(one: AgreedDate, day: str, countdown: str) -> None:
    assert (day_text(one, TODAY), countdown_text(one, TODAY)) == (day, countdown)


def test_contradictions_are_both_said_and_a_sentence_names_who_says_it() -> None:
    assert days_text((on(29, "after-close"), on(30), on(31, kind="dividend")), TODAY) == "Wed after close or Thu"
    assert days_text((), TODAY) == ""
    assert short_text((on(29, "after-close"), on(30)), TODAY) == "Wed?"
    assert sentence(on(29, "after-close"), TODAY) == "results in 2 days: Wed 29 Jan after close (Nasdaq)"


def test_a_narrow_column_has_the_day_alone() -> None:
    assert short_text((on(30, kind="dividend"), on(26, "after-close", month=2)), TODAY) == "26 Feb"
    assert short_text((on(27, "before-open"),), TODAY) == "today"
    assert short_text((on(30, kind="dividend"),), TODAY) == ""


def test_results_are_near_within_a_week() -> None:
    assert is_near((on(2, month=2),), TODAY)
    assert not is_near((on(3, month=2), on(28, kind="dividend")), TODAY)

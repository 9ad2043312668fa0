"""The words of the league."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.model.league import League, LeagueRow
from tracker.words.league import behind_text, league_title, percent_text


def test_a_source_that_is_always_first_is_behind_nobody() -> None:
    assert behind_text(LeagueRow("Wire", 2, 2, None, 0, None)) == ""
    assert behind_text(LeagueRow("Wire", 2, 1, timedelta(minutes=4), 0, None)) == "4 min"


@pytest.mark.parametrize(
    ("fraction", "shown"), [(None, ""), (0.0, "0%"), (0.619, "62%"), (-0.08, "−8%"), (1.2, "120%")]
)
def test_fractions(fraction: float | None, shown: str) -> None:
    assert percent_text(fraction) == shown


def test_the_title_says_what_is_counted_and_what_is_not() -> None:
    since = datetime(2025, 1, 3, 2, tzinfo=UTC)
    assert league_title(League()) == "no story that several sources reported"
    assert league_title(League((), 1, since)) == "1 story that several sources reported since 2 Jan 2025"
    assert league_title(League((), 1_200, since, 2)) == (
        "1,200 stories that several sources reported since 2 Jan 2025 · left out: 2 reports with a doubtful time"
    )

"""Each story fires a rule once, within its rate."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.store import NOW
from tracker.alerts.judge import MAX_PER_HOUR, judge
from tracker.model.alert import AlertRule, Candidate

RULE = AlertRule("about:nvidia")
MOVED = AlertRule("about:nvidia", move=0.03)


def candidate(story: int, *moves: float, article: int | None = None) -> Candidate:
    return Candidate(
        article or story,
        story,
        "Nvidia falls",
        "https://news.example/1",
        "CNBC",
        "WCCFTech",
        NOW - timedelta(minutes=10),
        "NVDA",
        tuple((f"S{number}", move) for number, move in enumerate(moves)),
    )


def test_a_story_fires_once_whichever_of_its_reports_come() -> None:
    firing, held = judge(RULE, [candidate(1, article=5), candidate(1, article=6)], 0)
    assert [one.candidate.article_id for one in firing] == [5]
    assert held == []


def test_a_move_fires_up_and_down_from_its_size_on_and_never_while_it_is_not_known() -> None:
    moves = {1: (), 2: (0.0299,), 3: (0.03,), 4: (-0.03,), 5: (0.01, -0.05)}
    firing, _ = judge(MOVED, [candidate(story, *known) for story, known in moves.items()], 0)
    assert [(one.candidate.story_id, one.symbol, one.move) for one in firing] == [
        (3, "S0", 0.03),
        (4, "S0", -0.03),
        (5, "S1", -0.05),
    ]


def test_without_a_known_move_the_share_of_the_row_is_named() -> None:
    firing, _ = judge(RULE, [candidate(1)], 0)
    assert (firing[0].symbol, firing[0].move) == ("NVDA", None)


@given(st.integers(0, 30), st.integers(0, 30))
def test_what_is_over_the_rate_is_held_back_and_nothing_is_lost(count: int, before: int) -> None:
    firing, held = judge(RULE, [candidate(story) for story in range(1, count + 1)], before)
    assert len(firing) == min(count, max(0, MAX_PER_HOUR - before))
    assert len(firing) + len(held) == count


@pytest.mark.slow
def test_of_ten_thousand_stories_each_fires_once() -> None:
    chance = random.Random(1)
    reports = [
        candidate(story, article=number) for number, story in enumerate(chance.choices(range(10_000), k=60_000), 1)
    ]
    fired: set[int] = set()
    count = 0
    for first in range(0, len(reports), 7):  # one sync after the other, an hour apart
        firing, held = judge(RULE, [one for one in reports[first : first + 7] if one.story_id not in fired], 0)
        assert not held
        count += len(firing)
        fired.update(one.candidate.story_id for one in firing)
    assert count == len(fired) == len({report.story_id for report in reports})


def test_a_rule_about_a_move_or_a_date_may_fire_without_a_new_article() -> None:
    assert not RULE.is_of_prices_or_dates
    assert MOVED.is_of_prices_or_dates
    assert AlertRule("", results=1).is_of_prices_or_dates

"""Each story fires a rule once, within its rate."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from tests.helpers.store import NOW
from tracker.alerts.judge import judge
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
    firing = judge(RULE, [candidate(1, article=5), candidate(1, article=6)])
    assert [one.candidate.article_id for one in firing] == [5]


def test_a_move_fires_up_and_down_from_its_size_on_and_never_while_it_is_not_known() -> None:
    moves = {1: (), 2: (0.0299,), 3: (0.03,), 4: (-0.03,), 5: (0.01, -0.05)}
    firing = judge(MOVED, [candidate(story, *known) for story, known in moves.items()])
    assert [(one.candidate.story_id, one.symbol, one.move) for one in firing] == [
        (3, "S0", 0.03),
        (4, "S0", -0.03),
        (5, "S1", -0.05),
    ]


def test_without_a_known_move_the_share_of_the_row_is_named() -> None:
    firing = judge(RULE, [candidate(1)])
    assert (firing[0].symbol, firing[0].move) == ("NVDA", None)


@pytest.mark.slow
def test_of_ten_thousand_stories_each_fires_once() -> None:
    chance = random.Random(1)
    reports = [
        candidate(story, article=number) for number, story in enumerate(chance.choices(range(10_000), k=60_000), 1)
    ]
    fired: set[int] = set()
    count = 0
    for first in range(0, len(reports), 7):  # one sync after the other, an hour apart
        firing = judge(RULE, [one for one in reports[first : first + 7] if one.story_id not in fired])
        count += len(firing)
        fired.update(one.candidate.story_id for one in firing)
    assert count == len(fired) == len({report.story_id for report in reports})


def test_a_rule_about_a_move_or_a_date_may_fire_without_a_new_article() -> None:
    assert not RULE.is_of_prices_or_dates
    assert MOVED.is_of_prices_or_dates
    assert AlertRule("", results=1).is_of_prices_or_dates

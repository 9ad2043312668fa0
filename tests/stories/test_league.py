"""The league of sources: who was first, how far behind the others were, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tracker.model.clock import from_epoch
from tracker.model.league import League, LeagueRow, Report
from tracker.stories.league import make_league

NOON = 1_738_000_000


def no_prices(symbol: str, begin: int, moments: Sequence[int]) -> None:
    return None


def report(story: int, source: str, minutes: float, symbol: str | None = None, seen: float = 10_000) -> Report:
    return Report(story, source, NOON + round(minutes * 60), NOON + round(seen * 60), symbol)


def row(league: League, source: str) -> LeagueRow:
    return next(one for one in league.rows if one.source == source)


def test_who_is_first_and_how_far_the_others_are_behind() -> None:
    found = make_league(
        [
            report(1, "Wire", 0),
            report(1, "Paper", 4),
            report(1, "Paper", 9),  # its first report counts
            report(1, "Blog", 60),
            report(2, "Paper", 100),
            report(2, "Wire", 101),
            report(3, "Wire", 200),
            report(3, "Paper", 210),
        ],
        no_prices,
    )
    assert [one.source for one in found.rows] == ["Wire", "Paper", "Blog"]
    assert (found.stories, found.since, found.doubted) == (3, from_epoch(NOON), 0)
    wire, paper, blog = found.rows
    assert (wire.stories, wire.first, wire.behind) == (3, 2, timedelta(minutes=1))
    assert (paper.stories, paper.first, paper.behind) == (3, 1, timedelta(minutes=7))
    assert (blog.stories, blog.first, blog.behind, blog.first_share) == (1, 0, timedelta(hours=1), 0.0)
    assert {(one.priced, one.gone) for one in found.rows} == {(0, None)}


def test_a_story_of_one_source_is_left_out() -> None:
    assert make_league([report(1, "Wire", 0), report(1, "Wire", 5)], no_prices) == League()


def test_sources_of_the_same_minute_are_first_together() -> None:
    found = make_league([report(1, "B", 0), report(1, "A", 0)], no_prices)
    assert [(one.source, one.first, one.behind) for one in found.rows] == [("A", 1, None), ("B", 1, None)]


def test_a_doubtful_time_is_left_out_and_its_story_with_it() -> None:
    found = make_league(
        [
            report(1, "Wire", 0),
            report(1, "Ahead", 30, seen=20),  # published after it was seen
            report(2, "Wire", 0),
            report(2, "Paper", 5),
            report(2, "Ahead", 30, seen=20),
        ],
        no_prices,
    )
    assert (found.stories, found.doubted) == (1, 2)
    assert [one.source for one in found.rows] == ["Wire", "Paper"]


def test_the_clock_of_one_server_is_compared_with_the_others() -> None:
    def by(source: str, minutes: float, ahead: int) -> Report:
        return replace(report(1, source, minutes), server_ahead=ahead)

    found = make_league([by("Wire", 0, 9_000), by("Paper", 4, 9_001), by("Wrong", 2, 0)], no_prices)
    assert ([one.source for one in found.rows], found.doubted) == (["Wire", "Paper"], 1)


def test_what_was_gone_counts_moves_by_their_size() -> None:
    moved = {1: (-0.10, (0.0, -0.04)), 2: (0.30, (0.0, 0.30)), 3: (0.02, (0.0, None))}

    def moves(symbol: str, begin: int, moments: Sequence[int]) -> tuple[float, Sequence[float | None]] | None:
        assert len(moments) == 2
        return moved.get((begin - NOON) // 60) if symbol == "NVDA" else None

    reports = [
        one
        for story in (1, 2, 3, 4)
        for one in (report(story, "Wire", story), report(story, "Paper", story + 5, "NVDA"))
    ]
    found = make_league([*reports, report(5, "Wire", 1), report(5, "Paper", 2)], moves)
    assert (row(found, "Wire").priced, row(found, "Wire").gone) == (3, 0.0)
    assert row(found, "Paper").priced == 2
    assert row(found, "Paper").gone == pytest.approx((0.04 + 0.30) / 0.40)


def test_the_share_is_that_of_the_first_report_that_has_one() -> None:
    asked: list[tuple[str, int]] = []

    def moves(symbol: str, begin: int, moments: Sequence[int]) -> None:
        asked.append((symbol, begin))

    make_league([report(1, "Wire", 0), report(1, "Late", 9, "AMD"), report(1, "Paper", 4, "NVDA")], moves)
    assert asked == [("NVDA", NOON)]


def test_shares_that_did_not_move_say_nothing() -> None:
    found = make_league(
        [report(1, "Wire", 0, "NVDA"), report(1, "Paper", 5)], lambda symbol, begin, moments: (0.0, (0.0, 0.0))
    )
    assert {(one.priced, one.gone) for one in found.rows} == {(1, None)}


@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from("ABCD"), st.integers(0, 500)), max_size=40))
def test_every_story_that_counts_has_a_first(told: list[tuple[int, str, int]]) -> None:
    found = make_league([report(*one) for one in sorted(told)], no_prices)
    assert sum(one.first for one in found.rows) >= found.stories
    for one in found.rows:
        assert 0 <= one.first <= one.stories
        assert (one.behind is None) == (one.first == one.stories)
        assert one.behind is None or one.behind > timedelta(0)

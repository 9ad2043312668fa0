"""Led or followed: the rule, with the numbers of its edges."""

from __future__ import annotations

import math

import pytest

from tracker.model.impact import Timing, Window
from tracker.prices.timing import timing_before_open, timing_of


def part(share: float, session: float = -0.1697) -> float:
    """Return the `before` that is this part of a session's move, in logs."""
    return math.expm1(share * math.log1p(session))


@pytest.mark.parametrize(
    ("share", "kind"),
    [
        (1.02, "before"),
        (0.9, "before"),
        (0.89, "mostly-before"),
        (0.5, "mostly-before"),
        (0.49, "after"),
        (-0.3, "after"),
    ],
)
def test_the_part_before_decides(share: float, kind: str) -> None:
    found = timing_of(Window(-0.1697), part(share + 1e-12), None)
    assert found is not None
    assert found.kind == kind
    assert found.share_before == pytest.approx(share)


def test_a_move_that_began_with_it() -> None:
    session = Window(-0.1697)
    assert timing_of(session, 0.0, Window(-0.03, t=-2.2)) == Timing("within-15-minutes", 0.0)
    for quarter in (Window(-0.03, t=-2.1), Window(0.03, t=2.5), Window(-0.03), Window()):
        assert timing_of(session, 0.0, quarter) == Timing("after", 0.0)


def test_a_session_that_hardly_moved_or_is_not_known_has_none() -> None:
    assert timing_of(Window(0.0099), 0.001, None) is None
    assert timing_of(Window(0.01), 0.001, None) is not None
    assert timing_of(Window(), 0.001, None) is None
    assert timing_of(Window(0.1), None, None) is None
    assert timing_of(Window(-1.0), 0.0, None) is None


@pytest.mark.parametrize("share", [1.3, 1.0, 0.5, 0.1 + 1e-9, -0.1 - 1e-9, -0.7])
def test_before_the_open_what_had_happened_is_no_part_of_the_session(share: float) -> None:
    moved = part(share)
    assert timing_before_open(Window(-0.1697), moved, None) == Timing("before-open", moved_before_open=moved)


@pytest.mark.parametrize("share", [0.099, 0.0, -0.099])
def test_before_the_open_an_article_led_when_hardly_anything_had_happened(share: float) -> None:
    found = timing_before_open(Window(-0.1697), part(share), None)
    assert found is not None
    assert found.kind == "after"
    assert found.share_before == pytest.approx(share)
    began = timing_before_open(Window(-0.1697), part(share), Window(-0.03, t=-2.2))
    assert began is not None
    assert began.kind == "within-15-minutes"


def test_before_the_open_of_a_session_that_hardly_moved() -> None:
    for session in (Window(), Window(0.0099)):
        assert timing_before_open(session, 0.0099, None) is None
        assert timing_before_open(session, -0.01, None) == Timing("before-open", moved_before_open=-0.01)
    assert timing_before_open(Window(0.1), None, None) is None
    assert timing_before_open(Window(0.1), -1.0, None) is None

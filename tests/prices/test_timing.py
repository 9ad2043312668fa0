"""Led or followed: the rule, with the numbers of its edges."""

from __future__ import annotations

import math

import pytest

from tracker.model.impact import Timing, Window
from tracker.prices.timing import timing_of


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

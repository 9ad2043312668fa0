"""How far a sync has come."""

from __future__ import annotations

import pytest

from tracker.words.progress import sync_progress


@pytest.mark.parametrize(
    ("done", "due", "text"),
    [
        (0, 3, "sync 0/3 ▱▱▱▱▱▱▱▱"),
        (17, 23, "sync 17/23 ▰▰▰▰▰▱▱▱"),
        (3, 3, "sync 3/3 ▰▰▰▰▰▰▰▰"),
        (0, 0, "sync 0/0 ▰▰▰▰▰▰▰▰"),
    ],
)
def test_the_bar_is_full_when_all_is_done(done: int, due: int, text: str) -> None:
    assert sync_progress(done, due) == text


def test_a_terminal_without_these_signs_gets_others() -> None:
    assert sync_progress(1, 2, "#.") == "sync 1/2 ####...."

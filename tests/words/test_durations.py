"""Lengths of time, as they are written."""

from __future__ import annotations

import pytest

from tracker.words.durations import delay_text


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "<1 min"), (59, "<1 min"), (60, "1 min"), (7_199, "119 min"), (7_200, "2 h"), (172_800, "2 d")],
)
def test_delays(seconds: int, shown: str) -> None:
    assert delay_text(seconds) == shown

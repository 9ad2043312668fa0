"""Trading halts in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tracker.model.halts import OPEN_END, Halt
from tracker.words.halts import halt_text

START = datetime(2025, 1, 27, 20, 50, 1, tzinfo=UTC)


def test_a_halt_has_its_start_and_its_end_where_that_is_known() -> None:
    halt, end = Halt("NVDA", START), START + timedelta(minutes=15)
    assert halt_text(halt, end) == "halted since 15:50 ET"
    assert halt_text(Halt("NVDA", START, end), end) == "halted 15:50 to 16:05 ET"
    assert halt_text(halt, START + OPEN_END) == "halted at 15:50 ET"


def test_a_halt_is_on_from_its_start_until_trading_resumes() -> None:
    halt = Halt("NVDA", START, START + timedelta(minutes=15))
    minutes = (-1, 0, 14, 15)
    assert [halt.is_on(START + timedelta(minutes=one)) for one in minutes] == [False, True, True, False]

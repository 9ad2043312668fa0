"""The chart: every line as wide as asked, times where they belong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tracker.market.calendar import session_close, session_open
from tracker.model.halts import Halt
from tracker.model.market import DAILY, INTRADAY, Bar
from tracker.prices.chart import Chart
from tracker.ui.widgets.price_chart import draw_chart, headline_at

NEW_YORK = ZoneInfo("America/New_York")
OPEN = datetime(2025, 1, 27, 14, 30, tzinfo=UTC)
FIVE = timedelta(minutes=5)


def bars(closes: list[float], start: datetime = OPEN) -> tuple[Bar, ...]:
    return tuple(
        Bar("NVDA", INTRADAY, start + n * FIVE, start + (n + 1) * FIVE, close, "yahoo")
        for n, close in enumerate(closes)
    )


def text(chart: Chart, width: int, height: int) -> list[str]:
    return ["".join(piece for piece, _ in line).rstrip() for line in draw_chart(chart, width, height)]


def test_a_falling_day_with_its_headline() -> None:
    falling = bars([140.0 - n for n in range(24)])
    chart = Chart(falling, 142.0, NEW_YORK, (OPEN + 6 * FIVE, OPEN + 18 * FIVE), OPEN + 18 * FIVE)
    drawn = text(chart, 30, 7)
    assert drawn[0].startswith("142.00 ┤")
    assert drawn[4].startswith("117.00 ┤")
    assert drawn[5].index("▲") > drawn[5].index("┬")
    assert drawn[6].split() == ["Mon", "11"]  # the day takes the room of the hour beside it
    column = drawn[5].index("┬")
    assert headline_at(chart, column, 30, 7) == 0
    assert headline_at(chart, drawn[5].index("▲"), 30, 7) == 1
    assert headline_at(chart, 0, 30, 7) is None


def test_nights_take_no_room_and_the_open_is_marked() -> None:
    friday = bars([100.0] * 6, OPEN - timedelta(days=3))
    early = bars([99.0] * 3, OPEN - timedelta(hours=1))
    monday = bars([90.0] * 6)
    days = (OPEN.date() - timedelta(days=3), OPEN.date())
    regular = tuple((session_open(day), session_close(day)) for day in days)
    weekend = OPEN - timedelta(days=1)
    chart = Chart(friday + early + monday, None, NEW_YORK, (weekend,), None, regular)
    lines = draw_chart(chart, 40, 8)
    parts = {part for line in lines for _, part in line}
    assert {"line", "shade", "axis", "mark"} <= parts
    axis = "".join(piece for piece, _ in lines[-2])
    assert axis.count("┴") == 2
    # Published on Sunday: the mark stands at the first trade after it, before the regular open.
    assert axis.index("┬") < axis.rindex("┴")


def test_the_time_outside_the_session_is_shaded_without_gaps() -> None:
    early = bars([99.0] * 6, OPEN - timedelta(minutes=30))
    regular = ((session_open(OPEN.date()), session_close(OPEN.date())),)
    line = draw_chart(Chart((*early, *bars([90.0] * 6)), None, NEW_YORK, (), None, regular), 100, 8)[0]
    assert [part for _, part in line if part in ("shade", "line")] == ["shade", "line"]


@pytest.mark.parametrize(
    ("start", "resumes", "cells"),
    [
        (OPEN + 12 * FIVE, OPEN + 24 * FIVE, 6),
        (OPEN + 12 * FIVE, OPEN + 12 * FIVE + timedelta(minutes=1), 1),
        (OPEN + 36 * FIVE, None, 6),
        (OPEN + 49 * FIVE, None, 1),  # nothing was traded since, so no bar is of the halt
        (OPEN - timedelta(days=2), OPEN - timedelta(days=1), 0),
        (OPEN + timedelta(days=2), None, 0),
    ],
)
def test_a_halt_is_marked_on_the_axis(start: datetime, resumes: datetime | None, cells: int) -> None:
    # Two bars in each of 24 cells.
    chart = Chart(bars([100.0] * 48), None, NEW_YORK, halts=(Halt("NVDA", start, resumes),))
    lines = draw_chart(chart, 32, 7)
    marked = "".join(piece for piece, part in lines[-2] if part == "mark")
    assert len(marked) == cells
    assert set(marked) <= {"×"}
    assert "×" not in "".join(text(Chart((), 142.0, NEW_YORK, halts=(Halt("NVDA", start),)), 30, 8))


def test_months_of_days() -> None:
    start = datetime(2025, 1, 2, 14, 30, tzinfo=UTC)
    days = tuple(
        Bar("NVDA", DAILY, start + timedelta(days=n), start + timedelta(days=n, hours=6.5), 100.0 + n, "yahoo")
        for n in range(60)
    )
    drawn = text(Chart(days, None, NEW_YORK), 60, 10)
    assert drawn[-1].split() == ["Jan", "Feb", "Mar"]


@pytest.mark.parametrize("size", [(0, 0), (5, 3), (12, 10), (40, 3)])
def test_no_room_and_no_history(size: tuple[int, int]) -> None:
    width, height = size
    for chart in (Chart((), None, NEW_YORK), Chart(bars([1.0, 2.0]), None, NEW_YORK)):
        lines = draw_chart(chart, width, height)
        assert len(lines) == height
        assert all(sum(cell_len(piece) for piece, _ in line) == width for line in lines)
    assert headline_at(Chart((), None, NEW_YORK, (OPEN,)), 3, 40, 10) is None
    assert any(line.startswith("142.00 ┤") for line in text(Chart((), 142.0, NEW_YORK), 30, 8))


@given(
    closes=st.lists(st.floats(0.001, 1e7), min_size=1, max_size=200),
    previous=st.none() | st.floats(0.001, 1e7),
    minutes=st.lists(st.integers(-100, 1500), max_size=5),
    width=st.integers(0, 120),
    height=st.integers(0, 40),
)
def test_every_line_is_as_wide_as_asked(
    closes: list[float], previous: float | None, minutes: list[int], width: int, height: int
) -> None:
    moments = tuple(OPEN + timedelta(minutes=minute) for minute in minutes)
    chart = Chart(bars(closes), previous, NEW_YORK, moments, moments[0] if moments else None)
    lines = draw_chart(chart, width, height)
    assert len(lines) == height
    assert all(sum(cell_len(piece) for piece, _ in line) == width for line in lines)
    assert headline_at(chart, width // 2, width, height) in (None, *range(len(moments)))

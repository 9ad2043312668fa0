"""Braille drawings stay inside their cells and show what the numbers do."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tracker.ui.widgets.braille import BrailleCanvas, bounds, scale, scale_points, sparkline, thin

numbers = st.floats(allow_nan=True, allow_infinity=True)
series = st.lists(st.none() | numbers, max_size=80)


def dots(rows: list[str]) -> set[tuple[int, int]]:
    """Return the set dots of a drawing as (x, y), read back by the Unicode names of the patterns."""
    places = {1: (0, 0), 2: (0, 1), 3: (0, 2), 4: (1, 0), 5: (1, 1), 6: (1, 2), 7: (0, 3), 8: (1, 3)}
    found = set()
    for row, text in enumerate(rows):
        for column, char in enumerate(text):
            pattern = 0 if char == " " else ord(char) - 0x2800
            for number, (x, y) in places.items():
                if pattern >> (number - 1) & 1:
                    found.add((2 * column + x, 4 * row + y))
    return found


@pytest.mark.parametrize("x", range(4))
@pytest.mark.parametrize("y", range(8))
def test_every_dot_is_where_it_was_set(x: int, y: int) -> None:
    canvas = BrailleCanvas(2, 2)
    canvas.set(x, y)
    assert dots(canvas.rows()) == {(x, y)}


def test_dots_outside_are_cut() -> None:
    canvas = BrailleCanvas(1, 1)
    for x, y in ((-1, 0), (0, -1), (2, 0), (0, 4)):
        canvas.set(x, y)
    assert canvas.rows() == [" "]


def test_line_is_joined_and_broken_by_gaps() -> None:
    canvas = BrailleCanvas(4, 1)
    canvas.plot_line([(0, 0), (3, 3), None, (5, 0), (math.nan, 1), (7, 2), (7, 3)])
    assert dots(canvas.rows()) == {(0, 0), (1, 1), (2, 2), (3, 3), (5, 0), (7, 2), (7, 3)}


def test_line_from_far_away_is_cut_and_cheap() -> None:
    canvas = BrailleCanvas(3, 1)
    canvas.plot_line([(-1e18, 2), (1e18, 2)])
    assert dots(canvas.rows()) == {(x, 2) for x in range(6)}


def test_dotted_lines() -> None:
    canvas = BrailleCanvas(4, 2)
    canvas.plot_row(3.2)
    canvas.plot_column(7)
    canvas.plot_row(math.nan)
    canvas.plot_column(math.inf)
    assert dots(canvas.rows()) == {(0, 3), (3, 3), (6, 3), (7, 0), (7, 2), (7, 4), (7, 6)}
    part = BrailleCanvas(4, 1)
    part.plot_row(0, every=1, start=-5, stop=2)
    assert dots(part.rows()) == {(0, 0), (1, 0)}


@given(st.integers(-2, 20), st.integers(-2, 6), st.lists(st.none() | st.tuples(numbers, numbers), max_size=20))
def test_canvas_keeps_its_size(width: int, height: int, points: list[tuple[float, float] | None]) -> None:
    canvas = BrailleCanvas(width, height)
    canvas.plot_line(points)
    assert [cell_len(row) for row in canvas.rows()] == [max(0, width)] * max(0, height)


@given(series)
def test_bounds_are_of_the_known(values: list[float | None]) -> None:
    known = [value for value in values if value is not None and math.isfinite(value)]
    assert bounds(values) == ((min(known), max(known)) if known else None)


def test_scale_ends_and_middle() -> None:
    assert scale(10, 10, 20, 8) == 0
    assert scale(20, 10, 20, 8) == 7
    assert scale(5, 5, 5, 8) == 3.5
    assert scale(5, -1e308, 1e308, 0) == 0
    assert scale(0, -1.7e308, 1.7e308, 9) == 4


def test_scale_points_puts_high_on_top() -> None:
    assert scale_points([1, None, 3], 1, 3, 5, 4) == [(0.0, 3.0), None, (4.0, 0.0)]
    assert scale_points([2.0], 1, 3, 5, 5) == [(4.0, 2.0)]
    assert scale_points([], 1, 3, 5, 5) == []


def test_thin_keeps_the_last_of_each_stretch() -> None:
    assert thin([1, 2, 3, 4, None, None], 3) == [2, 4, None]
    assert thin([1, None], 3) == [1, None]


@given(series, st.integers(1, 40))
def test_thin_ends_with_the_last_and_adds_nothing(values: list[float | None], count: int) -> None:
    thinned = thin(values, count)
    assert len(thinned) == min(len(values), count)
    if values and values[-1] is not None:
        assert thinned[-1] is values[-1]


def test_sparkline_of_a_fall() -> None:
    assert sparkline([4, 3, 2, 1], 2) == "⠑⢄"


def test_sparkline_of_one_price_is_level() -> None:
    assert dots([sparkline([5, 5, 5], 3)]) == {(x, 2) for x in range(6)}


def test_sparkline_gap_stays_a_gap() -> None:
    line = sparkline([1.0, 1.0, None, None, None, 2.0, 2.0], 7)
    columns = {x for x, _ in dots([line])}
    assert min(columns) == 0
    assert max(columns) == 13
    assert not columns & set(range(4, 9))


@given(series, st.integers(-1, 30))
def test_sparkline_has_its_width(values: list[float | None], width: int) -> None:
    line = sparkline(values, width)
    assert cell_len(line) == max(0, width)
    assert all(char == " " or 0x2800 < ord(char) <= 0x28FF for char in line)
    if sum(value is not None and math.isfinite(value) for value in values) < 2:
        assert not line.strip()


@given(st.lists(st.floats(1, 1000), min_size=2, max_size=24, unique=True))
def test_sparkline_touches_bottom_and_top(values: list[float]) -> None:
    heights = {y for _, y in dots([sparkline(values, 12)])}
    assert {0, 3} <= heights

"""Columns never take more room than there is, and give way in their order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tracker.words.columns import Optional, cells_at, columns_in, kept, narrowed

sizes = st.integers(1, 30)
wanted = st.lists(
    st.builds(Optional, st.uuids().map(str), sizes, st.none() | st.integers(30, 60), st.integers(0, 20)), max_size=6
)


def test_a_column_gets_the_cells_of_the_widest_step_that_fits() -> None:
    assert [cells_at(width, ((104, 15), (84, 12))) for width in (200, 104, 103, 84, 83)] == [15, 15, 12, 12, 0]


def test_the_first_column_comes_in_first() -> None:
    columns = [Optional("price", 9), Optional("session", 5), Optional("spark", 5, most=16)]
    assert columns_in(40, columns, gap=1) == {"price": 9, "session": 5, "spark": 16}
    assert columns_in(24, columns, gap=1) == {"price": 9, "session": 5, "spark": 7}
    assert columns_in(9, columns, gap=1) == {"session": 5}
    assert columns_in(9, columns, gap=1, is_strict=True) == {}


def test_a_column_leaves_what_the_rest_needs() -> None:
    assert columns_in(40, [Optional("price", 9, rest=30)], gap=1) == {"price": 9}
    assert columns_in(39, [Optional("price", 9, rest=30)], gap=1) == {}


@given(st.integers(0, 150), wanted, st.integers(0, 2), st.booleans())
def test_columns_never_need_more_than_there_is(room: int, columns: list[Optional], gap: int, is_strict: bool) -> None:
    chosen = columns_in(room, columns, gap=gap, is_strict=is_strict)
    assert sum(chosen.values()) + gap * len(chosen) <= room
    assert all(one.cells <= chosen[one.name] <= (one.most or one.cells) for one in columns if one.name in chosen)


def test_a_table_is_cut_from_the_right() -> None:
    assert narrowed([20, 30, 10], [None, 10, None], 50, gap=2) == [20, 16, 10]
    assert narrowed([20, 30, 10], [8, 10, 6], 40, gap=2) == [20, 10, 6]
    assert narrowed([20, 30], [None, None], 10, gap=2) == [20, 30]


@given(st.lists(st.tuples(sizes, st.none() | sizes), min_size=1, max_size=6), st.integers(0, 150))
def test_a_table_fits_unless_its_least_does_not(columns: list[tuple[int, int | None]], room: int) -> None:
    widths, leasts = [width for width, _ in columns], [least for _, least in columns]
    cut = narrowed(widths, leasts, room, gap=2)
    least = [min(width, width if floor is None else floor) for width, floor in columns]
    assert all(floor <= now <= before for floor, now, before in zip(least, cut, widths, strict=True))
    assert sum(cut) + 2 * (len(cut) - 1) <= max(room, sum(least) + 2 * (len(cut) - 1))


def test_columns_leave_a_table_in_their_order_and_only_where_it_is_too_wide() -> None:
    widths, leaves = [10, 20, 8, 6], [0, 0, 2, 1]
    assert kept(widths, leaves, 50, gap=2) == [0, 1, 2, 3]
    assert kept(widths, leaves, 49, gap=2) == [0, 1, 2]
    assert kept(widths, leaves, 41, gap=2) == [0, 1]
    assert kept(widths, leaves, 5, gap=2) == [0, 1]

"""Newer readings of a view, merged into older ones."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.ui import snapshots
from tracker.ui.snapshots import Difference


def merge(old: Sequence[int], new: Sequence[int], is_kept: Callable[[int], bool]) -> list[int]:
    return list(Difference(array("q", old), array("q", new)).merged(is_kept))


def test_what_was_read_stays_where_it_stood() -> None:
    assert merge([5, 4, 3, 2], [7, 5, 3], {4}.__contains__) == [7, 5, 4, 3]
    assert merge([5, 4, 3], [7, 4, 3], {5}.__contains__) == [7, 5, 4, 3]
    assert merge([5, 4, 3], [5, 4], {3}.__contains__) == [5, 4, 3]
    assert merge([5, 4, 3], [5, 3], {4}.__contains__) == [5, 4, 3]
    assert merge([5], [7], {5}.__contains__) == [7, 5]
    assert merge([5, 4], [7, 5], lambda one: False) == [7, 5]


_IDS = st.lists(st.integers(0, 60), unique=True)


@pytest.fixture(autouse=True, scope="module")
def small_chunks() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshots, "_CHUNK", 3)
        yield


@given(_IDS, _IDS, st.sets(st.integers(0, 60)))
def test_a_merge_holds_all_of_the_new_in_order_and_what_is_kept_once(
    old: list[int], new: list[int], kept: set[int]
) -> None:
    merged = merge(old, new, kept.__contains__)
    assert [one for one in merged if one in set(new)] == new
    assert sorted(merged) == sorted({*new, *(one for one in old if one in kept)})


@given(_IDS, st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)))
def test_what_is_gone_and_what_is_fresh_are_those_of_sets(
    every: list[int], old_without: set[int], new_without: set[int], but: set[int]
) -> None:
    old, new = ([one for one in every if one not in out] for out in (old_without, new_without))
    difference = Difference(array("q", old), array("q", new))
    assert list(difference.gone) == [one for one in old if one not in set(new)]
    assert difference.fresh(but) == len(set(new) - set(old) - but)
    kept = merge(old, new, lambda one: True)
    assert [one for one in kept if one in set(old)] == old

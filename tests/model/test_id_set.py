"""Sets of ids in little memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tracker.model.id_set import IdSet


@given(st.lists(st.integers(-(2**70), 2**70) | st.integers(0, 9_000)), st.lists(st.integers(0, 9_000)))
def test_it_holds_what_a_set_does(ids: list[int], others: list[int]) -> None:
    found, known = IdSet(), set[int]()
    for one in ids:
        assert found.add(one) == (one not in known)
        known.add(one)
    assert [one in found for one in (*ids, *others)] == [one in known for one in (*ids, *others)]
    assert all(one in IdSet(ids) for one in ids)

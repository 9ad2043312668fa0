"""What stands under what in an unfolded story."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.stories.order import under_lead


@pytest.mark.parametrize(
    ("articles", "placed"),
    [
        ([(1, None)], {}),
        ([(1, None), (2, None), (3, None)], {2: 1, 3: 1}),
        # a rewrite stands behind what it was taken from, not where its time would put it; that of the lead comes first
        ([(1, None), (2, None), (3, None), (4, 2), (5, 1)], {5: 1, 2: 1, 4: 2, 3: 1}),
        # a rewrite of a rewrite, and what came of another one in between
        ([(1, None), (2, 1), (3, None), (4, 2), (5, 1), (6, 4)], {2: 1, 4: 2, 6: 3, 5: 1, 3: 1}),
        # taken from what is in another story, or not stored any more: by time
        ([(1, None), (2, 99), (3, None)], {2: 1, 3: 1}),
        # it is said to be earlier than its source, as the times of feeds go
        ([(1, None), (2, 3), (3, None)], {3: 1, 2: 2}),
        # two that name each other: the first to report counts as the original
        ([(1, None), (2, 3), (3, 2), (4, 3)], {2: 1, 3: 2, 4: 3}),
        ([(1, None), (2, 2)], {2: 1}),
    ],
)
def test_rewrites_stand_under_what_they_were_taken_from(
    articles: list[tuple[int, int | None]], placed: dict[int, int]
) -> None:
    assert list(under_lead(1, articles).items()) == list(placed.items())


def test_the_lead_stands_first_whatever_it_was_taken_from() -> None:
    # in a view that the first report is not in, a rewrite may stand for its story
    assert under_lead(2, [(1, None), (2, 1), (3, 1), (4, 2)]) == {4: 1, 1: 1, 3: 2}
    assert list(under_lead(2, [(1, None), (2, 1), (3, 1), (4, 2)])) == [4, 1, 3]


def test_a_chain_of_any_length() -> None:
    chain = [(number, number - 1) for number in range(1, 3_000)]
    assert under_lead(1, chain)[2_999] == 2_998


@given(
    st.integers(1, 12).flatmap(
        lambda size: st.tuples(
            st.integers(1, size), st.lists(st.none() | st.integers(1, size + 1), min_size=size, max_size=size)
        )
    )
)
def test_every_other_article_has_one_place_and_no_step_is_skipped(drawn: tuple[int, list[int | None]]) -> None:
    lead, originals = drawn
    articles = list(enumerate(originals, 1))
    placed = under_lead(lead, articles)
    assert sorted(placed) == [article_id for article_id, _ in articles if article_id != lead]
    depths = [0, *placed.values()]
    assert all(1 <= after <= before + 1 for before, after in pairwise(depths))
    taken = dict(articles)
    above: list[int] = [lead]
    for article_id, depth in placed.items():
        del above[depth:]
        if depth > 1:
            assert taken[article_id] == above[-1]
        above.append(article_id)

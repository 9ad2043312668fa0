"""A number and its words agree."""

from __future__ import annotations

import pytest

from tracker.model.plurals import agree, count_noun


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 entries are"), (1, "1 entry is"), (2, "2 entries are"), (1_284, "1,284 entries are")]
)
def test_the_noun_and_the_verb_agree_with_the_number(number: int, text: str) -> None:
    assert f"{count_noun(number, 'entry', 'entries')} {agree(number, 'is', 'are')}" == text

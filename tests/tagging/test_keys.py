"""How the names of a text are looked for: by how they begin, then by how they are spelt."""

from __future__ import annotations

import pytest

from tracker.model.tags import Match
from tracker.tagging.companies import Company
from tracker.tagging.keys import Keys
from tracker.tagging.match import compile_rules


def test_names_that_begin_alike_are_looked_for_once() -> None:
    keys = Keys()
    keys.add_company(0, Company("one", "One", names=("Northern Lights Oil", "Northern-Lights Gas")))
    assert keys.beginnings == ["northern lig", "northernligh"]
    assert {length for length, _ in keys.begun[0].spelt} == {19}
    assert {key for _, known in keys.begun[0].spelt for key in known} == {
        *("northern lights oil", "northern-lights-oil"),
        *("northern lights gas", "northern-lights-gas", "northern-lights gas"),
    }
    assert {key for _, known in keys.begun[1].spelt for key in known} == {"northernlightsoil", "northernlightsgas"}


@pytest.mark.parametrize(
    ("title", "is_found"),
    [
        ("Northern Lights Oil falls", True),
        ("Northern-Lights-Oil falls", True),
        ("NorthernLightsOil falls", True),
        ("Northern-Lights Oil falls", False),
        ("Northern Lights falls", False),
        ("Northern Lights Oi", False),
    ],
)
def test_spaces_and_hyphens_are_not_mixed_unless_the_name_does(title: str, is_found: bool) -> None:
    tagger = compile_rules([], [Company("one", "One", names=("Northern Lights Oil",))])
    assert bool(tagger.tag(title)) is is_found


def test_of_names_that_end_together_the_longest_counts() -> None:
    rows = [
        Company("oil", "Oil", names=("Lights Oil",)),
        Company("one", "One", names=("Northern Lights Oil", "Northern Lights")),
    ]
    found = compile_rules([], rows).tag("Northern Lights Oil falls")
    assert [(one.tag, one.matches) for one in found] == [("one", (Match("title", 0, 19, "Northern Lights Oil"),))]

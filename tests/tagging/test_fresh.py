"""Headlines that the training never read, by kind of name; the bounds are floors, the benchmark prints the figures."""

from __future__ import annotations

import pytest

from tests.tagging import fresh
from tests.tagging.measure import builtin_tagger
from tracker.tagging.companies import companies

TAGGER = builtin_tagger()


@pytest.mark.parametrize(
    ("name", "is_company", "least"),
    [
        ("plain", True, 0.9),
        ("plain_second", True, 0.88),
        ("plain_third", True, 0.7),
        ("brands", True, 0.88),
        ("negatives", False, 0.86),
        ("negatives_second", False, 0.9),
        ("negatives_third", False, 0.88),
    ],
)
def test_headlines_that_were_written_to_measure_with(name: str, is_company: bool, least: float) -> None:
    rate = fresh.measured(TAGGER, companies(), name, is_company=is_company)
    assert rate.value >= least, rate.examples

"""Who a headline is about, and who is only named by the way."""

from __future__ import annotations

import pytest

from tests.tagging import fresh
from tests.tagging.measure import builtin_tagger
from tracker.tagging.aside import is_aside
from tracker.tagging.companies import companies


def aside(title: str, name: str, *others: str, is_stage: bool = False) -> bool:
    places = [(title.index(one), title.index(one) + len(one)) for one in (name, *others)]
    return is_aside(title, *places[0], places, is_stage=is_stage)


@pytest.mark.parametrize(
    ("title", "name", "is_stage"),
    [
        ("Former Acme engineer opens a bakery", "Acme", False),
        ("Ex-Acme boss jailed", "Acme", False),
        ("Is Palantir the next Acme?", "Acme", False),
        ("A phone better than Acme has", "Acme", False),
        ("After ten years at Acme she became a nun", "Acme", False),
        ("Acme rival files for IPO", "Acme", False),
        ("Acme's rival files for IPO", "Acme", False),
        ("He built an Acme for dogs", "Acme", False),
        ("The Acme of farm tractors", "Acme", False),
        ("How to bake bread - Acme", "Acme", False),
        ("Garmin drops to record low on Acme", "Acme", True),
        ("TV is on Acme for $200 less", "Acme", True),
        ("Ten dramas to watch on Acme this weekend", "Acme", True),
    ],
)
def test_these_are_named_by_the_way(title: str, name: str, is_stage: bool) -> None:
    assert aside(title, name, is_stage=is_stage)


@pytest.mark.parametrize(
    ("title", "name", "is_stage"),
    [
        ("Acme falls 4%", "Acme", True),
        ("EU fines Acme", "Acme", True),
        ("EU cracks down on Acme", "Acme", True),
        ("Garmin drops to record low on Acme", "Acme", False),
        ("Acme for the year 2030", "Acme", False),
        ("News - Acme", "Acme", False),
        ("Investors bet on Acme supply chain price rise", "Acme", True),
    ],
)
def test_these_are_what_it_is_about(title: str, name: str, is_stage: bool) -> None:
    assert not aside(title, name, is_stage=is_stage)


def test_a_list_of_four_is_about_none_of_them() -> None:
    assert aside("Movers: Acme, Bolt, Cork and Dent", "Bolt", "Acme", "Cork", "Dent")
    assert aside("Acme, Bolt, Cork and Dent fall as Egg rises", "Acme", "Bolt", "Cork", "Dent", "Egg")
    assert not aside("Acme, Bolt, Cork and Dent fall as Egg rises", "Egg", "Acme", "Bolt", "Cork", "Dent")
    assert not aside("Acme and Bolt fall", "Acme", "Bolt")
    assert not aside("Acme sues Bolt, Cork and Dent", "Acme", "Bolt", "Cork", "Dent")


def test_headlines_that_were_written_to_measure_with() -> None:
    rate = fresh.salience(builtin_tagger(), companies())
    assert rate.value >= 0.9, rate.examples

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


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Acme raises Tesla price target to $150", "Acme"),
        ("Acme analysts upgrade Ford to overweight", "Acme"),
        ("Why Acme downgraded Nike to hold", "Acme"),
        ("Acme downgrades US outlook to negative", "Acme"),
        ("Snowflake upgraded to outperform at Acme", "Acme"),
        ("Ford downgraded at Acme on tariff risk", "Acme"),
        ("Acme sees gold at $5,000 by June", "Acme"),
        ("Copper could hit $15,000, says Acme", "Acme"),
        ("Copper could hit $15,000, Acme says", "Acme"),
        ("Copper could hit $15,000: Acme", "Acme"),
    ],
)
def test_who_rates_or_foresees_is_named_by_the_way(title: str, name: str) -> None:
    start = title.index(name)
    place = (start, start + len(name))
    assert is_aside(title, *place, [place], is_voice=True)
    assert not is_aside(title, *place, [place])


@pytest.mark.parametrize(
    "title",
    [
        "Acme raises profit target for asset management",
        "Acme sees profit falling in the third quarter",
        "Acme expects job cuts to reach 10,000",
        "Acme to cut 2,000 jobs",
        "EU fines Acme",
        "Acme says",
    ],
)
def test_a_broker_that_the_news_is_about_is_not(title: str) -> None:
    place = (title.index("Acme"), title.index("Acme") + 4)
    assert not is_aside(title, *place, [place], is_voice=True)


@pytest.mark.parametrize(
    ("title", "is_stage"),
    [
        ("Shooting in Acme car park leaves two dead", False),
        ("Police arrest three after theft at Acme store", False),
        ("Two hurt in stabbing outside Acme", True),
        ("An Acme user found a bug in the tax form", False),
        ("Acme shoppers love this $20 fryer", False),
        ("Mayor quits after Acme video surfaces", True),
        ("New single breaks record on Acme", True),
        ("Nio, a rival to Acme, enters Austria", False),
        ("SK Hynix, a supplier to Acme, opens a plant", False),
    ],
)
def test_places_users_and_posts_are_named_by_the_way(title: str, is_stage: bool) -> None:
    assert aside(title, "Acme", is_stage=is_stage)


@pytest.mark.parametrize(
    "title",
    [
        "Acme store sales rise",
        "Acme users hit by outage",
        "Acme videos get longer",
        "Two hurt at Acme plant, police say",
    ],
)
def test_what_looks_like_these_is_about_the_company(title: str) -> None:
    assert not aside(title, "Acme", is_stage=title.startswith("Acme v"))


def test_names_that_stand_together_are_one_place() -> None:
    tagger = builtin_tagger()
    (mention,) = tagger.tag("Cheaper alternatives to Adobe Photoshop")
    assert (mention.tag, mention.salience) == ("adobe", "mention")
    (mention,) = [one for one in tagger.tag("A phone better than Apple's iPhone") if one.tag == "apple"]
    assert mention.salience == "mention"
    (mention,) = [one for one in tagger.tag("Unlike Apple in the past, the iPhone is cheap") if one.tag == "apple"]
    assert mention.salience == "about"


def test_a_list_of_four_is_about_none_of_them() -> None:
    assert aside("Movers: Acme, Bolt, Cork and Dent", "Bolt", "Acme", "Cork", "Dent")
    assert aside("Acme, Bolt, Cork and Dent fall as Egg rises", "Acme", "Bolt", "Cork", "Dent", "Egg")
    assert not aside("Acme, Bolt, Cork and Dent fall as Egg rises", "Egg", "Acme", "Bolt", "Cork", "Dent")
    assert not aside("Acme and Bolt fall", "Acme", "Bolt")
    assert not aside("Acme sues Bolt, Cork and Dent", "Acme", "Bolt", "Cork", "Dent")


def test_headlines_that_were_written_to_measure_with() -> None:
    rate = fresh.salience(builtin_tagger(), companies())
    assert rate.value >= 0.9, rate.examples

"""Who a headline is about, and who is only named by the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tagging import fresh
from tests.tagging.measure import builtin_tagger
from tracker.tagging.aside import SIZE, Asides, Role, buckets, features, is_in_figure
from tracker.tagging.companies import aside_weights, companies, word_groups
from tracker.tagging.disambiguate import FINE, SCALE

MODEL = Asides(aside_weights(), word_groups())
GROUPS = {"says": 3 * FINE + 1, "phone": 5 * FINE}


def places(title: str, *names: str) -> list[tuple[int, int]]:
    return [(title.index(one), title.index(one) + len(one)) for one in names]


def is_figure(title: str, name: str, *others: str) -> bool:
    found = places(title, name, *others)
    return is_in_figure(title, *found[0], found)


def seen(title: str, name: str, *others: str, role: Role = "") -> set[str]:
    found = places(title, name, *others)
    return set(features(title, *found[0], found, role, GROUPS))


@pytest.mark.parametrize(
    "title",
    [
        "Former Acme engineer opens a bakery",
        "Ex-Acme boss jailed",
        "Is Palantir the next Acme?",
        "A phone better than Acme has",
        "A phone like an Acme",
        "Acme rival files for IPO",
        "Acme's rival files for IPO",
        "A new Acme-style keyboard",
        "Nio, a rival to Acme, enters Austria",
        "An alternative to the Acme",
        "He built an Acme for dogs",
        "The Acme of farm tractors",
        "How to bake bread - Acme",
    ],
)
def test_a_figure_of_speech_names_a_company_by_the_way(title: str) -> None:
    assert is_figure(title, "Acme")


@pytest.mark.parametrize(
    "title",
    [
        "Acme falls 4%",
        "EU fines Acme",
        "The Acme",
        "Acme for the year 2030",
        "The Acme for the year 2030",
        "News - Acme",
        "Acme sales rise",
        "A rise to Acme",
        "To Acme",
    ],
)
def test_no_figure_of_speech(title: str) -> None:
    assert not is_figure(title, "Acme")


def test_a_list_of_four_is_about_none_of_them() -> None:
    assert is_figure("Movers: Acme, Bolt, Cork and Dent", "Bolt", "Acme", "Cork", "Dent")
    assert is_figure("Acme, Bolt, Cork and Dent fall as Egg rises", "Acme", "Bolt", "Cork", "Dent", "Egg")
    assert not is_figure("Acme, Bolt, Cork and Dent fall as Egg rises", "Egg", "Acme", "Bolt", "Cork", "Dent")
    assert not is_figure("Acme and Bolt fall", "Acme", "Bolt")
    assert not is_figure("Acme sues Bolt, Cork and Dent", "Acme", "Bolt", "Cork", "Dent")


@pytest.mark.parametrize(
    ("title", "role", "feature"),
    [
        ("Acme falls", "", "l:^"),
        ("Acme falls", "", "r:falls"),
        ("EU fines Acme", "", "r:$"),
        ("EU fines Acme", "", "L:fines"),
        ("Acme says no", "voice", "kr:voicesays"),
        ("Acme says no", "voice", "kgr:voice3"),
        ("Why Acme's phone failed", "", "p:phone"),
        ("Why Acme's phone failed", "stage", "kp:stage5"),
        ("Cheap TV on Acme", "stage", "at:stage$"),
        ("Cheap TV on Acme phones", "stage", "at:stage"),
        ("A TV on Acme, on sale", "", "at:$"),
        ("An Acme-powered TV", "", "hyphen:powered"),
        ("An Acme-", "", "hyphen:"),
        ("Acme falls", "", "az:01"),
        ("One two three four five six Acme", "", "az:30"),
        ("One two three Acme four", "", "az:21"),
        ("The TV (Acme) is cheap", "", "glue:(_)"),
        ("The NASA Acme pact", "", "s:Aa"),
    ],
)
def test_features_say_what_stands_around_the_company(title: str, role: Role, feature: str) -> None:
    assert feature in seen(title, "Acme", role=role)


def test_features_say_which_other_companies_the_title_names() -> None:
    assert {"n:3", "b:1", "c:1", "kn:11", "list:3"} <= seen("Bolt, Acme and Cork fall", "Acme", "Bolt", "Cork")
    assert {"n:2", "b:0", "c:1", "list:1"} <= seen("Acme sues Bolt", "Acme", "Bolt")
    assert {"n:1", "list:1"} <= seen("Acme falls", "Acme")


def test_weights_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match=str(SIZE)):
        Asides(b"\0", {})


def test_each_weight_is_added_once() -> None:
    model = Asides(bytes([32]) * SIZE, {})
    assert model.log_odds("Acme", 0, 4, [(0, 4)]) <= len(set(features("Acme", 0, 4, [(0, 4)], "", {})))
    assert model.is_aside("Acme", 0, 4, [(0, 4)])
    assert not Asides(bytes(SIZE), {}).is_aside("Acme", 0, 4, [(0, 4)])


@pytest.mark.parametrize(
    ("title", "role", "is_aside"),
    [
        ("Acme raises Ford price target to $150", "voice", True),
        ("Ford downgraded by Acme on tariff risk", "voice", True),
        ("Garmin drops to record low on Acme", "stage", True),
        ("Ten dramas to watch on Acme this weekend", "stage", True),
        ("Acme falls 4% after results", "", False),
        ("EU fines Acme over data", "stage", False),
        ("Acme to cut 2,000 jobs", "voice", False),
        ("Acme profit doubles", "voice", False),
        ("Acme earnings beat estimates", "voice", False),
        ("Acme earnings rise on fee income", "voice", False),
        ("Acme profit beats estimates on trading boom", "voice", False),
    ],
)
def test_the_trained_model_tells_plain_cases_apart(title: str, role: Role, is_aside: bool) -> None:
    found = places(title, "Acme", *(name for name in ("Ford", "Garmin") if name in title))
    assert Asides(aside_weights(), word_groups()).is_aside(title, *found[0], found, role) is is_aside


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_title_has_features(before: str, after: str) -> None:
    title, place = f"{before}Acme{after}", (len(before), len(before) + 4)
    assert features(title, *place, [place], "", GROUPS)
    is_in_figure(title, *place, [place] * 4)


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["", "stage", "voice"]))
def test_what_the_model_remembers_are_the_weights_of_the_features(before: str, after: str, role: Role) -> None:
    title, place = f"{before}Acme{after}, Bolt", (len(before), len(before) + 4)
    places = [place, (len(title) - 4, len(title))]
    known = memoryview(aside_weights()).cast("b")
    found = features(title, *place, places, role, word_groups())
    odds = sum(known[number] for number in set(buckets(found))) / SCALE
    for _ in range(2):
        assert MODEL.log_odds(title, *place, places, role) == odds


def test_names_that_stand_together_are_one_place() -> None:
    tagger = builtin_tagger()
    (mention,) = tagger.tag("Cheaper alternatives to Adobe Photoshop")
    assert (mention.tag, mention.salience) == ("adobe", "mention")
    (mention,) = [one for one in tagger.tag("A phone better than Apple's iPhone") if one.tag == "apple"]
    assert mention.salience == "mention"
    (mention,) = [one for one in tagger.tag("Unlike Apple in the past, the iPhone is cheap") if one.tag == "apple"]
    assert mention.salience == "about"


def test_headlines_that_were_written_to_measure_with() -> None:
    rate = fresh.salience(builtin_tagger(), companies())
    assert rate.value >= 0.9, rate.examples

"""What the model sees of a name's surroundings, and how its weights are added."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model.market import WatchSymbol
from tracker.tagging import match
from tracker.tagging.catalog import builtin_rules
from tracker.tagging.companies import companies, priors, weights, word_groups
from tracker.tagging.disambiguate import (
    FINE,
    SCALE,
    SIZE,
    Article,
    Model,
    Usage,
    buckets,
    features,
    is_likely_in_text,
    kind,
    usage_odds,
)
from tracker.tagging.match import compile_rules
from tracker.tagging.watch import watch

TRAITS = "h2 z4 d t3"
MODEL = Model(weights(), word_groups())


def seen(text: str, name: str = "Target", traits: str = TRAITS) -> set[str]:
    start = text.index(name)
    return set(features(text, start, start + len(name), traits, 0, {"falls": 7 * FINE + 2, "store": 8 * FINE}))


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("Target falls 4%", "l:^"),
        ("Target falls 4%", "r:falls"),
        ("Target falls 4%", "r:fall~"),
        ("Target falls 4%", "gr:7"),
        ("Target falls 4%", "gl:-1"),
        ("Target falls near the store", "gs:d8"),
        ("Target falls near the store", f"fr:{7 * FINE + 2}"),
        ("Target falls near the store", "R:8"),
        ("The store falls for Target", "L:8"),
        ("Why Target's plan failed", "r:'s"),
        ("Why Target's plan failed", "pw:plan"),
        ("Why Target's store failed", "pg:8"),
        ("EU fines Target 20", "l:fines"),
        ("In 2025 Target", "b:2000"),
        ("Target Q3 sales", "b:q0"),
        ("Target", "r:$"),
        ("Police Search Target Room Tonight", "st:Td"),
        ("The police search the Target room tonight", "st:Sd"),
        ("POLICE SEARCH Target ROOM", "st:Ud"),
        ("Target a b", "st:0d"),
        ("He of the Target spoke slowly", "st:Sd"),
        ("Of the Target they spoke slowly", "sr:Sa"),
        ("Target NASA pact seen", "sr:SA"),
        ("The man said Target 12 people slowly", "sr:S9"),
        ("The man said Target (the store) slowly", "sr:S("),
        ("Bill Target said slowly", "sl:SAa"),
        ("pre-Target times", "glue:-"),
    ],
)
def test_features_say_what_stands_around_the_name(text: str, feature: str) -> None:
    assert feature in seen(text)


def test_a_text_without_capitals_is_told_from_a_sentence() -> None:
    assert "st:Ld" in seen("police search the target room", "target")


@pytest.mark.parametrize(
    ("traits", "what"),
    [("h2 z1 c t2", "c"), ("h2 z1 d s t2", "d"), ("h1 z1 s f t2", "s"), ("h1 f t1", "s"), ("h3 t2", "-")],
)
def test_the_other_sense_of_a_name_is_in_its_traits(traits: str, what: str) -> None:
    assert kind(traits) == what


def test_each_weight_is_added_once() -> None:
    text = "Target falls, falls and falls"
    numbers = set(buckets(features(text, 0, 6, TRAITS, 0, {})))
    model = Model(bytes([16]) * SIZE, {})
    assert model.log_odds(text, 0, 6, TRAITS) == pytest.approx(len(numbers) * 16 / SCALE)
    assert model.log_odds("x", 0, 1, "h0") > math.log(99)  # a probability of 99%


def test_weights_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match=str(SIZE)):
        Model(b"\0", {})


@pytest.mark.parametrize(
    ("name", "traits", "yes", "no"),
    [
        ("Target", "h1 z4 d t2", "Target shares fall 4% after earnings", "Giant Target found in the park"),
        ("Shell", "h1 z4 d t3", "Shell reports record quarterly profit", "Sea Shell recipe for the beach"),
    ],
)
def test_the_trained_model_tells_plain_cases_apart(name: str, traits: str, yes: str, no: str) -> None:
    model = Model(weights(), word_groups())
    places = [(text, text.index(name)) for text in (yes, no)]
    odds = [model.log_odds(text, start, start + len(name), traits) for text, start in places]
    assert odds[0] > 0 > odds[1]


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_has_features(before: str, after: str) -> None:
    text = f"{before}Target{after}"
    assert features(text, len(before), len(before) + 6, TRAITS, 1, {})


@given(st.text(max_size=60), st.sampled_from(["Target", "TGT", "target"]), st.text(max_size=60), st.integers(0, 3))
def test_what_the_model_remembers_are_the_weights_of_the_features(
    before: str, name: str, after: str, others: int
) -> None:
    text, start = f"{before}{name}{after}", len(before)
    found = features(text, start, start + len(name), TRAITS, others, word_groups())
    known = memoryview(weights()).cast("b")
    odds = sum(known[number] for number in set(buckets(found))) / SCALE
    for _ in range(2):
        assert MODEL.log_odds(text, start, start + len(name), TRAITS, others) == odds


def test_priors_are_of_ambiguous_names_and_small() -> None:
    known = {(row.tag, name.lower()) for row in companies() for name in row.words}
    assert priors().keys() <= known
    assert all(abs(odds) <= 1 for odds in priors().values())
    assert priors()["intercontinental-exchange", "ice"] < -0.5
    assert priors()["microsoft", "windows"] > 0.5


def test_a_prior_moves_the_decision_unless_the_share_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    title = "Target falls 4%"
    watched = watch(companies(), [WatchSymbol("TGT")], {})
    before = compile_rules(builtin_rules(), companies()).fingerprint
    monkeypatch.setattr(match, "priors", lambda: {("target-corp", "target"): -50.0})
    tagger = compile_rules(builtin_rules(), companies())
    assert tagger.tag(title) == ()
    assert [one.tag for one in compile_rules(builtin_rules(), watched).tag(title)] == ["target-corp"]
    assert tagger.fingerprint != before
    monkeypatch.setattr(match, "priors", lambda: {("target-corp", "target"): 50.0})
    assert [one.tag for one in tagger.tag("On target")] == []  # not a name at all, in a text with capitals
    assert [one.tag for one in tagger.tag("They hit the Target again")] == ["target-corp"]


@pytest.mark.parametrize(
    ("title", "is_watched", "odds"),
    [
        ("Citi Raises Price Target After Strong Results", False, -6.0),
        ("Citi Raises Price Target After Strong Results", True, -6.0),
        ("CITI RAISES PRICE TARGET AFTER STRONG RESULTS", False, -6.0),
        ("Citi Raises Target After Strong Results", False, -1.5),
        ("Citi Raises Target After Strong Results", True, 0.0),
        ("Target Stores Report Strong Results", False, -1.5),
        ("Price-Target Stores Report Strong Results", False, -1.5),
        ("Citi raises its view after strong Target results", False, 0.0),
    ],
)
def test_where_each_word_has_a_capital_sentences_tell_what_a_name_mostly_is(
    title: str, is_watched: bool, odds: float
) -> None:
    start = title.lower().index("target")
    assert usage_odds(title, start, start + 6, Usage(-1.5, frozenset({"price"})), is_watched) == odds


def test_words_of_shares_are_no_companies() -> None:
    tagger = compile_rules(builtin_rules(), companies())
    assert "target-corp" not in {one.tag for one in tagger.tag("Wells Fargo Raises Price Target Amidst Optimism")}
    assert "target-corp" in {one.tag for one in tagger.tag("Target Falls 4% After Earnings")}


@pytest.mark.parametrize(
    ("traits", "titles", "words", "companies_named", "expected"),
    [
        ("h2 z3 d t2", 0, 300, 0, False),
        ("h2 z3 d t2", 200, 300, 0, True),  # often in the news
        ("h2 z3 d t2", 0, 300, 6, True),  # among other companies
        ("h2 z3 d t3", 3, 300, 1, True),
        ("h2 z3 c t3", 3, 300, 1, False),  # an abbreviation
        ("h2 z3 d t3", 3, 3_000, 1, False),  # by chance, in so many words
    ],
)
def test_a_name_in_a_text_is_weighed_against_the_article(
    traits: str, titles: int, words: int, companies_named: int, expected: bool
) -> None:
    assert is_likely_in_text(1.0, traits, titles, Article(words, companies_named)) is expected


def test_a_company_that_is_often_in_the_news_is_found_in_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "We walked to the Target on the corner and bought bread. " + "Then it rained for a long time. " * 60
    tagger = compile_rules(builtin_rules(), companies())
    watched = compile_rules(builtin_rules(), watch(companies(), [WatchSymbol("TGT")], {}))
    monkeypatch.setattr(match, "priors", lambda: {("target-corp", "target"): 6.0})
    monkeypatch.setattr(match, "titles_about", dict)
    assert "target-corp" not in {one.tag for one in tagger.tag("A day out", text)}
    assert "target-corp" in {one.tag for one in watched.tag("A day out", text)}
    assert "target-corp" in {one.tag for one in tagger.tag("A day out", text + "Intel, AMD, Nvidia and Cisco did not.")}
    monkeypatch.setattr(match, "titles_about", lambda: {"target-corp": 1_000_000})
    assert "target-corp" in {one.tag for one in tagger.tag("A day out", text)}
    assert compile_rules(builtin_rules(), companies()).fingerprint != tagger.fingerprint

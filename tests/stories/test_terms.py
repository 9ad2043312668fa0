"""Terms of titles, and what each is worth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.stories.terms import story_terms
from tracker.stories.weights import TermWeights, common_words
from tracker.stories.words import title_words


def terms(title: str, *tags: str, site: str | None = None) -> tuple[str, ...]:
    return story_terms(title, title_words(title), tags, site)


def test_kinds_of_terms() -> None:
    found = terms("Nvidia's Q2: revenue of $26 billion, day 3", "nvidia", site="a.example")
    assert found[:2] == ("h:a.example", "g:nvidia")
    assert {"w:nvid", "w:revenu", "n:26", "n:2", "l:q=2", "l:day=3"} <= set(found)
    assert not any(term.startswith("l:") and term.endswith("=26") for term in found)


def test_quantities_are_no_issue_numbers() -> None:
    labels = [term for term in terms("Shares tumble 17% as chips lose 593 billion in week 4") if term[0] == "l"]
    assert labels == ["l:week=4"]


@pytest.mark.parametrize(
    "title",
    [
        "Comcast defends its merger - WDRB 41",
        "Comcast defends its merger | Reuters",
        "Comcast defends its merger (video)",
        "Comcast defends its merger - The New York Times ...",
    ],
)
def test_what_sites_put_behind_their_titles_is_no_word(title: str) -> None:
    assert {term for term in terms(title) if term[0] == "w"} == {"w:comcast", "w:defend", "w:merger"}


def test_a_title_that_is_half_tail_stays_whole() -> None:
    assert "w:orbit" in terms("Up - Orbit Reaches Mars")


@given(st.text(max_size=400))
def test_any_title_has_few_terms_once_each(title: str) -> None:
    found = terms(title)
    assert len(found) == len(set(found)) <= 40
    assert all(term[1] == ":" for term in found)


def test_rare_words_tell_more() -> None:
    weights = TermWeights()
    assert weights.rarity["w:chiquita"] == 10.0
    assert weights.rarity["w:stock"] < 5 < weights.rarity["w:tanker"]
    assert weights.square["w:stock"] < weights.square["w:tanker"] < weights.square["w:chiquita"] == 100.0


def test_numbers_tags_and_pairs_of_characters() -> None:
    rarity = TermWeights().rarity
    assert [rarity[f"n:{number}"] for number in ("7", "0", "17", "2025", "593", "1.8", "20.25")] == [
        1.0,
        1.0,
        2.0,
        2.0,
        4.5,
        2.0,
        4.5,
    ]
    assert rarity["g:nvidia"] < rarity["n:17"]
    assert rarity["w:蒸发"] <= 3.5
    assert rarity["l:day=3"] == rarity["h:a.example"] == 0.0


def test_what_the_archive_is_full_of_tells_less() -> None:
    assert TermWeights({"chiquita": 4_000}, 10_000).rarity["w:chiquita"] < 2
    assert TermWeights({"chiquita": 2}, 3).rarity["w:chiquita"] > 6


def test_the_shipped_counts() -> None:
    counts, titles = common_words()
    assert titles > 50_000
    assert len(counts) > 10_000
    assert max(counts.values()) < titles

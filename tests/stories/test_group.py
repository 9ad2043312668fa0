"""Same story or not: pairs in words, then stories over time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stories.measure import Grouper
from tracker.stories.fingerprint import StoryPrint, fingerprint
from tracker.stories.group import WINDOW, choose_story, same_story, similarity

NOW = datetime(2025, 1, 27, 14, tzinfo=UTC)


def made(title: str, url: str | None = None, text: str = "", hours: float = 0.0) -> StoryPrint:
    return fingerprint(title, url, text, NOW + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Nvidia loses $593 billion in a day", "NVIDIA loses $593 billion in a day!"),
        (
            "Nvidia loses $593 billion in market value after DeepSeek",
            "DeepSeek: Nvidia loses $593 billion of market value",
        ),
        ("Meta and Apple rise while chips sink", "Meta, Apple rise while chip stocks sink"),
        ("英伟达市值一日蒸发近6000亿美元", "英伟达市值一日蒸发6000亿美元"),
        (
            "Pesticides : Borne veut interdire les usages non agricoles",
            "Pesticides. Borne veut interdire « tous les usages non agricoles »",
        ),
    ],
)
def test_near_identical_titles_are_one_story(one: str, two: str) -> None:
    assert same_story(made(one), made(two))
    assert similarity(made(one), made(two)) == similarity(made(two), made(one))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Today's Wordle hints and answer for Jan. 2, #1658", "Today's Wordle hints and answer for Jan. 3, #1659"),
        ("CES live blog, day 3", "CES live blog, day 4"),
        ("Nvidia Q2 revenue beats estimates", "Nvidia Q3 revenue beats estimates"),
        ("Acme ships version 2.1 of its editor", "Acme ships version 2.2 of its editor"),
        ("RTX 5090 review", "RTX 5080 review"),
        ("Open thread", "Open thread for everyone"),
        ("Nvidia falls", "Oracle falls"),
        ("第3天：会议要点", "第4天：会议要点"),
    ],
)
def test_another_number_is_another_story(one: str, two: str) -> None:
    assert not same_story(made(one), made(two))


def test_one_address_is_one_story_whatever_the_title_and_day() -> None:
    one = made("I found the only fix for scam calls", "https://a.example/scam")
    assert same_story(one, made("Tired of scam calls?", "https://www.a.example/scam/#x", hours=200))


def test_a_title_of_last_week_is_another_story() -> None:
    assert not same_story(
        made("The week in chips, by our editors"), made("The week in chips, by our editors", hours=73)
    )
    undated = fingerprint("The week in chips, by our editors", None)
    assert same_story(undated, made("The week in chips, by our editors", hours=73))


def test_short_titles_need_two_sites() -> None:
    one = made("Expose", "https://a.example/1")
    assert not same_story(one, made("Expose", "https://a.example/2"))
    assert same_story(one, made("Expose", "https://b.example/2"))
    assert same_story(one, made("Expose"))


def test_titles_without_words_need_two_sites_as_well() -> None:
    assert same_story(made("42", "https://a.example/1"), made("42", "https://b.example/1"))
    assert not same_story(made("42", "https://a.example/1"), made("42", "https://a.example/2"))
    assert not same_story(made("!!!"), made("???"))
    assert not same_story(made("!!!"), made("Nvidia falls"))


def test_one_opening_under_two_titles_is_one_story() -> None:
    text = (
        "Shares of the chip maker closed lower on Monday, after a start-up had said what its model had cost to train. "
        * 3
    )
    assert same_story(made("Chip rout deepens", text=text), made("Wall Street has a bad day", text=text))
    assert not same_story(made("Chip rout deepens", text=text), made("Wall Street has a bad day", text="Short."))


def test_the_nearest_story_is_chosen_and_the_older_one_on_a_tie() -> None:
    new = made("Nvidia loses $593 billion in market value after DeepSeek")
    far = made("Nvidia loses $593 billion in value")
    near = made("Nvidia loses $593 billion in market value after DeepSeek release")
    other = made("Meta earnings beat estimates")
    assert choose_story(new, [(1, far), (2, near), (3, other)]) == 2
    assert choose_story(new, [(7, near), (4, near)]) == 4
    assert choose_story(new, [(3, other)]) is None
    assert choose_story(new, []) is None


def test_one_alike_among_strangers_does_not_pull_a_story_in() -> None:
    new = made("Weekend ideas around the town of Tours")
    chain = [
        made("Weekend ideas around town Tours now"),
        made("Town fair opens"),
        made("Concert tonight"),
        made("Museum reopens"),
    ]
    assert choose_story(new, [(1, one) for one in chain]) is None


def test_stories_grow_one_article_at_a_time() -> None:
    grouper = Grouper()
    first = grouper.add(made("DeepSeek tops the App Store in the United States"))
    assert grouper.add(made("DeepSeek tops App Store in United States", hours=1)) == first
    assert grouper.add(made("Meta and Apple rise while chips sink", hours=1)) != first
    later = WINDOW.total_seconds() / 3600 + 2
    assert grouper.add(made("DeepSeek tops the App Store in the United States", hours=later)) != first


@given(st.text(max_size=60), st.text(max_size=60))
def test_similarity_is_symmetric_and_bounded(one: str, two: str) -> None:
    left, right = made(one), made(two)
    assert 0.0 <= similarity(left, right) <= 1.0
    assert similarity(left, right) == similarity(right, left)


@given(st.text(min_size=1, max_size=60))
def test_what_is_the_same_shares_a_key(title: str) -> None:
    one, two = made(title, "https://a.example/1"), made(title.upper(), "https://a.example/1")
    assert set(one.keys) & set(two.keys)
    assert same_story(one, two)

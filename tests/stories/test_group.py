"""Same story or not: pairs in words, then stories over time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stories.measure import Grouper
from tracker.model.plan import StoryProfile
from tracker.stories.fingerprint import StoryPrint, fingerprint
from tracker.stories.group import (
    PAIR,
    WINDOW,
    choose_same,
    choose_story,
    is_same_article,
    is_series,
    likeness,
    lookup_terms,
)
from tracker.stories.weights import TermWeights

NOW = datetime(2025, 1, 27, 14, tzinfo=UTC)
WEIGHTS = TermWeights()
LOSS = "Nvidia loses $593 billion in market value after DeepSeek"


def made(
    title: str, url: str | None = None, text: str = "", hours: float = 0.0, tags: tuple[str, ...] = ()
) -> StoryPrint:
    return fingerprint(title, url, text, NOW + timedelta(hours=hours), tags)


def profile(story_id: int, *prints: StoryPrint, is_pinned: bool = False) -> StoryProfile:
    counts: dict[str, int] = {}
    for one in prints:
        for term in one.terms:
            counts[term] = counts.get(term, 0) + 1
    times = [one.time or NOW for one in prints]
    return StoryProfile(story_id, len(prints), min(times), max(times), counts, is_pinned)


def are_one_story(*prints: StoryPrint) -> bool:
    grouper = Grouper()
    places = [grouper.add(one) for one in prints]
    return len({grouper.story(place) for place in places}) == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Nvidia loses $593 billion in a day", "NVIDIA loses $593 billion in a day!"),
        (LOSS, "DeepSeek: Nvidia loses $593 billion of market value"),
        ("Chiquita to merge with Fyffes", "Fyffes and Chiquita: merger makes the top banana company"),
        ("英伟达市值一日蒸发近6000亿美元", "英伟达市值一日蒸发6000亿美元"),
        (
            "Pesticides : Borne veut interdire les usages non agricoles",
            "Pesticides. Borne veut interdire « tous les usages non agricoles »",
        ),
    ],
)
def test_titles_that_say_the_same_are_one_story(one: str, two: str) -> None:
    assert are_one_story(made(one, "https://a.example/1"), made(two, "https://b.example/2"))
    assert are_one_story(made(two, "https://b.example/2"), made(one, "https://a.example/1"))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Today's Wordle hints and answer for Jan. 2, #1658", "Today's Wordle hints and answer for Jan. 3, #1659"),
        ("CES live blog, day 3", "CES live blog, day 4"),
        ("Nvidia Q2 revenue beats estimates", "Nvidia Q3 revenue beats estimates"),
        ("Acme ships version 2.1 of its editor", "Acme ships version 2.2 of its editor"),
        ("RTX 5090 review", "RTX 5080 review"),
        ("Structure of the Twenty codebase - Part 1.2", "Structure of the Twenty codebase - Part 1.3"),
        ("Open thread", "Open thread for everyone"),
        ("Nvidia falls", "Oracle falls"),
        ("Nvidia falls 17% on DeepSeek fears", "Nvidia unveils its next robot computer"),
        ("Fyffes opens a new farm in Honduras", "Fyffes sponsors a marathon"),
        ("第3天：会议要点", "第4天：会议要点"),
    ],
)
def test_other_news_and_another_number_are_other_stories(one: str, two: str) -> None:
    assert not are_one_story(made(one, "https://a.example/1"), made(two, "https://b.example/2"))


def test_companies_and_numbers_are_the_same_in_every_language() -> None:
    english = made(LOSS, tags=("nvidia", "deepseek"))
    chinese = made("受DeepSeek冲击，英伟达市值蒸发593 billion美元", tags=("nvidia", "deepseek"))
    assert likeness(dict.fromkeys(english.terms, 1), 1, dict.fromkeys(chinese.terms, 1), 1, WEIGHTS) > 0
    assert {"g:nvidia", "g:deepseek", "n:593"} <= set(english.terms) & set(chinese.terms)


def test_one_address_is_one_article_whatever_the_title_and_day() -> None:
    one = made("I found the only fix for scam calls", "https://a.example/scam")
    two = made("Tired of scam calls?", "https://www.a.example/scam/#x", hours=200)
    assert is_same_article(one, two)
    assert choose_same(two, [(8, one), (5, one), (-3, one), (9, made("Else", "https://a.example/x"))]) is not None
    assert choose_same(two, [(8, one), (5, one)]) == choose_same(two, [(5, one)])
    assert choose_same(two, []) is None


def test_a_title_of_last_week_is_another_story() -> None:
    one = made("The week in chips, by our editors")
    assert not is_same_article(one, made("The week in chips, by our editors", hours=73))
    assert is_same_article(fingerprint("The week in chips, by our editors", None), one)


def test_short_titles_need_two_sites() -> None:
    one = made("Expose", "https://a.example/1")
    assert not is_same_article(one, made("Expose", "https://a.example/2"))
    assert is_same_article(one, made("Expose", "https://b.example/2"))
    assert is_same_article(one, made("Expose"))
    assert is_same_article(made("42", "https://a.example/1"), made("42", "https://b.example/1"))
    assert not is_same_article(made("42", "https://a.example/1"), made("42", "https://a.example/2"))
    assert not is_same_article(made("!!!"), made("???"))


def test_one_opening_under_two_titles_is_one_article_unless_they_are_numbered() -> None:
    text = "Shares of the chip maker closed lower on Monday, after a start-up had said what its model had cost. " * 3
    assert is_same_article(made("Chip rout deepens", text=text), made("Wall Street has a bad day", text=text))
    assert not is_same_article(made("Chip rout deepens", text=text), made("Wall Street has a bad day", text="Short."))
    assert not is_same_article(made("Chips, day 3", text=text), made("Chips, day 4", text=text))


def test_what_is_too_common_tells_nothing() -> None:
    one, two = made("Nvidia shares fall"), made("Nvidia shares rise")
    assert likeness(dict.fromkeys(one.terms, 1), 1, dict.fromkeys(two.terms, 1), 1, WEIGHTS) == 0.0
    assert lookup_terms(["n:7", "l:day=3", "h:a.example", "w:chiquita"], WEIGHTS) == {"w:chiquita": 10.0}


def test_many_articles_take_in_what_a_pair_would_not() -> None:
    many = profile(
        1, *(made(f"Chiquita and Fyffes {word}", hours=1) for word in ("merge", "agree", "unite", "combine"))
    )
    pair = profile(2, made("Chiquita and Fyffes merge"))
    new = made("Banana giant: why Chiquita wants Ireland's fruit importer")
    assert choose_story(new.terms, new.time, [pair], WEIGHTS) is None
    choice = choose_story(new.terms, new.time, [many], WEIGHTS)
    assert choice is not None
    assert (choice.story_id, choice.absorbs, choice.is_repeat) == (1, (), False)
    assert choose_story(new.terms, new.time, [many], WEIGHTS, strictness=PAIR) is None
    assert choose_story(new.terms, new.time, [pair], WEIGHTS, favoured=[2]) is None  # one word is no evidence
    late = NOW + timedelta(days=8)
    assert choose_story(new.terms, late, [many], WEIGHTS) is None
    assert choose_story(new.terms, None, [many], WEIGHTS) is not None


def test_the_source_that_is_named_makes_a_rewrite_its_own() -> None:
    source = profile(4, made("DeepSeek trains its V4 model on Huawei Ascend chips, says supplier"))
    rewrite = made(
        "Formé sur Ascend : le prochain DeepSeek se passerait de Nvidia grâce à la puce de Huawei, à Shenzhen"
    )
    assert choose_story(rewrite.terms, NOW, [source], WEIGHTS) is None
    choice = choose_story(rewrite.terms, NOW, [source], WEIGHTS, favoured={4})
    assert choice is not None
    assert choice.story_id == 4


def test_the_mould_of_one_site_makes_no_story() -> None:
    one = made("Show HN: Zettelgarten, a notebook", "https://news.example/1")
    two = made("Show HN: Zettelgarten clone", "https://news.example/2")
    assert choose_story(two.terms, NOW, [profile(1, one)], WEIGHTS) is None
    elsewhere = made("Show HN: Zettelgarten clone", "https://other.example/2")
    assert choose_story(elsewhere.terms, NOW, [profile(1, one)], WEIGHTS) is not None


def test_an_article_that_belongs_to_two_stories_makes_them_one() -> None:
    first = profile(7, made("Chiquita agrees to merge with Fyffes of Ireland"))
    second = profile(3, made("Fyffes and Chiquita of Ireland agree merger plan"))
    other = profile(9, made("Oracle opens data centre in Frankfurt"))
    bridge = made("Chiquita agrees to merge with Fyffes of Ireland, merger plan says")
    choice = choose_story(bridge.terms, NOW, [first, second, other], WEIGHTS)
    assert choice is not None
    assert (choice.story_id, choice.absorbs, choice.is_repeat) == (3, (7,), True)
    pinned = profile(3, made("Fyffes and Chiquita of Ireland agree merger plan"), is_pinned=True)
    kept = choose_story(bridge.terms, NOW, [first, pinned, other], WEIGHTS)
    assert kept is not None
    assert kept.absorbs == ()
    numbered = profile(3, made("Fyffes and Chiquita of Ireland agree plan, sources tell, week 4 of talks"))
    third = profile(7, made("Chiquita agrees to merge with Fyffes of Ireland, week 3 of talks opens"))
    apart = choose_story(bridge.terms, NOW, [third, numbered], WEIGHTS)
    assert apart is not None
    assert apart.absorbs == ()


def test_series_of_a_story_of_many() -> None:
    counts = {"w:chip": 4, "w:weekly": 4, "w:letter": 4, "n:31": 1, "n:32": 1, "w:rare": 1}
    assert is_series(["w:chip", "w:weekly", "w:letter", "n:33"], counts, 4)
    assert not is_series(["w:chip", "w:weekly", "w:letter", "n:32"], counts, 4)
    assert not is_series(["w:chip", "w:weekly", "w:letter"], counts, 4)
    assert not is_series([], counts, 4)


def test_stories_grow_one_article_at_a_time() -> None:
    grouper = Grouper()
    first = grouper.add(made("DeepSeek tops the App Store in the United States"))
    second = grouper.add(made("DeepSeek tops App Store in United States", hours=1))
    other = grouper.add(made("Meta and Apple rise while chips sink", hours=1))
    later = WINDOW.total_seconds() / 3600 + 2
    last = grouper.add(made("DeepSeek tops the App Store in the United States", hours=later))
    assert [grouper.story(place) for place in (first, second, other, last)] == [0, 0, 2, 3]


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_symmetric_and_bounded(one: str, two: str) -> None:
    left, right = (dict.fromkeys(made(title).terms, 1) for title in (one, two))
    alike = likeness(left, 1, right, 1, WEIGHTS)
    assert 0.0 <= alike <= 1.0 + 1e-9
    assert alike == pytest.approx(likeness(right, 1, left, 1, WEIGHTS))


@given(st.text(min_size=1, max_size=60))
def test_what_is_the_same_shares_an_exact_key(title: str) -> None:
    one, two = made(title, "https://a.example/1"), made(title.upper(), "https://a.example/1")
    assert set(one.exact) & set(two.exact)
    assert is_same_article(one, two)

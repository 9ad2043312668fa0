"""Same story or not: copies, pairs of headlines, and stories that grow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.examples import examples
from tests.stories.measure import grouped
from tests.stories.written import written
from tracker.model.plan import StoryProfile, common_terms
from tracker.stories import joining
from tracker.stories.fingerprint import StoryPrint, fingerprint
from tracker.stories.group import (
    WINDOW,
    choose_same,
    is_repeat,
    is_same_article,
    is_series,
    least_shared,
    lookup_terms,
)
from tracker.stories.joining import LIFE, Life, join_stories
from tracker.stories.link import FEATURES, Model, common_words, features, model, summary_features
from tracker.stories.shape import Shape
from tracker.stories.terms import story_terms
from tracker.stories.weights import RAREST, TermWeights, source_words
from tracker.stories.words import stem

NOW = datetime(2025, 1, 27, 14, tzinfo=UTC)
WEIGHTS = TermWeights()
LOSS = "Nvidia loses $593 billion in market value after DeepSeek"


def made(title: str, url: str | None = None, text: str = "", hours: float = 0.0) -> StoryPrint:
    return fingerprint(title, url, text, NOW + timedelta(hours=hours))


def profile(
    story_id: int, *titles: str, hours: float = 0.0, tags: tuple[str, ...] = (), is_pinned: bool = False
) -> StoryProfile:
    counts: dict[str, int] = {}
    for title in titles:
        for term in story_terms(title, tags):
            counts[term] = counts.get(term, 0) + 1
    when = NOW + timedelta(hours=hours)
    return StoryProfile(story_id, len(titles), when, when, counts, is_pinned)


def joins(
    *stories: StoryProfile,
    new: tuple[int, ...] | None = None,
    favoured: tuple[tuple[int, int], ...] = (),
    linked: tuple[tuple[int, int], ...] = (),
    life: Life = LIFE,
) -> list[set[int]]:
    ids = [story.story_id for story in stories]
    near = {one: [other for other in ids if other < one] for one in ids}
    found = join_stories(
        {story.story_id: story for story in stories},
        ids if new is None else new,
        near,
        WEIGHTS,
        model(),
        life,
        favoured=favoured,
        linked=linked,
    )
    return sorted((set(parts) for parts in found), key=min)


def are_one_story(*titles: str, hours: tuple[float, ...] = (), tags: tuple[tuple[str, ...], ...] = ()) -> bool:
    terms = [story_terms(title, tags[place] if tags else ()) for place, title in enumerate(titles)]
    times = [NOW + timedelta(hours=hours[place] if hours else place) for place in range(len(titles))]
    return len(set(grouped(terms, times, WEIGHTS))) == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [
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
    assert are_one_story(one, two)
    assert are_one_story(two, one)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Today's Wordle hints and answer for Jan. 2, #1658", "Today's Wordle hints and answer for Jan. 3, #1659"),
        ("CES live blog, day 3", "CES live blog, day 4"),
        ("Nvidia Q2 revenue beats estimates", "Nvidia Q3 revenue beats estimates"),
        ("RTX 5090 review", "RTX 5080 review"),
        ("Structure of the Twenty codebase - Part 1.2", "Structure of the Twenty codebase - Part 1.3"),
        ("Nvidia falls", "Oracle falls"),
        ("Nvidia falls 17% on DeepSeek fears", "Nvidia unveils its next robot computer"),
        ("第3天：会议要点", "第4天：会议要点"),
    ],
)
def test_other_news_and_another_number_are_other_stories(one: str, two: str) -> None:
    assert not are_one_story(one, two)


def test_companies_and_amounts_are_the_same_in_every_language() -> None:
    both = ("nvidia", "deepseek")
    assert are_one_story(LOSS, "受DeepSeek冲击，英伟达市值蒸发5930亿美元", tags=(both, both))
    assert not are_one_story(LOSS, "英伟达与DeepSeek讨论合作", tags=(both, both))


def test_other_news_of_one_company_are_other_stories() -> None:
    titles = ("Apple launches iPhone 17", "Apple launches MacBook Air")
    assert not are_one_story(*titles, tags=(("apple",), ("apple",)))


def test_the_name_of_a_tagged_company_makes_no_titles_alike() -> None:
    titles = ("Novo Nordisk cuts full-year outlook as Wegovy sales slow", "Doustdar to take over as Novo Nordisk CEO")
    for tags, is_alike in (((), True), (("novo-nordisk",), False)):
        one, two = (Shape(dict.fromkeys(story_terms(title, tags), 1), 1, WEIGHTS) for title in titles)
        assert (common_words(one, two, WEIGHTS.rarity).likeness > 0.5) is is_alike


@pytest.mark.parametrize(
    ("one", "two", "are_apart"),
    [
        ("SNB lowers rates by half a point", "RBA lowers rates by a quarter point", True),
        ("Bank of Japan raises rates to a high", "BOJ lifts its rates to a high", False),
        ("Federal Reserve leaves rates as they are", "Fed holds rates where they are", False),
        ("SNB lowers rates by half a point", "Why rates are lower since the SNB met", False),
        ("SNB lowers rates by half a point", "Rates are lower by half a point", False),
    ],
)
def test_names_that_titles_begin_with_tell_events_apart(one: str, two: str, are_apart: bool) -> None:
    for titles in ((one, two), (two, one)):
        shapes = [Shape(dict.fromkeys(story_terms(title), 1), 1, WEIGHTS) for title in titles]
        found = features(shapes[0], shapes[1], WEIGHTS.rarity)
        assert found[FEATURES.index("subjects_apart")] == are_apart


def test_a_company_in_common_says_more_than_the_names_that_titles_begin_with() -> None:
    titles = ("Doustdar to lead the company from August", "Jones to leave the company in August")
    shapes = [Shape(dict.fromkeys(story_terms(title, ("novo-nordisk",)), 1), 1, WEIGHTS) for title in titles]
    assert features(shapes[0], shapes[1], WEIGHTS.rarity)[FEATURES.index("subjects_apart")] == 0


def test_one_rare_word_in_common_is_not_enough() -> None:
    assert not are_one_story("A garden I starred", "A garden party")
    assert not are_one_story("Chiquita rises", "Chiquita of Honduras")
    assert are_one_story("Chiquita merger: Fyffes agrees", "Fyffes agrees Chiquita merger")


ASTEROID = ("Asteroid passes closer than the satellites", "How astronomers missed the asteroid until this week")


@pytest.mark.parametrize(
    ("titles", "articles", "sources", "expected"),
    [
        (ASTEROID, 1, (1, 2), 1),
        (ASTEROID, 20_000, (1, 2), 0),  # so many articles share a word by chance
        (ASTEROID, 1, (1, 1), 0),  # a source writes its words again
        (("A garden I starred", "A garden party"), 1, (1, 2), 0),  # too short to be about one event
        (("Chiquita rises", "Growers in Honduras fear Chiquita"), 1, (1, 2), 1),  # a name needs no more
        ((ASTEROID[0], "天文学家直到本周才发现这颗小行星 asteroid"), 1, (1, 2), 0),  # pairs overlap
    ],
)
def test_an_ordinary_word_alone_joins_two_titles_that_say_enough(
    titles: tuple[str, str], articles: int, sources: tuple[int, int], expected: int
) -> None:
    stories = {
        number: of_source(number, title, source)
        for number, (title, source) in enumerate(zip(titles, sources, strict=True), 1)
    }
    found = join_stories(stories, stories, {2: [1]}, WEIGHTS, model(), articles=articles)
    assert len(found) == expected


def test_a_story_joins_what_its_parts_would_join_though_each_shares_other_words_with_it() -> None:
    """A word in half of its reports weighs less, and none but one is telling in the whole."""
    weights = [0.0] * len(FEATURES)
    weights[FEATURES.index("alone")] = -2.0
    fitted = Model(1.5, tuple(weights))
    told = {
        1: ("w:chiquit", "w:honduras", "w:market"),
        2: ("w:chiquit", "w:honduras", "w:compan"),
        3: ("w:chiquit", "w:market", "w:compan"),
    }
    stories = {
        number: StoryProfile(number, size, NOW, NOW, dict.fromkeys(told[number], size))
        for number, size in ((1, 2), (2, 2), (3, 1))
    }
    near = {2: [1], 3: [1, 2]}
    assert [set(parts) for parts in join_stories(stories, stories, near, WEIGHTS, fitted)] == [{1, 2, 3}]
    # Training looks at what the whole says.
    judged = join_stories(stories, stories, near, WEIGHTS, fitted, log=lambda *_: None)
    assert [set(parts) for parts in judged] == [{1, 2}]


def of_source(number: int, title: str, source: int = 1, *more: str) -> StoryProfile:
    return StoryProfile(number, 1, NOW, NOW, dict.fromkeys([f"f:{source}", *story_terms(title), *more], 1))


def together(profiles: list[StoryProfile]) -> list[set[int]]:
    """What becomes one where these are also the latest articles of their sources."""
    stories = {profile.story_id: profile for profile in profiles}
    near = {one: [other for other in stories if other < one] for one in stories}
    weights = WEIGHTS.with_sources(source_words(profile.counts for profile in profiles))
    return [set(parts) for parts in join_stories(stories, stories, near, weights, model())]


def test_a_source_has_a_mould_for_its_titles() -> None:
    tools = ("Zettelgarten", "Mandelbrot", "Kaleidoscope", "Chiquita", "Rhododendron", "Xylophone", "Ptarmigan")
    shown = [of_source(number, f"Show HN: {tool}, a notebook for plotters") for number, tool in enumerate(tools, 1)]
    assert together(shown) == []
    first = of_source(1, "Chiquita agrees to merge with Fyffes")
    assert together([first, of_source(2, "Chiquita agrees merger with Fyffes")]) == [{1, 2}]


def test_a_name_alone_joins_two_titles_of_two_sources_without_texts() -> None:
    likely = Model(0.4, (0.0,) * len(FEATURES))  # not enough for a word that is no name
    for name, source, more, articles, is_one in (
        ("Chiquita", 2, (), 500, True),
        ("chiquita", 2, (), 500, False),
        ("Chiquita", 1, (), 500, False),
        ("Chiquita", 2, ("s:port+price",), 500, False),
        ("Chiquita", 2, (), 6_000, False),
    ):
        one = of_source(1, f"Growers in Honduras fear {name}")
        stories = {1: one, 2: of_source(2, f"Bananas: now {name} opens a depot", source, *more)}
        for near in ({2: [1]}, {1: [2]}):
            assert bool(join_stories(stories, stories, near, WEIGHTS, likely, articles=articles)) == is_one


def test_other_companies_with_the_same_words_are_other_stories() -> None:
    titles = ("Oracle beats estimates and raises its forecast", "Cisco beats estimates and raises its forecast")
    assert not are_one_story(*titles, tags=(("oracle",), ("cisco",)))


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


def test_what_one_site_says_again_the_next_day_is_a_series() -> None:
    one = made("Business highlights of the day", "https://a.example/1")
    assert is_same_article(one, made("Business highlights of the day", "https://a.example/2", hours=2))
    assert not is_same_article(one, made("Business highlights of the day", "https://a.example/2", hours=24))
    assert not are_one_story("Business highlights of the day", "Business highlights of the day", hours=(0, 24))
    large = profile(1, *["Your horoscope for today, by our astrologer"] * 6)
    assert joins(large, profile(2, "Your horoscope for today, by our astrologer", hours=23)) == []


def test_a_series_that_two_sites_have_under_one_title_is_another_article_each_day() -> None:
    one = made("Chip stocks today: what moved before the bell", "https://a.example/1")
    assert is_same_article(one, made("Chip stocks today: what moved before the bell", "https://b.example/1", hours=2))
    assert not is_same_article(
        one, made("Chip stocks today: what moved before the bell", "https://b.example/1", hours=24)
    )
    for title in ("Nvidia recalls adapters", "Bakery recalls poppyseed loaves after mould warning in ten counties"):
        told = made(title, "https://a.example/2")
        assert is_same_article(told, made(title, "https://b.example/2", hours=24))


def test_titles_with_other_weekdays_that_name_nobody_are_a_series() -> None:
    titles = ("Your horoscope for Wednesday: a day for patience", "Your horoscope for Thursday: a day for old friends")
    assert joins(profile(1, titles[0]), profile(2, titles[1], hours=24)) == []
    sure = Model(5.0, (0.0,) * len(FEATURES))
    for name, together in (("patience", 0), ("Chiquita", 1)):
        told = (f"Wednesday: growers in Honduras wait for {name}", f"Thursday: the port is shut for lack of {name}")
        stories = {number: profile(number, title, hours=24 * number) for number, title in enumerate(told)}
        assert len(join_stories(stories, stories, {1: [0]}, WEIGHTS, sure, articles=2)) == together


def test_what_has_one_head_on_two_days_is_a_series_unless_more_is_the_same() -> None:
    titles = (
        "Dow Jones today: stocks climb after soft data",
        "Dow Jones today: stocks little changed before jobs report",
    )
    one, two = (Shape(dict.fromkeys(story_terms(title), 1), 1, WEIGHTS) for title in titles)
    assert is_series(one, two, timedelta(hours=20))
    assert not is_series(one, two, timedelta(hours=2))
    toll = ("LA fires: death toll rises to 10", "LA fires: death toll rises to 24")
    one, two = (Shape(dict.fromkeys(story_terms(title), 1), 1, WEIGHTS) for title in toll)
    assert is_series(one, two, timedelta(hours=20))  # another number in one mould
    told = ("LA fires: death toll rises", "LA fires: death toll rises again as winds grow")
    one, two = (Shape(dict.fromkeys(story_terms(title), 1), 1, WEIGHTS) for title in told)
    assert not is_series(one, two, timedelta(hours=20))


def test_one_mould_with_another_date_is_a_series_whatever_it_names() -> None:
    titles = ("Kurs HUF/PLN 08 stycznia 2026 r.", "Kurs HUF/PLN 09 stycznia 2026 r.")
    assert joins(profile(1, titles[0]), profile(2, titles[1], hours=24)) == []


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


def test_an_opening_that_a_site_writes_before_every_text_makes_no_copies() -> None:
    form = "You need an account. We collect in this form what you tell us, so that subscribers can be recognised. " * 3
    one, two = (
        made(title, f"https://a.example/{title[:2]}", form) for title in ("Audi left by the road", "Bar is sold")
    )
    assert not is_same_article(one, two)
    assert not is_same_article(one, made("Mayor speaks", "https://b.example/1", form))
    text = (
        "Start-up founders are asked what the check engine light of their business shows, and what they do then. " * 3
    )
    again = (
        made(title, f"https://a.example/{title[:2]}", text) for title in ("Founders, be quick", "Check your engine")
    )
    assert is_same_article(*again)


def test_only_telling_terms_are_looked_up() -> None:
    assert lookup_terms(["n:7", "l:rtx=3", "f:1", "w:chiquita", "w:stock"], WEIGHTS) == {"w:chiquita": 10.0}


def test_stories_that_a_new_report_links_become_one() -> None:
    first = profile(1, "Chiquita agrees to merge with Fyffes", "Chiquita and Fyffes of Ireland agree merger")
    second = profile(2, "Fyffes and Chiquita: Irish fruit importer in merger", hours=3)
    other = profile(3, "Oracle opens data centre in Frankfurt")
    assert joins(first, second, other, profile(4, "Fyffes, Chiquita agree merger", hours=4), new=(4,)) == [{1, 2, 4}]


def test_what_the_user_said_stands() -> None:
    split = profile(1, "Chiquita agrees to merge with Fyffes", is_pinned=True)
    again = profile(2, "Chiquita agrees merger with Fyffes", is_pinned=True)
    older = profile(3, "Chiquita, Fyffes agree to merge")
    new = profile(4, "Fyffes and Chiquita agree to merge")
    assert joins(split, again, new=()) == []
    assert joins(split, older, new=()) == []
    assert joins(split, new, new=(4,)) == [{1, 4}]


def test_a_story_has_a_life_and_a_size() -> None:
    titles = ("Chiquita agrees to merge with Fyffes of Ireland", "Fyffes of Ireland agrees to merge with Chiquita")
    assert joins(profile(1, titles[0]), profile(2, titles[1], hours=30)) == [{1, 2}]
    assert joins(profile(1, titles[0]), profile(2, titles[1], hours=85)) == []
    assert joins(profile(1, titles[0]), profile(2, titles[1]), life=Life(most=1)) == []


def test_the_source_that_is_named_makes_a_rewrite_its_own() -> None:
    source = profile(1, "DeepSeek trains its V4 model on Huawei chips, says supplier")
    rewrite = profile(2, "Les puces chinoises gagnent du terrain, Huawei en tête", hours=1)
    other = joins(source, rewrite)
    assert joins(source, rewrite, favoured=((2, 1),)) == [{1, 2}] != other


def test_the_source_counts_whichever_of_the_two_is_looked_at_first() -> None:
    rewrite = profile(1, "Les puces chinoises gagnent du terrain, Huawei en tête", hours=1)
    source = profile(2, "DeepSeek trains its V4 model on Huawei chips, says supplier")
    assert joins(rewrite, source) == []
    assert joins(rewrite, source, favoured=((1, 2),)) == [{1, 2}]


def test_a_story_is_not_of_every_source_that_its_reports_name() -> None:
    unsure = Model(-1.0, (0.0,) * len(FEATURES))
    source = profile(1, "DeepSeek trains its V4 model on Huawei chips, says supplier")
    for size, expected in ((1, 1), (2, 0)):
        rewrites = profile(2, *["Les puces chinoises gagnent du terrain, Huawei en tête"] * size)
        stories = {1: source, 2: rewrites}
        assert len(join_stories(stories, [1, 2], {2: [1]}, WEIGHTS, unsure, favoured=[(2, 1)])) == expected


def test_the_address_that_is_given_makes_them_one_whatever_they_say() -> None:
    source = profile(1, "Oracle opens data centre in Frankfurt")
    rewrites = [profile(number, f"Chiquita sells plot {number}", hours=100) for number in (2, 3)]
    assert joins(source, *rewrites) == []
    assert joins(source, *rewrites, linked=((2, 1), (3, 1))) == [{1, 2, 3}]
    pinned = profile(2, "Chiquita sells plot", is_pinned=True)
    assert joins(source, pinned, linked=((2, 1),), new=()) == []


def test_a_story_of_another_company_is_no_likelier_the_same_when_it_is_large() -> None:
    title = "{} beats estimates and raises its forecast on cloud demand"
    large = profile(1, *[title.format("Oracle")] * 30, tags=("oracle",))
    assert joins(large, profile(2, title.format("Cisco"), tags=("cisco",))) == []
    assert joins(large, profile(2, title.format("Oracle"), tags=("oracle",))) == [{1, 2}]


def test_a_large_story_grows_slower_with_age_than_a_small_one() -> None:
    assert LIFE.cost(36_000, 2) == LIFE.cost(36_000, 4)
    assert LIFE.cost(36_000, 64) == pytest.approx(9 * LIFE.cost(36_000, 2))
    assert LIFE.cost(0, 64) == 0
    titles = ("Protests in Iran spread as the rial falls", "Iran cuts the internet as protests swell")
    large = profile(1, *[titles[0]] * 60)
    assert joins(large, profile(2, titles[1])) == [{1, 2}]
    assert joins(large, profile(2, titles[1], hours=60)) == []


def test_who_read_a_story_has_read_what_repeats_it() -> None:
    story = profile(1, "Chiquita agrees to merge with Fyffes of Ireland")
    assert is_repeat(profile(2, "Chiquita and Fyffes of Ireland agree to merge"), story, WEIGHTS)
    assert not is_repeat(profile(2, "Growers in Honduras fear the Chiquita merger"), story, WEIGHTS)


def test_the_window_ends() -> None:
    later = WINDOW.total_seconds() / 3600 + 2
    titles = ("DeepSeek tops the App Store in the United States",) * 2
    assert are_one_story(*titles, hours=(0, 1))
    assert not are_one_story(*titles, hours=(0, later))


def test_the_order_in_which_articles_come_does_not_matter() -> None:
    titles = [
        "Chiquita agrees to merge with Fyffes",
        "Fyffes and Chiquita agree merger",
        "Oracle opens data centre in Frankfurt",
        "Frankfurt gets an Oracle data centre",
        "DeepSeek tops the App Store",
        "App Store topped by DeepSeek",
    ]
    terms = [story_terms(title) for title in titles]
    times = [NOW + timedelta(minutes=place) for place in range(len(titles))]
    there = grouped(terms, times, WEIGHTS)
    back = grouped(terms[::-1], times[::-1], WEIGHTS)[::-1]
    assert [there[0] == one for one in there] == [back[0] == one for one in back]
    assert len(set(there)) == len(set(back)) == 3


def test_a_pair_that_is_nearly_one_may_become_one_when_it_has_grown() -> None:
    stories = {number: profile(number, "Chiquita merges") for number in (1, 2)}
    near = {2: [1]}
    for bias, expected in ((-1.0, 0), (0.5, 1)):
        unsure = Model(bias, (0.0,) * len(FEATURES))
        assert len(join_stories(stories, [1, 2], near, WEIGHTS, unsure)) == expected


def test_a_report_with_one_word_in_common_may_join_when_the_story_has_grown() -> None:
    sure = Model(0.5, (0.0,) * len(FEATURES))
    stories = {
        1: profile(1, "Chiquita agrees to merge with Fyffes"),
        2: profile(2, "Fyffes and Chiquita agree merger"),
        3: profile(3, "Chiquita to merge with Fyffes, both agree"),
        4: profile(4, "Fyffes agrees: it merges with Chiquita"),
        5: profile(5, "Growers in Honduras fear Chiquita"),
    }
    assert join_stories(stories, stories, {5: [1]}, WEIGHTS, sure) == []
    near = {2: [1], 3: [1]}
    for more, together in (({5: [1]}, {1, 2, 3}), ({4: [1], 5: [1]}, {1, 2, 3, 4, 5})):
        assert [set(parts) for parts in join_stories(stories, stories, {**near, **more}, WEIGHTS, sure)] == [together]


def test_two_small_stories_with_one_word_in_common_stay_apart() -> None:
    sure = Model(0.5, (0.0,) * len(FEATURES))
    stories = {
        1: profile(1, "Toshiba chairman quits after accounting inquiry"),
        2: profile(2, "Accounting inquiry costs Toshiba chairman his job"),
        3: profile(3, "EU opens inquiry over deepfakes"),
        4: profile(4, "Deepfakes: EU opens formal inquiry"),
    }
    near = {2: [1], 3: [1, 2], 4: [1, 2, 3]}
    found = join_stories(stories, stories, near, WEIGHTS, sure)
    assert sorted(map(sorted, found)) == [[1, 2], [3, 4]]


def test_one_word_is_enough_where_two_summaries_have_more_in_common() -> None:
    sure = Model(0.5, (0.0,) * len(FEATURES))
    titles = ("Growers in Honduras fear inquiry", "EU opens inquiry over deepfakes")
    for summaries, together in ((("s:bananas",), 0), (("s:bananas+port", "s:bananas+price"), 1)):
        stories = {}
        for number, title in enumerate(titles, 1):
            told = summaries[number - 1 : number]
            stories[number] = StoryProfile(number, 1, NOW, NOW, dict.fromkeys([*story_terms(title), *told], 1))
        assert len(join_stories(stories, stories, {2: [1]}, WEIGHTS, sure)) == together


def test_a_story_is_known_by_the_same_terms_whether_it_grew_in_one_sync_or_in_several() -> None:
    """In several its profile is stored in between, without what few of its articles say."""
    said = {number: [f"w:{number}x{word}" for word in range(30)] for number in range(1, 6)}

    def told(number: int) -> StoryProfile:
        return StoryProfile(number, 1, NOW, NOW, dict.fromkeys([*said[number], "w:chiquita", "w:fyff", "w:zz"], 1))

    seen: list[list[float]] = []
    stories = {number: told(number) for number in said}
    sure = Model(0.5, (0.0,) * len(FEATURES))
    near = {number: [1] for number in (2, 3, 4, 5)}
    join_stories(stories, stories, near, WEIGHTS, sure, log=lambda found, left, right: seen.append(found))
    counts: dict[str, int] = {}
    for number in range(1, 5):
        counts = {
            term: counts.get(term, 0) + told(number).counts.get(term, 0) for term in {**counts, **told(number).counts}
        }
    grown = Shape(common_terms(counts), 4, WEIGHTS)
    assert len(grown.words) == 96
    assert seen[-1] == pytest.approx(features(grown, Shape(told(5).counts, 1, WEIGHTS), WEIGHTS.rarity))


def test_what_is_looked_at_can_be_logged() -> None:
    seen: list[tuple[int, list[int], list[int]]] = []
    one, two = profile(1, "Chiquita merges"), profile(2, "Chiquita merger")
    join_stories(
        {1: one, 2: two},
        [1, 2],
        {2: [1, 2], 1: [2]},
        WEIGHTS,
        Model(-9.0, (0.0,) * len(FEATURES)),
        log=lambda found, left, right: seen.append((len(found), left, right)),
    )
    assert seen == [(len(FEATURES), [2], [1])]  # once, though each is near the other


def test_the_opening_of_one_text_may_say_what_the_title_of_another_says() -> None:
    one, two = (
        Shape(dict.fromkeys((*story_terms(title), summary), 1), 1, WEIGHTS)
        for title, summary in (("Growers fear inquiry", f"s:{stem('kohlberg')}"), ("Kohlberg merges", "s:kite+port"))
    )
    found = features(one, two, WEIGHTS.rarity)
    assert found[FEATURES.index("summary")] == 0.0
    assert found[FEATURES.index("summary_told")] > 0.1
    assert found == pytest.approx(features(two, one, WEIGHTS.rarity))


@examples(60)
@given(st.text(max_size=60), st.text(max_size=60))
def test_features_are_symmetric_and_bounded(one: str, two: str) -> None:
    left, right = (Shape(dict.fromkeys(story_terms(title), 1), 1, WEIGHTS) for title in (one, two))
    found = features(left, right, WEIGHTS.rarity)
    assert found == pytest.approx(features(right, left, WEIGHTS.rarity))
    assert len(found) == len(FEATURES)
    assert all(0.0 <= value <= 1.0 + 1e-9 for value in found)


@given(st.text(min_size=1, max_size=60))
def test_what_is_the_same_shares_an_exact_key(title: str) -> None:
    one, two = made(title, "https://a.example/1"), made(title.upper(), "https://a.example/1")
    assert set(one.exact) & set(two.exact)
    assert is_same_article(one, two)


def test_what_a_story_says_is_made_ready_only_where_it_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Shape] = []

    def make(counts: Mapping[str, int], size: int, weights: TermWeights) -> Shape:
        made.append(Shape(counts, size, weights))
        return made[-1]

    monkeypatch.setattr(joining, "Shape", make)
    alone = {one: profile(one, LOSS) for one in range(1, 5)}
    assert join_stories(alone, alone, dict.fromkeys(alone, ()), WEIGHTS, model()) == []
    assert not made
    assert join_stories(alone, alone, {1: (2,)}, WEIGHTS, model()) == [(1, 2)]
    assert len(made) == 2


def test_more_articles_must_share_more_to_be_compared() -> None:
    few = {"w:chiquita": 10.0}
    assert least_shared(0, few) == least_shared(600, few) == 6.0
    assert 6.0 < least_shared(1_000, few) < least_shared(6_000, few) < RAREST < least_shared(9_000, few)


def test_an_article_with_many_rare_words_must_share_more_of_them_in_a_large_window() -> None:
    few, many = ({f"w:rare{number}": 9.0 for number in range(count)} for count in (3, 8))
    assert least_shared(600, many) == least_shared(600, few)
    assert least_shared(9_000, few) < 18.0 < least_shared(9_000, many) < 27.0
    assert least_shared(1_000_000, many) == pytest.approx(0.3 * 72)


def _shapes(*summaries: str) -> list[Shape]:
    found = []
    for place, one in enumerate(written()):
        terms = (*story_terms(one.title), *([f"s:{summaries[place % len(summaries)]}"] if summaries else ()))
        found.append(Shape(dict.fromkeys(terms, 1), 1, WEIGHTS))
    # Larger stories, too: they may be likelier by what they cover.
    titles = [story_terms(one.title) for one in written()[:2]]
    return [*found, Shape({term: 9 for title in titles for term in title}, 10, WEIGHTS)]


@pytest.mark.parametrize("least", [-0.5, 1.0])
@pytest.mark.parametrize("summaries", [(), ("kohlberg+chiquita+stock", "fyff+quito", "chiquita+merge")])
def test_pairs_that_are_ruled_out_early_would_not_be_one(summaries: tuple[str, ...], least: float) -> None:
    """Hours between two reports cost odds, so what a pair must reach differs."""
    fitted, shapes = model(), _shapes(*summaries)
    ruled_out = 0
    for place, one in enumerate(shapes):
        for two in shapes[:place]:
            found = fitted.find(one, two, WEIGHTS.rarity, least)
            whole = features(one, two, WEIGHTS.rarity)
            if found is None:
                ruled_out += 1
                assert fitted.score(whole) <= least
            else:
                assert found == whole
            titles = fitted.most_by_titles(one, two, common_words(one, two, WEIGHTS.rarity))
            assert titles + fitted.score_summaries(summary_features(one, two)) >= fitted.score(whole) - 1e-9
    assert ruled_out > len(shapes) ** 2 / 5


def test_features_of_a_pair_are_found_whatever_they_are_where_nothing_is_needed() -> None:
    shapes = _shapes("kohlberg+chiquita", "fyff+quito")
    pairs = [(one, two) for place, one in enumerate(shapes) for two in shapes[:place]]
    assert all(model().find(one, two, WEIGHTS.rarity, -math.inf) is not None for one, two in pairs)


def test_titles_may_rule_out_more_where_summaries_must_say_the_same() -> None:
    fitted, rarity = model(), WEIGHTS.rarity
    without, other, mould = _shapes(), _shapes("kohlberg+chiquita+stock", "fyff+quito"), _shapes("stock+shar")

    def ruled_out(shapes: list[Shape]) -> int:
        pairs = [(one, two) for place, one in enumerate(shapes) for two in shapes[:place]]
        return sum(fitted.find(one, two, rarity, -1.5) is None for one, two in pairs)

    assert ruled_out(other) > ruled_out(without)
    assert ruled_out(mould) == ruled_out(without)  # an opening without a telling word is no summary
    assert list(other[0].summary.words) == ["w:kohlberg", "w:chiquita"]
    assert fitted.is_ruled_out(other[0], other[1], 0.0, -1.5)
    assert not fitted.is_ruled_out(other[0], other[1], 9.0, -1.5)
    assert not fitted.is_ruled_out(without[0], without[1], 0.0, -1.5)


def test_two_companies_with_summaries_are_not_one_for_the_words_of_a_title() -> None:
    title = "{} beats estimates and raises its forecast on cloud demand"
    reports = []
    for place, (company, summary) in enumerate((("Oracle", "s:kohlberg+quito"), ("Cisco", "s:chiquita+fyff")), 1):
        counts = dict.fromkeys((*story_terms(title.format(company), (company.lower(),)), summary), 1)
        reports.append(StoryProfile(place, 1, NOW, NOW, counts))
    assert joins(*reports) == []

"""Terms of titles, and what each is worth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model.remembered import Remembered
from tracker.stories import words
from tracker.stories.actions import find_actions, lexicon
from tracker.stories.link import FEATURES, features, model
from tracker.stories.numbers import find_numbers
from tracker.stories.shape import Shape, is_telling
from tracker.stories.stopwords import guess_language
from tracker.stories.terms import story_terms, subject_words, summary_term
from tracker.stories.weights import (
    RAREST,
    TermWeights,
    _shipped,
    is_ordinary,
    shipped_rarity,
    source_words,
    word_counts,
)
from tracker.stories.words import stem, telling_stems, tokens

WEIGHTS = TermWeights()


def test_kinds_of_terms() -> None:
    found = story_terms("Nvidia's revenue falls to $26 billion in Q2, CEO Huang says", ["nvidia"])
    assert found[0] == "g:nvidia"
    assert {"z:en", "a:fall", "e:nvid", "w:nvid", "e:huang", "n:2.6e+10", "l:q=2"} <= set(found)
    assert "w:billion" not in found


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
    assert {term for term in story_terms(title) if term[0] == "w"} == {"w:comcast", "w:defend", "w:merger"}


@pytest.mark.parametrize("head", ["[Exclusive] ", "【独家】", "［広告］", " [问与答] "])
def test_a_section_before_a_title_is_no_word(head: str) -> None:
    assert story_terms(f"{head}Comcast defends its merger") == story_terms("Comcast defends its merger")


def test_a_title_that_is_half_head_or_tail_stays_whole() -> None:
    assert "w:orbit" in story_terms("Up - Orbit Reaches Mars")
    assert "w:orbit" in story_terms("[Orbit Reaches Mars] Up")


@given(st.text(max_size=400))
def test_any_title_has_few_terms_once_each(title: str) -> None:
    found = story_terms(title)
    assert len(found) == len(set(found)) <= 48
    assert all(term[1] == ":" for term in found)


@pytest.mark.parametrize(
    ("title", "amounts"),
    [
        ("loses $593 billion", {"5.93e+11"}),
        ("perd 593 milliards de dollars", {"5.93e+11"}),
        ("蒸发5930亿美元", {"5.93e+11"}),
        ("up 16,97 %", {"16.97%"}),
        ("up 16.97 percent", {"16.97%"}),
        ("1,234.5 tons and 1.234,5 Tonnen", {"1234.5"}),
        ("sells 1,000 and 1.000.000 units", {"1e+03", "1e+06"}),
        ("310 000 Autos", {"3.1e+05"}),
        ("lays off 9,000 workers", {"9e+03"}),
        ("entlässt 9.000 Mitarbeiter", {"9e+03"}),
        ("supprime 9 000 emplois", {"9e+03"}),
        ("裁员1.5万人", {"1.5e+04"}),
        ("streicht 15.000 Stellen", {"1.5e+04"}),
        ("delivers 384,122 cars", {"3.84e+05"}),
        ("iPhone 15 128 GB", {"15", "128"}),
        ("RTX 5090", {"5090"}),
        ("4.375%", {"4.375%"}),
        ("the 2026 budget", {"y2026"}),
        ("€50 for a game", {"50"}),
        ("1" * 400, {"inf"}),
    ],
)
def test_amounts_are_the_same_however_they_are_written(title: str, amounts: set[str]) -> None:
    assert set(find_numbers(title).amounts) == amounts


@pytest.mark.parametrize(
    "title", ["Jan. 27 update", "27 janvier, le point", "Am 27. Januar", "27 de enero", "27 stycznia"]
)
def test_a_date_is_the_same_in_every_language(title: str) -> None:
    assert set(find_numbers(title).dates) <= {"1-27"}


def test_dates_and_days() -> None:
    assert find_numbers("January 27 and Monday").dates == ("1-27", "w1")
    assert find_numbers("le 3 février").dates == ("2-3",)
    assert find_numbers("le 3 février").amounts == ()
    assert find_numbers("am 3 montag").dates == ("w1",)
    assert find_numbers("Jan 2026 and May 40").dates == ()


def test_numbers_of_issues_are_labels_and_those_of_ordinary_words_are_not() -> None:
    assert set(find_numbers("RTX 5090, Q2 and V5.2").labels) == {"rtx=5090", "q=2", "v=5.2"}
    assert find_numbers("shares tumble 17% in week 4").labels == ()


def test_actions_in_several_languages() -> None:
    assert find_actions(["shares", "plunge"]) == ("fall",)
    assert find_actions(["l'action", "chute"]) == ("fall",)
    assert find_actions(["下跌"]) == ("fall",)
    assert find_actions(["lower"]) == ("fall", "cut")
    assert find_actions(["nothing"]) == ()
    assert lexicon().opposites["rise"] == "fall"
    assert all(
        other in {name for names in lexicon().words.values() for name in names} or other in lexicon().opposites.values()
        for other in lexicon().opposites.values()
    )


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("the shares of a company", "en"),
        ("les actions de la société", "fr"),
        ("die Aktie und der Kurs", "de"),
        ("kurs akcji i to nie wszystko", "pl"),
        ("英伟 伟达", "zh"),
        ("ニュ ース", "ja"),
        ("発表 表が", "ja"),
        ("뉴스", "ko"),
        ("новости дня", "ru"),
        ("νέα", "??"),
        ("nvidia deepseek", None),
        ("de en", None),
    ],
)
def test_the_language_of_a_title(words: str, language: str | None) -> None:
    assert guess_language(words.split()) == language


def test_a_name_of_several_words_is_one_piece_of_evidence() -> None:
    title = "Family of Palestinian-American man killed in West Bank calls for accountability"
    assert "c:west+bank" in story_terms(title)
    assert not [term for term in story_terms("West Bank Man Killed") if term[0] == "c"]  # Capitals Everywhere
    assert not [term for term in story_terms("West Bank") if term[0] == "c"]
    weights = TermWeights()
    told, whole = (
        Shape(dict.fromkeys(story_terms(one), 1), 1, weights)
        for one in (title, "Authority in dire straits as hold on West Bank deepens")
    )
    second = FEATURES.index("second")
    assert features(told, whole, weights.rarity)[second] == 0.0
    without = Shape({term: 1 for term in story_terms(title) if term[0] != "c"}, 1, weights)
    whole.phrases.clear()
    assert features(without, whole, weights.rarity)[second] > 0.0


@pytest.mark.parametrize(
    "forms", [("tumbles", "tumbled"), ("Wenezueli", "Wenezuelę"), ("Trumpa", "Trumpem"), ("Maduro", "Madury")]
)
def test_forms_of_a_word_have_one_stem(forms: tuple[str, str]) -> None:
    assert len({stem(form.casefold()) for form in forms}) == 1


def test_rare_words_tell_more() -> None:
    weights = TermWeights()
    assert weights.rarity["w:chiquita"] == 10.0
    assert weights.rarity["w:stock"] < 5 < weights.rarity["w:tanker"]
    assert weights.rarity["g:nvidia"] == weights.rarity["w:nvidia"]


def test_numbers_dates_and_pairs_of_characters() -> None:
    rarity = TermWeights().rarity
    told = [rarity[f"n:{number}"] for number in ("7", "0", "17", "y2025", "593", "5091", "17%", "5.93e+11")]
    assert told == [1.5, 1.5, 2.5, 1.5, 5.0, 6.0, 4.5, 6.0]
    assert rarity["w:蒸发"] <= 3.5
    assert rarity["d:1-27"] == 1.5
    assert rarity["f:1"] == 0.0


def test_what_the_archive_is_full_of_tells_less() -> None:
    assert TermWeights({"chiquita": 4_000}, 10_000).rarity["w:chiquita"] < 2
    assert TermWeights({"chiquita": 2}, 3).rarity["w:chiquita"] > 6


def test_what_a_source_always_writes_tells_less_there_and_only_there() -> None:
    told = [("f:1", "w:show", "w:hn", f"w:tool{number}", "n:593", "s:promocod+kite") for number in range(30)]
    weights = WEIGHTS.with_sources(source_words([*told, ("f:2", "w:show"), ("w:show",)]))
    here, usual = weights.within("f:1"), WEIGHTS.rarity
    for term in ("w:show", "w:hn", "n:593", "w:kite", "e:kite"):
        assert here[term] < 1 < usual[term]
    assert here["w:tool7"] == usual["w:tool7"]
    assert here["w:chiquita"] == usual["w:chiquita"]
    assert weights.within("f:2")["w:show"] == weights.within("f:3")["w:show"] == weights.within(None)["w:show"]
    assert weights.within("f:1") is here


def test_a_word_that_one_in_ten_articles_of_a_source_has_keeps_its_weight() -> None:
    told = [("f:1", "w:venezue" if number < 8 else f"w:matter{number}") for number in range(100)]
    here = WEIGHTS.with_sources(source_words(told)).within("f:1")
    assert here["w:venezue"] == WEIGHTS.rarity["w:venezue"] > 3


def test_an_opening_that_a_source_writes_before_every_text_is_no_summary() -> None:
    told = [("f:1", f"w:matter{number}", "s:kite+zzform") for number in range(30)]
    weights = WEIGHTS.with_sources(source_words(told))
    one, two = (Shape(dict.fromkeys(terms, 1), 1, weights) for terms in told[:2])
    assert one.has_text
    assert features(one, two, weights.rarity)[FEATURES.index("summaries")] == 0.0
    one, two = (Shape(dict.fromkeys(terms, 1), 1, WEIGHTS) for terms in told[:2])
    assert features(one, two, WEIGHTS.rarity)[FEATURES.index("summary")] == pytest.approx(1.0)


def test_the_shipped_counts() -> None:
    known = word_counts()
    assert known.titles > 40_000
    assert len(known.counts) > 10_000
    assert max(known.counts.values()) < known.titles
    assert is_ordinary("stock")
    assert not is_ordinary("nvid")
    assert not is_ordinary("chiquita")


@pytest.mark.parametrize(
    ("number", "expected"),
    [("17%", True), ("4.5%", True), ("5.9e+11", True), ("5090", True), ("2%", False), ("10%", False), ("17", False)],
)
def test_telling_numbers(number: str, expected: bool) -> None:
    assert is_telling(f"n:{number}") is expected
    assert not is_telling("n:y2026")


@given(st.text(max_size=80))
def test_stems_of_a_text_are_those_of_its_tokens(text: str) -> None:
    assert telling_stems(text) == [token.stem for token in tokens(text) if not token.is_stop]


def test_a_summary_is_its_most_telling_words_without_those_of_the_title() -> None:
    text = "Chiquita said it will merge with Fyffes of Dublin: https://a.example/chiquita-fyffes#more"
    term = summary_term(text, ["chiquit"])
    assert term is not None
    words = term.removeprefix("s:").split("+")
    assert {"fyff", "dublin", "merg"} <= set(words)
    assert not {"chiquit", "https", "exampl", "with"} & set(words)
    assert summary_term("The of and", ()) is None
    assert len((summary_term(" ".join(f"word{chr(97 + n)}xyz" for n in range(26)), ()) or "").split("+")) == 16
    assert summary_term(" " * 400 + "Chiquita", ()) is None


def test_summaries_are_compared_with_each_other_and_with_titles() -> None:
    def shape(title: str, text: str) -> Shape:
        terms = story_terms(title)
        summary = summary_term(text, [term[2:] for term in terms if term[0] == "w"])
        return Shape(dict.fromkeys((*terms, summary) if summary else terms, 1), 1, TermWeights())

    def compared(one: Shape, two: Shape) -> list[float]:
        found = dict(zip(FEATURES, features(one, two, TermWeights().rarity), strict=True))
        return [found[name] for name in ("summaries", "summary", "summary_told")]

    merger = shape("Chiquita to merge", "The banana company agrees with Fyffes of Dublin.")
    assert compared(merger, shape("Fyffes gains", "")) == [0.0, 0.0, 0.0]
    assert compared(merger, shape("Fyffes gains", "Shares rise sharply.")) == [
        1.0,
        0.0,
        pytest.approx(0.557, abs=0.001),
    ]
    assert compared(merger, shape("Takeover", "Dublin: a banana company is bought.")) == [
        1.0,
        pytest.approx(0.811, abs=0.001),
        0.0,
    ]


def test_a_stranger_has_no_features() -> None:
    weights = TermWeights()
    nothing = Shape({}, 1, weights)
    found = features(nothing, nothing, weights.rarity)
    assert model().score(found) < 0


def test_words_that_are_looked_up_once_are_not_kept_for_ever() -> None:
    shipped_rarity.cache_clear()
    for number in range(100):
        assert shipped_rarity(f"unheard{number}") == RAREST
    assert shipped_rarity.cache_info().maxsize == 32_768
    assert len(_shipped().rarity) == 0


def test_stems_that_are_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_telling", Remembered(words._telling_stem, 2))
    told = ["alpha", "bravo", "charlie", "delta"]
    assert telling_stems(" ".join(told)) == [stem(word) for word in told]
    assert len(words._telling) <= 2


def test_what_stands_before_a_colon_may_be_the_head_of_a_series() -> None:
    def heads(title: str) -> list[str]:
        return [term for term in story_terms(title) if term[0] == "h"]

    assert heads("Morning Bid: tariffs and tech") == ["h:morn+bid"]
    assert heads("Acme: profit falls") == heads("One two three four five six: no head") == heads("No head at all") == []


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Bank of Japan raises rates to a high", ["bank", "bj", "boj", "japan"]),
        ("SNB lowers rates to 0.5% in a surprise", ["snb"]),
        ("Fyffes of the islands grows", ["fyff"]),
        ("Oil rises as supply is cut", []),
        ("Oil Rises As Supply Is Cut", []),
        ("rates rise again in Japan", []),
        ("One Two Three Four Five Chiquita say that it is so and it is not more", []),
    ],
)
def test_the_name_that_a_title_begins_with(title: str, words: list[str]) -> None:
    assert subject_words(tokens(title)) == words

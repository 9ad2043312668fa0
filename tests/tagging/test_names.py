"""The names that headlines use for what a register calls a company."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model.market import WatchSymbol
from tracker.tagging.companies import Company, Endings, endings, ordinary_words
from tracker.tagging.match import compile_rules
from tracker.tagging.names import is_ordinary, usual_names, without_legal_form
from tracker.tagging.watch import watch

FORMS = sorted(" ".join(form) for form in endings().legal)
ENDED = st.builds(
    lambda name, forms: " ".join((name, *forms)),
    st.text(max_size=20) | st.sampled_from(["Foo", "FOO BAR", "İzmir Demir", "Foo & Co"]),
    st.lists(
        st.sampled_from(FORMS) | st.sampled_from(["Holdings", "Corp.", "Co., Ltd.", "USA", "/DE/", "of"]), max_size=5
    ),
)


@pytest.mark.parametrize(
    ("name", "usual"),
    [
        ("Quillfeather USA, Inc.", ("Quillfeather USA", "Quillfeather")),
        ("Foo Holdings Corp.", ("Foo Holdings", "Foo")),
        ("Bar AG", ("Bar",)),
        ("Baz Co., Ltd.", ("Baz",)),
        ("Baz SE & Co. KGaA", ("Baz",)),
        ("Baz Public Limited Company", ("Baz",)),
        ("Baz A/S", ("Baz",)),
        ("Baz AB (publ)", ("Baz",)),
        ("Baz Inc /PA/ (Class A) /DE/", ("Baz",)),
        ("BAZ QUUXER INC /DE/", ("BAZ Quuxer",)),
        ("Bank of Foo Inc.", ("Bank of Foo",)),
        ("Foo and Company", ("Foo",)),
        ("Baz and Holdings", ("Baz and Holdings", "Baz")),
        ("First National Holdings Inc", ("First National Holdings",)),  # "First National" names many
        ("SA", ("SA",)),
        ("X Corp", ("X Corp",)),  # one letter is no name
        ("Ab Group", ("Ab Group",)),
        ("/DE/", ("/DE/",)),
        ("日本電信電話", ("日本電信電話",)),
    ],
)
def test_the_legal_form_and_what_the_news_leave_out_go(name: str, usual: tuple[str, ...]) -> None:
    assert usual_names(name, endings()) == usual


@given(ENDED)
def test_a_shorter_name_is_never_empty_and_stays_as_it_is(name: str) -> None:
    short = without_legal_form(name, endings())
    assert len(short) <= len(name)
    assert bool(short) == bool(name.strip())
    assert len(short) >= min(2, len(name.strip())) or short == name.strip()
    assert without_legal_form(short, endings()) == short
    found = usual_names(name, endings())
    assert found
    assert all(len(one) <= len(name) for one in found)


def test_without_lists_a_name_stays() -> None:
    assert usual_names("Foo Holdings, Inc.", Endings()) == ("Foo Holdings, Inc.",)


@pytest.mark.parametrize(
    "name", ["Target", "Apples", "Home Depot", "RKLB", "C3", "3M", "First 5 Group", "Li Ning", "Life Time"]
)
def test_words_and_acronyms_are_ordinary(name: str) -> None:
    assert is_ordinary(name, ordinary_words())


@pytest.mark.parametrize("name", ["Quillfeather", "Rocket Quillfeather", "極洋", "Nvidia"])
def test_other_names_are_not(name: str) -> None:
    assert not is_ordinary(name, ordinary_words())


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Quillfeather Labs, Inc.", "Quillfeather falls 4%"),
        ("Quillfeather Labs, Inc.", "quillfeather falls 4%"),
        ("Quillfeather Labs, Inc.", "QUILLFEATHER FALLS 4%"),
        ("Quillfeather Mining AG", "quillfeather mining falls 4%"),
        ("QUILLFEATHER MINING CO LTD", "Quillfeather Mining's CEO to step down"),
        ("Singing Machine Co. Inc.", "Singing Machine wins contract"),
        ("Singing Machine Co. Inc.", "singing machine shares fall 4%"),
        ("Life Time Corp.", "Life Time falls 4%"),
        ("Meadow Corp.", "Meadow shares fall 4% after earnings"),
        ("極洋株式会社", "極洋株式会社が業績予想を上方修正"),
    ],
)
def test_a_share_of_the_users_own_is_found_as_headlines_write_it(name: str, title: str) -> None:
    tagger = compile_rules((), watch((), [WatchSymbol("ZZZQ", name)], {}))
    assert [one.symbol for one in tagger.tag(title)] == ["ZZZQ"]


@pytest.mark.parametrize(
    "title", ["Sheep in a meadow", "A singing machine at the fair", "The meadow of our childhood", "A silver lining"]
)
def test_an_ordinary_word_is_not_the_company_by_itself(title: str) -> None:
    rows: tuple[Company, ...] = watch(
        (),
        [
            WatchSymbol("ZZZQ", "Meadow Corp."),
            WatchSymbol("ZZZR", "Singing Machine Co. Inc."),
            WatchSymbol("ZZZS", "Li Ning Co. Ltd."),
        ],
        {},
    )
    assert compile_rules((), rows).tag(title) == ()

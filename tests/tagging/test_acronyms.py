"""What an article itself says that an abbreviation stands for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tagging.measure import builtin_tagger
from tracker.tagging.acronyms import Explanations, stands_for

TAGGER = builtin_tagger()


@pytest.mark.parametrize(
    ("acronym", "text", "said"),
    [
        ("KKR", "The Kolkata Knight Riders (KKR) release a pacer", ["Kolkata Knight Riders"]),
        ("BCE", "Selon la Banque centrale européenne (BCE), tout va bien", ["Banque centrale européenne"]),
        ("BCE", "Les taux de l'Banque centrale européenne ( BCE )", ["Banque centrale européenne"]),
        ("SBI", "the State Bank of India (SBI)", ["State Bank of India"]),
        ("SBI", "SBI (State Bank of India) lends", ["State Bank of India"]),
        ("DOJ", "the Department-of-Justice (DOJ)", ["Department of Justice"]),
        ("KKR", "Knight Riders (KKR)", []),
        ("KKR", "KKR (the fund) buys", []),
        ("KKR", "Kolkata beats the other Knight Riders (KKR)", []),  # a long word between
        ("KKR", "KKR buys a firm", []),
        ("KKR", "(KKR)", []),
    ],
)
def test_an_expansion_is_read_by_its_initials(acronym: str, text: str, said: list[str]) -> None:
    assert list(stands_for(acronym, text)) == said


def test_an_expansion_that_begins_like_a_name_is_the_company() -> None:
    title = "State Bank of India (SBI) lends"
    assert not Explanations(title).are_of_another("SBI", ["State Bank of India", "SBI"])
    assert Explanations(title).are_of_another("SBI", ["SBI Holdings", "SBI"])
    assert not Explanations("SBI lends").are_of_another("SBI", ["SBI Holdings"])


@pytest.mark.parametrize(
    ("title", "text", "tag"),
    [
        ("KKR beats estimates, profit up 12%", "The Kolkata Knight Riders (KKR) sell tickets.", "kkr-and-co"),
        ("La BCE relève ses taux de 0,25 %", "La Banque centrale européenne (BCE) a décidé.", "bce-inc"),
    ],
)
def test_an_abbreviation_that_the_article_explains_is_not_the_company(title: str, text: str, tag: str) -> None:
    assert tag not in {one.tag for one in TAGGER.tag(title, text)}


def test_an_abbreviation_that_the_article_explains_as_the_company_stays() -> None:
    assert "kkr-and-co" in {
        one.tag for one in TAGGER.tag("KKR beats estimates", "Kohlberg Kravis Roberts (KKR) is up.")
    }
    assert "kkr-and-co" in {one.tag for one in TAGGER.tag("KKR beats estimates, profit up 12%", "")}


@given(st.text(alphabet="ABab (),.-'é", max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for said in stands_for("AB", text):
        assert said


@given(st.text("ABab1_ ()\n", max_size=60))
def test_an_abbreviation_is_found_where_expressions_find_it(text: str) -> None:
    found = [text[: one.start()] for one in re.finditer(r"\(\s?AB\s?\)", text)]
    before = [said for head in found for said in stands_for("AB", f"{head}(AB)")][-1:]
    explained = re.findall(r"(?<!\w)AB ?\(([^()]{4,120})\)", text)
    after = [said for one in explained for said in stands_for("AB", f"AB ({one})")]
    all_found = list(stands_for("AB", text))
    assert all_found[len(all_found) - len(after) :] == after
    assert set(before) <= set(all_found)

"""Which of the names that were found may mean their company."""

from __future__ import annotations

import pytest

from tests.helpers.growth import assert_linear
from tests.tagging.measure import builtin_tagger
from tracker.model.market import WatchSymbol
from tracker.model.tags import TagRule
from tracker.tagging.catalog import builtin_rules, merge_companies
from tracker.tagging.companies import companies, other_shares
from tracker.tagging.match import compile_rules
from tracker.tagging.watch import watch

TAGGER = builtin_tagger()


def tags(title: str, text: str = "") -> set[str]:
    return {mention.tag for mention in TAGGER.tag(title, text)}


def test_a_longer_name_of_another_company_claims_the_short_one() -> None:
    text = "The Tokyo-listed firm said that SBI plans to buy more of the exchange."
    assert tags("SBI Holdings targets stake in Coinhako", text) == {"sbi-holdings"}
    assert "state-bank-of-india" in tags("SBI Holdings and State Bank of India sign", "SBI plans to lend more.")
    assert "state-bank-of-india" in tags("SBI raises lending rates")


def test_a_name_that_the_user_gave_counts_wherever_it_stands() -> None:
    table, left = merge_companies(companies(), [TagRule("durr", match=("Dürr",))])
    assert not left
    by_rule = compile_rules(builtin_rules(), table)
    by_symbol = compile_rules(
        builtin_rules(), watch(companies(), [WatchSymbol("DUE.DE", names=("Dürr",))], other_shares())
    )
    for tagger in (by_rule, by_symbol):
        assert "durr" in {mention.tag for mention in tagger.tag("Lena Dürr wins")}
    own = compile_rules([TagRule("durr", symbol="DUE.DE", match=("Dürr",))], ())
    assert [mention.tag for mention in own.tag("Lena Dürr wins")] == ["durr"]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Kraken and Gemini sued by SEC", {"gemini-space-station"}),
        ("Gemini gains on ChatGPT, says Google", {"alphabet", "openai"}),
        ("Google brings Gemini to crypto wallets", {"alphabet"}),
        ("Gemini Trust and Google: Gemini opens crypto wallets", {"alphabet", "gemini-space-station"}),
        ("Volvo truck orders fall in North America", {"ab-volvo"}),
        ("Volvo recalls 40,000 cars", {"volvo-cars"}),
        ("SBI of Japan buys a stake in a bank", {"sbi-holdings"}),
        ("SBI raises lending rates in India", {"state-bank-of-india"}),
    ],
)
def test_a_name_of_two_companies_is_of_the_one_whose_field_is_named(title: str, found: set[str]) -> None:
    assert tags(title) - {"kraken"} == found


def test_a_person_named_in_full_first_has_the_other_places_of_the_name() -> None:
    text = "The closer Casey Janssen will share the job. Janssen was expected to return in May."
    assert "johnson-and-johnson" not in tags("Notes on the Blue Jays", text)
    assert "johnson-and-johnson" in tags("Janssen pays $1 billion", "Its founder was Paul Janssen, says Janssen.")
    assert "dell" in tags("Michael Dell says Dell will sell more servers")


def test_a_cashtag_of_a_rule_of_ones_own_may_stand_in_parentheses() -> None:
    own = compile_rules([TagRule("mine", symbol="PATH", match=("Mine Inc",))], companies())
    assert "mine" in {mention.tag for mention in own.tag("My own quarter ($PATH)")}


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    ["Shell-Shell ", "Target-", "SBI Holdings SBI ", "Gemini crypto ", "Lena Ford ", "Roku w na ", "$PATH ", "(D) "],
)
def test_a_text_full_of_names_takes_linear_time(unit: str) -> None:
    assert_linear(lambda size: unit * (size // len(unit)), lambda text: TAGGER.tag("A title", text), 40_000)

"""The catalogue is sound, and a user's rules change it field by field."""

from __future__ import annotations

import re

import pytest

from tracker.model.tags import TagRule
from tracker.tagging.catalog import builtin_rules, merge_companies, merge_rules, share_names
from tracker.tagging.companies import companies
from tracker.tagging.match import RuleError, compile_rules

RULES = {rule.name: rule for rule in builtin_rules()}
ROWS = {row.tag: row for row in companies()}


def test_it_holds_the_companies_and_topics_of_the_field() -> None:
    assert len(ROWS) == len(companies()) >= 2000
    assert len(RULES) == len(builtin_rules())
    assert not RULES.keys() & ROWS.keys()
    assert {"nvidia", "deepseek", "openai", "anthropic", "mistral", "moonshot", "rocket-lab"} <= ROWS.keys()
    assert {rule.name for rule in RULES.values() if rule.kind == "topic"} >= {"export-controls", "hbm", "earnings"}


def test_listed_companies_have_a_share_and_topics_have_none() -> None:
    assert all(rule.label and rule.symbol is None for rule in RULES.values())
    assert [row.tag for row in ROWS.values() if row.listed and not row.symbol] == []
    assert all(row.label for row in ROWS.values())
    symbols = [row.symbol for row in ROWS.values() if row.listed]
    assert len(symbols) == len(set(symbols))


def test_no_name_belongs_to_two_companies() -> None:
    owners: dict[str, set[str]] = {}
    for row in ROWS.values():
        for name in (*row.names, *row.caps, *row.brands, *row.words):
            owners.setdefault(name.casefold(), set()).add(row.tag)
    assert {name: tags for name, tags in owners.items() if len(tags) > 1} == {}


def test_the_traits_of_every_ambiguous_name_are_what_the_model_knows() -> None:
    known = re.compile(r"h[0-3] z[0-8](?: [dsfgcmn])* t[1-3]")
    assert [what for row in ROWS.values() for what in row.words.values() if not known.fullmatch(what)] == []


@pytest.mark.slow
def test_every_sure_name_of_a_company_is_found_as_its_own_tag() -> None:
    tagger = compile_rules(builtin_rules(), companies())
    missed = [
        (row.tag, name)
        for row in ROWS.values()
        for name in (*row.names, *row.caps, *row.brands)
        if row.tag not in {mention.tag for mention in tagger.tag(name.removesuffix("*"))}
    ]
    assert missed == []


def test_the_user_changes_a_rule_field_by_field() -> None:
    user = [
        TagRule("deepseek", match=("DeepSeek",), never=("deep seek dive",), line=4),
        TagRule("openai", symbol="MSFT"),
        TagRule("anthropic", label="Claude's maker", match=("Claude",), products=("Artifacts",)),
        TagRule("apple", only_near=("Cupertino",)),
        TagRule("amazon", ambiguous=("Amazon", "Zon")),
        TagRule("intel", kind="topic", match=("Intel",)),
        TagRule("hbm", match=("HBM9",)),
        TagRule("acme", match=("Acme",)),
    ]
    table, left = merge_companies(companies(), user)
    merged = {row.tag: row for row in table}
    deepseek = merged["deepseek"]
    assert (deepseek.names, deepseek.never, deepseek.line) == (("DeepSeek",), ("deep seek dive",), 4)
    assert deepseek.brands == ROWS["deepseek"].brands
    assert (deepseek.symbol, deepseek.listed) == ("NVDA", False)
    assert (merged["openai"].symbol, merged["openai"].listed) == ("MSFT", True)
    assert merged["openai"].names == ROWS["openai"].names
    assert "Claude" not in merged["anthropic"].codes
    assert (merged["anthropic"].label, merged["anthropic"].brands) == ("Claude's maker", ("Artifacts",))
    assert (merged["apple"].words, merged["apple"].near) == ({}, ("Cupertino",))
    assert "Apple" in merged["apple"].codes
    assert list(merged["amazon"].words) == ["Amazon", "Zon"]
    assert merged["intel"].names == ()
    assert left == (user[5], user[6], user[7])
    rules = {rule.name: rule for rule in merge_rules(builtin_rules(), left)}
    assert rules["hbm"].match == ("HBM9",)
    assert list(rules)[-1] == "acme"
    apple = compile_rules(left, table)
    assert [one.tag for one in apple.tag("Apple of Cupertino")] == ["apple"]
    assert apple.tag("Apple falls 4%") == ()
    assert merge_rules((), ()) == ()
    assert merge_companies(companies(), ()) == (companies(), ())


def test_a_topic_of_the_user_takes_the_name_of_a_company() -> None:
    table, left = merge_companies(companies(), [TagRule("intel", kind="topic", match=("Intel",))])
    found = compile_rules(left, table).tag("Intel rises")
    assert [(one.tag, one.symbol) for one in found] == [("intel", None)]


def test_a_bad_change_of_a_company_names_the_rule_and_its_line() -> None:
    for rule in (TagRule("nvidia", match=("  ",), line=7), TagRule("nvidia", only_near=("*",), line=7)):
        table, left = merge_companies(companies(), [rule])
        with pytest.raises(RuleError, match="line 7"):
            compile_rules(left, table)


def test_a_share_is_called_what_the_user_calls_it() -> None:
    user = [TagRule("nvidia", label="Team Green"), TagRule("acme", symbol="ACM", match=("Acme",))]
    names = share_names(*merge_companies(companies(), user))
    assert (names["NVDA"], names["ACM"], names["MSFT"]) == ("Team Green", "acme", "Microsoft")


def test_a_share_of_another_exchange_is_called_as_the_company_is() -> None:
    names = share_names(companies())
    assert (names["7203.T"], names["TM"], names["AZN.L"]) == ("Toyota", "Toyota", "AstraZeneca")

"""The catalogue is sound, and a user's rules change it field by field."""

from __future__ import annotations

from tracker.model.tags import TagRule
from tracker.tagging.catalog import builtin_rules, merge_rules
from tracker.tagging.match import compile_rules

RULES = {rule.name: rule for rule in builtin_rules()}


def test_it_holds_the_companies_and_topics_of_the_field() -> None:
    companies = [rule for rule in RULES.values() if rule.kind == "company"]
    assert len(companies) >= 60
    assert len(RULES) == len(builtin_rules())
    assert {"nvidia", "deepseek", "openai", "anthropic", "mistral", "moonshot"} <= RULES.keys()
    assert {rule.name for rule in RULES.values() if rule.kind == "topic"} >= {"export-controls", "hbm", "earnings"}


def test_listed_companies_have_a_share_and_topics_have_none() -> None:
    for rule in RULES.values():
        assert rule.label
        if rule.kind == "topic":
            assert rule.symbol is None
        elif rule.listed:
            assert rule.symbol, rule.name


def test_every_sure_name_of_a_company_is_found_as_its_own_tag() -> None:
    tagger = compile_rules(builtin_rules())
    missed = [
        (rule.name, name)
        for rule in RULES.values()
        for name in (*rule.match, *rule.products)
        if rule.name not in {mention.tag for mention in tagger.tag(name.removesuffix("*"))}
    ]
    assert missed == []


def test_the_user_changes_a_rule_field_by_field() -> None:
    user = [
        TagRule("deepseek", match=("DeepSeek",), never=("deep seek dive",), line=4),
        TagRule("openai", symbol="MSFT"),
        TagRule("anthropic", match=("Claude",)),
        TagRule("acme", match=("Acme",)),
    ]
    merged = {rule.name: rule for rule in merge_rules(builtin_rules(), user)}
    deepseek = merged["deepseek"]
    assert (deepseek.match, deepseek.never, deepseek.line) == (("DeepSeek",), ("deep seek dive",), 4)
    assert deepseek.products == RULES["deepseek"].products
    assert (deepseek.symbol, deepseek.listed) == ("NVDA", False)
    assert (merged["openai"].symbol, merged["openai"].listed) == ("MSFT", True)
    assert merged["openai"].match == RULES["openai"].match
    assert "Claude" not in merged["anthropic"].ambiguous
    assert merged["acme"] == user[3]
    assert list(merged)[-1] == "acme"
    assert merge_rules((), ()) == ()

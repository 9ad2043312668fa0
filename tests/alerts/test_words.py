"""An alert in words."""

from __future__ import annotations

from msgspec.structs import replace

from tests.alerts.test_judge import RULE, candidate
from tracker.alerts.words import body_text, environment, rule_text, share_text, title_text
from tracker.model.alert import AlertRule, Firing

FIRING = Firing(RULE, candidate(7), "NVDA", -0.0312)


def test_title_and_body() -> None:
    assert title_text(FIRING) == "NVDA -3.1%: Nvidia falls"
    assert title_text(replace(FIRING, is_again=True)) == "(again) NVDA -3.1%: Nvidia falls"
    assert title_text(replace(FIRING, symbol=None, move=None)) == "Nvidia falls"
    assert share_text(replace(FIRING, move=None)) == "NVDA"
    assert body_text(FIRING) == "CNBC, first WCCFTech\nhttps://news.example/1"
    alone = replace(FIRING, candidate=replace(FIRING.candidate, url=None, first_source="CNBC"))
    assert body_text(alone) == "CNBC"


def test_a_rule_is_named_by_what_it_asks_for_in_percent() -> None:
    rule = AlertRule("amd", move=0.025)
    assert rule_text(rule.key, [AlertRule("b"), rule]) == "amd move 2.5%"
    assert rule_text("gone move 0.1", [rule]) == "gone move 0.1"
    assert AlertRule(results=2, move=0.1).label == "results<2d"


def test_environment() -> None:
    assert environment(FIRING) == {
        "TRACKER_ALERT": "about:nvidia",
        "TRACKER_TITLE": "Nvidia falls",
        "TRACKER_URL": "https://news.example/1",
        "TRACKER_SOURCE": "CNBC",
        "TRACKER_FIRST_SOURCE": "WCCFTech",
        "TRACKER_PUBLISHED": "2025-01-27T21:06:00Z",
        "TRACKER_SYMBOL": "NVDA",
        "TRACKER_MOVE": "-0.031200",
        "TRACKER_STORY": "7",
        "TRACKER_AGAIN": "",
    }
    moved = replace(FIRING, rule=replace(RULE, move=0.03))
    assert environment(moved)["TRACKER_ALERT"] == "about:nvidia"
    unknown = Firing(RULE, replace(candidate(1), url=None, symbol=None), None, None, is_again=True)
    values = environment(unknown)
    names = ("TRACKER_URL", "TRACKER_SYMBOL", "TRACKER_MOVE", "TRACKER_AGAIN")
    assert [values[name] for name in names] == ["", "", "", "1"]

"""About or in passing, and whose share stands beside the headline."""

from __future__ import annotations

import pytest

from tests.tagging.measure import builtin_tagger
from tracker.model.tags import Mention
from tracker.tagging.salience import is_about, lead_symbol

TAGGER = builtin_tagger()


@pytest.mark.parametrize(
    ("in_title", "places", "length", "about"),
    [
        (True, [], 0, True),
        (False, [], 500, False),
        (False, [300, 400, 500, 600], 900, False),
        (False, [0], 200, True),
        (False, [0], 900, False),
        (False, [0, 700], 900, True),
        (False, [80, 200, 300], 900, False),
        (False, [80, 200, 300, 400], 900, True),
        (False, [80, 200, 300, 400], 4001, False),
    ],
)
def test_a_title_or_a_lead_that_is_on_it(in_title: bool, places: list[int], length: int, about: bool) -> None:
    assert is_about(in_title, places, length) is about


@pytest.mark.parametrize(
    ("title", "text", "symbol"),
    [
        ("DeepSeek tops the App Store", "", "NVDA"),
        ("DeepSeek's R1 wipes $593 billion off Nvidia", "", "NVDA"),
        ("Meta scrambles after DeepSeek's release", "", "META"),
        ("After DeepSeek's release Meta scrambles", "", "META"),
        ("AMD and Nvidia fall", "", "AMD"),
        ("OpenAI signs a contract", "The start-up pays Oracle Corp in shares of its own.", "ORCL"),
        ("OpenAI signs a contract", "Nothing more is known.", None),
        ("A start-up raises money", "It was said that one of the investors is Nvidia.", None),
        ("Export controls tighten", "It was said that Nvidia is concerned.", None),
        ("Nothing at all", "", None),
    ],
)
def test_the_share_beside_a_headline(title: str, text: str, symbol: str | None) -> None:
    assert lead_symbol(TAGGER.tag(title, text)) == symbol


def test_a_mention_without_places_comes_last() -> None:
    assert lead_symbol([Mention("a", "about", "A"), *TAGGER.tag("Nvidia falls")]) == "NVDA"

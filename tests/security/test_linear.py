"""No regular expression takes more than linear time: of the whole program, since all of it meets strangers' text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tracker
from tests.helpers.growth import assert_linear
from tests.security.patterns import Use, attacks, slow_attack, uses
from tracker.tagging.patterns import _any_word

ROOMS = sorted(path.parent.name for path in Path(tracker.__file__).parent.glob("*/__init__.py"))
BOUNDED = {
    "tracker.feeds.dates": 100,  # read_date takes no more
    "tracker.feeds.elements._EMAIL": 1_000,
}
"""The most characters that the code gives a pattern, where it is less than a feed may hold."""


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_every_pattern_takes_linear_time(room: str) -> None:
    found = uses([room])
    slow = [told for use in found if (told := slow_attack(use, _longest(use))) is not None]
    assert not slow, "\n".join(slow)


@pytest.mark.slow
def test_patterns_are_found_where_they_stand() -> None:
    places = {use.place for use in uses(["feeds", "stories"])}
    assert {"tracker.feeds.text._TAG", "tracker.stories.attribution._PHRASES[0]"} <= places
    assert any(re.fullmatch(r"tracker\.feeds\.dates:\d+", place) for place in places), "none that is written in place"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "call"),
    [
        (r"<!--.*?-->", "sub"),
        (r"\d+\s*(?:%|percent)", "search"),
        (r"</rss>\s*(?:<!--.*?-->\s*)*\Z", "search"),
        (r"(?:/amp|/)*\Z", "sub"),
        (r"[a-z.]+@[a-z]+", "search"),
        (r"<link\b[^<>]*\bhref=[^<>]*>", "search"),
    ],
)
def test_a_pattern_that_is_not_linear_is_noticed(written: str, call: str) -> None:
    assert slow_attack(Use("here", re.compile(written, re.DOTALL), frozenset((call,)))) is not None


@pytest.mark.slow
def test_work_in_quadratic_time_is_noticed_and_in_linear_time_is_not() -> None:
    def copies(text: str) -> None:
        for start in range(0, len(text), 8):
            text[start:].lower()

    assert_linear(lambda size: "a" * size, str.lower, 2_000_000)
    with pytest.raises(AssertionError, match=r"size 160,000 takes"):
        assert_linear(lambda size: "a" * size, copies, 160_000)


def test_context_words_of_tag_rules_take_linear_time() -> None:
    pattern = _any_word(["GPU", "chip*", "graphics card", "深度"])
    assert slow_attack(Use("context", pattern, frozenset(("search",)))) is None


def test_attacks_repeat_what_the_pattern_repeats() -> None:
    assert ("<!--", "a", "\x00") in attacks(re.compile(r"<!--.*?-->"))
    assert ("", "<!--a", "\x00") in attacks(re.compile(r"<!--.*?-->"))


def _longest(use: Use) -> int:
    return next((limit for place, limit in BOUNDED.items() if use.place.startswith(place)), 24_000)

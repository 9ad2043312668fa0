"""Which articles are compared, and which are the same one or issues of a series."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import timedelta

from tracker.model.plan import STORY_WINDOW, StoryChoice, StoryProfile
from tracker.stories.fingerprint import StoryPrint
from tracker.stories.link import features
from tracker.stories.shape import WEAK, Shape
from tracker.stories.terms import is_name
from tracker.stories.weights import TermWeights, shipped_rarity
from tracker.stories.words import tokens

WINDOW = STORY_WINDOW
MAX_LOOKUP_TERMS = 8
"""Terms of an article by which others are found, the rarest first."""
MIN_RARITY = 2.2
"""Terms with less information (nats) are not looked up: one title in ten has them."""
MIN_SHARED_INFORMATION = 6.0
"""Information (nats) that an article of a small window must share with another: see `least_shared`."""
_SHARED_BY_CHANCE = 1.5
"""Information (nats) for each nat that the odds of a chance rise by (`by_chance`).

Of the labelled sets UCI tells most: F1 0.735 with 1.0 and 1.5, 0.732 with 1.75. On the days learned of the 94 feeds
127 of 146, 126 of 145 and 127 of 144 joined pairs are right.
"""
_SHARE_BY_CHANCE = 0.1
"""Share of an article's own looked-up information for each nat that the odds of a chance rise by.

On the days learned of the 94 feeds 126 of 145 joined pairs are right without it, 125 of 143 with it.
"""
_MAX_SHARE = 0.3
"""The largest share, from 12,000 articles on: two reports of one event may have only a third of their words alike."""
MAX_COMPARED = 12
"""Articles that a new one is compared with."""
_SERIES_DAY = timedelta(hours=16)
"""The next issue of a series comes at least so much later."""
_CHANCE = 600
"""Articles of the window up to which a shared word is no chance. From there on the odds must be as much higher."""
_REPEATED = 0.75
"""Likeness from which an article says nothing that its story does not."""
_TEMPLATE = 0.6
"""Titles with this share of words in common that differ in a number are two issues of a series."""
_EVENT = 32.0
"""Information (nats) of a title that is about one event, whatever it names."""
_MIN_TITLE_WORDS = 2
"""Fewest title words that identify an article among those of its site."""


def least_shared(articles: int, terms: Mapping[str, float]) -> float:
    """Return the information (nats) that an article must share with another in looked-up terms to be compared with it.

    The more articles the window has, the more of them share a word by chance. From some 9,000 on no single word is
    enough: half of the pairs that were compared had one, and seven in a thousand of those that were joined. Two of
    eight rare words are sooner shared by chance than two of three.
    """
    chance = by_chance(articles)
    share = min(_MAX_SHARE, _SHARE_BY_CHANCE * chance)
    return max(MIN_SHARED_INFORMATION + _SHARED_BY_CHANCE * chance, share * sum(terms.values()))


def by_chance(articles: int) -> float:
    """Return how much likelier two articles share a word by chance than in a small window (logarithm of the odds)."""
    return math.log(max(_CHANCE, articles) / _CHANCE)


def lookup_terms(terms: Iterable[str], weights: TermWeights) -> dict[str, float]:
    """Return the terms by which similar articles are looked up, the most distinctive first, with their information."""
    ranked = sorted(
        (-rarity, term) for term in terms if term[0] in "wng" and (rarity := weights.rarity[term]) >= MIN_RARITY
    )
    return {term: -rarity for rarity, term in ranked[:MAX_LOOKUP_TERMS]}


def is_repeat(new: StoryProfile, story: StoryProfile, weights: TermWeights) -> bool:
    """Return True for an article that says what its story says: who has read that has read it."""
    one, two = (Shape(profile.counts, profile.size, weights) for profile in (new, story))
    return features(one, two, weights.rarity)[0] >= _REPEATED


def is_series(one: Shape, two: Shape, silence: timedelta) -> bool:
    """Return True for two issues of a series: the same words with another number or date, or on another day."""
    if silence >= _SERIES_DAY and not one.heads.isdisjoint(two.heads) and not _say_the_same(one, two):
        return True
    is_other_day = silence >= _SERIES_DAY and bool(one.dates and two.dates) and one.dates.isdisjoint(two.dates)
    if is_other_day and not one.names.keys() & two.names.keys():
        return True
    common, words = one.words & two.words, one.words | two.words
    told = [term for term in common if term[0] == "w"]
    alike = len(told) / max(1, sum(term[0] == "w" for term in words))
    if alike < _TEMPLATE:
        return False
    if is_other_day:
        return True
    left, right = _numbers(one), _numbers(two)
    if left and right and left.isdisjoint(right):
        return True
    return silence >= _SERIES_DAY and not (
        one.names.keys() & two.names.keys() and (one.numbers & two.numbers or len(told) > 3)
    )


def _say_the_same(one: Shape, two: Shape) -> bool:
    """Return True where two titles with one head have a telling word in common beside it."""
    heads = {f"w:{part}" for head in one.heads & two.heads for part in head[2:].split("+")}
    return any(one.parts[term] * two.parts[term] >= WEAK for term in (one.words & two.words) - heads)


def _numbers(shape: Shape) -> set[str]:
    return {term for term in shape.words if term[0] == "n"} | set(shape.dates)


def is_same_article(one: StoryPrint, two: StoryPrint) -> bool:
    """Return True for the same address, or for the same title or opening, numbers included, within the window."""
    if one.url is not None and one.url == two.url:
        return True
    apart = abs(one.time - two.time) if one.time is not None and two.time is not None else timedelta(0)
    if apart > WINDOW:
        return False
    if apart >= _SERIES_DAY and not (_is_elsewhere(one, two) and _is_of_one_event(one)):
        return False  # a site that says the same on another day has a series; two sites may have the same one
    if one.key == two.key:
        return bool(one.key) and (
            len(one.title.words) >= _MIN_TITLE_WORDS or (apart < _SERIES_DAY and _is_elsewhere(one, two))
        )
    if one.lead is None or one.lead != two.lead or one.title.numbers != two.title.numbers:
        return False
    # A site has the same words before every text of its own: a form to fill in, what subscribers get.
    told = (one.speaks_of_title, two.speaks_of_title)
    return any(told) if _is_elsewhere(one, two) else all(told)


def _is_of_one_event(known: StoryPrint) -> bool:
    """Return False for a title that names nobody and says little: "Chip stocks today: what moved before the bell"."""
    if any(is_name(token) for token in tokens(known.headline)):
        return True
    return sum(shipped_rarity(word) for word in known.title.words) >= _EVENT


def choose_same(new: StoryPrint, exact: Iterable[tuple[int, StoryPrint]]) -> StoryChoice | None:
    """Return the story that already has the article; `exact` holds (story id, print) of those sharing an exact key."""
    same = [story for story, known in exact if is_same_article(new, known)]
    return StoryChoice(min(same, key=abs)) if same else None


def _is_elsewhere(one: StoryPrint, two: StoryPrint) -> bool:
    """Return False for two addresses of one site: `item?id=1` and `item?id=2` may share a title by chance."""
    if one.url is None or two.url is None:
        return True
    return _site(one.url) != _site(two.url)


def _site(url: str) -> str:
    return url.split("/", 3)[2]

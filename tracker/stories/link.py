"""How likely two stories are one: what they say compared, and a logistic model over it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files
from operator import mul
from typing import NamedTuple

from msgspec import Struct

from tracker.stories.actions import lexicon
from tracker.stories.weights import TermWeights
from tracker.stories.words import stem

FEATURES = (
    "likeness",
    "rarest",
    "second",
    "alone",
    "plain",
    "covered",
    "names_apart",
    "tags",
    "tags_apart",
    "number",
    "number_apart",
    "label_apart",
    "date_apart",
    "action_apart",
    "opposite",
    "languages",
    "languages_names",
    "languages_number",
    "languages_action",
    "summaries",
    "summary",
    "summary_told",
)
"""likeness: root of the cosine of the words and numbers, rare ones first. rarest, second: the two most telling words in
common, a tagged company's name aside, and of a name of several words only the rarest. alone: the second says little.
covered: share of the smaller story's information that the larger has, times the logarithm of its size. tags: share of
their information in common. `_apart`: both have some, none in common. number: an amount with a unit, or a long number.
label: "Q2", "RTX 5090". action_apart: what happened differs, to the same companies or people. opposite: one rises, the
other falls. languages: the two are in different ones; and what is the same all the same: names and tags, amounts,
actions. summaries: both have the opening of a text. summary: root of the cosine of their words. summary_told: the same
for words of one's summary in the other's titles."""

_NOTHING: frozenset[str] = frozenset()
_WEAK = 3.0
"""Information (nats) below which a word in common may be chance."""
_RARE = 5.0
"""Information (nats) of a name that is not in the news every day."""


class Summary(NamedTuple):
    """What the openings of a story's articles say."""

    words: Mapping[str, float]
    length: float
    """Of the words as a vector."""
    whole: float
    """The same with those of the titles."""


class Shape:
    """What a story says, made ready to be compared.

    Args:
        counts: term to number of articles with it (`tracker.stories.terms`).
        size: number of articles.
    """

    __slots__ = (
        "_has_summary",
        "_summary",
        "_summary_terms",
        "actions",
        "dates",
        "has_text",
        "labels",
        "languages",
        "names",
        "numbers",
        "opposites",
        "own",
        "parts",
        "phrases",
        "share",
        "size",
        "source",
        "tags",
        "total",
        "vector",
        "words",
    )

    def __init__(self, counts: Mapping[str, int], size: int, weights: TermWeights) -> None:
        self.size = size
        self.source = next((term for term in counts if term[0] == "f" and 2 * counts[term] > size), None)
        usual, rarity = weights.rarity, weights.within(self.source)
        kinds: dict[str, set[str]] = {}
        words: list[str] = []
        for term in counts:
            kind = term[0]
            if kind in "wn":
                words.append(term)
            else:
                kinds.setdefault(kind, set()).add(term)
        numbers = {term for term in words if term[0] == "n" and is_telling(term)}
        is_usual = rarity is usual or rarity.keys().isdisjoint(words)
        rare = list(map((usual if is_usual else rarity).__getitem__, words))
        # Most stories are one article: shares are not computed where all are 1.
        told = rare if size == 1 else [counts[term] / size * one for term, one in zip(words, rare, strict=True)]
        values = list(map(mul, told, rare))
        length = math.sqrt(sum(map(mul, values, values))) or 1.0
        self.vector = dict(zip(words, [value / length for value in values], strict=True))
        self.parts = dict(zip(words, map(math.sqrt, told), strict=True))
        self.total = sum(map(math.sqrt, values)) or 1.0
        self.share = counts if size == 1 else {term: count / size for term, count in counts.items()}
        self.words = self.vector.keys()
        names, self.own = kinds.get("e", _NOTHING), _NOTHING
        if "g" in kinds:
            own = {stem(part) for term in kinds["g"] for part in term[2:].split("-")}
            self.own = frozenset([f"w:{name}" for name in own])
            names = {name for name in names if name[2:] not in own}
        self.names = _weighed(names, self.share, rarity)
        self.tags = _weighed(kinds.get("g"), self.share, rarity)
        self.numbers = numbers
        self.labels = _labels(kinds.get("l"))
        self.phrases = [[f"w:{part}" for part in phrase[2:].split("+")] for phrase in kinds.get("c", ())]
        self.dates = kinds.get("d", _NOTHING)
        self.actions = kinds.get("a", _NOTHING)
        self.opposites = _opposites(self.actions, counts, size)
        self.languages = kinds.get("z", _NOTHING)
        self.has_text = "s" in kinds
        self._summary_terms = (kinds.get("s", _NOTHING), rarity)
        self._summary: Summary | None = None
        self._has_summary: bool | None = None

    @property
    def has_summary(self) -> bool:
        """True where an opening has a telling word."""
        if self._has_summary is None:
            terms, rarity = self._summary_terms
            self._has_summary = any(rarity[f"w:{word}"] >= _WEAK for term in terms for word in term[2:].split("+"))
        return self._has_summary

    @property
    def summary(self) -> Summary:
        """What its articles' openings say; made when first asked for, as titles alone rule out most pairs."""
        if self._summary is None:
            self._summary = self._read_summary(*self._summary_terms)
        return self._summary

    def _read_summary(self, terms: AbstractSet[str], rarity: Mapping[str, float]) -> Summary:
        words: dict[str, float] = {}
        for term in terms:
            share = self.share[term]
            keys = [f"w:{word}" for word in term[2:].split("+")]
            for key, rare in zip(keys, map(rarity.__getitem__, keys), strict=True):
                if rare >= _WEAK:
                    words[key] = words.get(key, 0.0) + share * rare
        length = sum([value * value for value in words.values()])
        return Summary(words, math.sqrt(length), math.sqrt(length + sum([part**4 for part in self.parts.values()])))


def _opposites(actions: AbstractSet[str], counts: Mapping[str, int], size: int) -> AbstractSet[str]:
    """Return the opposites of what at least half of the articles report."""
    if not actions:
        return _NOTHING
    known = lexicon().opposites
    return {f"a:{known[term[2:]]}" for term in actions if term[2:] in known and 2 * counts[term] >= size}


def _weighed(
    terms: AbstractSet[str] | None, share: Mapping[str, float], rarity: Mapping[str, float]
) -> dict[str, float]:
    return {term: math.sqrt(share[term]) * rarity[term] for term in terms} if terms else {}


def _labels(terms: set[str] | None) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for term in terms or ():
        label, _, number = term.partition("=")
        found.setdefault(label, set()).add(number)
    return found


def is_telling(number: str) -> bool:
    """True for a number that two reports share only of one event: with a unit, or of three digits and more."""
    return number[-1] == "%" or "e" in number or (len(number) >= 5 and number[2] != "y")


def features(one: Shape, two: Shape, rarity: Mapping[str, float]) -> list[float]:
    """Return the features of a pair of stories, in the order of `FEATURES`."""
    return [*title_features(one, two, common_words(one, two, rarity)), *summary_features(one, two)]


class CommonWords(NamedTuple):
    """What the words that the titles of two stories have in common say."""

    likeness: float
    mass: float
    rarest: float
    second: float
    third: float


def common_words(one: Shape, two: Shape, rarity: Mapping[str, float]) -> CommonWords:
    """Compare the words of two stories' titles."""
    mass = dot = rarest = second = third = 0.0
    parts, others, vector = one.parts, two.parts, two.vector
    shared = one.words & two.words
    own = one.own | two.own
    bound = _bound(one.phrases + two.phrases, shared, rarity) if one.phrases or two.phrases else _NOTHING
    for term in shared:
        dot += one.vector[term] * vector[term]
        if term in own or term in bound:
            continue  # the tag says it, or the rest of the name
        part = parts[term] * others[term]
        mass += part
        if part > rarest:
            rarest, second, third = part, rarest, second
        elif part > second:
            second, third = part, second
        elif part > third:
            third = part
    return CommonWords(math.sqrt(dot), mass, rarest, second, third)


def title_features(one: Shape, two: Shape, common: CommonWords) -> list[float]:
    """Return the features but for those of summaries."""
    likeness, mass, rarest, second, third = common
    names, names_apart = _overlap(one.names, two.names)
    tags, tags_apart = _overlap(one.tags, two.tags)
    number = number_apart = 0.0
    if one.numbers and two.numbers:
        number, number_apart = _common(one, two, one.numbers & two.numbers)
    alone = 0.0
    if second < _WEAK:
        alone = 1.0
    elif third < _WEAK and not (names or tags or number):
        alone = 0.5
    label_apart = float(
        any(one.labels[word].isdisjoint(two.labels[word]) for word in one.labels.keys() & two.labels.keys())
    )
    date_apart = float(bool(one.dates and two.dates) and one.dates.isdisjoint(two.dates))
    action = action_apart = opposite = 0.0
    if one.actions and two.actions:
        action, action_apart = _common(one, two, one.actions & two.actions)
        action_apart *= max(names, tags)
        opposite = float(
            (not one.opposites.isdisjoint(two.actions) and one.opposites.isdisjoint(one.actions))
            or (not two.opposites.isdisjoint(one.actions) and two.opposites.isdisjoint(two.actions))
        )
    # One word in common, another company, issue or direction: no likelier to be the same story when that is large.
    is_other = tags_apart or label_apart or opposite or (alone == 1.0 and not number)
    covered = 0.0 if is_other else mass / min(one.total, two.total)
    languages = float(bool(one.languages and two.languages) and one.languages.isdisjoint(two.languages))
    return [
        likeness,
        rarest / 10,
        second / 10,
        alone,
        float(not (tags or number or _has_rare(one.names, two.names))),
        covered * math.log(max(one.size, two.size)),
        names_apart,
        tags,
        tags_apart,
        number,
        number_apart,
        label_apart,
        date_apart,
        action_apart,
        opposite,
        languages,
        languages * max(names, tags),
        languages * number,
        languages * action,
    ]


def summary_features(one: Shape, two: Shape) -> tuple[float, float, float]:
    """Return (1 where both have a summary, likeness of the two, likeness of each with the other's titles)."""
    if not (one.has_summary and two.has_summary):
        return 0.0, 0.0, 0.0
    (left, left_length, left_whole), (right, right_length, right_whole) = one.summary, two.summary
    # Most pairs have nothing in common here, which is sooner known than what it would be.
    both = told = 0.0
    if not left.keys().isdisjoint(two.words):
        told = sum([left[word] * two.parts[word] ** 2 for word in left.keys() & two.words])
    if not right.keys().isdisjoint(one.words):
        told += sum([right[word] * one.parts[word] ** 2 for word in right.keys() & one.words])
    if not left.keys().isdisjoint(right.keys()):
        both = sum([left[word] * right[word] for word in left.keys() & right.keys()])
    return 1.0, math.sqrt(both / (left_length * right_length)), math.sqrt(told / (left_whole * right_whole))


def _bound(phrases: Iterable[list[str]], shared: AbstractSet[str], rarity: Mapping[str, float]) -> frozenset[str]:
    """Return the words in common that are no evidence of their own: "West Bank" is one name, not two words."""
    bound: set[str] = set()
    for phrase in phrases:
        both = [term for term in phrase if term in shared]
        if len(both) > 1:
            both.remove(max(both, key=rarity.__getitem__))
            bound.update(both)
    return frozenset(bound)


_ALONE, _COVERED, _TAGS, _NUMBER, _SUMMARIES = (
    FEATURES.index(name) for name in ("alone", "covered", "tags", "number", "summaries")
)
_HOPE = 2.5
"""Odds (logarithm) that summaries bring at most, but for one pair in 170: titles without that chance are not one.

On the days learned of the 94 feeds 126 of 145 joined pairs are right, with 1.5 it is 125 of 144; where no pair is ruled
out so, 124 of 142.
"""


def has_one_word(found: Sequence[float]) -> bool:
    """Return True for two reports that share one telling word, however rare, beside their companies, and no amount.

    Where both have a summary, more is known of them than that.
    """
    return found[_ALONE] == 1.0 and not found[_NUMBER] and not found[_SUMMARIES]


def _has_rare(one: Mapping[str, float], two: Mapping[str, float]) -> bool:
    """True where both name somebody whom few headlines name."""
    return any(min(one[name], two[name]) >= _RARE for name in one.keys() & two.keys())


def _overlap(one: Mapping[str, float], two: Mapping[str, float]) -> tuple[float, float]:
    """Return (information in common by the smaller one's, 1 where both have some and none is common)."""
    if not one or not two:
        return 0.0, 0.0
    if one.keys().isdisjoint(two.keys()):
        return 0.0, 1.0
    common = one.keys() & two.keys()
    shared = sum([min(one[term], two[term]) for term in common])
    return shared / (min(sum(one.values()), sum(two.values())) or 1.0), 0.0


def _common(one: Shape, two: Shape, terms: AbstractSet[str]) -> tuple[float, float]:
    if not terms:
        return 0.0, 1.0
    return max([min(one.share[term], two.share[term]) for term in terms]), 0.0


class Model(Struct, frozen=True):
    """The learned weights; see `tests/stories/train.py`."""

    bias: float
    weights: tuple[float, ...]

    def score(self, found: Sequence[float]) -> float:
        """Return the logarithm of the odds that two stories are one; without summaries where `found` has none."""
        return self.bias + float(sum(map(mul, self.weights, found)))

    def is_hopeless(self, one: Shape, two: Shape, common: CommonWords, least: float) -> bool:
        """Return True where the words in common cannot bring the odds to `least`, whatever else the titles say.

        Most pairs are ruled out here, by a fifth of what features take.
        """
        if one.languages != two.languages and one.languages.isdisjoint(two.languages):
            return False
        weights = self.weights
        odds = self.bias + max(0.0, weights[_TAGS]) + max(0.0, weights[_NUMBER])
        odds += weights[0] * common.likeness + (weights[1] * common.rarest + weights[2] * common.second) / 10
        size = max(one.size, two.size)
        if size > 1:
            odds += weights[_COVERED] * common.mass / min(one.total, two.total) * math.log(size)
        if common.second < _WEAK:
            odds += weights[_ALONE]
        return odds <= least or self.is_ruled_out(one, two, odds, least)

    def is_ruled_out(self, one: Shape, two: Shape, odds: float, least: float) -> bool:
        """Return True where summaries hardly bring the odds that titles give to `least`."""
        return odds + self.weights[_SUMMARIES] + _HOPE <= least and one.has_summary and two.has_summary


@cache
def model() -> Model:
    """Return the shipped model: `model.json` beside this file."""
    read = json.loads(files("tracker.stories").joinpath("model.json").read_text(encoding="utf-8"))
    return Model(read["bias"], tuple(read["weights"][name] for name in FEATURES))

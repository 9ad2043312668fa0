"""Grouping: compares a new article with the few stories that share a key or a distinctive term."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from tracker.model.plan import STORY_WINDOW, StoryChoice, StoryProfile
from tracker.stories.fingerprint import StoryPrint
from tracker.stories.weights import TermWeights
from tracker.stories.words import title_words

WINDOW = STORY_WINDOW
STRICTNESS = 0.10
"""Similarity required to join a very large story; a story of one article requires `PAIR`. A higher value keeps more
stories separate: see the table in docs/measurements.md."""
PAIR = 0.45
"""Similarity required between two single articles."""
_SAME_SITE = 0.70
"""The same, when the new article and the whole story are from one site: "Show HN: ..." is that site's pattern."""
_EASE = 1.0
"""Further articles that halve the distance from `PAIR` to `STRICTNESS`: many are an event, two may be chance."""
_EVIDENCE = 7.0
"""Information (nats) that an article must share with a story: one word in 1,000 titles, or two words in 30 each."""
_MERGE_EVIDENCE = 8.0
_MERGE = 0.35
"""Similarity at which two large stories merge, once an article belongs to both."""
_SLOPE = 0.05
"""Added to that for each article of the smaller story."""
_OLD = timedelta(days=7)
"""A story older than this takes only near-copies."""
_TEMPLATE = 0.6
"""Titles this similar that differ in a number are two issues of a series, not one story."""
_TELLING = 2
"""Fewest title words that identify an article among those of its site."""
FEW = 4
"""Stories with at least this many articles match on a single distinctive word. Smaller ones need two words, which must
be rare if the title has no others."""
_OF_TWO = 1.5
"""Factor on the information required of those two: "Nvidia shares fall" and "Nvidia shares rise" share two words."""
_LONG = 4.0
"""Information (nats) from which a number is as distinctive as a word: three digits."""
_LOOKED_UP = 8
_TOO_COMMON = 3.0
"""Terms with less information (nats) are not looked up: one title in twenty has them."""
LEAST = 6.5
"""Information (nats) that a story must share in looked-up terms to be compared at all: slightly less than it needs in
the end, because some terms are not looked up. This rules out most stories without reading them."""
_SHARE = 0.7
"""Exponent on the share of a story's articles that have a term: a term of only some articles counts less."""


def lookup_terms(terms: Iterable[str], weights: TermWeights) -> dict[str, float]:
    """Return the terms by which similar stories are looked up, the most distinctive first, with their information."""
    ranked = sorted((-rarity, term) for term in terms if (rarity := weights.rarity[term]) >= _TOO_COMMON)
    return {term: -rarity for rarity, term in ranked[:_LOOKED_UP]}


def is_same_article(one: StoryPrint, two: StoryPrint) -> bool:
    """Return True for the same address, or for the same title or opening, numbers included, within the window."""
    if one.url is not None and one.url == two.url:
        return True
    if one.time is not None and two.time is not None and abs(one.time - two.time) > WINDOW:
        return False
    if one.key == two.key:
        return bool(one.key) and (len(one.title.words) >= _TELLING or _is_elsewhere(one, two))
    return one.lead is not None and one.lead == two.lead and not is_series(one.terms, dict.fromkeys(two.terms, 1), 1)


def choose_same(new: StoryPrint, exact: Iterable[tuple[int, StoryPrint]]) -> StoryChoice | None:
    """Return the story that already has the article; `exact` holds (story id, print) of those sharing an exact key."""
    same = [story for story, known in exact if is_same_article(new, known)]
    return StoryChoice(min(same, key=abs)) if same else None


def choose_story(
    terms: Sequence[str],
    time: datetime | None,
    stories: Iterable[StoryProfile],
    weights: TermWeights,
    strictness: float = STRICTNESS,
    favoured: Collection[int] = (),
) -> StoryChoice | None:
    """Return the story a new article belongs to and the stories it merges into that one; None for a new story.

    Args:
        terms: of the article's title.
        stories: those in the window that share a distinctive term.
        favoured: stories with an article of the site that the new one names as its source.
    """
    mine = dict.fromkeys(terms, 1)
    links: list[tuple[float, float, int, StoryProfile]] = []
    for story in stories:
        alike = likeness(mine, 1, story.counts, story.size, weights, _EVIDENCE)
        if alike >= strictness and not is_series(terms, story.counts, story.size):
            need = strictness if story.story_id in favoured else _ease(story.size, strictness)
            if time is not None and time - story.first > _OLD:
                need = max(need, PAIR)
            if any(story.counts.get(term) == story.size for term in terms if term[0] == "h"):
                need = max(need, _SAME_SITE)
            links.append((alike / need, alike, -abs(story.story_id), story))
    links.sort(key=lambda link: link[:3], reverse=True)
    if not links or links[0][0] < 1:
        return None
    best = links[0][3]
    counts, size, absorbed = _sum(mine, best.counts), best.size + 1, []
    for *_, other in links[1:]:
        if best.is_pinned or other.is_pinned:
            continue
        small, large = min(size, other.size), max(size, other.size)
        need = max(_ease(large, strictness), min(_MERGE, strictness + _SLOPE * (small - 1)))
        if likeness(counts, size, other.counts, other.size, weights, _MERGE_EVIDENCE) >= need and not _is_two_issues(
            counts, other.counts, is_large=large >= FEW
        ):
            counts, size = _sum(counts, other.counts), size + other.size
            absorbed.append(other.story_id)
    ids = sorted((best.story_id, *absorbed), key=abs)
    return StoryChoice(ids[0], tuple(ids[1:]), is_repeat=links[0][1] >= PAIR)


def likeness(
    one: Mapping[str, int],
    ones: int,
    two: Mapping[str, int],
    twos: int,
    weights: TermWeights,
    evidence: float = _EVIDENCE,
) -> float:
    """Return the cosine of two stories' terms, 0 to 1; 0 when all that they share is too common.

    Args:
        one: term to number of articles with it, of `ones` articles.
        evidence: information (nats) that the shared terms must carry.
    """
    shared = one.keys() & two.keys()
    rarity, square = weights.rarity, weights.square
    mass = dot = 0.0
    told = 0
    for term in shared:
        told += term[0] in "wg" or rarity[term] > _LONG
        share = (one[term] / ones * two[term] / twos) ** _SHARE
        mass += math.sqrt(share) * rarity[term]
        dot += share * square[term]
    if ones < FEW and twos < FEW:
        if told < _TELLING:
            return 0.0
        if told == _TELLING:
            evidence *= 2 if min(_words(one), _words(two)) <= _TELLING else _OF_TWO
    if mass < evidence:
        return 0.0
    return dot / math.sqrt(_length(one, ones, weights) * _length(two, twos, weights))


def is_series(terms: Iterable[str], story: Mapping[str, int], size: int) -> bool:
    """Return True for a title like the story's but with another number ("day 3" and "day 4", "Q2" and "Q3")."""
    terms = set(terms)
    if _direction(dict.fromkeys(terms, 1)) * _direction(story) < 0:
        return True  # falling and rising shares are two stories, however similar their titles
    if _is_two_issues(dict.fromkeys(terms, 1), story, is_large=size >= FEW):
        return True
    words = {term for term in terms if term[0] == "w"}
    core = {term for term, count in story.items() if term[0] == "w" and 2 * count >= size}
    if not words or len(words & core) < _TEMPLATE * len(words | core):
        return False
    mine = {term for term in terms if term[0] == "n"}
    theirs = {term for term in story if term[0] == "n"}
    return mine != theirs if size == 1 else bool(mine and theirs) and not mine & theirs


def _is_two_issues(one: Mapping[str, int], two: Mapping[str, int], *, is_large: bool) -> bool:
    """Return True when both number the same thing and share none of its numbers.

    In a large story only words that number issues count: its articles may say "up 7" and "up 5" about the same event.
    """
    left, right = _labels(one), _labels(two)
    return any(
        numbers.isdisjoint(right[label])
        for label, numbers in left.items()
        if label in right and (not is_large or label in _SERIES)
    )


def _stems(words: str) -> frozenset[str]:
    return frozenset(f"w:{stem}" for stem in title_words(words).words)


_UP = _stems(
    "rise rises rising rose jump jumps jumped surge surges surged gain gains gained climb climbs climbed rally rallies "
    "rallied soar soars soared rebound rebounds rebounded steigt steigen klettert grimpe bondit monte "
    "上涨 上漲 大涨 大漲 反弹"
)
_DOWN = _stems(
    "fall falls falling fell drop drops dropped slide slides slid plunge plunges plunged sink sinks sank tumble "
    "tumbles tumbled slump slumps slumped lose loses lost fällt fallen stürzt sinkt chute recule plonge "
    "下跌 大跌 暴跌 跌"
)


def _direction(counts: Mapping[str, int]) -> int:
    """Return 1 for titles that say up, -1 for down, 0 for neither or a tie; each word counts once per title."""
    up = sum(count for term, count in counts.items() if term in _UP)
    down = sum(count for term, count in counts.items() if term in _DOWN)
    return (up > down) - (up < down)


_SERIES_WORDS = (
    "day week part episode ep vol volume issue no number season round chapter stage race game match test "
    "version ver v build q quarter jour semaine épisode partie tome saison étape numéro manche tag teil folge "
    "woche ausgabe día parte capítulo semana dia giorno puntata dzień część odcinek tydzień 第 天 期 集 季"
)
_SERIES = frozenset(f"l:{word}" for word in _SERIES_WORDS.split())


def _labels(terms: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for term in terms:
        if term[0] == "l":
            label, _, number = term.partition("=")
            found.setdefault(label, set()).add(number)
    return found


def _ease(size: int, strictness: float) -> float:
    return strictness + max(0.0, PAIR - strictness) / (1 + (size - 1) / _EASE)


def _words(terms: Iterable[str]) -> int:
    return sum(term[0] == "w" for term in terms)


def _length(counts: Mapping[str, int], size: int, weights: TermWeights) -> float:
    square = weights.square
    if size == 1:
        return float(sum([square[term] for term in counts]))
    return float(sum([(count / size) ** (2 * _SHARE) * square[term] for term, count in counts.items()]))


def _sum(one: Mapping[str, int], two: Mapping[str, int]) -> dict[str, int]:
    total = dict(two)
    for term, count in one.items():
        total[term] = total.get(term, 0) + count
    return total


def _is_elsewhere(one: StoryPrint, two: StoryPrint) -> bool:
    """Return False for two addresses of one site: `item?id=1` and `item?id=2` may share a title by chance."""
    if one.url is None or two.url is None:
        return True
    return _site(one.url) != _site(two.url)


def _site(url: str) -> str:
    return url.split("/", 3)[2]

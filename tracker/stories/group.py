"""Grouping: what one sync brought becomes stories, the likeliest pairs first, whatever order the feeds answered in."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from datetime import timedelta

from msgspec import Struct

from tracker.model.plan import STORY_WINDOW, StoryChoice, StoryProfile, common_terms
from tracker.stories.fingerprint import StoryPrint
from tracker.stories.link import Model, features, has_one_word
from tracker.stories.shape import Shape
from tracker.stories.terms import is_name
from tracker.stories.weights import TermWeights, shipped_rarity
from tracker.stories.words import is_unspaced, tokens

WINDOW = STORY_WINDOW
MAX_LOOKUP_TERMS = 8
"""Terms of an article by which others are found, the rarest first."""
MIN_RARITY = 2.2
"""Terms with less information (nats) are not looked up: one title in ten has them."""
MIN_SHARED_INFORMATION = 6.0
"""Information (nats) that an article of a small window must share with another: see `least_shared`."""
_SHARED_BY_CHANCE = 1.5
"""Information (nats) for each nat that the odds of a chance rise by (`_by_chance`).

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
_PROMISING = 1.5
"""Odds (logarithm) against a pair that may turn when one of the two has grown."""
_SOURCE = 3.0
"""Odds (logarithm) for a single report and a story of the source that it names."""
_DIGITS = 9
"""Of log-odds, that count."""
_SMALL = 4
"""Two stories with at most this many reports together need more than a single shared word (`_is_chance`)."""
_CHANCE = 600
"""Articles of the window up to which a shared word is no chance. From there on the odds must be as much higher."""
_REPEATED = 0.75
"""Likeness from which an article says nothing that its story does not."""
_TEMPLATE = 0.6
"""Titles with this share of words in common that differ in a number are two issues of a series."""
_EVENT = 32.0
"""Information (nats) of a title that is about one event, whatever it names."""
_ORDINARY = 0.5
"""Odds (logarithm) that a shared word needs that is no name. Chosen with `_BRIEF` on English, UCI and written stories:
without it written precision is 0.89, with it 0.92; with 1.0 English recall is 0.598, with 0.5 it is 0.603.
"""
_BRIEF = 24.0
"""Information (nats) of a title that says so little that any word in common is most of it: "A garden party"."""
_MIN_TITLE_WORDS = 2
"""Fewest title words that identify an article among those of its site."""


class Life(Struct, frozen=True):
    """How long a story goes on."""

    hours: float = 84.0
    """From its first report to its last, at most."""
    fading: float = 0.03
    """Odds (logarithm) that each hour from its first report to its last costs a story of up to four reports.

    A large story pays for each hour with the square of its doublings: 4 times as much at 16 reports, 9 times at 64. The
    more it has said, and the longer, the more of other news shares its words. So what all report in an hour may become
    large, and what goes on for days stays small.
    """
    most: int = 200
    """Articles, at most."""

    def cost(self, age: float, size: int) -> float:
        """Return the odds (logarithm) that age (seconds) and size of the story that would be made speak against it."""
        return self.fading * age / 3600 * max(1.0, math.log2(size) ** 2 / 4)


LIFE = Life()


def least_shared(articles: int, terms: Mapping[str, float]) -> float:
    """Return the information (nats) that an article must share with another in looked-up terms to be compared with it.

    The more articles the window has, the more of them share a word by chance. From some 9,000 on no single word is
    enough: half of the pairs that were compared had one, and seven in a thousand of those that were joined. Two of
    eight rare words are sooner shared by chance than two of three.
    """
    chance = _by_chance(articles)
    share = min(_MAX_SHARE, _SHARE_BY_CHANCE * chance)
    return max(MIN_SHARED_INFORMATION + _SHARED_BY_CHANCE * chance, share * sum(terms.values()))


def _by_chance(articles: int) -> float:
    return math.log(max(_CHANCE, articles) / _CHANCE)


def lookup_terms(terms: Iterable[str], weights: TermWeights) -> dict[str, float]:
    """Return the terms by which similar articles are looked up, the most distinctive first, with their information."""
    ranked = sorted(
        (-rarity, term) for term in terms if term[0] in "wng" and (rarity := weights.rarity[term]) >= MIN_RARITY
    )
    return {term: -rarity for rarity, term in ranked[:MAX_LOOKUP_TERMS]}


class _Story:
    __slots__ = (
        "_shape",
        "_weights",
        "counts",
        "first",
        "is_new",
        "is_pinned",
        "last",
        "links",
        "named",
        "near",
        "oldest",
        "parts",
        "size",
    )

    def __init__(
        self,
        parts: list[int],
        counts: Mapping[str, int],
        size: int,
        times: tuple[float, float],
        weights: TermWeights,
        *,
        is_pinned: bool,
        is_new: bool,
    ) -> None:
        self.parts = parts
        self.counts = counts
        self.size = size
        self.first, self.last = times
        self.oldest = (self.first, abs(parts[0]))
        self.is_pinned, self.is_new = is_pinned, is_new
        self._shape: Shape | None = None
        self._weights = weights
        self.near: dict[int, float] = {}
        """Stories that it may be one with, and the odds (logarithm) for it before `Life.cost`."""
        self.named: set[int] = set()
        """Stories, as they were at the beginning, of the sources that its only report names; of a larger one, none."""
        self.links: set[int] = set()
        """The same of articles whose address it gives as its source."""

    @property
    def shape(self) -> Shape:
        """What it says; made when it is first compared, as most stories have none near them."""
        if self._shape is None:
            self._shape = Shape(self.counts, self.size, self._weights)
        return self._shape


def _gives(names: Set[int], story: _Story) -> bool:
    return bool(names) and not names.isdisjoint(story.parts)


def join_stories(
    stories: Mapping[int, StoryProfile],
    new: Iterable[int],
    near: Mapping[int, Iterable[int]],
    weights: TermWeights,
    fitted: Model,
    life: Life = LIFE,
    *,
    favoured: Collection[tuple[int, int]] = (),
    linked: Collection[tuple[int, int]] = (),
    articles: int | None = None,
    log: Callable[[list[float], list[int], list[int]], None] | None = None,
) -> list[tuple[int, ...]]:
    """Return the stories that are one, each with the ids of its parts.

    The likeliest pair is joined first and the new story compared again with what is near it, until no pair is likelier
    than not. So the order in which articles came does not matter, only what is there.

    Args:
        stories: by id: those of the new articles, and older ones near them.
        new: ids of stories of the new articles; two pinned stories, and a pinned and an older one, stay apart.
        near: id to ids of stories that it may be one with.
        favoured: pairs of `near`: the first, a single report, names a source that has an article in the second.
        linked: pairs of `near`: the first gives the address of an article in the second, so they are one.
        articles: how many articles these days have; a single word joins none where that is not known.
        log: gets the features of each pair that is looked at, and the parts of both.
    """
    fresh = set(new)
    nodes = {one: _as_story(profile, weights, is_new=one in fresh) for one, profile in stories.items()}
    rarity = weights.rarity
    span = life.hours * 3600
    # The more articles there are, the likelier two of them share a word by chance: the odds of a pair fall with them.
    chance = math.inf if articles is None else _by_chance(articles)
    for left, right in favoured:
        if nodes[left].size == 1:
            nodes[left].named.add(right)
    for left, right in linked:
        nodes[left].links.add(right)
    heap: list[tuple[float, tuple[float, int], int, int]] = []

    def compare(left: int, right: int, least: float = -math.inf) -> None:
        one, two = nodes[left], nodes[right]
        if (one.is_pinned and not two.is_new) or (two.is_pinned and not one.is_new):
            return
        if _gives(one.links, two) or _gives(two.links, one):
            heapq.heappush(heap, (-math.inf, min(one.oldest, two.oldest), left, right))
            one.near[right] = two.near[left] = math.inf
            return
        size = one.size + two.size
        age = max(one.last, two.last) - min(one.first, two.first)
        if size > life.most or age > span:
            return
        cost = life.cost(age, size)
        is_named = _gives(one.named, two) or _gives(two.named, one)
        left_shape, right_shape = one.shape, two.shape
        needed = cost - _PROMISING
        if log is not None or is_named or least > needed:
            needed = -math.inf
        found = fitted.find(left_shape, right_shape, rarity, needed)
        if found is None:
            return
        if log is not None:
            log(found, one.parts, two.parts)
        # Sums over sets differ in their last digits between processes, and with them the order of like pairs.
        told = max(fitted.score(found), least)
        odds = round(told - cost, _DIGITS)
        is_weak = False
        if is_named:
            odds += _SOURCE
        elif log is None:  # training looks at such pairs, to learn what a word is worth
            is_weak = size <= _SMALL and has_one_word(found) and _is_chance(left_shape, right_shape, odds - chance)
        if odds <= -_PROMISING:
            return
        silence = max(one.first - two.last, two.first - one.last, 0.0)
        if odds > 0 and is_series(left_shape, right_shape, timedelta(seconds=silence)):
            return
        one.near[right] = two.near[left] = min(told, 0.0) if is_weak else told
        if odds > 0 and not is_weak:
            heapq.heappush(heap, (-odds, min(one.oldest, two.oldest), left, right))

    compared: set[tuple[int, int]] = set()
    for left, others in near.items():
        for right in others:
            if left != right and (right, left) not in compared:
                compared.add((left, right))
                compare(left, right)
    number = max([0, *map(abs, nodes)]) + 1
    while heap:
        _, _, left, right = heapq.heappop(heap)
        if left not in nodes or right not in nodes:
            continue
        one, two = nodes.pop(left), nodes.pop(right)
        nodes[number] = _joined(one, two, weights)
        for other in (one.near.keys() | two.near.keys()) - {left, right}:
            for part in (left, right):
                nodes[other].near.pop(part, None)
            compare(number, other, -math.inf if log is not None else _mean_odds(one, two, other))
        number += 1
    return [tuple(story.parts) for story in nodes.values() if len(story.parts) > 1]


def _mean_odds(one: _Story, two: _Story, other: int) -> float:
    """Return the mean of the odds that the parts of a new story are one with another; -inf where one was ruled out.

    A word that few of its reports have weighs little in the whole, however many such words the two share.
    """
    if other not in one.near or other not in two.near:
        return -math.inf
    return (one.near[other] * one.size + two.near[other] * two.size) / (one.size + two.size)


def _is_chance(one: Shape, two: Shape, odds: float) -> bool:
    """Return True where a single shared word says little: of one source, or where a text had room for more.

    So does a word that is no name, unless the odds are higher and both titles say enough besides.

    Args:
        odds: logarithm of the odds by which the pair is likelier than a chance.
    """
    if odds <= 0 or one.has_text or two.has_text or (one.source is not None and one.source == two.source):
        return True
    if not one.names.keys().isdisjoint(two.names):
        return False
    if odds < _ORDINARY or min(one.total, two.total) < _BRIEF:
        return True
    # Pairs of characters overlap, so what such a title says is not known.
    return any(is_unspaced(term[2:]) for shape in (one, two) for term in shape.words)


def _as_story(profile: StoryProfile, weights: TermWeights, *, is_new: bool) -> _Story:
    # Seconds: what pairs of moments are calculated with a hundred thousand times.
    first = profile.first.timestamp()
    times = (first, first if profile.last is profile.first else profile.last.timestamp())
    return _Story(
        [profile.story_id], profile.counts, profile.size, times, weights, is_pinned=profile.is_pinned, is_new=is_new
    )


def _joined(one: _Story, two: _Story, weights: TermWeights) -> _Story:
    counts = dict(one.counts)
    for term, count in two.counts.items():
        counts[term] = counts.get(term, 0) + count
    story = _Story(
        one.parts + two.parts,
        common_terms(counts),
        one.size + two.size,
        (min(one.first, two.first), max(one.last, two.last)),
        weights,
        is_pinned=one.is_pinned or two.is_pinned,
        is_new=one.is_new and two.is_new,
    )
    story.oldest = min(one.oldest, two.oldest)
    story.links = one.links | two.links
    return story


def is_repeat(new: StoryProfile, story: StoryProfile, weights: TermWeights) -> bool:
    """Return True for an article that says what its story says: who has read that has read it."""
    one, two = (Shape(profile.counts, profile.size, weights) for profile in (new, story))
    return features(one, two, weights.rarity)[0] >= _REPEATED


def is_series(one: Shape, two: Shape, silence: timedelta) -> bool:
    """Return True for two issues of a series: the same words with another number or date, or on another day."""
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

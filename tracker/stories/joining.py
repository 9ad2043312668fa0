"""Joins what one sync brought into stories, the likeliest pairs first, whatever order the feeds answered in."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from datetime import timedelta

from msgspec import Struct

from tracker.model.plan import StoryProfile, common_terms
from tracker.stories.group import by_chance, is_series
from tracker.stories.link import Model, has_one_word
from tracker.stories.shape import Shape
from tracker.stories.weights import TermWeights
from tracker.stories.words import is_unspaced

_PROMISING = 1.5
"""Odds (logarithm) against a pair that may turn when one of the two has grown."""
_SOURCE = 3.0
"""Odds (logarithm) for a single report and a story of the source that it names."""
_DIGITS = 9
"""Of log-odds, that count."""
_SMALL = 4
"""Two stories with at most this many reports together need more than a single shared word (`_is_chance`)."""
_ORDINARY = 0.5
"""Odds (logarithm) that a shared word needs that is no name. Chosen with `_BRIEF` on English, UCI and written stories:
without it written precision is 0.89, with it 0.92; with 1.0 English recall is 0.598, with 0.5 it is 0.603.
"""
_BRIEF = 24.0
"""Information (nats) of a title that says so little that any word in common is most of it: "A garden party"."""


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
    # The more articles there are, the likelier two of them share a word by chance: the odds of a pair fall with them.
    chance = math.inf if articles is None else by_chance(articles)
    fresh = set(new)
    known = {one: _as_story(profile, weights, is_new=one in fresh) for one, profile in stories.items()}
    for left, right in favoured:
        if known[left].size == 1:
            known[left].named.add(right)
    for left, right in linked:
        known[left].links.add(right)
    pairs = _Pairs(known, weights, fitted, life, chance, log)
    compared: set[tuple[int, int]] = set()
    for left, others in near.items():
        for right in others:
            if left != right and (right, left) not in compared:
                compared.add((left, right))
                pairs.compare(left, right)
    while pairs.join_likeliest():
        pass
    return [tuple(story.parts) for story in pairs.stories.values() if len(story.parts) > 1]


class _Pairs:
    """Stories, and the pairs of them that are likelier one than not, the likeliest first."""

    def __init__(
        self,
        stories: dict[int, _Story],
        weights: TermWeights,
        fitted: Model,
        life: Life,
        chance: float,
        log: Callable[[list[float], list[int], list[int]], None] | None,
    ) -> None:
        self.stories = stories
        self._weights = weights
        self._fitted = fitted
        self._life = life
        self._span = life.hours * 3600
        self._chance = chance
        self._log = log
        self._likely: list[tuple[float, tuple[float, int], int, int]] = []
        """A heap."""
        self._number = max([0, *map(abs, stories)]) + 1
        """Of the next story that is made of two."""

    def compare(self, left: int, right: int, least: float = -math.inf) -> None:
        """Note how likely two stories are one.

        Args:
            least: odds (logarithm) that they have in any case.
        """
        one, two = self.stories[left], self.stories[right]
        if (one.is_pinned and not two.is_new) or (two.is_pinned and not one.is_new):
            return
        if _gives(one.links, two) or _gives(two.links, one):
            heapq.heappush(self._likely, (-math.inf, min(one.oldest, two.oldest), left, right))
            one.near[right] = two.near[left] = math.inf
            return
        size = one.size + two.size
        age = max(one.last, two.last) - min(one.first, two.first)
        if size > self._life.most or age > self._span:
            return
        cost = self._life.cost(age, size)
        is_named = _gives(one.named, two) or _gives(two.named, one)
        needed = cost - _PROMISING
        if self._log is not None or is_named or least > needed:
            needed = -math.inf
        found = self._fitted.find(one.shape, two.shape, self._weights.rarity, needed)
        if found is None:
            return
        if self._log is not None:
            self._log(found, one.parts, two.parts)
        # Sums over sets differ in their last digits between processes, and with them the order of like pairs.
        told = max(self._fitted.score(found), least)
        odds = round(told - cost, _DIGITS)
        is_weak = False
        if is_named:
            odds += _SOURCE
        elif self._log is None:  # training looks at such pairs, to learn what a word is worth
            is_weak = size <= _SMALL and has_one_word(found) and _is_chance(one.shape, two.shape, odds - self._chance)
        if odds <= -_PROMISING:
            return
        silence = max(one.first - two.last, two.first - one.last, 0.0)
        if odds > 0 and is_series(one.shape, two.shape, timedelta(seconds=silence)):
            return
        one.near[right] = two.near[left] = min(told, 0.0) if is_weak else told
        if odds > 0 and not is_weak:
            heapq.heappush(self._likely, (-odds, min(one.oldest, two.oldest), left, right))

    def join_likeliest(self) -> bool:
        """Make one story of the likeliest pair, and compare it with what is near; False when no pair is left."""
        while self._likely:
            _, _, left, right = heapq.heappop(self._likely)
            if left in self.stories and right in self.stories:
                break
        else:
            return False
        one, two = self.stories.pop(left), self.stories.pop(right)
        number, self._number = self._number, self._number + 1
        self.stories[number] = _joined(one, two, self._weights)
        for other in (one.near.keys() | two.near.keys()) - {left, right}:
            for part in (left, right):
                self.stories[other].near.pop(part, None)
            self.compare(number, other, -math.inf if self._log is not None else _mean_odds(one, two, other))
        return True


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

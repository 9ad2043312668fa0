"""Whether a company in a title is what it is about, or named by the way: a logistic regression; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Generic, Literal, NamedTuple, TypeVar
from zlib import crc32

from tracker.model.remembered import Remembered
from tracker.model.tags import Match
from tracker.tagging.disambiguate import FINE, SCALE, norm, shape, words_and_marks

K = TypeVar("K")
T = TypeVar("T")
Role = Literal["", "stage", "voice"]
"""What a company is in headlines about others: a shop or platform, or a broker, rating agency or newspaper."""

SIZE = 1 << 14
"""Number of weights; features are hashed into them."""
REQUIRED = 0.5
"""Log-odds from which a company is named by the way. The labels hold three times as many of these as the news."""
_WINDOW = 90
_REMEMBERED = 1 << 12
"""Words and the like whose features are kept."""
_PHRASE = 40
"""Characters on each side in which a phrase with the name stands."""
_NEAR = 4
"""Words on each side whose own weight counts."""
_LISTED = 4
"""A title that lists this many companies is about none of them."""
_LONG = 15
"""Characters before the name of a source at the end of a title."""
_FORMER = frozenset(["former", "ex", "ancien", "ancienne", "ehemalige", "ehemaliger", "były", "była"])
_COMPARED = frozenset(["like", "unlike", "than", "comme", "the next", "le prochain"])
_RELATIONS = frozenset(
    ["rival", "rivals", "competitor", "competitors", "supplier", "suppliers", "alternative", "alternatives"]
)
_OF = frozenset(["of", "to"])
_ALIKE = _RELATIONS | {"like", "style"}
_ARTICLES = frozenset(["a", "an", "the", "le", "la", "das", "der"])
_OF_WHAT = re.compile(r" (?:of|for) (?!the year)[^\W\d]", re.IGNORECASE)
_AFTER = re.compile(r"(?:'s)?[ -]([a-z]+)", re.IGNORECASE)
_PLACES = frozenset(["on", "at", "from", "via", "by", "chez", "sur", "bei", "auf", "u", "na", "w"])
_ENDS = re.compile(
    r"\s*(?:$|[.,;:!?)\]\"”»|]|-\s|(?:for|in|on|and|et|pour|à|until|after|before|as|while|by)\b)", re.IGNORECASE
)
_COMMA = re.compile(r"[\s,;/&、，·]*+(?:and|or|und|et|i|y|e|和|与|及)?\s*+", re.IGNORECASE)
_BESIDE = re.compile(r"(?:'s?)? ?(?:new |own )?")


def joined(matches: Sequence[Match], title: str) -> list[tuple[int, int]]:
    """Return the places of a company's names in a title, those that stand together as one: "Adobe Photoshop"."""
    places: list[tuple[int, int]] = []
    for match in matches:
        if places and _BESIDE.fullmatch(title, places[-1][1], match.start):
            places[-1] = (places[-1][0], match.end)
        else:
            places.append((match.start, match.end))
    return places


def is_in_figure(title: str, start: int, end: int, companies: Sequence[tuple[int, int]]) -> bool:
    """Return True for the figures of speech that are too rare to learn and hardly ever mean the company.

    A former employer, what something is compared with, "the Uber of tractors", the source at the end of a title, and
    one of a list of four; the arguments are those of `features`.
    """
    before, after = title[max(0, start - _PHRASE) : start], title[end : end + _PHRASE]
    if _is_compared(before.lower(), after):
        return True
    if start >= _LONG and before[-3:] in (" - ", " | ") and not after.strip():
        return True
    return len(companies) >= _LISTED and _row(title, start, end, companies) >= _LISTED


def _is_compared(before: str, after: str) -> bool:
    """Return True after "former", "like" or "rival of", before "rival", and between "the" and "of"."""
    words = before.rstrip(" -").rsplit(" ", 3)
    last = words[-1]
    if last in _FORMER or " ".join(words[-2:]) in _COMPARED:
        return True
    if last in _ARTICLES:
        if _OF_WHAT.match(after):
            return True
        words.pop()
        last = words[-1] if words else ""
    if last in _COMPARED or (last in _OF and words[-2:-1] and words[-2] in _RELATIONS):
        return True
    found = _AFTER.match(after)
    return found is not None and found[1].lower() in _ALIKE


def features(
    title: str, start: int, end: int, companies: Sequence[tuple[int, int]], role: Role, groups: Mapping[str, int]
) -> list[str]:
    """Return the features of the company at `title[start:end]`.

    Args:
        title: as `plain` returns it.
        start: of the name.
        end: of the name.
        companies: where the title names companies, this one included, one place for each.
        role: of the company.
        groups: the number of the group that each known word belongs to.
    """
    return list(chain.from_iterable(_Parts(groups, tuple).of(title, start, end, companies, role)))


class _OfRole(NamedTuple, Generic[T]):
    """Features that depend on the role of the company, by what they are made of."""

    left: Remembered[str, tuple[T, ...]]
    right: Remembered[str, tuple[T, ...]]
    owned: Remembered[str, tuple[T, ...]]
    scene: Remembered[str, tuple[T, ...]]
    place: Remembered[tuple[int, int], tuple[T, ...]]
    others: Remembered[tuple[int, int, int, int], tuple[T, ...]]


class _Parts(Generic[T]):
    """The features of companies in titles, or what `numbers` makes of them, which is remembered."""

    def __init__(self, groups: Mapping[str, int], numbers: Callable[[Iterable[str]], tuple[T, ...]]) -> None:
        self._groups = groups
        self._numbers = numbers
        self._roles: dict[Role, _OfRole[T]] = {}
        self._lefts: Remembered[str, tuple[T, ...]] = self._remember(lambda token: (f"L:{norm(token)}",))
        self._rights: Remembered[str, tuple[T, ...]] = self._remember(lambda token: (f"R:{norm(token)}",))
        self._edges: Remembered[str, tuple[T, ...]] = self._remember(lambda edges: (f"glue:{edges}",))
        self._shapes: Remembered[str, tuple[T, ...]] = self._remember(lambda shapes: (f"s:{shapes}",))

    def of(
        self, title: str, start: int, end: int, companies: Sequence[tuple[int, int]], role: Role
    ) -> list[tuple[T, ...]]:
        """Return the features of a company in parts; the arguments are those of `features`."""
        before, after = title[max(0, start - _WINDOW) : start], title[end : end + _WINDOW]
        left = words_and_marks(before[-_PHRASE:].lower())[-_NEAR:]
        right = words_and_marks(after[:_PHRASE].lower())[:_NEAR]
        left_1 = left[-1] if left else "^"
        right_1, right_2 = (*right, "$", "$")[:2]
        count, earlier, later = len(companies), 0, 0
        for place, _ in companies:
            if place < start:
                earlier += 1
            elif place > start:
                later += 1
        row = min(_row(title, start, end, companies), _LISTED) if earlier or later else 1
        own = self._roles.get(role) or self._make_role(role)
        found = [
            own.left[left_1],
            own.right[right_1],
            own.place[_distance(before), _distance(after)],
            self._edges[f"{before[-1:].strip()}_{after[:1].strip()}"],
            self._shapes[shape(before.rstrip().rpartition(" ")[2]) + shape(after.lstrip().partition(" ")[0])],
            own.others[min(count, _LISTED), min(earlier, 3), min(later, 3), row],
        ]
        if right_1 == "'s":  # what the company has
            found.append(own.owned[right_2])
        if left_1 in _PLACES and before[-1] == " ":
            found.append(own.scene["$" if _ENDS.match(after) else ""])
        if after[:1] == "-":
            found.append(self._numbers((f"hyphen:{norm(right[1]) if len(right) > 1 else ''}",)))
        found += map(self._lefts.__getitem__, left)
        found += map(self._rights.__getitem__, right)
        return found

    def _make_role(self, role: Role) -> _OfRole[T]:
        found = self._roles[role] = _OfRole(
            self._remember(lambda token: self._of_side("l", role, norm(token))),
            self._remember(lambda token: self._of_side("r", role, norm(token))),
            self._remember(lambda token: self._of_owned(role, norm(token))),
            self._remember(lambda ends: (f"at:{ends}", f"at:{role}", f"at:{role}{ends}")),
            self._remember(lambda key: _of_place(role, *key)),
            self._remember(lambda key: _of_others(role, *key)),
        )
        return found

    def _remember(self, features: Callable[[K], Iterable[str]]) -> Remembered[K, tuple[T, ...]]:
        return Remembered(lambda key: self._numbers(features(key)), _REMEMBERED)

    def _class(self, word: str) -> int:
        return self._groups.get(word, -1) // FINE

    def _of_side(self, side: str, role: Role, word: str) -> tuple[str, ...]:
        word_class = self._class(word)
        return f"{side}:{word}", f"g{side}:{word_class}", f"k{side}:{role}{word}", f"kg{side}:{role}{word_class}"

    def _of_owned(self, role: Role, word: str) -> tuple[str, ...]:
        word_class = self._class(word)
        return f"p:{word}", f"pg:{word_class}", f"kp:{role}{word_class}"


def _of_place(role: Role, first: int, last: int) -> tuple[str, ...]:
    """Return features of the role, and of where the name stands."""
    return "1", f"k:{role}", f"a:{first}", f"z:{last}", f"az:{first}{last}", f"kaz:{role}{first}{last}"


def _of_others(role: Role, count: int, earlier: int, later: int, row: int) -> tuple[str, ...]:
    """Return features of the other companies in the title."""
    return f"n:{count}", f"b:{earlier}", f"c:{later}", f"kn:{role}{min(earlier, 1)}{min(later, 1)}", f"list:{row}"


def _distance(text: str) -> int:
    """Return how far the end of the title is: 0 for no word, 1 to 3 for more."""
    words = len(text.split())
    return (words > 0) + (words > 2) + (words > 5)


def _row(title: str, start: int, end: int, companies: Sequence[tuple[int, int]]) -> int:
    """Return how many companies stand in a row with this one, with only commas between them."""
    row: list[tuple[int, int]] = []
    for place in sorted({*companies, (start, end)}):
        if row and not _COMMA.fullmatch(title, row[-1][1], place[0]):
            if (start, end) in row:
                break
            row = []
        row.append(place)
    return len(row)


def buckets(found: Iterable[str]) -> Iterator[int]:
    """Yield the number of the weight of each feature."""
    for feature in found:
        yield crc32(feature.encode("utf-8", "replace")) & (SIZE - 1)


class Asides:
    """The trained weights."""

    def __init__(self, weights: bytes, groups: Mapping[str, int]) -> None:
        """Take the weights as training writes them, a signed byte each, and the groups of words."""
        if len(weights) != SIZE:
            raise ValueError(f"{SIZE} weights are needed, not {len(weights)}")
        self._weight = memoryview(weights).cast("b").__getitem__
        self._parts = _Parts(groups, lambda found: tuple(buckets(found)))

    def log_odds(
        self, title: str, start: int, end: int, companies: Sequence[tuple[int, int]], role: Role = ""
    ) -> float:
        """Return the log-odds that the company is neither subject nor object; the arguments are those of `features`."""
        found = set[int]().union(*self._parts.of(title, start, end, companies, role))
        return sum(map(self._weight, found)) / SCALE

    def is_aside(self, title: str, start: int, end: int, companies: Sequence[tuple[int, int]], role: Role = "") -> bool:
        """Return True when the company is named by the way; the arguments are those of `features`."""
        return (
            is_in_figure(title, start, end, companies) or self.log_odds(title, start, end, companies, role) > REQUIRED
        )

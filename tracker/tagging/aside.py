"""Whether a company in a title is what it is about, or named by the way: a logistic regression; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Generic, Literal, NamedTuple, TypeVar
from zlib import crc32

from tracker.model.remembered import Remembered
from tracker.model.tags import Match
from tracker.tagging.disambiguate import FINE, SCALE, total, weighted
from tracker.tagging.wording import first_words, last_words, norm, shape

K = TypeVar("K")
T = TypeVar("T")
Role = Literal["", "stage", "voice"]
"""What a company is in headlines about others: a shop or platform, or a broker, rating agency or newspaper."""

SIZE = 1 << 14
"""Number of weights; features are hashed into them."""
REQUIRED = 0.5
"""Log-odds from which a company is named by the way. The labels hold three times as many of these as the news."""
_WINDOW = 90
_REMEMBERED = 1 << 13
"""Words and the like whose features are kept."""
_PHRASE = 40
"""Characters on each side in which a phrase with the name stands."""
_NEAR = 4
"""Words on each side whose own weight counts."""
_FAR = 5
"""Words from which on it does not matter how far the end of the title is."""
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
_BEFORE_FIGURE = _FORMER | _ARTICLES | _OF | {one.rpartition(" ")[2] for one in _COMPARED}
"""Last words before the name in a figure of speech."""
_ALIKE_AFTER = re.compile(rf"(?:'s)?[ -](?:{'|'.join(sorted(_ALIKE))})(?![a-z])", re.IGNORECASE)
_PLACES = frozenset(["on", "at", "from", "via", "by", "chez", "sur", "bei", "auf", "u", "na", "w"])
_ENDS = re.compile(
    r"\s*(?:$|[.,;:!?)\]\"”»|]|-\s|(?:for|in|on|and|et|pour|à|until|after|before|as|while|by)\b)", re.IGNORECASE
)
_COMMA = re.compile(r"[\s,;/&、，·]*+(?:and|or|und|et|i|y|e|和|与|及)?\s*+", re.IGNORECASE)
_BESIDE = re.compile(r"(?:'s?)? ?(?:new |own )?")


def joined(matches: Sequence[Match], title: str) -> list[tuple[int, int]]:
    """Return the places of a company's names in a title, those that stand together as one: "Adobe Photoshop".

    There is at least one match.
    """
    places = [(matches[0].start, matches[0].end)]
    for match in matches[1:]:
        if _BESIDE.fullmatch(title, places[-1][1], match.start):
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
    if _ALIKE_AFTER.match(after):
        return True
    before = before.rstrip(" -")
    if before.rpartition(" ")[2] not in _BEFORE_FIGURE:
        return False
    words = before.rsplit(" ", 3)
    last = words[-1]
    if last in _FORMER or " ".join(words[-2:]) in _COMPARED:
        return True
    if last in _ARTICLES:
        if _OF_WHAT.match(after):
            return True
        words.pop()
        last = words[-1] if words else ""
    return last in _COMPARED or (last in _OF and bool(words[-2:-1]) and words[-2] in _RELATIONS)


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
    place: Remembered[tuple[int, int, int, int, int, int], tuple[T, ...]]


class _Parts(Generic[T]):
    """The features of companies in titles, or what `numbers` makes of them, which is remembered."""

    def __init__(self, groups: Mapping[str, int], numbers: Callable[[Iterable[str]], tuple[T, ...]]) -> None:
        self._groups = groups
        self._numbers = numbers
        self._roles: dict[Role, _OfRole[T]] = {}
        self._lefts: Remembered[str, tuple[T, ...]] = self._remember(lambda token: (f"L:{norm(token)}",))
        self._rights: Remembered[str, tuple[T, ...]] = self._remember(lambda token: (f"R:{norm(token)}",))
        self._looks: Remembered[tuple[str, str, str, str], tuple[T, ...]] = self._remember(lambda key: _of_look(*key))

    def of(
        self, title: str, start: int, end: int, companies: Sequence[tuple[int, int]], role: Role
    ) -> list[tuple[T, ...]]:
        """Return the features of a company in parts; the arguments are those of `features`."""
        before, after = title[max(0, start - _WINDOW) : start], title[end : end + _WINDOW]
        befores, afters = before[-_PHRASE:].split(), after[:_PHRASE].split()
        left, right = last_words(befores, _NEAR), first_words(afters, _NEAR)
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
            own.place[_distance(befores, before), _distance(afters, after), count, earlier, later, row],
            self._looks[
                before[-1:],
                after[:1],
                shape(before.rstrip().rpartition(" ")[2]),
                shape(after.lstrip().partition(" ")[0]),
            ],
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


def _of_place(role: Role, first: int, last: int, count: int, earlier: int, later: int, row: int) -> tuple[str, ...]:
    """Return features of the role, of where the name stands, and of the other companies in the title."""
    return (
        "1",
        f"k:{role}",
        f"a:{first}",
        f"z:{last}",
        f"az:{first}{last}",
        f"kaz:{role}{first}{last}",
        f"n:{min(count, _LISTED)}",
        f"b:{min(earlier, 3)}",
        f"c:{min(later, 3)}",
        f"kn:{role}{min(earlier, 1)}{min(later, 1)}",
        f"list:{row}",
    )


def _of_look(before: str, after: str, left: str, right: str) -> tuple[str, ...]:
    """Return features of the characters and of the shapes of the words on either side."""
    return f"glue:{before.strip()}_{after.strip()}", f"s:{left}{right}"


def _distance(near: Sequence[str], text: str) -> int:
    """Return how far the end of the title is, to which `near` are the nearest words: 0 for no word, 1 to 3 for more."""
    words = len(near) if len(near) > _FAR else len(text.split())
    return (words > 0) + (words > 2) + (words > _FAR)


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
        self._parts = _Parts(groups, partial(weighted, memoryview(weights).cast("b"), buckets))

    def log_odds(
        self, title: str, start: int, end: int, companies: Sequence[tuple[int, int]], role: Role = ""
    ) -> float:
        """Return the log-odds that the company is neither subject nor object; the arguments are those of `features`."""
        return total(self._parts.of(title, start, end, companies, role)) / SCALE

    def is_aside(self, title: str, start: int, end: int, companies: Sequence[tuple[int, int]], role: Role = "") -> bool:
        """Return True when the company is named by the way; the arguments are those of `features`."""
        return (
            is_in_figure(title, start, end, companies) or self.log_odds(title, start, end, companies, role) > REQUIRED
        )

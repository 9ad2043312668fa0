"""Whether a company in a title is what it is about, or named by the way: a logistic regression; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal
from zlib import crc32

from tracker.model.tags import Match
from tracker.tagging.disambiguate import FINE, SCALE, norm, shape

Role = Literal["", "stage", "voice"]
"""What a company is in headlines about others: a shop or platform, or a broker, rating agency or newspaper."""

SIZE = 1 << 14
"""Number of weights; features are hashed into them."""
REQUIRED = 0.5
"""Log-odds from which a company is named by the way. The labels hold three times as many of these as the news."""
_WINDOW = 90
_PHRASE = 40
"""Characters on each side in which a phrase with the name stands."""
_NEAR = 4
"""Words on each side whose own weight counts."""
_LISTED = 4
"""A title that lists this many companies is about none of them."""
_LONG = 15
"""Characters before the name of a source at the end of a title."""
_TOKEN = re.compile(r"'s\b|[^\W_]+(?:[.&'][^\W_]+)*|[$€£%]|[^\w\s]")
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
    before, after = title[max(0, start - _WINDOW) : start], title[end : end + _WINDOW]
    left = [norm(token) for token in _TOKEN.findall(before[-_PHRASE:].lower())[-_NEAR:]]
    right = [norm(token) for token in _TOKEN.findall(after[:_PHRASE].lower())[:_NEAR]]
    left_1 = left[-1] if left else "^"
    right_1, right_2 = (*right, "$", "$")[:2]
    left_class, right_class, next_class = [groups.get(word, -1) // FINE for word in (left_1, right_1, right_2)]
    found = [
        "1",
        f"k:{role}",
        f"l:{left_1}",
        f"r:{right_1}",
        f"gl:{left_class}",
        f"gr:{right_class}",
        f"kl:{role}{left_1}",
        f"kr:{role}{right_1}",
        f"kgl:{role}{left_class}",
        f"kgr:{role}{right_class}",
    ]
    if right_1 == "'s":  # what the company has
        found += (f"p:{right_2}", f"pg:{next_class}", f"kp:{role}{next_class}")
    if left_1 in _PLACES and before[-1] == " ":
        ends = "$" if _ENDS.match(after) else ""
        found += (f"at:{ends}", f"at:{role}", f"at:{role}{ends}")
    found += [f"L:{token}" for token in left]
    found += [f"R:{token}" for token in right]
    found += _shapes(before, after, right, role)
    found += _others(title, start, end, companies, role)
    return found


def _shapes(before: str, after: str, right: list[str], role: Role) -> list[str]:
    """Return features of where the name stands, and of what touches it."""
    first, last = _distance(before), _distance(after)
    shapes = f"{shape(before.rstrip().rpartition(' ')[2])}{shape(after.lstrip().partition(' ')[0])}"
    found = [
        f"a:{first}",
        f"z:{last}",
        f"az:{first}{last}",
        f"kaz:{role}{first}{last}",
        f"glue:{before[-1:].strip()}_{after[:1].strip()}",
        f"s:{shapes}",
    ]
    if after[:1] == "-":
        found.append(f"hyphen:{right[1] if len(right) > 1 else ''}")
    return found


def _distance(text: str) -> int:
    """Return how far the end of the title is: 0 for no word, 1 to 3 for more."""
    words = len(text.split())
    return (words > 0) + (words > 2) + (words > 5)


def _others(title: str, start: int, end: int, companies: Sequence[tuple[int, int]], role: Role) -> tuple[str, ...]:
    """Return features of the other companies in the title."""
    before = sum([place[0] < start for place in companies])
    after = sum([place[0] > start for place in companies])
    row = min(_row(title, start, end, companies), _LISTED) if before or after else 1
    return (
        f"n:{min(len(companies), _LISTED)}",
        f"b:{min(before, 3)}",
        f"c:{min(after, 3)}",
        f"kn:{role}{min(before, 1)}{min(after, 1)}",
        f"list:{row}",
    )


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
    return map(_bucket, found)


@lru_cache(maxsize=1 << 13)
def _bucket(feature: str) -> int:
    return crc32(feature.encode("utf-8", "replace")) & (SIZE - 1)


class Asides:
    """The trained weights."""

    def __init__(self, weights: bytes, groups: Mapping[str, int]) -> None:
        """Take the weights as training writes them, a signed byte each, and the groups of words."""
        if len(weights) != SIZE:
            raise ValueError(f"{SIZE} weights are needed, not {len(weights)}")
        self._weights = memoryview(weights).cast("b")
        self._groups = groups

    def log_odds(
        self, title: str, start: int, end: int, companies: Sequence[tuple[int, int]], role: Role = ""
    ) -> float:
        """Return the log-odds that the company is neither subject nor object; the arguments are those of `features`."""
        found = set(buckets(features(title, start, end, companies, role, self._groups)))
        return sum(map(self._weights.__getitem__, found)) / SCALE

    def is_aside(self, title: str, start: int, end: int, companies: Sequence[tuple[int, int]], role: Role = "") -> bool:
        """Return True when the company is named by the way; the arguments are those of `features`."""
        return (
            is_in_figure(title, start, end, companies) or self.log_odds(title, start, end, companies, role) > REQUIRED
        )

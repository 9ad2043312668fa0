"""Compares two readings of one view with little memory: a view may hold a million ids."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection

from tracker.model.id_set import IdSet

_CHUNK = 1_024
_FEW = 10_000


class Difference:
    """What is new and what is gone in a newer reading of a view.

    Where both begin and end with the same ids, only those between are compared one by one: mostly a few rows.
    """

    def __init__(self, old: array[int], new: array[int]) -> None:
        self._new = new
        head = _common(old, new)
        # The last row of the common head stays in, as what is gone may be kept behind it.
        self._head = max(0, head - 1)
        self._tail = _common_end(old[head:], new[head:])
        self._old_middle = old[self._head : len(old) - self._tail]
        self._new_middle = new[self._head : len(new) - self._tail]
        self._present = _among(self._old_middle, self._new_middle)
        self.gone = array("q", (one for one in self._old_middle if one not in self._present))
        """The ids that are no longer in the list."""

    def merged(self, is_kept: Callable[[int], bool]) -> array[int]:
        """Return the newer reading with those of the gone that `is_kept` selects, each after its former predecessor.

        Read articles stay in a list of unread ones until the list is loaded again: nothing vanishes while you read.
        """
        followers: dict[int | None, list[int]] = {}
        anchor: int | None = None
        first_known: int | None = None
        for article_id in self._old_middle:
            if article_id in self._present:
                anchor = article_id
            elif is_kept(article_id):
                followers.setdefault(anchor, []).append(article_id)
        if not followers:
            return self._new
        if None in followers:
            known = IdSet(self._old_middle)
            first_known = next((one for one in self._new_middle if one in known), None)
        merged = self._new[: self._head]
        for article_id in self._new_middle:
            if article_id == first_known:
                merged.extend(followers.pop(None))
            merged.append(article_id)
            merged.extend(followers.get(article_id, ()))
        merged.extend(followers.get(None, ()))
        merged.extend(self._new[len(self._new) - self._tail :])
        return merged

    def fresh(self, but: Collection[int]) -> int:
        """Return how many ids were not there before, `but` those not counted."""
        stayed = len(self._old_middle) - len(self.gone)
        before, now = _among(but, self._old_middle), _among(but, self._new_middle)
        return len(self._new_middle) - stayed - sum(one in now and one not in before for one in but)


def _among(wanted: Collection[int], ids: array[int]) -> set[int] | IdSet:
    """Return what tells which of some ids are in a list: the few that are found, or a set of all where many are asked.

    To put a million ids into a set keeps the keys from the interpreter for half a second.
    """
    if len(wanted) > _FEW:
        return IdSet(ids)
    asked, found = set(wanted), set[int]()
    for at in range(0, len(ids), _CHUNK):
        if len(found) == len(asked):
            break
        found.update(asked.intersection(ids[at : at + _CHUNK]))
    return found


def _common(one: array[int], other: array[int]) -> int:
    """Return how many ids both begin with."""
    at, end = 0, min(len(one), len(other))
    while at < end and one[at : at + _CHUNK] == other[at : at + _CHUNK]:
        at = min(at + _CHUNK, end)
    while at < end and one[at] == other[at]:
        at += 1
    return at


def _common_end(one: array[int], other: array[int]) -> int:
    """Return how many ids both end with."""
    end, at = min(len(one), len(other)), 0
    while at < end and _end(one, at, end) == _end(other, at, end):
        at = min(at + _CHUNK, end)
    while at < end and one[-at - 1] == other[-at - 1]:
        at += 1
    return at


def _end(ids: array[int], at: int, end: int) -> array[int]:
    last = len(ids) - at
    return ids[max(last - _CHUNK, len(ids) - end) : last]

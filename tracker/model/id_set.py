"""A set of ids in about a byte for each: a million Python integers in a `set` take 100 MB."""

from __future__ import annotations

from collections.abc import Iterable

_BITS = 12
_SIZE = 1 << _BITS


class IdSet:
    """Integers that are mostly close together, as the ids of a table are; any integer is taken."""

    def __init__(self, ids: Iterable[int] = ()) -> None:
        self._blocks: dict[int, bytearray] = {}
        for one in ids:
            self.add(one)

    def add(self, one: int) -> bool:
        """Add an id; return whether it is new."""
        number = one >> _BITS
        block = self._blocks.get(number)
        if block is None:
            block = self._blocks[number] = bytearray(_SIZE)
        at = one & (_SIZE - 1)
        is_new = not block[at]
        block[at] = 1
        return is_new

    def __contains__(self, one: int) -> bool:
        block = self._blocks.get(one >> _BITS)
        return block is not None and block[one & (_SIZE - 1)] == 1

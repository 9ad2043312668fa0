"""Features that recur from text to text, and the numbers of their weights: made when first asked for; pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
T = TypeVar("T")


class Remembered(dict[K, tuple[T, ...]]):
    """What `make` returns for a key, made once; emptied when there is too much of it."""

    def __init__(self, make: Callable[[K], tuple[T, ...]], limit: int = 1 << 11) -> None:
        super().__init__()
        self._make = make
        self._limit = limit

    def __missing__(self, key: K) -> tuple[T, ...]:
        if len(self) >= self._limit:
            self.clear()
        found = self[key] = self._make(key)
        return found

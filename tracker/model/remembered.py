"""What is made when it is first asked for, and then remembered; pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Remembered(dict[K, V]):
    """What `make` returns for a key, made once; emptied when there are `limit` keys."""

    def __init__(self, make: Callable[[K], V], limit: int | None = None) -> None:
        super().__init__()
        self._make = make
        self._limit = limit

    def __missing__(self, key: K) -> V:
        if self._limit is not None and len(self) >= self._limit:
            self.clear()
        found = self[key] = self._make(key)
        return found

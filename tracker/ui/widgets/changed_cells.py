"""Which cells of a line on screen have to be drawn again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import TypeVar

T = TypeVar("T")


def changed_cells(old: Sequence[T], new: Sequence[T], cells: Callable[[T], int]) -> tuple[int, int] | None:
    """Return the first cell in which two lines of one width differ and the one after the last; None where none does.

    Args:
        old: what a line was drawn from: characters, or runs of them in one style.
        new: what it is to be drawn from.
        cells: returns the width of one of them. Regions begin and end between two, so no wide character is cut.
    """
    head = _common(old, new)
    if head == len(old) == len(new):
        return None
    tail = _common(old[head:][::-1], new[head:][::-1])
    return sum(map(cells, new[:head])), sum(map(cells, new[: len(new) - tail]))


def _common(old: Sequence[T], new: Sequence[T]) -> int:
    """Return how many items both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))

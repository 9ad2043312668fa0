"""How the time of some work grows with its size, whatever the machine and its load are."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_TIMES = 8
_MAX_RATIO = 3.0 * _TIMES
"""Work in linear time takes 8 times as long for 8 times the size, in quadratic time 64 times."""
_LEAST_SECONDS = 0.002
"""Less than this is taken as this much: of what a clock can hardly measure, ratios say nothing."""


def assert_linear(make: Callable[[int], T], work: Callable[[T], object], size: int) -> None:
    """Fail if work on `make(size)` takes more than 24 times as long as on `make(size // 8)`.

    Counted is the processor time of this thread, the least of several runs.
    """
    before = max(_LEAST_SECONDS, _seconds(work, make(size // _TIMES)))
    for tries in (1, 3):  # another process may have taken the caches away
        took = min(_seconds(work, make(size)) for _ in range(tries))
        if took <= before * _MAX_RATIO:
            return
        before = max(before, _seconds(work, make(size // _TIMES)))
    raise AssertionError(
        f"size {size // _TIMES:,} takes {before * 1e3:.1f} ms, size {size:,} takes {took * 1e3:.1f} ms"
    )


def _seconds(work: Callable[[T], object], given: T) -> float:
    began = time.thread_time()
    work(given)
    return time.thread_time() - began

"""Spans of a text, and which of them cover another; pure."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate


class Spans:
    """Spans of a text that can be searched without a scan: a text may have thousands of spans and names."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        spans.sort()
        self._starts = [start for start, _ in spans]
        self._ends = list(accumulate((end for _, end in spans), max))

    def has_longer(self, start: int, end: int) -> bool:
        """Return True when a span contains this one and more."""
        return self.reach(start + 1, end) or self.reach(start, end - 1)

    def reach(self, before: int, beyond: int) -> bool:
        """Return True when a span starts before `before` and ends after `beyond`."""
        count = bisect_left(self._starts, before)
        return count > 0 and self._ends[count - 1] > beyond

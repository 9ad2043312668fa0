"""What a bench measured, beside a named peer in the same run: printed for people, and as lines that a report reads."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

import msgspec
from msgspec import Struct


def timed(work: Callable[[], object], *, rounds: int = 1, clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the seconds that some work took, the least of some rounds."""
    found = []
    for _ in range(rounds):
        begin = clock()
        work()
        found.append(clock() - begin)
    return min(found)


class Spread(Struct, frozen=True):
    """Some values of one thing."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    def share(self, part: float) -> float:
        """Return the value that this part of all does not exceed."""
        return sorted(self.values)[min(len(self.values) - 1, int(len(self.values) * part))]

    def text(self, unit: str) -> str:
        """Return median, smallest and largest in words; the unit alone where there is one value."""
        if len(self.values) == 1:
            return f"{_short(self.median)} {unit}".strip()
        return f"{_short(self.median)} ({_short(min(self.values))} to {_short(max(self.values))}) {unit}".strip()


class Figure(Struct, frozen=True):
    """One line of a report."""

    what: str
    unit: str
    ours: Spread
    peer: str
    """What ran beside it."""
    theirs: Spread
    limit: str
    """What it should be, in words."""
    command: str

    @property
    def ratio(self) -> float:
        """How many times the peer's median."""
        return self.ours.median / self.theirs.median if self.theirs.median else float("inf")

    def text(self) -> str:
        """Return it in one line for people."""
        return (
            f"{self.what:44} {self.ours.text(self.unit):34} {self.peer}: {self.theirs.text(self.unit):30}"
            f" {_short(self.ratio)} of it   limit: {self.limit}"
        )


def spread(values: Sequence[float]) -> Spread:
    """Return values as a spread.

    Raises:
        ValueError: without any.
    """
    if not values:
        raise ValueError("nothing was measured")
    return Spread(tuple(round(value, 4) for value in values))


def to_line(figure: Figure) -> str:
    """Return a figure as a line of JSON."""
    return msgspec.json.encode(figure).decode()


def from_line(line: str) -> Figure:
    """Return the figure of a line of JSON."""
    return msgspec.json.decode(line, type=Figure)


def table(figures: Sequence[Figure]) -> str:
    """Return figures as a Markdown table."""
    lines = ["| what | median (min to max) | beside it | ratio | limit | command |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {one.what} | {one.ours.text(one.unit)} | {one.peer}: {one.theirs.text(one.unit)} | {_short(one.ratio)}"
        f" | {one.limit} | `{one.command}` |"
        for one in figures
    ]
    return "\n".join(lines)


def _short(number: float) -> str:
    if number == float("inf"):
        return "–"
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"

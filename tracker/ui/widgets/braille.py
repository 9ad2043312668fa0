"""Lines in braille: 2 x 4 dots in every cell, the finest a terminal draws with text alone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Point = tuple[float, float]
"""(x, y) in dots: x from the left, y from the top."""

_BLANK = 0x2800
# Dot bits by column and row of a cell: Unicode numbers the first six dots down the columns and the last two below.
_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))


class BrailleCanvas:
    """A drawing of `width_cells` x `height_cells` cells, each 2 x 4 dots; what falls outside is cut."""

    def __init__(self, width_cells: int, height_cells: int) -> None:
        self._cells = [[0] * max(0, width_cells) for _ in range(max(0, height_cells))]
        self.width = 2 * max(0, width_cells)
        """Width in dots."""
        self.height = 4 * max(0, height_cells)
        """Height in dots."""

    def set(self, x: int, y: int) -> None:
        """Set one dot; one outside the canvas is ignored."""
        if 0 <= x < self.width and 0 <= y < self.height:
            self._cells[y // 4][x // 2] |= _BITS[x % 2][y % 4]

    def plot_line(self, points: Iterable[Point | None]) -> None:
        """Join points by straight lines; None is a gap, and a point between two gaps is one dot."""
        before: tuple[int, int] | None = None
        for point in points:
            if point is None or not (math.isfinite(point[0]) and math.isfinite(point[1])):
                before = None
                continue
            here = (self._near(point[0], self.width), self._near(point[1], self.height))
            self._stroke(before or here, here)
            before = here

    def plot_row(self, y: float, every: int = 3, start: int = 0, stop: int | None = None) -> None:
        """Draw a dotted horizontal line at `y` from dot `start` to before `stop`, a dot in `every`."""
        if math.isfinite(y):
            for x in range(max(0, start), self.width if stop is None else min(stop, self.width), max(1, every)):
                self.set(x, round(y))

    def plot_column(self, x: float, every: int = 2) -> None:
        """Draw a dotted vertical line at `x` over the whole height, a dot in `every`."""
        if math.isfinite(x):
            for y in range(0, self.height, max(1, every)):
                self.set(round(x), y)

    def rows(self) -> list[str]:
        """Return the drawing, one string for each row of cells, each as wide as the canvas; empty cells are spaces."""
        return ["".join(chr(_BLANK + dots) if dots else " " for dots in row) for row in self._cells]

    def _near(self, value: float, size: int) -> int:
        """Round to a dot at most one canvas away, so that a stroke to a far point does not take forever."""
        return round(max(-float(size), min(value, 2.0 * size)))

    def _stroke(self, one: tuple[int, int], other: tuple[int, int]) -> None:
        (x0, y0), (x1, y1) = one, other
        steps = max(abs(x1 - x0), abs(y1 - y0))
        if steps == 0:
            self.set(x0, y0)
            return
        for step in range(steps + 1):
            self.set(x0 + round((x1 - x0) * step / steps), y0 + round((y1 - y0) * step / steps))


def bounds(values: Iterable[float | None]) -> tuple[float, float] | None:
    """Return the smallest and largest known value, or None where none is known."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    return (min(known), max(known)) if known else None


def scale(value: float, low: float, high: float, size: int) -> float:
    """Return the place of `value` on `size` dots, 0 for `low` and `size - 1` for `high`; the middle where they are one.

    What lies outside lands outside, for the canvas to cut.
    """
    if size < 1:
        return 0.0
    span = high - low
    if span == 0 or not math.isfinite(span):
        return (size - 1) / 2
    return (value - low) / span * (size - 1)


def scale_points(
    values: Sequence[float | None], low: float, high: float, width: int, height: int
) -> list[Point | None]:
    """Spread values evenly over `width` x `height` dots, `low` at the bottom and `high` at the top; gaps stay gaps."""
    last = len(values) - 1
    return [
        None
        if value is None or not math.isfinite(value)
        else (
            scale(index, 0, last, width) if last else float(width - 1),
            max(0, height - 1) - scale(value, low, high, height),
        )
        for index, value in enumerate(values)
    ]


def thin(values: Sequence[float | None], count: int) -> list[float | None]:
    """Return at most `count` values: the last known one of each of `count` equal stretches, None for an empty one."""
    if len(values) <= count:
        return list(values)
    thinned: list[float | None] = []
    for part in range(count):
        stretch = values[part * len(values) // count : (part + 1) * len(values) // count]
        thinned.append(next((value for value in reversed(stretch) if value is not None), None))
    return thinned


def sparkline(values: Sequence[float | None], width: int) -> str:
    """Draw values, oldest first, as a line of exactly `width` cells; fewer than two known ones leave it empty."""
    dots = 2 * max(0, width)
    kept = thin([value if value is not None and math.isfinite(value) else None for value in values], dots)
    limits = bounds(kept)
    if limits is None or sum(value is not None for value in kept) < 2:
        return " " * max(0, width)
    canvas = BrailleCanvas(width, 1)
    canvas.plot_line(scale_points(kept, *limits, canvas.width, canvas.height))
    return canvas.rows()[0]

"""Which columns a line has room for, and which give way first; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

Steps = Sequence[tuple[int, int]]
"""(from this width of the line, so many cells), the widest first."""


class Optional(Struct, frozen=True):
    """A column that is shown where there is room."""

    name: str
    cells: int
    most: int | None = None
    """Cells that it takes at most where there are more; None: never more than `cells`."""
    rest: int = 0
    """Cells that must be left for the rest of the line, such as a headline, when it is shown."""


def cells_at(width: int, steps: Steps) -> int:
    """Return the cells of a column in a line of `width`; 0 in a line that is too narrow for it."""
    return next((cells for least, cells in steps if width >= least), 0)


def columns_in(room: int, columns: Sequence[Optional], *, gap: int, is_strict: bool = False) -> Mapping[str, int]:
    """Return the columns that fit into `room` with their cells, the first to come in first.

    Args:
        gap: cells between two columns.
        is_strict: a column that does not fit keeps out those after it.
    """
    chosen: dict[str, int] = {}
    for column in columns:
        if column.cells + gap + column.rest <= room:
            cells = min(column.most or column.cells, room - gap - column.rest)
            chosen[column.name] = cells
            room -= cells + gap
        elif is_strict:
            break
    return chosen


def kept(widths: Sequence[int], leaves: Sequence[int], room: int, *, gap: int) -> list[int]:
    """Return the places of a table's columns that stay when it has to fit into `room`; it may still be too wide.

    Args:
        widths: the smallest width of each.
        leaves: when each goes, 1 first; 0: never.
    """
    places = list(range(len(widths)))
    for going in sorted((place for place in places if leaves[place]), key=lambda place: leaves[place]):
        if sum(widths[place] for place in places) + gap * (len(places) - 1) <= room:
            break
        places.remove(going)
    return places


def narrowed(widths: Sequence[int], leasts: Sequence[int | None], room: int, *, gap: int) -> list[int]:
    """Return the widths of a table's columns cut down to `room`, the last column first; it may still be too wide.

    Args:
        leasts: the smallest width of each; None: it is never cut.
    """
    cut = list(widths)
    over = sum(cut) + gap * (len(cut) - 1) - room
    for place in range(len(cut) - 1, -1, -1):
        least = leasts[place]
        if over > 0 and least is not None and cut[place] > least:
            less = min(cut[place] - least, over)
            cut[place] -= less
            over -= less
    return cut

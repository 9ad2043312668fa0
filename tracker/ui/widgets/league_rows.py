"""The league of sources as lines; pure."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.model.league import LeagueRow
from tracker.ui.widgets.pieces import Pieces, fit
from tracker.words.columns import Optional, columns_in
from tracker.words.league import LEAGUE_COLUMNS, LeagueColumn, league_cells

_GAP = "  "
_WIDTHS: Mapping[LeagueColumn, int] = dict(zip(LEAGUE_COLUMNS, (7, 6, 7, 9, 9, 11), strict=True))
_OPTIONAL: tuple[LeagueColumn, ...] = ("first", "move gone", "behind by", "stories", "first %", "with prices")
_SOURCE = 14
"""Cells at least for the name of a source."""
_MAIN: tuple[LeagueColumn, ...] = ("first", "behind by", "move gone")


def league_columns(width: int) -> dict[LeagueColumn, int]:
    """Return the columns that a line of `width` cells has room for, with their widths, beside the source."""
    wanted = [Optional(name, _WIDTHS[name], rest=_SOURCE) for name in _OPTIONAL]
    chosen = columns_in(width, wanted, gap=len(_GAP))
    return {name: cells for name, cells in _WIDTHS.items() if name in chosen}


def draw_league_header(width: int) -> str:
    """Return the headings in exactly `width` cells."""
    columns = league_columns(width)
    cells = [_GAP + fit(name, room, right=True) for name, room in columns.items()]
    return fit("source", _room(columns, width)) + "".join(cells)


def draw_league_row(row: LeagueRow, width: int) -> Pieces:
    """Return the line of a source in exactly `width` cells."""
    texts = league_cells(row)
    columns = league_columns(width)
    pieces: Pieces = [(fit(row.source, _room(columns, width)), "source")]
    for name, room in columns.items():
        pieces.append((_GAP + fit(texts[name], room, right=True), "main" if name in _MAIN else "number"))
    return pieces


def _room(columns: Mapping[LeagueColumn, int], width: int) -> int:
    return max(0, width - sum(columns.values()) - len(_GAP) * len(columns))

"""The league of sources as lines; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tracker.model.league import LeagueRow
from tracker.ui.widgets.pieces import Pieces, fit
from tracker.words.columns import Optional, columns_in
from tracker.words.league import behind_text, percent_text

_GAP = "  "
ColumnName = Literal["stories", "first", "first %", "behind by", "move gone", "with prices"]
_WIDTHS: Mapping[ColumnName, int] = {
    "stories": 7,
    "first": 6,
    "first %": 7,
    "behind by": 9,
    "move gone": 9,
    "with prices": 11,
}
"""Their names are their headings."""
_OPTIONAL: tuple[ColumnName, ...] = ("first", "move gone", "behind by", "stories", "first %", "with prices")
_SOURCE = 14
"""Cells at least for the name of a source."""
_MAIN: tuple[ColumnName, ...] = ("first", "behind by", "move gone")


def league_columns(width: int) -> dict[ColumnName, int]:
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
    texts: Mapping[ColumnName, str] = {
        "stories": f"{row.stories:,}",
        "first": f"{row.first:,}",
        "first %": percent_text(row.first_share),
        "behind by": behind_text(row),
        "move gone": percent_text(row.gone),
        "with prices": f"{row.priced:,}" if row.priced else "",
    }
    columns = league_columns(width)
    pieces: Pieces = [(fit(row.source, _room(columns, width)), "source")]
    for name, room in columns.items():
        pieces.append((_GAP + fit(texts[name], room, right=True), "main" if name in _MAIN else "number"))
    return pieces


def _room(columns: Mapping[ColumnName, int], width: int) -> int:
    return max(0, width - sum(columns.values()) - len(_GAP) * len(columns))

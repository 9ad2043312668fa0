"""`tracker league [QUERY]`: which sources are first, how far behind the others are, what a share had done by then."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.cli.context import CommandContext
from tracker.cli.layouts import layout_of, record_of
from tracker.cli.output import Cell, Column, Tone
from tracker.cli.queries import read_query
from tracker.cli.records import LeagueRecord
from tracker.impact.league import read_league
from tracker.model.league import LeagueRow
from tracker.words.league import LEAGUE_COLUMNS, LeagueColumn, league_cells, league_title

_TONES: Mapping[LeagueColumn, Tone] = {"stories": "dim", "with prices": "dim"}


def run(context: CommandContext) -> int:
    """Write the league of the sources of the matching stories."""
    options = context.options
    _, query = read_query(context, options.query, context.config())
    if not context.has_articles():
        context.write([], LEAGUE)
        return 0
    with context.reader() as reader:
        found = read_league(reader, query, context.clock())
    context.print_message(league_title(found))
    context.write(found.rows[: options.limit or None], LEAGUE)
    return 0


def _record(row: LeagueRow) -> LeagueRecord:
    return record_of(
        LeagueRecord,
        row,
        first_share=round(row.first_share, 4),
        behind_s=None if row.behind is None else row.behind.total_seconds(),
    )


LEAGUE = layout_of(
    LeagueRecord,
    _record,
    (Column("source", least=12), *(Column(name, right=True) for name in LEAGUE_COLUMNS)),
    lambda row: [Cell(row.source), *(Cell(text, _TONES.get(name, "")) for name, text in league_cells(row).items())],
)

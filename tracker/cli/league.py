"""`tracker league [QUERY]`: which sources are first, how far behind the others are, what a share had done by then."""

from __future__ import annotations

from tracker.cli.context import CommandContext
from tracker.cli.layouts import layout_of, record_of
from tracker.cli.output import Cell, Column
from tracker.cli.queries import read_query
from tracker.cli.records import LeagueRecord
from tracker.impact.league import read_league
from tracker.model.league import LeagueRow
from tracker.store.read import Reader
from tracker.words.league import behind_text, league_title, percent_text


def run(context: CommandContext) -> int:
    """Write the league of the sources of the matching stories."""
    options = context.options
    _, query = read_query(context, options.query, context.config())
    if not context.has_articles():
        context.write([], LEAGUE)
        return 0
    with Reader(context.db) as reader:
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


def _cells(row: LeagueRow) -> list[Cell]:
    return [
        Cell(row.source),
        Cell(f"{row.stories:,}", "dim"),
        Cell(f"{row.first:,}"),
        Cell(percent_text(row.first_share)),
        Cell(behind_text(row)),
        Cell(percent_text(row.gone)),
        Cell(f"{row.priced:,}" if row.priced else "", "dim"),
    ]


LEAGUE = layout_of(
    LeagueRecord,
    _record,
    (
        Column("source", least=12),
        Column("stories", right=True),
        Column("first", right=True),
        Column("first %", right=True),
        Column("behind by", right=True),
        Column("move gone", right=True),
        Column("with prices", right=True),
    ),
    _cells,
)

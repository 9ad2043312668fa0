"""The words of the league of sources, for a table and for the window; pure."""

from __future__ import annotations

from typing import Literal, get_args

from tracker.market import calendar
from tracker.model.league import League, LeagueRow
from tracker.model.plurals import count_noun
from tracker.words.durations import delay_text

LeagueColumn = Literal["stories", "first", "first %", "behind by", "move gone", "with prices"]
LEAGUE_COLUMNS: tuple[LeagueColumn, ...] = get_args(LeagueColumn)
"""The headings beside that of the source."""
LEGEND = (
    "first: nobody had the story earlier · behind by: median delay of the other stories · move gone: how much of the"
    " share's move, from the first report to the close, was over when the source reported"
)
"""What the columns of the league mean."""


def league_title(league: League) -> str:
    """Return the line over the league: how many stories it counts, since when, and what is left out."""
    if league.since is None:
        told = "no story that several sources reported"
    else:
        day = league.since.astimezone(calendar.ZONE)
        stories = count_noun(
            league.stories, "story that several sources reported", "stories that several sources reported"
        )
        told = f"{stories} since {day.day} {day:%b %Y}"
    if not league.doubted:
        return told
    return f"{told} · left out: {count_noun(league.doubted, 'report', 'reports')} with a doubtful time"


def league_cells(row: LeagueRow) -> dict[LeagueColumn, str]:
    """Return the numbers of a source, by heading."""
    return {
        "stories": f"{row.stories:,}",
        "first": f"{row.first:,}",
        "first %": percent_text(row.first_share),
        "behind by": behind_text(row),
        "move gone": percent_text(row.gone),
        "with prices": f"{row.priced:,}" if row.priced else "",
    }


def behind_text(row: LeagueRow) -> str:
    """Return how far a source is behind; "" for one that always was first."""
    return "" if row.behind is None else delay_text(row.behind.total_seconds())


def percent_text(fraction: float | None) -> str:
    """Return a fraction in whole percent: "62%", "−8%"; "" for None."""
    if fraction is None:
        return ""
    percent = round(fraction * 100)
    return f"−{-percent}%" if percent < 0 else f"{percent}%"

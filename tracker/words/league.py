"""The words of the league of sources, for a table and for the window; pure."""

from __future__ import annotations

from datetime import timedelta

from tracker.market import calendar
from tracker.model.league import League, LeagueRow
from tracker.model.plurals import count_noun

_MINUTES = timedelta(minutes=120)
_HOURS = timedelta(hours=48)
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


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


def delay_text(delay: timedelta) -> str:
    """Return how long after the first something was: "<1 min", "4 min", "95 min", "5 h", "3 d"."""
    if delay < _MINUTE:
        return "<1 min"
    if delay < _MINUTES:
        return f"{delay // _MINUTE} min"
    return f"{delay // _HOUR} h" if delay < _HOURS else f"{delay // _DAY} d"


def behind_text(row: LeagueRow) -> str:
    """Return how far a source is behind; "" for one that always was first."""
    return "" if row.behind is None else delay_text(row.behind)


def share_text(fraction: float | None) -> str:
    """Return a fraction in whole percent: "62%", "−8%"; "" for None."""
    if fraction is None:
        return ""
    percent = round(fraction * 100)
    return f"−{-percent}%" if percent < 0 else f"{percent}%"

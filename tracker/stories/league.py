"""The league of sources: who is first, how far behind the others are, and what a share had done by then; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from statistics import median

from msgspec import Struct, field

from tracker.model.clock import optional_time
from tracker.model.league import League, LeagueRow, Report
from tracker.model.trust import is_doubtful, usual_offset

MovesSince = Callable[[str, int, Sequence[int]], "tuple[float, Sequence[float | None]] | None"]
"""Gives (move of a share from the last trade before a moment to the close of its session, moves up to later moments),
or None where that is not known. Moments are epoch seconds, moves fractions, those that are not known None."""


class _Tally(Struct):
    stories: int = 0
    first: int = 0
    behind: list[int] = field(default_factory=list)
    priced: int = 0
    gone: float = 0.0
    whole: float = 0.0


def make_league(reports: Sequence[Report], moves: MovesSince) -> League:
    """Return the league of the sources of stories.

    Of each source the first report of a story counts. Left out are reports whose time is in doubt and, without them,
    stories of one source.

    Args:
        reports: by story.
        moves: of the share beside the first headline of a story that has one.
    """
    tallies: dict[str, _Tally] = {}
    stories = doubted = 0
    clocks = {one.source: one.server_ahead for one in reports if one.server_ahead is not None}
    usual = usual_offset(clocks.values())
    oldest: int | None = None
    for _, story in groupby(reports, attrgetter("story_id")):
        told = list(story)
        sure = [one for one in told if not is_doubtful(one.published, one.first_seen, one.server_ahead, usual)]
        doubted += len(told) - len(sure)
        times = _first_by_source(sure)
        if len(times) < 2:
            continue
        begin = min(times.values())
        stories += 1
        oldest = begin if oldest is None else min(oldest, begin)
        _count(tallies, times, begin)
        share = min(((one.published, one.symbol) for one in sure if one.symbol is not None), default=None)
        if share is not None and (moved := moves(share[1], begin, list(times.values()))) is not None:
            _weigh(tallies, times, *moved)
    rows = sorted((_row(source, tally) for source, tally in tallies.items()), key=_rank)
    return League(tuple(rows), stories, optional_time(oldest), doubted)


def _first_by_source(reports: Iterable[Report]) -> dict[str, int]:
    times: dict[str, int] = {}
    for one in reports:
        times[one.source] = min(one.published, times.get(one.source, one.published))
    return times


def _count(tallies: dict[str, _Tally], times: Mapping[str, int], begin: int) -> None:
    for source, time in times.items():
        tally = tallies.setdefault(source, _Tally())
        tally.stories += 1
        if time == begin:
            tally.first += 1
        else:
            tally.behind.append(time - begin)


def _weigh(tallies: Mapping[str, _Tally], times: Mapping[str, int], whole: float, gone: Sequence[float | None]) -> None:
    for source, part in zip(times, gone, strict=True):
        if part is None:
            continue
        tally = tallies[source]
        tally.priced += 1
        tally.gone += part if whole >= 0 else -part
        tally.whole += abs(whole)


def _row(source: str, tally: _Tally) -> LeagueRow:
    return LeagueRow(
        source,
        tally.stories,
        tally.first,
        timedelta(seconds=median(tally.behind)) if tally.behind else None,
        tally.priced,
        tally.gone / tally.whole if tally.whole > 0 else None,
    )


def _rank(row: LeagueRow) -> tuple[object, ...]:
    return (-row.first, row.behind or timedelta(0), -row.stories, row.source.casefold(), row.source)

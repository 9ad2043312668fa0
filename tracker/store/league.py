"""Reads the stories that several sources reported, for the league of sources."""

from __future__ import annotations

from datetime import datetime
from itertools import starmap

from tracker.model.league import Report
from tracker.model.query import Query
from tracker.store.connection import OnConnection
from tracker.store.views import Sql, matches

_COLUMNS = {"source": "f.name", "server_ahead": "f.server_ahead"}
"""Where the fields of a `Report` are; the others are columns of `article` of the same name."""


class LeagueReader(OnConnection):
    """Reads reports over the connection of a `Reader`."""

    def reports(self, query: Query, now: datetime) -> list[Report]:
        """Return the dated reports of the stories with a match that several feeds have, by story.

        All reports of such a story, whether they match or not, but for muted ones.
        """
        where = _in_stories_of(query, now)
        rows = self._connection.execute(
            f"SELECT {', '.join(_COLUMNS.get(name, f'a.{name}') for name in Report.__struct_fields__)}"
            " FROM article a JOIN feed f ON f.id = a.feed_id WHERE a.published IS NOT NULL AND a.muted = 0"
            " AND a.story_id IN (SELECT story_id FROM article WHERE muted = 0 GROUP BY story_id"
            f" HAVING min(feed_id) < max(feed_id)){where.text} ORDER BY a.story_id",
            where.values,
        ).fetchall()
        return list(starmap(Report, rows))  # 66,667 in 50 ms


def _in_stories_of(query: Query, now: datetime) -> Sql:
    if query.root is None:
        return Sql("")
    where = matches(query, now)
    return Sql(f" AND a.story_id IN (SELECT a.story_id FROM article a WHERE {where.text})", where.values)

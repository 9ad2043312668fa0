"""Stories that are read: one id for each, their articles, and how many are unread."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from tracker.model.article import Story, StoryOriginal
from tracker.model.brief import StoryOutline
from tracker.model.clock import from_epoch, optional_time
from tracker.model.config import View
from tracker.model.id_set import IdSet
from tracker.model.query import FAST_SORTS, Query, parse_query, with_watchlist
from tracker.model.sources import OriginKind
from tracker.store.connection import OnConnection
from tracker.store.leads import all_ids, all_leads
from tracker.store.listed import Listed, follow, state
from tracker.store.raised import Raised, raise_stories
from tracker.store.rows import GROUPED, column, compact_json, named_rows, number, remembered
from tracker.store.search import has_word_beginning
from tracker.store.views import NOT_MUTED, matches, select_found, select_ids, select_newest

_STORIES_OF = "SELECT o.story_id FROM json_each(?) w JOIN article o ON o.id = w.value"


class Counts(Struct, frozen=True):
    """Unread stories for the side bar."""

    everything: int
    starred: int
    """Starred stories, read or not."""
    feeds: dict[str, int]
    """By feed name."""
    tags: dict[str, int]
    """By tag name; articles that are about it. Only tags that any article has."""
    views: dict[str, int]
    """By view name."""
    groups: dict[str | None, int] = {}
    """By group; None is that of the feeds without one. A story that two feeds of a group report counts once."""
    watched_tags: frozenset[str] = frozenset()
    """Tags of the companies whose shares are watched."""


_NEWEST_OF_TAG = 100
_LOOKED_THROUGH = 600
"""Newest articles that are looked through for the beginning of a word: 4 ms."""
_ARTICLES_PER_STORY = 4
"""Matches that are read for each story that is wanted, at first."""


def _firsts(matches: Sequence[tuple[int, int]]) -> array[int]:
    """Return the last match of each story, in the order of these (article id, story id)."""
    last = {story_id: article_id for article_id, story_id in matches}
    return array("q", (article_id for article_id, story_id in matches if last[story_id] == article_id))


def _original(reports: Sequence[tuple[int, str, OriginKind | None, int | None, str]]) -> StoryOriginal | None:
    """Return the original among the reports of a story, first to report first.

    Args:
        reports: (id, source, its kind, published, title) of each.
    """
    first = reports[0] if len(reports) > 1 else None
    if first is None or first[2] is None or first[3] is None:
        return None
    later = next((one for one in reports if one[1] != first[1] and one[3] is not None), None)
    found = StoryOriginal(first[0], first[1], first[2], first[4], from_epoch(first[3]))
    return found if later is None else replace(found, next_source=later[1], delay_s=(later[3] or 0) - first[3])


class StoryReader(OnConnection):
    """Reads stories over the connection of a `Reader`."""

    def leads(self, query: Query, now: datetime, limit: int | None = None) -> array[int]:
        """Return one id for each story with a match, in the order of the query: its first report among the matches.

        With a `limit`, the first so many of them. The newest matches are read, then all of their stories, as the first
        report of a story may be much older: a story is final once its first report is among those that were read.
        """
        if query.sort == "move":
            by_time = IdSet(all_leads(self._connection, replace(query, sort="published"), now))
            return array("q", (one for one in all_ids(self._connection, query, now) if one in by_time))[:limit]
        # In the order of sources the reports of a story follow one another, so a part of the matches saves nothing.
        if limit is None or query.sort == "sources":
            return all_leads(self._connection, query, now)[:limit]
        looked_at = _ARTICLES_PER_STORY * limit
        while True:
            sql = select_ids(query, now, looked_at)
            matches = self._connection.execute(sql.text, sql.values).fetchall()
            if len(matches) < looked_at:
                return _firsts(matches)[:limit]
            sql = select_ids(query, now, of_stories={story_id for _, story_id in matches})
            final = set(_firsts(self._connection.execute(sql.text, sql.values).fetchall()))
            found = array("q", (article_id for article_id, _ in matches if article_id in final))
            if len(found) >= limit:
                return found[:limit]
            looked_at *= 4

    def list_again(self, query: Query, now: datetime, before: Listed | None) -> Listed:
        """Return all `leads` of a query, from an earlier list of them where that is just as exact.

        Needs a `snapshot`.
        """
        current = state(self._connection)
        leads = None
        if before is not None and before.query == query:
            leads = follow(self._connection, before, now, current)
        return Listed(query, self.leads(query, now) if leads is None else leads, current)

    def first_leads(self, query: Query, now: datetime, limit: int) -> array[int]:
        """Return what a list can begin with while all `leads` are read: about so many rows, as fast as there are any.

        For words, a tag or a share that many articles have, these are the newest of those stored last; an article that
        was stored long before but is newer, and a report before the first one among them, are missed. In an order that
        looks at every article these are the newest.
        """
        if query.sort not in FAST_SORTS:
            query = replace(query, sort="published")
        common = self._common_beginning(query, now, limit)
        if len(common) * 2 >= limit:
            return common
        sql = select_found(query, now, _ARTICLES_PER_STORY * limit) if query.sort == "published" else None
        found = [] if sql is None else self._connection.execute(sql.text, sql.values).fetchall()
        # That there is nothing is no guess.
        return _firsts(found)[:limit] if found else self.leads(query, now, limit)

    def _common_beginning(self, query: Query, now: datetime, limit: int) -> array[int]:
        """Return the stories with a word that begins so among the newest articles; none for any other query.

        The index joins the lists of all words that begin so, up to 65 ms for a million articles: the more have one, the
        longer it takes, and the more of the newest have one.
        """
        newest = select_newest(query, now, _LOOKED_THROUGH) if query.sort == "published" else None
        if newest is None:
            return array("q")
        sql, beginning = newest
        has = has_word_beginning(beginning)
        rows = self._connection.execute(sql.text, sql.values).fetchall()
        found = [(article_id, story_id) for article_id, story_id, title, text in rows if has(title) or has(text or "")]
        return _firsts(found)[:limit]

    def raised(
        self, leads: array[int], query: Query, now: datetime, known: Raised
    ) -> tuple[array[int], dict[int, int]]:
        """Return the leads of a query with the stories that come up again in their new places, and which ones do.

        In an order other than that of publication none does.

        Args:
            leads: read in the same `snapshot`, so that all of them are still stored.
            known: stories that came up before: they stay there, also once they are read.
        """
        if query.sort != "published":
            return leads, {}
        return raise_stories(self._connection, leads, query, now, known)

    def matching(self, ids: Iterable[int], query: Query, now: datetime) -> frozenset[int]:
        """Return which of these articles are of a story with a match, whichever of its articles that is."""
        where = matches(query, now)
        return frozenset(
            column(
                self._connection,
                "SELECT x.id FROM json_each(?) w JOIN article x ON x.id = w.value WHERE EXISTS"
                f" (SELECT 1 FROM article a WHERE a.story_id = x.story_id AND {where.text})",
                (compact_json(ids), *where.values),
            )
        )

    def count(self, query: Query, now: datetime) -> int:
        """Return how many stories have a match."""
        where = matches(query, now)
        return number(
            self._connection, f"SELECT count(DISTINCT a.story_id) FROM article a WHERE {where.text}", where.values
        )

    def grouped(self) -> int:
        """Return the id of the newest article that was compared with others: until then it is a story of its own."""
        return int(remembered(self._connection, GROUPED) or 0)

    def get(self, story_id: int) -> Story:
        """Return a story with its sources."""
        reports = self._connection.execute(
            "SELECT a.id, f.name, f.first_hand, a.published, a.title FROM article a JOIN feed f ON f.id = a.feed_id"
            " WHERE a.story_id = ? ORDER BY a.time, a.id",
            (story_id,),
        ).fetchall()
        sources = tuple(dict.fromkeys(name for _, name, _, _, _ in reports))
        return Story(story_id, len(reports), sources, _original(reports))

    def articles(self, story_id: int) -> list[int]:
        """Return the ids of a story's articles, first to report first."""
        return column(self._connection, "SELECT id FROM article WHERE story_id = ? ORDER BY time, id", (story_id,))

    def originals(self, story_id: int) -> list[tuple[int, int | None]]:
        """Return (id, id of the stored article that it was taken from) of a story's articles, first to report first."""
        return self._connection.execute(
            "SELECT a.id, t.original_id FROM article a LEFT JOIN attribution t ON t.article_id = a.id"
            " WHERE a.story_id = ? ORDER BY a.time, a.id",
            (story_id,),
        ).fetchall()

    def outlines(self, ids: Iterable[int]) -> list[StoryOutline]:
        """Return the stories of these articles by their first reports, the first to be reported first.

        Muted reports are left out.
        """
        wanted = compact_json(ids)
        symbols: dict[int, set[str]] = {}
        reports: dict[int, list[sqlite3.Row]] = {}
        found = self._connection.execute(
            "SELECT a.story_id, a.symbol, a.id, a.title, f.name AS source, a.published, a.time FROM article a JOIN feed"
            f" f ON f.id = a.feed_id WHERE a.muted = 0 AND a.story_id IN ({_STORIES_OF}) ORDER BY a.time, a.id",
            (wanted,),
        )
        for row in named_rows(found):
            reports.setdefault(row["story_id"], []).append(row)
            symbols.setdefault(row["story_id"], set()).update(filter(None, (row["symbol"],)))
        for story_id, symbol in self._connection.execute(
            f"SELECT a.story_id, t.symbol FROM article a JOIN article_tag t ON t.article_id = a.id"
            f" WHERE a.muted = 0 AND t.about = 1 AND t.symbol IS NOT NULL AND a.story_id IN ({_STORIES_OF})",
            (wanted,),
        ):
            symbols[story_id].add(symbol)
        return [
            StoryOutline(
                story_id=story_id,
                id=first["id"],
                title=first["title"],
                first_source=first["source"],
                published=optional_time(first["published"]),
                time=from_epoch(first["time"]),
                size=len(rows),
                sources=len({row["source"] for row in rows}),
                symbols=frozenset(symbols[story_id]),
            )
            for story_id, rows in reports.items()
            for first in rows[:1]
        ]

    def beside(self, ids: Iterable[int]) -> list[tuple[int, int]]:
        """Return (one of these articles, an article of its story) for all articles of their stories."""
        return self._connection.execute(
            "SELECT a.id, o.id FROM json_each(?) w JOIN article a ON a.id = w.value JOIN article o USING (story_id)",
            (compact_json(ids),),
        ).fetchall()

    def counts(self, views: Sequence[View], now: datetime, watched: Sequence[str] = ()) -> Counts:
        """Return the unread stories of everything, each feed, each tag and each view.

        Args:
            watched: the symbols that `is:watched` stands for.
        """
        by_view = {}
        for view in views:
            query = with_watchlist(parse_query(view.query), watched)
            where = matches(replace(query, is_view=True), now)
            by_view[view.name] = number(
                self._connection,
                f"SELECT count(DISTINCT a.story_id) FROM article a WHERE a.read = 0 AND {where.text}",
                where.values,
            )
        execute = self._connection.execute
        return Counts(
            everything=number(self._connection, "SELECT stories FROM story_count WHERE name = 'all'"),
            starred=number(
                self._connection,
                f"SELECT count(DISTINCT a.story_id) FROM article a WHERE a.starred = 1 AND {NOT_MUTED}",
            ),
            feeds=dict(execute("SELECT name, unread FROM feed WHERE unread > 0")),
            groups=dict(
                execute(
                    "SELECT DISTINCT f.group_name, n.stories FROM feed f JOIN story_count n"
                    " ON n.name = 'group' || coalesce(':' || f.group_name, '') WHERE n.stories > 0"
                )
            ),
            tags=dict(
                execute(
                    "SELECT name, unread FROM tag"
                    " WHERE EXISTS (SELECT 1 FROM article_tag t WHERE t.tag_id = tag.id AND t.about = 1)"
                )
            ),
            views=by_view,
            watched_tags=self._watched_tags(watched) if watched else frozenset(),
        )

    def _watched_tags(self, watched: Sequence[str]) -> frozenset[str]:
        """Return the tags of companies with a share in `watched`, by the newest articles of each tag.

        A tag has the same shares in nearly all its articles; to look through those of every other tag takes 60 to
        170 ms where a million articles have tags.
        """
        names = column(
            self._connection,
            "SELECT name FROM tag WHERE EXISTS (SELECT 1 FROM (SELECT t.symbol, t.own FROM article_tag t"
            f" WHERE t.tag_id = tag.id ORDER BY t.article_id DESC LIMIT {_NEWEST_OF_TAG}) n"
            " WHERE n.own = 1 AND n.symbol IN (SELECT value FROM json_each(?)))",
            (compact_json(watched),),
        )
        return frozenset(names)

"""Everything that is read from the database; never waits for a sync."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from tracker.model.article import Article, Headline, Story
from tracker.model.attribution import Attribution
from tracker.model.clock import from_epoch, to_epoch
from tracker.model.config import View
from tracker.model.feed import FeedState
from tracker.model.query import Query, parse_query
from tracker.model.tags import Match, Mention
from tracker.store import waits
from tracker.store.connection import Connection, Cursor
from tracker.store.db import connect
from tracker.store.news import NewsReader
from tracker.store.price_reader import PriceReader
from tracker.store.rows import FEED_STATE_COLUMNS, feed_state, optional_time
from tracker.store.views import Sql, condition, select_ids


class FeedRow(Struct, frozen=True):
    """A feed for the side bar, `feeds list` and doctor."""

    state: FeedState
    group: str | None
    title: str | None
    articles: int
    unread: int
    """Stories with an unread article of this feed."""
    recent: int
    """Articles first seen in the last 30 days."""


class FileFacts(Struct, frozen=True):
    """How a database is stored."""

    schema: int
    journal: str
    """SQLite's journal mode, in lower case."""
    problem: str | None
    """What of the file is damaged."""


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


class Reader:
    """One read-only connection. Use it in one thread at a time; opening another costs about a millisecond."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = connect(path, read_only=True)
        self.news = NewsReader(self._connection)
        self.prices = PriceReader(self._connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def wait_at_most(self, milliseconds: int) -> None:
        """Wait for another program's lock no longer than this, in place of the usual ten seconds."""
        self._connection.execute(f"PRAGMA busy_timeout = {milliseconds}")

    def data_version(self) -> int:
        """Return a number that changes when another connection, of this or another process, has written."""
        version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return version

    def file_facts(self) -> FileFacts:
        """Return how the database is stored, and what is wrong with its file; reads all of it."""
        from tracker.store.repair import file_problem  # for `doctor` alone

        (schema,) = self._connection.execute("PRAGMA user_version").fetchone()
        (journal,) = self._connection.execute("PRAGMA journal_mode").fetchone()
        return FileFacts(schema, journal, file_problem(self._connection))

    # -- lists ------------------------------------------------------------
    def list_ids(self, query: Query, now: datetime, limit: int | None = None) -> array[int]:
        """Return the ids of the articles that match, in the order of the query: newest first unless it says else."""
        return array("q", (row[0] for row in self._select(select_ids(query, now, limit))))

    def list_stories(self, query: Query, now: datetime, limit: int | None = None) -> array[int]:
        """Return one id for each story with a match, in the order of the query: its first report among the matches.

        `limit` bounds the articles looked at, for a quick first screen.
        """
        if query.sort == "move":
            leads = set(self.list_stories(replace(query, sort="published"), now))
            return array("q", (found for found in self.list_ids(query, now) if found in leads))[:limit]
        firsts: list[int] = []
        seen: set[int] = set()
        for article_id, story_id in reversed(self._select(select_ids(query, now, limit)).fetchall()):
            if story_id not in seen:
                seen.add(story_id)
                firsts.append(article_id)
        return array("q", reversed(firsts))

    def headlines(self, ids: Sequence[int]) -> list[Headline]:
        """Return the rows of these articles, in the order of `ids`; ids that are gone are left out."""
        wanted = json.dumps(list(ids))
        tags: dict[int, list[tuple[str, str | None, int, str]]] = {}
        for article_id, name, symbol, own, matches in self._connection.execute(
            "SELECT t.article_id, tag.name, t.symbol, t.own, t.matches FROM json_each(?) w"
            " JOIN article_tag t ON t.article_id = w.value JOIN tag ON tag.id = t.tag_id"
            " ORDER BY t.about DESC, t.place, tag.name",
            (wanted,),
        ):
            tags.setdefault(article_id, []).append((name, symbol, own, matches))
        rows: dict[int, Headline] = {}
        for row in self._connection.execute(
            "SELECT a.id, a.title, f.name, a.published, a.first_seen, a.read, a.starred, a.symbol, a.story_id,"
            " a.language, (SELECT count(*) FROM article o WHERE o.story_id = a.story_id),"
            " EXISTS (SELECT 1 FROM attribution t WHERE t.article_id = a.id AND t.original_id IS NOT NULL),"
            # Where either language is not known this is NULL, and nothing is said.
            " a.language <> (SELECT o.language FROM article o WHERE o.story_id = a.story_id"
            " ORDER BY o.time, o.id LIMIT 1)"
            " FROM json_each(?) w JOIN article a ON a.id = w.value JOIN feed f ON f.id = a.feed_id",
            (wanted,),
        ):
            (
                article_id,
                title,
                source,
                published,
                first_seen,
                read,
                starred,
                symbol,
                story_id,
                language,
                size,
                is_rewrite,
                is_translation,
            ) = row
            mine = tags.get(article_id, [])
            of_share = [(name, own) for name, its_symbol, own, _ in mine if symbol and its_symbol == symbol]
            rows[article_id] = Headline(
                id=article_id,
                title=title,
                source=source,
                published=optional_time(published),
                first_seen=from_epoch(first_seen),
                read=bool(read),
                starred=bool(starred),
                tags=tuple(name for name, _, _, _ in mine),
                symbol=symbol,
                base=self.prices.base_before(symbol, published) if symbol and published is not None else None,
                story_id=story_id,
                others=size - 1,
                language=language,
                marks=_title_marks(matches for _, _, _, matches in mine),
                is_rewrite=bool(is_rewrite),
                is_translation=bool(is_translation),
                share_tag=of_share[0][0] if of_share else None,
                is_stand_in=bool(of_share) and not any(own for _, own in of_share),
            )
        return [rows[article_id] for article_id in ids if article_id in rows]

    def article(self, article_id: int) -> Article | None:
        """Return one article whole, or None when it is gone."""
        found = self.articles([article_id])
        return found[0] if found else None

    def articles(self, ids: Sequence[int]) -> list[Article]:
        """Return whole articles in the order of `ids`; ids that are gone are left out."""
        wanted = json.dumps(list(ids))
        mentions: dict[int, list[Mention]] = {}
        for article_id, name, about, symbol, own, matches in self._connection.execute(
            "SELECT t.article_id, tag.name, t.about, t.symbol, t.own, t.matches FROM json_each(?) w"
            " JOIN article_tag t ON t.article_id = w.value JOIN tag ON tag.id = t.tag_id"
            " ORDER BY t.about DESC, t.place, tag.name",
            (wanted,),
        ):
            found_at = tuple(Match(*place) for place in json.loads(matches))
            mention = Mention(name, "about" if about else "mention", symbol, found_at, bool(own))
            mentions.setdefault(article_id, []).append(mention)
        earlier: dict[int, list[tuple[datetime, str]]] = {}
        for article_id, until, title in self._connection.execute(
            "SELECT article_id, until, title FROM json_each(?) w JOIN earlier_title e ON e.article_id = w.value"
            " ORDER BY until",
            (wanted,),
        ):
            earlier.setdefault(article_id, []).append((from_epoch(until), title))
        sources = _attributions(self._connection, ids)
        found: dict[int, Article] = {}
        for row in self._connection.execute(
            "SELECT a.id, a.key, a.title, a.url, f.name, a.feed_id, f.group_name, a.author, x.text, x.links,"
            " a.published, a.updated, a.first_seen, a.language, a.read, a.starred, a.symbol, a.story_id"
            " FROM json_each(?) w JOIN article a ON a.id = w.value JOIN feed f ON f.id = a.feed_id"
            " LEFT JOIN article_text x ON x.article_id = a.id",
            (wanted,),
        ).fetchall():
            found[row[0]] = Article(
                id=row[0],
                key=row[1],
                title=row[2],
                url=row[3],
                source=row[4],
                feed_id=row[5],
                group=row[6],
                author=row[7],
                text=row[8] or "",
                links=tuple(json.loads(row[9])) if row[9] else (),
                published=optional_time(row[10]),
                updated=optional_time(row[11]),
                first_seen=from_epoch(row[12]),
                language=row[13],
                read=bool(row[14]),
                starred=bool(row[15]),
                symbol=row[16],
                mentions=tuple(mentions.get(row[0], ())),
                story=self._story(row[17]),
                earlier_titles=tuple(earlier.get(row[0], ())),
                attribution=sources.get(row[0]),
            )
        return [found[article_id] for article_id in ids if article_id in found]

    def story_articles(self, story_id: int) -> list[int]:
        """Return the ids of a story's articles, first to report first."""
        return [
            row[0]
            for row in self._connection.execute(
                "SELECT id FROM article WHERE story_id = ? ORDER BY time, id", (story_id,)
            )
        ]

    def story_originals(self, story_id: int) -> list[tuple[int, int | None]]:
        """Return (id, id of the stored article that it was taken from) of a story's articles, first to report first."""
        return self._connection.execute(
            "SELECT a.id, t.original_id FROM article a LEFT JOIN attribution t ON t.article_id = a.id"
            " WHERE a.story_id = ? ORDER BY a.time, a.id",
            (story_id,),
        ).fetchall()

    def same_story(self, ids: Iterable[int]) -> list[tuple[int, int]]:
        """Return (one of these articles, an article of its story) for all articles of their stories."""
        return self._connection.execute(
            "SELECT a.id, o.id FROM json_each(?) w JOIN article a ON a.id = w.value JOIN article o USING (story_id)",
            (json.dumps(list(ids)),),
        ).fetchall()

    def _story(self, story_id: int) -> Story:
        names = [
            name
            for (name,) in self._connection.execute(
                "SELECT f.name FROM article a JOIN feed f ON f.id = a.feed_id WHERE a.story_id = ?"
                " ORDER BY a.time, a.id",
                (story_id,),
            )
        ]
        return Story(story_id, len(names), tuple(dict.fromkeys(names)))

    # -- side bar and feeds -------------------------------------------------
    def counts(self, views: Sequence[View], now: datetime) -> Counts:
        """Return the unread stories of everything, each feed, each tag and each view."""
        one = self._number
        by_view = {}
        for view in views:
            where = condition(parse_query(view.query).root, now)
            by_view[view.name] = one(
                Sql(f"SELECT count(DISTINCT a.story_id) FROM article a WHERE a.read = 0 AND {where.text}", where.values)
            )
        return Counts(
            everything=one(Sql("SELECT count(DISTINCT story_id) FROM article WHERE read = 0")),
            starred=one(Sql("SELECT count(DISTINCT story_id) FROM article WHERE starred = 1")),
            feeds=dict(
                self._connection.execute(
                    "SELECT f.name, count(DISTINCT a.story_id) FROM article a JOIN feed f ON f.id = a.feed_id"
                    " WHERE a.read = 0 GROUP BY a.feed_id"
                )
            ),
            tags=dict(
                self._connection.execute(
                    "SELECT tag.name, count(DISTINCT CASE WHEN a.read = 0 THEN a.story_id END) FROM article_tag t"
                    " JOIN tag ON tag.id = t.tag_id JOIN article a ON a.id = t.article_id"
                    " WHERE t.about = 1 GROUP BY t.tag_id"
                )
            ),
            views=by_view,
        )

    def feed_states(self) -> dict[str, FeedState]:
        """Return what is remembered of each feed, by name."""
        rows = self._connection.execute(f"SELECT {FEED_STATE_COLUMNS} FROM feed")
        return {state.name: state for state in map(feed_state, rows)}

    def feeds(self, now: datetime) -> list[FeedRow]:
        """Return all feeds that were ever stored, with their numbers, by name."""
        month_ago = to_epoch(now) - 30 * 86_400
        numbers = {
            name: (articles, unread, recent)
            for name, articles, unread, recent in self._connection.execute(
                "SELECT f.name, count(*), count(DISTINCT CASE WHEN a.read = 0 THEN a.story_id END),"
                " sum(a.first_seen >= ?) FROM article a JOIN feed f ON f.id = a.feed_id GROUP BY a.feed_id",
                (month_ago,),
            )
        }
        found = []
        for *columns, group, title in self._connection.execute(
            f"SELECT {FEED_STATE_COLUMNS}, group_name, title FROM feed ORDER BY name"
        ):
            state = feed_state(columns)
            found.append(FeedRow(state, group, title, *numbers.get(state.name, (0, 0, 0))))
        return found

    def paused_hosts(self, now: datetime) -> dict[str, tuple[datetime, str]]:
        """Return the hosts that are left alone at `now`: until when and why."""
        return {wait.who: (wait.until, wait.reason) for wait in waits.active_waits(self._connection, "host", now)}

    def tag_names(self) -> list[str]:
        """Return the tags that any article has, by name."""
        return [
            name
            for (name,) in self._connection.execute(
                "SELECT name FROM tag WHERE EXISTS (SELECT 1 FROM article_tag t WHERE t.tag_id = tag.id) ORDER BY name"
            )
        ]

    def article_count(self) -> int:
        """Return how many articles are stored."""
        return self._number(Sql("SELECT count(*) FROM article"))

    def highest_id(self) -> int:
        """Return the id of the newest article stored, 0 without any: it grows whenever one comes in."""
        return self._number(Sql("SELECT coalesce(max(id), 0) FROM article"))

    def ids_after(self, article_id: int, limit: int) -> list[int]:
        """Return up to `limit` ids above one, ascending."""
        rows = self._connection.execute("SELECT id FROM article WHERE id > ? ORDER BY id LIMIT ?", (article_id, limit))
        return [found for (found,) in rows]

    def count_up_to(self, article_id: int) -> int:
        """Return how many articles have an id up to this one."""
        return self._number(Sql("SELECT count(*) FROM article WHERE id <= ?", (article_id,)))

    def meta(self, key: str) -> str | None:
        """Return a remembered value, or None."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def _select(self, sql: Sql) -> Cursor:
        return self._connection.execute(sql.text, sql.values)

    def _number(self, sql: Sql) -> int:
        number: int = self._select(sql).fetchone()[0]
        return number


def _attributions(connection: Connection, ids: Sequence[int]) -> dict[int, Attribution]:
    """Return whom these articles name as their source, by article id."""
    return {
        row[0]: Attribution(*row[1:])
        for row in connection.execute(
            "SELECT t.article_id, t.name, t.url, t.field, t.start, t.end, t.original_id, t.key"
            " FROM json_each(?) w JOIN attribution t ON t.article_id = w.value",
            (json.dumps(list(ids)),),
        )
    }


def _title_marks(all_matches: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Return the places in the title that tags matched, in order, overlapping ones joined."""
    places = sorted(
        (start, end)
        for matches in all_matches
        if '"title"' in matches
        for field, start, end, _ in json.loads(matches)
        if field == "title"
    )
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)

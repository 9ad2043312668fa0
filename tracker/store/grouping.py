"""What grouping reads and writes: articles that are new to it, stories near them, stories that became one."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from tracker.model.clock import from_epoch, to_epoch
from tracker.model.plan import STORY_WINDOW, StoryJoin, StoryProfile, Ungrouped
from tracker.model.query import slug
from tracker.store import stories
from tracker.store.connection import Connection, OnConnection
from tracker.store.db import transaction
from tracker.store.rows import GROUPED, column, number, remember, remembered

_LOOKED_BACK = timedelta(days=2)
"""In a database whose articles were grouped by an older program, those of the last days are grouped again."""
_OF_FEED = 100
"""Latest articles of a feed that tell what it always writes."""
_BEFORE, _AFTER = 40, 10
"""Articles looked at under one term: what bounds the cost of a new article, whatever the archive holds."""


class NearStories:
    """Finds stored stories that have rare terms of an article in common with it.

    Args:
        new: the articles that are grouped together.
    """

    def __init__(self, connection: Connection, new: Sequence[Ungrouped]) -> None:
        self._connection = connection
        self._window = int(STORY_WINDOW.total_seconds())
        self._first, self._last = new[0].article_id, new[-1].article_id
        newest = to_epoch(max(article.time for article in new))
        self.articles = number(
            connection, "SELECT count(*) FROM article WHERE time BETWEEN ? AND ?", (newest - self._window, newest)
        )
        """Articles of the window before the newest of the new ones."""
        self._newest_stored = number(
            connection, "SELECT coalesce(max(time), 0) FROM article WHERE id < ?", (new[0].article_id,)
        )

    def find(self, article: Ungrouped, terms: Mapping[str, float], least: float, most: int) -> list[int]:
        """Return at most `most` stories: those with an article that shares most of these terms' information first.

        Args:
            least: information that an article must share.
        """
        execute = self._connection.execute
        time = to_epoch(article.time)
        evidence: Counter[tuple[int, int]] = Counter()
        for term, information in terms.items():
            rows = execute(
                "SELECT k.article_id, a.story_id FROM story_key k JOIN article a ON a.id = k.article_id"
                " WHERE k.key = ? AND k.time BETWEEN ? AND ? ORDER BY k.time DESC LIMIT ?",
                (term, time - self._window, time, _BEFORE),
            ).fetchall()
            if time < self._newest_stored:
                rows += execute(
                    "SELECT k.article_id, a.story_id FROM story_key k JOIN article a ON a.id = k.article_id"
                    " WHERE k.key = ? AND k.time BETWEEN ? AND ? ORDER BY k.time LIMIT ?",
                    (term, time + 1, time + self._window, _AFTER),
                ).fetchall()
            for row in rows:
                evidence[row] += information  # type: ignore[assignment]
        nearest: dict[int, float] = {}
        for (_, story_id), information in evidence.items():
            if information >= least and information > nearest.get(story_id, 0.0):
                nearest[story_id] = information
        nearest.pop(article.story_id, None)
        return heapq.nlargest(most, nearest, key=nearest.__getitem__)

    def articles_of_feeds(self, feeds: Iterable[str], new: Sequence[Ungrouped]) -> list[tuple[str, ...]]:
        """Return the terms of the latest articles of some feeds, which are given by their terms."""
        known = {article.article_id: article.terms for article in new}
        found: list[tuple[str, ...]] = []
        for feed in sorted(feeds):
            ids = column(
                self._connection,
                "SELECT id FROM article WHERE feed_id = ? ORDER BY time DESC LIMIT ?",
                (int(feed[2:]), _OF_FEED),
            )
            found += [known[article_id] for article_id in ids if article_id in known]
            older: dict[int, list[str]] = {}
            for article_id, key in self._connection.execute(
                "SELECT k.article_id, k.key FROM json_each(?) w JOIN story_key k ON k.article_id = w.value"
                " WHERE substr(k.key, 1, 2) IN ('w:', 'n:', 's:')",
                (json.dumps([article_id for article_id in ids if article_id not in known]),),
            ):
                older.setdefault(article_id, [feed]).append(key)
            found += [tuple(terms) for terms in older.values()]
        return found

    def linked(self) -> list[tuple[int, int]]:
        """Return pairs of stories: of a new article, and of the one it names by address, or that names it."""
        return [
            (int(story_id), int(original))
            for story_id, original in self._connection.execute(
                "SELECT a.story_id, o.story_id FROM (SELECT article_id, original_id FROM attribution"
                " WHERE article_id BETWEEN ?1 AND ?2 AND key IS NOT NULL UNION SELECT article_id, original_id"
                " FROM attribution WHERE original_id BETWEEN ?1 AND ?2 AND key IS NOT NULL) t"
                " JOIN article a ON a.id = t.article_id JOIN article o ON o.id = t.original_id"
                " WHERE a.story_id <> o.story_id ORDER BY a.time, o.time",
                (self._first, self._last),
            )
        ]

    def of_source(self, source: str, story_ids: Collection[int]) -> list[int]:
        """Return those of the stories that have an article of a feed of this name."""
        name = slug(source)
        return column(
            self._connection,
            "SELECT DISTINCT a.story_id FROM json_each(?1) w JOIN article a ON a.story_id = w.value"
            " JOIN feed f ON f.id = a.feed_id WHERE f.slug = ?2 OR (length(?2) >= 5 AND f.slug LIKE ?2 || '%')",
            (json.dumps(list(story_ids)), name),
        )


class StoryGrouping(OnConnection):
    """What grouping reads and writes, through a writing connection."""

    def new_articles(self, now: datetime, limit: int) -> list[Ungrouped]:
        """Return articles that were not compared with others yet, those stored first; at most `limit`."""
        known = remembered(self._connection, GROUPED)
        cursor = (
            int(known)
            if known is not None and known.isdecimal()
            else number(
                self._connection,
                "SELECT coalesce(max(id), 0) FROM article WHERE first_seen < ?",
                (to_epoch(now - _LOOKED_BACK),),
            )
        )
        rows = self._connection.execute(
            "SELECT a.id, a.story_id, a.time, t.name, a.feed_id FROM article a"
            " LEFT JOIN attribution t ON t.article_id = a.id"
            " WHERE a.id > ? ORDER BY a.id LIMIT ?",
            (cursor, limit),
        ).fetchall()
        if not rows:
            return []
        terms: dict[int, list[str]] = {article_id: [f"f:{feed_id}"] for article_id, *_, feed_id in rows}
        for article_id, key in self._connection.execute(
            "SELECT article_id, key FROM story_key WHERE article_id BETWEEN ? AND ? AND substr(key, 2, 1) = ':'",
            (rows[0][0], rows[-1][0]),
        ):
            terms[article_id].append(key)
        return [
            Ungrouped(article_id, story_id, from_epoch(time), tuple(terms[article_id]), source)
            for article_id, story_id, time, source, _ in rows
        ]

    def near(self, new: Sequence[Ungrouped]) -> NearStories:
        """Return what finds stored stories near new articles."""
        return NearStories(self._connection, new)

    def profiles(self, story_ids: Sequence[int], new: Sequence[Ungrouped]) -> list[StoryProfile]:
        """Return what stories are known by; those of one new article by its terms that are at hand."""
        alone = Counter(article.story_id for article in new)
        own = {article.article_id: article for article in new if article.article_id == article.story_id}
        found: dict[int, StoryProfile] = {}
        first = new[0].article_id
        for story_id in story_ids:
            if (article := own.get(story_id)) is not None and alone[story_id] == 1 and story_id >= first:
                found[story_id] = StoryProfile(
                    story_id, 1, article.time, article.time, dict.fromkeys(article.terms, 1), is_pinned=False
                )
        others = [story_id for story_id in story_ids if story_id not in found]
        found.update((profile.story_id, profile) for profile in stories.profiles(self._connection, others))
        pinned = _pinned(self._connection, found)
        return [
            found[story_id] if story_id not in pinned or found[story_id].is_pinned else _as_pinned(found[story_id])
            for story_id in story_ids
        ]

    def join(self, joins: Iterable[StoryJoin], new: Sequence[Ungrouped]) -> None:
        """Make stories one, connect articles with the sources they name, and remember that these articles are grouped.

        What the user split or joined since `joins` was decided stays as it is.
        """
        with transaction(self._connection):
            self._join(joins, new)

    def _join(self, joins: Iterable[StoryJoin], new: Sequence[Ungrouped]) -> None:
        changed: list[int] = []
        for one in joins:
            ids = (one.story_id, *one.absorbs)
            if _pinned(self._connection, ids) != set(one.pinned):
                continue  # the user has regrouped them meanwhile
            read = number(self._connection, "SELECT min(read) FROM article WHERE story_id = ?", (one.story_id,))
            if read and one.repeats:
                self._connection.execute(
                    "UPDATE article SET read = 1 WHERE story_id IN (SELECT value FROM json_each(?))",
                    (json.dumps(list(one.repeats)),),
                )
            stories.absorb(self._connection, one.story_id, one.absorbs)
            changed.append(one.story_id)
        if changed:
            self._connection.execute(
                "UPDATE attribution SET original_id = (SELECT o.id FROM article a"
                " JOIN article o ON o.story_id = a.story_id AND o.id <> a.id AND o.feed_id <> a.feed_id"
                " JOIN feed f ON f.id = o.feed_id WHERE a.id = attribution.article_id"
                " AND (f.slug = attribution.slug OR"
                " (length(attribution.slug) >= 5 AND f.slug LIKE attribution.slug || '%'))"
                " ORDER BY o.time, o.id LIMIT 1) WHERE original_id IS NULL AND article_id IN"
                " (SELECT a.id FROM json_each(?) w JOIN article a ON a.story_id = w.value)",
                (json.dumps(changed),),
            )
        remember(self._connection, {GROUPED: str(new[-1].article_id)})


def _as_pinned(one: StoryProfile) -> StoryProfile:
    return StoryProfile(one.story_id, one.size, one.first, one.last, one.counts, is_pinned=True)


def _pinned(connection: Connection, story_ids: Iterable[int]) -> set[int]:
    return set(
        column(
            connection,
            "SELECT n.story_id FROM json_each(?) w JOIN story_pin n ON n.story_id = w.value",
            (json.dumps(list(story_ids)),),
        )
    )

"""What grouping reads and writes: articles that are new to it, stories near them, stories that became one."""

from __future__ import annotations

import heapq
import json
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from tracker.model.clock import from_epoch, to_epoch
from tracker.model.plan import STORY_WINDOW, StoryJoin, StoryProfile, Ungrouped
from tracker.model.query import slug
from tracker.store import stories
from tracker.store.connection import Connection, OnConnection
from tracker.store.db import transaction
from tracker.store.rows import GROUPED, column, compact_json, number, remember, remembered
from tracker.store.story_terms import list_by_term, terms_between, terms_of

_LOOKED_BACK = timedelta(days=2)
"""In a database whose articles were grouped by an older program, those of the last days are grouped again."""
_OF_FEED = 100
"""Latest articles of a feed that tell what it always writes."""
_BEFORE, _AFTER = 40, 10
"""Articles looked at under one term: what bounds the cost of a new article, whatever the archive holds."""
_TOGETHER = 1_000
"""Articles under one term that are read for all new articles at once; of a term with more, each reads its own."""
_LISTED_AT_ONCE = 4_000
"""Articles whose terms one transaction writes: 0.1 s."""
_DUST = 1e-6
"""More than sums of information are rounded by."""
_NUMBERS = msgspec.json.Decoder(list[int])
_Listed = tuple[Sequence[int], Sequence[int]]
"""Times and ids of the articles under a term, by time."""
_NONE_LISTED: _Listed = ((), ())


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

    def find(self, wanted: Sequence[tuple[Ungrouped, Mapping[str, float], float]], most: int) -> list[list[int]]:
        """Return at most `most` stories for each article: those that share most of its terms' information first.

        Args:
            wanted: each article, the terms by which it is looked up with their information, the rarest first, and
                the information that one article of a story must share.
        """
        times = [to_epoch(article.time) for article, *_ in wanted]
        listed = self._listed({term for _, terms, _ in wanted for term in terms}, times)
        shared: list[dict[int, float]] = []
        for (article, terms, least), time in zip(wanted, times, strict=True):
            after = _AFTER if time < self._newest_stored else 0
            evidence: dict[int, float] = {}
            left = sum(terms.values()) + _DUST
            for term, information in terms.items():
                if (known := listed.get(term, _NONE_LISTED)) is not None:
                    near = _around(known, time, self._window, after)
                else:
                    near = self._read_around(term, time, after)
                if left >= least:
                    for other in near:
                        evidence[other] = evidence.get(other, 0.0) + information
                else:  # too little is left for those that have none of the terms before: most articles of most terms
                    for other in evidence.keys() & near:
                        evidence[other] += information
                left -= information
            evidence.pop(article.article_id, None)
            shared.append({other: told for other, told in evidence.items() if told >= least})
        story_of = self._stories({other for evidence in shared for other in evidence})
        return [
            _nearest(evidence, story_of, article.story_id, most)
            for (article, *_), evidence in zip(wanted, shared, strict=True)
        ]

    def _listed(self, terms: Iterable[str], times: Sequence[int]) -> dict[str, _Listed | None]:
        """Return the articles under each term near these times, by time; None for a term that too many have."""
        listed: dict[str, _Listed | None] = {}
        # One row of text for each term: rows of numbers take the interpreter three times as long.
        for term, articles in self._connection.execute(
            "SELECT w.value, (SELECT group_concat(t.time || ',' || t.article_id) FROM (SELECT time, article_id FROM"
            " story_term WHERE term = w.value AND time BETWEEN ?2 AND ?3 ORDER BY time DESC, article_id DESC LIMIT ?4)"
            " t) FROM json_each(?1) w",
            (compact_json(terms), min(times) - self._window, max(times) + self._window, _TOGETHER + 1),
        ).fetchall():
            if articles is not None:
                pairs = _NUMBERS.decode(f"[{articles}]")
                is_common = len(pairs) > 2 * _TOGETHER
                listed[term] = None if is_common else (pairs[-2::-2], pairs[::-2])
        return listed

    def _read_around(self, term: str, time: int, after: int) -> list[int]:
        """Return what `_around` does for a term that is not listed."""
        sql = "SELECT article_id FROM story_term WHERE term = ? AND time BETWEEN ? AND ? ORDER BY time"
        before = f"{sql} DESC, article_id DESC LIMIT ?"
        found = column(self._connection, before, (term, time - self._window, time, _BEFORE))
        if after:
            later = f"{sql}, article_id LIMIT ?"
            found += column(self._connection, later, (term, time + 1, time + self._window, after))
        return found

    def _stories(self, article_ids: Collection[int]) -> dict[int, int]:
        return dict(
            self._connection.execute(
                "SELECT a.id, a.story_id FROM json_each(?) w JOIN article a ON a.id = w.value",
                (compact_json(article_ids),),
            ).fetchall()
        )

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
            older = [article_id for article_id in ids if article_id not in known]
            found += [(feed, *terms) for terms in terms_of(self._connection, older)]
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


def _around(listed: _Listed, time: int, window: int, after: int) -> list[int]:
    """Return the articles before a time, the latest first, then at most `after` later ones."""
    times, ids = listed
    end = bisect_right(times, time)
    start = max(bisect_left(times, time - window, 0, end), end - _BEFORE)
    near = list(ids[start:end])
    near.reverse()
    if after:
        near += ids[end : min(bisect_right(times, time + window, end), end + after)]
    return near


def _nearest(evidence: Mapping[int, float], story_of: Mapping[int, int], own: int, most: int) -> list[int]:
    nearest: dict[int, float] = {}
    for article_id, information in evidence.items():
        story_id = story_of[article_id]
        if information > nearest.get(story_id, 0.0):
            nearest[story_id] = information
    nearest.pop(own, None)
    return heapq.nlargest(most, nearest, key=nearest.__getitem__)


class StoryGrouping(OnConnection):
    """What grouping reads and writes, through a writing connection."""

    def _cursor(self, now: datetime) -> int:
        known = remembered(self._connection, GROUPED)
        if known is not None and known.isdecimal():
            return int(known)
        sql = "SELECT coalesce(max(id), 0) FROM article WHERE first_seen < ?"
        return number(self._connection, sql, (to_epoch(now - _LOOKED_BACK),))

    def list_new(self, now: datetime) -> None:
        """Let all articles that were not compared with others yet be found by their terms, by each other too."""
        sql = "SELECT id FROM article WHERE id > ? ORDER BY id LIMIT ?"
        cursor = self._cursor(now)
        while ids := column(self._connection, sql, (cursor, _LISTED_AT_ONCE)):
            with transaction(self._connection):
                list_by_term(self._connection, ids)
            cursor = ids[-1]

    def new_articles(self, now: datetime, limit: int) -> list[Ungrouped]:
        """Return articles that were not compared with others yet, those stored first; at most `limit`."""
        cursor = self._cursor(now)
        rows = self._connection.execute(
            "SELECT a.id, a.story_id, a.time, t.name, a.feed_id FROM article a"
            " LEFT JOIN attribution t ON t.article_id = a.id"
            " WHERE a.id > ? ORDER BY a.id LIMIT ?",
            (cursor, limit),
        ).fetchall()
        if not rows:
            return []
        terms: dict[int, list[str]] = {article_id: [f"f:{feed_id}"] for article_id, *_, feed_id in rows}
        for article_id, told in terms_between(self._connection, rows[0][0], rows[-1][0]):
            terms[article_id] += told
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

    def read_stories(self, story_ids: Iterable[int]) -> set[int]:
        """Return those of the stories of which every article was read."""
        return set(
            column(
                self._connection,
                "SELECT w.value FROM json_each(?) w"
                " WHERE NOT EXISTS (SELECT 1 FROM article a WHERE a.story_id = w.value AND a.read = 0)",
                (compact_json(story_ids),),
            )
        )

    def join(self, joins: Iterable[StoryJoin], new: Sequence[Ungrouped]) -> None:
        """Make stories one, connect articles with the sources they name, and remember that these articles are grouped.

        What the user split or joined since `joins` was decided stays as it is.
        """
        with transaction(self._connection):
            self._join(joins, new)

    def _join(self, joins: Iterable[StoryJoin], new: Sequence[Ungrouped]) -> None:
        listed = list(joins)
        pinned = _pinned(self._connection, [story_id for one in listed for story_id in (one.story_id, *one.absorbs)])
        # What the user has regrouped meanwhile stays.
        valid = [one for one in listed if pinned.intersection((one.story_id, *one.absorbs)) == set(one.pinned)]
        for one in valid:
            if one.repeats and number(
                self._connection, "SELECT min(read) FROM article WHERE story_id = ?", (one.story_id,)
            ):
                self._connection.execute(
                    "UPDATE article SET read = 1 WHERE story_id IN (SELECT value FROM json_each(?))",
                    (json.dumps(list(one.repeats)),),
                )
        if valid:
            stories.absorb(self._connection, {one.story_id: one.absorbs for one in valid})
            self._connection.execute(
                "UPDATE attribution SET original_id = (SELECT o.id FROM article a"
                " JOIN article o ON o.story_id = a.story_id AND o.id <> a.id AND o.feed_id <> a.feed_id"
                " JOIN feed f ON f.id = o.feed_id WHERE a.id = attribution.article_id"
                " AND (f.slug = attribution.slug OR"
                " (length(attribution.slug) >= 5 AND f.slug LIKE attribution.slug || '%'))"
                " ORDER BY o.time, o.id LIMIT 1) WHERE original_id IS NULL AND article_id IN"
                " (SELECT a.id FROM json_each(?) w JOIN article a ON a.story_id = w.value)",
                (json.dumps([one.story_id for one in valid]),),
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

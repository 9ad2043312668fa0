"""Stories in the database: what a new article is compared with, and who belongs together."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from tracker.model.attribution import Attribution
from tracker.model.clock import from_epoch, to_epoch
from tracker.model.plan import (
    OPENING,
    STORY_WINDOW,
    NewArticle,
    StoryCandidate,
    StoryChange,
    StoryProfile,
    common_terms,
)
from tracker.model.query import slug
from tracker.store.connection import Connection
from tracker.store.regrouped import note_regrouped
from tracker.store.rows import column, compact_json, first_value, number
from tracker.store.story_terms import is_term, read_terms

_PER_KEY = 40
"""Articles looked at under one key, newest first: what bounds the cost of a new article, whatever the archive holds."""
_EXACT_PER_KEY = 10
_FOR_EVER = 1 << 62
_COUNTS = msgspec.json.Decoder(dict[str, int])
_COUNTS_WRITTEN = msgspec.json.Encoder()


class NewArticleLookup:
    """What the database knows around one new article (`tracker.model.plan.StoryLookup`)."""

    def __init__(self, connection: Connection, article: NewArticle) -> None:
        self._connection = connection
        self._article = article

    def articles(self) -> list[StoryCandidate]:
        """Return the stored articles that share an exact key with it."""
        found: dict[int, StoryCandidate] = {}
        time, window = to_epoch(self._article.time), int(STORY_WINDOW.total_seconds())
        for key in self._article.story_keys:
            if is_term(key):
                continue
            # An address is one whatever the day; a title or an opening of last week is another article's.
            since, until = (0, _FOR_EVER) if key.startswith("u") else (time - window, time + window)
            for article_id, story_id, title, url, seconds, opening in self._connection.execute(
                "SELECT a.id, a.story_id, a.title, a.url, a.time, substr(x.text, 1, ?)"
                " FROM story_key k JOIN article a ON a.id = k.article_id"
                " LEFT JOIN article_text x ON x.article_id = a.id"
                " WHERE k.key = ? AND k.time BETWEEN ? AND ? ORDER BY k.time DESC LIMIT ?",
                (OPENING, key, since, until, _EXACT_PER_KEY),
            ):
                found[article_id] = StoryCandidate(article_id, story_id, title, url, from_epoch(seconds), opening or "")
        return list(found.values())

    def linked(self) -> list[int]:
        """Return the stories of the article it names as its source, by address, and of those that name it so."""
        source = self._article.attribution
        found: list[int] = []
        if source is not None and source.key is not None:
            found += column(
                self._connection,
                "SELECT a.story_id FROM story_key k JOIN article a ON a.id = k.article_id WHERE k.key = ?"
                " ORDER BY k.time LIMIT 1",
                (source.key,),
            )
        for key in self._article.story_keys:
            if key.startswith("u"):
                found += column(
                    self._connection,
                    "SELECT a.story_id FROM attribution t JOIN article a ON a.id = t.article_id WHERE t.key = ?"
                    " ORDER BY a.time LIMIT ?",
                    (key, _PER_KEY),
                )
        return found


class _NothingKnown:
    """What the database knows around an article with which no stored one has anything in common."""

    def articles(self) -> list[StoryCandidate]:
        """Return nothing."""
        return []

    def linked(self) -> list[int]:
        """Return nothing."""
        return []


NOTHING_KNOWN = _NothingKnown()


class KnownKeys:
    """The exact keys of some new articles and their sources that stored articles have, looked up all at once.

    An article that has none needs none of the five statements that look for candidates.
    """

    def __init__(self, connection: Connection, new: Sequence[NewArticle]) -> None:
        keys = {key for article in new for key in article.story_keys if not is_term(key)}
        named = {
            article.attribution.key for article in new if article.attribution is not None and article.attribution.key
        }
        self._stored = self._with(connection, "story_key", keys | named)
        self._named = self._with(connection, "attribution", keys)

    @staticmethod
    def _with(connection: Connection, table: str, keys: set[str]) -> set[str]:
        sql = f"SELECT w.value FROM json_each(?) w WHERE EXISTS (SELECT 1 FROM {table} k WHERE k.key = w.value)"
        return set(column(connection, sql, (compact_json(keys),))) if keys else set()

    def concern(self, exact: Sequence[str], source: Attribution | None) -> bool:
        """Return whether a stored article may share an exact key with an article, or one of both names the other."""
        return (
            not self._stored.isdisjoint(exact)
            or not self._named.isdisjoint(exact)
            or (source is not None and source.key in self._stored)
        )

    def add(self, exact: Sequence[str], source: Attribution | None) -> None:
        """Note the keys of an article that is stored now."""
        self._stored.update(exact)
        if source is not None and source.key is not None:
            self._named.add(source.key)


def profiles(connection: Connection, story_ids: Sequence[int]) -> list[StoryProfile]:
    """Return what these stories are known by, in their order; made again where it had been forgotten."""
    found: dict[int, StoryProfile] = {}
    for story_id, size, first, last, counts, is_pinned in connection.execute(
        "SELECT p.story_id, p.size, p.first, p.last, p.counts, n.story_id IS NOT NULL FROM json_each(?) w"
        " JOIN story_profile p ON p.story_id = w.value LEFT JOIN story_pin n ON n.story_id = p.story_id",
        (json.dumps(list(story_ids)),),
    ):
        found[story_id] = StoryProfile(
            story_id, size, from_epoch(first), from_epoch(last), _COUNTS.decode(counts), bool(is_pinned)
        )
    if missing := [story_id for story_id in story_ids if story_id not in found]:
        found.update(_rebuild(connection, missing))
    return [found[story_id] for story_id in story_ids]


def absorb(connection: Connection, absorbed: Mapping[int, Iterable[int]]) -> None:
    """Make other stories part of one: by its id, theirs. None is part of two."""
    parts_of = {story_id: (story_id, *others) for story_id, others in absorbed.items()}
    note_regrouped(connection, [one for parts in parts_of.values() for one in parts])
    known = {one.story_id: one for one in profiles(connection, [one for parts in parts_of.values() for one in parts])}
    moved = [(story_id, other) for story_id, (_, *others) in parts_of.items() for other in others]
    connection.executemany("UPDATE article SET story_id = ? WHERE story_id = ?", moved)
    ids = compact_json(other for _, other in moved)
    for table in ("story_profile", "story_pin"):
        connection.execute(f"DELETE FROM {table} WHERE story_id IN (SELECT value FROM json_each(?))", (ids,))
    made: list[StoryProfile] = []
    for story_id, ids_of in parts_of.items():
        parts = [known[one] for one in ids_of]
        counts: dict[str, int] = {}
        for part in parts:
            counts = _sum(counts, part.counts)
        first, last = min(part.first for part in parts), max(part.last for part in parts)
        made.append(StoryProfile(story_id, sum(part.size for part in parts), first, last, counts))
    _write(connection, made)


def split(connection: Connection, article_id: int) -> StoryChange:
    """Give an article a story of its own; both stay apart whatever comes."""
    old = first_value(connection, "SELECT story_id FROM article WHERE id = ?", (article_id,))
    if old is None or _size(connection, old) < 2:
        return StoryChange((), ())
    # An id that no other has: its own number, or, where it had named the story it leaves, the negative of it.
    own = next((free for free in (article_id, -article_id) if _size(connection, free) == 0), None)
    if own is None:  # it was split off before, and others have been joined with it since
        own = min(0, number(connection, "SELECT min(story_id) FROM article")) - 1
    connection.execute("UPDATE article SET story_id = ? WHERE id = ?", (own, article_id))
    note_regrouped(connection, (old, own))
    _forget(connection, (old, own))
    return StoryChange(((article_id, old),), _pin(connection, (old, own)))


def merge(connection: Connection, story_ids: Iterable[int]) -> StoryChange:
    """Make stories one, under the oldest's id; they stay one whatever comes."""
    ids = sorted(set(story_ids), key=abs)
    wanted = json.dumps(ids)
    before = connection.execute(
        "SELECT id, story_id FROM article WHERE story_id IN (SELECT value FROM json_each(?)) ORDER BY id", (wanted,)
    ).fetchall()
    if len({story_id for _, story_id in before}) < 2:
        return StoryChange((), ())
    kept = min((story_id for _, story_id in before), key=abs)
    pinned = column(
        connection, "SELECT story_id FROM story_pin WHERE story_id IN (SELECT value FROM json_each(?))", (wanted,)
    )
    absorb(connection, {kept: [story_id for story_id in ids if story_id != kept]})
    return StoryChange(
        tuple((article_id, story_id) for article_id, story_id in before if story_id != kept),
        _pin(connection, (kept,)),
        tuple(story_id for story_id in pinned if story_id != kept),
    )


def undo(connection: Connection, change: StoryChange) -> None:
    """Take back a split or merge: exactly the articles that it moved go where they were."""
    touched = set(change.pinned)
    for article_id, story_id in change.before:
        touched.add(story_id)
        touched.update(column(connection, "SELECT story_id FROM article WHERE id = ?", (article_id,)))
        connection.execute("UPDATE article SET story_id = ? WHERE id = ?", (story_id, article_id))
    note_regrouped(connection, touched)
    _forget(connection, touched)
    connection.execute(
        "DELETE FROM story_pin WHERE story_id IN (SELECT value FROM json_each(?))", (json.dumps(change.pinned),)
    )
    _pin(connection, change.unpinned)


ATTRIBUTION_COLUMNS = ("article_id", "name", "slug", "url", "field", "start", "end", "key")


def attribution_row(article_id: int, source: Attribution) -> tuple[object, ...]:
    """Return the values of `ATTRIBUTION_COLUMNS`."""
    place = (source.field, source.start, source.end)
    return (article_id, source.name, slug(source.name), source.url, *place, source.key)


def put_attribution(
    connection: Connection,
    article_id: int,
    source: Attribution | None,
    story_keys: Iterable[str],
    *,
    is_alone: bool,
) -> None:
    """Store whom an article names as its source, and connect it with the original, whichever came first.

    Args:
        is_alone: no other article is in its story.
    """
    if source is not None:
        connection.execute(
            f"INSERT OR REPLACE INTO attribution ({', '.join(ATTRIBUTION_COLUMNS)}, original_id)"
            " VALUES (?1,?2,?3,?4,?5,?6,?7,?8, coalesce("
            "(SELECT k.article_id FROM story_key k WHERE k.key = ?8 AND k.article_id <> ?1 ORDER BY k.time LIMIT 1),"
            "(SELECT o.id FROM article a JOIN article o ON o.story_id = a.story_id AND o.id <> a.id"
            " JOIN feed f ON f.id = o.feed_id WHERE a.id = ?1 AND o.feed_id <> a.feed_id"
            " AND (f.slug = ?3 OR (length(?3) >= 5 AND f.slug LIKE ?3 || '%')) ORDER BY o.time, o.id LIMIT 1)))",
            attribution_row(article_id, source),
        )
    # Those that waited for this one, by its address and by the name of its feed. Each finds its rows by an index.
    # They are looked up first: an UPDATE that changes nothing takes 95 µs, a SELECT that finds nothing 3.
    for key in story_keys:
        if key.startswith("u") and connection.execute("SELECT 1 FROM attribution WHERE key = ?", (key,)).fetchone():
            connection.execute(
                "UPDATE attribution SET original_id = ?1 WHERE key = ?2 AND original_id IS NULL AND article_id <> ?1",
                (article_id, key),
            )
    if not is_alone:
        connection.execute(
            "UPDATE attribution SET original_id = ?1 WHERE original_id IS NULL AND article_id IN"
            " (SELECT r.id FROM article a JOIN article r ON r.story_id = a.story_id AND r.feed_id <> a.feed_id"
            " JOIN attribution t ON t.article_id = r.id JOIN feed f ON f.id = a.feed_id"
            " WHERE a.id = ?1 AND (f.slug = t.slug OR (length(t.slug) >= 5 AND f.slug LIKE t.slug || '%')))",
            (article_id,),
        )


def forget_profile(connection: Connection, story_id: int) -> None:
    """Have the profile of a story made again when it is next needed."""
    connection.execute("DELETE FROM story_profile WHERE story_id = ?", (story_id,))


def forget_profile_of(connection: Connection, article_id: int) -> None:
    """Have the profile of an article's story made again when it is next needed."""
    connection.execute(
        "DELETE FROM story_profile WHERE story_id = (SELECT story_id FROM article WHERE id = ?)", (article_id,)
    )


def _rebuild(connection: Connection, story_ids: Collection[int]) -> dict[int, StoryProfile]:
    """Return the profiles of stories from their articles; one without articles has no terms.

    Those of several articles are kept. Of one article they are its terms, which are as soon read.
    """
    wanted = compact_json(story_ids)
    articles: dict[int, list[tuple[int, list[str]]]] = {story_id: [] for story_id in story_ids}
    for story_id, feed_id, time, terms in connection.execute(
        "SELECT a.story_id, a.feed_id, a.time, t.terms FROM json_each(?) w JOIN article a ON a.story_id = w.value"
        " LEFT JOIN article_terms t ON t.article_id = a.id",
        (wanted,),
    ).fetchall():
        articles[story_id].append((time, [*read_terms(terms), f"f:{feed_id}"]))
    pinned = set(
        column(
            connection, "SELECT story_id FROM story_pin WHERE story_id IN (SELECT value FROM json_each(?))", (wanted,)
        )
    )
    found = {one: _profile(one, told, is_pinned=one in pinned) for one, told in articles.items()}
    _write(connection, [one for one in found.values() if one.size > 1])
    return found


def _profile(story_id: int, articles: Sequence[tuple[int, list[str]]], *, is_pinned: bool) -> StoryProfile:
    if not articles:
        return StoryProfile(story_id, 1, from_epoch(0), from_epoch(0), {})
    if len(articles) == 1:  # as most are
        ((time, terms),) = articles
        moment = from_epoch(time)
        return StoryProfile(story_id, 1, moment, moment, dict.fromkeys(sorted(terms), 1), is_pinned)
    times = [time for time, _ in articles]
    counts: Counter[str] = Counter()
    for _, terms in articles:
        counts.update(terms)
    first, last = from_epoch(min(times)), from_epoch(max(times))
    # In order: the sums over what they are worth differ in their last digits otherwise.
    return StoryProfile(story_id, len(articles), first, last, dict(sorted(counts.items())), is_pinned)


def _write(connection: Connection, made: Iterable[StoryProfile]) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO story_profile (story_id, size, first, last, counts) VALUES (?,?,?,?,?)",
        [
            (
                one.story_id,
                one.size,
                to_epoch(one.first),
                to_epoch(one.last),
                _COUNTS_WRITTEN.encode(common_terms(one.counts)).decode(),
            )
            for one in made
        ],
    )


def _sum(one: Mapping[str, int], two: Mapping[str, int]) -> dict[str, int]:
    total = dict(one)
    for term, count in two.items():
        total[term] = total.get(term, 0) + count
    return total


def _size(connection: Connection, story_id: int) -> int:
    return number(connection, "SELECT count(*) FROM article WHERE story_id = ?", (story_id,))


def _forget(connection: Connection, story_ids: Iterable[int]) -> None:
    connection.execute(
        "DELETE FROM story_profile WHERE story_id IN (SELECT value FROM json_each(?))", (json.dumps(list(story_ids)),)
    )


def _pin(connection: Connection, story_ids: Iterable[int]) -> tuple[int, ...]:
    """Pin stories; those that were not pinned before."""
    return tuple(
        story_id
        for story_id in story_ids
        if connection.execute("INSERT OR IGNORE INTO story_pin (story_id) VALUES (?)", (story_id,)).rowcount
    )

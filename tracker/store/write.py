"""Everything that is written to the database, in short transactions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from tracker.model.clock import from_epoch, to_epoch
from tracker.model.feed import FeedSource
from tracker.model.plan import (
    OPENING,
    ChangedArticle,
    ChooseStory,
    FeedPlan,
    KnownEntry,
    NewArticle,
    Retagged,
    StoryCandidate,
)
from tracker.model.query import Query, slug
from tracker.model.tags import Mention
from tracker.store.db import connect, transaction
from tracker.store.rows import FEED_STATE_COLUMNS, feed_state_values, optional_epoch
from tracker.store.search import index_text
from tracker.store.views import condition

_CANDIDATES_PER_KEY = 40
_PURGE_BATCH = 500
_TITLES_KEPT = 24  # a feed that writes the time into its titles would fill the table


class Writer:
    """One writing connection. Use it in one thread at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = connect(path)
        self._tag_ids: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            with transaction(self.connection):
                yield
        except BaseException:
            self._tag_ids.clear()  # a tag that was rolled back has no id any more
            raise

    # -- feeds ----------------------------------------------------------------
    def register_feeds(self, sources: Sequence[FeedSource]) -> None:
        """Make the feed table agree with the configuration; a feed renamed or moved there keeps its articles."""
        execute = self.connection.execute
        with self._transaction():
            names = {source.name for source in sources}
            known: dict[str, str] = dict(execute("SELECT name, url FROM feed"))
            orphans = {url: name for name, url in known.items() if name not in names}
            for source in sources:
                if source.name not in known and source.url in orphans:
                    execute("UPDATE feed SET name = ? WHERE name = ?", (source.name, orphans[source.url]))
                    known[source.name] = source.url
                group = (source.group, None if source.group is None else slug(source.group))
                if source.name not in known:
                    execute(
                        "INSERT INTO feed (name, slug, url, group_name, group_slug) VALUES (?,?,?,?,?)",
                        (source.name, slug(source.name), source.url, *group),
                    )
                elif known[source.name] != source.url:
                    # Another address: nothing that the old one said about caching or failing holds for it.
                    execute(
                        "UPDATE feed SET url=?, etag=NULL, last_modified=NULL, body_hash=NULL, last_reason=NULL,"
                        " fail_count=0, next_due=NULL, next_why=NULL, disabled_reason=NULL, redirect_url=NULL,"
                        " redirect_since=NULL, ttl_minutes=NULL, skip_hours=NULL, skip_days=NULL WHERE name=?",
                        (source.url, source.name),
                    )
                execute(
                    "UPDATE feed SET slug=?, group_name=?, group_slug=?, is_active=? WHERE name=?",
                    (slug(source.name), *group, int(source.enabled), source.name),
                )
            execute("UPDATE feed SET is_active = 0 WHERE name NOT IN (SELECT value FROM json_each(?))", (_json(names),))

    def known_entries(self, feed_id: int, keys: Sequence[str]) -> dict[str, KnownEntry | None]:
        """Return what is stored under these keys of a feed; None stands for a deleted article."""
        wanted = _json(keys)
        known: dict[str, KnownEntry | None] = {
            key: None
            for (key,) in self.connection.execute(
                "SELECT t.key FROM json_each(?) w JOIN tombstone t ON t.feed_id = ? AND t.key = w.value",
                (wanted, feed_id),
            )
        }
        for key, article_id, content_hash in self.connection.execute(
            "SELECT a.key, a.id, a.content_hash FROM json_each(?) w"
            " JOIN article a ON a.feed_id = ? AND a.key = w.value",
            (wanted, feed_id),
        ):
            known[key] = KnownEntry(article_id, content_hash)
        return known

    def store_feed(self, plan: FeedPlan, choose_story: ChooseStory) -> tuple[int, ...]:
        """Write one feed's articles and its state, validators included, in one transaction; return the new ids.

        `choose_story` is asked for each new article, with the stored articles that share a story key with it.
        """
        with self._transaction():
            feed_id = self._store_state(plan)
            new_ids = []
            for article in plan.new:
                article_id = self._insert(feed_id, article, choose_story)
                if article_id is not None:
                    new_ids.append(article_id)
            for changed in plan.changed:
                self._change(changed)
        return tuple(new_ids)

    def pause_host(self, host: str, until: datetime, reason: str) -> None:
        """Remember that a host asked to be left alone; a longer pause that stands is kept."""
        with self._transaction():
            self.connection.execute(
                "INSERT INTO host (host, until, reason) VALUES (?,?,?) ON CONFLICT (host) DO UPDATE SET"
                " until = excluded.until, reason = excluded.reason WHERE excluded.until > until",
                (host, to_epoch(until), reason),
            )

    def _store_state(self, plan: FeedPlan) -> int:
        state = plan.state
        names = [name.strip() for name in FEED_STATE_COLUMNS.split(",")]
        kept = [(name, value) for name, value in zip(names, feed_state_values(state), strict=True) if name != "id"]
        assignments = ", ".join(f"{name} = ?" for name, _ in kept)
        self.connection.execute(
            f"UPDATE feed SET {assignments}, title = coalesce(?, title), site_url = coalesce(?, site_url),"
            " language = coalesce(?, language) WHERE id = ?",
            (*(value for _, value in kept), plan.title, plan.site_url, plan.language, state.id),
        )
        assert state.id is not None  # register_feeds gave every configured feed its row
        return state.id

    # -- articles ---------------------------------------------------------------
    def _insert(self, feed_id: int, article: NewArticle, choose_story: ChooseStory) -> int | None:
        entry = article.entry
        execute = self.connection.execute
        row = execute(
            "INSERT INTO article (feed_id, key, title, url, author, published, updated, first_seen, time, language,"
            " symbol, story_id, content_hash) VALUES (?,?,?,?,?,?,?,?,?,?,?,0,?)"
            " ON CONFLICT (feed_id, key) DO NOTHING RETURNING id",
            (
                feed_id,
                entry.key,
                entry.title,
                entry.url,
                entry.author,
                optional_epoch(entry.published),
                optional_epoch(entry.updated),
                to_epoch(article.first_seen),
                to_epoch(article.time),
                entry.language,
                article.symbol,
                article.content_hash,
            ),
        ).fetchone()
        if row is None:
            return None
        article_id: int = row[0]
        execute(
            "INSERT INTO article_text (article_id, text, links) VALUES (?,?,?)",
            (article_id, entry.text, _json(entry.links) if entry.links else None),
        )
        self._index(article_id, entry.title, entry.text)
        self._put_mentions(article_id, article.mentions)
        story_id = choose_story(article, self._candidates(article)) if article.story_keys else None
        # An article that joins a story which was read is not news.
        execute(
            "UPDATE article SET story_id = ?, read = coalesce((SELECT min(o.read) FROM article o WHERE o.story_id = ?),"
            " 0) WHERE id = ?",
            (article_id if story_id is None else story_id, story_id, article_id),
        )
        self._put_story_keys(article_id, article.story_keys, to_epoch(article.time))
        return article_id

    def _candidates(self, article: NewArticle) -> list[StoryCandidate]:
        found: dict[int, StoryCandidate] = {}
        for key in article.story_keys:
            for row in self.connection.execute(
                "SELECT a.id, a.story_id, a.title, a.url, a.time, substr(x.text, 1, ?)"
                " FROM story_key k JOIN article a ON a.id = k.article_id"
                " LEFT JOIN article_text x ON x.article_id = a.id"
                " WHERE k.key = ? ORDER BY k.time DESC LIMIT ?",
                (OPENING, key, _CANDIDATES_PER_KEY),
            ):
                found[row[0]] = StoryCandidate(row[0], row[1], row[2], row[3], from_epoch(row[4]), row[5] or "")
        return list(found.values())

    def _change(self, article: ChangedArticle) -> None:
        entry = article.entry
        execute = self.connection.execute
        row = execute(
            "SELECT a.title, x.text, a.time FROM article a"
            " LEFT JOIN article_text x ON x.article_id = a.id WHERE a.id = ?",
            (article.id,),
        ).fetchone()
        if row is None:
            return
        old_title, old_text, time = row
        self._unindex(article.id, old_title, old_text or "")
        if old_title != entry.title:
            execute(
                "INSERT OR IGNORE INTO earlier_title (article_id, until, title) SELECT ?,?,?"
                " WHERE (SELECT count(*) FROM earlier_title WHERE article_id = ?) < ?",
                (article.id, to_epoch(article.changed), old_title, article.id, _TITLES_KEPT),
            )
        # The publication time stays what it was first said to be: it is the minute that moves are measured from.
        execute(
            "UPDATE article SET title=?, url=?, author=?, updated=?, symbol=?, content_hash=? WHERE id=?",
            (
                entry.title,
                entry.url,
                entry.author,
                optional_epoch(entry.updated),
                article.symbol,
                article.content_hash,
                article.id,
            ),
        )
        execute(
            "INSERT INTO article_text (article_id, text, links) VALUES (?,?,?) ON CONFLICT (article_id) DO UPDATE SET"
            " text = excluded.text, links = excluded.links",
            (article.id, entry.text, _json(entry.links) if entry.links else None),
        )
        self._index(article.id, entry.title, entry.text)
        self._put_mentions(article.id, article.mentions)
        execute("DELETE FROM story_key WHERE article_id = ?", (article.id,))
        self._put_story_keys(article.id, article.story_keys, time)

    def retag(self, batch: Sequence[Retagged]) -> None:
        """Replace the tags of stored articles."""
        with self._transaction():
            for item in batch:
                self._put_mentions(item.article_id, item.mentions)
                self.connection.execute("UPDATE article SET symbol = ? WHERE id = ?", (item.symbol, item.article_id))

    def purge(self, keep_days: int, now: datetime) -> int:
        """Delete articles first seen more than `keep_days` ago, starred ones excepted; 0 keeps everything.

        A tombstone stays for each, so a feed that still carries it does not bring it back.
        """
        if keep_days == 0:
            return 0
        before = to_epoch(now - timedelta(days=keep_days))
        gone = 0
        while True:
            with self._transaction():
                rows = self.connection.execute(
                    "SELECT a.id, a.feed_id, a.key, a.title, x.text FROM article a"
                    " LEFT JOIN article_text x ON x.article_id = a.id"
                    " WHERE a.first_seen < ? AND a.starred = 0 ORDER BY a.first_seen LIMIT ?",
                    (before, _PURGE_BATCH),
                ).fetchall()
                for article_id, feed_id, key, title, text in rows:
                    self._unindex(article_id, title, text or "")
                    for table in ("article_text", "article_tag", "story_key", "earlier_title"):
                        self.connection.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
                    self.connection.execute("DELETE FROM article WHERE id = ?", (article_id,))
                    self.connection.execute(
                        "INSERT OR REPLACE INTO tombstone (feed_id, key, deleted) VALUES (?,?,?)",
                        (feed_id, key, to_epoch(now)),
                    )
            gone += len(rows)
            if len(rows) < _PURGE_BATCH:
                return gone

    # -- marks of the user ----------------------------------------------------------
    def set_read(self, ids: Iterable[int], read: bool) -> tuple[int, ...]:
        """Mark the stories of these articles read or unread; return the ids of the articles that changed."""
        return self._mark("read", ids, read)

    def set_starred(self, ids: Iterable[int], starred: bool) -> tuple[int, ...]:
        """Star or unstar the stories of these articles; return the ids of the articles that changed."""
        return self._mark("starred", ids, starred)

    def mark_all_read(self, query: Query, now: datetime, up_to_id: int) -> tuple[int, ...]:
        """Mark every match with an id up to `up_to_id` read; return the ids that changed, for undo.

        The bound keeps what arrived after the user last looked unread.
        """
        where = condition(query.root, now)
        with self._transaction():
            rows = self.connection.execute(
                "UPDATE article SET read = 1 WHERE read = 0 AND id <= ? AND story_id IN"
                f" (SELECT a.story_id FROM article a WHERE a.read = 0 AND a.id <= ? AND {where.text}) RETURNING id",
                (up_to_id, up_to_id, *where.values),
            ).fetchall()
        return tuple(row[0] for row in rows)

    def restore(self, column: str, ids: Iterable[int], value: bool) -> None:
        """Set `read` or `starred` of exactly these articles (undo)."""
        with self._transaction():
            self.connection.execute(
                f"UPDATE article SET {_checked(column)} = ? WHERE id IN (SELECT value FROM json_each(?))",
                (int(value), _json(ids)),
            )

    def _mark(self, column: str, ids: Iterable[int], value: bool) -> tuple[int, ...]:
        with self._transaction():
            rows = self.connection.execute(
                f"UPDATE article SET {_checked(column)} = ?1 WHERE {column} <> ?1 AND story_id IN"
                " (SELECT story_id FROM article WHERE id IN (SELECT value FROM json_each(?2))) RETURNING id",
                (int(value), _json(ids)),
            ).fetchall()
        return tuple(row[0] for row in rows)

    def set_meta(self, values: Mapping[str, str]) -> None:
        """Remember values."""
        with self._transaction():
            self.connection.executemany(
                "INSERT INTO meta (key, value) VALUES (?,?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                list(values.items()),
            )

    def set_default_meta(self, key: str, value: str) -> None:
        """Remember a value unless there is one."""
        with self._transaction():
            self.connection.execute("INSERT OR IGNORE INTO meta (key, value) VALUES (?,?)", (key, value))

    # -- parts of an article -----------------------------------------------------
    def _index(self, article_id: int, title: str, text: str) -> None:
        self.connection.execute(
            "INSERT INTO article_search (rowid, title, text) VALUES (?,?,?)",
            (article_id, index_text(title), index_text(text)),
        )

    def _unindex(self, article_id: int, title: str, text: str) -> None:
        # A contentless index forgets a row only when told exactly what had been put in.
        self.connection.execute(
            "INSERT INTO article_search (article_search, rowid, title, text) VALUES ('delete',?,?,?)",
            (article_id, index_text(title), index_text(text)),
        )

    def _put_mentions(self, article_id: int, mentions: Sequence[Mention]) -> None:
        execute = self.connection.execute
        execute("DELETE FROM article_tag WHERE article_id = ?", (article_id,))
        for place, mention in enumerate(mentions):
            matches = [[match.field, match.start, match.end, match.text] for match in mention.matches]
            execute(
                "INSERT OR REPLACE INTO article_tag (tag_id, article_id, about, symbol, place, matches)"
                " VALUES (?,?,?,?,?,?)",
                (
                    self._tag_id(mention.tag),
                    article_id,
                    int(mention.salience == "about"),
                    mention.symbol,
                    place,
                    _json(matches),
                ),
            )

    def _tag_id(self, name: str) -> int:
        known = self._tag_ids.get(name)
        if known is None:
            self.connection.execute("INSERT OR IGNORE INTO tag (name) VALUES (?)", (name,))
            known = self._tag_ids[name] = self.connection.execute(
                "SELECT id FROM tag WHERE name = ?", (name,)
            ).fetchone()[0]
        return known

    def _put_story_keys(self, article_id: int, keys: Sequence[str], time: int) -> None:
        self.connection.executemany(
            "INSERT OR IGNORE INTO story_key (key, time, article_id) VALUES (?,?,?)",
            [(key, time, article_id) for key in keys],
        )


def _checked(column: str) -> str:
    if column not in ("read", "starred"):
        raise ValueError(f"no mark is called {column}")
    return column


def _json(values: Iterable[object]) -> str:
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))

"""Everything that is written to the database, in short transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from tracker.model.clock import to_epoch
from tracker.model.feed import FeedSource
from tracker.model.plan import (
    ChooseStory,
    FeedPlan,
    KnownAddress,
    KnownEntry,
    Retagged,
)
from tracker.model.query import Query
from tracker.model.trust import TrustedTime
from tracker.model.wait import LONGEST_PAUSE
from tracker.store import feeds, read_marks, retention, waits
from tracker.store.alerts import AlertWriter
from tracker.store.article_rows import ArticleRows
from tracker.store.date_alerts import DateAlerts
from tracker.store.dates import DateWriter
from tracker.store.db import connect, transaction
from tracker.store.fulltexts import FullTextWriter
from tracker.store.grouping import StoryGrouping
from tracker.store.marks import MarkWriter
from tracker.store.mutes import Muted, mute, mute_new, mute_stored, unmute
from tracker.store.originals import OriginalStore
from tracker.store.price_writer import PriceWriter
from tracker.store.relisted import note_relisted
from tracker.store.rows import column, compact_json, first_value, number, remember, remembered, structs
from tracker.store.story_writer import StoryWriter
from tracker.store.text_index import add_to_index

CONFIG_KEY = "config"
"""In `meta`: the stamp of the configuration whose feeds were registered last."""
JUMP_KEY = "clock_jump"
"""In `meta`: whether the clock was confirmed before it jumped, until a time is trusted again."""
_FROM_CONFIRMED = "from a confirmed time"


class Writer:
    """One writing connection. Use it in one thread at a time.

    Args:
        give_way: called before each statement, where another thread may need the interpreter more.
    """

    def __init__(self, path: Path, *, give_way: Callable[[], None] | None = None) -> None:
        self.path = path
        self._connection = connect(path)
        self._connection.give_way = give_way
        self._articles = ArticleRows(self._connection)
        self.alerts = AlertWriter(self._connection)
        self.full_texts = FullTextWriter(self._connection)
        self.marks = MarkWriter(self._connection)
        self.prices = PriceWriter(self._connection)
        self.dates = DateWriter(self._connection)
        self.date_alerts = DateAlerts(self._connection)
        self.stories = StoryWriter(self._connection)
        self.grouping = StoryGrouping(self._connection)
        self.originals = OriginalStore(self._connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            with transaction(self._connection):
                yield
        except BaseException:
            self._articles.forget_tag_ids()
            raise

    def index_problem(self) -> str | None:
        """Return what is wrong with the search index, or None. SQLite checks it over a connection that may write."""
        from tracker.store.repair import index_problem

        return index_problem(self._connection)

    # -- feeds ----------------------------------------------------------------
    def register_feeds(self, sources: Sequence[FeedSource], stamp: str | None = None) -> None:
        """Make the feed table agree with the configuration; a feed renamed or moved there keeps its articles.

        `stamp` is of the file that says so, and is remembered.
        """
        with self._transaction():
            feeds.register(self._connection, sources)
            if stamp is not None:
                remember(self._connection, {CONFIG_KEY: stamp})

    def active_feeds(self) -> dict[str, str]:
        """Return the addresses of the feeds that the configuration used last has, by name."""
        return dict(self._connection.execute("SELECT name, url FROM feed WHERE is_active = 1"))

    def feed_id(self, name: str) -> int | None:
        """Return the id of a feed; None where it is not stored."""
        found: int | None = first_value(self._connection, "SELECT id FROM feed WHERE name = ?", (name,))
        return found

    def known_entries(self, feed_id: int, keys: Sequence[str]) -> dict[str, KnownEntry | None]:
        """Return what is stored under these keys of a feed; None for a deleted article."""
        wanted = compact_json(keys)
        known: dict[str, KnownEntry | None] = dict.fromkeys(
            column(
                self._connection,
                "SELECT t.key FROM json_each(?) w CROSS JOIN tombstone t ON t.feed_id = ? AND t.key = w.value",
                (wanted, feed_id),
            )
        )
        for key, article_id, content_hash in self._connection.execute(
            "SELECT a.key, a.id, a.content_hash FROM json_each(?) w"
            " CROSS JOIN article a ON a.feed_id = ? AND a.key = w.value",
            (wanted, feed_id),
        ):
            known[key] = KnownEntry(article_id, content_hash)
        return known

    def known_addresses(self, feed_id: int, urls: Sequence[str], times: Sequence[datetime] = ()) -> list[KnownAddress]:
        """Return the stored articles of a feed that have one of these addresses or times of publication."""
        rows = self._connection.execute(
            "SELECT id, key, url, title, content_hash, published FROM article WHERE feed_id = ?"
            " AND (url IN (SELECT value FROM json_each(?)) OR published IN (SELECT value FROM json_each(?)))"
            " ORDER BY id",
            (feed_id, compact_json(urls), compact_json([to_epoch(time) for time in times])),
        )
        return list(structs(KnownAddress, rows))

    def content_hashes(self, feed_id: int, limit: int = 1_000) -> frozenset[str]:
        """Return the content hashes of the newest articles of a feed."""
        sql = "SELECT content_hash FROM article WHERE feed_id = ? ORDER BY time DESC LIMIT ?"
        return frozenset(column(self._connection, sql, (feed_id, limit)))

    def recent_count(self, feed_id: int, since: datetime) -> int:
        """Return how many articles of a feed were published, or first seen where that is not known, since a time."""
        sql = "SELECT count(*) FROM article WHERE feed_id = ? AND time >= ?"
        return number(self._connection, sql, (feed_id, to_epoch(since)))

    def store_feed(
        self, plan: FeedPlan, choose_story: ChooseStory, mutes: Sequence[Query] = (), now: datetime | None = None
    ) -> tuple[int, ...]:
        """Write one feed's articles and its state, validators included, in one transaction; return the new ids.

        `choose_story` is asked for each new article that has story keys, with what is stored around it.

        Args:
            mutes: new articles that match one of these are stored as muted.
            now: for ages in those queries; not needed without any.
        """
        with self._transaction():
            own_id = feeds.store_state(self._connection, plan)
            feed_id = own_id if plan.home is None else plan.home
            for renamed_id, key in plan.renamed:
                self._connection.execute("UPDATE OR IGNORE article SET key = ? WHERE id = ?", (key, renamed_id))
            new = self._articles.insert(feed_id, plan.new, choose_story) if plan.new else {}
            for changed in plan.changed:
                self._articles.change(changed)
            if plan.listed is not None:
                retention.note_listed(self._connection, feed_id, plan.listed, plan.seen_at)
            # All at once at the end: FTS5 writes out what it has gathered before any other statement that may have to
            # be undone alone, 150 µs an article.
            add_to_index(self._connection, ((article_id, entry.title, entry.text) for article_id, entry in new.items()))
            if mutes and new and now is not None:
                mute_new(self._connection, new, mutes, now)
            if new:
                read_marks.mark_new(self._connection, plan.state.url, new)
            if plan.listed is not None:
                read_marks.forget(self._connection, plan.state.url)
        return tuple(new)

    def mute_stored(self, mutes: Sequence[Query], rules: Sequence[str], now: datetime) -> bool:
        """Mute stored articles by changed rules; return whether they had changed."""
        with self._transaction():
            return mute_stored(self._connection, mutes, rules, now)

    def mute(
        self, query: Query, before: Sequence[str], rules: Sequence[str], now: datetime, keep: Callable[[], object]
    ) -> Muted:
        """Apply one more mute rule to stored articles; return what it hid.

        Args:
            before: the texts of the rules without it.
            rules: the texts with it.
            keep: writes the rule to the configuration; nothing is stored when it raises.
        """
        with self._transaction():
            muted = mute(self._connection, query, before, rules, now)
            keep()
        return muted

    def unmute(self, muted: Muted, before: Sequence[str], rules: Sequence[str], drop: Callable[[], object]) -> None:
        """Undo `mute`; `drop` removes the rule from the configuration, and nothing is stored when it raises."""
        with self._transaction():
            unmute(self._connection, muted, before, rules)
            drop()

    def pause_host(self, host: str, until: datetime, reason: str, now: datetime) -> None:
        """Store the pause that a host asked for, at most a day; keep a longer one that is still active."""
        with self._transaction():
            waits.forget_void(self._connection, "host", now)
            self._connection.execute(
                "INSERT INTO host (host, until, reason, set_at) VALUES (?,?,?,?) ON CONFLICT (host) DO UPDATE SET"
                " until = excluded.until, reason = excluded.reason, set_at = excluded.set_at"
                " WHERE excluded.until > until",
                (host, to_epoch(min(until, now + LONGEST_PAUSE)), reason, to_epoch(now)),
            )

    # -- articles ---------------------------------------------------------------
    def retag(self, batch: Sequence[Retagged]) -> None:
        """Replace the tags of stored articles."""
        with self._transaction():
            for item in batch:
                self._articles.put_mentions(item.article_id, item.mentions)
                self._connection.execute("UPDATE article SET symbol = ? WHERE id = ?", (item.symbol, item.article_id))

    def note_retagged(self, values: Mapping[str, str]) -> None:
        """Remember values once all articles are tagged anew, which an open window then shows."""
        with self._transaction():
            remember(self._connection, values)
            note_relisted(self._connection)

    def purge(self, keep_days: int, time: TrustedTime) -> int:
        """Delete articles that their feeds stopped listing more than `keep_days` ago; 0 keeps everything.

        Starred ones stay. A tombstone keeps each out for a while, in case its feed lists it again. While nobody knows
        what time it is, nothing goes; after a jump of the clock ages count from the first time that is trusted, unless
        servers confirmed the clock before the jump and do so now. Returns how many went.
        """
        if time.earliest is None:
            return 0
        with self._transaction():
            jump = remembered(self._connection, JUMP_KEY)
            if jump is not None:
                retention.settle_jump(
                    self._connection, time.latest, ages_hold=jump == _FROM_CONFIRMED and time.is_confirmed
                )
                self._connection.execute("DELETE FROM meta WHERE key = ?", (JUMP_KEY,))
            if time.is_confirmed:
                retention.void_future(self._connection, time.latest)
            retention.forget_buried(self._connection, time.earliest)
        gone = 0
        while keep_days:
            with self._transaction():
                deleted = retention.delete_old(self._connection, time.earliest - timedelta(days=keep_days), time.latest)
                if deleted:
                    note_relisted(self._connection)
            if deleted == 0:
                break
            gone += deleted
        return gone

    def note_clock_jump(self, *, was_confirmed: bool) -> None:
        """Remember that the clock jumped, until `purge` runs at a time that is trusted; the first jump counts.

        Args:
            was_confirmed: servers showed the clock's time before the jump.
        """
        with self._transaction():
            self._connection.execute(
                "INSERT OR IGNORE INTO meta (key, value) VALUES (?,?)",
                (JUMP_KEY, _FROM_CONFIRMED if was_confirmed else "from a time that nobody confirmed"),
            )

    def settle_dates(self, now: datetime) -> int:
        """Date the articles whose feeds claimed a time that was still to come and has come now; return how many."""
        claims = retention.claims_that_came(self._connection, now)
        if claims:
            with self._transaction():
                retention.date_articles(self._connection, claims)
        return len(claims)

    # -- meta -----------------------------------------------------------------------
    def set_meta(self, values: Mapping[str, str]) -> None:
        """Remember values."""
        with self._transaction():
            remember(self._connection, values)

    def set_default_meta(self, key: str, value: str) -> None:
        """Remember a value unless there is one."""
        with self._transaction():
            self._connection.execute("INSERT OR IGNORE INTO meta (key, value) VALUES (?,?)", (key, value))

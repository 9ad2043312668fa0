"""How long articles stay: what feeds still list, what is old enough to go, and dates that were ahead of the clock.

All of it runs within the caller's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tracker.model.clock import to_epoch
from tracker.model.entry import Entry
from tracker.model.trust import CONFIRMED_WITHIN
from tracker.store.connection import Connection
from tracker.store.relisted import note_relisted
from tracker.store.rows import column
from tracker.store.story_terms import dated_anew, forget_terms
from tracker.store.text_index import remove_from_index

_BATCH = 500
_MAX_LEAVING = 2_000
"""Articles that leave a feed at once; the first document after schema 1 finds all old ones gone."""
TOMBSTONE_LIFE = timedelta(days=30)
"""A deleted article is kept out for so long after its feed last listed it, for feeds that flicker."""
_RESTAMP_SECONDS = 86_400
_UNDATED = 253_402_300_799
"""The end of the year 9999: what happened after the clock jumped, and has no date before the time is trusted again."""
_INACTIVE = "SELECT id FROM feed WHERE (is_active = 0 OR disabled_reason IS NOT NULL)"
_OLD = (
    "SELECT a.id, a.feed_id, a.key, a.title, x.text, a.story_id, a.unlisted IS NULL FROM article a"
    " LEFT JOIN article_text x ON x.article_id = a.id"
    " WHERE a.starred = 0 AND a.first_seen < :before AND a.time < :before"
)


def note_listed(connection: Connection, feed_id: int, entries: Sequence[Entry], at: datetime | None) -> None:
    """Remember which articles of a feed are not in its latest whole document, and which are again.

    Only what changes is written, so a document costs as many writes as it has entries that came or went.

    Args:
        at: when the document came; None after the clock jumped, and `settle_jump` will date it.
    """
    execute = connection.execute
    keys = json.dumps([entry.key for entry in entries], ensure_ascii=False)
    moment = _UNDATED if at is None else to_epoch(at)
    execute(
        "UPDATE article SET unlisted = NULL WHERE unlisted IS NOT NULL AND feed_id = ? AND key IN"
        " (SELECT value FROM json_each(?))",
        (feed_id, keys),
    )
    execute(
        "UPDATE article SET unlisted = ? WHERE id IN (SELECT id FROM article WHERE unlisted IS NULL AND feed_id = ?"
        " AND key NOT IN (SELECT value FROM json_each(?)) LIMIT ?)",
        (moment, feed_id, keys, _MAX_LEAVING),
    )
    execute(
        "UPDATE tombstone SET deleted = ?1 WHERE feed_id = ?2 AND deleted < ?1 - ?4 AND key IN"
        " (SELECT value FROM json_each(?3))",
        (moment, feed_id, keys, _RESTAMP_SECONDS),
    )
    _date_by_feed(connection, feed_id, entries)


def _date_by_feed(connection: Connection, feed_id: int, entries: Sequence[Entry]) -> None:
    """Date what has no date yet by what its feed says now.

    The feed took back a date ahead of the clock, or the document that brought the article was cut off before its date.
    A date that is ahead of the clock is kept until it comes: the clock may be behind, and the feed never sent again.
    """
    connection.executemany(
        "UPDATE article SET claimed = ?1 WHERE feed_id = ?2 AND key = ?3 AND published IS NULL AND claimed IS NOT ?1",
        [(to_epoch(entry.claimed), feed_id, entry.key) for entry in entries if entry.claimed],
    )
    waiting = {
        key: article_id
        for article_id, key in connection.execute(
            "SELECT a.id, a.key FROM json_each(?) e CROSS JOIN article a ON a.key = e.value"
            " WHERE a.feed_id = ? AND a.published IS NULL",
            (json.dumps([entry.key for entry in entries if entry.published], ensure_ascii=False), feed_id),
        )
    }
    if waiting:
        given = [(entry.published, waiting[entry.key]) for entry in entries if entry.key in waiting]
        date_articles(connection, [(to_epoch(published), article_id) for published, article_id in given if published])


def claims_that_came(connection: Connection, now: datetime) -> list[tuple[int, int]]:
    """Return (publication in epoch seconds, id) of the articles whose claimed date has come."""
    return connection.execute("SELECT claimed, id FROM article WHERE claimed <= ?", (to_epoch(now),)).fetchall()


def date_articles(connection: Connection, dates: Iterable[tuple[int, int]]) -> None:
    """Give articles that had none their (publication in epoch seconds, id)."""
    for number, (published, article_id) in enumerate(dates):
        if number == 0:
            note_relisted(connection)
        values = (published, article_id)
        with dated_anew(connection, [article_id]):
            connection.execute("UPDATE article SET published = ?1, time = ?1, claimed = NULL WHERE id = ?2", values)
        connection.execute("UPDATE OR IGNORE story_key SET time = ? WHERE article_id = ?", values)
        connection.execute(
            "DELETE FROM story_profile WHERE story_id = (SELECT story_id FROM article WHERE id = ?)", (article_id,)
        )


def void_future(connection: Connection, now: datetime) -> None:
    """Date anew what a clock that was ahead dated, once servers have shown what time it is."""
    times = {"now": to_epoch(now), "ahead": to_epoch(now + CONFIRMED_WITHIN)}
    if connection.execute("SELECT 1 FROM article WHERE first_seen > :ahead", times).fetchone() is not None:
        note_relisted(connection)
    ahead = column(connection, "SELECT id FROM article WHERE first_seen > :ahead AND published IS NULL", times)
    with dated_anew(connection, ahead):
        for statement in (
            "UPDATE article SET unlisted = :now WHERE unlisted > :ahead",
            "UPDATE article SET time = CASE WHEN published IS NULL THEN :now ELSE time END, first_seen = :now"
            " WHERE first_seen > :ahead",
            "UPDATE tombstone SET deleted = :now WHERE deleted > :ahead",
        ):
            connection.execute(statement, times)


def settle_jump(connection: Connection, at: datetime, *, ages_hold: bool) -> None:
    """Date what happened since the clock jumped, once the time is trusted again.

    Args:
        at: the latest that it can be now.
        ages_hold: servers confirmed the clock both before and after. Else what happened before was dated by a clock
            of which nobody knows how far it was off, and every age counts from now on: late deletion harms nobody.
    """
    times = {"at": to_epoch(at), "since": _UNDATED - 1 if ages_hold else 0}
    for statement in (
        "UPDATE article SET unlisted = :at WHERE unlisted > :since",
        "UPDATE tombstone SET deleted = :at WHERE deleted > :since",
    ):
        connection.execute(statement, times)
    if not ages_hold:  # the articles of these go by when their feed was last asked
        connection.execute(
            f"UPDATE feed SET last_checked = :at WHERE id IN ({_INACTIVE}) AND last_checked < :at", times
        )


def delete_old(connection: Connection, before: datetime, now: datetime) -> int:
    """Delete a batch of articles that their feeds stopped listing before a time, starred ones excepted.

    Those of a feed that is not asked any more go by the time when it was last asked. Returns how many went; 0 when no
    more are left.
    """
    limits = {"before": to_epoch(before), "batch": _BATCH}
    rows = connection.execute(f"{_OLD} AND a.unlisted < :before LIMIT :batch", limits).fetchall()
    if not rows:
        rows = connection.execute(
            f"{_OLD} AND a.unlisted IS NULL AND a.feed_id IN ({_INACTIVE} AND coalesce(last_checked, 0) < :before)"
            " LIMIT :batch",
            limits,
        ).fetchall()
    silent: list[int] = []
    touched: list[int] = []
    for article_id, feed_id, key, title, text, story_id, is_listed in rows:
        touched.append(story_id)
        remove_from_index(connection, article_id, title, text or "")
        forget_terms(connection, [article_id])
        for table in ("article_text", "full_text", "article_tag", "story_key", "earlier_title", "attribution"):
            connection.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
        connection.execute("DELETE FROM article WHERE id = ?", (article_id,))
        if is_listed:
            silent.append(feed_id)
        else:
            connection.execute("INSERT OR REPLACE INTO tombstone VALUES (?,?,?)", (feed_id, key, to_epoch(now)))
    # A silent feed that is asked again is read from the start: what it lists then was not buried.
    connection.execute(
        "UPDATE feed SET etag = NULL, last_modified = NULL, body_hash = NULL WHERE id IN"
        " (SELECT value FROM json_each(?))",
        (json.dumps(silent),),
    )
    _forget_stories(connection, touched)
    return len(rows)


def forget_buried(connection: Connection, now: datetime) -> None:
    """Forget deleted articles that their feeds have not listed for `TOMBSTONE_LIFE`."""
    connection.execute("DELETE FROM tombstone WHERE deleted < ?", (to_epoch(now - TOMBSTONE_LIFE),))


def _forget_stories(connection: Connection, story_ids: Sequence[int]) -> None:
    """Forget what stories were known by that lost articles, and all of those that have none left."""
    wanted = json.dumps(story_ids)
    connection.execute("DELETE FROM story_profile WHERE story_id IN (SELECT value FROM json_each(?))", (wanted,))
    connection.execute(
        "DELETE FROM story_pin WHERE story_id IN (SELECT value FROM json_each(?))"
        " AND NOT EXISTS (SELECT 1 FROM article a WHERE a.story_id = story_pin.story_id)",
        (wanted,),
    )

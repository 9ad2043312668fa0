"""In how many stored titles a word occurs, counted once they are days old."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from tracker.model.clock import to_epoch
from tracker.store.connection import Connection
from tracker.store.rows import column, number, remember, remembered
from tracker.store.story_terms import forget_terms

_LEARNED_AFTER = timedelta(days=4)
_BATCH = 2_000
_MOST_WORDS = 60_000
_CURSOR, _TITLES = "story_words_cursor", "story_words_titles"


def learned_words(connection: Connection) -> tuple[dict[str, int], int]:
    """Return (word to stored titles with it, titles that were counted)."""
    titles = remembered(connection, _TITLES)
    if titles is None:
        return {}, 0
    return dict(connection.execute("SELECT word, titles FROM story_word")), int(titles)


def learn_words(connection: Connection, now: datetime) -> bool:
    """Count the words of articles that are days old, and forget what only new articles are looked up by.

    One batch at a time, within the caller's transaction; True when there is more to do. The counts stay bounded: when
    there are too many words all are halved, so what nobody writes any more is forgotten.
    """
    cursor, titles = (int(remembered(connection, key) or 0) for key in (_CURSOR, _TITLES))
    ids = column(
        connection,
        "SELECT id FROM article WHERE id > ? AND first_seen < ? ORDER BY id LIMIT ?",
        (cursor, to_epoch(now - _LEARNED_AFTER), _BATCH),
    )
    if not ids:
        return False
    wanted = json.dumps(ids)
    connection.execute(
        "INSERT INTO story_word (word, titles) SELECT substr(j.value, 3), count(*) FROM json_each(?) w"
        " JOIN article_terms t ON t.article_id = w.value JOIN json_each(t.terms) j"
        " WHERE j.value LIKE 'w:%' GROUP BY j.value"
        " ON CONFLICT (word) DO UPDATE SET titles = titles + excluded.titles",
        (wanted,),
    )
    forget_terms(connection, ids)
    connection.execute("DELETE FROM story_profile WHERE last < ?", (to_epoch(now - _LEARNED_AFTER),))
    titles += len(ids)
    if number(connection, "SELECT count(*) FROM story_word") > _MOST_WORDS:
        connection.execute("UPDATE story_word SET titles = titles / 2")
        connection.execute("DELETE FROM story_word WHERE titles = 0")
        titles //= 2
    remember(connection, {_CURSOR: str(ids[-1]), _TITLES: str(titles)})
    return len(ids) == _BATCH

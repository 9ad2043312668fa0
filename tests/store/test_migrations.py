"""Databases of earlier releases, brought to the schema of today."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from tracker.store.db import APPLICATION_ID, SCHEMA_VERSION, connect
from tracker.store.migrations import _MIGRATIONS


def test_schema_2_keeps_articles_and_gives_back_what_a_wrong_clock_buried(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    old = sqlite3.connect(path)
    _MIGRATIONS.apply(Database(old, execute_plugins=False), stop_before="schema_2")
    old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    old.execute("PRAGMA user_version = 1")
    for feed in (1, 2):
        old.execute(
            "INSERT INTO feed (id, name, slug, url, etag, body_hash) VALUES (?1, ?1, ?1, ?1, 'tag', 'hash')", (feed,)
        )
    old.execute(
        "INSERT INTO article (feed_id, key, title, first_seen, time, story_id, content_hash)"
        " VALUES (1, 'kept', 'Kept', 5, 5, 1, 'h')"
    )
    old.execute("INSERT INTO tombstone VALUES (1, 'buried', 9)")
    old.execute("INSERT INTO host VALUES ('a.example', 99, '429')")
    for story in (1, 7):
        old.execute("INSERT INTO story_profile VALUES (?, 1, 5, 5, '{}')", (story,))
        old.execute("INSERT INTO story_pin VALUES (?)", (story,))
    old.commit()
    old.close()
    connection = connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert connection.execute("SELECT key, unlisted, claimed FROM article").fetchall() == [("kept", None, None)]
    assert connection.execute("SELECT * FROM tombstone").fetchall() == []
    # The feed that buried something is read again from the start; the other one goes on.
    assert connection.execute("SELECT id, etag, body_hash FROM feed").fetchall() == [
        (1, None, None),
        (2, "tag", "hash"),
    ]
    assert connection.execute("SELECT host, until, set_at FROM host").fetchall() == [("a.example", 99, None)]
    for table in ("story_profile", "story_pin"):
        assert connection.execute(f"SELECT story_id FROM {table}").fetchall() == [(1,)]
    connection.close()

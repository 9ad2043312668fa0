"""Databases of earlier releases, brought to the schema of today."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.store import NOW, SCHEMAS, article, fill, make_released, raw
from tracker.model.errors import StoreError
from tracker.model.query import parse_query
from tracker.store.backup import backup_path
from tracker.store.db import APPLICATION_ID, SCHEMA_VERSION, connect
from tracker.store.migrations import migrate
from tracker.store.read import Reader
from tracker.store.repair import file_problem, index_problem
from tracker.store.write import Writer


def test_schema_2_keeps_articles_and_gives_back_what_a_wrong_clock_buried(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    old = sqlite3.connect(path)
    migrate(old, below=2)
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


def test_there_is_a_file_of_every_earlier_schema() -> None:
    assert sorted(path.stem for path in SCHEMAS.glob("*.sql")) == [str(n) for n in range(1, SCHEMA_VERSION)]


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_database_of_an_earlier_schema_keeps_everything_and_leaves_a_backup(tmp_path: Path, version: int) -> None:
    path = tmp_path / "t.db"
    make_released(path, version)
    with Writer(path) as writer:
        titles = [row.title for row in Reader(path).articles.headlines([1, 2, 3])]
        assert titles == ["Nvidia falls 17 %", "深度求索发布新模型", "Nvidia falls"]
        assert raw(writer).execute("SELECT id, read, starred FROM article").fetchall() == [
            (1, 0, 1),
            (2, 1, 0),
            (3, 0, 1),
        ]
        assert raw(writer).execute("SELECT price FROM quote").fetchall() == [(118.42,)]
        assert index_problem(raw(writer)) is None
        assert file_problem(raw(writer)) is None
        # What searches and new articles need works.
        assert len(Reader(path).articles.ids(parse_query("nvidia"), NOW)) == 2
        assert fill(writer, "CNBC", [article("Nvidia again")])
    made = connect(tmp_path / "new.db")
    migrated = connect(path)
    assert _schema(migrated) == _schema(made)
    assert [one.name for one in tmp_path.glob("*backup*")] == [backup_path(path).name]
    backup = sqlite3.connect(backup_path(path))
    assert backup.execute("PRAGMA user_version").fetchone() == (version,)
    assert backup.execute("SELECT count(*) FROM article").fetchone() == (3,)
    assert backup.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert backup_path(path).stat().st_mode & 0o777 == 0o600


def _schema(connection: sqlite3.Connection) -> dict[str, set[str]]:
    """Return the columns of each table and index."""
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'index')")]
    return {
        name: {str(row[1:]) for row in connection.execute(f"SELECT * FROM pragma_table_xinfo('{name}')")}
        for name in names
    }


def test_schema_9_keeps_what_articles_are_compared_by(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    make_released(path, 8)
    connection = connect(path)
    assert connection.execute("SELECT * FROM article_terms").fetchall() == [
        (1, '["e:nvidia","n:17%","w:nvidia"]'),
        (3, '["w:nvidia"]'),
    ]
    assert connection.execute("SELECT * FROM story_term").fetchall() == [
        ("n:17%", 1738011960, 1),
        ("w:nvidia", 1738011960, 1),
        ("w:nvidia", 1738012260, 3),
    ]
    assert {key for (key,) in connection.execute("SELECT key FROM story_key")} == {"k1"}
    connection.close()


def test_a_new_database_has_no_backup_and_one_of_today_makes_none(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    connect(path).close()
    connect(path).close()
    assert not backup_path(path).exists()


def test_an_update_is_announced_once_with_where_the_copy_is(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    make_released(path, 8)
    said: list[str] = []
    for database in (path, path, tmp_path / "new.db"):
        connect(database, tell=said.append).close()
    assert said == [
        f"{path}: updating from schema 8 to {SCHEMA_VERSION}; a copy is kept as t.db.backup. Large databases take a"
        " minute"
    ]


def test_a_copy_that_a_killed_update_left_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    make_released(path, 8)
    program = "import os, sys, pathlib\nfrom tracker.store import backup\n"
    program += "pathlib.Path.replace = lambda *_: os._exit(9)\nbackup.back_up(pathlib.Path(sys.argv[1]))"
    assert subprocess.run([sys.executable, "-c", program, str(path)], check=False).returncode == 9
    assert len(list(tmp_path.iterdir())) == 2
    connect(path).close()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["t.db", "t.db.backup"]


def test_nothing_is_migrated_when_the_backup_cannot_be_made(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    make_released(path, 1)
    backup_path(path).mkdir()
    with pytest.raises(StoreError, match=r"t\.db\.backup: "):
        connect(path)
    old = sqlite3.connect(path)
    assert old.execute("PRAGMA user_version").fetchone() == (1,)
    assert sorted(one.name for one in tmp_path.glob("*.backup-*")) == []


def test_a_new_database_is_what_all_updates_make_and_needs_no_library_for_them(tmp_path: Path) -> None:
    program = "import sys, pathlib\nfrom tracker.store.db import connect\nconnect(pathlib.Path(sys.argv[1])).close()\n"
    program += "sys.exit('sqlite_utils' in sys.modules)"
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "new.db")], check=True)
    updated = sqlite3.connect(tmp_path / "updated.db", isolation_level=None)
    migrate(updated)
    new = sqlite3.connect(tmp_path / "new.db", isolation_level=None)
    for asked in (
        "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name",
        "SELECT migration_set, name FROM _sqlite_migrations ORDER BY id",
    ):
        made, brought = (
            [[" ".join(str(value).split()).replace("( ", "(").replace(" )", ")") for value in row] for row in rows]
            for rows in (one.execute(asked).fetchall() for one in (new, updated))
        )
        assert made == brought
    migrate(new)  # finds nothing to do
    new.close()
    updated.close()

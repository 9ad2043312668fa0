"""Opening databases: new, old, foreign, broken, and from two processes at once."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.helpers.store import article, fill, raw
from tracker.model.errors import StoreError
from tracker.store.db import SCHEMA_VERSION, connect, transaction
from tracker.store.read import Reader
from tracker.store.write import Writer


def test_a_new_database_is_made_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "t.db"
    connection = connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    connection.close()


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE mine (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"other\.db: belongs to another program"):
        connect(path)
    assert path.read_bytes() == before


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    connect(path).close()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(StoreError, match="created by a newer tracker"):
        connect(path)


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    path.write_text("certainly not SQLite, whatever its name says" * 100)
    with pytest.raises(StoreError, match=r"t\.db: is not a tracker database"):
        connect(path)
    with pytest.raises(StoreError, match=r"cannot be opened .*t\.db is a file, not a folder"):
        connect(path / "below" / "a file.db")


def test_readers_cannot_write(tmp_path: Path) -> None:
    connection = connect(tmp_path / "t.db", read_only=True)
    with pytest.raises(StoreError, match="is not writable"):
        connection.execute("INSERT INTO meta VALUES ('a', 'b')")
    connection.close()


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    connection = connect(tmp_path / "t.db")

    def fail_half_way() -> None:
        with transaction(connection):
            connection.execute("INSERT INTO meta VALUES ('a', 'b')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert connection.execute("SELECT count(*) FROM meta").fetchone() == (0,)
    connection.close()


def test_readers_see_whole_transactions_while_another_writes(tmp_path: Path) -> None:
    with Writer(tmp_path / "t.db") as writer, Reader(tmp_path / "t.db") as reader:
        version = reader.data_version()
        fill(writer, "A", [article("One")])
        with transaction(raw(writer)):
            raw(writer).execute("UPDATE article SET title = 'half done'")
            assert [row.title for row in reader.articles.headlines([1])] == ["One"]
        assert [row.title for row in reader.articles.headlines([1])] == ["half done"]
        assert reader.data_version() != version


_MAKE = """
import sys
from pathlib import Path
from tracker.store.db import connect
connect(Path(sys.argv[1])).close()
"""


@pytest.mark.slow
def test_many_processes_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _MAKE, str(tmp_path / "t.db")]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(6)]
    outcomes = [(process.communicate()[1], process.returncode) for process in running]
    assert outcomes == [("", 0)] * 6


_KILLED = textwrap.dedent(
    """
    import os, sys
    from pathlib import Path
    from tests.helpers.store import article, fill
    from tracker.store.write import Writer

    writer = Writer(Path(sys.argv[1]))
    for n in range(100_000):
        fill(writer, "A", [article(f"Article {n} {k}") for k in range(20)])
        print(n, flush=True)
    """
)


def test_killed_while_writing_leaves_a_sound_database_with_whole_feeds(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env=os.environ,
    )
    assert process.stdout is not None
    while int(process.stdout.readline()) < 5:
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    with Writer(path) as writer, Reader(path) as reader:
        assert raw(writer).execute("PRAGMA integrity_check").fetchone() == ("ok",)
        count = reader.articles.count()
        assert count >= 120
        assert count % 20 == 0
        raw(writer).execute("INSERT INTO article_search (article_search) VALUES ('integrity-check')")
        assert raw(writer).execute(
            "SELECT count(*) FROM article_search WHERE article_search MATCH 'article'"
        ).fetchone() == (count,)


def test_nothing_is_written_to_a_database_that_a_newer_version_updates_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with Writer(path) as writer:
        fill(writer, "A", [article("Before")])
        with connect(path) as newer:
            newer.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        newer.close()
        with pytest.raises(StoreError, match="created by a newer tracker") as refused:
            writer.marks.set_starred([1], True)
        assert refused.value.kind == "newer"
        assert raw(writer).execute("SELECT starred FROM article").fetchall() == [(0,)]

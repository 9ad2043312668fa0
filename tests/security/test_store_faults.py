"""A database that cannot be used: every command gives a reason and an exit code, and nothing is lost."""

from __future__ import annotations

import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.helpers.examples import seeds
from tests.security.conftest import StoredDesk, without_overrides
from tracker.store.db import SCHEMA_VERSION, connect

_READING: tuple[tuple[str, ...], ...] = (
    ("list",),
    ("list", "something"),
    ("impact",),
    ("quotes", "--offline", "NVDA"),
    ("feeds", "list"),
    ("feeds", "check"),
)
_WRITING: tuple[tuple[str, ...], ...] = (("retag",), ("sync", "--force"))
_COMMANDS: tuple[tuple[str, ...], ...] = (*_READING, *_WRITING)

Fault = Callable[[Path], None]


def _junk(db: Path) -> None:
    db.write_bytes(b"certainly no database" * 400)


def _half_a_header(db: Path) -> None:
    db.write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)


def _foreign(db: Path) -> None:
    db.unlink()
    with sqlite3.connect(db) as other:
        other.execute("CREATE TABLE bookmark (address TEXT)")
    other.close()


def _foreign_and_newer(db: Path) -> None:
    _foreign(db)
    _set_version(db)


def _newer(db: Path) -> None:
    _set_version(db)


def _set_version(db: Path) -> None:
    with sqlite3.connect(db) as other:
        other.execute("PRAGMA user_version = 99")
    other.close()


def _folder(db: Path) -> None:
    db.unlink()
    db.mkdir()


def _pages(db: Path) -> None:
    """Overwrite every page but the first."""
    whole = db.read_bytes()
    db.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))


_FAULTS: dict[str, tuple[Fault, str, int]] = {
    "junk": (_junk, "is not a tracker database", 2),
    "half a header": (_half_a_header, "is not a tracker database", 2),
    "another program's": (_foreign, "belongs to another program", 2),
    "another program's, high version": (_foreign_and_newer, "belongs to another program", 2),
    "newer": (_newer, "created by a newer tracker (schema 99", 2),
    "a folder": (_folder, "is a folder, not a database", 1),
    "overwritten pages": (_pages, "is damaged", 1),
}


def _close_log(db: Path) -> None:
    """Bring all of a database into its one file."""
    with sqlite3.connect(db) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole.close()


def _content(place: Path) -> object:
    return place.stat().st_mode, sorted(place.iterdir()) if place.is_dir() else place.read_bytes()


@pytest.mark.parametrize("name", _FAULTS)
def test_every_command_says_what_is_wrong_with_the_database(stored: StoredDesk, name: str) -> None:
    make, reason, code = _FAULTS[name]
    _close_log(stored.db)
    make(stored.db)
    if code == 2 or stored.db.is_dir():  # what is not tracker's keeps its permissions, too
        stored.db.chmod(0o755)
    before = _content(stored.db)
    for command in _COMMANDS:
        done = stored.run(*command)
        assert (done.code, done.out) == (code, ""), command
        assert done.err.startswith(f"{stored.db}: {reason}"), command
        assert len(done.err.splitlines()) == 1
    doctor = stored.run("doctor")
    assert doctor.code == 1
    assert f"bad   database  {stored.db}: {reason}" in doctor.out
    assert _content(stored.db) == before


@pytest.mark.slow
@pytest.mark.parametrize("name", _FAULTS)
def test_the_window_says_it_before_it_draws(stored: StoredDesk, name: str) -> None:
    make, reason, code = _FAULTS[name]
    _close_log(stored.db)
    make(stored.db)
    done = stored.window("ui")
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith(f"{stored.db}: {reason}")
    assert done.err == stored.process("list").err


def _read_only_file(db: Path) -> None:
    db.chmod(0o400)


def _read_only_folder(db: Path) -> None:
    for file in db.parent.iterdir():
        if file != db:
            file.unlink()
    db.parent.chmod(0o500)


def _read_only_folder_and_log(db: Path) -> None:
    """Leave a log of changes that are not in the database's file yet, as a process that was killed does."""
    _read_only_folder(db)
    db.parent.chmod(0o700)
    log = Path(f"{db}-wal")
    writer = "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('UPDATE feed SET title = 1');"
    subprocess.run([sys.executable, "-c", f"{writer} c.commit(); os._exit(0)", str(db)], check=True)
    Path(f"{db}-shm").unlink()
    assert log.stat().st_size
    db.parent.chmod(0o500)


def _unreadable_file(db: Path) -> None:
    db.chmod(0)


@contextmanager
def _modes_back(db: Path) -> Iterator[None]:
    try:
        yield
    finally:
        db.parent.chmod(0o700)
        db.chmod(0o600)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "command", "reason"),
    [
        (_read_only_file, ("sync", "--force"), "is not writable. Check the owner and permissions of the file"),
        (_read_only_file, ("retag",), "is not writable. Check the owner and permissions of the file"),
        (_read_only_folder, ("sync", "--force"), "is not writable: fix its permissions"),
        (_read_only_folder, ("retag",), "is not writable: fix its permissions"),
        (_read_only_folder_and_log, ("list",), "is not writable: fix its permissions"),
        (_read_only_folder_and_log, ("doctor",), "is not writable: fix its permissions"),
        (_unreadable_file, ("list",), "Check the owner and permissions of the file"),
        (_unreadable_file, ("sync",), "Check the owner and permissions of the file"),
    ],
)
def test_what_may_not_be_written_is_named_with_what_to_do(
    stored: StoredDesk, make: Fault, command: tuple[str, ...], reason: str
) -> None:
    _close_log(stored.db)
    with _modes_back(stored.db):
        make(stored.db)
        done = stored.process(*command)
    assert done.code == 1
    assert reason in done.out + done.err
    assert str(stored.db) in done.out + done.err
    assert "Traceback" not in done.err
    assert len(stored.run("list", "--articles", "--limit", "0").records) == 40


@pytest.mark.parametrize("command", ["list", "sync"])
def test_a_pipe_is_not_called_a_broken_disk(stored: StoredDesk, command: str) -> None:
    pipe = stored.folder / "pipe"
    os.mkfifo(pipe)
    done = stored.run(command, "--db", str(pipe))
    assert (done.code, done.out) == (1, "")
    assert done.err == f"{pipe}: is not a file that can hold a database. Choose another with --db\n"


@pytest.mark.parametrize("make", [_read_only_file, pytest.param(_read_only_folder, marks=pytest.mark.slow)])
def test_a_read_only_file_or_folder_can_be_read(stored: StoredDesk, make: Fault) -> None:
    _close_log(stored.db)
    with _modes_back(stored.db):
        make(stored.db)
        done = stored.process("list", "--articles", "--limit", "0")
        found = stored.process("list", "tag:nvidia")
        doctor = stored.process("doctor")
    assert (done.code, done.err, len(done.records)) == (0, "", 40)
    assert (found.code, found.err) == (0, "")
    assert doctor.code == 1
    assert f"schema {SCHEMA_VERSION}, WAL\n" in doctor.out
    assert "bad   database  not writable" in doctor.out


def test_the_window_of_a_read_only_folder_says_what_to_do(stored: StoredDesk) -> None:
    _close_log(stored.db)
    with _modes_back(stored.db):
        _read_only_folder(stored.db)
        done = stored.window("ui")
    assert (done.code, done.out) == (1, "")
    assert f"{stored.db}: is not writable. The folder {stored.db.parent} is not writable" in done.err


def test_an_older_database_in_a_read_only_folder_is_told_from_a_damaged_one(stored: StoredDesk) -> None:
    _close_log(stored.db)
    with _modes_back(stored.db):
        with sqlite3.connect(stored.db) as older:
            older.execute("PRAGMA user_version = 7")
            older.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        older.close()
        _read_only_folder(stored.db)
        done = stored.process("list")
    assert done.code == 1
    assert f"{stored.db}: created by an older tracker (schema 7), has to be updated, and is not writable" in done.err


@pytest.mark.slow
@pytest.mark.parametrize("limit", [0, 4096, 100_000, 200_000])
def test_a_limit_on_file_sizes_is_a_reason(stored: StoredDesk, limit: int) -> None:
    def limited() -> None:
        without_overrides()
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    stored.db.unlink()
    for name in ("-wal", "-shm"):
        Path(f"{stored.db}{name}").unlink(missing_ok=True)
    stored.environ["PYTHONDONTWRITEBYTECODE"] = (
        "1"  # a compiled module cut off by the limit would fail every later import
    )
    done = stored.process("sync", "--force", preexec_fn=limited)
    assert done.code == 1
    assert str(stored.db) in done.err
    assert "then try again. Stored data is safe" in done.err
    assert "Traceback" not in done.err
    # Nothing is lost: without the limit the same feeds bring all there is.
    assert stored.process("sync", "--force").code == 0
    assert len(stored.run("list", "--articles", "--limit", "0").records) == 40


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="a disk of its own takes root")
def test_a_full_disk_is_a_reason(stored: StoredDesk, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "none", disk], check=False).returncode:
        pytest.skip("nothing may be mounted here")
    try:
        shutil.copy(stored.db, disk / "tracker.db")
        (disk / "rest").write_bytes(b"x" * (shutil.disk_usage(disk).free - 8192))
        done = stored.process("--db", str(disk / "tracker.db"), "sync", "--force")
        assert done.code == 1
        assert "Free some space" in done.err or "Check the disk" in done.err
        assert "Traceback" not in done.err
        (disk / "rest").unlink()
        assert len(stored.run("--db", str(disk / "tracker.db"), "list", "--articles", "--limit", "0").records) == 40
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


@pytest.mark.slow
def test_a_lock_that_nobody_gives_back_is_a_reason(stored: StoredDesk) -> None:
    """One test for all, as each waits its ten seconds: they wait together."""
    holder = connect(stored.db)
    holder.execute("BEGIN EXCLUSIVE")
    holder.execute("INSERT INTO meta VALUES ('held', 'yes')")
    # Readers of a write-ahead log wait for nobody.
    for command in (*_READING, ("doctor",)):
        done = stored.process(*command)
        assert done.code in (0, 1), command
        assert done.err == ("" if command[0] != "impact" else done.err), command
    running = [stored.start(*command) for command in _WRITING]
    for process, command in zip(running, _WRITING, strict=True):
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (4, ""), command
        assert f"{stored.db}: another program has locked the database for 10 s" in err
        assert "Traceback" not in err
    holder.execute("ROLLBACK")
    holder.close()
    assert len(stored.run("list", "--articles", "--limit", "0").records) == 40


@pytest.mark.slow
def test_a_lock_of_a_file_without_a_log_holds_up_readers_too(stored: StoredDesk) -> None:
    with sqlite3.connect(stored.db) as switch:
        switch.execute("PRAGMA journal_mode = DELETE")
    switch.close()
    holder = sqlite3.connect(stored.db, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    running = [stored.start(*command) for command in _COMMANDS]
    for process, command in zip(running, _COMMANDS, strict=True):
        _, err = process.communicate(timeout=60)
        assert process.returncode == 4, command
        assert f"{stored.db}: another program has locked the database for 10 s" in err
        assert "Traceback" not in err
    holder.execute("ROLLBACK")
    holder.close()


@pytest.mark.parametrize("seed", seeds(24, quick=6))
def test_flipped_bytes_are_a_reason_or_read_over(stored: StoredDesk, seed: int) -> None:
    _close_log(stored.db)
    rolled = random.Random(seed)
    body = bytearray(stored.db.read_bytes())
    for _ in range(200):
        body[rolled.randrange(100, len(body))] ^= 1 << rolled.randrange(8)
    stored.db.write_bytes(body)
    for command in (
        ("list", "--limit", "0"),
        ("list", "something"),
        ("feeds", "list"),
        ("retag",),
        ("sync", "--force"),
    ):
        done = stored.run(*command)
        assert done.code in (0, 1, 2, 3), command
        assert done.code == 0 or str(stored.db) in done.err, (command, done.err)
    assert stored.run("doctor").code in (0, 1)

"""One sync at a time, over processes, and never for longer than its process lives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.store import NOW
from tracker.model.errors import LockedError
from tracker.sync.lock import Holder, is_locked, lock_path, read_holder, sync_lock

_HOLD = """
import sys, time
from pathlib import Path
from datetime import datetime, UTC
from tracker.sync.lock import sync_lock
with sync_lock(Path(sys.argv[1]), lambda: datetime(2025, 1, 27, 21, 16, tzinfo=UTC)):
    print("held", flush=True)
    time.sleep(600)
"""


def test_another_process_is_named_and_its_death_frees_the_lock(tmp_path: Path) -> None:
    db = tmp_path / "t.db"
    assert not is_locked(db)
    other = subprocess.Popen([sys.executable, "-c", _HOLD, str(db)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    expected = rf"another sync is running \(pid {other.pid}, since 2025-01-27T21:16:00Z\)"
    with pytest.raises(LockedError, match=expected), sync_lock(db, lambda: NOW):
        pass
    assert is_locked(db)
    other.send_signal(signal.SIGKILL)
    other.wait()
    other.stdout.close()
    with sync_lock(db, lambda: NOW):
        assert read_holder(db) == Holder(os.getpid(), "2025-01-27T21:16:00Z")
        assert is_locked(db)
    assert not is_locked(db)


def test_the_same_process_cannot_take_it_twice(tmp_path: Path) -> None:
    with sync_lock(tmp_path / "t.db", lambda: NOW):  # noqa: SIM117 - the second must meet the first
        with pytest.raises(LockedError), sync_lock(tmp_path / "t.db", lambda: NOW):
            pass


@pytest.mark.parametrize("note", ["", "{", "[]", '{"pid": "x", "since": 1}'])
def test_a_broken_note_does_not_matter(tmp_path: Path, note: str) -> None:
    db = tmp_path / "t.db"
    with sync_lock(db, lambda: NOW):
        lock_path(db).with_name(lock_path(db).name + ".json").write_text(note)
        with (
            pytest.raises(LockedError, match=r"another sync is running \(another process\)"),
            sync_lock(db, lambda: NOW),
        ):
            pass

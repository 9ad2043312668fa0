"""A short part of the kill loop, with a fixed seed, and proof that it sees what it is there to see."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tests.helpers.http_server import loopback_server
from tests.security.kill_loop import KillLoop
from tracker.sync.lock import lock_path

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")]


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[KillLoop]:
    with loopback_server() as server:
        yield KillLoop(server, tmp_path, seed=3)


def test_syncs_that_are_killed_lose_and_double_nothing(loop: KillLoop) -> None:
    figures = loop.run(6)
    assert figures.killed == 6
    assert figures.finished > 0
    assert figures.articles > 0


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("DELETE FROM article WHERE id = (SELECT max(id) FROM article)", "index is missing"),
        ("UPDATE article SET title = 'another' WHERE id = 1", "lost"),
        ("INSERT INTO article_search (article_search) VALUES ('delete-all')", "index"),
        ("DELETE FROM article_text WHERE article_id = 1", "without its text"),
        ("UPDATE article SET key = 'nobody' WHERE id = 1", "nobody served"),
        ("DELETE FROM quote", "no price"),
    ],
)
def test_what_is_lost_is_noticed(loop: KillLoop, harm: str, told: str) -> None:
    loop.finish()
    with sqlite3.connect(loop.db) as connection:
        connection.execute(harm)
    connection.close()
    with pytest.raises(AssertionError, match=told):
        loop.check_all()


def test_a_lock_that_is_held_is_noticed(loop: KillLoop) -> None:
    loop.finish()
    with FileLock(lock_path(loop.db)), pytest.raises(AssertionError, match="lock"):
        loop.check_all()

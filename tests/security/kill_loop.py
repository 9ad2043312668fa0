"""SIGKILL in the middle of syncs: `python -m tests.security.kill_loop --runs 100 --seed 1`.

A real `tracker sync` with prices runs against a loopback server whose feeds grow, and is killed at a moment drawn from
the seed: after so many requests, or after so many seconds. After each kill the database is sound, nobody holds its
lock and no process is left. Now and then one sync runs to its end: then every entry that was ever served is stored
once, with its last title, and is found by its words. Every few kills it all starts again without a database.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.helpers.feeds import config_text, rss
from tests.helpers.http_server import Answer, LoopbackServer, Request, loopback_server
from tests.market.shapes import meta, reply, result, spark
from tracker.store.connection import Connection
from tracker.store.db import connect
from tracker.store.price_reader import PriceReader
from tracker.store.repair import file_problem, index_problem
from tracker.sync.lock import is_locked

FEEDS = 10
_KILLS_OF_ONE_DATABASE = 15
_LISTED = 30
"""Entries in a feed's document. Older ones leave it once a whole sync has stored them."""
_MARK = "TRACKER_KILL_LOOP"
_PATIENCE = 30.0
_LARGE = 300_000
"""Bytes that are read by the process beside."""


@dataclass
class Feed:
    """What one feed lists, and everything that it ever listed."""

    name: str
    titles: dict[str, str] = field(default_factory=dict)
    """Guid to title of everything ever listed."""
    listed: list[str] = field(default_factory=list)
    made: int = 0
    delay: float = 0.0

    def grow(self, chance: random.Random) -> None:
        """Add entries, and give one a new title."""
        self.delay = chance.random() * 0.3
        for _ in range(chance.randint(0, 6)):
            self.made += 1
            key = f"{self.name}-{self.made}"
            self.titles[key] = f"{self.name} report {self.made} about Nvidia, word{self.name}x{self.made}"
            self.listed.insert(0, key)
        if self.listed and chance.random() < 0.3:
            changed = chance.choice(self.listed)
            self.titles[changed] = f"{self.titles[changed].split(', now')[0]}, now {chance.randrange(1_000)}"

    def drop_old(self) -> None:
        """Let the oldest entries go, as feeds do."""
        del self.listed[_LISTED:]

    def body(self) -> bytes:
        """Return the document: every third feed writes one that only a process beside reads."""
        whole = rss([self.titles[key] for key in self.listed])
        for key in self.listed:
            title = self.titles[key]
            whole = whole.replace(f"<guid isPermaLink='false'>{title}</guid>".encode(), f"<guid>{key}</guid>".encode())
            link = hashlib.sha1(title.encode()).hexdigest()
            whole = whole.replace(f"https://news.example/{link}".encode(), f"https://news.example/{key}".encode())
        kind = int(self.name[1:]) % 3
        if kind == 1:
            return whole.replace(b"</rss>", b"<!--" + b"x" * _LARGE + b"--></rss>")
        return whole.replace(b"<rss ", b"<!DOCTYPE rss [<!ENTITY nothing ''>]><rss ") if kind == 2 else whole


@dataclass
class Figures:
    """What a run did."""

    killed: int = 0
    ended_before: int = 0
    """Syncs that were over when their moment came."""
    finished: int = 0
    databases: int = 0
    cold: int = 0
    """Kills while the database was made."""
    half_way: int = 0
    """Kills between the first feed that was stored and the last."""
    articles: int = 0

    def __str__(self) -> str:
        return (
            f"{self.killed} kills ({self.cold} while the database was made, {self.half_way} with some feeds stored and"
            f" others not), {self.ended_before} syncs ended before their moment, {self.finished} ran to their end,"
            f" {self.databases} databases, {self.articles:,} articles: none lost, none doubled"
        )


class KillLoop:
    """One server, one folder, and the syncs on them."""

    def __init__(self, server: LoopbackServer, folder: Path, seed: int) -> None:
        self._chance = random.Random(seed)
        self._server = server
        self._folder = folder
        self._asked = threading.Condition()
        self._count = 0
        self._is_fresh = True
        self.figures = Figures()
        self.feeds: list[Feed] = []
        self.db = folder / "none.db"
        names = [f"f{number}" for number in range(FEEDS)]
        self._config = folder / "feeds.toml"
        text = config_text(server, *names)
        self._config.write_text(text + '\n[[symbol]]\nsymbol = "NVDA"\n', encoding="utf-8")
        server.routes["/v7/finance/spark"] = self._prices
        self._begin_again()

    def run(self, kills: int) -> Figures:
        """Kill so many syncs.

        Raises:
            AssertionError: when something is lost, doubled, damaged or left behind.
        """
        while self.figures.killed < kills:
            for feed in self.feeds:
                feed.grow(self._chance)
            self._kill_one()
            self.check_sound()
            if self._chance.random() < 0.35:
                self.finish()
            if self.figures.killed >= self.figures.databases * _KILLS_OF_ONE_DATABASE:
                self.finish()
                self._begin_again()
        self.finish()
        return self.figures

    def _begin_again(self) -> None:
        self.db = self._folder / f"{self.figures.databases}.db"
        self.figures.databases += 1
        self._is_fresh = True
        self.feeds = [Feed(f"f{number}") for number in range(FEEDS)]
        for feed in self.feeds:
            feed.grow(self._chance)
            feed.grow(self._chance)
            self._server.routes[f"/{feed.name}"] = self._handler(feed)

    def _handler(self, feed: Feed) -> Callable[[Request], Answer]:
        def answer(request: Request) -> Answer:
            self._note_request()
            body = feed.body()
            etag = f'"{hashlib.sha1(body).hexdigest()}"'
            if request.headers.get("if-none-match") == etag:
                return Answer(status=304, headers={"ETag": etag})
            # Answers that come one after another, so that reading and writing go on while others are awaited.
            return Answer(body, headers={"ETag": etag, "Content-Type": "application/rss+xml"}, delay=feed.delay)

        return answer

    def _prices(self, request: Request) -> Answer:
        self._note_request()
        now = int(datetime.now(UTC).timestamp())
        return reply(spark(result(meta(regularMarketTime=now - 60), [now - 60], [120.0])))

    def _note_request(self) -> None:
        with self._asked:
            self._count += 1
            self._asked.notify_all()

    # -- one sync ---------------------------------------------------------------------
    def _start(self) -> tuple[subprocess.Popen[bytes], str]:
        mark = uuid.uuid4().hex
        command = [sys.executable, "-m", "tracker", "--config", str(self._config), "--db", str(self.db)]
        environ = os.environ | {_MARK: mark, "XDG_STATE_HOME": str(self._folder)}
        self._count = 0
        sync = subprocess.Popen(
            [*command, "sync", "--force"], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        return sync, mark

    def _kill_one(self) -> None:
        sync, mark = self._start()
        after = self._chance.randint(0, FEEDS + 1)
        pause = self._chance.choice((0.0, 0.03, 0.1, 0.5)) * self._chance.random()
        if self._is_fresh:  # while the database is made
            after, pause = 0, self._chance.random() * 0.03
            self._wait_until(lambda: self.db.exists() or sync.poll() is not None, "no database was made")
            self._is_fresh = False
        with self._asked:
            ends = time.monotonic() + _PATIENCE
            while self._count < after and sync.poll() is None and time.monotonic() < ends:
                self._asked.wait(0.05)
        time.sleep(pause)
        is_over = sync.poll() is not None
        sync.kill()
        said = sync.communicate(timeout=_PATIENCE)[1]
        if is_over:
            assert sync.returncode == 0, said.decode(errors="replace")
            self.figures.ended_before += 1
        else:
            self.figures.killed += 1
        self._wait_until(lambda: not _processes(mark), "the processes of a sync that was killed are still there")

    def finish(self) -> None:
        """Let a sync run to its end and compare what is stored with what was served."""
        sync, mark = self._start()
        said = sync.communicate(timeout=_PATIENCE * 4)[1].decode(errors="replace")
        assert sync.returncode == 0, f"a sync after a kill ended with {sync.returncode}: {said}"
        assert not _processes(mark), "a sync left a process behind"
        self.figures.finished += 1
        self.check_all()
        for feed in self.feeds:
            feed.drop_old()

    # -- what must be true --------------------------------------------------------------
    def check_all(self) -> None:
        """Compare a database after a sync that ran to its end."""
        self.check_sound()
        self.check_whole()

    def check_sound(self) -> None:
        """Compare a database that a sync was killed over with what holds at any time."""
        assert not is_locked(self.db), "the lock is still held"
        if not self.db.exists() or self.db.stat().st_size == 0:
            self.figures.cold += 1
            return
        with closing(connect(self.db)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            wrong = file_problem(connection) or index_problem(connection)
            assert wrong is None, wrong
            stored = self._stored(connection)
            served = {(feed.name, key) for feed in self.feeds for key in feed.titles}
            assert len(stored) == len({row[:2] for row in stored}), "an article is there twice"
            assert {row[:2] for row in stored} <= served, "an article that nobody served"
            parts = dict.fromkeys(
                ("article_text", "article_tag", "story_key", "article_terms", "story_term"), "article_id"
            )
            for table, column in parts.items():
                sql = f"SELECT count(*) FROM {table} WHERE {column} NOT IN (SELECT id FROM article)"
                assert connection.execute(sql).fetchone()[0] == 0, f"rows of {table} belong to nothing"
            bare = "SELECT count(*) FROM article WHERE id NOT IN (SELECT article_id FROM article_text)"
            assert connection.execute(bare).fetchone()[0] == 0, "an article without its text"
            whole = sum(self._is_stored(feed, stored) for feed in self.feeds)
            self.figures.half_way += 0 < whole < FEEDS

    def check_whole(self) -> None:
        """Compare the database after a sync that ran to its end with everything that was served."""
        with closing(connect(self.db)) as connection:
            stored = self._stored(connection)
            served = {(feed.name, key, title) for feed in self.feeds for key, title in feed.titles.items()}
            lost, more = served - set(stored), set(stored) - served
            assert not lost, f"lost: {sorted(lost)[:5]} of {len(lost)}; there instead: {sorted(more)[:5]}"
            assert not more, f"not as served: {sorted(more)[:5]} of {len(more)}"
            for name, key, _title in self._chance.sample(stored, min(20, len(stored))):
                word = f"word{name}x{key.partition('-')[2]}"
                found = connection.execute(
                    "SELECT a.key FROM article_search s JOIN article a ON a.id = s.rowid WHERE article_search MATCH ?",
                    (f'"{word}"',),
                ).fetchall()
                assert found == [(key,)], f"{word} finds {found}"
            assert "NVDA" in PriceReader(connection).quotes(["NVDA"]), "no price was stored"
        self.figures.articles += len(stored)

    @staticmethod
    def _stored(connection: Connection) -> list[tuple[str, str, str]]:
        return connection.execute(
            "SELECT f.name, a.key, a.title FROM article a JOIN feed f ON f.id = a.feed_id ORDER BY a.id"
        ).fetchall()

    @staticmethod
    def _is_stored(feed: Feed, stored: Iterable[tuple[str, str, str]]) -> bool:
        return {key for name, key, _ in stored if name == feed.name} == set(feed.titles)

    @staticmethod
    def _wait_until(holds: Callable[[], bool], otherwise: str) -> None:
        ends = time.monotonic() + _PATIENCE
        while not holds():
            assert time.monotonic() < ends, otherwise
            time.sleep(0.002)


def _processes(mark: str) -> list[int]:
    """Return the processes that carry a mark in their environment; none where there is no /proc to say so."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"{_MARK}={mark}".encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:  # it has ended, or is another user's
            continue
    return found


def kill_loop(folder: Path, runs: int, seed: int) -> Figures:
    """Kill so many syncs in a folder; raises AssertionError as `KillLoop.run` does."""
    with loopback_server() as server:
        return KillLoop(server, folder, seed).run(runs)


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100, help="kills (100)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(f"seed {options.seed}: {kill_loop(Path(folder), options.runs, options.seed)}")


if __name__ == "__main__":
    main()

"""Whole syncs under clocks that are wrong and set right, against a real server and a real database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.feeds import conditional, config_for, rss
from tests.helpers.http_server import Answer, Handler, LoopbackServer, Request
from tests.helpers.store import raw
from tests.helpers.sync import run_sync
from tracker.model.clock import Clock, SetClock
from tracker.model.config import Config
from tracker.model.events import SyncFinished
from tracker.model.query import parse_query
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.sync.options import SyncOptions

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
FORCE = SyncOptions(force=True)
TEN = [f"Article {number}" for number in range(10)]


async def sync(config: Config, db: Path, clock: Clock, options: SyncOptions = FORCE) -> SyncFinished:
    finished, _ = await run_sync(config, db, clock, options)
    return finished


def set_to(moment: datetime) -> Clock:
    """A clock that shows a time although servers show another: what TRACKER_NOW makes."""
    return SetClock(lambda: moment)


def showing(moment: datetime) -> Clock:
    """The clock of the system, right or wrong."""
    return lambda: moment


def count(db: Path, query: str = "") -> int:
    with Reader(db) as reader:
        return len(reader.articles.ids(parse_query(query), NOW))


def dated(answer: Handler | Answer, moment: Callable[[], datetime | None]) -> Handler:
    """Have a server say in Date what its clock shows; it sends none for None."""

    def answered(request: Request) -> Answer:
        found = answer(request) if callable(answer) else answer
        shown = moment()
        date = "" if shown is None else format_datetime(shown, usegmt=True)
        return Answer(found.body, found.status, {**found.headers, "Date": date})

    return answered


@pytest.mark.slow
@pytest.mark.parametrize("make", [set_to, showing])
@pytest.mark.parametrize("says_date", [True, False])
@pytest.mark.parametrize(
    ("keep_days", "shown"),
    [
        (365, [NOW - YEAR, NOW, NOW + HOUR, NOW + 2 * HOUR]),
        (30, [NOW, NOW + YEAR, NOW + YEAR + HOUR, NOW + HOUR, NOW + 2 * HOUR]),
        (1, [NOW - 10 * YEAR, NOW - 10 * YEAR + HOUR, NOW, NOW + HOUR, NOW + 2 * HOUR]),
    ],
)
async def test_what_a_feed_lists_outlasts_every_clock(
    server: LoopbackServer,
    tmp_path: Path,
    keep_days: int,
    shown: list[datetime],
    says_date: bool,
    make: Callable[[datetime], Clock],
) -> None:
    db = tmp_path / "t.db"
    body = rss(TEN, published=NOW - HOUR)
    server.routes["/a"] = dated(conditional(body), lambda: NOW if says_date else None)
    for moment in shown:
        await sync(config_for(server, "a", keep_days=keep_days), db, make(moment))
        assert count(db) == 10
    with Reader(db) as reader:  # and those that were dated ahead of the clock have their date
        rows = reader.articles.headlines(reader.articles.ids(parse_query(""), NOW))
    assert {row.published for row in rows} == {NOW - HOUR}


async def test_servers_keep_a_wrong_clock_from_deleting(server: LoopbackServer, tmp_path: Path) -> None:
    """Half the articles leave; the clock is a year ahead for days, and no 304 holds the feed up."""
    db, listed = tmp_path / "t.db", [rss(TEN, published=NOW - HOUR)]
    server.routes["/a"] = dated(lambda request: Answer(listed[0]), lambda: NOW)
    config = config_for(server, "a", keep_days=30)
    await sync(config, db, showing(NOW))
    listed[0] = rss(TEN[:5], published=NOW - HOUR)
    await sync(config, db, showing(NOW + HOUR))
    for days in range(5):
        await sync(config, db, showing(NOW + YEAR + days * DAY))
        assert count(db) == 10
    await sync(config, db, showing(NOW + 2 * HOUR))
    assert count(db) == 10


async def test_what_left_under_a_clock_behind_has_the_age_that_servers_say(
    server: LoopbackServer, tmp_path: Path
) -> None:
    db, listed = tmp_path / "t.db", [rss(TEN)]
    server.routes["/a"] = dated(lambda request: Answer(listed[0]), lambda: NOW)
    config = config_for(server, "a", keep_days=30)
    await sync(config, db, showing(NOW - YEAR))
    listed[0] = rss(TEN[:5])
    await sync(config, db, showing(NOW - YEAR + HOUR))
    for hours in range(3):
        await sync(config, db, showing(NOW + hours * HOUR))
        assert count(db) == 10


async def test_a_server_that_lies_deletes_nothing(server: LoopbackServer, tmp_path: Path) -> None:
    db, listed = tmp_path / "t.db", [rss(TEN, published=NOW - HOUR)]
    for name, moment in (("a", NOW), ("b", NOW + YEAR), ("c", NOW - YEAR)):
        server.routes[f"/{name}"] = dated(
            lambda request: Answer(listed[0]),
            lambda moment=moment: moment,  # type: ignore[misc]
        )
    config = config_for(server, "a", "b", "c", keep_days=30)
    await sync(config, db, showing(NOW))
    listed[0] = rss(TEN[:5], published=NOW - HOUR)
    for hours in range(1, 4):
        await sync(config, db, showing(NOW + hours * HOUR))
        assert count(db) == 30


async def test_after_a_sync_with_the_clock_ahead_feeds_are_due_and_pauses_over(
    server: LoopbackServer, tmp_path: Path
) -> None:
    db = tmp_path / "t.db"
    server.routes["/a"] = conditional(rss(["One"]))
    server.routes["/b"] = Answer(b"", 429, {"Retry-After": "3600"})
    config = config_for(server, "a", "b")
    await sync(replace(config, feeds=config.feeds[:1]), db, set_to(NOW + YEAR))
    await sync(replace(config, feeds=config.feeds[1:]), db, set_to(NOW + YEAR))
    server.requests.clear()
    finished = await sync(config, db, set_to(NOW), SyncOptions())
    assert {request.path for request in server.requests} == {"/a", "/b"}
    assert {feed.status for feed in finished.feeds} == {"unchanged", "failed"}


async def test_a_sync_of_unchanged_feeds_writes_its_states_and_nothing_else(
    server: LoopbackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = tmp_path / "t.db"
    for name in "abc":
        server.routes[f"/{name}"] = conditional(rss([f"{name} {title}" for title in TEN], published=NOW - HOUR))
    config = config_for(server, "a", "b", "c", keep_days=30)
    await sync(config, db, set_to(NOW))
    written = 0

    def counted(self: Writer) -> None:
        nonlocal written
        written += raw(self).total_changes
        raw(self).close()

    monkeypatch.setattr("tracker.store.write.Writer.close", counted)
    finished = await sync(config, db, set_to(NOW + HOUR))
    assert {feed.http for feed in finished.feeds} == {304}
    assert written == 3 + 3  # what registering writes, and the state of each feed

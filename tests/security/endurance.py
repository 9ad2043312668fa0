"""Hundreds of syncs of feeds that come, go, change and fail, under clocks that jump, against a simple model.

    python -m tests.security.endurance --syncs 500 --seed 1

Everything is drawn from the seed: what feeds list, how servers answer, what they show as their time, what the clock of
the computer shows, syncs that are stopped half way. After each sync the database is compared with what the model knows
from the servers' side alone. The first difference ends the run, with the seed and the step.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import random
import tempfile
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from tests.helpers.http_server import Answer, LoopbackServer, Request, loopback_server
from tests.helpers.store import raw
from tracker.model.clock import from_epoch
from tracker.model.config import Config, MarketSettings, Settings
from tracker.model.feed import FeedSource, FeedSynced
from tracker.model.wait import LONGEST_PAUSE, SKEW
from tracker.store.read import Reader
from tracker.store.retention import TOMBSTONE_LIFE
from tracker.sync.options import SyncOptions
from tracker.sync.run import Syncer

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEEP_DAYS = 30
FEEDS = 5
DAY = timedelta(days=1)
_OFF = tuple(sign * size for sign in (-1, 1) for size in (365 * DAY, 40 * DAY, 9 * DAY, timedelta(hours=3), SKEW / 2))
_FAILURES = ("500", "429", "junk", "cut", "stuck")


@dataclass
class Item:
    """One entry as its feed lists it."""

    key: str
    title: str
    published: datetime | None

    def xml(self) -> str:
        date = "" if self.published is None else f"<pubDate>{format_datetime(self.published)}</pubDate>"
        return (
            f"<item><guid isPermaLink='false'>{self.key}</guid><title>{self.title}</title>"
            f"<link>https://news.example/{self.key}</link>{date}</item>"
        )


@dataclass
class Site:
    """A feed on the server's side, and what the model knows of the reader's: only what was delivered whole."""

    name: str
    lie: timedelta | None
    """By how much its Date is off; None sends none."""
    items: list[Item] = field(default_factory=list)
    past: list[Item] = field(default_factory=list)
    mood: str = "well"
    retry_after: str = "60"
    served: tuple[int, list[Item]] | None = None
    """The number of a sync and the document that went out in it."""
    listed: dict[str, Item] = field(default_factory=dict)
    """The last document of which a sync said that it is stored."""
    left: dict[str, datetime] = field(default_factory=dict)
    """True time since when documents leave out what once was stored."""
    sent: set[str] = field(default_factory=set)
    """Everything that ever went out, also cut off or to a sync that was stopped: it may be stored."""
    away: dict[str, datetime] = field(default_factory=dict)
    """True time since when documents leave out what may be stored."""
    may_be_gone: set[str] = field(default_factory=set)
    """Articles that have been away for as long as they are kept."""

    def body(self) -> bytes:
        items = "".join(item.xml() for item in self.items)
        return f"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()


class World:
    """The servers, the computer's clock, and the comparison.

    Args:
        has_dates: servers send a Date, a few of them a wrong one; else none does.
    """

    def __init__(self, server: LoopbackServer, db: Path, seed: int, *, has_dates: bool) -> None:
        self._random = random.Random(f"{seed} {has_dates}")
        self._db = db
        self._has_dates = has_dates
        self._slack = DAY if has_dates else 9 * DAY
        self._truth = START
        self._off = timedelta(0)
        self._number = 0
        self._syncs = 0
        self.sites = [Site(f"f{n}", self._lie(n)) for n in range(FEEDS)]
        for site in self.sites:
            server.routes[f"/{site.name}"] = self._handler(site)
        self.config = Config(
            Settings(keep_days=KEEP_DAYS, host_connections=FEEDS, host_delay_seconds=0),
            tuple(FeedSource(site.name, f"{server.url}/{site.name}") for site in self.sites),
            market=MarketSettings(()),
        )

    def _lie(self, n: int) -> timedelta | None:
        if not self._has_dates:
            return None
        return self._random.choice((-400 * DAY, 400 * DAY)) if n < FEEDS // 2 else timedelta(0)

    def _handler(self, site: Site) -> Callable[[Request], Answer]:
        def answer(request: Request) -> Answer:
            number = self._syncs  # a sync that was stopped may leave a request behind
            date = "" if site.lie is None else format_datetime(self._truth + site.lie, usegmt=True)
            body, headers = site.body(), {"Date": date}
            tag = f'"{hashlib.sha1(body).hexdigest()}"'
            asked = request.headers.get("if-none-match")
            match site.mood:
                case "500":
                    return Answer(b"", 500, headers)
                case "429":
                    return Answer(b"", 429, {**headers, "Retry-After": site.retry_after})
                case "junk":
                    return Answer(b"<html><body>Sign in</body></html>", 200, headers)
                case "cut":
                    site.sent |= {item.key for item in site.items}
                    return Answer(body[: len(body) * 2 // 3], 200, headers, promise=len(body))
                case "stuck" if asked is not None:
                    return Answer(b"", 304, headers)
            if asked == tag:
                return Answer(b"", 304, {**headers, "ETag": tag})
            site.served = number, list(site.items)
            site.sent |= {item.key for item in site.items}
            return Answer(body, 200, {**headers, "ETag": tag})

        return answer

    # -- what happens ------------------------------------------------------------------------
    def move_on(self) -> None:
        """Let time pass, the clock go wrong or right, and sites publish, change, drop and fail."""
        rng = self._random
        self._truth += rng.choice((timedelta(minutes=40), timedelta(hours=5), DAY, 3 * DAY, 7 * DAY))
        if rng.random() < 0.03:
            self._truth += 60 * DAY
        was_wrong = self._off != timedelta(0)
        if was_wrong and rng.random() < 0.4:
            self._off = timedelta(0)
        elif rng.random() < 0.15:
            self._off = rng.choice(_OFF)
        for site in self.sites:
            site.mood = rng.choice(_FAILURES) if rng.random() < 0.2 else "well"
            site.retry_after = rng.choice(("60", "7200", "1000000000"))
            for _ in range(rng.choice((0, 0, 1, 2, 5))):
                self._number += 1
                ahead = rng.choice((None, -timedelta(hours=1), -timedelta(hours=1), 5 * DAY))
                published = None if ahead is None else (self._truth + ahead).replace(microsecond=0)
                site.items.insert(0, Item(f"k{self._number}", f"Title {self._number}", published))
            if site.items and rng.random() < 0.2:
                rng.choice(site.items).title += " again"
            if site.items and rng.random() < 0.2:
                site.past.append(site.items.pop(rng.randrange(len(site.items))))
            if site.past and rng.random() < 0.1:
                site.items.append(site.past.pop(rng.randrange(len(site.past))))
            site.past += site.items[12:]
            del site.items[12:]
            if rng.random() < 0.02:  # an empty document, for a moment
                site.past, site.items = site.past + site.items, []

    async def sync(self) -> None:
        """Sync once, now and then only half way, and note what must be stored after it."""
        rng = self._random
        self._syncs += 1
        stop_after = rng.randrange(1, 5) if rng.random() < 0.1 else None
        options = SyncOptions(force=rng.random() < 0.5)
        done: list[FeedSynced] = []
        syncer = Syncer(self.config, self._db, self.clock)
        try:
            async with aclosing(syncer.run(options)) as events:
                async for event in events:
                    if isinstance(event, FeedSynced):
                        done.append(event)
                    if stop_after is not None and len(done) >= stop_after:
                        break
        finally:
            await syncer.close()
        stored = {event.name for event in done if event.status != "failed"}
        for site in self.sites:
            self._note(site, site.name in stored)

    def clock(self) -> datetime:
        """Return what the computer's clock shows."""
        return self._truth + self._off

    def _note(self, site: Site, is_stored: bool) -> None:
        if site.served is None or site.served[0] != self._syncs:
            return
        served = site.served[1]
        present = {item.key for item in served}
        for key in site.listed.keys() - present:
            site.left.setdefault(key, self._truth)
        for key in site.sent - present:
            site.away.setdefault(key, self._truth)
        if is_stored:
            site.listed = {item.key: Item(item.key, item.title, item.published) for item in served}
            for key in present:
                site.left.pop(key, None)
                site.away.pop(key, None)

    # -- what must be so -------------------------------------------------------------------------
    def check(self) -> None:
        """Compare the database with the model.

        Raises:
            AssertionError: with what is different.
        """
        now = self.clock()
        with Reader(self._db) as reader:
            self._check_waits(reader, now)
            for site in self.sites:
                rows = (
                    raw(reader)
                    .execute(
                        "SELECT a.key, a.title FROM article a JOIN feed f ON f.id = a.feed_id WHERE f.name = ?",
                        (site.name,),
                    )
                    .fetchall()
                )
                titles = dict(rows)
                assert len(titles) == len(rows), f"{site.name}: an article is there twice"
                for key, since in site.away.items():
                    if self._truth - since >= KEEP_DAYS * DAY - self._slack:
                        site.may_be_gone.add(key)
                lost = (site.listed.keys() | site.left.keys()) - site.may_be_gone - titles.keys()
                assert not lost, f"{site.name}: lost {sorted(lost)}"
                for key, item in site.listed.items():
                    title = titles.get(key, item.title)  # a document that was cut off may have brought a newer one
                    assert title.startswith(item.title), f"{site.name}: {key} is {title!r}, not {item.title!r}"

    def _check_waits(self, reader: Reader, now: datetime) -> None:
        for name, state in reader.feeds.states().items():
            due = state.due_at(now)
            longest = 7 * DAY if state.last_http == 429 else DAY
            assert due is None or due <= now + longest * 1.1 + SKEW, f"{name} waits until {due}, now is {now}"
        for host, (until, _) in reader.feeds.paused_hosts(now).items():
            assert until <= now + LONGEST_PAUSE + SKEW, f"{host} is paused until {until}, now is {now}"

    async def end_well(self) -> None:
        """Set all right for a while: what was to go is gone, what was claimed is dated, nothing is left over."""
        self._off = timedelta(0)
        for site in self.sites:
            site.mood, site.lie = "well", None if site.lie is None else timedelta(0)
        for _ in range(16):
            self._truth += 6 * DAY
            self._syncs += 1
            syncer = Syncer(self.config, self._db, self.clock)
            async for _event in syncer.run(SyncOptions(force=True)):
                pass
            await syncer.close()
            for site in self.sites:
                self._note(site, True)
        self.check()
        with Reader(self._db) as reader:
            rows = (
                raw(reader)
                .execute("SELECT f.name, a.key, a.published, a.claimed FROM article a JOIN feed f ON f.id = a.feed_id")
                .fetchall()
            )
            wanted = {(site.name, key) for site in self.sites for key in site.listed.keys() - site.may_be_gone}
            found = {(name, key) for name, key, _, _ in rows}
            assert wanted <= found, f"missing at the end: {sorted(wanted - found)}"
            extra = found - {(site.name, key) for site in self.sites for key in site.listed}
            if self._has_dates:
                assert not extra, f"still there at the end: {sorted(extra)}"
            claims = {(site.name, key): item.published for site in self.sites for key, item in site.listed.items()}
            for name, key, published, claimed in rows:
                said = claims.get((name, key))
                assert claimed is None, f"{name}: {key} still waits for {claimed}"
                given = None if published is None else from_epoch(published)
                assert said is None or given == said, f"{name}: {key} is of {given}, its feed said {said}"
            for table, column in (
                *(("story_profile", "story_id"), ("story_pin", "story_id"), ("story_key", "article_id")),
                *(("article_terms", "article_id"), ("story_term", "article_id")),
                *(("article_text", "article_id"), ("article_tag", "article_id"), ("attribution", "article_id")),
            ):
                owner = "story_id" if column == "story_id" else "id"
                (orphans,) = (
                    raw(reader)
                    .execute(f"SELECT count(*) FROM {table} WHERE {column} NOT IN (SELECT {owner} FROM article)")
                    .fetchone()
                )
                assert orphans == 0, f"{orphans} rows of {table} belong to nothing"
            limit = int((self.clock() - TOMBSTONE_LIFE - 2 * DAY).timestamp())
            kept = raw(reader).execute("SELECT count(*) FROM tombstone WHERE deleted < ?", (limit,)).fetchone()[0]
            assert kept == 0, f"{kept} tombstones are left"
            assert raw(reader).execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def endure(db: Path, seed: int, syncs: int, *, has_dates: bool) -> None:
    """Run so many syncs and compare after each.

    Raises:
        AssertionError: at the first difference; it names seed and step.
    """
    with loopback_server() as server:
        world = World(server, db, seed, has_dates=has_dates)
        step = 0
        try:
            while step < syncs:
                step += 1
                world.move_on()
                await world.sync()
                world.check()
            await world.end_well()
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, has_dates {has_dates}, sync {step}: {error}") from error


def main() -> None:
    """Run as long as asked, with and without servers' dates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--syncs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for has_dates in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(endure(Path(folder) / "t.db", options.seed, options.syncs, has_dates=has_dates))
        print(f"seed {options.seed}, {'with' if has_dates else 'without'} dates: {options.syncs} syncs as the model")


if __name__ == "__main__":
    main()

"""Grouping of headlines through whole syncs: a loopback server, the reader's process, a database file."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from tests.helpers.feeds import config_for
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import raw
from tests.helpers.sync import run_sync
from tests.stories.measure import lines
from tests.stories.written import Written, written
from tracker.store.write import Writer
from tracker.sync.options import SyncOptions


class Report(NamedTuple):
    """One headline as a feed gives it."""

    title: str
    time: datetime
    source: str
    url: str | None = None


async def synced_stories(server: LoopbackServer, folder: Path, reports: Sequence[Report], syncs: int = 1) -> list[int]:
    """Return the story of each report after so many syncs, each of which brings the next part of them."""
    feeds: dict[str, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    for place, report in enumerate(reports):
        name = names.setdefault(report.source, f"f{len(names)}")
        site = hashlib.sha1(report.source.encode()).hexdigest()[:8]
        url = report.url or f"https://{site}.example/{place}"
        feeds[name].append(
            f"<item><title>{escape(report.title)}</title><guid isPermaLink='false'>{place}</guid>"
            f"<link>{escape(url)}</link><pubDate>{format_datetime(report.time)}</pubDate></item>"
        )
    db = folder / "stories.db"
    config = config_for(server, *feeds)
    for turn in range(1, syncs + 1):
        for name, items in feeds.items():
            part = "".join(items[: -(-len(items) * turn // syncs)])
            body = f"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{part}</channel></rss>"
            server.routes[f"/{name}"] = Answer(body.encode())
        now = max(report.time for report in reports) + timedelta(minutes=5 * turn)
        await run_sync(config, db, lambda now=now: now, SyncOptions(force=True))  # type: ignore[misc]
    with Writer(db) as writer:
        found = dict(raw(writer).execute("SELECT CAST(key AS INTEGER), story_id FROM article").fetchall())
    return [found.get(place, -1 - place) for place in range(len(reports))]


def google(corpus: Path, name: str) -> tuple[list[Report], list[str]]:
    """Headlines that Google News grouped; its positives are sound, its negatives are not."""
    rows = lines(corpus / "stories" / f"{name}.jsonl.gz")
    reports = [Report(row["title"], datetime.fromisoformat(row["published"]), row["source"]) for row in rows]
    return reports, [row["cluster"] for row in rows]


def uci(corpus: Path, seed: int | None = None) -> tuple[list[Report], list[str]]:
    """Business headlines of UCI; their times are those at which one aggregator was asked, minutes apart for a story."""
    rows = lines(corpus / "stories" / "uci_business.jsonl.gz")
    if seed is not None:
        random.Random(seed).shuffle(rows)
    reports = [
        Report(row["TITLE"], datetime.fromtimestamp(int(row["TIMESTAMP"]) / 1000, UTC), row["PUBLISHER"], row["URL"])
        for row in rows
    ]
    return reports, [row["STORY"] for row in rows]


def written_reports(found: Sequence[Written] | None = None) -> tuple[list[Report], list[str]]:
    """Written stories, those of `written` if none are given, on nine sites in turn."""
    start = datetime(2026, 5, 4, 6, tzinfo=UTC)
    found = written() if found is None else found
    return [
        Report(one.title, start + timedelta(hours=one.hours), f"site {place % 9}") for place, one in enumerate(found)
    ], [one.story for one in found]


async def crossfeed(server: LoopbackServer, folder: Path, corpus: Path) -> dict[str, tuple[int, int]]:
    """Kind to (groups that are one story, groups); for "traps", articles of one path told apart by a parameter."""
    groups = lines(corpus / "stories" / "crossfeed_duplicates.jsonl.gz")
    reports: list[Report] = []
    places: list[tuple[str, list[int]]] = []
    for group in groups:
        items = group["items"]
        traps = [item for item in items if "?p=" in item["link"] or "item?id=" in item["link"]]
        kind = group["kind"]
        if kind == "same-path-different-article-or-retitled":
            items, kind = traps, "traps"
        if len(items) < 2:
            continue
        places.append((kind, list(range(len(reports), len(reports) + len(items)))))
        reports += [
            Report(
                item["title"],
                datetime.fromisoformat(item["published"]),
                urlsplit(item["feed"]).path or item["feed"],
                item["link"],
            )
            for item in items
        ]
    found = await synced_stories(server, folder, reports)
    result: dict[str, tuple[int, int]] = {}
    for kind, members in places:
        merged, total = result.get(kind, (0, 0))
        stories = {found[place] for place in members}
        is_merged = len(stories) < len(members) if kind == "traps" else len(stories) == 1
        result[kind] = (merged + is_merged, total + 1)
    return result

"""`tracker feeds check`: fetches and parses feeds without storing anything."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from tracker.cli.context import CommandContext
from tracker.cli.feed_records import CheckRecord
from tracker.cli.layouts import layout_of
from tracker.cli.names import find_feeds
from tracker.cli.numbers import age
from tracker.cli.output import Cell, Column
from tracker.cli.run_async import run_async
from tracker.model.config import Config
from tracker.model.feed import FeedSource, FetchedFeed
from tracker.model.plurals import count_noun
from tracker.model.shown import show_address
from tracker.sync.fetching import FeedCheck, check_feed, make_fetcher, pause_reason, paused_hosts


class Checked(Struct, frozen=True):
    """A feed with the result of its check."""

    source: FeedSource
    check: FeedCheck
    now: datetime

    @property
    def newest(self) -> datetime | None:
        """Publication of its newest entry."""
        entries = self.check.parsed.entries if self.check.parsed is not None else ()
        return max((entry.published for entry in entries if entry.published is not None), default=None)


def run(context: CommandContext) -> int:
    """Write a line for each feed; return 1 when any has a problem."""
    config = context.config()
    sources = find_feeds(config, context.options.name) if context.options.name else _enabled(config)
    if not sources:
        context.print_message("no feeds to check: add one with `tracker feeds add URL`")
        context.write([], CHECKS)
        return 0
    context.update_database()
    checked = run_async(_check(context, config, sources, paused_hosts(context.db, context.clock())))
    context.write(checked, CHECKS)
    return 1 if any(item.check.reason is not None for item in checked) else 0


def _enabled(config: Config) -> tuple[FeedSource, ...]:
    return tuple(source for source in config.feeds if source.enabled)


async def _check(
    context: CommandContext, config: Config, sources: Sequence[FeedSource], paused: dict[str, tuple[datetime, str]]
) -> list[Checked]:
    async with make_fetcher(config.settings, context.clock, context.db) as fetcher:

        async def check_one(source: FeedSource) -> Checked:
            reason = pause_reason(paused, source.url)
            if reason is not None:  # a server's Retry-After also holds for a manual check
                return Checked(source, FeedCheck(FetchedFeed(source.url, source.url), reason=reason), context.clock())
            return Checked(
                source,
                await check_feed(fetcher, source.url, context.clock(), first_hand=source.first_hand),
                context.clock(),
            )

        return await asyncio.gather(*(check_one(source) for source in sources))


def _record(item: Checked) -> CheckRecord:
    parsed, fetched, reason = item.check.parsed, item.check.fetched, item.check.reason
    return CheckRecord(
        name=item.source.name,
        url=show_address(item.source.url),
        ok=reason is None,
        http=fetched.http,
        moved_to=None if fetched.permanent_url is None else show_address(fetched.permanent_url),
        entries=None if parsed is None else len(parsed.entries),
        newest=item.newest,
        ms=fetched.elapsed_ms,
        reason=None if reason is None else show_address(reason),
        warnings=() if parsed is None else tuple(map(show_address, parsed.warnings)),
    )


def _cells(item: Checked) -> Sequence[Cell]:
    record = _record(item)
    moved = f"moved permanently to {record.moved_to}" if record.moved_to else ""
    remarks = "; ".join([*([moved] if moved else []), *record.warnings])
    return (
        Cell("ok" if record.ok else "bad", "" if record.ok else "bad"),
        Cell(item.source.name),
        Cell(str(record.http or "")),
        Cell("" if record.entries is None else count_noun(record.entries, "entry", "entries")),
        Cell("" if item.newest is None else f"{age(item.newest, item.now)} ago", "dim"),
        Cell(f"{record.ms:,} ms", "dim"),
        Cell(record.reason or remarks, "bad" if record.reason else "dim"),
    )


CHECKS = layout_of(
    CheckRecord,
    _record,
    (
        Column(""),
        Column("name", least=12),
        Column("http", right=True),
        Column("", right=True),
        Column("newest", right=True),
        Column("", right=True),
        Column("", least=30),
    ),
    _cells,
)
"""`tracker feeds check`."""

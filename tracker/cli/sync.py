"""`tracker sync`: updates feeds and prices, for people, cron and systemd timers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tracker.cli.context import CommandContext
from tracker.cli.errors import Interrupted
from tracker.cli.feed_records import FetchRecord, PricesRecord, SyncRecord
from tracker.cli.layouts import plain_record, record_of
from tracker.cli.names import find_feeds
from tracker.cli.output import to_json
from tracker.cli.retag import UNFINISHED_RETAG
from tracker.cli.run_async import run_async
from tracker.model.alert import Firing
from tracker.model.config import Config
from tracker.model.events import DatesChanged, QuotesChanged, SyncEvent, SyncFinished, SyncStarted
from tracker.model.feed import FeedSynced
from tracker.model.plurals import count_noun
from tracker.sync.heaps import share_heaps
from tracker.sync.known_names import unknown_names
from tracker.sync.options import SyncOptions
from tracker.words.cells import TABLE, plain
from tracker.words.no_prices import failed_text
from tracker.words.progress import sync_progress

if TYPE_CHECKING:
    from tracker.alerts.run import AlertRun


def run(context: CommandContext) -> int:
    """Sync and return the exit code of the interface."""
    share_heaps()
    options = context.options
    config = context.config()
    feeds = tuple(source.name for source in find_feeds(config, options.feed)) if options.feed else None
    if config.tags:
        from tracker.sync.rules import tagger

        tagger(config)  # report an invalid tag rule before anything is changed
    if not options.quiet:
        for warning in config.warnings:
            context.print_message(warning)
    context.update_database()
    report = Report(context, [source.name for source in config.feeds])
    wanted = SyncOptions(force=options.force, feeds=feeds, prices=not options.no_prices)
    try:
        run_async(_drive(context, config, wanted, report))
    except Interrupted:
        report.interrupted()
        return 130
    if not options.quiet:
        with context.reader() as reader:
            for warning in unknown_names(config, reader):
                context.print_message(warning)
            if reader.has_unfinished_retag():
                context.print_message(f"{UNFINISHED_RETAG}; `tracker retag` resumes it")
    return report.code


async def _drive(context: CommandContext, config: Config, options: SyncOptions, report: Report) -> None:
    from tracker.sync.current import config_file
    from tracker.sync.errorlog import FILE as ERRORS
    from tracker.sync.run import Syncer

    file = config_file(context.find_config, config)
    alerts = _alerts(context, config)
    if alerts is not None:
        await alerts.begin()
    syncer = Syncer(config, context.db, context.clock, config_file=file, errors=context.state_dir / ERRORS)
    try:
        # Closed at once on a signal, so that the lock is released and the database stays consistent.
        async with aclosing(syncer.run(options)) as events:
            async for event in events:
                report.show_event(event)
        if alerts is not None:
            for firing, problem in await alerts.fire():
                report.show_alert(firing, problem)
    except asyncio.CancelledError:
        report.take_stored(syncer.stored)
        raise
    finally:
        await syncer.close()


def _alerts(context: CommandContext, config: Config) -> AlertRun | None:
    if not config.alerts:
        return None
    from tracker.alerts.notify import Notifier
    from tracker.alerts.run import AlertRun
    from tracker.cli.alerts import terminal_of

    async def at_once(work: Callable[[], object]) -> object:
        return work()

    return AlertRun(
        config, context.db, context.clock, Notifier(context.environ, terminal=terminal_of(context)), at_once
    )


class Report:
    """Reports a sync: progress on a terminal, a line per failed feed, a summary; at the end JSON on stdout."""

    def __init__(self, context: CommandContext, names: list[str]) -> None:
        self._context = context
        self._json: bool = context.options.json
        self._quiet: bool = context.options.quiet
        self._has_bar = context.stderr.isatty() and not self._quiet
        self._order = {name: place for place, name in enumerate(names)}
        self._started = context.clock()
        self._due = 0
        self._feeds: list[FeedSynced] = []
        self._answers: list[FeedSynced] = []
        self._waiting = 0
        self._prices: QuotesChanged | None = None
        self._dates: DatesChanged | None = None
        self.code = 0

    def show_event(self, event: SyncEvent) -> None:
        """Take the next event of the sync."""
        match event:
            case SyncStarted():
                self._started, self._due = event.started, len(event.due)
                self._feeds.extend(event.skipped)
                self._draw("")
            case FeedSynced():
                self._feeds.append(event)
                if event.status == "skipped":  # its host is busy or hangs
                    self._waiting += 1
                else:
                    self._answers.append(event)
                if event.status == "failed":
                    self._line(f"{event.name}: {event.reason or 'failed'}")
                elif event.status in ("new", "unchanged") and event.reason is not None:
                    self._line(f"{event.name}: {event.reason}")
                self._draw(f"{event.name} +{event.new}" if event.new else event.name)
            case QuotesChanged():
                self._prices = event
            case DatesChanged():
                self._dates = event
            case SyncFinished():
                self._correct(event.feeds)
                self._finish(event.finished)

    def show_alert(self, firing: Firing, problem: str | None) -> None:
        """Report an alert that fired, and what did not work when it was sent."""
        from tracker.alerts.words import title_text

        if problem is not None:
            self._line(f"alert {firing.rule.label}: {problem}")
        elif not self._quiet:
            self._line(f"alert {firing.rule.label}: {title_text(firing)}")

    def take_stored(self, feeds: list[FeedSynced]) -> None:
        """Count feeds that were stored before the interruption but not reported yet."""
        told = {feed.name for feed in self._answers}
        rest = [feed for feed in feeds if feed.name not in told]
        self._feeds.extend(rest)
        self._answers.extend(rest)

    def interrupted(self) -> None:
        """Report what was stored before the interruption."""
        self._clear()
        if not self._quiet:
            answered = sum(feed.status != "failed" for feed in self._answers)
            due = count_noun(self._due, "feed", "feeds")
            self._line(f"interrupted: {answered} of {due} stored; the next sync fetches the rest")
        self._write_json(self._context.clock())

    def _correct(self, feeds: Iterable[FeedSynced]) -> None:
        """Take the results at the end: where no host could be resolved, no feed is at fault."""
        final = {feed.name: feed for feed in feeds}
        self._feeds = [final.get(feed.name, feed) for feed in self._feeds]
        self._answers = [final.get(feed.name, feed) for feed in self._answers]

    def _finish(self, finished: datetime) -> None:
        self._clear()
        failed = sum(feed.status == "failed" for feed in self._answers)
        if failed:
            self.code = 3 if failed == self._due else 1
        if not self._quiet:
            self._line(self._summary(failed))
        elif self.code == 3:
            self._line(self._all_failed())
        self._write_json(finished)

    def _summary(self, failed: int) -> str:
        new, updated = (sum(getattr(feed, kind) for feed in self._answers) for kind in ("new", "updated"))
        feeds = count_noun(len(self._feeds), "feed", "feeds")
        articles = count_noun(new, "new article", "new articles")
        parts = [f"{articles}, {updated:,} changed from {len(self._answers) - failed} of {feeds}"]
        if not self._feeds:
            parts = ["no feeds to fetch: add one with `tracker feeds add URL`"]
        elif not self._answers:
            parts = ["no feed is due"]
        elif failed == self._due:
            parts = [f"{self._all_failed()}; nothing was lost, try again later"]
        elif failed:
            parts.append(f"{failed} failed")
        if self._waiting:
            parts.append(f"{self._waiting} skipped: the host is busy or not responding")
        prices = self._prices
        if prices is not None and (prices.symbols or prices.failed):
            asked = len(prices.symbols) + len(prices.failed)
            source = f" from {prices.provider}" if prices.provider is not None else ""
            parts.append(f"{len(prices.symbols)} of {count_noun(asked, 'price', 'prices')}{source}")
            reasons = prices.reasons
            if prices.failed:
                why = prices.reason or "no price in the answer"
                parts.append(f"no price: {failed_text((one, reasons.get(one, why)) for one in prices.failed)}")
        if self._dates is not None and self._dates.reason is not None:
            parts.append(f"coming dates: {self._dates.reason}")
        return "; ".join(parts)

    def _all_failed(self) -> str:
        """Return that all failed, with the reason where several have the same one."""
        reasons = {feed.reason for feed in self._answers}
        reason = f" ({reasons.pop()})" if len(reasons) == 1 and len(self._answers) > 1 else ""
        return f"every due feed failed{reason}"

    def _write_json(self, finished: datetime) -> None:
        if self._json:
            feeds = sorted(self._feeds, key=lambda feed: self._order.get(feed.name, len(self._order)))
            record = sync_record(SyncFinished(self._started, finished, tuple(feeds), self._prices, self._dates))
            self._context.stdout.write(to_json(record, self._context.screen().is_unicode) + "\n")

    def _line(self, text: str) -> None:
        self._clear()
        self._context.print_message(text)

    def _draw(self, text: str) -> None:
        if self._has_bar and self._due:
            done = len(self._answers) + self._waiting
            signs = "▰▱" if self._context.is_unicode(self._context.stderr) else "#."
            line = f"{sync_progress(done, self._due, signs)}  {plain(text)}"
            self._context.stderr.write(f"\r\x1b[K{TABLE.clip(line, 78)}")
            self._context.stderr.flush()

    def _clear(self) -> None:
        if self._has_bar:
            self._context.stderr.write("\r\x1b[K")


def sync_record(done: SyncFinished) -> Any:
    """Return the record that `sync --json` writes."""
    feeds = tuple(record_of(FetchRecord, feed) for feed in done.feeds)
    prices = None if done.prices is None else record_of(PricesRecord, done.prices)
    return plain_record(record_of(SyncRecord, done, feeds=feeds, prices=prices))

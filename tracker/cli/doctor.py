"""`tracker doctor`: finds problems and says how to fix them, without using the network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from msgspec import Struct

from tracker.cli.context import CommandContext
from tracker.cli.numbers import age, stale_seconds
from tracker.cli.retag import UNFINISHED_RETAG
from tracker.impact.coming import coming_dates
from tracker.market.coming import calendars
from tracker.market.provider import NO_SUCH_SYMBOL
from tracker.model.clock import iso
from tracker.model.config import Config
from tracker.model.errors import ConfigError, StoreError
from tracker.model.feed import FeedState
from tracker.model.plurals import agree, count_noun
from tracker.model.shown import show_address
from tracker.prices.moves import is_stale
from tracker.store.feed_reader import FeedRow
from tracker.store.read import Reader
from tracker.store.repair import repair
from tracker.store.write import Writer
from tracker.sync.clocks import asked_states, clock_problem
from tracker.sync.known_names import unknown_names
from tracker.sync.lock import is_locked, read_holder, sync_lock
from tracker.sync.rules import has_changed_rules, labelled_indices, tagger, untagged_symbols
from tracker.words.cells import plain
from tracker.words.no_prices import by_reason, names_text, without_new_price, without_price

Level = Literal["ok", "warn", "bad"]

_MIN_FREE_BYTES = 100_000_000
_BAD_AFTER_FAILURES = 5
_MIN_ALIKE = 4
"""From this many feeds or symbols with the same failure, one line names them all."""
_NO_NETWORK = ("no such host", "no network", "name servers", "no connection", "resolve any host", "timed out")
"""Parts of reasons for which the computer may be offline. A server that answers shows that it is not."""
_MAX_NAMES = 1_000
_QUIET_AFTER = timedelta(days=30)
_REPAIR = "`tracker doctor --repair` recovers what is readable and keeps the damaged file"
_TONES = {"ok": "\x1b[32m", "warn": "\x1b[33m", "bad": "\x1b[31m"}


class Finding(Struct, frozen=True):
    """The result of one check."""

    level: Level
    about: str
    text: str
    advice: str = ""


def run(context: CommandContext) -> int:
    """Write a line for each check; return 1 when anything is bad."""
    is_bad = False
    screen = context.screen()
    for finding in (*_repair(context), *examine(context)) if context.options.repair else examine(context):
        is_bad |= finding.level == "bad"
        level = f"{finding.level:<4}"
        if screen.has_colour:
            level = f"{_TONES[finding.level]}{level}\x1b[0m"
        first, *more = show_address(finding.text).split("\n")
        lines = [f"{level}  {finding.about:<8}  {plain(first)}", *(f"{'':16}{plain(line)}" for line in more)]
        if finding.advice:
            lines.append(f"{'':16}{'→' if screen.is_unicode else '->'} {plain(finding.advice)}")
        context.stdout.write("\n".join(lines) + "\n")
    return 1 if is_bad else 0


def examine(context: CommandContext) -> Iterator[Finding]:
    """Check configuration, database, feeds, prices and terminal."""
    config: Config | None = None
    try:
        config = context.config()
        tagger(config)
    except ConfigError as error:
        yield Finding("bad", "config", str(error), "fix the file; tracker ignores it until then")
    else:
        counts = ", ".join(
            (
                count_noun(len(config.feeds), "feed", "feeds"),
                count_noun(len(config.symbols), "symbol", "symbols"),
                count_noun(len(config.tags), "custom tag", "custom tags"),
            )
        )
        here = context.folder
        is_here = here is not None and config.path == here / "feeds.toml" and not context.names_config
        yield Finding(
            "ok",
            "config",
            f"{config.path}: {counts}",
            f"only commands run in this folder read it; in cron jobs, pass --config {config.path}" if is_here else "",
        )
        yield from (Finding("warn", "config", warning) for warning in config.warnings)
        if unknown := untagged_symbols(config):
            text = f"unknown company: {_shown(unknown)}; only headlines with the symbol itself are tagged"
            yield Finding("warn", "config", text, 'add name = "..." to its [[symbol]]')
        if labelled := labelled_indices(config):
            text = f"not found in headlines: {_shown(labelled)}; the name of an index is only shown"
            yield Finding("ok", "config", text, 'to find headlines about it, add names = ["..."] to its [[symbol]]')
    if config is not None and not context.db.exists():
        yield from _unknown_names(config, None)
    yield from _database(context, config)
    yield from _terminal(context)


def _unknown_names(config: Config, reader: Reader | None) -> Iterator[Finding]:
    yield from (Finding("warn", "config", warning) for warning in unknown_names(config, reader))


def _repair(context: CommandContext) -> Iterator[Finding]:
    """Repair the database and report what was recovered and lost.

    Raises:
        LockedError: a sync is running.
        StoreError: the database cannot be repaired.
    """
    db = context.db
    if not db.exists():
        return
    with sync_lock(db, context.clock):
        done = repair(db, context.clock(), context.print_message)
    if done.original is not None:
        yield Finding(
            "warn", "repair", f"recovered what is readable into a new file; the damaged one is now {done.original}"
        )
        for loss in done.losses:
            lost = "an unknown number" if loss.lost is None else f"{loss.lost:,}"
            yield Finding("warn", "repair", f"{loss.table}: {lost} lost, {loss.kept:,} recovered")
        if done.placeholders:
            feeds = count_noun(done.placeholders, "feed was", "feeds were")
            yield Finding("warn", "repair", f"{feeds} lost; the articles are kept under a placeholder name")
        if not done.losses:
            yield Finding("ok", "repair", "nothing was lost")
    if done.indexed is not None:
        yield Finding("ok", "repair", f"rebuilt the search index for {count_noun(done.indexed, 'article', 'articles')}")
    elif done.original is None:
        yield Finding("ok", "repair", "the database and its search index are intact: nothing to repair")


def _database(context: CommandContext, config: Config | None) -> Iterator[Finding]:
    db = context.db
    if not db.exists():
        yield Finding("warn", "database", f"{db}: does not exist yet", "run `tracker sync`")
        return
    try:
        with context.reader() as reader:
            yield from _file(reader, db)
            yield from _search_index(db)
            if reader.has_unfinished_retag():
                yield Finding("warn", "tags", UNFINISHED_RETAG, "run `tracker retag`")
            elif config is not None and has_changed_rules(config, reader):
                yield Finding(
                    "warn", "tags", "the tag rules have changed since the articles were tagged", "run `tracker retag`"
                )
            yield from _lock(db)
            if config is not None:
                yield from _unknown_names(config, reader)
                yield from _clock(context, config, reader)
                yield from _feeds(context, config, reader)
                yield from _prices(context, config, reader)
                yield from _dates(context, config, reader)
                yield from _filings(config)
    except StoreError as error:
        yield Finding("bad", "database", str(error))


def _file(reader: Reader, db: Path) -> Iterator[Finding]:
    stored = reader.file_facts()
    size = sum(path.stat().st_size for path in (db, Path(f"{db}-wal")) if path.exists())
    articles = count_noun(reader.articles.count(), "article", "articles")
    facts = f"{size / 1e6:,.1f} MB, {articles}, schema {stored.schema}, {stored.journal.upper()}"
    yield Finding("ok", "database", f"{db}: {facts}")
    if stored.problem is not None:
        yield Finding("bad", "database", f"damaged: {stored.problem}", _REPAIR)
    if stored.journal != "wal":
        yield Finding(
            "warn", "database", "not in WAL mode: the window waits for each sync", "is it on a network drive?"
        )
    if not (os.access(db, os.W_OK) and os.access(db.parent, os.W_OK)):
        yield Finding("bad", "database", "not writable", f"check the owner and the permissions of {db} and its folder")
    free = shutil.disk_usage(db.parent).free
    if free < _MIN_FREE_BYTES:
        yield Finding("warn", "database", f"only {free / 1e6:,.0f} MB free on its disk", "free some space")


def _search_index(db: Path) -> Iterator[Finding]:
    """Check the search index."""
    try:
        with Writer(db) as writer:
            wrong = writer.index_problem()
    except StoreError as error:
        if error.kind not in ("busy", "read-only", "no-access"):
            raise
        return  # cannot be checked now
    if wrong is not None:
        yield Finding("bad", "database", wrong, _REPAIR)


def _lock(db: Path) -> Iterator[Finding]:
    if is_locked(db):
        holder = read_holder(db)
        since = f" since {holder.since}" if holder.since is not None else ""
        yield Finding("ok", "sync", f"running now (pid {holder.pid or 'unknown'}{since})")


def _clock(context: CommandContext, config: Config, reader: Reader) -> Iterator[Finding]:
    wrong = clock_problem(asked_states(config, reader.feeds.states()), context.clock())
    if wrong is not None:
        yield Finding("warn", "clock", wrong.text, wrong.advice)


def _feeds(context: CommandContext, config: Config, reader: Reader) -> Iterator[Finding]:
    now = context.clock()
    rows: dict[str, FeedRow] = {row.state.name: row for row in reader.feeds.rows(now)}
    good = 0
    never = []
    failing: dict[str, list[FeedState]] = {}
    for source in config.feeds:
        row = rows.get(source.name)
        if not source.enabled:
            continue
        if (snoozed := source.snoozed(now)) is not None:
            advice = "to wake it earlier, remove its snoozed_until from feeds.toml"
            yield Finding("ok", "feeds", f"{source.name}: {snoozed}", advice)
        elif row is None or row.state.last_checked is None:
            never.append(source.name)
        elif row.state.disabled_reason is not None:
            text = f"{source.name}: no longer fetched: {row.state.disabled_reason}"
            yield Finding("bad", "feeds", text, f'change its address, or run `tracker feeds remove "{source.name}"`')
        elif row.state.last_reason is not None:
            failing.setdefault(row.state.last_reason, []).append(row.state)
        elif row.recent == 0 and row.state.last_full is not None and row.articles > 0:
            text = f"{source.name}: responds, but has had nothing new for {_QUIET_AFTER.days} days"
            yield Finding("warn", "feeds", text, "has the site moved its feed?")
        else:
            good += 1
    for reason, states in failing.items():
        yield from _failing(reason, states, now)
    if never:
        yield Finding("warn", "feeds", f"not fetched yet: {_shown(never)}", "run `tracker sync`")
    followed = sum(source.is_followed(now) for source in config.feeds)
    text = f"{good} of {count_noun(followed, 'feed', 'feeds')} {agree(good, 'is', 'are')} fine"
    # A feed that is silent or new may be fine; otherwise, if no feed is, something is wrong, whatever the reason.
    level: Level = "ok" if good or not followed else "bad" if failing and not never else "warn"
    yield Finding(level, "feeds", text)


def _failing(reason: str, states: Sequence[FeedState], now: datetime) -> Iterator[Finding]:
    """Yield a line for each failing feed, or one line for many that fail for the same reason."""
    most = max(state.fail_count for state in states)
    if len(states) >= _MIN_ALIKE:
        text = f"{len(states)} feeds: {reason}: {_shown([state.name for state in states])}"
        advice = _OFFLINE if _may_be_offline(reason) else "to see more, run `tracker feeds check`"
        yield Finding("bad" if most >= _BAD_AFTER_FAILURES else "warn", "feeds", text, advice)
        return
    for state in states:
        level: Level = "bad" if state.fail_count >= _BAD_AFTER_FAILURES else "warn"
        times = {0: "no response", 1: "failed once"}.get(state.fail_count, f"failed {state.fail_count} times in a row")
        due = state.due_at(now)
        when = f"next try in {age(now, due)}; " if due is not None else ""
        advice = f'{when}to see more, run `tracker feeds check "{state.name}"`'
        yield Finding(level, "feeds", f"{state.name}: {times}: {reason}", advice)


def _may_be_offline(reason: str) -> bool:
    return any(part in reason for part in _NO_NETWORK)


_OFFLINE = "are you offline?"
_NO_KEY = "set it, or remove finnhub from market.providers"


def _prices(context: CommandContext, config: Config, reader: Reader) -> Iterator[Finding]:
    now = context.clock()
    if not config.market.providers:
        yield Finding("ok", "prices", "off (market.providers is empty)")
        return
    if "finnhub" in config.market.providers and not context.environ.get("FINNHUB_API_KEY"):
        yield Finding("bad", "prices", "finnhub needs FINNHUB_API_KEY, which is not set", _NO_KEY)
    for breaker in reader.prices.breakers(now):
        text = f"{breaker.provider} is paused until {iso(breaker.until)}: {breaker.reason}"
        yield Finding("warn", "prices", text, "nothing to do: the other providers are used until then")
    symbols = [item.symbol for item in config.symbols]
    stored = reader.prices.quotes()
    quotes = {symbol: stored[symbol] for symbol in symbols if symbol in stored}
    failures = reader.prices.quote_failures()
    stale = [s for s, quote in quotes.items() if is_stale(quote, now, stale_seconds=stale_seconds(config))]
    priceless = by_reason((s, failures[s][0]) for s in symbols if s not in quotes and s in failures)
    for reason, names in priceless.items():
        is_common = len(names) >= _MIN_ALIKE
        if NO_SUCH_SYMBOL in reason or "HTTP 404" in reason:
            advice = "use the symbol that Yahoo Finance uses"
        else:
            advice = _OFFLINE if _may_be_offline(reason) else "run `tracker quotes` later"
        for text in (f"{len(names)} symbols ({names_text(names, _MAX_NAMES)})",) if is_common else names:
            yield Finding("warn", "prices", f"{text}: no price: {reason}", advice)
    in_news = by_reason((s, reason) for s, reason in without_price(failures, now) if s not in symbols)
    for reason, names in in_news.items():
        text = f"no price for shares in the news: {names_text(names, _MAX_NAMES)}: {reason}"
        yield Finding("warn", "prices", text, "their headlines show no move")
    kept = by_reason(without_new_price(stored, now))
    for reason, names in kept.items():
        yield Finding(
            "warn",
            "prices",
            f"no new price for {names_text(names, _MAX_NAMES)}: {reason}",
            "the last known one is shown",
        )
    unasked = [symbol for symbol in symbols if symbol not in quotes and symbol not in failures]
    if unasked:
        yield Finding("warn", "prices", f"not fetched yet: {_shown(unasked)}", "run `tracker sync`")
    if stale:
        yield Finding("warn", "prices", f"out of date: {_shown(stale)}", "run `tracker quotes`")
    current = len(quotes) - len(stale)
    of_all = f"{current} of {count_noun(len(symbols), 'symbol', 'symbols')}"
    level: Level = "ok" if current or not symbols else "warn" if quotes or unasked else "bad"
    yield Finding(level, "prices", f"{of_all} {agree(current, 'has', 'have')} a current price")


def _dates(context: CommandContext, config: Config, reader: Reader) -> Iterator[Finding]:
    if not config.sources.earnings.enabled:
        yield Finding("ok", "dates", "off (sources.earnings is not enabled)")
        return
    now = context.clock()
    key = context.environ.get("FINNHUB_API_KEY")
    asked = {one.name for one in calendars(config.sources.earnings, "", key) if key or not one.needs_key}
    states = [state for state in reader.dates.states() if state.source in asked]
    if not states:
        yield Finding("warn", "dates", "the calendar of results has not been asked yet", "run `tracker sync`")
    for state in states:
        if state.reason is not None:
            text = f"{state.source}: failed {age(state.asked, now)} ago: {state.reason}"
            yield Finding("warn", "dates", text, "nothing to do: the next sync asks again; what is known is shown")
    if config.sources.earnings.finnhub and not key:
        text = "sources.earnings.finnhub needs FINNHUB_API_KEY, which is not set"
        yield Finding("bad", "dates", text, "set it, or remove finnhub = true from [sources.earnings]")
    known = len(coming_dates(reader, config.watched, now))
    of_all = f"{known} of {count_noun(len(config.symbols), 'symbol', 'symbols')}"
    yield Finding("ok", "dates", f"{of_all} {agree(known, 'has', 'have')} a known date")


def _filings(config: Config) -> Iterator[Finding]:
    if not config.sources.sec.is_on:
        advice = "to switch it on, set your e-mail address as contact under [sources.sec]: the SEC asks for it"
        yield Finding("ok", "filings", "off (sources.sec has no contact)", advice)


def _shown(names: Sequence[str]) -> str:
    return names_text(names, 5)


def _terminal(context: CommandContext) -> Iterator[Finding]:
    encoding = (getattr(context.stdout, "encoding", None) or "utf-8").lower()
    if encoding.replace("-", "") != "utf8":
        advice = "use a UTF-8 locale, such as LANG=C.UTF-8"
        yield Finding("warn", "terminal", f"the encoding is {encoding}: some characters cannot be shown", advice)
    term = context.environ.get("TERM", "")
    if not term or term == "dumb":
        yield Finding("warn", "terminal", f"TERM is {term or 'not set'}: the window needs a full terminal")
    colours = "24-bit colour" if context.environ.get("COLORTERM") in ("truecolor", "24bit") else "256 colours or fewer"
    if context.environ.get("NO_COLOR"):
        colours = "no colour, as NO_COLOR is set"
    yield Finding("ok", "terminal", f"{term or 'unknown'}, {encoding}, {colours}")

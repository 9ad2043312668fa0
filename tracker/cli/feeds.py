"""`tracker feeds list` and `remove`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from tracker.cli.context import CommandContext
from tracker.cli.layouts import layout_of, record_of
from tracker.cli.names import find_feeds
from tracker.cli.output import Cell, Column
from tracker.cli.records import FeedRecord
from tracker.config.edit import remove_feed
from tracker.model.feed import FeedSource, FeedState
from tracker.model.shown import show_address
from tracker.store.feed_reader import FeedRow
from tracker.store.read import Reader
from tracker.sync.decide import host_of
from tracker.words.health import Pause, answer_words, due_words, problem


class Followed(Struct, frozen=True):
    """A configured feed with its stored state."""

    source: FeedSource
    row: FeedRow | None
    now: datetime
    pause: Pause | None = None
    """The pause that its host asked for."""

    @property
    def state(self) -> FeedState | None:
        """Its stored state; None before its first sync."""
        return None if self.row is None else self.row.state

    @property
    def reason(self) -> str | None:
        """Why it has no news: disabled, gone, or the last check failed."""
        return problem(self.source, self.state)


def list_feeds(context: CommandContext) -> int:
    """List the configured feeds."""
    found = followed(context)
    context.write(found, FEEDS)
    if any(item.source.enabled and item.source.snoozed(item.now) for item in found) and context.is_terminal:
        context.print_message("to wake a snoozed feed earlier, remove its snoozed_until from feeds.toml")
    return 0


def followed(context: CommandContext) -> list[Followed]:
    """Return the configured feeds in file order, with their stored state."""
    config = context.config()
    now = context.clock()
    rows: dict[str, FeedRow] = {}
    pauses: dict[str, Pause] = {}
    if context.db.exists():
        with Reader(context.db) as reader:
            rows = {row.state.name: row for row in reader.feeds.rows(now)}
            hosts = reader.feeds.paused_hosts(now)
            pauses = {name: hosts[host] for name, row in rows.items() if (host := host_of(row.state, now)) in hosts}
    return [Followed(source, rows.get(source.name), now, pauses.get(source.name)) for source in config.feeds]


def remove(context: CommandContext) -> int:
    """Remove a feed from the configuration."""
    source = find_feeds(context.config(), [context.options.name])[0]
    path = editable(context)
    remove_feed(path, source.name)
    context.print_message(f'removed "{source.name}" from {path}; its articles stay for keep_days days')
    return 0


def editable(context: CommandContext) -> Path:
    """Return the configuration file to edit; the shipped one is first copied to the user's folder, with a message."""
    path = context.find_config()
    own = context.own_config()
    if own != path:
        context.print_message(f"copied the shipped feeds to {own}")
    return own


def _next_due(state: FeedState, now: datetime) -> datetime | None:
    """Return when a feed was or is due; None where a clock that was ahead set it."""
    is_over = state.next_due is not None and state.next_due <= now
    return state.next_due if is_over else state.due_at(now)


def _record(item: Followed) -> FeedRecord:
    source, state, row = item.source, item.state, item.row
    return record_of(
        FeedRecord,
        state,
        name=source.name,
        group=source.group,
        url=show_address(source.url),
        enabled=source.enabled,
        snoozed_until=source.snoozed_until,
        http=None if state is None else state.last_http,
        next_due=None if state is None else _next_due(state, item.now),
        articles=0 if row is None else row.articles,
        new_30d=0 if row is None else row.recent,
        failures=0 if state is None else state.fail_count,
        reason=item.reason,
    )


def _cells(item: Followed) -> Sequence[Cell]:
    record = _record(item)
    due, why = due_words(item.source, item.state, item.pause, item.now)
    when = why if why == item.source.snoozed(item.now) else f"{due} ({why})" if why else due
    return (
        Cell(item.source.name),
        Cell(item.source.group or "", "dim"),
        Cell(answer_words(item.state, item.now), "bad" if item.reason is not None else ""),
        Cell(when, "dim"),
        Cell(f"{record.articles:,}"),
        Cell(f"{record.new_30d:,}"),
        Cell(str(record.failures or "")),
        Cell(item.reason or "", "bad"),
        Cell(show_address(item.source.url), "dim"),
    )


FEEDS = layout_of(
    FeedRecord,
    _record,
    (
        Column("name", least=12),
        Column("group", least=6, leaves=2),
        Column("answer"),
        Column("due", least=12),
        Column("articles", right=True, leaves=4),
        Column("30 d", right=True, leaves=3),
        Column("failed", right=True),
        Column("reason", least=16),
        Column("address", least=16, leaves=1),
    ),
    _cells,
)
"""`tracker feeds list`."""

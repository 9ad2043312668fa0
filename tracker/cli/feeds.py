"""`tracker feeds list` and `remove`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from tracker.cli.context import CommandContext
from tracker.cli.feed_records import FeedRecord
from tracker.cli.layouts import layout_of, record_of
from tracker.cli.names import find_feeds
from tracker.cli.output import Cell, Column, Layout
from tracker.config.edit import remove_feed
from tracker.model.feed import FeedState
from tracker.model.shown import show_address
from tracker.store.feed_reader import FeedRow
from tracker.sync.feed_health import FeedHealth, feed_healths
from tracker.words.health import Pause, answer_words, due_words


def list_feeds(context: CommandContext) -> int:
    """List the configured feeds in file order."""
    config, now = context.config(), context.clock()
    rows: Sequence[FeedRow] = ()
    pauses: Mapping[str, Pause] = {}
    if context.db.exists():
        with context.reader() as reader:
            rows, pauses = reader.feeds.rows(now), reader.feeds.paused_hosts(now)
    context.write(feed_healths(config, rows, pauses, now), feeds_layout(now))
    if any(source.enabled and source.snoozed(now) for source in config.feeds) and context.is_terminal:
        context.print_message("to wake a snoozed feed earlier, remove its snoozed_until from feeds.toml")
    return 0


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


def _record(item: FeedHealth, now: datetime) -> FeedRecord:
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
        next_due=None if state is None else _next_due(state, now),
        articles=0 if row is None else row.articles,
        new_30d=0 if row is None else row.recent,
        failures=item.failures,
        reason=item.problem,
    )


def _due_text(item: FeedHealth, now: datetime) -> str:
    due, why = due_words(item.source, item.state, item.pause, now)
    return why if why == item.source.snoozed(now) else f"{due} ({why})" if why else due


def feeds_layout(now: datetime) -> Layout[FeedHealth]:
    """Return how `tracker feeds list` is written."""
    return layout_of(
        FeedRecord,
        partial(_record, now=now),
        {
            Column("name", least=12): lambda item: Cell(item.source.name),
            Column("group", least=6, leaves=2): lambda item: Cell(item.source.group or "", "dim"),
            Column("answer"): lambda item: Cell(answer_words(item.state, now), "" if item.problem is None else "bad"),
            Column("due", least=12): lambda item: Cell(_due_text(item, now), "dim"),
            Column("articles", right=True, leaves=4): lambda item: Cell(f"{item.row.articles if item.row else 0:,}"),
            Column("30 d", right=True, leaves=3): lambda item: Cell(f"{item.row.recent if item.row else 0:,}"),
            Column("failed", right=True): lambda item: Cell(str(item.failures or "")),
            Column("reason", least=16): lambda item: Cell(item.problem or "", "bad"),
            Column("address", least=16, leaves=1): lambda item: Cell(show_address(item.source.url), "dim"),
        },
    )

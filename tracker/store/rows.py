"""Rows of the database to values and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from tracker.model.clock import from_epoch, to_epoch
from tracker.model.feed import FeedState, ScheduleHints
from tracker.store.connection import Cursor

FEED_STATE_COLUMNS = (
    "name, url, id, etag, last_modified, body_hash, last_checked, last_full, last_http, last_reason, fail_count,"
    " next_due, next_why, disabled_reason, redirect_url, redirect_since, ttl_minutes, skip_hours, skip_days,"
    " server_ahead"
)


def named_rows(cursor: Cursor) -> Iterable[sqlite3.Row]:
    """Return the rows of a query, each with its values by column name."""
    cursor.row_factory = sqlite3.Row
    return cursor


def named_places(columns: Iterable[str]) -> str:
    """Return the placeholders of values that are given by column name: `:symbol, :price`."""
    return ", ".join(f":{name}" for name in columns)


def optional_time(seconds: int | None) -> datetime | None:
    """Return the time of epoch seconds, None for None."""
    return None if seconds is None else from_epoch(seconds)


def optional_epoch(moment: datetime | None) -> int | None:
    """Return epoch seconds of a time, None for None."""
    return None if moment is None else to_epoch(moment)


def compact_json(values: Iterable[object]) -> str:
    """Return values as one JSON array, for `json_each` and for columns that hold lists."""
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def feed_state(row: Sequence[Any]) -> FeedState:
    """Return the state in a row of `FEED_STATE_COLUMNS`."""
    return FeedState(
        name=row[0],
        url=row[1],
        id=row[2],
        etag=row[3],
        last_modified=row[4],
        body_hash=row[5],
        last_checked=optional_time(row[6]),
        last_full=optional_time(row[7]),
        last_http=row[8],
        last_reason=row[9],
        fail_count=row[10],
        next_due=optional_time(row[11]),
        next_why=row[12],
        disabled_reason=row[13],
        redirect_url=row[14],
        redirect_since=optional_time(row[15]),
        hints=ScheduleHints(row[16], _numbers(row[17]), _numbers(row[18])),
        server_ahead=None if row[19] is None else timedelta(seconds=row[19]),
    )


def feed_state_values(state: FeedState) -> tuple[object, ...]:
    """Return the values of `FEED_STATE_COLUMNS` in order."""
    return (
        state.name,
        state.url,
        state.id,
        state.etag,
        state.last_modified,
        state.body_hash,
        optional_epoch(state.last_checked),
        optional_epoch(state.last_full),
        state.last_http,
        state.last_reason,
        state.fail_count,
        optional_epoch(state.next_due),
        state.next_why,
        state.disabled_reason,
        state.redirect_url,
        optional_epoch(state.redirect_since),
        state.hints.ttl_minutes,
        " ".join(map(str, sorted(state.hints.skip_hours))),
        " ".join(map(str, sorted(state.hints.skip_days))),
        None if state.server_ahead is None else round(state.server_ahead.total_seconds()),
    )


def _numbers(text: str | None) -> frozenset[int]:
    return frozenset(int(number) for number in (text or "").split())

"""Rows of the database to values and back, by name."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from tracker.model.clock import from_epoch, optional_time, to_epoch
from tracker.model.feed import FeedState, ScheduleHints
from tracker.store.connection import Connection, Cursor

_HINTS = ("ttl_minutes", "skip_hours", "skip_days")
S = TypeVar("S", bound=Struct)
T = TypeVar("T")
Values = Sequence[object] | Mapping[str, object]
"""The parameters of a query, by place or by name."""


def named_rows(cursor: Cursor) -> Iterable[sqlite3.Row]:
    """Return the rows of a query, each with its values by column name."""
    cursor.row_factory = sqlite3.Row
    return cursor


def named_places(columns: Iterable[str]) -> str:
    """Return the placeholders of values that are given by column name: `:symbol, :price`."""
    return ", ".join(f":{name}" for name in columns)


def optional_epoch(moment: datetime | None) -> int | None:
    """Return epoch seconds of a time, None for None."""
    return None if moment is None else to_epoch(moment)


def compact_json(values: Iterable[object]) -> str:
    """Return values as one JSON array, for `json_each` and for columns that hold lists."""
    # Not by the module json, whose patterns take a window 2 ms at its start.
    return msgspec.json.encode(list(values)).decode()


def to_column(value: object) -> object:
    """Return a field as its column holds it: a time in epoch seconds, a flag as 0 or 1, the rest as it is."""
    if value is None or isinstance(value, str):  # most columns of an article
        return value
    return to_epoch(value) if isinstance(value, datetime) else int(value) if isinstance(value, bool) else value


def stored_fields(struct: type[Struct], but: Iterable[str]) -> tuple[str, ...]:
    """Return the fields of a struct that are columns of the same name: all but some."""
    return tuple(name for name in struct.__struct_fields__ if name not in but)


@cache
def decoders(struct: type[Struct]) -> Mapping[str, Callable[[Any], Any]]:
    """Return how a column becomes the field of its name where it is stored otherwise: times, days and flags."""
    known: dict[str, Callable[[Any], Any]] = {
        "datetime": from_epoch,
        "datetime | None": optional_time,
        "date": date.fromisoformat,
        "bool": bool,
    }
    kinds: dict[str, str] = struct.__annotations__
    return {name: known[kind] for name, kind in kinds.items() if kind in known}


def decoded_rows(cursor: Cursor, known: Mapping[str, Callable[[Any], Any]]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a query by column name, the columns in `known` as fields."""
    return decoded([column[0] for column in cursor.description], cursor, known)


def decoded(
    names: Sequence[str], rows: Iterable[Sequence[object]], known: Mapping[str, Callable[[Any], Any]]
) -> Iterator[dict[str, Any]]:
    """Yield rows of values by column name, the columns in `known` as fields."""
    here = [(name, decode) for name, decode in known.items() if name in names]
    for values in rows:
        row = dict(zip(names, values, strict=True))
        for name, decode in here:
            row[name] = decode(row[name])
        yield row


def rows_at_once(connection: Connection, names: Iterable[str], sql: str, values: Values = ()) -> list[list[Any]]:
    """Return the rows of a query, read in one step, for what a key waits for.

    Each step lets other threads have the interpreter, and one that is busy keeps it for a millisecond or more: beside
    such a thread 45 rows take up to 230 ms step by step, and 6 at once.

    Args:
        names: the columns of the query in their order: numbers without a fraction, texts and NULL.
    """
    made = f"SELECT json_group_array(json_array({', '.join(names)})) FROM ({sql})"
    found: list[list[Any]] = msgspec.json.decode(connection.execute(made, values).fetchone()[0])
    return found


def structs(struct: type[S], cursor: Cursor) -> Iterator[S]:
    """Yield the rows of a query as structs: its columns are their fields, by name."""
    return (struct(**row) for row in decoded_rows(cursor, decoders(struct)))


def selected(table: str, columns: Iterable[str]) -> str:
    """Return columns of a table for a SELECT, each under its own name."""
    return ", ".join(f"{table}.{name} AS {name}" for name in columns)


def number(connection: Connection, sql: str, values: Values = ()) -> int:
    """Return the one number that a query gives."""
    found: int = connection.execute(sql, values).fetchone()[0]
    return found


def column(connection: Connection, sql: str, values: Values = ()) -> list[Any]:
    """Return the values of a query of one column."""
    return [value for (value,) in connection.execute(sql, values)]


def first_value(connection: Connection, sql: str, values: Values = ()) -> Any:
    """Return the value of the first row of a query of one column, None where there is no row."""
    return next(iter(column(connection, sql, values)), None)


GROUPED = "stories_cursor"
"""Key in `meta` of the newest article that was compared with others."""


def remembered(connection: Connection, key: str) -> str | None:
    """Return a value of `meta`, or None."""
    found: str | None = first_value(connection, "SELECT value FROM meta WHERE key = ?", (key,))
    return found


def remembered_json(connection: Connection, key: str, kind: type[T]) -> T | None:
    """Return a value of `meta` that is JSON of this type; None where there is none, or another program damaged it."""
    try:
        return msgspec.json.decode(remembered(connection, key) or "", type=kind)
    except (msgspec.DecodeError, RecursionError):
        return None


def remember(connection: Connection, values: Mapping[str, str]) -> None:
    """Put values into `meta`."""
    connection.executemany("INSERT OR REPLACE INTO meta (key, value) VALUES (?,?)", list(values.items()))


_FEED_STATE = stored_fields(FeedState, but=("hints", "server_ahead"))
FEED_STATE_DECODERS = decoders(FeedState)
FEED_STATE_COLUMNS = (*_FEED_STATE, *_HINTS, "server_ahead")


def feed_state(row: Mapping[str, Any]) -> FeedState:
    """Return the state in a decoded row that has the columns `FEED_STATE_COLUMNS`."""
    ahead = row["server_ahead"]
    return FeedState(
        **{name: row[name] for name in _FEED_STATE},
        hints=ScheduleHints(row["ttl_minutes"], _numbers(row["skip_hours"]), _numbers(row["skip_days"])),
        server_ahead=None if ahead is None else timedelta(seconds=ahead),
    )


def feed_state_values(state: FeedState) -> dict[str, object]:
    """Return the values of `FEED_STATE_COLUMNS` by name."""
    ahead = state.server_ahead
    return {
        **{name: to_column(getattr(state, name)) for name in _FEED_STATE},
        "ttl_minutes": state.hints.ttl_minutes,
        "skip_hours": " ".join(map(str, sorted(state.hints.skip_hours))),
        "skip_days": " ".join(map(str, sorted(state.hints.skip_days))),
        "server_ahead": None if ahead is None else round(ahead.total_seconds()),
    }


def _numbers(text: str | None) -> frozenset[int]:
    return frozenset(int(number) for number in (text or "").split())

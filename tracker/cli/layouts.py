"""Structs as records: JSON by their fields, CSV by the same, flat; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar, get_args, get_type_hints

from msgspec import Struct

from tracker.cli.output import Cell, Column, Layout, Record
from tracker.model.clock import iso

T = TypeVar("T")
S = TypeVar("S", bound=Struct)


def record_of(kind: type[S], source: object, **others: Any) -> S:
    """Return a record of `others` and of attributes of `source` by name; of None, they are all None."""
    names = (name for name in kind.__struct_fields__ if name not in others)
    return kind(**{name: None if source is None else getattr(source, name) for name in names}, **others)


def plain_record(value: Any) -> Any:
    """Return a value as JSON has it: structs by field, times in ISO 8601, tuples as lists."""
    if isinstance(value, Struct):
        return {name: plain_record(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, Mapping):
        return {name: plain_record(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return [plain_record(one) for one in value]
    if isinstance(value, datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, date) else value


def layout_of(
    kind: type[S],
    make: Callable[[T], S],
    columns: Sequence[Column] | Mapping[Column, Callable[[T], Cell]],
    cells: Callable[[T], Sequence[Cell]] | None = None,
    *,
    prefixes: Mapping[str, str | None] = {},
    more: Callable[[T], Record] | None = None,
    more_fields: Sequence[str] = (),
) -> Layout[T]:
    """Return how records of a kind are written.

    Args:
        kind: its fields are the keys of JSON and the columns of CSV. In CSV, a list is one text, and `price` of the
            struct in `base` is the column `base_price`.
        make: returns the record of an item.
        columns: of the table, each with what returns its cell of an item, unless `cells` is given.
        cells: returns those of an item.
        prefixes: what comes before the fields of a struct instead, by the struct's name; None leaves it out of CSV.
        more: returns columns of CSV that are not fields.
        more_fields: their names.
    """
    paths = dict(_paths(kind, prefixes))
    drawn = tuple(columns.values()) if isinstance(columns, Mapping) else ()

    def row(item: T) -> Record:
        record = plain_record(make(item))
        return {name: _cell(record, path) for name, path in paths.items()} | (more(item) if more else {})

    return Layout(
        columns=tuple(columns),
        cells=cells or (lambda item: [draw(item) for draw in drawn]),
        record=lambda item: plain_record(make(item)),
        row=row,
        fields=(*paths, *more_fields),
    )


def _paths(
    kind: type[Struct], prefixes: Mapping[str, str | None], prefix: str = "", above: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the columns of CSV, each with the way to its value in a record."""
    hints = get_type_hints(kind)
    for name in kind.__struct_fields__:
        column, path = prefix + name, (*above, name)
        inner = struct_in(hints[name])
        if inner is not None and (own := prefixes.get(column, f"{column}_")) is not None:
            yield from _paths(inner, prefixes, own, path)
        elif column not in prefixes:
            yield column, path


def struct_in(hint: Any) -> type[Struct] | None:
    """Return the struct of a field that is one, or None where it may be absent; None for any other field."""
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not type(None)]
    is_struct = len(kinds) == 1 and isinstance(kinds[0], type) and issubclass(kinds[0], Struct)
    return kinds[0] if is_struct else None


def _cell(record: Record, path: tuple[str, ...]) -> object:
    value: Any = record
    for name in path:
        value = None if value is None else value[name]
    return "; ".join(map(str, value)) if isinstance(value, list) else value

"""Records made from structs: JSON by their fields, CSV by the same, flat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from msgspec import Struct

from tracker.cli.layouts import layout_of, plain_record, record_of, struct_in


class Inner(Struct, frozen=True):
    """A struct in another."""

    day: date | None
    number: int


class Outer(Struct, frozen=True):
    """A record."""

    name: str
    seen: datetime
    inner: Inner | None
    words: tuple[str, ...]
    left_out: Inner
    by_name: Mapping[str, Inner]


INNER = Inner(date(2025, 1, 27), 3)
RECORD = Outer("x", datetime(2025, 1, 27, 1, 2, 3, 999_999, UTC), None, ("a", "b"), INNER, {"k": INNER})
LAYOUT = layout_of(
    Outer,
    lambda item: item,
    (),
    lambda item: (),
    prefixes={"left_out": None, "inner": "in_", "by_name": None},
    more=lambda item: {"more": len(item.words)},
    more_fields=("more",),
)


def test_json_has_the_fields_in_their_order_times_to_the_second() -> None:
    inner = {"day": "2025-01-27", "number": 3}
    assert (
        plain_record(RECORD)
        == LAYOUT.record(RECORD)
        == {
            "name": "x",
            "seen": "2025-01-27T01:02:03Z",
            "inner": None,
            "words": ["a", "b"],
            "left_out": inner,
            "by_name": {"k": inner},
        }
    )
    assert list(LAYOUT.record(RECORD)) == list(Outer.__struct_fields__)


def test_csv_has_the_same_flat() -> None:
    assert LAYOUT.fields == ("name", "seen", "in_day", "in_number", "words", "more")
    row = {"name": "x", "seen": "2025-01-27T01:02:03Z", "in_day": None, "in_number": None, "words": "a; b", "more": 2}
    assert LAYOUT.row(RECORD) == row


def test_a_record_takes_attributes_by_name() -> None:
    assert record_of(Inner, INNER, number=4) == Inner(INNER.day, 4)
    assert record_of(Inner, None, number=4) == Inner(None, 4)


def test_a_list_of_structs_is_no_struct() -> None:
    assert struct_in(Inner | None) is Inner
    assert struct_in(Inner) is Inner
    assert struct_in(tuple[Inner, ...]) is None
    assert struct_in(str | None) is None

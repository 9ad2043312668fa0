"""Output formats: table, JSON, JSON lines and CSV."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, Literal, TextIO, TypeVar

from msgspec import Struct

from tracker.words.cells import TABLE, cell_width, plain
from tracker.words.columns import kept, narrowed

Format = Literal["table", "json", "jsonl", "csv"]
FORMATS: tuple[Format, ...] = ("table", "json", "jsonl", "csv")

Tone = Literal["", "up", "down", "dim", "bad"]
Record = dict[str, Any]
T = TypeVar("T")

_GAP = "  "
_SGR = {"dim": "\x1b[2m", "bad": "\x1b[31m", "green": "\x1b[32m", "red": "\x1b[31m"}
# A spreadsheet evaluates cells that start with one of these; a quote makes them text (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# JSON does not escape DEL, C1 controls, directional marks, line separators and lone surrogates.
_UNSAFE = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_ASCII = str.maketrans(
    {
        "▲": "+",
        "▼": "-",
        "…": "~",
        "·": "-",
        "●": "*",
        "★": "*",
        "−": "-",
        "›": ">",
        "–": "-",
        "—": "-",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "\xa0": " ",
    }
)
"""One cell for one cell."""


class Cell(Struct, frozen=True):
    """The text of one table cell and its tone."""

    text: str
    tone: Tone = ""


class Column(Struct, frozen=True):
    """A table column."""

    title: str
    right: bool = False
    least: int | None = None
    """Smallest width in cells when the table is too wide; None: never cut."""
    leaves: int = 0
    """When it is left out of a table that is still too wide, 1 first; 0: never."""


class Layout(Struct, Generic[T], frozen=True):
    """How one kind of record is written in every format."""

    columns: Sequence[Column]
    cells: Callable[[T], Sequence[Cell]]
    record: Callable[[T], Record]
    row: Callable[[T], Mapping[str, object]]
    """Its flat record, for CSV."""
    fields: Sequence[str]
    """Names of the CSV columns."""


class Screen(Struct, frozen=True):
    """What stdout can show."""

    width: int = 120
    has_colour: bool = False
    is_unicode: bool = True
    encoding: str = "utf-8"
    red_up: bool = False


def write(items: Iterable[T], layout: Layout[T], form: Format, out: TextIO, screen: Screen) -> None:
    """Write records in a format; all formats but the table stream."""
    if form == "table":
        write_table(layout.columns, [layout.cells(item) for item in items], out, screen)
    elif form == "csv":
        _write_csv(items, layout, out, screen)
    elif form == "jsonl":
        out.writelines(to_json(layout.record(item), screen.is_unicode) + "\n" for item in items)
    else:
        mark = "["
        for item in items:
            out.write(f"{mark}\n{to_json(layout.record(item), screen.is_unicode)}")
            mark = ","
        out.write("[]\n" if mark == "[" else "\n]\n")


def to_json(record: object, is_unicode: bool = True) -> str:
    """Return a value as one line of JSON that is safe to print; NaN and infinity raise ValueError."""
    line = json.dumps(record, ensure_ascii=not is_unicode, allow_nan=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def write_table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], out: TextIO, screen: Screen) -> None:
    """Write a table, cut to the screen width where possible; nothing for no rows."""
    if not rows:
        return
    texts = [[plain(cell.text) for cell in row] for row in rows]
    widths = [
        max(cell_width(column.title), *(cell_width(row[place]) for row in texts))
        for place, column in enumerate(columns)
    ]
    leasts = [min(width, column.least or width) for column, width in zip(columns, widths, strict=True)]
    places = kept(leasts, [column.leaves for column in columns], screen.width, gap=len(_GAP))
    columns = [columns[place] for place in places]
    rows = [[row[place] for place in places] for row in rows]
    texts = [[row[place] for place in places] for row in texts]
    widths = narrowed(
        [widths[place] for place in places], [column.least for column in columns], screen.width, gap=len(_GAP)
    )
    titles = [_cell(column.title, width, column, screen) for column, width in zip(columns, widths, strict=True)]
    out.write(_toned(_GAP.join(titles).rstrip(), "dim", screen) + "\n")
    for row, line in zip(rows, texts, strict=True):
        parts = [
            _toned(_cell(text, width, column, screen), cell.tone, screen)
            for cell, text, column, width in zip(row, line, columns, widths, strict=True)
        ]
        out.write(_GAP.join(parts).rstrip() + "\n")


def _cell(text: str, width: int, column: Column, screen: Screen) -> str:
    padded = TABLE.fit(text, width, right=column.right)
    return padded if screen.is_unicode else padded.translate(_ASCII)


def _toned(text: str, tone: Tone, screen: Screen) -> str:
    if not screen.has_colour or not tone or not text.strip():
        return text
    colour = tone
    if tone in ("up", "down"):
        return f"{_SGR['red' if (tone == 'up') is screen.red_up else 'green']}{text}\x1b[0m"
    return f"{_SGR[colour]}{text}\x1b[0m"


def _write_csv(items: Iterable[T], layout: Layout[T], out: TextIO, screen: Screen) -> None:
    import csv

    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(layout.fields)
    for item in items:
        row = layout.row(item)
        writer.writerow([_csv_value(row[name], screen.encoding) for name in layout.fields])


def _csv_value(value: object, encoding: str) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # Data, so nothing is lost: "\u82f1" where a table has question marks.
        text = value.encode(encoding, "backslashreplace").decode(encoding)
        return f"'{text}" if text.startswith(_FORMULA) else text
    return "" if value is None else value

"""Changes of a TOML text that leave every other byte unchanged: tables added, removed and moved, keys set; pure.

A format-preserving parser (tomlkit) does not help: it removes the next table's comment along with a table, and
inserts a new table below the next table's comment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.config.locate import LineRange, locate

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class NotATable(ValueError):
    """What is to be changed is not written as a table with a header of its own.

    Attributes:
        name: of the array it belongs to.
        line: where it is.
    """

    def __init__(self, name: str, line: int | None) -> None:
        super().__init__(f"{name} on line {line}")
        self.name = name
        self.line = line


def add_tables(text: str, name: str, tables: Sequence[str]) -> str:
    """Return the text with tables after the last one of that name, or at its end."""
    lines = _lines(text)
    at = max((span.last for span in _spans(text, name).values()), default=len(lines))
    # A comment directly below the last table belongs to it; one directly above the next table belongs to that.
    end = at
    while end < len(lines) and lines[end].lstrip().startswith("#"):
        end += 1
    if end == len(lines) or _is_blank(lines[end]):
        at = end
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    block = "".join(f"\n{table}" for table in tables)
    gap = "" if at >= len(lines) or _is_blank(lines[at]) else "\n"
    return "".join([*lines[:at], block, gap, *lines[at:]])


def remove_table(text: str, name: str, number: int) -> str:
    """Return the text without one table; comments around it stay.

    Raises:
        NotATable: when it has no header of its own.
    """
    span = _span(text, name, number)
    lines = _lines(text)
    after = span.last
    # The blank line after it is removed too.
    if after < len(lines) and _is_blank(lines[after]) and (span.first == 1 or _is_blank(lines[span.first - 2])):
        after += 1
    return "".join([*lines[: span.first - 1], *lines[after:]])


def move_table(text: str, name: str, number: int, to: int) -> str:
    """Return the text with one table at the place of another of its name, with the comments directly above it.

    Raises:
        NotATable: when one of them has no header of its own.
    """
    lines = _lines(text)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    first, last = _with_comments(lines, _span(text, name, number))
    target_first, target_last = _with_comments(lines, _span(text, name, to))
    block, cut = lines[first:last], first
    if last < len(lines) and _is_blank(lines[last]) and (first == 0 or _is_blank(lines[first - 1])):
        last += 1
    elif last == len(lines) and first > 0 and _is_blank(lines[first - 1]):
        cut -= 1
    if to > number:
        return "".join([*lines[:cut], *lines[last:target_last], "\n", *block, *lines[target_last:]])
    return "".join([*lines[:target_first], *block, "\n", *lines[target_first:cut], *lines[last:]])


def set_key(text: str, name: str, number: int, key: str, value: str | None) -> str:
    """Return the text with a key of one table set to a value written in TOML; None removes the key.

    Raises:
        NotATable: when the table has no header of its own.
    """
    span = _span(text, name, number)
    places = locate(text)
    found = places.values.get((name, number, key))
    if found is not None:
        start, end = found
        if value is not None:
            return text[:start] + value + text[end:]
        line_start = text.rfind("\n", 0, start) + 1
        line_end = text.find("\n", end)
        rest = text[end : len(text) if line_end < 0 else line_end].strip()
        if rest:  # a comment stays
            return text[:line_start] + rest + (text[line_end:] if line_end >= 0 else "")
        return text[:line_start] + (text[line_end + 1 :] if line_end >= 0 else "")
    if value is None:
        return text
    lines = _lines(text)
    if lines[span.last - 1][-1:] != "\n":
        lines[span.last - 1] += "\n"
    return "".join([*lines[: span.last], f"{key} = {value}\n", *lines[span.last :]])


def string(value: str) -> str:
    """Return a text as a TOML string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'


def _spans(text: str, name: str) -> dict[tuple[str | int, ...], LineRange]:
    """Return the lines of every table of a name, including those of nested tables."""
    return {path: span for path, span in locate(text).tables.items() if path[0] == name and len(path) > 1}


def _span(text: str, name: str, number: int) -> LineRange:
    places = locate(text)
    span = places.tables.get((name, number))
    if span is None:
        raise NotATable(name, places.line(name, number))
    return span


def _with_comments(lines: Sequence[str], span: LineRange) -> tuple[int, int]:
    """Return where a table begins, with the comments directly above it but for those that open the file, and ends."""
    first = span.first - 1
    while first > 0 and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return (first if first > 0 else span.first - 1), span.last


def _lines(text: str) -> list[str]:
    """Return the lines of a TOML text; only a line feed ends one."""
    return _LINE.findall(text)


def _is_blank(line: str) -> bool:
    return not line.strip()

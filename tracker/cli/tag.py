"""`tracker tag`: the tags of a text, and the words that matched."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from tracker.cli.context import CommandContext
from tracker.cli.errors import UsageError
from tracker.cli.layouts import plain_record
from tracker.cli.output import Cell, Column, Layout, Record, to_json
from tracker.cli.records import tag_record
from tracker.model.tags import Mention
from tracker.sync.rules import tagger
from tracker.tagging.match import Tagger

_MAX_LINE_BYTES = 4_000_000


def run(context: CommandContext) -> int:
    """Tag a text, or stdin line by line; return 1 when a line could not be read."""
    words: list[str] = context.options.text
    rules = tagger(context.config())
    is_unicode = context.screen().is_unicode
    if words != ["-"]:
        title = " ".join(words)
        if (context.options.format or ("table" if context.is_terminal else "jsonl")) in ("table", "csv"):
            mentions = rules.tag(title)
            context.write(mentions, _MENTIONS)
            if not mentions:
                context.print_message("no tags: no rule matches this text")
        else:
            context.stdout.write(to_json(answer(rules, title, ""), is_unicode) + "\n")
        return 0
    if context.options.format in ("table", "csv"):
        raise UsageError(f'"-" answers with JSON lines; leave out --format {context.options.format}')
    code = 0
    for number, line in enumerate(_lines(context), 1):
        try:
            title, summary = _fields(line)
            record = answer(rules, title, summary)
        except _BadLine as error:
            record = {"error": f"line {number}: {error}"}
            code = 1
        context.stdout.write(to_json(record, is_unicode) + "\n")
        context.stdout.flush()
    return code


def answer(rules: Tagger, title: str, summary: str) -> Record:
    """Return the tags of a text; offsets are in characters of the given field."""
    return {"tags": [plain_record(tag_record(mention)) for mention in rules.tag(title, summary)]}


def _why(mention: Mention) -> str:
    return ", ".join(f"{match.text} ({match.start} to {match.end})" for match in mention.matches)


_MENTIONS: Layout[Mention] = Layout(
    columns=(Column("tag"), Column("share"), Column(""), Column("matched", least=20)),
    cells=lambda one: (Cell(one.tag), Cell(one.symbol or ""), Cell(one.salience), Cell(_why(one), "dim")),
    record=lambda one: plain_record(tag_record(one)),
    row=lambda one: {"tag": one.tag, "symbol": one.symbol, "salience": one.salience, "matches": _why(one)},
    fields=("tag", "symbol", "salience", "matches"),
)


class _BadLine(ValueError):
    """A line that is not a JSON object with a text."""


def _lines(context: CommandContext) -> Iterator[str]:
    # Read bytes if possible: invalid UTF-8 must affect its own line only.
    raw = getattr(context.stdin, "buffer", None)
    if raw is None:
        yield from context.stdin
        return
    number = 0
    while line := _read_line(raw, _MAX_LINE_BYTES + 1):
        if len(line) > _MAX_LINE_BYTES:
            while (rest := _read_line(raw, _MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                pass  # one line gets one answer, whatever its length
        # Programs of Windows begin a file with a byte order mark.
        yield line.decode("utf-8" if number else "utf-8-sig", "surrogateescape")
        number += 1


def _read_line(raw: BinaryIO, limit: int) -> bytes:
    try:
        return raw.readline(limit)
    except OSError as error:
        reason = "it is closed" if error.errno == errno.EBADF else error.strerror or str(error)
        raise UsageError(f"stdin cannot be read: {reason}") from error


def _fields(line: str) -> tuple[str, str]:
    if len(line) > _MAX_LINE_BYTES:
        raise _BadLine(f"is longer than {_MAX_LINE_BYTES:,} bytes")
    try:
        line.encode()
        data: Any = json.loads(line)
    except UnicodeEncodeError:
        raise _BadLine("is not valid UTF-8") from None
    except json.JSONDecodeError as error:
        raise _BadLine(f"is not valid JSON: {error.msg} at character {error.pos + 1}") from None
    except (ValueError, RecursionError) as error:  # a number of more than 4,300 digits, 1,000 brackets
        raise _BadLine(f"is not valid JSON: {error}") from None
    if not isinstance(data, dict):
        raise _BadLine('is not a JSON object such as {"title": "..."}')
    texts = []
    for name in ("title", "summary"):
        value = data.get(name)
        if value is not None and not isinstance(value, str):
            raise _BadLine(f'"{name}" is not text')
        # An escaped half of a surrogate pair ("\\ud800") is JSON but no text.
        texts.append((value or "").encode("utf-8", "replace").decode())
    if data.get("title") is None and data.get("summary") is None:
        raise _BadLine('has neither "title" nor "summary"')
    return texts[0], texts[1]

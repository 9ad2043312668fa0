"""Rewrite the parts of the documentation that are made from the program's own tables.

Run as `python -m docs.update`; with `--check` it changes nothing and fails when a file is out of date. The pictures are
taken by `python -m docs.pictures`.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from msgspec import Struct

from tracker import __version__
from tracker.cli.commands import COMMANDS, COMMON, EXIT_CODES, Command, Option
from tracker.cli.records import RECORDS
from tracker.config.json_schema import schema_text
from tracker.model.commands import BY_ID, split_keys
from tracker.model.query_tokens import FIELDS
from tracker.ui.commands import key_table, key_text
from tracker.words.signs import GROUPS

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
FIRST_KEYS = (
    *(
        "list.next",
        "list.next_unread",
        "article.open",
        "article.full",
        "article.browser",
        "story.unfold",
        "list.moves",
        "price.moved",
        "view.brief",
    ),
    *("search.open", "article.read", "article.star", "edit.undo", "feed.add", "app.signs", "app.help", "app.quit"),
)
"""The commands whose keys the README shows."""


def first_keys() -> str:
    """Return the most useful keys as a Markdown table."""
    commands = [BY_ID[name] for name in FIRST_KEYS]
    return _table(
        ("Key", "What it does"),
        ((" ".join(f"`{key_text(key)}`" for key in split_keys(one.keys)), one.description) for one in commands),
    )


def glossary() -> str:
    """Return every sign and number of the window with its meaning."""
    return "\n".join(
        f"**{name}**\n\n" + _table(("Sign", "Meaning"), ((f"`{one.sign}`", one.meaning) for one in signs))
        for name, signs in GROUPS
    )


def fields() -> str:
    """Return the fields of the query language as a Markdown table."""
    return _table(("Field", "Finds"), ((f"`{name}:`", text) for name, text in FIELDS.items()))


def exit_codes() -> str:
    """Return the exit codes as a Markdown table."""
    return _table(("Code", "Meaning"), ((str(code), meaning) for code, meaning in EXIT_CODES.items()))


def options() -> str:
    """Return every command with its arguments and options."""
    parts = ["Every command takes:\n" + _options(COMMON)]
    parts += [
        f"### `tracker {name}`\n\n{_sentence(one.help)}\n" + _options(one.options) for name, one in every_command()
    ]
    return "\n".join(parts)


def every_command(known: tuple[Command, ...] = COMMANDS, above: str = "") -> Iterator[tuple[str, Command]]:
    """Yield each command with its full name (`feeds list`), a command before those below it."""
    for command in known:
        yield f"{above}{command.name}", command
        yield from every_command(command.parts, f"{above}{command.name} ")


def _datasette() -> Any:
    return json.loads((ROOT / "docs/datasette.json").read_text(encoding="utf-8"))["databases"]["tracker"]


def tables() -> str:
    """Return the tables of the database with what they hold."""
    return _table(
        ("Table", "Holds"), ((f"`{name}`", one["description"]) for name, one in _datasette()["tables"].items())
    )


def queries() -> str:
    """Return the example queries of the database."""
    return "\n".join(f"{one['title']}:\n\n```sql\n{one['sql']}\n```\n" for one in _datasette()["queries"].values())


def records() -> str:
    """Return the fields of every record, by command, then those of what is in them."""
    parts = [f"## `tracker {name}`\n\n{_fields_of(kind)}" for name, kind in RECORDS.items()]
    inner = dict.fromkeys(one for kind in RECORDS.values() for one in _inside(kind))
    parts += [f"## {_title(kind)}\n\n{_sentence(_first_line(kind))}\n\n{_fields_of(kind)}" for kind in inner]
    return "\n".join(parts)


def _inside(kind: type[Struct]) -> Iterator[type[Struct]]:
    """Yield the structs that a record has in it, at any depth."""
    for hint in get_type_hints(kind).values():
        for one in _kinds(hint):
            if isinstance(one, type) and issubclass(one, Struct):
                yield one
                yield from _inside(one)


def _kinds(hint: Any) -> Iterator[Any]:
    parts = get_args(hint) if get_origin(hint) is not Literal else ()
    if parts:
        for part in parts:
            yield from _kinds(part)
    else:
        yield hint


def _fields_of(kind: type[Struct]) -> str:
    said: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        said |= _field_docs(one) if issubclass(one, Struct) and one is not Struct else {}
    hints = get_type_hints(kind)
    return _table(
        ("Field", "Type", "Meaning"),
        ((f"`{name}`", _words_of(hints[name]), said.get(name, "")) for name in kind.__struct_fields__),
    )


@cache
def _field_docs(kind: type[Struct]) -> dict[str, str]:
    """Return the string under each field of a struct: Python does not keep it."""
    (made,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(made, ast.ClassDef)
    return {
        field.target.id: _for_readers(said.value.value)
        for field, said in pairwise(made.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(said, ast.Expr)
        and isinstance(said.value, ast.Constant)
        and isinstance(said.value.value, str)
    }


def _for_readers(said: str) -> str:
    """Return what is said of a field in the words of JSON, without names of modules."""
    return re.sub(r" \(`tracker\.[^)]*\)", "", " ".join(said.split())).replace("None", "null")


def _title(kind: type[Struct]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__.removesuffix("Record")).capitalize()


def _first_line(kind: type[Struct]) -> str:
    return _for_readers((kind.__doc__ or "").split("\n", 1)[0]).rstrip(".")


_WORDS: Mapping[Any, str] = {
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "number",
    datetime: "time",
    date: "date",
    type(None): "null",
}


def _words_of(hint: Any) -> str:
    """Return what a field holds, in words."""
    parts = get_args(hint)
    if get_origin(hint) is Literal:
        return ", ".join(f'"{part}"' for part in parts)
    if get_origin(hint) is tuple:
        return f"list of {_words_of(parts[0])}"
    if isinstance(get_origin(hint), type) and issubclass(get_origin(hint), Mapping):
        return f"object of {_words_of(parts[1])}"
    if parts:
        return " or ".join(map(_words_of, parts))
    if hint in _WORDS:
        return _WORDS[hint]
    title = _title(hint)
    return f"[{title.lower()}](#{title.lower().replace(' ', '-')})"


def man_page() -> str:
    """Return the manual page in roff."""
    parts = [
        f'.TH TRACKER 1 "" "tracker {__version__}" "User Commands"',
        ".SH NAME\ntracker \\- news headlines with each share's move since",
        ".SH SYNOPSIS\n.B tracker\n[\\fICOMMAND\\fR] [\\fIOPTION\\fR]...",
        ".SH DESCRIPTION\nWithout a command, tracker opens its window. Press ? there for the keys.",
        ".SH OPTIONS\nEvery command takes:",
        *map(_man_option, COMMON),
        ".SH COMMANDS",
    ]
    for name, one in every_command():
        parts.append(f".SS tracker {_roff(name)}\n{_roff(_sentence(one.help))}")
        parts += map(_man_option, one.options)
        parts.append(f".PP\nExample:\n.EX\n{_roff(one.example)}\n.EE")
    parts.append(".SH EXIT STATUS")
    parts += (f".TP\n.B {code}\n{_roff(meaning)}" for code, meaning in EXIT_CODES.items())
    parts.append(".SH FILES")
    parts += (f".TP\n.I {_roff(path)}\n{_roff(what)}" for path, what in FILES)
    return "\n".join(parts) + "\n"


FILES = (
    ("~/.config/tracker/feeds.toml", "feeds, watchlist, tags, views, alerts and keys; see also `tracker config path`"),
    ("~/.local/share/tracker/tracker.db", "the articles and prices, in SQLite"),
    ("~/.local/state/tracker/", "the state of the window, and errors.log"),
)


def _man_option(option: Option) -> str:
    return f".TP\n.B {_roff(_option_name(option).strip('`'))}\n{_roff(option.help)}"


def _roff(text: str) -> str:
    """Return text as roff shows it: a hyphen is a minus that can be copied, and no line starts a request."""
    names: dict[str, str | int | None] = {}
    names |= {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti"}
    return text.translate(str.maketrans(names))


def _options(known: tuple[Option, ...]) -> str:
    lines = "".join(f"- {_option_name(one)}: {one.help}\n" for one in known)
    return f"\n{lines}" if known else ""


def _option_name(option: Option) -> str:
    names = ", ".join(option.names)
    choices = option.more.get("choices")
    value = option.more.get("metavar") or (f"{{{','.join(choices)}}}" if choices else "")
    return f"`{value or names.upper()}`" if not names.startswith("-") else f"`{names}{value and ' ' + value}`"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += ["| " + " | ".join(cell.replace("|t|", r"\|t\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


BLOCKS: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {"keys": first_keys},
    "docs/keys.md": {"keys": key_table},
    "docs/reference.md": {"options": options, "fields": fields, "exit codes": exit_codes},
    "docs/glossary.md": {"signs": glossary},
    "docs/database.md": {"tables": tables, "queries": queries},
    "docs/records.md": {"records": records},
}
"""File to the blocks between `<!-- NAME -->` and `<!-- /NAME -->` that are made here."""


FILES_MADE: dict[str, Callable[[], str]] = {
    "docs/tracker.1": man_page,
    "docs/feeds.schema.json": schema_text,
}
"""Files that are made here as a whole."""


def fresh(file: str, text: str) -> str:
    """Return the text of a file as it should be, given what it is now."""
    if file in FILES_MADE:
        return FILES_MADE[file]()
    for name, make in BLOCKS[file].items():
        block = f"<!-- {name} -->\n\n{make().strip()}\n\n<!-- /{name} -->"
        parts = re.split(rf"<!-- {name} -->.*?<!-- /{name} -->", text, flags=re.DOTALL)
        if len(parts) != 2:
            raise ValueError(f"{file}: <!-- {name} --> and <!-- /{name} --> must be there once")
        text = block.join(parts)
    return text


def main() -> int:
    """Update every file, or only check them."""
    stale = []
    for file in (*BLOCKS, *FILES_MADE):
        text = (ROOT / file).read_text(encoding="utf-8") if (ROOT / file).exists() else ""
        if (new := fresh(file, text)) != text:
            stale.append(file)
            if "--check" not in sys.argv:
                (ROOT / file).write_text(new, encoding="utf-8")
    if stale and "--check" in sys.argv:
        print(f"{', '.join(stale)}: out of date; run python -m docs.update", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

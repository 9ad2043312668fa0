"""Editing the user's feeds.toml: what is to change, under a lock, checked before it replaces the file."""

from __future__ import annotations

import os
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tracker.config.lines import NotATable, add_tables, move_table, remove_table, set_key, string
from tracker.config.load import parse_config, read_text
from tracker.config.paths import user_config
from tracker.config.private import FILE_MODE, make_private_folder
from tracker.model.config import Config, View
from tracker.model.errors import ConfigError
from tracker.model.feed import FeedSource
from tracker.model.query import rename_feed, slug

_LOCK_SECONDS = 10.0
_SHIPPED_SCHEMA = b"#:schema docs/feeds.schema.json\n"
_ATTEMPTS = 5
_BY_HAND = "make the change by hand"


Table = dict[str, Any]


class Edit(Struct, frozen=True):
    """A change to a file."""

    path: Path
    before: str
    after: str


class RenamedFeed(Struct, frozen=True):
    """What became of the queries that named a renamed feed."""

    queries: int = 0
    """How many got the new name."""
    left: Mapping[str, int] = {}
    """By "view", "alert" and "mute": how many still have the old name and have to be changed by hand."""
    rules: Mapping[str, str] = {}
    """The keys of alert rules that changed: before, and after."""


class _Change(Struct, frozen=True):
    """The new text of a file, and what it has to say."""

    text: str
    data: Table


def own_copy(path: Path, shipped: Path, environ: Mapping[str, str]) -> Path:
    """Return the file to edit: `path`, or a new copy in the user's folder if it is the shipped one.

    Raises:
        ConfigError: when the copy cannot be written.
    """
    if not (path == shipped and path.exists()):
        return path
    copy = user_config(environ)
    try:
        make_private_folder(copy.parent)
        with _edit_lock(copy.parent):
            if not copy.exists():
                from tracker.config.json_schema import FILE, schema_text  # rarely needed

                _replace(copy.parent / FILE, schema_text().encode())
                _replace(copy, path.read_bytes().replace(_SHIPPED_SCHEMA, f"#:schema {FILE}\n".encode(), 1))
    except OSError as error:
        raise ConfigError(f"{copy}: cannot be written: {error.strerror or error}") from error
    return copy


def add_feeds(path: Path, *sources: FeedSource) -> Edit:
    """Add feeds to a configuration file, after the last one, all or none.

    Raises:
        ConfigError: when a name or address is already used, or the file cannot be read, checked or written.
    """

    def add(text: str, config: Config) -> _Change:
        for source in sources:
            _refuse_known(source, config, path)
        return _added(text, "feed", [feed_table(source) for source in sources])

    return _change(path, add)


def add_view(path: Path, view: View) -> Edit:
    """Add a view to a configuration file, after the last one.

    Raises:
        ConfigError: when its name is already used, or the file cannot be read, checked or written.
    """

    def add(text: str, config: Config) -> _Change:
        for known in config.views:
            if known.name.casefold() == view.name.casefold():
                raise ConfigError(f'{_place(path, known.line)}: there is already a view named "{known.name}"')
        return _added(text, "view", [f"[[view]]\nname = {string(view.name)}\nquery = {string(view.query)}\n"])

    return _change(path, add)


def add_mute(path: Path, query: str) -> Edit:
    """Add a mute rule to a configuration file, after the last one.

    Raises:
        ConfigError: when there is such a rule, or the file cannot be read, checked or written.
    """

    def add(text: str, config: Config) -> _Change:
        if query in config.mutes:
            raise ConfigError(f"{path}: {query} is already muted")
        return _added(text, "mute", [f"[[mute]]\nquery = {string(query)}\n"])

    return _change(path, add)


def remove_mute(path: Path, query: str) -> Edit:
    """Remove a mute rule from a configuration file.

    Raises:
        ConfigError: when there is no such rule, or the file cannot be read, checked or written.
    """

    def remove(text: str, config: Config) -> _Change:
        if query not in config.mutes:
            raise ConfigError(f"{path}: no [[mute]] has the query {query}")
        return _removed(text, "mute", config.mutes.index(query))

    return _change(path, remove)


def remove_feed(path: Path, name: str) -> Edit:
    """Remove a feed from a configuration file; comments around it stay.

    Raises:
        ConfigError: when no feed has that name, or the file cannot be read, checked or written.
    """

    def remove(text: str, config: Config) -> _Change:
        return _removed(text, "feed", _number(config, name, path))

    return _change(path, remove)


def set_feed(path: Path, name: str, values: Mapping[str, str | bool | date | None]) -> Edit:
    """Set keys of a feed in a configuration file, but not its name; None removes a key.

    Raises:
        ConfigError: when no feed has that name, or the file cannot be read, checked or written.
    """
    return _change(path, lambda text, config: _with_keys(text, _number(config, name, path), values))


def set_feed_name(path: Path, name: str, new: str) -> tuple[Edit, RenamedFeed]:
    """Rename a feed in a configuration file, and in the views, alerts and mute rules that name it.

    Raises:
        ConfigError: when no feed has that name, or the file cannot be read, checked or written.
    """
    renamed = RenamedFeed()

    def change(text: str, config: Config) -> _Change:
        nonlocal renamed
        after = _with_keys(text, _number(config, name, path), {"name": new})
        others = [feed.name for feed in config.feeds if feed.name != name]
        after, queries, left = _rename_in_queries(after, name, new, others)
        pairs = zip(config.alerts, after.data.get("alert", ()), strict=True)
        keys = {rule.key: replace(rule, query=table.get("query", "")).key for rule, table in pairs}
        renamed = RenamedFeed(queries, left, {old: key for old, key in keys.items() if old != key})
        return after

    return _change(path, change), renamed


def _rename_in_queries(
    change: _Change, name: str, new: str, others: Sequence[str]
) -> tuple[_Change, int, Counter[str]]:
    """Return the change with a feed's new name in its queries, in how many, and which still have the old one."""
    text, data = change.text, change.data
    queries, left = 0, Counter[str]()
    for kind in ("view", "alert", "mute"):
        for number, table in enumerate(data.get(kind, ())):
            query = table.get("query", "")
            if (renamed := rename_feed(query, name, new, others)) != query:
                try:
                    text = set_key(text, kind, number, "query", string(renamed))
                except NotATable:  # an inline table
                    left[kind] += slug(name) != slug(new)
                    continue
                table["query"] = renamed
                queries += 1
            if slug(name) not in slug(new) and rename_feed(renamed, name, new) != renamed:
                left[kind] += 1  # in `source:`, which finds other feeds, too
    return _Change(text, data), queries, +left


def move_feed(path: Path, name: str, place_of: str) -> Edit:
    """Give a feed the place of another one, with the comments above it.

    Raises:
        ConfigError: when one of them is not there, or the file cannot be read, checked or written.
    """

    def move(text: str, config: Config) -> _Change:
        number, to = _number(config, name, path), _number(config, place_of, path)
        data = tomllib.loads(text)
        data["feed"].insert(to, data["feed"].pop(number))
        return _Change(move_table(text, "feed", number, to), data)

    return _change(path, move)


def feed_table(source: FeedSource) -> str:
    """Return a feed as a TOML table."""
    rows = [("name", string(source.name)), ("url", string(source.url))]
    if source.group is not None:
        rows.append(("group", string(source.group)))
    if source.poll_minutes is not None:
        rows.append(("poll_minutes", str(source.poll_minutes)))
    if not source.enabled:
        rows.append(("enabled", "false"))
    if source.snoozed_until is not None:
        rows.append(("snoozed_until", source.snoozed_until.isoformat()))
    if source.own:
        rows.append(("own", "true"))
    if source.tags:
        rows.append(("tags", f"[{', '.join(map(string, source.tags))}]"))
    return "[[feed]]\n" + "".join(f"{key} = {value}\n" for key, value in rows)


def _with_keys(text: str, number: int, values: Mapping[str, str | bool | date | None]) -> _Change:
    data = tomllib.loads(text)
    for key, value in values.items():
        text = set_key(text, "feed", number, key, None if value is None else _toml(value))
        if value is None:
            data["feed"][number].pop(key, None)
        else:
            data["feed"][number][key] = value
    return _Change(text, data)


def _toml(value: str | bool | date) -> str:
    if isinstance(value, str):
        return string(value)
    return value.isoformat() if isinstance(value, date) else str(value).lower()


def _number(config: Config, name: str, path: Path) -> int:
    for number, feed in enumerate(config.feeds):
        if feed.name == name:
            if feed.first_hand is not None:
                raise ConfigError(f"{path}: {name} is made from [sources]; set enabled = false there")
            return number
    raise ConfigError(f'{path}: no feed is named "{name}"')


def _added(text: str, name: str, tables: Sequence[str]) -> _Change:
    data = tomllib.loads(text)
    data.setdefault(name, []).extend(tomllib.loads(table)[name][0] for table in tables)
    return _Change(add_tables(text, name, tables), data)


def _removed(text: str, name: str, number: int) -> _Change:
    data = tomllib.loads(text)
    del data[name][number]
    if not data[name]:
        del data[name]
    return _Change(remove_table(text, name, number), data)


def undo_edit(edit: Edit) -> None:
    """Give a configuration file the text that it had before a change.

    Raises:
        ConfigError: when the file is no longer as the change left it, or cannot be read or written.
    """
    with _edit_lock(edit.path.resolve().parent):
        if read_text(edit.path) != edit.after:
            raise ConfigError(f"{edit.path}: it has changed since, so nothing was undone; {_BY_HAND}")
        _write(edit.path, edit.before)


def _change(path: Path, change: Callable[[str, Config], _Change]) -> Edit:
    """Change a configuration file; start again when another program changes it meanwhile."""
    with _edit_lock(path.resolve().parent):
        for _ in range(_ATTEMPTS):
            before = read_text(path)
            text = before.replace("\r\n", "\n")
            config = parse_config(text, path)
            try:
                after = change(text, config)
            except NotATable as error:
                raise ConfigError(f"{path}:{error.line}: not written as a [[{error.name}]] table; {_BY_HAND}") from None
            _check_change(path, after)
            if read_text(path) != before:
                continue
            edit = Edit(path, before, after.text.replace("\n", "\r\n") if "\r\n" in before else after.text)
            _write(path, edit.after)
            return edit
    raise ConfigError(f"{path}: another program keeps changing this file; nothing was written, try again")


def _place(path: Path, line: int | None) -> str:
    return str(path) if line is None else f"{path}:{line}"


def _refuse_known(source: FeedSource, config: Config, path: Path) -> None:
    for known in config.feeds:
        place = _place(path, known.line)
        if known.name.casefold() == source.name.casefold():
            raise ConfigError(f'{place}: there is already a feed named "{known.name}"')
        if known.url == source.url:
            raise ConfigError(f'{place}: the feed "{known.name}" already has this address')


def _check_change(path: Path, after: _Change) -> None:
    """Check that the new text says what it has to, and nothing else."""
    try:
        data = tomllib.loads(after.text)
        parse_config(after.text, path)
    except (tomllib.TOMLDecodeError, ConfigError) as error:
        problems = str(error) if isinstance(error, ConfigError) else f"{path}: {error}"
        raise ConfigError(f"{problems}\nnothing was changed") from error
    if data != after.data:
        raise ConfigError(f"{path}: cannot be edited safely; {_BY_HAND}")


@contextmanager
def _edit_lock(folder: Path) -> Iterator[None]:
    """Allow one process at a time to change the files of a folder.

    The lock is on the folder, because every change replaces the file, and a lock file would be left in the user's
    folder. Where folders cannot be locked (Windows, some network drives), only the comparison before the replacement
    protects the file.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # the error is reported when the file is read
        yield
        return
    try:
        end = time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > end:
                    raise ConfigError(f"{folder}: another tracker is changing a file there; try again") from None
                time.sleep(0.02)
                continue
            except OSError:  # this file system has no locks
                pass
            break
        yield
    finally:
        os.close(descriptor)


def _write(path: Path, text: str) -> None:
    try:
        _replace(path.resolve(), text.encode())
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror or error}") from error


def _replace(path: Path, body: bytes) -> None:
    """Replace a file atomically; its mode is kept."""
    import tempfile  # 2 ms that the first paint of a window does not wait for

    mode = path.stat().st_mode & 0o7777 if path.exists() else FILE_MODE
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)  # noqa: PTH101 - mkstemp gives a name
        os.replace(name, path)  # noqa: PTH105
    except BaseException:
        with suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise

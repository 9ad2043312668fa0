"""Changes to the user's feeds.toml: feeds, views and mute rules that come, go, move or get another name."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from tracker.config.lines import NotATable, add_tables, move_table, remove_table, set_key, string
from tracker.config.paths import user_config
from tracker.config.private import make_private_folder
from tracker.config.rewrite import Change, Edit, change_file, edit_lock, replace_file
from tracker.model.config import Config, View
from tracker.model.errors import ConfigError
from tracker.model.feed import FeedSource
from tracker.model.query import rename_feed, slug

_SHIPPED_SCHEMA = b"#:schema docs/feeds.schema.json\n"


class RenamedFeed(Struct, frozen=True):
    """What became of the queries that named a renamed feed."""

    queries: int = 0
    """How many got the new name."""
    left: Mapping[str, int] = {}
    """By "view", "alert" and "mute": how many still have the old name and have to be changed by hand."""
    rules: Mapping[str, str] = {}
    """The keys of alert rules that changed: before, and after."""


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
        with edit_lock(copy.parent):
            if not copy.exists():
                from tracker.config.json_schema import FILE, schema_text  # rarely needed

                replace_file(copy.parent / FILE, schema_text().encode())
                replace_file(copy, path.read_bytes().replace(_SHIPPED_SCHEMA, f"#:schema {FILE}\n".encode(), 1))
    except OSError as error:
        raise ConfigError(f"{copy}: cannot be written: {error.strerror or error}") from error
    return copy


def add_feeds(path: Path, *sources: FeedSource) -> Edit:
    """Add feeds to a configuration file, after the last one, all or none.

    Raises:
        ConfigError: when a name or address is already used, or the file cannot be read, checked or written.
    """

    def add(text: str, config: Config) -> Change:
        for source in sources:
            _refuse_known(source, config, path)
        return _added(text, "feed", [feed_table(source) for source in sources])

    return change_file(path, add)


def add_view(path: Path, view: View) -> Edit:
    """Add a view to a configuration file, after the last one.

    Raises:
        ConfigError: when its name is already used, or the file cannot be read, checked or written.
    """

    def add(text: str, config: Config) -> Change:
        for known in config.views:
            if known.name.casefold() == view.name.casefold():
                raise ConfigError(f'{_place(path, known.line)}: there is already a view named "{known.name}"')
        return _added(text, "view", [f"[[view]]\nname = {string(view.name)}\nquery = {string(view.query)}\n"])

    return change_file(path, add)


def add_mute(path: Path, query: str) -> Edit:
    """Add a mute rule to a configuration file, after the last one.

    Raises:
        ConfigError: when there is such a rule, or the file cannot be read, checked or written.
    """

    def add(text: str, config: Config) -> Change:
        if query in config.mutes:
            raise ConfigError(f"{path}: {query} is already muted")
        return _added(text, "mute", [f"[[mute]]\nquery = {string(query)}\n"])

    return change_file(path, add)


def remove_mute(path: Path, query: str) -> Edit:
    """Remove a mute rule from a configuration file.

    Raises:
        ConfigError: when there is no such rule, or the file cannot be read, checked or written.
    """

    def remove(text: str, config: Config) -> Change:
        if query not in config.mutes:
            raise ConfigError(f"{path}: no [[mute]] has the query {query}")
        return _removed(text, "mute", config.mutes.index(query))

    return change_file(path, remove)


def remove_feed(path: Path, name: str) -> Edit:
    """Remove a feed from a configuration file; comments around it stay.

    Raises:
        ConfigError: when no feed has that name, or the file cannot be read, checked or written.
    """

    def remove(text: str, config: Config) -> Change:
        return _removed(text, "feed", _number(config, name, path))

    return change_file(path, remove)


def set_feed(path: Path, name: str, values: Mapping[str, str | bool | date | None]) -> Edit:
    """Set keys of a feed in a configuration file, but not its name; None removes a key.

    Raises:
        ConfigError: when no feed has that name, or the file cannot be read, checked or written.
    """
    return change_file(path, lambda text, config: _with_keys(text, _number(config, name, path), values))


def set_feed_name(
    path: Path,
    name: str,
    new: str,
    around: Callable[[Mapping[str, str]], AbstractContextManager[None]] = lambda rules: nullcontext(),
) -> tuple[Edit, RenamedFeed]:
    """Rename a feed in a configuration file, and in the views, alerts and mute rules that name it.

    Args:
        path: the file.
        name: of the feed.
        new: its new name.
        around: the file is written inside of it; it is given the keys of alert rules that change: before, and after.

    Raises:
        ConfigError: when no feed has that name, or the file cannot be read, checked or written.
    """
    renamed = RenamedFeed()

    def change(text: str, config: Config) -> Change:
        nonlocal renamed
        after = _with_keys(text, _number(config, name, path), {"name": new})
        others = [feed.name for feed in config.feeds if feed.name != name]
        after, queries, left = _rename_in_queries(after, name, new, others)
        pairs = zip(config.alerts, after.data.get("alert", ()), strict=True)
        keys = {rule.key: replace(rule, query=table.get("query", "")).key for rule, table in pairs}
        renamed = RenamedFeed(queries, left, {old: key for old, key in keys.items() if old != key})
        return after

    return change_file(path, change, lambda: around(renamed.rules)), renamed


def _rename_in_queries(change: Change, name: str, new: str, others: Sequence[str]) -> tuple[Change, int, Counter[str]]:
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
    return Change(text, data), queries, +left


def move_feed(path: Path, name: str, place_of: str) -> Edit:
    """Give a feed the place of another one, with the comments above it.

    Raises:
        ConfigError: when one of them is not there, or the file cannot be read, checked or written.
    """

    def move(text: str, config: Config) -> Change:
        number, to = _number(config, name, path), _number(config, place_of, path)
        data = tomllib.loads(text)
        data["feed"].insert(to, data["feed"].pop(number))
        return Change(move_table(text, "feed", number, to), data)

    return change_file(path, move)


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


def _with_keys(text: str, number: int, values: Mapping[str, str | bool | date | None]) -> Change:
    data = tomllib.loads(text)
    for key, value in values.items():
        text = set_key(text, "feed", number, key, None if value is None else _toml(value))
        if value is None:
            data["feed"][number].pop(key, None)
        else:
            data["feed"][number][key] = value
    return Change(text, data)


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


def _added(text: str, name: str, tables: Sequence[str]) -> Change:
    data = tomllib.loads(text)
    data.setdefault(name, []).extend(tomllib.loads(table)[name][0] for table in tables)
    return Change(add_tables(text, name, tables), data)


def _removed(text: str, name: str, number: int) -> Change:
    data = tomllib.loads(text)
    del data[name][number]
    if not data[name]:
        del data[name]
    return Change(remove_table(text, name, number), data)


def _place(path: Path, line: int | None) -> str:
    return str(path) if line is None else f"{path}:{line}"


def _refuse_known(source: FeedSource, config: Config, path: Path) -> None:
    for known in config.feeds:
        place = _place(path, known.line)
        if known.name.casefold() == source.name.casefold():
            raise ConfigError(f'{place}: there is already a feed named "{known.name}"')
        if known.url == source.url:
            raise ConfigError(f'{place}: the feed "{known.name}" already has this address')

"""The schema of feeds.toml: returns checked values or every problem; pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tracker.config import values
from tracker.config.keys import find_mistakes
from tracker.config.locate import Path, Places, locate
from tracker.config.problem import Problem, Refused, choices, did_you_mean, nearest, shown
from tracker.config.tables import (
    ALERT,
    ARRAYS,
    FEED,
    MARKET,
    PROVIDER,
    PROVIDERS,
    SETTINGS,
    SOURCES,
    SYMBOL,
    TABLES,
    TAG,
    VIEW,
    Shape,
)
from tracker.model.alert import AlertRule
from tracker.model.config import Config, MarketSettings, Settings, View
from tracker.model.feed import FeedSource
from tracker.model.market import WatchSymbol
from tracker.model.query import parse_query
from tracker.model.sources import EarningsSource, HaltsSource, HuggingFaceSource, SecSource, Sources, TwseSource
from tracker.model.tags import TagRule

MAX_CHARACTERS = 1_000_000
"""A configuration of 1,000 feeds has about 100,000."""

_HOMES = {"settings": SETTINGS, "feed": FEED, "tag": TAG, "symbol": SYMBOL, "view": VIEW, "market": MARKET}
_DEEP_KEY = re.compile(
    # tomllib takes quadratic time for these: 15 s for 20,000 parts.
    r"""(?<![\w-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}"""
)
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def check(text: str, source: str) -> Config | list[Problem]:
    """Return the configuration, or all its problems in file order.

    Args:
        text: of the file.
        source: the file's name in messages ("feeds.toml").
    """
    if len(text) > MAX_CHARACTERS:
        return [
            Problem(None, "", f"has {len(text):,} characters, but at most {MAX_CHARACTERS:,} are allowed", "", source)
        ]
    text = text.removeprefix("\ufeff")
    if deep := _DEEP_KEY.search(text):
        line = text.count("\n", 0, deep.start()) + 1
        return [Problem(line, "", "a key has more than 100 parts separated by dots", "", source)]
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return [_syntax(error, text, source)]
    return _Check(data, locate(text), source).run()


class _Check:
    def __init__(self, data: dict[str, Any], places: Places, source: str) -> None:
        self._data = data
        self._places = places
        self._source = source
        self._problems: list[Problem] = []
        self._warnings: list[str] = []

    def run(self) -> Config | list[Problem]:
        for name in self._data:
            if name not in ARRAYS and name not in TABLES:
                self._unknown(name, (name,), "", (*ARRAYS, *TABLES), "table or key")
        settings = self._table("settings", SETTINGS)
        rows = {name: self._rows(name, shape, required) for name, (shape, required) in ARRAYS.items()}
        market = self._market()
        sources = self._sources()
        keys = self._keys()
        self._check_alerts()
        self._refuse_repeats(rows)
        if self._problems:
            return sorted(self._problems, key=lambda problem: problem.line or 0)
        self._warn(rows)
        self._warn_sources(sources)
        self._warn_dates(rows, sources)
        return Config(
            settings=Settings(**settings),
            feeds=tuple(FeedSource(**row) for row in rows["feed"]),
            tags=tuple(TagRule(**row) for row in rows["tag"]),
            symbols=tuple(WatchSymbol(**row) for row in rows["symbol"]),
            views=tuple(View(**row) for row in rows["view"]),
            alerts=tuple(AlertRule(**row) for row in rows["alert"]),
            mutes=tuple(row["query"] for row in rows["mute"]),
            mute_lines=tuple(row["line"] for row in rows["mute"]),
            market=market,
            sources=sources,
            keys=MappingProxyType(keys),
            warnings=tuple(self._warnings),
        )

    def _problem(self, path: Path, key: str, message: str, hint: str = "") -> None:
        self._problems.append(Problem(self._places.line(*path), key, message, hint, self._source))

    def _unknown(self, name: str, path: Path, table: str, known: tuple[str, ...], what: str = "key") -> None:
        home = next((home for home, shape in _HOMES.items() if name in shape), None)
        if longer := next((one for one in known if name in one.split("_")), None):
            hint = f'did you mean "{longer}"?'
        elif home is not None:
            hint = f"move it to [[{home}]]" if home in ARRAYS else f"move it to [{home}]"
        else:
            hint = did_you_mean(name, known) or f"there {choices(known)}"
        self._problem(path, f"{table}.{name}" if table else name, f"unknown {what}", hint)

    def _values(self, found: Mapping[str, Any], path: Path, table: str, shape: Shape) -> dict[str, Any]:
        """Return the valid values of one table; the others become problems."""
        good = {}
        for key, value in found.items():
            if key not in shape:
                self._unknown(key, (*path, key), table, tuple(shape))
                continue
            try:
                good[key] = shape[key](value)
            except Refused as refused:
                element = () if refused.element is None else (refused.element,)
                self._problem((*path, key, *element), f"{table}.{key}", refused.message, refused.hint)
        return good

    def _found_table(self, name: str) -> Mapping[str, Any]:
        found = self._data.get(name, {})
        if isinstance(found, dict):
            return found
        hint = f"write [{name}]" if isinstance(found, list) else f"write [{name}] and its keys below"
        self._problem((name,), name, "must be one table", hint)
        return {}

    def _table(self, name: str, shape: Shape) -> dict[str, Any]:
        return self._values(self._found_table(name), (name,), name, shape)

    def _rows(self, name: str, shape: Shape, required: tuple[str, ...]) -> list[dict[str, Any]]:
        found = self._data.get(name, [])
        if not isinstance(found, list):
            self._problem((name,), name, "must be a list of tables", f"use double brackets: [[{name}]]")
            return []
        rows = []
        for place, row in enumerate(found):
            path = (name, place)
            if not isinstance(row, dict):
                self._problem(path, name, f"must be a table, not {values.quoted(row)}", f"write [[{name}]]")
                continue
            good = self._values(row, path, name, shape)
            meant = {nearest(key, shape) for key in row if key not in shape}
            for key in required:
                if key not in row and key not in meant:  # a mistyped key is reported once
                    self._problem(
                        path, f"{name}.{key}", "is missing", f"every [[{name}]] needs {' and '.join(required)}"
                    )
            rows.append(good | {"line": self._places.line(*path)})
        return rows

    def _market(self) -> MarketSettings:
        found = self._found_table("market")
        # A table whose name is similar to a provider's is a mistyped provider.
        tables = {name: value for name, value in found.items() if isinstance(value, dict) and name not in MARKET}
        others = {name: value for name, value in found.items() if name not in tables and name not in PROVIDERS}
        good = self._values(others, ("market",), "market", MARKET)
        for name in (name for name in PROVIDERS if name in found and name not in tables):
            self._problem(("market", name), f"market.{name}", "must be one table", f"write [market.{name}]")
        base_urls = {}
        for name, table in tables.items():
            path = ("market", name)
            if name not in PROVIDERS:
                self._unknown(name, path, "market", PROVIDERS, "provider")
                continue
            one = self._values(table, path, f"market.{name}", PROVIDER)
            if "base_url" in one:
                base_urls[name] = one["base_url"]
        return MarketSettings(**good, base_urls=MappingProxyType(base_urls))

    def _sources(self) -> Sources:
        good: dict[str, dict[str, Any]] = {}
        for name, table in self._found_table("sources").items():
            path = ("sources", name)
            if name not in SOURCES:
                self._unknown(name, path, "sources", tuple(SOURCES), "source")
            elif not isinstance(table, dict):
                self._problem(path, f"sources.{name}", "must be one table", f"write [sources.{name}]")
            else:
                good[name] = self._values(table, path, f"sources.{name}", SOURCES[name])
        return Sources(
            earnings=EarningsSource(**good.get("earnings", {})),
            sec=SecSource(**good.get("sec", {})),
            halts=HaltsSource(**good.get("halts", {})),
            huggingface=HuggingFaceSource(**good.get("huggingface", {})),
            twse=TwseSource(**good.get("twse", {})),
        )

    def _warn_sources(self, sources: Sources) -> None:
        found = self._data.get("sources", {})
        missing = (
            ("sec", "contact", sources.sec.contact, "the SEC asks for an e-mail address of whoever fetches"),
            ("huggingface", "authors", sources.huggingface.authors, "it lists the models of the authors you name"),
        )
        for name, key, value, why in missing:
            if found.get(name, {}).get("enabled") is True and not value:
                line = self._places.line("sources", name)
                self._warnings.append(f"{self._source}:{line}: sources.{name} stays off without {key}: {why}")

    def _keys(self) -> dict[str, str]:
        found = self._found_table("keys")
        good, paths = {}, {}
        for name, value in _flat(found):
            command = ".".join(name)
            path = paths[command] = ("keys", *name)
            try:
                good[command] = values.keys(value)
            except Refused as refused:
                hint = refused.hint or f'write "{shown(command)}" = "j,down"'
                self._problem(path, f"keys.{command}", refused.message, hint)
        for mistake in find_mistakes(good):
            self._problem(paths[mistake.command], f"keys.{mistake.command}", mistake.message, mistake.hint)
        return good

    def _refuse_repeats(self, rows: Mapping[str, list[dict[str, Any]]]) -> None:
        for table, key in (("feed", "name"), ("tag", "name"), ("symbol", "symbol"), ("view", "name")):
            firsts: dict[str, int | None] = {}
            for row in rows[table]:
                value = row.get(key)
                if value is None:
                    continue
                line, folded = row["line"], value.casefold()
                if folded in firsts:
                    self._problems.append(
                        Problem(
                            line,
                            f"{table}.{key}",
                            f"{values.quoted(value)} occurs twice",
                            f"it is already on line {firsts[folded]}",
                            self._source,
                        )
                    )
                firsts.setdefault(folded, line)

    def _check_alerts(self) -> None:
        found = self._data.get("alert", [])
        for place, row in enumerate(found if isinstance(found, list) else ()):
            if not isinstance(row, dict) or {nearest(key, ALERT) for key in row.keys() - ALERT} & {"query", "results"}:
                continue  # a problem of its own
            path = ("alert", place)
            if "query" not in row and "results" not in row:
                self._problem(path, "alert.query", "is missing", 'every [[alert]] needs query, or results = "1d"')
            for key in ("query", "move"):
                if "results" in row and key in row:
                    self._problem(
                        (*path, "results"), "alert.results", f"cannot be combined with {key}", "leave one of them out"
                    )

    def _warn_dates(self, rows: Mapping[str, list[dict[str, Any]]], sources: Sources) -> None:
        for row in rows["alert"] if not sources.earnings.enabled else ():
            if "results" in row or parse_query(row["query"]).asks_for_dates:
                said = "this alert is about dates of results; none is known without [sources.earnings]"
                self._warnings.append(f"{self._source}:{row['line']}: {said}")

    def _warn(self, rows: Mapping[str, list[dict[str, Any]]]) -> None:
        for row in rows["alert"]:
            if not any(row.get(way) for way in ("notify", "command", "url")):
                self._warnings.append(
                    f"{self._source}:{row['line']}: this alert notifies nobody; add notify, command or url"
                )
        alerts: dict[str, int | None] = {}
        for row in rows["alert"]:
            key = AlertRule(**row).key
            if key in alerts:
                said = f"this alert asks for the same as the alert on line {alerts[key]}, which alone fires"
                self._warnings.append(f"{self._source}:{row['line']}: {said}; put notify, command and url into one")
            alerts.setdefault(key, row["line"])
        firsts: dict[str, int | None] = {}
        for row in rows["feed"]:
            parts = urlsplit(row["url"])  # the case of the host and what follows "#" make no other feed
            key = urlunsplit(parts._replace(netloc=parts.netloc.casefold(), fragment=""))
            if key in firsts:
                said = f"same address as the feed on line {firsts[key]}; remove one of them"
                self._warnings.append(f"{self._source}:{row['line']}: {said}")
            firsts.setdefault(key, row["line"])


def _flat(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Return the leaves of a table with their full names: unquoted `list.next = "j"` is a nested table."""
    found: list[tuple[tuple[str, ...], Any]] = []
    for name, value in table.items():
        if isinstance(value, dict) and value and len(above) < 4:
            found.extend(_flat(value, (*above, name)))
        else:
            found.append(((*above, name), value))
    return found


_SYNTAX_HINTS = (
    ("Expected '=' after a key", 'write key = "value"'),
    ("Expected ']' at the end of a table", "write [name] on a line of its own"),
    ("Expected ']]'", "write [[name]] on a line of its own"),
    ("Invalid date", "write a day that there is, such as 2026-12-01"),
    ("Invalid value", "put text in quotes, but not true, false or numbers"),
    ("Unclosed array", "add the closing ] of the list"),
    ("Unterminated string", "add the closing quote"),
    ("Illegal character", "close the quotes on the same line"),
    ("Cannot overwrite a value", "the key occurs twice; remove one"),
    ("Cannot declare", "this table occurs twice; write [[name]] for a list of tables"),
    ("Cannot mutate", "this table occurs twice; write [[name]] for a list of tables"),
    ("Expected newline or end of document", "remove what follows the value, or start a comment with #"),
    ("Invalid statement", "write a [table], a key = value or a # comment on each line"),
    ("Unescaped '\\'", "write \\\\ for a backslash in double quotes, or use single quotes"),
)


def _syntax(error: Exception, text: str, source: str) -> Problem:
    if isinstance(error, RecursionError):
        return Problem(None, "", "lists or tables are nested too deeply", "", source)
    said = str(error)
    found = _TOML_PLACE.search(said)
    line = text.count("\n") + 1 if found is None or found[1] is None else int(found[1])
    column = f"column {found[2]}: " if found is not None and found[2] is not None else ""
    message = _TOML_PLACE.sub("", said)
    hint = next((words for start, words in _SYNTAX_HINTS if message.startswith(start)), "")
    if found is None:  # tomllib's own limits, such as 4,300 digits in a number, are reported without a position
        return Problem(None, "", f"not valid TOML: {shown(message, 120)}", hint, source)
    return Problem(line, "", f"{column}not valid TOML: {shown(message, 120)}", hint, source)

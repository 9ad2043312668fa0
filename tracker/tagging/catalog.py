"""The built-in topics and companies, and how a user's rules change them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from msgspec.structs import fields, replace

from tracker.model.tags import TagRule
from tracker.tagging.companies import Company

_LISTS = frozenset({"match", "ambiguous", "products", "never", "only_near", "unless_near"})


@cache
def builtin_rules() -> tuple[TagRule, ...]:
    """Return the built-in topics in file order; read once."""
    text = files("tracker.tagging").joinpath("catalog.toml").read_text(encoding="utf-8")
    return tuple(_rule(table) for table in tomllib.loads(text)["rule"])


def merge_rules(builtin: Sequence[TagRule], user: Sequence[TagRule]) -> tuple[TagRule, ...]:
    """Merge the user's rules into the built-in topics: where names are equal, each field that the user set wins.

    New names come last, in the user's order.
    """
    merged = {rule.name: rule for rule in builtin}
    for rule in user:
        known = merged.get(rule.name)
        merged[rule.name] = rule if known is None else _over(known, rule)
    return tuple(merged.values())


def share_names(companies: Sequence[Company], user: Sequence[TagRule] = ()) -> dict[str, str]:
    """Return how people write the company of each listed share, by symbol; the user's rules count first."""
    names: dict[str, str] = {}
    for rule in user:
        if rule.symbol is not None and rule.listed and rule.kind == "company":
            names.setdefault(rule.symbol, rule.label or rule.name)
    listed = [row for row in companies if row.symbol is not None and row.listed]
    for row in listed:
        names.setdefault(str(row.symbol), row.label)
    for row in listed:
        for symbol in row.also:
            names.setdefault(symbol, row.label)
    return names


def merge_companies(
    table: Sequence[Company], user: Sequence[TagRule]
) -> tuple[tuple[Company, ...], tuple[TagRule, ...]]:
    """Apply the user's rules to the companies of the table; returns the companies and the rules that are left over.

    Each field that the user set wins. A name in the user's `match` always counts, whatever the table says of it.
    Context words of the user (`only_near`, `unless_near`) decide on the ambiguous names in place of the model.
    """
    places = {row.tag: place for place, row in enumerate(table)} if user else {}
    rows = list(table)
    left = []
    for rule in user:
        place = places.get(rule.name)
        if place is None or rule.kind == "topic":
            left.append(rule)
            if place is not None:
                rows[place] = replace(rows[place], names=(), caps=(), brands=(), words={}, codes=(), listed=False)
        else:
            rows[place] = _company_over(rows[place], rule)
    return tuple(rows), tuple(left)


_USER_TRAITS = "h2 z2 t2"
"""Traits of an ambiguous name of which nothing but the user's word is known."""


def _company_over(row: Company, rule: TagRule) -> Company:
    said_fields = {"label": rule.label, "symbol": rule.symbol, "never": rule.never}
    changes: dict[str, Any] = {key: value for key, value in said_fields.items() if value} | {"line": rule.line}
    if rule.symbol is not None and rule.symbol != row.symbol:
        changes |= {"listed": True, "also": ()}
    if rule.products:
        changes["brands"] = rule.products
    words, codes = dict(row.words), row.codes
    if rule.ambiguous:
        words, codes = dict.fromkeys(rule.ambiguous, _USER_TRAITS), ()
    if rule.match:
        said = {name.casefold() for name in rule.match}
        changes |= {"names": rule.match, "caps": (), "said": rule.match}
        words = {name: what for name, what in words.items() if name.casefold() not in said}
        codes = tuple(name for name in codes if name.casefold() not in said)
    if rule.only_near or rule.unless_near:
        words, codes = {}, (*words, *codes)
        changes |= {"near": rule.only_near or row.near, "far": rule.unless_near or row.far}
    return replace(row, **changes, words=words, codes=codes)


def _rule(table: Mapping[str, Any]) -> TagRule:
    values: dict[str, Any] = {key: _split(value) if key in _LISTS else value for key, value in table.items()}
    return TagRule(**values)


def _split(names: str) -> tuple[str, ...]:
    """Split a field into names; the file parses in 4 ms with one string per field, in 10 ms with arrays."""
    return tuple(dict.fromkeys(name.strip() for name in names.split(" | ")))


def _over(known: TagRule, rule: TagRule) -> TagRule:
    changes: dict[str, Any] = {
        field.name: value
        for field in fields(TagRule)
        if (value := getattr(rule, field.name)) not in (None, ()) and value != field.default
    }
    return replace(known, **changes)

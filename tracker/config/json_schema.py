"""feeds.toml as JSON Schema, so that an editor completes and checks it; pure."""

from __future__ import annotations

import json
from typing import Any

from tracker.config.tables import ABOUT, ARRAYS, MARKET, PROVIDER, PROVIDERS, SETTINGS, SOURCES, Shape
from tracker.model.commands import COMMANDS

FILE = "feeds.schema.json"
"""The name it is written under, beside a feeds.toml that names it."""


def json_schema() -> dict[str, Any]:
    """Return the schema of the whole file (JSON Schema draft 7, which editors of TOML support)."""
    tables: dict[str, Any] = {"settings": _table("settings", SETTINGS)}
    for name, (shape, required) in ARRAYS.items():
        row = _table(name, shape) | {"required": list(required)}
        tables[name] = {"type": "array", "items": row, "description": ABOUT[name]}
    market = _table("market", MARKET)
    market["properties"] |= {name: _table("market", PROVIDER, name) for name in PROVIDERS}
    tables["market"] = market
    sources = {name: _table(f"sources.{name}", shape) for name, shape in SOURCES.items()}
    tables["sources"] = {
        "type": "object",
        "description": ABOUT["sources"],
        "properties": sources,
        "additionalProperties": False,
    }
    commands = {one.id: {"type": "string", "description": f"{one.description} ({one.keys})"} for one in COMMANDS}
    # `list.next = "j"` without quotes is a table in a table, so other names are allowed; `config check` knows them all.
    tables["keys"] = {"type": "object", "description": ABOUT["keys"], "properties": commands}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "feeds.toml of tracker",
        "type": "object",
        "properties": tables,
        "additionalProperties": False,
    }


def schema_text() -> str:
    """Return the schema as the text of a file."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _table(name: str, shape: Shape, part: str = "") -> dict[str, Any]:
    properties = {key: dict(checker.schema) | {"description": checker.description} for key, checker in shape.items()}
    description = f"{ABOUT[name]} ({part})" if part else ABOUT[name]
    return {"type": "object", "description": description, "properties": properties, "additionalProperties": False}

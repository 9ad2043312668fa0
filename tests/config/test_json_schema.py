"""The JSON Schema of feeds.toml: it accepts what `check` accepts, and refuses what an editor should mark."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.config.test_schema import FULL
from tracker.config.json_schema import json_schema
from tracker.config.paths import shipped_config
from tracker.config.schema import check
from tracker.config.tables import ABOUT
from tracker.model.config import Config

ROOT = Path(__file__).parents[2]
VALIDATOR = jsonschema.Draft7Validator(json_schema())


def mistakes(text: str) -> list[str]:
    return [error.json_path for error in VALIDATOR.iter_errors(tomllib.loads(text))]


def test_it_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(json_schema())


@pytest.mark.parametrize(
    "text",
    [
        FULL,
        shipped_config().read_text(encoding="utf-8"),
        *re.findall(r"```toml\n(.*?)```", (ROOT / "docs/reference.md").read_text(encoding="utf-8"), re.DOTALL),
        '[keys]\nlist.next = "j"\n"list.previous" = "k"\n',
        '[market.yahoo]\nbase_url = "http://127.0.0.1:8000"\n',
        '[[feed]]\nname = "é"\nurl = " HTTPS://x.example/a "\n',
    ],
)
def test_what_is_valid_is_valid_for_an_editor(text: str) -> None:
    assert isinstance(check(text, "feeds.toml"), Config)
    assert mistakes(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[settings]\npoll_minutes = 0\n", "$.settings.poll_minutes"),
        ('[settings]\ntheme = "nope"\n', "$.settings.theme"),
        ("[settings]\npoll = 3\n", "$.settings"),
        ('[[feed]]\nname = "a"\n', "$.feed[0]"),
        ('[[feed]]\nname = "a"\nurl = "ftp://x"\n', "$.feed[0].url"),
        ('[[symbol]]\nsymbol = "NVDA"\nshares = 0\n', "$.symbol[0].shares"),
        ('[[tag]]\nname = "Two Words"\n', "$.tag[0].name"),
        ('[[alert]]\nquery = "a"\nmove = "3"\n', "$.alert[0].move"),
        ('[[alert]]\nquery = "a"\nnotify = ["post"]\n', "$.alert[0].notify[0]"),
        ('[market]\nproviders = ["yahu"]\n', "$.market.providers[0]"),
        ('[market.yahu]\nbase_url = "http://x"\n', "$.market"),
        ("nonsense = 1\n", "$"),
    ],
)
def test_a_mistake_is_marked(text: str, place: str) -> None:
    assert not isinstance(check(text, "feeds.toml"), Config)
    assert mistakes(text) == [place]


def test_every_key_has_a_description_and_no_description_is_left_over() -> None:
    found: set[str] = set()

    def walk(name: str, schema: dict[str, Any]) -> None:
        for key, value in schema.get("items", schema).get("properties", {}).items():
            full = f"{name}.{key}" if name else key
            assert value["description"], full
            found.add(full)
            if not full.startswith("keys."):
                walk(full if name in ("", "sources") else name, value)  # providers share their one key

    walk("", json_schema())
    assert set(ABOUT) <= found

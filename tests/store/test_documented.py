"""docs/database.md and docs/datasette.json against a real database."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.day import priced_day

METADATA = Path(__file__).parents[2] / "docs" / "datasette.json"
KNOWN: dict[str, Any] = json.loads(METADATA.read_text(encoding="utf-8"))["databases"]["tracker"]
PARAMETERS = {"tag": "nvidia", "words": "nvidia"}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    priced_day(tmp_path)
    with closing(sqlite3.connect(f"file:{tmp_path / 'news.db'}?mode=ro", uri=True)) as connection:
        yield connection


def test_every_table_is_described(database: sqlite3.Connection) -> None:
    rows = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    own = {name for (name,) in rows if not name.startswith(("sqlite_", "_sqlite", "article_search_"))}
    assert own == set(KNOWN["tables"])
    assert all(one["description"] for one in KNOWN["tables"].values())


@pytest.mark.parametrize("name", KNOWN["queries"])
def test_an_example_query_finds_something(database: sqlite3.Connection, name: str) -> None:
    query = KNOWN["queries"][name]
    found = database.execute(query["sql"], {key: PARAMETERS[key] for key in query.get("params", ())}).fetchall()
    assert found


@pytest.mark.slow
def test_datasette_opens_it_read_only(tmp_path: Path) -> None:
    priced_day(tmp_path)
    path = tmp_path / "tracker.db"
    (tmp_path / "news.db").rename(path)
    before = path.read_bytes()
    serve = [sys.executable, "-m", "datasette", "serve", str(path), "--metadata", str(METADATA)]
    environ = os.environ | {"HOME": str(tmp_path)}

    def get(page: str) -> Any:
        done = subprocess.run(
            [*serve, "--get", page], env=environ, capture_output=True, text=True, check=True, timeout=60
        )
        return json.loads(done.stdout)

    table = get("/tracker/article.json?_shape=objects&_size=3")
    assert len(table["rows"]) == 3
    about = get("/tracker/about.json?tag=nvidia&_shape=array")
    assert "Nvidia loses $593 billion" in json.dumps(about)
    listed = {one["name"] for one in get("/tracker.json")["queries"]}
    assert listed == set(KNOWN["queries"])
    assert path.read_bytes() == before

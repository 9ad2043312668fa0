"""ui.json of any content: the window opens, and what is remembered can be used."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers.ui import screen_text, settle
from tests.helpers.window import open_window
from tests.security.fuzz_queries import fill_database
from tracker.model.query import parse_query
from tracker.ui.state import FILE, MAX_SIDE, MIN_SIDE, WindowState, load_state, save_state

_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=8,
)
_FIELDS = st.fixed_dictionaries({"version": st.just(1)}, optional=dict.fromkeys(WindowState.__struct_fields__, _JSON))
_ANYTHING = st.one_of(st.binary(max_size=200), st.one_of(_FIELDS, _JSON).map(lambda data: json.dumps(data).encode()))
"""Lone halves of surrogate pairs too, which JSON can write and UTF-8 cannot."""

HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "binary": bytes(range(256)),
    "huge": b'{"version": 1, "search": "' + b"x" * 5_000_000 + b'"}',
    "deep list": b"[" * 200_000,
    "deep table": b'{"a":' * 100_000,
    "number of 5,000 digits": b'{"version": 1, "article_id": ' + b"9" * 5000 + b"}",
    "no number": b'{"version": 1, "side_width": NaN}',
    "half a character": b'{"version": 1, "search": "\\ud800", "folded": ["\\udcff"], "place": "\\ud800"}',
    "a long OR": json.dumps({"version": 1, "search": "a OR " * 1500 + "b"}).encode(),
    "a chain of NOT": json.dumps({"version": 1, "search": "NOT " * 43}).encode(),
    "deep brackets": json.dumps({"version": 1, "search": "-(" * 43 + "a" + ")" * 43}).encode(),
    "a tag that is a query": json.dumps({"version": 1, "place": 'tag:) OR ("'}).encode(),
    "a tag without a name": json.dumps({"version": 1, "place": "tag:"}).encode(),
    "controls": json.dumps({"version": 1, "search": "\x1b[2J\x00", "place": "tag:\x1b", "folded": ["\x00"]}).encode(),
    "markup": json.dumps({"version": 1, "search": "[@click=app.quit]x[/]", "theme": "[/red]"}).encode(),
    "wrong types": json.dumps({"version": 1, **{name: [{}] for name in WindowState.__struct_fields__}}).encode(),
    "absurd numbers": json.dumps({"version": 1, "side_width": -(10**30), "article_id": 10**30}).encode(),
    "unknown ids": json.dumps({"version": 1, "place": "feed:Gone", "theme": "gone", "article_id": 2**62}).encode(),
    "many folded": json.dumps({"version": 1, "folded": ["x"] * 20_000}).encode(),
}
ACCEPTED = {"a tag that is a query", "a tag without a name", "markup", "absurd numbers", "unknown ids"}
"""Those of which something is taken over; the others are refused whole."""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_ANYTHING)
def test_any_content_is_a_state_that_can_be_used(tmp_path: Path, content: bytes) -> None:
    check_state(tmp_path, content)


def check_state(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    state = load_state(tmp_path)
    parse_query(state.search)
    assert MIN_SIDE <= state.side_width <= MAX_SIDE
    assert state.article_id is None or 0 < state.article_id < 2**63
    save_state(tmp_path, state)
    assert load_state(tmp_path) == state


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_content_is_a_state_that_can_be_used(tmp_path: Path, name: str) -> None:
    (tmp_path / FILE).write_bytes(HOSTILE[name])
    assert (load_state(tmp_path) != WindowState()) == (name in ACCEPTED)
    check_state(tmp_path, HOSTILE[name])


OPENED = {"binary", "a tag that is a query", "markup"}
"""In each run: content that is refused whole opens as one that is not there does, and much is accepted in one way."""


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(content, marks=() if name in OPENED else pytest.mark.slow, id=name)
        for name, content in HOSTILE.items()
    ],
)
async def test_the_window_opens(tmp_path: Path, content: bytes) -> None:
    fill_database(tmp_path / "news.db")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / FILE).write_bytes(content)
    async with open_window(tmp_path) as (app, pilot):
        await settle(pilot)
        assert "Everything" in screen_text(app)
        if "[@click" not in app.main.view.scope.search:
            assert "Nvidia falls" in screen_text(app)
        await pilot.press("j", "2", "q")


@pytest.mark.parametrize("kind", ["folder", "pipe", "link to itself"])
def test_what_is_no_file_is_the_default(tmp_path: Path, kind: str) -> None:
    path = tmp_path / FILE
    make: dict[str, Any] = {
        "folder": path.mkdir,
        "pipe": lambda: os.mkfifo(path),
        "link to itself": lambda: path.symlink_to(path),
    }
    make[kind]()
    assert load_state(tmp_path) == WindowState()
    save_state(tmp_path, WindowState())  # no complaint, whatever becomes of it

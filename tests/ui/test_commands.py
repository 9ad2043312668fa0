"""The registry and everything that comes from it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.ui import QUIET, press, screen_strips, screen_text, until, window
from tests.helpers.window import open_window
from tracker.model.commands import BY_ID, COMMANDS, GROUPS, HINTS, is_key, split_keys
from tracker.ui.commands import (
    bindings,
    count_text,
    digit_bindings,
    hints,
    key_table,
    key_text,
    keymap,
    keys_of,
    prints,
)
from tracker.ui.parts.panes import PANES
from tracker.ui.screens.links import LinksScreen


def test_every_command_is_answered_by_one_part_and_no_part_answers_another(tmp_path: Path) -> None:
    screen = window(tmp_path).main
    assert set(screen.parts.keys.commands) == set(BY_ID)
    parts = (screen.panes, screen.frame, screen.listing, screen.searching, screen.reading)
    others = (screen.stories, screen.regrouping, screen.syncing, screen.pricing, screen.parts.morning)
    last = (screen.parts.remembering, screen.parts.editing, screen.parts.muting)
    counted = Counter(command for part in (*parts, *others, *last) for command in part.commands())
    assert max(counted.values()) == 1
    assert set(screen.parts.keys.counted) == {one.id for one in COMMANDS if one.takes_count}


def test_help_names_the_users_keys_for_counts() -> None:
    text = count_text({"list.next": "x", "list.last": "end"})
    assert text == "A number before a key repeats it (5x, 3n) or names a line (12End) or a link (2L)"


def test_no_key_is_given_twice_and_every_key_can_be_heard() -> None:
    keys = [key for command in COMMANDS for key in split_keys(command.keys)]
    assert len(keys) == len(set(keys))
    assert all(is_key(key) for key in keys)
    assert len(BY_ID) == len(COMMANDS)


def test_ids_and_descriptions_keep_their_form() -> None:
    for command in COMMANDS:
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", command.id)
        assert command.description[0].isupper()
        assert not command.description.endswith(".")


def test_bindings_carry_the_ids_that_the_keymap_replaces() -> None:
    assert {binding.id for binding in bindings()} == set(BY_ID)
    assert not any(binding.id for binding in digit_bindings())
    assert all(binding.action == f"run('{binding.id}')" for binding in bindings())


def test_key_table_names_every_command_and_key() -> None:
    table = key_table()
    for command in COMMANDS:
        row = next(line for line in table.splitlines() if f"`{command.id}`" in line)
        assert command.description in row
        assert all(f"`{key_text(key)}`" in row for key in split_keys(command.keys))
    assert len(table.splitlines()) == len(COMMANDS) + 2


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("j", "j"), ("G", "G"), ("ctrl+d", "Ctrl+D"), ("down", "↓"), ("question_mark", "?"), ("space", "Space"),
        ("pagedown", "PgDn"), ("+", "+"), ("shift+tab", "Shift+Tab"), ("f5", "F5"), ("escape", "Esc"),
    ],
)  # fmt: skip
def test_keys_are_printed_as_people_write_them(key: str, text: str) -> None:
    assert is_key(key)
    assert key_text(key) == text


@pytest.mark.parametrize("key", ["", "dwon", "ctrl+", "hyperdrive+x", "ctrl+dwon", " "])
def test_what_is_no_key_is_known_as_none(key: str) -> None:
    assert not is_key(key)


def test_keys_that_write_a_character() -> None:
    assert all(prints(key) for key in ("j", "left_square_bracket", "slash", "space", "plus"))
    assert not any(prints(key) for key in ("enter", "left", "ctrl+d", "f5", "escape"))


def test_the_users_keys_replace_the_defaults() -> None:
    keys = {"list.next": "x, down", "nothing.known": "y", "article.star": " "}
    assert keymap(keys) == {"list.next": "x,down"}
    assert keys_of(BY_ID["list.next"], keys) == ("x", "down")
    assert keys_of(BY_ID["search.open"], keys) == ("/",)


def test_hints_that_do_not_all_fit_are_the_important_ones_in_the_order_of_the_registry() -> None:
    for focused, words in HINTS.items():
        everything = hints(focused, {}, lambda some: True)
        assert [hint.words for hint in everything] == [words[one.id] for one in COMMANDS if one.id in words]
    assert hints("list", {}, lambda some: len(some) <= 2) == [("search.open", "/", "search"), ("app.help", "?", "help")]
    assert hints("list", {}, lambda some: False) == []
    assert hints("list", {"app.help": "f1"}, lambda some: len(some) <= 1) == [("app.help", "F1", "help")]


def test_every_pane_has_hints_of_its_own() -> None:
    assert set(HINTS) == {*PANES, "search"}
    assert {"side.fold", "article.open"} <= set(HINTS["side"])
    assert {"article.browser", "article.original", "article.links"} <= set(HINTS["article"])
    assert {"price.moved", "article.open"} <= set(HINTS["watch"])


def test_no_key_stands_in_a_message_but_by_the_name_of_its_command() -> None:
    named = re.compile(r"\bpress [A-Za-z/?:.]\b(?!\})|\b[a-zA-Z] undoes|\bEsc\b|\bTab\b")
    for path in Path("tracker/ui").rglob("*.py"):
        if path.name in ("ask.py", "commands.py"):  # a field to type in has its keys
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            texts = [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
            assert not [text for text in texts if "\n" not in text and named.search(text)], path


def test_the_key_table_needs_no_textual() -> None:
    code = "import sys, tracker.ui.commands as c; c.key_table(); sys.exit(any('textual' in m for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_groups_are_in_the_order_of_the_registry() -> None:
    assert GROUPS[0] == "Move"
    assert GROUPS[-1] == "Window"


@pytest.mark.slow
async def test_the_users_keys_move_in_every_dialog_and_close_it(tmp_path: Path) -> None:
    keys = {
        "list.next": "e",
        "list.last": "f3",
        "article.open": "f4",
        "article.back": "f5",
        "article.links": "f6",
        "app.signs": "f7",
    }
    chosen: list[str | None] = []
    async with open_window(tmp_path, replace(QUIET, keys=keys)) as (app, pilot):
        for pressed in (("e", "f4"), ("f3", "f4"), ("f5",), ("f6",)):
            await app.push_screen(LinksScreen(["a", "b", "c"], keys=keys), chosen.append)
            assert "1 to 9 or F4 opens, F5 closes" in screen_text(app)
            await pilot.press(*pressed)
        await press(pilot, "f7", shows="F5 closes")
        await pilot.press("f5")
        await until(pilot, lambda: app.screen is app.main, "the window")
    assert chosen == ["b", "c", None, None]


async def test_a_key_in_the_status_line_can_be_clicked(tmp_path: Path) -> None:
    async with open_window(tmp_path) as (app, pilot):
        await until(pilot, lambda: "? help" in screen_text(app), "the keys")
        row = app.size.height - 1
        at = screen_text(app).splitlines()[row].index("/ search")
        drawn = {part.text.strip(): part.style for part in screen_strips(app)[row] if part.style is not None}
        assert not drawn["/"].underline  # a key is drawn as before, not as a link
        assert drawn["/"].color != drawn["search"].color
        await pilot.click(offset=(at, row), button=3)
        await pilot.click(offset=(at, row))
        await until(pilot, lambda: app.main.searching.is_typing, "the search field")
        await pilot.press("escape")
        at = screen_text(app).splitlines()[row].index("? help") + 3
        await pilot.click(offset=(at, row))
        await until(pilot, lambda: "Keys and signs" in screen_text(app), "the help")

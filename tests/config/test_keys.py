"""What is wrong with `[keys]` is told with file, line and what to write instead."""

from __future__ import annotations

import pytest
from textual.theme import BUILTIN_THEMES

from tracker.config.keys import find_mistakes
from tracker.config.schema import check
from tracker.config.tables import THEMES
from tracker.model.commands import BY_ID, COMMANDS, split_keys
from tracker.model.config import Config
from tracker.ui.themes import DARK, LIGHT


def problems(text: str) -> list[str]:
    found = check(text, "feeds.toml")
    return [] if isinstance(found, Config) else [str(problem) for problem in found]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('"list.nxt" = "j"', 'keys.list.nxt: unknown command; did you mean "list.next"?'),
        ('list.nxt = "j"', 'keys.list.nxt: unknown command; did you mean "list.next"?'),
        ('"zzz" = "x"', "keys.zzz: unknown command"),
        ('"list.next" = "dwon"', 'keys.list.next: "dwon" is not a key; did you mean "down"?'),
        ('"list.next" = "ctrl+"', 'keys.list.next: "ctrl+" is not a key; write keys as "j", "down", "f5" or "ctrl+n"'),
        ('"list.next" = " , "', 'keys.list.next: has no key; write a key, such as "j,down"'),
        ('"list.next" = ""', 'keys.list.next: must be keys such as "j,down", not empty; write "list.next" = "j,down"'),
        (
            '"article.star" = "j"',
            'keys.article.star: "j" is already the key of "list.next"; '
            'choose another key, or change the key of that command, for example "list.next" = "down"',
        ),
        (
            '"article.star" = "slash"',
            'keys.article.star: "slash" is already the key of "search.open"; '
            'choose another key, or change the key of that command, for example "search.open" = "f5"',
        ),
    ],
)
def test_a_mistake_has_its_line_and_a_hint(line: str, problem: str) -> None:
    assert problems(f"[settings]\n\n[keys]\n{line}\n") == [f"feeds.toml:4: {problem}"]


def test_two_commands_of_the_user_do_not_share_a_key() -> None:
    assert problems('[keys]\n"search.open" = "H"\n"view.unread" = "2,H"\n') == [
        'feeds.toml:3: keys.view.unread: "H" is already the key of "search.open"; '
        'choose another key, or change the key of that command, for example "search.open" = "/"'
    ]


@pytest.mark.parametrize(
    "keys",
    [
        {"list.next": "H, down"},
        {"article.star": "j", "list.next": "down"},
        {"article.star": "j", "list.next": "s"},  # exchanged
        {"side.wider": "+"},  # of the replay only
        {"list.next": "j,j"},
    ],
)
def test_what_leaves_no_command_without_its_key_is_right(keys: dict[str, str]) -> None:
    assert list(find_mistakes(keys)) == []


def test_every_default_can_be_written_down_as_it_is() -> None:
    assert list(find_mistakes({command.id: command.keys for command in COMMANDS})) == []
    for command in COMMANDS:
        assert list(find_mistakes({command.id: command.keys})) == []
    assert all(split_keys(BY_ID[name].keys) for name in BY_ID)


def test_a_theme_is_one_that_the_window_has() -> None:
    assert sorted(THEMES) == sorted({*BUILTIN_THEMES, DARK.name, LIGHT.name})
    assert problems('[settings]\ntheme = "drakula"') == [
        'feeds.toml:2: settings.theme: "drakula" is not a theme; did you mean "dracula"?'
    ]
    assert "tracker-dark, tracker-light" in problems('[settings]\ntheme = "nope"')[0]

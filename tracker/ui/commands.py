"""Derives bindings, hints, keymap and key table from the registry of commands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tracker.model.commands import BY_ID, COMMANDS, GROUPS, HINTS, NAMED_KEYS, Command, character, split_keys

if TYPE_CHECKING:
    from textual.binding import Binding

_KEY_NAMES = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
}


HELP = {"app.help": "app.show_help", "app.signs": "app.show_signs"}
"""What the keys of the help do on a page over the window."""


def action_of(command: Command) -> str:
    """Return the main screen's action that does it."""
    return f"run('{command.id}')"


def bindings() -> list[Binding]:
    """Return the default bindings of the main screen; ids let the user's keymap replace their keys."""
    from textual.binding import Binding

    # With priority a key acts before the next one is looked at, so what is typed in one go after the search key
    # reaches the field. A field that has the focus still gets all that can be printed, and its own editing keys.
    return [
        Binding(
            key,
            action_of(command),
            command.description,
            show=False,
            id=command.id,
            priority=_acts_first(key),
        )
        for command in COMMANDS
        for key in split_keys(command.keys)
    ]


def digit_bindings() -> list[Binding]:
    """Return bindings for counts. They have no id: a digit that the user gives to a command is that command's."""
    from textual.binding import Binding

    return [Binding(digit, f"count('{digit}')", "Count", show=False, priority=True) for digit in "0123456789"]


def bindings_for(actions: Mapping[str, str]) -> list[Binding]:
    """Return bindings of another screen: what commands of the registry do there, on the same keys."""
    from textual.binding import Binding

    return [
        Binding(key, action, BY_ID[name].description, show=False, id=name)
        for name, action in actions.items()
        for key in split_keys(BY_ID[name].keys)
    ]


def _acts_first(key: str) -> bool:
    return len(key) == 1 or key in ("enter", "escape", "tab", "shift+tab", "space")


def keys_of(command: Command, keys: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of a command under the user's `[keys]`."""
    return split_keys(keys.get(command.id, command.keys))


def first_key(command_id: str, keys: Mapping[str, str]) -> str:
    """Return the first key of a command under the user's `[keys]`, as it is printed."""
    return key_text(keys_of(BY_ID[command_id], keys)[0])


def keymap(keys: Mapping[str, str]) -> dict[str, str]:
    """Return the user's `[keys]` as Textual wants them, known commands only."""
    return {name: ",".join(split_keys(text)) for name, text in keys.items() if name in BY_ID and split_keys(text)}


def key_text(key: str) -> str:
    """Return a key as it is printed: "Ctrl+D", "↓", "?"."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    return "+".join([*(name.capitalize() for name in modifiers), _last_text(last, bool(modifiers))])


def _last_text(key: str, modified: bool) -> str:
    if key in _KEY_NAMES:
        return _KEY_NAMES[key]
    if len(key) == 1:
        return key.upper() if modified else key
    return key.capitalize() if key in NAMED_KEYS else character(key) or key.capitalize()


def prints(key: str) -> bool:
    """Return whether a key, in Textual's naming (`j`, `left_square_bracket`, `ctrl+d`), types a character."""
    return "+" not in key and key not in NAMED_KEYS - {"space"}


class Hint(NamedTuple):
    """A key in the status line."""

    command: str
    key: str
    words: str


def hints(
    focused: str,
    keys: Mapping[str, str],
    fits: Callable[[Sequence[Hint]], bool],
    useless: Collection[str] = (),
) -> list[Hint]:
    """Return what the status line shows, in the order of the registry: the important keys of those that fit.

    Args:
        focused: the part of the window that has the focus, one of `HINTS`.
        keys: the user's own, by command.
        fits: tells whether there is room for so many.
        useless: commands that would do nothing now.
    """
    words = {name: text for name, text in HINTS[focused].items() if name not in useless}

    def shown(chosen: Sequence[Command]) -> list[Hint]:
        return [Hint(one.id, first_key(one.id, keys), words[one.id]) for one in chosen]

    chosen: list[Command] = []
    for command_id in words:
        wider = sorted([*chosen, BY_ID[command_id]], key=COMMANDS.index)
        if fits(shown(wider)):
            chosen = wider
    return shown(chosen)


def count_text(keys: Mapping[str, str]) -> str:
    """Return how a number before a key is used, under the user's `[keys]`."""
    names = ("list.next", "list.next_unread", "list.last", "article.links")
    down, unread, last, links = (first_key(name, keys) for name in names)
    return f"A number before a key repeats it (5{down}, 3{unread}) or names a line (12{last}) or a link (2{links})"


def key_table() -> str:
    """Return the default keys as a Markdown table, for the README."""
    rows = ["| Keys | What it does | Name in `[keys]` |", "|---|---|---|"]
    for group in GROUPS:
        for command in COMMANDS:
            if command.group == group:
                shown = " ".join(f"`{key_text(key)}`" for key in split_keys(command.keys))
                note = " (replay only)" if command.replay else ""
                rows.append(f"| {shown} | {command.description}{note} | `{command.id}` |")
    return "\n".join(rows) + "\n"

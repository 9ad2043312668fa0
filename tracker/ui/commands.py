"""The one registry of what can be done in the window: bindings, hints, help, palette, user keys and the key table."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.model.config import Config

if TYPE_CHECKING:
    from textual.binding import Binding


class Command(Struct, frozen=True):
    """One thing that can be done, by key, palette or mouse."""

    id: str
    """`area.verb`: the name under `[keys]`; the screen's action is the same with an underscore."""
    keys: str
    """Default keys, separated by commas."""
    description: str
    """What it does, in a few words; starts with a capital."""
    group: str
    """Heading in the help screen and the key table."""
    show: int = 0
    """Above 0 puts a hint in the status line; where not all fit, the lower numbers stay."""
    hint: str = ""
    """The words of that hint."""
    replay: bool = False
    """True for commands that exist in the replay only."""
    palette: bool = True
    """False keeps it out of the palette, where moving about makes no sense."""

    @property
    def action(self) -> str:
        """The screen's action: its method is `action_` and this."""
        return self.id.replace(".", "_")


def _move(id: str, keys: str, description: str) -> Command:  # noqa: A002 - the field's own name
    return Command(id, keys, description, "Move", palette=False)


COMMANDS: tuple[Command, ...] = (
    _move("list.next", "j,down", "Next line"),
    _move("list.previous", "k,up", "Previous line"),
    _move("list.first", "g,home", "First line"),
    _move("list.last", "G,end", "Last line"),
    _move("list.half_down", "ctrl+d", "Half a page down"),
    _move("list.half_up", "ctrl+u", "Half a page up"),
    _move("list.page_down", "pagedown", "A page down"),
    _move("list.page_up", "pageup", "A page up"),
    Command("pane.next", "tab", "Next pane", "Move", show=3, hint="panes", palette=False),
    _move("pane.previous", "shift+tab", "Previous pane"),
    _move("pane.left", "h,left", "Pane to the left"),
    _move("pane.right", "l,right", "Pane to the right"),
    Command("list.next_unread", "n", "Next unread article", "Read", show=6, hint="next unread"),
    Command("list.previous_unread", "p,N", "Previous unread article", "Read"),
    Command("article.open", "enter", "Read the article, marking it read", "Read", show=4, hint="read"),
    Command("article.page", "space", "Scroll the article, then go to the next unread", "Read"),
    Command("article.back", "escape", "Back: close the search, leave the article; never quits", "Read"),
    Command("story.unfold", "x", "Show or hide the other articles of the story", "Read"),
    Command("article.original", "O", "Go to the report that the article was taken from", "Read"),
    Command("article.browser", "o", "Open in the browser", "Read", show=8, hint="browser"),
    Command("article.links", "L", "Open one of the article's links", "Read"),
    Command("article.copy", "y", "Copy the address", "Read"),
    Command("article.read", "m", "Mark read or unread", "Mark"),
    Command("article.star", "s", "Star or unstar; starred articles are kept for ever", "Mark", show=7, hint="star"),
    Command("list.all_read", "A", "Mark everything in this view read", "Mark"),
    Command("story.split", "X", "Take the article out of its story", "Mark"),
    Command("story.join", "M", "Mark the story; on another one: make both one story", "Mark"),
    Command("edit.undo", "u,ctrl+z", "Undo the last mark, split or join", "Mark"),
    Command("search.open", "/", "Search and filter", "View", show=2, hint="search"),
    Command("view.everything", "1", "Show read and unread", "View"),
    Command("view.unread", "2", "Show unread only", "View"),
    Command("view.starred", "3", "Show starred only", "View"),
    Command("list.take_in", ".", "Take in the new rows", "View"),
    Command("list.moves", "t", "Moves since publication, of day 0, abnormal, in dollars", "View"),
    Command("list.sort", "S", "Sort by move, or by publication again", "View"),
    Command("price.span", "c", "Price pane: 2 days, 5 days, 3 months", "View"),
    Command("price.moved", "w", "What moved the share today", "View", show=9, hint="what moved"),
    Command("view.health", "v", "Health of the feeds: last answer, next, failures", "View", show=9, hint="health"),
    Command("side.fold", "z", "Fold or unfold the group in the side bar", "View"),
    Command("side.narrower", "[", "Narrower side bar", "View"),
    Command("side.wider", "]", "Wider side bar", "View"),
    Command("sync.one", "r", "Sync the feed that is selected, or the article's", "Sync"),
    Command("sync.all", "R", "Sync all feeds now", "Sync"),
    Command("replay.faster", "+", "Replay faster", "Replay", replay=True),
    Command("replay.slower", "-", "Replay slower", "Replay", replay=True),
    Command("replay.pause", "P", "Hold the replay, or let it run on", "Replay", replay=True),
    Command("app.help", "?", "Help", "Window", show=1, hint="help"),
    Command("app.palette", ":,ctrl+p", "Palette: every command, source, tag, view and theme", "Window", palette=False),
    Command("app.quit", "q,ctrl+c", "Quit", "Window", show=5, hint="quit"),
)
GROUPS = tuple(dict.fromkeys(command.group for command in COMMANDS))
BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}

_NAMED = {
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "enter", "escape", "tab", "space"),
    *("backspace", "delete", "insert", *(f"f{n}" for n in range(1, 25))),
}
_MODIFIERS = {"ctrl", "shift", "alt", "super", "hyper", "meta"}
_SHOWN = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
}


def bindings() -> list[Binding]:
    """Return the default bindings of the main screen; ids let the user's keymap replace their keys."""
    from textual.binding import Binding

    # With priority a key acts before the next one is looked at, so what is typed in one go after the search key
    # reaches the field. A field that has the focus still gets all that can be printed, and its own editing keys.
    return [
        Binding(
            key, command.action, command.description, show=command.show > 0, id=command.id, priority=_acts_first(key)
        )
        for command in COMMANDS
        for key in split_keys(command.keys)
    ]


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


def split_keys(text: str) -> tuple[str, ...]:
    """Return the keys of a comma-separated list; a comma as a key is written `comma`."""
    return tuple(key for part in text.split(",") if (key := part.strip()))


def keymap(keys: Mapping[str, str]) -> dict[str, str]:
    """Return the user's `[keys]` as Textual wants them, known commands only."""
    return {name: ",".join(split_keys(text)) for name, text in keys.items() if name in BY_ID and split_keys(text)}


def key_text(key: str) -> str:
    """Return a key as it is printed: "Ctrl+D", "↓", "?"."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    return "+".join([*(name.capitalize() for name in modifiers), _last_text(last, bool(modifiers))])


def _last_text(key: str, modified: bool) -> str:
    if key in _SHOWN:
        return _SHOWN[key]
    if len(key) == 1:
        return key.upper() if modified else key
    return key.capitalize() if key in _NAMED else _character(key) or key.capitalize()


def _character(name: str) -> str | None:
    """Return the character that a Unicode name such as `question_mark` stands for, if it is one."""
    try:
        return unicodedata.lookup(name.replace("_", " ").upper())
    except KeyError:
        return None


def is_key(key: str) -> bool:
    """Tell whether a key is written in a way that the window can hear: `j`, `G`, `ctrl+d`, `f5`, `question_mark`."""
    if len(key) == 1:
        return key.isprintable() and not key.isspace()
    *modifiers, last = key.split("+")
    if not set(modifiers) <= _MODIFIERS:
        return False
    return last in _NAMED or (len(last) == 1 and last.isprintable()) or (_character(last) is not None and bool(last))


def prints(key: str) -> bool:
    """Tell whether a key, as the window hears it (`j`, `left_square_bracket`, `ctrl+d`), writes a character."""
    return "+" not in key and key not in _NAMED - {"space"}


def keymap_problems(config: Config) -> list[str]:
    """Return what is wrong with `[keys]`, one line each with file, line and the nearest right name; empty if nothing.

    A key that the user gives to two commands is a problem; one taken from a command that keeps its default is not.
    """
    problems = []
    owners: dict[str, str] = {}
    for name, text in config.keys.items():
        line = config.key_lines.get(name)
        place = f"{config.path or 'feeds.toml'}:{line}" if line is not None else f"{config.path or 'feeds.toml'}"
        where = f'{place}: [keys] "{name}"'
        if name not in BY_ID:
            problems.append(f"{where}: no such command{_nearest(name, BY_ID)}")
            continue
        keys = split_keys(text)
        if not keys:
            problems.append(f'{where}: no key given, such as "{BY_ID[name].keys}"')
        for key in keys:
            if not is_key(key):
                problems.append(f'{where}: "{key}" is no key{_nearest(key, _NAMED)}')
            elif owners.setdefault(key, name) != name:
                problems.append(f'{where}: "{key}" is already given to "{owners[key]}"')
    return problems


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""


def hints(keys: Mapping[str, str], fits: Callable[[Sequence[tuple[str, str]]], bool]) -> list[tuple[str, str]]:
    """Return (key, words) for the status line, in the order of the registry: the important ones of those that fit."""
    chosen: list[Command] = []
    for command in sorted((one for one in COMMANDS if one.show), key=lambda one: one.show):
        wider = sorted([*chosen, command], key=COMMANDS.index)
        if keys_of(command, keys) and fits([_hint(one, keys) for one in wider]):
            chosen = wider
    return [_hint(one, keys) for one in chosen]


def _hint(command: Command, keys: Mapping[str, str]) -> tuple[str, str]:
    return key_text(keys_of(command, keys)[0]), command.hint


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

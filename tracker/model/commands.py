"""The one registry of what can be done in the window: bindings, hints, help, palette, user keys and the key table."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from msgspec import Struct


class Command(Struct, frozen=True):
    """One thing that can be done, by key, palette or mouse."""

    id: str
    """`area.verb`: the name under `[keys]`."""
    keys: str
    """Default keys, separated by commas."""
    description: str
    """What it does, in a few words; starts with a capital."""
    group: str
    """Heading in the help screen and the key table."""
    replay: bool = False
    """True for commands that exist in the replay only."""
    palette: bool = True
    """False keeps it out of the palette, where moving about makes no sense."""
    takes_count: bool = False
    """True where a number before the key repeats it, or names a line or a link: `5j`, `12G`, `3L`."""
    needs_article: bool = False
    """True where there is nothing to do without an article under the cursor."""


def _move(id: str, keys: str, description: str) -> Command:  # noqa: A002 - the field's own name
    return Command(id, keys, description, "Move", palette=False, takes_count=True)


COMMANDS: tuple[Command, ...] = (
    _move("list.next", "j,down", "Next line"),
    _move("list.previous", "k,up", "Previous line"),
    _move("list.first", "g,home", "First line"),
    _move("list.last", "G,end", "Last line"),
    _move("list.half_down", "ctrl+d", "Half a page down"),
    _move("list.half_up", "ctrl+u", "Half a page up"),
    _move("list.page_down", "pagedown", "A page down"),
    _move("list.page_up", "pageup", "A page up"),
    Command("pane.next", "tab", "Next pane", "Move", palette=False),
    Command("pane.previous", "shift+tab", "Previous pane", "Move", palette=False),
    Command("pane.left", "h,left", "Pane to the left", "Move", palette=False),
    Command("pane.right", "l,right", "Pane to the right", "Move", palette=False),
    Command("list.next_unread", "n", "Next unread article", "Read", takes_count=True),
    Command("list.previous_unread", "p,N", "Previous unread article", "Read", takes_count=True),
    Command("article.open", "enter", "Open the article and mark it as read", "Read"),
    Command("article.page", "space", "Scroll the article, then go to the next unread", "Read", needs_article=True),
    Command("article.back", "escape", "Back: close the search or the article; never quits", "Read"),
    Command("story.unfold", "x", "Show or hide the other articles of the story", "Read", needs_article=True),
    Command("article.original", "O", "Go to the original of a rewrite or of the story", "Read", needs_article=True),
    Command("article.browser", "o", "Open in the browser", "Read", needs_article=True),
    Command(
        "article.full",
        "f",
        "Show the full text, fetched from the article's page, or the summary again",
        "Read",
        needs_article=True,
    ),
    Command(
        "article.links",
        "L",
        "Open one of the article's links: 3L opens [3]",
        "Read",
        takes_count=True,
        needs_article=True,
    ),
    Command("article.copy", "y", "Copy the address", "Read", needs_article=True),
    Command("article.read", "m", "Mark as read or unread", "Mark", needs_article=True),
    Command("article.star", "s", "Star or unstar; starred articles are kept forever", "Mark", needs_article=True),
    Command("list.all_read", "A", "Mark all in this view as read", "Mark"),
    Command("list.above_read", "K", "Mark all above this line as read", "Mark"),
    Command("list.below_read", "J", "Mark all below this line as read", "Mark"),
    Command(
        "article.mute", "D", "Mute the source, a tag or a word: shows first what it hides", "Mark", needs_article=True
    ),
    Command("story.split", "X", "Remove the article from its story", "Mark", needs_article=True),
    Command("story.join", "M", "Mark the story; on another one: join the two", "Mark", needs_article=True),
    Command("edit.undo", "u", "Undo the last mark, split, join, mute or change to feeds.toml", "Mark"),
    Command("search.open", "/", "Search and filter", "View"),
    Command("view.everything", "a", "Show all, read and unread", "View"),
    Command("view.unread", "U", "Show unread only", "View"),
    Command("view.starred", "*", "Show starred only", "View"),
    Command("list.take_in", ".", "Show the new headlines", "View"),
    Command(
        "list.moves",
        "t",
        "Switch moves: since publication, beyond the market, in dollars, whole session, yours",
        "View",
    ),
    Command("list.sort", "S", "Sort by the moves shown, by size of t, or by publication", "View"),
    Command("price.span", "c", "Price pane: 2 days, 5 days, 3 months", "View"),
    Command("price.moved", "w", "What moved the share today", "View"),
    Command("view.league", "Y", "League: which sources are first, and how far the others are behind", "View"),
    Command("view.brief", "b", "Morning page: what my shares did, and what is new", "View"),
    Command("view.health", "v", "Feed health: last response, next fetch, failures", "View"),
    Command("alert.list", "B", "Alerts that fired lately; Enter goes to the article", "View"),
    Command("view.save", "V", "Save what is shown, with its search, as a view", "View"),
    Command("feed.add", "F", "Add a feed: its address, or that of its site", "View"),
    Command("feed.rename", "e", "In feed health: rename the feed", "View"),
    Command("feed.group", "C", "In feed health: change the group of the feed", "View"),
    Command("feed.up", "<", "In feed health: move the feed up in its group", "View"),
    Command("feed.down", ">", "In feed health: move the feed down in its group", "View"),
    Command("feed.disable", "d", "In feed health: disable or enable the feed", "View"),
    Command("feed.snooze", "Z", "In feed health: snooze the feed for 7 days, or wake it", "View"),
    Command("feed.remove", "delete", "In feed health: remove the feed, after asking", "View"),
    Command("side.fold", "z", "Fold or unfold the group in the side bar", "View"),
    Command("side.narrower", "[", "Make the side bar narrower", "View"),
    Command("side.wider", "]", "Make the side bar wider", "View"),
    Command("sync.one", "r", "Sync the selected feed, or the article's", "Sync"),
    Command("sync.all", "R", "Sync all feeds now", "Sync"),
    Command("replay.faster", "+", "Replay faster", "Replay", replay=True),
    Command("replay.slower", "-", "Replay slower", "Replay", replay=True),
    Command("replay.pause", "P", "Pause or resume the replay", "Replay", replay=True),
    Command("config.edit", "E", "Edit feeds.toml in your editor (VISUAL or EDITOR)", "Window"),
    Command("app.help", "?", "Help", "Window"),
    Command("app.signs", "i", "What every sign and number means", "Window"),
    Command(
        "app.palette", ":,ctrl+p", "Palette: search commands, sources, tags, views and themes", "Window", palette=False
    ),
    Command("app.redraw", "ctrl+l", "Draw the window again, where another program wrote over it", "Window"),
    Command("app.suspend", "ctrl+z", "Suspend tracker; fg in the shell resumes it", "Window"),
    Command("app.quit", "q,ctrl+c", "Quit", "Window"),
)
GROUPS = tuple(dict.fromkeys(command.group for command in COMMANDS))
BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}

HINTS: Mapping[str, Mapping[str, str]] = {
    "side": {
        "app.help": "help",
        "article.open": "show",
        "side.fold": "fold",
        "search.open": "search",
        "pane.next": "panes",
        "sync.one": "sync",
        "app.quit": "quit",
        "list.all_read": "all read",
        "view.health": "health",
    },
    "list": {
        "app.help": "help",
        "search.open": "search",
        "pane.next": "panes",
        "article.open": "read",
        "app.quit": "quit",
        "list.next_unread": "next unread",
        "article.star": "star",
        "article.browser": "browser",
        "price.moved": "what moved",
        "view.brief": "morning",
        "view.health": "health",
    },
    "article": {
        "app.help": "help",
        "article.back": "back",
        "article.full": "full text",
        "article.browser": "browser",
        "article.links": "links",
        "article.original": "original",
        "list.next_unread": "next unread",
        "article.star": "star",
        "pane.next": "panes",
        "price.moved": "what moved",
    },
    "watch": {
        "app.help": "help",
        "article.open": "headlines",
        "price.moved": "what moved",
        "price.span": "chart",
        "search.open": "search",
        "pane.next": "panes",
        "app.quit": "quit",
    },
    "search": {"article.open": "go to results", "pane.next": "complete", "article.back": "close"},
}
"""Hints of the status line, by the part of the window that has the focus; where not all fit, the first stay."""

NAMED_KEYS = {
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "enter", "escape", "tab", "space"),
    *("backspace", "delete", "insert", *(f"f{n}" for n in range(1, 25))),
}
_OTHER_NAMES = {
    "slash": "/",
    "backslash": "\\",
    "at": "@",
    "minus": "-",
    "plus": "+",
    "underscore": "_",
}
"""Characters that Textual calls by another name than Unicode."""
_MODIFIERS = {"ctrl", "shift", "alt", "super", "hyper", "meta"}


def split_keys(text: str) -> tuple[str, ...]:
    """Return the keys of a comma-separated list; a comma as a key is written `comma`."""
    return tuple(key for part in text.split(",") if (key := part.strip()))


def is_key(key: str) -> bool:
    """Tell whether a key is written in a way that the window can hear: `j`, `G`, `ctrl+d`, `f5`, `question_mark`."""
    if len(key) == 1:
        return key.isprintable() and not key.isspace()
    *modifiers, last = key.split("+")
    if not set(modifiers) <= _MODIFIERS:
        return False
    return last in NAMED_KEYS or (len(last) == 1 and last.isprintable()) or (character(last) is not None and bool(last))


def character(name: str) -> str | None:
    """Return the character that a key name such as `question_mark` means, if it is one."""
    if name in _OTHER_NAMES:
        return _OTHER_NAMES[name]
    try:
        return unicodedata.lookup(name.replace("_", " ").upper())
    except KeyError:
        return None

"""The help: what the window is, and every key, from the registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tracker.model.commands import COMMANDS, GROUPS
from tracker.model.query import FIELDS
from tracker.ui.commands import key_text, keys_of

_SIGNS = (
    ("●", "unread"),
    ("★", "starred"),
    ("+4", "other articles of the same story; x or a click shows them under it, ▾4 hides them again"),
    ("▲ ▼", "what the share did since the headline was published (t: day 0, abnormal, dollars)"),
    ("*", "the price before the headline is older than 30 minutes: a night or a weekend lies between"),
    ("~", "the price is older than it should be; the status line or the watchlist says why"),
    ("⚠", "a feed that does not answer; its line in the side bar says why and when it is asked again"),
)


class HelpScreen(ModalScreen[None]):
    """A page over the window; any of its keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,question_mark,enter", "dismiss", "Close"),
        ("j", "scroll(1)", "Down"),
        ("k", "scroll(-1)", "Up"),
    ]

    def __init__(self, keys: Mapping[str, str], label: str | None, *, is_replay: bool) -> None:
        super().__init__()
        self._keys = keys
        self._label = label
        self._is_replay = is_replay

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        with VerticalScroll(id="help") as page:
            page.border_title = Content("Keys and signs")
            page.border_subtitle = Content("Esc closes")
            yield Static(self._text(), markup=False)

    def action_scroll(self, lines: int) -> None:
        """Scroll the page."""
        self.query_one("#help").scroll_relative(y=lines, animate=False)

    def _text(self) -> Content:
        parts: list[Content] = []
        if self._label is not None:
            parts.append(Content.styled(f"{self._label}\n\n", "$tracker-mark"))
        for group in GROUPS:
            commands = [one for one in COMMANDS if one.group == group and (self._is_replay or not one.replay)]
            if not commands:
                continue
            parts.append(Content.styled(f"{group}\n", "bold $tracker-accent"))
            for command in commands:
                shown = " ".join(key_text(key) for key in keys_of(command, self._keys))
                parts.append(Content.assemble((f"  {shown:<14}", "bold"), f"{command.description}\n"))
            parts.append(Content("\n"))
        parts.append(Content.styled("Signs\n", "bold $tracker-accent"))
        parts.extend(Content.assemble((f"  {sign:<14}", "bold"), f"{words}\n") for sign, words in _SIGNS)
        parts.append(Content.styled("\nSearch\n", "bold $tracker-accent"))
        parts.append(Content('  words and "phrases" in title and text; side by side is AND; also OR, NOT or -, ( )\n'))
        parts.extend(Content.assemble((f"  {name + ':':<14}", "bold"), f"{words}\n") for name, words in FIELDS.items())
        return Content.assemble(*parts)

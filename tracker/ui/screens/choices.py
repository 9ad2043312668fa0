"""A list over the window to choose one line from, on the keys that move in the headlines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, TypeVar

from textual.binding import BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList

from tracker.ui.commands import bindings_for, first_key

Chosen = TypeVar("Chosen")


class ChoicesScreen(ModalScreen[Chosen | None]):
    """Moves in the one list of the screen; a subclass fills it and closes with what was chosen, or None.

    Args:
        keys: the user's keys.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(
            {
                "list.next": "move('cursor_down')",
                "list.previous": "move('cursor_up')",
                "list.page_down": "move('page_down')",
                "list.page_up": "move('page_up')",
                "list.first": "move('first')",
                "list.last": "move('last')",
                "article.open": "move('select')",
                "article.back": "dismiss",
                "app.quit": "dismiss",
            }
        )
    ]

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._keys = keys

    def hint(self, verb: str) -> str:
        """Return which key chooses, with what it does, and which closes."""
        return f"{first_key('article.open', self._keys)} {verb}, {first_key('article.back', self._keys)} closes"

    def say(self, text: str) -> None:
        """Show a text in the lower border."""
        self.query_one(OptionList).border_subtitle = Content(text)

    async def action_move(self, name: str) -> None:
        """Do what an action of the list does."""
        await self.query_one(OptionList).run_action(name)

"""A list over the window to choose one line from, on the keys that move in the headlines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import OptionList

from tracker.ui.commands import HELP, bindings_for, first_key

Chosen = TypeVar("Chosen")


class ChoicesScreen(ModalScreen[Chosen | None]):
    """A list; closes with what was chosen, or None.

    Args:
        name: the id of the list.
        title: what its options are.
        keys: the user's keys.
    """

    CSS_PATH = "pages.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(
            {
                **HELP,
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

    options = query_one(OptionList)

    def __init__(self, name: str, title: str, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._list_id = name
        self._title = title
        self._keys = keys
        self._answers: list[Chosen | None] = []

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        options = OptionList(id=self._list_id)
        options.border_title = Content(self._title)
        yield options

    def show(self, options: Iterable[tuple[Content, Chosen | None]], hint: str) -> None:
        """Show options, each with what choosing it closes with; as Content, nothing in a feed's text is markup."""
        found = list(options)
        self._answers = [answer for _, answer in found]
        self.options.clear_options()
        self.options.add_options([prompt for prompt, _ in found])
        self.options.highlighted = 0 if found else None
        self.say(hint)

    def hint(self, verb: str) -> str:
        """Return which key chooses, with what it does, and which closes."""
        return f"{first_key('article.open', self._keys)} {verb}, {first_key('article.back', self._keys)} closes"

    def say(self, text: str) -> None:
        """Show a text in the lower border."""
        self.options.border_subtitle = Content(text)

    async def action_move(self, name: str) -> None:
        """Do what an action of the list does."""
        await self.options.run_action(name)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose the option under the cursor, or the one that was clicked."""
        self.dismiss(self._answers[event.option_index])

"""Links, to choose one by its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tracker.model.shown import show_host
from tracker.ui.commands import bindings_for
from tracker.ui.screens.choices import ChoicesScreen


class LinksScreen(ChoicesScreen[str]):
    """A small list over the window; a number or Enter chooses, anything that closes chooses none.

    Args:
        links: the addresses.
        keys: the user's keys.
        title: what they are.
        labels: how they are shown; None: as addresses.
        verb: what choosing one does.
    """

    # With priority a number that is typed right after the key that opens the list is not lost.
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(number), f"choose({number})", show=False, priority=True) for number in range(1, 10)),
        *bindings_for({"article.links": "dismiss"}),
    ]

    def __init__(
        self,
        links: Sequence[str],
        *,
        keys: Mapping[str, str],
        title: str = "Links",
        labels: Sequence[str] | None = None,
        verb: str = "opens",
    ) -> None:
        super().__init__(keys)
        self._links = tuple(links)
        self._labels = tuple(labels or map(show_host, links))
        self._title = title
        self._verb = verb

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        # Addresses come from feeds: as Content nothing in them is read as markup.
        prompts = [
            Content.assemble((f"{f'[{number}]':>4} ", "$tracker-muted"), Content(label))
            for number, label in enumerate(self._labels, 1)
        ]
        choices = OptionList(*(Option(prompt) for prompt in prompts), id="links")
        choices.border_title = Content(self._title)
        choices.border_subtitle = Content(f"1 to 9 or {self.hint(self._verb)}")
        yield choices

    def action_choose(self, number: int) -> None:
        """Choose by number."""
        if number <= len(self._links):
            self.dismiss(self._links[number - 1])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose the line under the cursor, or the one that was clicked."""
        self.dismiss(self._links[event.option_index])

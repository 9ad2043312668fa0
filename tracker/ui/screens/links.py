"""Links, to choose one by its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

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
        super().__init__("links", title, keys)
        self._links = tuple(links)
        self._labels = tuple(labels or map(show_host, links))
        self._verb = verb

    def on_mount(self) -> None:
        """Show the links."""
        prompts = [
            Content.assemble((f"{f'[{number}]':>4} ", "$tracker-muted"), Content(label))
            for number, label in enumerate(self._labels, 1)
        ]
        self.show(zip(prompts, self._links, strict=True), f"1 to 9 or {self.hint(self._verb)}")

    def action_choose(self, number: int) -> None:
        """Choose by number."""
        if number <= len(self._links):
            self.dismiss(self._links[number - 1])

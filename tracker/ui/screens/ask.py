"""A small dialog that asks for one line of text."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input


class AskScreen(ModalScreen[str | None]):
    """Closes with the text that was typed, or None.

    Args:
        title: what is asked for.
        hint: shown while nothing is typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "Close")]

    def __init__(self, title: str, hint: str) -> None:
        super().__init__()
        self._title = title
        self._hint = hint

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        line = Input(placeholder=self._hint, id="ask")
        line.border_title = Content(self._title)
        line.border_subtitle = Content("Enter saves, Esc closes")
        yield line

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Close with the text, if there is one."""
        event.stop()
        if text := event.value.strip():
            self.dismiss(text)

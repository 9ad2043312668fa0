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
        value: what is there at first.
        may_be_empty: closes with "" where nothing is typed.
        is_selected: what is there at first goes with the first character that is typed.
    """

    CSS_PATH = "pages.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "Close")]

    def __init__(
        self, title: str, hint: str, value: str = "", *, may_be_empty: bool = False, is_selected: bool = False
    ) -> None:
        super().__init__()
        self._is_selected = is_selected
        self._value = value
        self._may_be_empty = may_be_empty
        self._title = title
        self._hint = hint

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        line = Input(self._value, placeholder=self._hint, id="ask", select_on_focus=self._is_selected)
        line.border_title = Content(self._title)
        line.border_subtitle = Content("Enter saves, Esc closes")
        yield line

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Close with the text, if there is one."""
        event.stop()
        text = event.value.strip()
        if text or self._may_be_empty:
            self.dismiss(text)

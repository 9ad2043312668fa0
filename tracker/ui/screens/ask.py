"""A small dialog that asks for one line of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tracker.ui.widgets.text_field import TextField

Attempt = Callable[[str, Callable[[str | None], None]], None]
"""Does what the text was asked for, and then calls back: with None, or with why it was refused."""


class AskScreen(ModalScreen[str | None]):
    """Closes with the text that was typed, or None.

    Args:
        title: what is asked for.
        hint: shown while nothing is typed.
        value: what is there at first.
        may_be_empty: closes with "" where nothing is typed.
        is_selected: what is there at first goes with the first character that is typed.
        attempt: tries the text; a refused one stays, with the reason below it, until it is changed or given up.
    """

    CSS_PATH = "pages.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "Close")]

    def __init__(
        self,
        title: str,
        hint: str,
        value: str = "",
        *,
        may_be_empty: bool = False,
        is_selected: bool = False,
        attempt: Attempt | None = None,
    ) -> None:
        super().__init__()
        self._attempt = attempt
        self._is_trying = False
        self._is_selected = is_selected
        self._value = value
        self._may_be_empty = may_be_empty
        self._title = title
        self._hint = hint

    def compose(self) -> ComposeResult:
        """Lay out the line, and below it the place of a reason."""
        line = TextField(self._value, placeholder=self._hint, id="ask", select_on_focus=self._is_selected)
        line.border_title = Content(self._title)
        line.border_subtitle = Content("Enter saves, Esc closes")
        with Vertical(id="ask-box"):
            yield line
            yield Static("", markup=False, id="ask-problem")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take the reason away: it was about another text."""
        event.stop()
        self._show_problem("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Close with the text, if there is one, once it is not refused."""
        event.stop()
        text = event.value.strip()
        if self._is_trying or not (text or self._may_be_empty):
            return
        if self._attempt is None:
            self.dismiss(text)
            return
        self._is_trying = True
        self._attempt(text, lambda problem: self._tried(text, problem))

    def _tried(self, text: str, problem: str | None) -> None:
        self._is_trying = False
        if not self.is_current:  # given up meanwhile: the status line says it
            return
        if problem is None:
            self.dismiss(text)
        else:
            self._show_problem(problem)

    def _show_problem(self, text: str) -> None:
        line = self.query_one("#ask-problem", Static)
        line.update(Content(text))
        line.display = bool(text)

"""The terminal's side of the window: a driver of Textual's that sends only what changes on the screen."""

from __future__ import annotations

from typing import Any

from textual.driver import Driver

from tracker.ui.terminal_cells import TerminalCells


class ChangesOnly(Driver):
    """Stands before another driver among the ancestors of a class."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._cells = TerminalCells()
        self.is_resumed = False
        """True from when the window has the terminal again after a suspension until it is drawn."""

    def forget_screen(self) -> None:
        """Send all cells again: the terminal may show others."""
        self._cells.forget()

    def resume_application_mode(self) -> None:
        """Take the terminal again. Its screen is empty then, and Textual draws nothing after the `fg` of a shell."""
        self.is_resumed = True
        super().resume_application_mode()

    def write(self, data: str) -> None:
        """Write what changes the screen."""
        short = self._cells.shortened(data)
        if short:
            super().write(short)  # type: ignore[safe-super]  # the driver behind this one


def sending_changes(driver: type[Driver]) -> type[Driver]:
    """Return a driver like another one that sends only what changes."""
    return type(f"ChangesOnly{driver.__name__}", (ChangesOnly, driver), {})

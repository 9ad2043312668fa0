"""Changes to feeds.toml from the window."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import SuspendNotSupported
from textual.screen import Screen

from tracker.model.errors import ConfigError
from tracker.ui.parts.reloading import Reloading
from tracker.ui.parts.status_line import StatusLine

if TYPE_CHECKING:
    from tracker.config.current import ConfigFile

_NO_FILE = "this window has no feeds.toml to edit"


class Editing:
    """Opens feeds.toml in the user's editor.

    Args:
        file: None for a configuration that stays as it is.
    """

    def __init__(
        self, screen: Screen[Any], status: StatusLine, *, reloading: Reloading, file: ConfigFile | None
    ) -> None:
        self._screen = screen
        self._status = status
        self._reloading = reloading
        self._file = file

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {"config.edit": self.open_editor}

    def open_editor(self) -> None:
        """Edit the user's feeds.toml, then read it again."""
        if self._file is None:
            self._status.show_message(_NO_FILE)
        else:
            self._screen.run_worker(self._edit(self._file), group="editor", exit_on_error=False)

    async def _edit(self, file: ConfigFile) -> None:
        from tracker.ui.editor import EditorError, editor_command, run_editor  # rarely needed

        try:
            command = editor_command(os.environ)
            path = await asyncio.to_thread(file.own)
            with self._screen.app.suspend():
                problem = run_editor(command, path)
        except (EditorError, ConfigError) as error:
            self._status.show_warning(str(error))
            return
        except SuspendNotSupported:
            self._status.show_warning("this terminal cannot be handed to an editor")
            return
        self._reloading.look_now()
        if problem is not None:
            self._status.show_warning(problem)

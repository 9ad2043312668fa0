"""Changes to feeds.toml from the window."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from textual.app import SuspendNotSupported

from tracker.config.edit import add_view
from tracker.config.rewrite import Edit, undo_edit
from tracker.model.config import View
from tracker.model.errors import ConfigError
from tracker.ui.marks import MarkError, Marks
from tracker.ui.parts.part import Part, Shared
from tracker.ui.parts.reloading import Reloading
from tracker.ui.status import refusal_text
from tracker.ui.tasks import run_task

if TYPE_CHECKING:
    from tracker.config.current import ConfigFile
    from tracker.store.write import Writer

Tried = Callable[[str | None], None]
"""Takes None where a change was made, or why it was refused."""
NO_FILE = "this window has no feeds.toml to edit"


class Edited(Struct, frozen=True):
    """A change to feeds.toml that was made."""

    edit: Edit
    said: str | None = None
    """What to say in place of the usual words."""
    rules: Mapping[str, str] = {}
    """The keys of alert rules that changed with it: before, and after."""

    def undo(self, writer: Writer) -> None:
        """Undo it, in the database only if the file has not changed since."""
        with writer.alerts.renaming({after: before for before, after in self.rules.items()}):
            undo_edit(self.edit)


class Editing(Part):
    """Opens feeds.toml in the user's editor, and writes to it what the window is asked to keep."""

    def __init__(self, shared: Shared, *, reloading: Reloading, marks: Marks) -> None:
        super().__init__(shared)
        self._reloading = reloading
        self._marks = marks

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {"config.edit": self.open_editor, "view.save": self.save_view}

    @property
    def has_file(self) -> bool:
        """True where the window has a feeds.toml to write to."""
        return self._file is not None

    def open_editor(self) -> None:
        """Edit the user's feeds.toml, then read it again."""
        if self._file is None:
            self._status.show_message(NO_FILE)
        else:
            run_task(self._screen, partial(self._edit, self._file), "editor")

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
        before = self._view.config
        self._reloading.look_now()
        config = self._view.config
        if problem is not None:
            self._status.show_warning(problem)
        elif file.problem is None and replace(config, stamp=before.stamp) == before:
            self._status.show_message("nothing changed in feeds.toml")

    # -- views --------------------------------------------------------------------------
    def save_view(self) -> None:
        """Ask for a name, and save what is shown as a view."""
        from tracker.ui.screens.ask import AskScreen  # rarely needed

        scope = self._view.scope
        query = scope.text()
        if self._file is None:
            self._status.show_message(NO_FILE)
        elif not query or query == scope.place.query:
            self._status.show_message(f"nothing to save: search first ({self._status.key('search.open')})")
        else:
            screen = AskScreen(
                "Save as a view", f"a name for {query}", attempt=lambda name, tried: self._save_view(name, query, tried)
            )
            self._screen.app.push_screen(screen)

    def _save_view(self, name: str, query: str, tried: Tried) -> None:
        done = f'saved the view "{name}": {query}'
        self.change(
            lambda path: Edited(add_view(path, View(name, query))), done, lambda text: tried(None), refused=tried
        )

    def change(
        self,
        change: Callable[[Path], Edited],
        done: str,
        then: Callable[[str], None],
        *,
        refused: Callable[[str], None] | None = None,
    ) -> None:
        """Change the user's feeds.toml in the background, and read it again.

        Args:
            change: makes the change.
            done: what to say when it is done; where the file was made for it, that is said, too.
            then: takes what is said, or why it was not done.
            refused: takes why it was not done, in place of `then`.
        """
        refused = refused or then
        file = self._file
        if file is None:
            self._status.show_message(NO_FILE)
            refused(NO_FILE)
            return

        async def work() -> None:
            try:
                path = await asyncio.to_thread(file.own)
                edited = await asyncio.to_thread(change, path)
            except ConfigError as error:
                problem = refusal_text(str(error), self._view.config)
                self._status.show_warning(problem)
                refused(problem)
                return
            said = edited.said or done
            self._marks.note_edit(said.partition(";")[0].partition(" · ")[0], edited.undo)
            is_new = path != self._view.config.path
            self._reloading.look_now()
            if is_new:
                said += f" · copied the shipped feeds to {path}"
            said += f" · {self._status.key('edit.undo')} undoes this"
            self._status.show_message(said)
            then(said)

        run_task(self._screen, work, "config")

    def undo(self, then: Callable[[str], None]) -> None:
        """Undo the last change in the background, if it was one to feeds.toml, and read the file again.

        Args:
            then: takes what is said.
        """
        last = self._marks.last
        if last is None or not last.is_of_file:
            then("nothing to undo here")
            return

        async def work() -> None:
            try:
                undone = await self._marks.undo()
            except MarkError as error:
                self._status.show_warning(str(error))
                then(str(error))
                return
            self._reloading.look_now()
            said = "nothing to undo here" if undone is None else f"undone: {undone.text}"
            self._status.show_message(said)
            then(said)

        run_task(self._screen, work, "config")

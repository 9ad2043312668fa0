"""Muting from the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tracker.config.edit import add_mute, remove_mute
from tracker.config.rewrite import Edit, undo_edit
from tracker.model.errors import ConfigError
from tracker.model.plurals import count_noun
from tracker.ui.marks import Marks
from tracker.ui.parts.listing import Listing
from tracker.ui.parts.part import Part, Shared
from tracker.ui.parts.reading import Reading
from tracker.ui.parts.reloading import Reloading

if TYPE_CHECKING:
    from tracker.config.current import ConfigFile
    from tracker.ui.screens.mute import MuteChoice


class Muting(Part):
    """Asks what to mute, writes the rule to feeds.toml and hides what it matches."""

    def __init__(
        self, shared: Shared, *, listing: Listing, reading: Reading, reloading: Reloading, marks: Marks
    ) -> None:
        super().__init__(shared)
        self._listing = listing
        self._reading = reading
        self._reloading = reloading
        self._marks = marks

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {"article.mute": self.ask}

    def ask(self) -> None:
        """Show what could be muted at the article under the cursor."""
        row = self._headlines.headline
        if self._file is None:
            self._status.show_message("this window has no feeds.toml to keep a rule in")
        elif row is not None:
            from tracker.ui.screens.mute import MuteScreen, count_choices  # rarely needed

            screen = MuteScreen(partial(count_choices, self._db, row, self._view.clock()), self._view.config.keys)
            self._screen.app.push_screen(screen, partial(self._chosen, self._file))

    def _chosen(self, file: ConfigFile, choice: MuteChoice | None) -> None:
        if choice is None:
            return
        rule, before = choice.query, self._view.config.mutes
        edits: list[Edit] = []

        def remove() -> None:
            try:
                undo_edit(edits[-1])  # leaves no trace, so that older changes can be undone after it
            except ConfigError:
                remove_mute(file.own(), rule)

        async def store() -> None:
            hidden = await self._marks.mute(
                rule,
                before,
                self._view.clock(),
                add=lambda: edits.append(add_mute(file.own(), rule)),
                remove=remove,
            )
            self._reloading.look_now()
            done = f"muted {choice.label}: {count_noun(len(hidden), 'article', 'articles')} hidden"
            self._status.show_message(self._reading.can_undo(done))
            self._listing.open(self._next_shown(hidden), first_at_once=True)

        self._reading.store(store)

    def _next_shown(self, hidden: frozenset[int]) -> int | None:
        """Return the first article from the cursor on that is still shown."""
        return next((one for one in self._headlines.window.ids[self._headlines.cursor :] if one not in hidden), None)

"""The status line: activity, problems, and the keys that fit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from rich.cells import cell_len
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer

from tracker.model.feed import FeedSynced
from tracker.model.plurals import agree, count_noun
from tracker.ui import status
from tracker.ui.commands import Hint, first_key, hints
from tracker.ui.parts.panes import Panes
from tracker.ui.parts.view import ViewState
from tracker.ui.parts.widgets import Widgets
from tracker.ui.replay import replay_text
from tracker.ui.widgets.key_line import clickable
from tracker.ui.widgets.side_rows import failing, reason_text

_MESSAGE_SECONDS = 8.0
_FIRST_HINTS = 4
_HELP_CELLS = 9  # whatever there is to say, the way to the help stays in sight


class StatusLine:
    """Shows temporary messages, and the current state when there is none.

    Args:
        pending: returns what waits for the reader's next key, in words; "" for nothing.
        useless: returns the commands that would do nothing now.
    """

    def __init__(
        self,
        screen: Screen[Any],
        view: ViewState,
        widgets: Widgets,
        panes: Panes,
        pending: Callable[[], str],
        useless: Callable[[], Collection[str]],
    ) -> None:
        self._screen = screen
        self._view = view
        self._panes = panes
        self._side = widgets.side
        self._search = widgets.search
        self._line = widgets.status
        self._whole = widgets.whole
        self._pending = pending
        self._useless = useless
        self._said: Content | None = None
        self._timer: Timer | None = None
        self._progress: tuple[int, int, FeedSynced | None] | None = None
        self._last_sync = ""
        self._names_failures = False
        self._config_problem: str | None = None
        self._is_problem_new = False
        """True until the next key: what is wrong is then shown in the status line alone, as far as it fits."""

    def key(self, command_id: str) -> str:
        """Return the key of a command as the user has it, for a message."""
        return first_key(command_id, self._view.config.keys)

    def show_message(self, text: str, *, is_warning: bool = False) -> None:
        """Show a temporary message."""
        self._said = Content.styled(text, "$tracker-warning") if is_warning else Content(text)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(_MESSAGE_SECONDS, self.clear_message)
        self.draw()

    def show_warning(self, text: str) -> None:
        """Show a temporary message about a problem."""
        self.show_message(text, is_warning=True)

    def clear_message(self) -> None:
        """Clear the temporary message."""
        if self._said is not None or self._is_problem_new:
            self._said, self._is_problem_new = None, False
            self.draw()

    def show_progress(self, done: int, due: int, last: FeedSynced | None) -> None:
        """Show the progress of a sync; `due` 0 removes it."""
        self._progress = (done, due, last) if due else None
        self.draw()

    def show_synced(self, text: str, *, names_failures: bool) -> None:
        """Show the result of the last sync while there is no message."""
        self._last_sync, self._names_failures = text, names_failures
        self.draw()

    def show_config_problem(self, problem: str | None) -> None:
        """Show what is wrong with feeds.toml until it is fixed."""
        if problem != self._config_problem:
            self._config_problem = problem
            self._said, self._is_problem_new = None, problem is not None
            self.draw()

    def draw(self) -> None:
        """Draw the message, then the keys that fit."""
        width = max(20, self._screen.size.width - 2)
        is_typing = self._screen.focused is self._search.field
        focused = "search" if is_typing else self._panes.current
        keys, useless = self._view.config.keys, self._useless()

        def size(chosen: Sequence[Hint]) -> int:
            return sum(cell_len(f"{hint.key} {hint.words}") + 2 for hint in chosen) - 2

        first = hints(focused, keys, lambda some: len(some) <= _FIRST_HINTS, useless)
        news = self._news(width - size(first) - 2)
        left = news.truncate(width - _HELP_CELLS, ellipsis=True)
        self._show_whole(news if left.cell_length < news.cell_length else None)
        room = width - left.cell_length - 2
        chosen = hints(focused, keys, lambda some: size(some) <= room, useless)
        pieces = [left, Content(" " * max(1, width - left.cell_length - size(chosen)))]
        for number, hint in enumerate(chosen):
            text = Content.assemble((hint.key, "bold $tracker-accent"), (f" {hint.words}", "$tracker-muted"))
            pieces.extend((Content("  " if number else ""), clickable(text, hint.command)))
        self._line.show([Content.assemble(*pieces)])

    def _show_whole(self, cut: Content | None) -> None:
        """Show a message that was cut in full: its reason is mostly at its end."""
        is_message = cut is not None and (self._said is not None or self._is_problem_new)
        if cut is not None and is_message:
            self._whole.update(cut)
        self._whole.display = is_message

    def _news(self, idle_room: int) -> Content:
        """Return what the line says; the result of the last sync, which waits for nobody, in that room at most."""
        view = self._view
        if self._said is not None:
            return self._said
        if pending := self._pending():
            return Content(pending)
        if self._config_problem is not None:
            return Content.styled(f"⚠ {status.problem_text(self._config_problem, view.config)}", "$tracker-warning")
        if self._progress is not None:
            return Content(status.progress_text(*self._progress))
        row = self._side.row
        is_on_side = row is not None and self._panes.current == "side"
        if row is not None and is_on_side and row.snoozed is not None:
            keys = f"{self.key('view.health')} {self.key('feed.snooze')}"
            return Content(f"{row.name}: {row.snoozed} · {keys} wakes it")
        reason = reason_text(row, view.states, view.clock()) if row is not None and is_on_side else None
        if reason is not None:
            return Content.styled(f"⚠ {reason}", "$tracker-warning")
        replay = "" if view.replay is None else replay_text(view.replay, view.config.keys)
        text = " · ".join(part for part in (self._last_sync, replay) if part)
        now = view.clock()
        followed = [feed for feed in view.config.feeds if feed.is_followed(now)]
        broken = sum(failing(view.states.get(feed.name)) is not None for feed in followed)
        of_all = f"{broken} of {count_noun(len(followed), 'feed', 'feeds')}"
        is_new = broken and not self._names_failures  # the result of the sync names them
        if not self._names_failures:
            text = status.fit_parts(text, idle_room)
        warning = f" · ⚠ {of_all} {agree(broken, 'is', 'are')} not responding" if is_new else ""
        return Content.assemble((text, "$tracker-muted"), (warning if text else warning[3:], "$tracker-warning"))

"""What a key does: the command of its id, a number before it, and the words where it does nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from tracker.model.commands import BY_ID
from tracker.ui.commands import key_text
from tracker.ui.parts.counting import Counting
from tracker.ui.parts.frame import Frame
from tracker.ui.parts.part import Part, Shared
from tracker.ui.parts.reading import Reading
from tracker.ui.parts.regrouping import Regrouping
from tracker.ui.parts.searching import Searching

Commands = Mapping[str, Callable[[], object]]
"""What each command of the registry does, by its id."""
Counted = Mapping[str, Callable[[int], object]]
"""What it does with a number before its key, where it takes one."""

_NO_ARTICLE = "no article selected"


class Keys(Part):
    """Runs commands, and answers the keys that mean something else in each pane: Enter, Escape, the help.

    Args:
        commands: those of all other parts.
        label: a sentence on what is real in the replay, for the help.
    """

    def __init__(
        self,
        shared: Shared,
        *,
        frame: Frame,
        counting: Counting,
        searching: Searching,
        reading: Reading,
        regrouping: Regrouping,
        commands: Commands,
        counted: Counted,
        label: str | None,
    ) -> None:
        super().__init__(shared)
        self._side = shared.widgets.side
        self._watchlist = shared.widgets.watchlist
        self._frame = frame
        self._counting = counting
        self._searching = searching
        self._reading = reading
        self._regrouping = regrouping
        self.commands: Commands = {
            "article.open": self._open,
            "article.back": self._back,
            "app.help": self.show_help,
            "app.signs": self.show_signs,
            "app.redraw": lambda: self._screen.app.run_action("redraw"),
            "app.suspend": lambda: self._screen.app.action_suspend_process(),
            "app.palette": lambda: self._screen.app.action_command_palette(),
            **commands,
        }
        self.counted = counted
        self._label = label

    async def run(self, command_id: str) -> None:
        """Do what a command of the registry says; the message of the one before goes."""
        was_counting = self._counting.is_pending
        count = self._counting.take(command_id)
        self._status.clear_message()
        if was_counting:
            self._status.draw()
        if was_counting and command_id == "article.back":
            return  # out of the number, and no farther
        if BY_ID[command_id].needs_article and self._headlines.headline is None:
            self._status.show_message(_NO_ARTICLE)
            return
        done = self.commands[command_id]() if count is None else self.counted[command_id](count)
        if isinstance(done, Awaitable):
            await done

    def digit(self, digit: str) -> None:
        """Take a digit of a number before a key."""
        self._status.clear_message()
        if self._counting.add(digit):
            self._status.draw()
        else:
            self._say_nothing_done(digit)

    def pressed(self, key: str, *, is_known: bool) -> None:
        """Take the message away with a key that is no command of this screen; say so of one that does nothing."""
        self._status.clear_message()
        if not is_known and not self._searching.is_typing:
            self._counting.drop()
            self._say_nothing_done(key)

    def _say_nothing_done(self, key: str) -> None:
        help_key = self._status.key("app.help")
        self._status.show_message(f"{key_text(key)} does nothing here; {help_key} shows every key")

    def _open(self) -> None:
        if self._searching.is_typing:
            self._searching.enter()
        elif self._panes.current == "side":
            if self._side.row is not None and self._side.row.place is None:
                self._frame.fold_current()
            else:
                self._panes.show("list")
        elif self._panes.current == "watch":
            self._watchlist.action_pick()
        elif self._searching.look_elsewhere():
            return
        elif self._headlines.headline is None:
            self._status.show_message(_NO_ARTICLE)
        else:
            self._reading.open_current(focus=True)

    def _back(self) -> None:
        """Stop marking, or go back by one: out of field, article, what is to be joined, search; never out of it all."""
        is_typing = self._searching.is_typing
        if not is_typing and self._reading.stop_marking():
            return
        if not is_typing and self._panes.current != "list":
            self._panes.show("list")
        elif not is_typing and self._regrouping.is_joining:
            self._regrouping.drop()
        else:
            self._searching.leave()

    def show_help(self) -> None:
        """Show every key, over whatever page is open."""
        from tracker.ui.screens.help import HelpScreen, help_text

        text = help_text(self._view.config.keys, self._label, is_replay=self._view.replay is not None)
        self._screen.app.push_screen(HelpScreen("Keys and signs", text, self._view.config.keys))

    def show_signs(self) -> None:
        """Show what every sign and number means."""
        from tracker.ui.screens.help import HelpScreen, signs_text

        self._screen.app.push_screen(HelpScreen("Signs and numbers", signs_text(), self._view.config.keys))

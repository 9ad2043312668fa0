"""The application: wiring only."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.driver import Driver
from textual.theme import Theme
from textual.worker import WorkerFailed

from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.sync.errorlog import FILE as ERRORS_FILE
from tracker.ui import themes
from tracker.ui.commands import bindings_for, keymap
from tracker.ui.driver import ChangesOnly, sending_changes
from tracker.ui.ending import Ending
from tracker.ui.first_turn import RestingSelector
from tracker.ui.messages import ConfigChanged, TerminalWrite
from tracker.ui.replay import Replay
from tracker.ui.screens.main import MainScreen
from tracker.ui.setup import Setup
from tracker.ui.state import load_state, save_state

if TYPE_CHECKING:
    import httpx
    from textual.command import Provider

    from tracker.config.current import ConfigFile
    from tracker.sync.process import ApartSync

_PAGES = Path(__file__).parent / "screens" / "pages.tcss"
_AFTER_START_SECONDS = 1.0
_EXIT_CODE = 130


def _provider() -> type[Provider]:
    from tracker.ui.palette import TrackerProvider

    return TrackerProvider


class TrackerApp(App[None]):
    """The window.

    Args:
        config: the configuration.
        config_file: where that is read again from when it changes; None for a configuration that stays as it is.
        db: the database; made when it is not there.
        state_dir: where the window's own state is kept.
        clock: what time it is.
        query: opens on this search.
        transport: replaces the network, for tests.
        demo: the clock of a replay, whose speed the keys change; the same one as `clock`.
        label: a sentence on what is real in the replay and what is interpolated.
        first_turn: what the event loop waits with, so that keys are answered before a thread goes on that stores.
        is_apart: syncs many feeds in a process of its own, which has the system's clock and network.
        early: the first sync, where it has begun already.

    Raises:
        StoreError: when the database cannot be used.
    """

    TITLE = "tracker"
    CSS_PATH = "tracker.tcss"
    COMMANDS = {_provider}  # noqa: RUF012 - Textual's class variable
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", show=False, priority=True),
        # Over every page and dialog, which only a binding with priority reaches from here.
        *(
            replace(one, priority=True)
            for one in bindings_for({"app.redraw": "redraw", "app.suspend": "suspend_process"})
        ),
    ]
    COMMAND_PALETTE_BINDING = "ctrl+backslash"  # the registry binds the palette's own keys

    def __init__(
        self,
        *,
        config: Config,
        db: Path,
        state_dir: Path,
        clock: Clock,
        query: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
        demo: Replay | None = None,
        label: str | None = None,
        config_file: ConfigFile | None = None,
        first_turn: RestingSelector | None = None,
        is_apart: bool = False,
        early: ApartSync | None = None,
    ) -> None:
        self._config = config
        self._first_turn = first_turn
        self._fitted: dict[str, tuple[Theme, Theme]] = {}
        """By name: a theme that was used, and the same with colours of moves."""
        self.failure: Exception | None = None
        """The error that ended the window."""
        super().__init__()
        state = load_state(state_dir)
        for own in (themes.DARK, themes.LIGHT):
            self.register_theme(own)
        self._use_theme(state.theme, config.settings.theme, "textual-dark")
        self.set_keymap(keymap(config.keys))
        self.main = MainScreen(
            Setup(
                config=config,
                config_file=config_file,
                db=db,
                clock=clock,
                state=state,
                remember=partial(save_state, state_dir),
                query=query,
                transport=transport,
                replay=demo,
                label=label,
                errors=state_dir / ERRORS_FILE,
                first_turn=first_turn,
                is_apart=is_apart,
                early=early,
            )
        )

    async def on_event(self, event: events.Event) -> None:
        """Note that somebody waits for an answer, or that the terminal has another size."""
        if self._first_turn is not None and isinstance(event, events.InputEvent):
            self._first_turn.note_input()
        if isinstance(event, events.Resize) and isinstance(self._driver, ChangesOnly):
            self._driver.forget_screen()
            if self._driver.is_resumed:  # which begins with such an event
                self._driver.is_resumed = False
                self.refresh()
        await super().on_event(event)

    def action_redraw(self) -> None:
        """Draw the whole screen, which begins in the upper left corner, so that all of it is sent."""
        self.refresh()

    def get_driver_class(self) -> type[Driver]:
        """Return the driver that writes to this kind of terminal."""
        driver = super().get_driver_class()
        return driver if sys.platform == "win32" else sending_changes(driver)  # there sequences are written in parts

    def on_config_changed(self, message: ConfigChanged) -> None:
        """Apply changed keys and colours; a theme chosen in the window stays until feeds.toml names another."""
        before, self._config = self._config.settings, message.config
        now = message.config.settings
        self.set_keymap(keymap(message.config.keys))
        if now.red_up != before.red_up:
            self._fitted.clear()
            self.refresh_css(animate=False)
        if now.theme != before.theme:
            self._use_theme(now.theme, self.theme)

    def on_terminal_write(self, message: TerminalWrite) -> None:
        """Ring the bell or show a notification, between two writes of what is drawn."""
        # As Textual's own bell does: there is no public way to write to the terminal in turn.
        if self._driver is not None and not self.is_headless:
            self._driver.write(message.sequence)

    def _use_theme(self, *names: str | None) -> None:
        known = self.available_themes
        self.theme = next(name for name in names if name is not None and name in known)

    def get_theme(self, theme_name: str) -> Theme | None:
        """Return a theme with the colours of moves, which are fitted when it is first used: all take 80 ms."""
        theme = super().get_theme(theme_name)
        if theme is None:
            return None
        known = self._fitted.get(theme.name)
        if known is None or known[0] is not theme:
            known = self._fitted[theme.name] = (theme, themes.fitted(theme, red_up=self._config.settings.red_up))
        return known[1]

    def on_load(self) -> None:
        """Make signals close the window cleanly, from before it takes over the terminal."""
        self._take_signals(self._end)

    def _take_signals(self, end: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                with suppress(NotImplementedError, RuntimeError, ValueError):  # Windows; not the main thread
                    loop.add_signal_handler(number, end)

    def _watch_the_terminal(self) -> None:
        loop = asyncio.get_running_loop()
        ending = Ending(lambda: loop.call_soon_threadsafe(self._end), _EXIT_CODE, leave=os._exit)
        ending.watch(sys.stdin.fileno())
        self._take_signals(ending.begin)

    def _suspend_in_turn(self) -> None:
        # Textual's own handlers run in the middle of whatever is drawn, and write to the terminal through a queue whose
        # lock the interrupted code may hold: the window then freezes. The loop calls them between tasks.
        loop = asyncio.get_running_loop()
        for name in ("SIGTSTP", "SIGCONT"):
            number = getattr(signal, name, None)
            if number is not None and callable(handler := signal.getsignal(number)):
                with suppress(RuntimeError, ValueError):  # not the main thread
                    loop.add_signal_handler(number, handler, number, None)

    def _end(self) -> None:
        with suppress(NoMatches):  # nothing to remember yet
            self.main.remember_now()
        self.exit(return_code=_EXIT_CODE)

    def _handle_exception(self, error: Exception) -> None:
        # Textual has no public hook for this. Its own handler prints a traceback with every local variable, which may
        # hold secrets; here the error leaves the app once the terminal is restored, for whoever opened the window.
        if self.is_headless:
            super()._handle_exception(error)
            return
        cause = error.error if isinstance(error, WorkerFailed) else error
        self.failure = self.failure or (cause if isinstance(cause, Exception) else error)
        self.panic()

    def end(self) -> int:
        """Return the exit code after `run`.

        Raises:
            Exception: the error that ended the window, if one did.
        """
        if self.failure is not None:
            raise self.failure
        return self.return_code or 0

    def on_mount(self) -> None:
        """Take Ctrl+Z in turn, and do what the first paint does not need."""
        self._suspend_in_turn()
        if not self.is_headless:
            self._watch_the_terminal()
        self.set_timer(_AFTER_START_SECONDS, self._after_start)

    def _after_start(self) -> None:
        # An entry point that starts without the collector opens the window 15% sooner. What is there by now stays: to
        # look through all of it again and again would hold up a key for 30 ms each time.
        gc.freeze()
        gc.enable()
        # A page that is opened before brings them itself, but then Textual parses all styles again.
        self.stylesheet.read(_PAGES)
        self.stylesheet.parse()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the colours of a theme that does not bring its own."""
        return themes.variable_defaults(self._config.settings.red_up)

    def get_default_screen(self) -> MainScreen:
        """Return the main screen."""
        return self.main

    def handle_bindings_clash(self, clashed_bindings: set[Binding], node: DOMNode) -> None:
        """Prefer the user's key; a command that loses its default key is still in the palette."""

    def action_show_help(self) -> None:
        """Show every key over the page that is open."""
        self.main.parts.keys.show_help()

    def action_show_signs(self) -> None:
        """Show every sign over the page that is open."""
        self.main.parts.keys.show_signs()

    async def action_quit(self) -> None:
        """Quit as `q` does."""
        await self.main.quit()

"""The alerts that fired lately, to go to the article of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from tracker.alerts.words import rule_text
from tracker.model.config import Config
from tracker.store.alerts import Fired
from tracker.ui.commands import bindings_for
from tracker.ui.newest_only import NewestOnly
from tracker.ui.screens.choices import ChoicesScreen
from tracker.ui.widgets.article_text import ZONE
from tracker.words.times import day_text, time_text


class AlertsScreen(ChoicesScreen[int]):
    """A list over the window; closes with the article of the alert that was chosen, or None.

    Args:
        read: reads the alerts; runs in a thread.
        now: the time.
        nothing: what to say where none has fired.
        config: its rules and keys.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for({"alert.list": "dismiss"})]

    def __init__(self, read: Callable[[], list[Fired]], now: datetime, nothing: str, *, config: Config) -> None:
        super().__init__("alerts", "Alerts", config.keys)
        self._read = read
        self._rules = config.alerts
        self._now = now
        self._nothing = nothing
        self._reads: NewestOnly[list[Fired]] = NewestOnly(self, "alerts", self._show, self.say)

    def on_mount(self) -> None:
        """Read in the background."""
        self._reads.read(self._read)

    def _show(self, found: list[Fired]) -> None:
        # One of a coming date has no article.
        options = [(self._prompt(one), one.article_id) for one in found]
        self.show(options, self.hint("goes to the article") if found else self._nothing)

    def _prompt(self, one: Fired) -> Content:
        when = f"{day_text(one.fired, ZONE, self._now)} {time_text(one.fired, ZONE)}"
        problem = "not sent yet" if one.sent is None else one.problem
        return Content.assemble(
            (f"{when}  ", "$tracker-muted"),
            one.title,
            (f"  {one.source} · {rule_text(one.rule, self._rules)}", "$tracker-muted"),
            (f"  ⚠ {problem}" if problem else "", "$tracker-warning"),
        )

"""The alerts that fired lately, to go to the article of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

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
        keys: the user's keys.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for({"alert.list": "dismiss"})]

    def __init__(
        self, read: Callable[[], list[Fired]], now: datetime, nothing: str, *, keys: Mapping[str, str]
    ) -> None:
        super().__init__(keys)
        self._read = read
        self._now = now
        self._nothing = nothing
        self._fired: Sequence[Fired] = ()
        self._reads: NewestOnly[list[Fired]] = NewestOnly(self, "alerts", self._show, self.say)

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        alerts = OptionList(id="alerts")
        alerts.border_title = Content("Alerts")
        yield alerts

    def on_mount(self) -> None:
        """Read in the background."""
        self._reads.read(self._read)

    def _show(self, found: list[Fired]) -> None:
        self._fired = found
        alerts = self.query_one(OptionList)
        alerts.clear_options()
        # Titles come from feeds: as Content nothing in them is read as markup.
        for one in found:
            when = f"{day_text(one.fired, ZONE, self._now)} {time_text(one.fired, ZONE)}"
            problem = "not sent yet" if one.sent is None else one.problem
            alerts.add_option(
                Option(
                    Content.assemble(
                        (f"{when}  ", "$tracker-muted"),
                        one.title,
                        (f"  {one.source} · {one.rule}", "$tracker-muted"),
                        (f"  ⚠ {problem}" if problem else "", "$tracker-warning"),
                    )
                )
            )
        alerts.highlighted = 0 if found else None
        self.say(self.hint("goes to the article") if found else self._nothing)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose an alert; one of a coming date has no article."""
        self.dismiss(self._fired[event.option_index].article_id)

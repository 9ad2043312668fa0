"""The status line's widget: its keys can be clicked."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.style import Style

from tracker.model.commands import BY_ID
from tracker.ui.commands import action_of
from tracker.ui.widgets.left_clicks import LeftClicks
from tracker.ui.widgets.text_lines import TextLines

_COMMAND = "command"


def clickable(text: Content, command: str) -> Content:
    """Return a text that runs a command where it is clicked; Textual's own "@click" would draw it as a link."""
    return text.stylize(Style.from_meta({_COMMAND: command}))


class KeyLine(LeftClicks, TextLines):
    """A line in which some texts are `clickable`."""

    def clicked(self, event: events.Click) -> None:
        """Run the command of the text that was clicked, as its key does."""
        command = BY_ID.get(event.style.meta.get(_COMMAND, ""))
        if command is not None:
            self.call_later(self.screen.run_action, action_of(command))

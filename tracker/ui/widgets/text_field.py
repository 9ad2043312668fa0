"""A line to type in, for the search and the dialogs."""

from __future__ import annotations

from textual import events
from textual.widgets import Input


class TextField(Input):
    """An input that takes all lines of what is pasted, as one; Textual's own takes the first and drops the others."""

    def on_paste(self, event: events.Paste) -> None:
        """Insert what is pasted in place of what is selected."""
        event.prevent_default()
        event.stop()
        text = " ".join(line for line in map(str.strip, event.text.splitlines()) if line)
        if self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)

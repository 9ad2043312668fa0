"""Which button of the mouse counts."""

from __future__ import annotations

from textual import events

_LEFT = 1


class LeftClicks:
    """A base of widgets that answer the left button; in many terminals the others paste or open a menu."""

    def on_click(self, event: events.Click) -> None:
        """Hand on clicks of the left button."""
        if event.button == _LEFT:
            self.clicked(event)

    def clicked(self, event: events.Click) -> None:
        """Called for a click of the left button."""
        raise NotImplementedError

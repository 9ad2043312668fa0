"""Messages that come in bursts."""

from __future__ import annotations

from textual.message import Message


class LastOfBurst(Message):
    """A message that makes an earlier one of its class needless that still waits."""

    def can_replace(self, message: Message) -> bool:
        """Return whether the message that waits is of the same class."""
        return isinstance(message, type(self))

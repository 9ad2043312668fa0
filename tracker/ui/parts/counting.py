"""Numbers typed before a key: `5j` goes five lines down."""

from __future__ import annotations

from tracker.model.commands import BY_ID

_MAX_DIGITS = 6


class Counting:
    """Collects digits for the next command; one that takes no count, or another key, drops them."""

    def __init__(self) -> None:
        self._digits = ""
        self._line: int | None = None

    @property
    def is_pending(self) -> bool:
        """True while a number waits for its key."""
        return bool(self._digits)

    def text(self) -> str:
        """Return the number that waits, as the status line shows it; "" for none."""
        return f"{self._digits} …" if self._digits else ""

    def add(self, digit: str) -> bool:
        """Add a digit; return False for a zero that begins no number."""
        if not self._digits and digit == "0":
            return False
        if len(self._digits) < _MAX_DIGITS:
            self._digits += digit
        return True

    def drop(self) -> None:
        """Forget the number."""
        self._digits = ""

    def take(self, command_id: str) -> int | None:
        """Return the number for a command and forget it; None without one, or where the command takes none."""
        count = int(self._digits) if self._digits else None
        self._digits = ""
        if command_id == "list.first" and count is None:
            count = self._line  # `5gg`: the first of the two has gone to the line, the second stays there
        self._line = count if command_id == "list.first" else None
        return count if BY_ID[command_id].takes_count else None

"""What a command says of slow work far below it, such as the update of an old database."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

NOTICE: ContextVar[Callable[[str], object] | None] = ContextVar("NOTICE", default=None)
"""Takes a message for the user; None where nobody is there to read it."""


def notify(text: str) -> None:
    """Tell the user of the work that begins now."""
    tell = NOTICE.get()
    if tell is not None:
        tell(text)

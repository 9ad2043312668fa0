"""Trading halts, as the list of the exchange tells them."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

OPEN_END = timedelta(days=1)
"""How long a halt counts whose end is not known: the list of the exchange is one of the day."""


class Halt(Struct, frozen=True):
    """A stretch in which a share was not traded."""

    symbol: str
    start: datetime
    resumes: datetime | None = None
    """When trading resumes; None while nobody has said so."""

    def is_on(self, now: datetime) -> bool:
        """Return whether trading is halted at `now`."""
        return self.start <= now < (self.resumes or self.start + OPEN_END)

"""How blocking work is run beside an event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

_T = TypeVar("_T")


class RunBlocking(Protocol):
    """Runs a blocking step, here or in a thread, and returns its result."""

    async def __call__(self, step: Callable[[], _T], /) -> _T:
        """Run one step."""

"""How far a sync has come; pure."""

from __future__ import annotations

_CELLS = 8


def sync_progress(done: int, due: int, signs: str = "▰▱") -> str:
    """Return "sync 17/23 ▰▰▰▰▰▱▱▱", full where nothing is due; `signs` of what is done and of what is not."""
    filled = _CELLS * done // due if due else _CELLS
    return f"sync {done}/{due} {signs[0] * filled}{signs[1] * (_CELLS - filled)}"

"""What the command line hands to the entry point when a window is to be opened, as it knows no Textual itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from tracker.model.clock import Clock
from tracker.model.config import Config


class LaunchWindow(Struct, frozen=True):
    """A window to open."""

    config: Config
    db: Path
    """The user's; a demo uses a separate one."""
    state_dir: Path
    clock: Clock
    query: str = ""
    demo: bool = False
    speed: float | None = None
    """Of the replay; None for its own."""
    at: datetime | None = None
    """Where the replay starts (TRACKER_NOW); None for its own start."""
    find_config: Callable[[], Path] | None = None
    """Returns the file that `config` is read again from when it changes; None for one that stays as it is."""
    own_config: Callable[[], Path] | None = None
    """Returns the file to edit, a copy of the user's own where `find_config` returns the shipped one."""

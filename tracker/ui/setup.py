"""What a window is opened with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.ui.first_turn import RestingSelector
from tracker.ui.replay import Replay
from tracker.ui.state import WindowState

if TYPE_CHECKING:
    import httpx

    from tracker.config.current import ConfigFile
    from tracker.sync.process import ApartSync


class Setup(Struct, frozen=True, kw_only=True):
    """Everything that the main screen and its parts are made from."""

    config: Config
    config_file: ConfigFile | None
    """Where `config` is read again from when it changes; None for a configuration that stays as it is."""
    db: Path
    clock: Clock
    state: WindowState
    """What the window was left with."""
    remember: Callable[[WindowState], None]
    """Keeps what the next start should find."""
    query: str
    """Opens on this search instead, if there is one."""
    transport: httpx.AsyncBaseTransport | None
    """Replaces the network, for tests."""
    replay: Replay | None
    """The clock of the demo, whose speed the keys change."""
    label: str | None
    """A sentence on what is real in the replay."""
    errors: Path | None
    """The log of errors that single feeds have caused; None keeps none."""
    first_turn: RestingSelector | None
    """What the event loop waits with, so that keys are answered before a thread goes on that stores."""
    is_apart: bool
    """A sync of many feeds gets a process of its own, which has the system's clock and network."""
    early: ApartSync | None = None
    """The first sync, where it has begun before the window; whoever began it ends it."""

"""What every part of the main screen has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from textual.screen import Screen

from tracker.ui.parts.panes import Panes
from tracker.ui.parts.status_line import StatusLine
from tracker.ui.parts.view import SafeReads, ViewState
from tracker.ui.parts.widgets import Widgets

if TYPE_CHECKING:
    from tracker.config.current import ConfigFile


class Shared(Struct, frozen=True):
    """What the parts share."""

    screen: Screen[Any]
    """Whose workers, timers and focus they use."""
    view: ViewState
    widgets: Widgets
    reads: SafeReads
    status: StatusLine
    panes: Panes
    db: Path
    file: ConfigFile | None
    """The configuration file; None for a configuration that stays as it is."""


class Part:
    """A plain object that does what some of the commands say."""

    def __init__(self, shared: Shared) -> None:
        self._screen = shared.screen
        self._view = shared.view
        self._headlines = shared.widgets.headlines
        self._reads = shared.reads
        self._status = shared.status
        self._panes = shared.panes
        self._db = shared.db
        self._file = shared.file

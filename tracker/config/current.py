"""The configuration in force, read again when its file changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from tracker.config.load import load_config, stamp_of
from tracker.model.config import Config
from tracker.model.errors import ConfigError


class ConfigFile:
    """A configuration and the file it came from; may be used by several threads.

    Args:
        find: returns the file to use, which may be another one as soon as the user makes one of their own.
        config: what was read from it.
        check: raises a ConfigError for what `config` says wrong but parsing does not find (tag rules).
    """

    def __init__(
        self,
        find: Callable[[], Path],
        config: Config,
        check: Callable[[Config], object] = lambda config: None,
    ) -> None:
        self._find = find
        self._check = check
        self._lock = threading.Lock()
        self._looked = config.stamp
        self._settling: str | None = None
        self.config = config
        """In force; stays so while the file has a mistake."""
        self.problem: str | None = None
        """Why the file as it is now cannot be used."""

    def refresh(self) -> Config:
        """Return the configuration in force, after reading the file again if it has changed."""
        with self._lock:
            self._read(self._current())
            return self.config

    def refresh_when_settled(self) -> Config:
        """Do the same once a change is as old as the previous call, as an editor may be in the middle of saving."""
        with self._lock:
            stamp = self._current()
            if stamp == self._settling:
                self._read(stamp)
            self._settling = stamp
            return self.config

    def _current(self) -> str:
        try:
            return stamp_of(self._find())
        except (ConfigError, OSError) as error:  # OSError: the folder that it was started in is gone
            return f"\n{error}"

    def _read(self, stamp: str) -> None:
        if stamp == self._looked:
            return
        self._looked = stamp
        try:
            config = load_config(self._find())
            self._check(config)
        except (ConfigError, OSError) as error:
            self.problem = str(error)
            return
        self.problem = None
        self.config = config

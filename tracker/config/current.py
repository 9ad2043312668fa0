"""The current configuration, read again when its file changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from tracker.config.load import parse_config, read_text, stamp_of
from tracker.model.config import Config
from tracker.model.errors import ConfigError


class ConfigFile:
    """A configuration and its file; threads may share it.

    Args:
        find: returns the file to use, which changes when the user creates their own.
        config: as read from that file.
        check: raises ConfigError for mistakes that parsing does not find (in tag rules).
        own: returns the file to edit, and makes it where the one in use is not the user's; None for the one in use.
    """

    def __init__(
        self,
        find: Callable[[], Path],
        config: Config,
        check: Callable[[Config], object] = lambda config: None,
        own: Callable[[], Path] | None = None,
    ) -> None:
        self.find = find
        """Returns the file to use; raises ConfigError where there is none."""
        self._check = check
        self.own = own or find
        """Returns the file to edit; raises ConfigError where there is none, and it cannot be made."""
        self._lock = threading.Lock()
        self._looked = config.stamp
        self._settling: str | None = None
        self.config = config
        """The current configuration; kept while the file has a mistake."""
        self.problem: str | None = None
        """The problem of the current file."""

    def refresh(self) -> Config:
        """Return the current configuration, after reading the file again if it has changed."""
        with self._lock:
            self._read(self._current())
            return self.config

    def refresh_when_settled(self) -> Config:
        """Refresh once the change has been there for two calls, because an editor may still be saving."""
        with self._lock:
            stamp = self._current()
            if stamp == self._settling:
                self._read(stamp)
            self._settling = stamp
            return self.config

    def _current(self) -> str:
        try:
            return stamp_of(self.find())
        except (ConfigError, OSError) as error:  # OSError: the current folder was removed
            return f"\n{error}"

    def _read(self, stamp: str) -> None:
        if stamp == self._looked:
            return
        self._looked = stamp
        try:
            config = self._load()
            self._check(config)
        except (ConfigError, OSError) as error:
            self.problem = str(error)
            return
        self.problem = None
        self.config = config

    def _load(self) -> Config:
        path = self.find()
        stamp = stamp_of(path)  # before reading, so that a change meanwhile is found next time
        text = read_text(path)
        if not text.strip():  # an editor empties a file before it writes it again
            raise ConfigError(f"{path}: the file is empty; tracker keeps using the previous feeds")
        return replace(parse_config(text, path), stamp=stamp)

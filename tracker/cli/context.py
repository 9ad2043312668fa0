"""The context of a command: its options, streams, paths and clock."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

from msgspec import Struct

from tracker.model.shown import show_address
from tracker.words.cells import plain

if TYPE_CHECKING:
    from tracker.cli.output import Layout, Screen
    from tracker.model.clock import Clock
    from tracker.model.config import Config
    from tracker.store.read import Reader

T = TypeVar("T")


class CommandContext(Struct, frozen=True):
    """One run of a command."""

    options: argparse.Namespace
    environ: Mapping[str, str]
    stdout: TextIO
    stderr: TextIO
    stdin: TextIO
    clock: Clock

    def find_config(self) -> Path:
        """Return the configuration file in use; ConfigError when the requested one does not exist."""
        from tracker.config.load import find_config  # takes 30 ms, which --help does not need

        return find_config(self.options.config, self.environ, self.folder)

    @property
    def folder(self) -> Path | None:
        """The folder that the command runs in; None when it was deleted."""
        try:
            return Path.cwd()
        except FileNotFoundError:
            return None

    @property
    def names_config(self) -> bool:
        """True when the user named the configuration file, by option or variable."""
        return self.options.config is not None or bool(self.environ.get("TRACKER_CONFIG"))

    def own_config(self) -> Path:
        """Return the configuration file to edit; the shipped one is first copied to the user's folder."""
        from tracker.config.edit import own_copy
        from tracker.config.paths import shipped_config

        path = self.find_config()
        return path if self.names_config else own_copy(path, shipped_config(), self.environ)

    def config(self) -> Config:
        """Read the configuration; ConfigError with a line for every problem."""
        from tracker.config.load import load_config
        from tracker.config.private import keep_own_files

        config = load_config(self.find_config())
        keep_own_files(config, self.environ)
        return config

    @property
    def db(self) -> Path:
        """The database in use; it may not exist yet."""
        from tracker.config.paths import database_path

        return database_path(self.options.db, self.environ)

    def reader(self) -> Reader:
        """Open the database for reading; before one of an older version is updated, say so."""
        from tracker.store.read import Reader

        return Reader(self.db, tell=None if getattr(self.options, "quiet", False) else self.print_message)

    def update_database(self) -> None:
        """Update a database of an older version, for commands below which nobody could say that this takes a minute."""
        if self.db.exists():
            self.reader().close()

    def has_articles(self) -> bool:
        """Return whether there is a database; without one, say how to get one."""
        if self.db.exists():
            return True
        self.print_message(f"{self.db}: no articles yet; run `tracker sync`, or try `tracker demo`")
        return False

    @property
    def state_dir(self) -> Path:
        """The folder of the window's state."""
        from tracker.config.paths import state_dir

        return state_dir(self.environ)

    @property
    def is_terminal(self) -> bool:
        """True when stdout is a terminal."""
        return self.stdout.isatty()

    @staticmethod
    def is_unicode(stream: TextIO) -> bool:
        """True when a stream can show every character."""
        return (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"

    def print_message(self, text: str) -> None:
        """Write a message to stderr, line by line, without control characters."""
        for line in text.split("\n"):
            self.stderr.write(plain(show_address(line)) + "\n")
        self.stderr.flush()

    def write(self, items: Iterable[T], layout: Layout[T], *, red_up: bool = False, form: str | None = None) -> None:
        """Write data in the requested format; the default is a table on a terminal, else JSON lines."""
        from tracker.cli.output import FORMATS, write

        wanted = form or self.options.format or ("table" if self.is_terminal else "jsonl")
        write(items, layout, next(known for known in FORMATS if known == wanted), self.stdout, self.screen(red_up))

    def screen(self, red_up: bool = False) -> Screen:
        """Return what stdout can show."""
        from tracker.cli.output import Screen

        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        return Screen(
            width=self._width(),
            has_colour=self.is_terminal and not self.environ.get("NO_COLOR") and self.environ.get("TERM") != "dumb",
            is_unicode=self.is_unicode(self.stdout),
            encoding=encoding,
            red_up=red_up,
        )

    def _width(self) -> int:
        said = self.environ.get("COLUMNS", "")
        if said.isdecimal() and 0 < int(said) < 10_000:
            return int(said)
        if not self.is_terminal:
            return 120
        try:
            return os.get_terminal_size(self.stdout.fileno()).columns or 80
        except (OSError, ValueError):
            return shutil.get_terminal_size().columns

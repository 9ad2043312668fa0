"""A command line of one's own: in this process, or as a process as cron starts it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tracker.cli.main import run
from tracker.model.launch import LaunchWindow

NOW = "2025-01-27T21:16:00Z"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    result: int | LaunchWindow
    out: str
    err: str

    @property
    def code(self) -> int:
        """The exit code."""
        assert isinstance(self.result, int)
        return self.result

    @property
    def records(self) -> list[Any]:
        """The JSON lines on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


class Desk:
    """Runs commands with a configuration and a database in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "feeds.toml"
        self.db = folder / "data" / "tracker.db"
        self.environ: dict[str, str] = {
            "HOME": str(folder),
            "TRACKER_CONFIG": str(self.config),
            "TRACKER_DB": str(self.db),
            "TRACKER_NOW": NOW,
            "PATH": os.environ.get("PATH", ""),
            "COLUMNS": "110",
        }
        self.write("[market]\nproviders = []\n")

    def write(self, text: str) -> None:
        """Write the configuration."""
        self.config.write_text(text, encoding="utf-8")

    def run(
        self, *argv: str, stdin: str | bytes = "", is_terminal: bool = False, environ: Mapping[str, str] | None = None
    ) -> Outcome:
        """Run a command in this process."""
        out, err = (Terminal(), Terminal()) if is_terminal else (io.StringIO(), io.StringIO())
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        given = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8")
        result = run(list(argv), self.environ | dict(environ or {}), out, err, given)
        return Outcome(result, out.getvalue(), err.getvalue())

    def start(self, *argv: str, **more: Any) -> subprocess.Popen[str]:
        """Start a command as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "tracker", *argv],
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            cwd=self.folder,
            **more,
        )

    def process(self, *argv: str) -> Outcome:
        """Run a command as a process of its own, to its end."""
        with self.start(*argv) as process:
            out, err = process.communicate(timeout=60)
        return Outcome(process.returncode, out, err)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a folder with an empty configuration and no database."""
    return Desk(tmp_path)

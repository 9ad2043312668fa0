"""A desk with a feed and stored articles, and processes without root's powers."""

from __future__ import annotations

import ctypes
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Desk, Outcome
from tests.cli.feeds import config, rss, serve
from tests.helpers.http_server import LoopbackServer, loopback_server

_DROP_FROM_BOUNDING_SET = 24
_OVERRIDES = (1, 2)
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: with them root writes wherever it likes."""


def without_overrides() -> None:
    """Make a process that is about to start obey file modes, whoever it runs as."""
    libc = ctypes.CDLL(None)
    for capability in _OVERRIDES:
        libc.prctl(_DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)


class StoredDesk(Desk):
    """A desk that starts real processes; they obey file modes."""

    def process(self, *argv: str, **more: Any) -> Outcome:
        """Run a command as a process of its own, to its end."""
        more.setdefault("preexec_fn", without_overrides)
        with self.start(*argv, **more) as process:
            out, err = process.communicate(timeout=60)
        return Outcome(process.returncode, out, err)

    def window(self, *argv: str) -> Outcome:
        """Start the window in a terminal and wait for its end: for faults that keep it from opening."""
        terminal, its_end = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "tracker", *argv],
            env=self.environ | {"TERM": "xterm-256color"},
            stdin=its_end,
            stdout=its_end,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            preexec_fn=without_overrides,
        ) as process:
            os.close(its_end)
            err = process.communicate(timeout=60)[1]
        try:
            out = os.read(terminal, 1 << 16).decode()
        except OSError:  # Linux says so when nothing was written
            out = ""
        os.close(terminal)
        return Outcome(process.returncode, out, err)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a folder with an empty configuration and no database."""
    return Desk(tmp_path)


@pytest.fixture(scope="session")
def news() -> Iterator[LoopbackServer]:
    """Return a server of two feeds with 120 articles each."""
    with loopback_server() as server:
        for name in ("A", "B"):
            server.routes[f"/{name}"] = serve(rss(*(f"{name} {n} about something" for n in range(20))))
        yield server


@pytest.fixture(scope="session")
def synced(tmp_path_factory: pytest.TempPathFactory, news: LoopbackServer) -> Path:
    """Return the folder of a desk whose two feeds were synced once; for `stored` to copy."""
    desk = StoredDesk(tmp_path_factory.mktemp("synced"))
    desk.write(config(news, "A", "B"))
    assert desk.run("sync").code == 0
    return desk.folder


@pytest.fixture
def stored(tmp_path: Path, synced: Path) -> StoredDesk:
    """Return a desk whose two feeds were synced once."""
    shutil.copytree(synced, tmp_path, dirs_exist_ok=True)
    desk = StoredDesk(tmp_path)
    shutil.copy(synced / desk.config.name, desk.config)
    return desk

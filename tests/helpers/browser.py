"""A browser for tests: a real program named by BROWSER that notes what it was asked to open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


def fake_browser(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str = "") -> Callable[[], list[str]]:
    """Install a browser that runs the shell commands of `body`; return what tells the addresses it was given."""
    noted = folder / "opened.txt"
    noted.touch()
    script = folder / "browser"
    script.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{noted}'\n{body}\n")
    script.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(script))
    return lambda: noted.read_text().splitlines()


def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away every browser, as on a server without a desktop."""
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)

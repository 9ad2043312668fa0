"""Which feeds.toml real programs read: cron's, the window's and a command's in a checkout are the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.feeds import rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.terminal import terminal
from tracker.config.paths import shipped_config

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")]

TRACKER = [sys.executable, "-m", "tracker"]
ROOT = str(Path(__file__).parents[2])


def run(folder: Path, environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder with nothing but these variables, as cron does."""
    return subprocess.run(
        [*TRACKER, *arguments], cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize("has_xdg", [False, True])
def test_a_feed_added_in_a_checkout_is_synced_by_cron_and_shown_in_the_window(
    tmp_path: Path, server: LoopbackServer, has_xdg: bool
) -> None:
    server.routes["/feed"] = Answer(rss(["A headline of my own"]))
    home, checkout, elsewhere = tmp_path / "home", tmp_path / "checkout", tmp_path / "elsewhere"
    (checkout / "tracker" / "config").mkdir(parents=True)
    elsewhere.mkdir()
    home.mkdir()
    for name in ("pyproject.toml", "tracker/config/paths.py"):
        (checkout / name).touch()
    (checkout / "feeds.toml").write_bytes(shipped_config().read_bytes())
    environ = {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": ROOT, "PYTHONSAFEPATH": "1"}
    if has_xdg:
        environ |= {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    own = (home / "config" if has_xdg else home / ".config") / "tracker" / "feeds.toml"

    shipped = run(checkout, environ, "config", "path").stdout
    assert shipped == run(elsewhere, environ, "config", "path").stdout == f"{shipped_config()}\n"
    added = run(checkout, environ, "feeds", "add", f"{server.url}/feed", "--name", "Mine")
    assert (added.returncode, f"copied the shipped feeds to {own}" in added.stderr) == (0, True), added.stderr
    assert (checkout / "feeds.toml").read_bytes() == shipped_config().read_bytes()
    assert 'name = "Mine"' in own.read_text()
    # The shipped feeds are other people's: nothing here may ask them.
    own.write_text(f'[market]\nproviders = []\n[[feed]]\nname = "Mine"\nurl = "{server.url}/feed"\n')
    for folder in (checkout, elsewhere, Path("/")):
        assert run(folder, environ, "config", "path").stdout == f"{own}\n"
    synced = run(Path("/"), environ, "sync")
    assert "1 new" in synced.stderr
    config = ["--config", str(checkout / "feeds.toml")]
    assert run(elsewhere, environ, "config", "path", *config).stdout == f"{config[1]}\n"
    command = ["/bin/sh", "-c", 'cd "$1" && shift && exec "$@"', "sh", str(checkout), *TRACKER, "ui", "feed:Mine"]
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "TRACKER_CONFIG", "TRACKER_DB")
    inherited = dict.fromkeys(names, "")
    with terminal(command, 120, 30, inherited | environ) as screen:
        screen.until(lambda text: "A headline of my own" in text, "what cron has fetched")
        screen.press("q")
        assert screen.exit_code() == 0


def test_a_file_of_a_folder_is_read_there_only_and_doctor_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    here = folder / "feeds.toml"
    here.write_text("[market]\nproviders = []\n")
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONPATH": ROOT, "PYTHONSAFEPATH": "1"}
    assert run(folder, environ, "config", "path").stdout == f"{here}\n"
    assert run(tmp_path, environ, "config", "path").stdout == f"{shipped_config()}\n"
    assert (
        f"only commands run in this folder read it; in cron jobs, pass --config {here}"
        in run(folder, environ, "doctor").stdout
    )
    assert "in this folder" not in run(folder, environ, "doctor", "--config", str(here)).stdout

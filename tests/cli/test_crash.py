"""An error that nobody foresaw, in every command and in the window: one line, the log, exit 1."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tests.helpers.terminal import terminal
from tracker.cli.commands import COMMANDS, Command

_ARGUMENTS = {
    "QUERY": [],
    "TEXT": ["x"],
    "URL": ["http://127.0.0.1:9/"],
    "NAME": ["A"],
    "FILE.opml": ["a.opml"],
    "FILE": ["a.opml"],
    "ID|URL|FILE": ["1"],
}
_BREAK = """
import sys
from importlib import import_module
module, _, name = {run!r}.partition(":")
def broken(context):
    raise KeyError("http://user:s3cr3t@host/?token=s3cr3t \\x1b[31m")
setattr(import_module("tracker.cli." + module), name, broken)
from tracker.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
RESTORED = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l")
"""Leave the alternate screen, show the cursor, let go of the mouse."""


def _lines() -> Iterator[tuple[str, list[str]]]:
    def line(command: Command, *before: str) -> tuple[str, list[str]]:
        words = [option for option in command.options if not option.names[0].startswith("-")]
        given = [
            _ARGUMENTS.get(str(one.more.get("metavar", one.names[0].upper())), list(one.more.get("choices", ()))[:1])
            for one in words
        ]
        return command.run, [*before, command.name, *(word for some in given for word in some)]

    for command in COMMANDS:
        if command.parts:
            yield from (line(part, command.name) for part in command.parts)
        else:
            yield line(command)


def broken(desk: Desk, run: str, argv: list[str], **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _BREAK.format(run=run), *argv],
        env=desk.environ | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=desk.folder,
    )


@pytest.mark.slow
@pytest.mark.parametrize(("run", "argv"), list(_lines()), ids=lambda value: value if isinstance(value, str) else None)
def test_every_command_says_it_in_one_line_and_logs_the_rest(desk: Desk, run: str, argv: list[str]) -> None:
    done = broken(desk, run, argv)
    log = desk.folder / ".local" / "state" / "tracker" / "errors.log"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("tracker: internal error: KeyError in cli/main.py:")
    assert done.stderr.endswith(f"; details are in {log}\n")
    assert done.stderr.count("\n") == 1
    told = log.read_text()
    assert f" tracker {' '.join(argv[:1])}\n" in told
    assert "in broken" in told
    assert "s3cr3t" not in told
    assert "\x1b" not in told
    assert log.stat().st_mode & 0o077 == 0


def test_a_developer_sees_the_traceback(desk: Desk) -> None:
    done = broken(desk, "listing:run", ["list"], TRACKER_TRACEBACK="1")
    assert done.returncode == 1
    assert "Traceback (most recent call last)" in done.stderr
    assert "in broken" in done.stderr
    assert "s3cr3t" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("tracker: internal error: KeyError in ")


def test_without_a_log_it_is_still_said(desk: Desk) -> None:
    (desk.folder / "file").write_text("")
    done = broken(desk, "listing:run", ["list"], XDG_STATE_HOME=str(desk.folder / "file"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "internal error: KeyError" in done.stderr
    assert "; cannot write " in done.stderr


def test_a_broken_installation_is_said_too(desk: Desk) -> None:
    code = "import sys\nsys.modules['tracker.cli.context'] = None\nfrom tracker.__main__ import main\nsys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "list"], env=desk.environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "internal error: ModuleNotFoundError" in done.stderr
    assert done.stderr.count("\n") == 1


_IN_THE_WINDOW = {
    "a key": "Keys.show_help = broken",
    "drawing": "from tracker.ui.widgets.headline_list import HeadlineList; HeadlineList.render_lines = broken",
    "the start": "MainScreen.on_mount = broken",
    "a timer": "MainScreen.tick = broken",
    "making it": "MainScreen.__init__ = broken",
    "a worker": "Keys.show_help = lambda self: self._screen.run_worker(broken, thread=True)",
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")
@pytest.mark.parametrize("where", _IN_THE_WINDOW)
def test_a_window_gives_the_terminal_back_first(tmp_path: Path, where: str) -> None:
    code = (
        "import sys\nfrom tracker.ui.parts.keys import Keys\nfrom tracker.ui.screens.main import MainScreen\n"
        "def broken(*_, **__):\n    secret = 's3cr3t local'\n    raise KeyError('http://user:s3cr3t@host/')\n"
        f"{_IN_THE_WINDOW[where]}\n"
        "from tracker.__main__ import main\nsys.exit(main([]))\n"
    )
    config = tmp_path / "feeds.toml"
    config.write_text("[market]\nproviders = []\n")
    environ = {
        "TRACKER_CONFIG": str(config),
        "TRACKER_DB": str(tmp_path / "t.db"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    with terminal([sys.executable, "-c", code], 120, 35, environ) as window:
        if where in ("a key", "a worker"):
            window.until(lambda text: "No feeds yet" in text, "the window")
            window.press("?")
        assert window.exit_code() == 1
        window.read_rest()
        output = window.output
    assert b"Traceback" not in output
    assert b"s3cr3t" not in output
    last = output.rpartition(b"internal error: KeyError in ")
    assert last[1], output[-2000:]
    if b"\x1b[?1049h" in output:
        assert all(code in last[0] for code in RESTORED), output[-2000:]
    told = (tmp_path / "state" / "tracker" / "errors.log").read_text()
    assert " tracker ui\n" in told
    assert "in broken" in told
    assert "s3cr3t" not in told.replace("secret = 's3cr3t local'", "").replace("http://user:s3cr3t@", "")

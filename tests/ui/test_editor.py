"""The key that opens feeds.toml in the user's editor."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.helpers.terminal import terminal
from tests.helpers.ui import QUIET, WIDE, press, window
from tracker.config.load import load_config
from tracker.sync.current import config_file
from tracker.ui.app import TrackerApp
from tracker.ui.editor import EditorError, editor_command, run_editor

OFFLINE = "[market]\nproviders = []\n"
EDITOR = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
os.killpg(0, signal.SIGINT)  # as its interrupt key does
if "Quiet ones" in open(sys.argv[1]).read():
    sys.exit(3 if not os.path.exists(sys.argv[1] + ".done") else 0)
with open(sys.argv[1], "a") as file:
    file.write('[[view]]\\nname = "Quiet ones"\\nquery = "quiet"\\n')
"""


def test_visual_comes_before_editor_and_both_may_have_arguments() -> None:
    command = [sys.executable, "-c", "a b"]
    text = f"{sys.executable} -c 'a b'"
    assert editor_command({"VISUAL": text, "EDITOR": "nothing-like-this"}) == command
    assert editor_command({"VISUAL": " ", "EDITOR": text}) == command


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({}, "no editor is set: set VISUAL or EDITOR, then start tracker again"),
        ({"EDITOR": "nothing-like-this -w"}, "EDITOR: no program named nothing-like-this"),
        ({"VISUAL": "vi 'x"}, "cannot read VISUAL (no closing quotation): vi 'x"),
        ({"VISUAL": "''"}, "VISUAL: no program named "),
    ],
)
def test_why_there_is_no_editor(environ: dict[str, str], reason: str) -> None:
    with pytest.raises(EditorError) as error:
        editor_command(environ)
    assert str(error.value) == reason


def test_why_an_editor_failed(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    assert run_editor([sys.executable, "-c", ""], path) is None
    assert run_editor([sys.executable, "-c", "import sys; sys.exit(3)"], path) == (
        f"{sys.executable} failed with exit code 3"
    )
    ended = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    assert run_editor([sys.executable, "-c", ended], path) == f"{sys.executable} was ended by signal 15"
    (tmp_path / "broken").write_bytes(b"\x7fELF")
    (tmp_path / "broken").chmod(0o700)
    assert "broken cannot be started: " in str(run_editor([str(tmp_path / "broken")], path))


@pytest.mark.slow
async def test_an_editor_that_is_not_set_is_said_and_nothing_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)

    def own() -> Path:
        raise AssertionError("not without an editor")

    path = tmp_path / "feeds.toml"
    path.write_text(OFFLINE)
    config = load_config(path)
    app = TrackerApp(
        config=config,
        db=tmp_path / "news.db",
        state_dir=tmp_path / "state",
        clock=window(tmp_path, QUIET).main.view.clock,
        config_file=config_file(lambda: path, config, own),
    )
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "E", shows="no editor is set: set VISUAL or EDITOR")
        monkeypatch.setenv("EDITOR", sys.executable)
        app.main.reloading._file.own = lambda: path  # type: ignore[union-attr]
        await press(pilot, "E", shows="this terminal cannot be handed")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")
def test_the_file_is_edited_and_read_again_and_a_failure_is_said(tmp_path: Path) -> None:
    (tmp_path / "edit.py").write_text(EDITOR)
    path = tmp_path / "feeds.toml"
    path.write_text(OFFLINE)
    environ = {"XDG_STATE_HOME": str(tmp_path), "VISUAL": f"{sys.executable} {tmp_path}/edit.py"}
    command = [sys.executable, "-m", "tracker", "ui", "--config", str(path), "--db", str(tmp_path / "news.db")]
    with terminal(command, 160, 45, environ) as screen:
        screen.until(lambda text: "Everything" in text, "the window")
        screen.press("E")
        screen.until(lambda text: "Quiet ones" in text, "the new view in the side bar")
        screen.press("E")
        screen.until(lambda text: "failed with exit code 3" in text, "that it failed")
        Path(f"{path}.done").touch()
        screen.press("E")
        screen.until(lambda text: "nothing changed in feeds.toml" in text, "that there is nothing new")
        screen.press("q")
        assert screen.exit_code() == 0
        assert b"Traceback" not in screen.output

"""`tracker completion` in the shells themselves, where the machine has them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Desk

BASH = """
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
$(complete -p tracker | sed 's/.*-F \\([^ ]*\\).*/\\1/')
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def script(desk: Desk) -> Path:
    done = desk.run("completion", "bash")
    assert (done.code, done.err) == (0, "")
    path = desk.folder / "completion.bash"
    path.write_text(done.out, encoding="utf-8")
    return path


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("tracker", "imp"), ["impact"]),
        (("tracker", "feeds", "im"), ["import"]),
        (("tracker", "completion", "z"), ["zsh"]),
        (("tracker", "list", "--format", "js"), ["json", "jsonl"]),
        (("tracker", "list", "--art"), ["--articles"]),
        (("tracker", "--config", "fee"), ["feeds.toml"]),
        (("tracker", "feeds", "import", "fee"), ["feeds.toml"]),
    ],
)
def test_bash_completes(script: Path, tmp_path: Path, words: tuple[str, ...], offered: list[str]) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "feeds.toml").touch()
    command = ["bash", "-c", BASH, "bash", str(script), *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder, timeout=30)
    assert sorted(done.stdout.split()) == offered
    assert done.stderr == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_can_read_its_script(desk: Desk, shell: str) -> None:
    done = desk.run("completion", shell)
    assert all(word in done.out for word in ("impact", "articles", "jsonl", "import"))
    if shutil.which(shell) is not None:
        checked = subprocess.run([shell, "-n"], input=done.out, capture_output=True, text=True, check=False, timeout=30)
        assert (checked.returncode, checked.stderr) == (0, "")


def test_another_shell_is_a_usage_error(desk: Desk) -> None:
    done = desk.run("completion", "cmd")
    assert (done.code, done.out) == (2, "")
    assert "invalid choice: 'cmd'" in done.err

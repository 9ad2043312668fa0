"""Runs the user's editor on the terminal of the window."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tracker.model.errors import TrackerError


class EditorError(TrackerError):
    """The editor cannot be run."""


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """Return the user's editor with its arguments: VISUAL, or else EDITOR.

    Raises:
        EditorError: when none is set, it cannot be read, or there is no such program.
    """
    for name in ("VISUAL", "EDITOR"):
        text = environ.get(name, "")
        if not text.strip():
            continue
        try:
            command = shlex.split(text)
        except ValueError as error:
            raise EditorError(f"cannot read {name} ({str(error).lower()}): {text}") from None
        if not command or shutil.which(command[0], path=environ.get("PATH")) is None:
            raise EditorError(f"{name}: no program named {command[0] if command else text}")
        return command
    raise EditorError("no editor is set: set VISUAL or EDITOR, then start tracker again")


def run_editor(command: Sequence[str], path: Path) -> str | None:
    """Run an editor on a file until it ends; return why it failed, None where it did not.

    The terminal is the editor's meanwhile: its interrupt key does not end the window, and its suspend key stops both.
    """
    with _signals_of_the_editor():
        try:
            done = subprocess.run([*command, str(path)], check=False)
        except OSError as error:
            return f"{command[0]} cannot be started: {error.strerror or error}"
    if done.returncode < 0:
        return f"{command[0]} was ended by signal {-done.returncode}"
    return f"{command[0]} failed with exit code {done.returncode}" if done.returncode else None


@contextmanager
def _signals_of_the_editor() -> Iterator[None]:
    """Keep signals from the event loop until the block ends; then hand it all but those that its keys send."""
    if sys.platform == "win32":
        yield
        return
    receiver, sender = _pipe()
    before = signal.set_wakeup_fd(sender, warn_on_full_buffer=False)
    # With their defaults, the suspend key stops the window with its editor, and the shell gets its terminal back.
    stopping = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGTSTP, signal.SIGCONT)}
    try:
        yield
    finally:
        for number, handler in stopping.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(before)
        try:
            received = set(os.read(receiver, 1 << 16))
        except BlockingIOError:
            received = set()
        os.close(receiver)
        os.close(sender)
        for waiting in received - {signal.SIGINT, signal.SIGTSTP, signal.SIGCONT, signal.SIGCHLD}:
            signal.raise_signal(waiting)


def _pipe() -> tuple[int, int]:
    receiver, sender = os.pipe()
    os.set_blocking(receiver, False)
    os.set_blocking(sender, False)
    return receiver, sender

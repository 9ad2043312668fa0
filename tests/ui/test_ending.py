"""A window whose terminal is gone ends, whatever state its event loop and threads are in."""

from __future__ import annotations

import os
import pty
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Queue

import pytest

from tests.helpers.feeds import write_config
from tests.helpers.terminal import terminal
from tracker.ui.ending import Ending

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")


def _ending(said: Queue[object], ask: Callable[[], object] | None = None) -> Ending:
    return Ending(ask or (lambda: said.put("asked")), 130, leave=said.put, grace=0.05)


def test_a_terminal_that_hangs_up_asks_and_then_insists() -> None:
    said: Queue[object] = Queue()
    master, terminal_end = pty.openpty()
    _ending(said).watch(terminal_end)
    os.write(master, b"keys do not end it")
    os.close(master)
    assert [said.get(timeout=20), said.get(timeout=20)] == ["asked", 130]
    os.close(terminal_end)


def test_keys_and_a_terminal_that_stays_end_nothing() -> None:
    said: Queue[object] = Queue()
    master, terminal_end = pty.openpty()
    ending = _ending(said)
    ending.watch(terminal_end)
    os.write(master, b"jjj\n")
    assert os.read(terminal_end, 100) == b"jjj\n"  # it takes no key away
    assert said.empty()
    for _ in range(100_000):  # more than a pipe holds: a signal may come any number of times
        ending.begin()
    assert [said.get(timeout=20), said.get(timeout=20)] == ["asked", 130]
    os.close(master)
    os.close(terminal_end)


def test_an_event_loop_that_is_closed_cannot_be_asked() -> None:
    said: Queue[object] = Queue()

    def ask() -> None:
        raise RuntimeError("Event loop is closed")

    receiver, sender = os.pipe()
    ending = _ending(said, ask)
    ending.watch(receiver)
    ending.begin()
    assert said.get(timeout=20) == 130
    os.close(sender)
    os.close(receiver)


def test_no_thread_of_it_keeps_a_process() -> None:
    master, terminal_end = pty.openpty()
    ending = Ending(lambda: None, 130, leave=lambda code: None)
    ending.watch(terminal_end)
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "ending")
    ending.begin()
    os.close(master)
    os.close(terminal_end)


STUCK = """
import sys, time
import tracker.ui.ending
from textual.drivers.linux_driver import LinuxDriver
from tracker.ui.app import TrackerApp
{stuck}
tracker.ui.ending.Ending.__init__.__kwdefaults__["grace"] = 1.0
from tracker.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "stuck",
    [
        "TrackerApp._end = lambda self: time.sleep(600)",  # the loop waits for a thread that has ended
        "LinuxDriver.disable_input = lambda self: None",  # the thread that reads keys goes on
    ],
)
def test_a_stuck_window_does_not_outlive_its_terminal(tmp_path: Path, stuck: str) -> None:
    path = write_config(tmp_path, "[market]\nproviders = []\n")
    arguments = ["--config", str(path), "--db", str(tmp_path / "t.db")]
    command = [sys.executable, "-c", STUCK.format(stuck=stuck), *arguments]
    with terminal(command, 120, 35, {"XDG_STATE_HOME": str(tmp_path)}) as window:
        window.until(lambda text: "unread of" in text, "the window")
        window.hang_up()
        assert window.exit_code() == 130


@pytest.mark.slow
def test_a_window_without_its_terminal_ends_though_the_signal_is_ignored(tmp_path: Path) -> None:
    path = write_config(tmp_path, "[market]\nproviders = []\n")
    command = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", sys.executable, "-m", "tracker", "--config", str(path)]
    with terminal([*command, "--db", str(tmp_path / "t.db")], 120, 35, {"XDG_STATE_HOME": str(tmp_path)}) as window:
        window.until(lambda text: "unread of" in text, "the window")
        window.hang_up()
        assert window.exit_code() == 130

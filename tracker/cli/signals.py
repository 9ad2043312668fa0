"""Signal handling: Ctrl-C, SIGTERM and SIGHUP exit with code 130 and no traceback, even during start-up."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from types import FrameType

ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Windows has no SIGHUP."""
EXIT_CODE = 130

_is_working = False


def install() -> None:
    """Install the handlers; a signal that is ignored, as under nohup, stays ignored."""
    with suppress(ValueError):  # not in the main thread: signals are not ours to handle
        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _end)


def begin_work() -> None:
    """Let signals raise from now on; before that, while modules are imported, they exit at once."""
    global _is_working
    _is_working = True


def end_work() -> None:
    """Let signals exit at once again: an exception while Python shuts down cannot be caught and prints a traceback."""
    global _is_working
    _is_working = False


def _end(number: int, frame: FrameType | None) -> None:
    if not _is_working:  # nothing is open yet, and an exception inside an import may turn into another one
        os._exit(EXIT_CODE)
    raise KeyboardInterrupt

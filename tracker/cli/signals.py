"""Ctrl-C, SIGTERM and SIGHUP end the program with exit code 130 and without a traceback, from its first moment on."""

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
    """Take the signals over; one that is ignored, as under nohup, stays so."""
    with suppress(ValueError):  # not in the main thread: the signals are somebody else's
        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _end)


def begin_work() -> None:
    """Let signals unwind what is running from now on; before, while modules are imported, they end at once."""
    global _is_working
    _is_working = True


def _end(number: int, frame: FrameType | None) -> None:
    if not _is_working:  # nothing is open yet, and an exception inside an import may come out as something else
        os._exit(EXIT_CODE)
    raise KeyboardInterrupt

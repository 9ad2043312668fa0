"""Runs the asynchronous part of a command so that Ctrl-C and SIGTERM end it cleanly."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from tracker.cli.errors import Interrupted
from tracker.cli.signals import ENDING

T = TypeVar("T")


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end.

    SIGINT, SIGTERM and SIGHUP cancel `work`, so that its `with` blocks clean up.

    Raises:
        Interrupted: when a signal cancelled it.
    """
    try:
        return asyncio.run(_guarded(work))
    except asyncio.CancelledError:
        raise Interrupted from None


async def _guarded(work: Coroutine[Any, Any, T]) -> T:
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)
    if threading.current_thread() is threading.main_thread():
        for number in ENDING:
            if signal.getsignal(number) is signal.SIG_IGN:  # nohup
                continue
            with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
                loop.add_signal_handler(number, task.cancel)
    return await task

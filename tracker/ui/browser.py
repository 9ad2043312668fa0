"""Opens an address in the user's browser, detached and silent, and reports whether it worked."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from pathlib import Path

from tracker.net.address import is_web_address
from tracker.ui.browser_process import NONE_FOUND

WAIT_SECONDS = 2.0
"""A command that still runs after that is a browser that has opened; one that fails does so before."""
_HELPER = Path(__file__).with_name("browser_process.py")
_POLL_SECONDS = 0.02


async def open_in_browser(address: str) -> str | None:
    """Open an address of the web and return why that did not work; None when it did.

    The browser is started by a process in a separate session, whose streams are the null device; it outlives the
    window.
    """
    if not is_web_address(address):
        return "not a web address"
    try:
        process = subprocess.Popen(  # noqa: ASYNC220 - it returns at once, and asyncio would end it with the window
            [sys.executable, "-I", str(_HELPER), address],  # -I: nothing is imported from the current folder
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        return f"the browser cannot be started: {error.strerror or error}"
    end = time.monotonic() + WAIT_SECONDS
    try:
        while process.poll() is None and time.monotonic() < end:  # noqa: ASYNC110 - a process sends no event
            await asyncio.sleep(_POLL_SECONDS)
    finally:
        if process.returncode is None:
            threading.Thread(target=process.wait, daemon=True, name="browser").start()  # leaves no zombie
    if process.returncode in (None, 0):
        return None
    return "no browser found" if process.returncode == NONE_FOUND else "the browser failed"

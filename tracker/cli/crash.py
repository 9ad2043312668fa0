"""The last resort: an error that nothing foresaw is one line on stderr, and its traceback is in the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

SHOW = "TRACKER_TRACEBACK"
"""Environment variable that prints the traceback, too."""
EXIT_CODE = 1


def report(error: BaseException, argv: Sequence[str], environ: Mapping[str, str], stderr: TextIO) -> int:
    """Log an unexpected error, say so on stderr in one line, and return the exit code. Never raises."""
    said = f"tracker: internal error: {type(error).__name__}"
    with suppress(Exception):
        from tracker.sync.errorlog import ErrorLog, describe
        from tracker.words.cells import plain

        command = next((word for word in argv if not word.startswith("-")), "ui")
        said = "tracker: " + plain(ErrorLog(_log_path(environ)).note(f"tracker {command}", error, datetime.now(UTC)))
        if environ.get(SHOW):
            said = f"{describe(error).rstrip()}\n{said}"
    with suppress(OSError, ValueError):
        stderr.write(f"{said}\n")
        stderr.flush()
    return EXIT_CODE


def _log_path(environ: Mapping[str, str]) -> Path | None:
    with suppress(Exception):
        from tracker.config.paths import state_dir
        from tracker.sync.errorlog import FILE

        return state_dir(environ) / FILE
    return None

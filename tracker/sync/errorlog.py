"""The log of unexpected errors: over one feed, where the sync goes on without it, and those that end a command."""

from __future__ import annotations

import os
import traceback
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from tracker.config.private import FILE_MODE, keep_private, make_private_folder
from tracker.model.clock import iso
from tracker.model.secrets import hide_secrets

FILE = "errors.log"
_SIZE_LIMIT = 256_000
"""Largest size in bytes; beyond it the older half is deleted."""
_FRAMES = 20
_TEXT_LIMIT = 8_000
_ROOT = Path(__file__).resolve().parents[2]


class ErrorLog:
    """A log file of limited size, readable by its owner only, shared by several processes.

    Args:
        path: the file; None writes nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def note(self, what: str, error: BaseException, now: datetime) -> str:
        """Log an error with its place and return the reason in one line. Never raises.

        Args:
            what: the feed or the command that it came from.
        """
        more = "" if self.path is None else f"; cannot write {self.path}"
        with suppress(Exception):
            self._append(f"{iso(now)} {_on_one_line(what)}\n{describe(error)}\n")
            more = "" if self.path is None else f"; details are in {self.path}"
        return f"internal error: {type(error).__name__} in {_place(error)}{more}"

    def _append(self, text: str) -> None:
        path = self.path
        if path is None:
            return
        make_private_folder(path.parent)
        keep_private(path)
        data = text.encode("utf-8", "backslashreplace")
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, FILE_MODE), "ab") as file:
            file.write(data)
            file.flush()
            size = os.fstat(file.fileno()).st_size
        if size > _SIZE_LIMIT:
            _drop_older_half(path)


def _drop_older_half(path: Path) -> None:
    kept = path.read_bytes()[-_SIZE_LIMIT // 2 :]
    shorter = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(shorter, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE), "wb") as file:
        file.write(kept.partition(b"\n")[2])
    shorter.replace(path)


def describe(error: BaseException) -> str:
    """Return the traceback of an error, at most 8,000 characters, without secrets and control characters."""
    try:
        lines = traceback.format_exception(type(error), error, error.__traceback__, limit=-_FRAMES)
    except Exception:  # an error whose text cannot be made
        lines = [f"{type(error).__name__} in {_place(error)}"]
    text = "".join(lines)
    # The error is at the end of the traceback, its origin at the start.
    text = text if len(text) <= _TEXT_LIMIT else f"{text[: _TEXT_LIMIT // 2]}\n…\n{text[-_TEXT_LIMIT // 2 :]}"
    return "\n".join(map(_on_one_line, text.split("\n")))


def _on_one_line(text: str) -> str:
    from tracker.feeds.text import strip_unsafe  # 20 ms that a sync without errors does not need

    return strip_unsafe(hide_secrets(text).replace("\n", " ").replace("\r", " "))


def _place(error: BaseException) -> str:
    """Return the innermost place in tracker's code: "feeds/dates.py:190"."""
    place = "unknown place"
    trace = error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(_ROOT / "tracker"):
            place = f"{path.relative_to(_ROOT / 'tracker')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place

"""The standard streams: safe to write to with any encoding, even when closed."""

from __future__ import annotations

import codecs
import io
import os
import sys
from contextlib import suppress
from typing import TextIO

QUESTION_MARKS = "tracker.question-marks"
"""Error handler: `?` for each terminal cell of what an encoding does not have, so that columns stay in line."""
_LENIENT = ("strict", "surrogateescape")
"""Handlers that Python chooses; any other is the user's own (PYTHONIOENCODING) and stays."""
_NAMES = ("stdin", "stdout", "stderr")


def install() -> None:
    """Prepare the streams of this process; the first thing that it does.

    A closed stream gets the null device under its number, so that no file opened later is written to by mistake.
    Reading a closed stdin or writing to a closed stdout is an OSError (EBADF). Writing to stderr never fails: what it
    says is lost, the work goes on.
    """
    codecs.register_error(QUESTION_MARKS, _question_marks)
    for number, name in enumerate(_NAMES):
        if getattr(sys, name) is None:
            stream = _null_stream(number)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)
    _show_anything(sys.stdout, _LENIENT)
    _show_anything(sys.stderr, (*_LENIENT, "backslashreplace"))
    if sys.stderr is sys.__stderr__ and isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = _never_failing(sys.stderr)  # a window draws on `sys.__stderr__`, which stays as it is


class _NeverFailing(io.FileIO):
    """A file that accepts every write, even if it cannot store it."""

    def write(self, data: object, /) -> int:
        with suppress(OSError):
            return super().write(data)  # type: ignore[arg-type]
        return len(data)  # type: ignore[arg-type]


def _null_stream(number: int) -> TextIO:
    # Opened the wrong way round, so that using it is an error and no data vanishes. What stderr says may vanish.
    descriptor = os.open(os.devnull, os.O_RDONLY if number == 1 else os.O_WRONLY)
    # The system assigns the lowest free number: the stream's own, unless a file already has it; do not touch that.
    os.set_inheritable(descriptor, descriptor == number)
    return open(descriptor, "r" if number == 0 else "w", encoding="utf-8", closefd=False)


def _never_failing(stream: io.TextIOWrapper) -> TextIO:
    raw = _NeverFailing(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding=stream.encoding, errors=stream.errors, line_buffering=True)


def _show_anything(stream: TextIO, handlers: tuple[str, ...]) -> None:
    if isinstance(stream, io.TextIOWrapper) and stream.errors in handlers:
        stream.reconfigure(errors=QUESTION_MARKS)


def _question_marks(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    from tracker.words.cells import cell_width

    return "?" * cell_width(error.object[error.start : error.end]), error.end

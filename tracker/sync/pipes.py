"""Child processes of a sync and the pipes to them.

Values are pickles with their length before them, through the child's stdin and stdout.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import subprocess

_LENGTH = struct.Struct("<Q")
_PATIENCE = 5
"""Added to the nice value of a process that gives way."""
_PIPE_BYTES = 1 << 20
"""The most that Linux grants to any user."""
_READER = "from tracker.sync.worker_process import main; main()"


def start_child(code: str) -> subprocess.Popen[bytes]:
    """Start a Python process with this code, which finds tracker where this process did."""
    import subprocess  # what a child does not need

    root = str(Path(__file__).resolve().parents[2])
    paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
        start_new_session=True,  # Ctrl-C is the parent's to handle
    )
    assert process.stdin is not None
    assert process.stdout is not None
    _widen(process.stdin)
    _widen(process.stdout)
    return process


def start_reader() -> subprocess.Popen[bytes]:
    """Start the process that reads bodies (`tracker.sync.worker`); it waits for what it is told first."""
    return start_child(_READER)


def child_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return what the parent sends and what it reads; called by the child, whose stray prints go elsewhere from now."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, answers


def be_patient() -> None:
    """Leave the processor to whoever else wants it, such as a window that is drawn; called by the child."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(_PATIENCE)


def send(pipe: IO[bytes], value: object) -> None:
    """Write one value."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Return the next value, or None when the other side has ended."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length)
    return pickle.loads(data) if len(data) == length else None


def _widen(pipe: IO[bytes]) -> None:
    """Let a pipe hold a whole answer where the system allows it, so that neither side waits for the other.

    Each piece of 64 kB costs the reading thread a turn at the interpreter, 5 ms while the other one is busy.
    """
    try:
        from fcntl import F_SETPIPE_SZ, fcntl

        fcntl(pipe, F_SETPIPE_SZ, _PIPE_BYTES)
    except (ImportError, OSError):
        pass

"""Replaces the user's feeds.toml: under a lock, checked before, and whole at any moment."""

from __future__ import annotations

import os
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from msgspec import Struct

from tracker.config.lines import NotATable
from tracker.config.load import parse_config, read_text
from tracker.config.private import FILE_MODE
from tracker.model.config import Config
from tracker.model.errors import ConfigError

BY_HAND = "make the change by hand"
_LOCK_SECONDS = 10.0
_ATTEMPTS = 5


class Edit(Struct, frozen=True):
    """A change to a file."""

    path: Path
    before: str
    after: str


class Change(Struct, frozen=True):
    """The new text of a file, and what it has to say."""

    text: str
    data: dict[str, Any]


def undo_edit(edit: Edit) -> None:
    """Give a configuration file the text that it had before a change.

    Raises:
        ConfigError: when the file is no longer as the change left it, or cannot be read or written.
    """
    with edit_lock(edit.path.resolve().parent):
        if read_text(edit.path) != edit.after:
            raise ConfigError(f"{edit.path}: it has changed since, so nothing was undone; {BY_HAND}")
        _write(edit.path, edit.before)


def change_file(
    path: Path,
    change: Callable[[str, Config], Change],
    around: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Edit:
    """Change a configuration file; start again when another program changes it meanwhile.

    Args:
        path: the file.
        change: returns what to write for a text and what it means.
        around: the file is written inside of it.

    Raises:
        ConfigError: when the file cannot be read, changed safely or written.
    """
    with edit_lock(path.resolve().parent):
        for _ in range(_ATTEMPTS):
            before = read_text(path)
            text = before.replace("\r\n", "\n")
            config = parse_config(text, path)
            try:
                after = change(text, config)
            except NotATable as error:
                raise ConfigError(f"{path}:{error.line}: not written as a [[{error.name}]] table; {BY_HAND}") from None
            _check_change(path, after)
            if read_text(path) != before:
                continue
            edit = Edit(path, before, after.text.replace("\n", "\r\n") if "\r\n" in before else after.text)
            with around():
                _write(path, edit.after)
            return edit
    raise ConfigError(f"{path}: another program keeps changing this file; nothing was written, try again")


def _check_change(path: Path, after: Change) -> None:
    """Check that the new text says what it has to, and nothing else."""
    try:
        data = tomllib.loads(after.text)
        parse_config(after.text, path)
    except (tomllib.TOMLDecodeError, ConfigError) as error:
        problems = str(error) if isinstance(error, ConfigError) else f"{path}: {error}"
        raise ConfigError(f"{problems}\nnothing was changed") from error
    if data != after.data:
        raise ConfigError(f"{path}: cannot be edited safely; {BY_HAND}")


@contextmanager
def edit_lock(folder: Path) -> Iterator[None]:
    """Allow one process at a time to change the files of a folder.

    The lock is on the folder, because every change replaces the file, and a lock file would be left in the user's
    folder. Where folders cannot be locked (Windows, some network drives), only the comparison before the replacement
    protects the file.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # the error is reported when the file is read
        yield
        return
    try:
        end = time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > end:
                    raise ConfigError(f"{folder}: another tracker is changing a file there; try again") from None
                time.sleep(0.02)
                continue
            except OSError:  # this file system has no locks
                pass
            break
        yield
    finally:
        os.close(descriptor)


def _write(path: Path, text: str) -> None:
    try:
        replace_file(path.resolve(), text.encode())
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror or error}") from error


def replace_file(path: Path, body: bytes) -> None:
    """Replace a file atomically; its mode is kept."""
    import tempfile  # 2 ms that the first paint of a window does not wait for

    mode = path.stat().st_mode & 0o7777 if path.exists() else FILE_MODE
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)  # noqa: PTH101 - mkstemp gives a name
        os.replace(name, path)  # noqa: PTH105
    except BaseException:
        with suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise

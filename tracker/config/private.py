"""File permissions: what the user reads, and the passwords in addresses, are for the owner only."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from tracker.config.paths import database_path, shipped_config, state_dir, user_config
from tracker.model.config import Config
from tracker.model.secrets import has_secret

FILE_MODE = 0o600
FOLDER_MODE = 0o700

_GROUP_OR_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SHARED_FOLDER = stat.S_ISGID | stat.S_IWGRP


def make_private_folder(folder: Path) -> None:
    """Create a folder, and its parents, that only its owner may open; existing ones are not changed.

    Raises:
        OSError: when it cannot be made.
    """
    if not folder.is_dir():
        make_private_folder(folder.parent)
        # Another process may create it at the same time.
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)


def make_private(path: Path) -> None:
    """Create an empty file that only its owner may read, unless it exists.

    Raises:
        OSError: when it cannot be made.
    """
    if not path.exists() and not is_shared(path.parent):
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))


def keep_private(path: Path) -> None:
    """Remove the permissions of everybody but the owner from a file.

    Skipped: what belongs to another user, anything but a plain file (somebody may name a folder where a file is meant),
    and what is shared on purpose or lies in a folder that is. File systems without modes are not an error.
    """
    _remove_others(path, stat.S_ISREG, FILE_MODE)


def keep_private_folder(folder: Path) -> None:
    """Remove the permissions of everybody but the owner from a folder, as `keep_private` does from a file."""
    _remove_others(folder, stat.S_ISDIR, FOLDER_MODE)


def _remove_others(path: Path, is_kind: Callable[[int], bool], mode: int) -> None:
    with suppress(OSError):
        found = path.lstat()
        is_ours = found.st_uid == os.geteuid() and is_kind(found.st_mode)
        is_on_purpose = is_shared(path.parent) or is_shared(path)
        if is_ours and found.st_mode & _GROUP_OR_OTHERS and not is_on_purpose:
            path.chmod(stat.S_IMODE(found.st_mode) & mode)


def is_shared(folder: Path) -> bool:
    """Return True for a folder set up for a group (`chmod g+ws`), in which the umask decides."""
    try:
        return folder.stat().st_mode & _SHARED_FOLDER == _SHARED_FOLDER
    except OSError:
        return False


def keep_own_files(config: Config, environ: Mapping[str, str]) -> None:
    """Make files of earlier versions private: this user's folders and their own feeds.toml.

    A configuration named by an option, or in the current folder, is made private when it holds a password; the shipped
    one never is.
    """
    own = user_config(environ)
    for folder in {own.parent, state_dir(environ), database_path(None, {**environ, "TRACKER_DB": ""}).parent}:
        keep_private_folder(folder)
    keep_private(own)
    path = config.path
    if path is not None and path != shipped_config() and any(has_secret(source.url) for source in config.feeds):
        keep_private(path)

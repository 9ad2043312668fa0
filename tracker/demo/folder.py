"""The temporary folder of a replay; also removes the folders of killed replays."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "tracker-demo-"
_LOCK = "in-use"


@contextmanager
def demo_folder() -> Iterator[Path]:
    """Create a folder for a replay and remove it at the end."""
    _remove_left_over(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with FileLock(folder / _LOCK):
            yield folder


def _remove_left_over(parent: Path) -> None:
    """Remove the folders of replays that no longer run: the lock of a killed one is free."""
    for folder in parent.glob(f"{PREFIX}*"):
        lock = folder / _LOCK
        try:
            # A folder without its lock was made this moment, or is not ours; a link may lead anywhere.
            if folder.is_symlink() or not lock.is_file():
                continue
            with FileLock(lock, timeout=0):
                shutil.rmtree(folder, ignore_errors=True)
        except (OSError, Timeout):
            continue

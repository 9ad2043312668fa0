"""Finding feeds.toml and reading it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from tracker.config.firsthand import first_hand_feeds
from tracker.config.paths import home_path, is_checkout, shipped_config, user_config
from tracker.config.problem import Problem
from tracker.config.schema import MAX_CHARACTERS, check
from tracker.model.config import Config
from tracker.model.errors import ConfigError

_MAX_PROBLEMS = 50
"""Most problems listed in a message; a file of the wrong kind would fill the screen."""


def find_config(explicit: Path | None, environ: Mapping[str, str], cwd: Path | None) -> Path:
    """Return the configuration to use: `--config`, TRACKER_CONFIG, `./feeds.toml`, the user's own, the shipped one.

    In a checkout of tracker, `./feeds.toml` is the shipped one and comes last.

    Args:
        cwd: None where the current folder was deleted.

    Raises:
        ConfigError: when the requested one does not exist.
    """
    if explicit is not None:
        return _asked_for(explicit, "--config")
    if environ.get("TRACKER_CONFIG"):
        return _asked_for(home_path(environ["TRACKER_CONFIG"], environ), "TRACKER_CONFIG")
    if cwd is not None and (here := cwd / "feeds.toml").is_file() and not is_checkout(cwd):
        return here
    own = user_config(environ)
    if own.is_file():
        return own
    return shipped_config()


def load_config(path: Path) -> Config:
    """Read and check a configuration file.

    Raises:
        ConfigError: with a line for every problem.
    """
    stamp = stamp_of(path)  # taken before reading, so that a change meanwhile is found next time
    return replace(parse_config(read_text(path), path), stamp=stamp)


def stamp_of(path: Path) -> str:
    """Return a stamp that changes whenever the file does; its first line is the path."""
    name = str(path.absolute()).encode("utf-8", "backslashreplace").decode()  # it is stored, and need not be UTF-8
    try:
        found = path.stat()
    except OSError as error:
        return f"{name}\n{error.strerror or error}"
    return f"{name}\n{found.st_mtime_ns} {found.st_ctime_ns} {found.st_size} {found.st_ino}"


def read_text(path: Path) -> str:
    """Return the text of a configuration file.

    Raises:
        ConfigError: when it cannot be read or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_CHARACTERS * 4 + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{raw[error.start]:02x}"
        raise ConfigError(f"{path}:{line}: {byte} is not UTF-8; save the file as UTF-8") from error


def parse_config(text: str, path: Path) -> Config:
    """Parse and check the text of a configuration file.

    Raises:
        ConfigError: with a line for every problem.
    """
    result = check(text, str(path))
    if isinstance(result, Config):
        return replace(result, path=path, feeds=(*result.feeds, *first_hand_feeds(result)))
    raise ConfigError(message(result))


def message(problems: Sequence[Problem]) -> str:
    """Return problems as lines, the first fifty of them."""
    lines = [str(problem) for problem in problems[:_MAX_PROBLEMS]]
    if len(problems) > _MAX_PROBLEMS:
        lines.append(f"and {len(problems) - _MAX_PROBLEMS} more")
    return "\n".join(lines)


def _asked_for(path: Path, switch: str) -> Path:
    if not path.exists():
        raise ConfigError(f"{path}: no such file ({switch})")
    if path.is_dir():
        raise ConfigError(f"{path}: is a folder, not a file ({switch})")
    return path

"""Locations of files by the XDG rules and the options that override them; opens and creates nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped_config() -> Path:
    """Return the shipped feeds.toml: inside the installed package, or next to it in a checkout."""
    inside = _PACKAGE / "feeds.toml"
    return inside if inside.is_file() else _PACKAGE.parent / "feeds.toml"


def is_checkout(folder: Path) -> bool:
    """Return whether a folder is a checkout of tracker, whose feeds.toml is the shipped one."""
    package = folder / "tracker" / "config" / "paths.py"
    return package.is_file() and (folder / "pyproject.toml").is_file()


def user_config(environ: Mapping[str, str]) -> Path:
    """Return the path of the user's own feeds.toml, which may not exist."""
    return _xdg(environ, "XDG_CONFIG_HOME", ".config") / "feeds.toml"


def database_path(explicit: Path | None, environ: Mapping[str, str]) -> Path:
    """Return the database: `--db`, TRACKER_DB, or `$XDG_DATA_HOME/tracker/tracker.db`."""
    if explicit is not None:
        return explicit
    if environ.get("TRACKER_DB"):
        return home_path(environ["TRACKER_DB"], environ)
    return _xdg(environ, "XDG_DATA_HOME", ".local/share") / "tracker.db"


def state_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder of the window's state."""
    return _xdg(environ, "XDG_STATE_HOME", ".local/state")


def _xdg(environ: Mapping[str, str], name: str, fallback: str) -> Path:
    given = environ.get(name, "")
    # The specification says to ignore relative paths in these.
    base = Path(given) if given and Path(given).is_absolute() else _home(environ) / fallback
    return base / "tracker"


def home_path(name: str, environ: Mapping[str, str]) -> Path:
    """Return a path whose leading `~/` is the home folder: crontabs and systemd units pass it on as it is written."""
    return _home(environ) / name[2:] if name.startswith("~/") else Path(name)


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ["HOME"]) if environ.get("HOME") else Path.home()

"""Editing the user's feeds.toml: adds or removes whole lines and leaves every other byte unchanged.

A format-preserving parser (tomlkit) does not help: it removes the next table's comment along with a feed, and
inserts a new feed below the next table's comment.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from tracker.config.load import parse_config, read_text
from tracker.config.locate import LineRange, locate
from tracker.config.paths import user_config
from tracker.config.private import FILE_MODE, make_private_folder
from tracker.model.config import Config
from tracker.model.errors import ConfigError
from tracker.model.feed import FeedSource

_LOCK_SECONDS = 10.0
_SHIPPED_SCHEMA = b"#:schema docs/feeds.schema.json\n"
_ATTEMPTS = 5


class _Change(Struct, frozen=True):
    """The new text of a file and the names of its feeds."""

    text: str
    names: set[str]


def own_copy(path: Path, shipped: Path, environ: Mapping[str, str]) -> Path:
    """Return the file to edit: `path`, or a new copy in the user's folder if it is the shipped one.

    Raises:
        ConfigError: when the copy cannot be written.
    """
    if not (path == shipped and path.exists()):
        return path
    copy = user_config(environ)
    try:
        make_private_folder(copy.parent)
        with _edit_lock(copy.parent):
            if not copy.exists():
                from tracker.config.json_schema import FILE, schema_text  # rarely needed

                _replace(copy.parent / FILE, schema_text().encode())
                _replace(copy, path.read_bytes().replace(_SHIPPED_SCHEMA, f"#:schema {FILE}\n".encode(), 1))
    except OSError as error:
        raise ConfigError(f"{copy}: cannot be written: {error.strerror or error}") from error
    return copy


def add_feed(path: Path, source: FeedSource) -> None:
    """Add a feed to a configuration file, after the last one.

    Raises:
        ConfigError: when its name or address is already used, or the file cannot be read, checked or written.
    """
    add_feeds(path, [source])


def add_feeds(path: Path, sources: list[FeedSource]) -> None:
    """Add feeds to a configuration file, after the last one, all or none.

    Raises:
        ConfigError: when a name or address is already used, or the file cannot be read, checked or written.
    """

    def add(text: str, config: Config) -> _Change:
        for source in sources:
            _refuse_known(source, config, path)
        lines = text.splitlines(keepends=True)
        at = max((span.last for span in _feed_line_ranges(text)), default=len(lines))
        # A comment directly below the last feed belongs to it; one directly above the next table belongs to that.
        end = at
        while end < len(lines) and lines[end].lstrip().startswith("#"):
            end += 1
        if end == len(lines) or not lines[end].strip():
            at = end
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        block = "".join(f"\n{feed_table(source)}" for source in sources)
        gap = "" if at >= len(lines) or lines[at].strip() == "" else "\n"
        names = {feed.name for feed in (*config.feeds, *sources)}
        return _Change("".join([*lines[:at], block, gap, *lines[at:]]), names)

    _change(path, add)


def remove_feed(path: Path, name: str) -> None:
    """Remove a feed from a configuration file; comments around it stay.

    Raises:
        ConfigError: when no feed has that name, or the file cannot be read, checked or written.
    """

    def remove(text: str, config: Config) -> _Change:
        number = next((n for n, feed in enumerate(config.feeds) if feed.name == name), None)
        if number is None:
            raise ConfigError(f'{path}: no feed is named "{name}"')
        span = locate(text).tables.get(("feed", number))
        if span is None:
            raise ConfigError(
                f"{path}:{config.feeds[number].line}: this feed is not a [[feed]] table; remove it by hand"
            )
        lines = text.splitlines(keepends=True)
        after = span.last
        # The blank line after it is removed too.
        if after < len(lines) and not lines[after].strip() and (span.first == 1 or not lines[span.first - 2].strip()):
            after += 1
        left = {feed.name for feed in config.feeds} - {name}
        return _Change("".join([*lines[: span.first - 1], *lines[after:]]), left)

    _change(path, remove)


def feed_table(source: FeedSource) -> str:
    """Return a feed as a TOML table."""
    rows = [("name", _string(source.name)), ("url", _string(source.url))]
    if source.group is not None:
        rows.append(("group", _string(source.group)))
    if source.poll_minutes is not None:
        rows.append(("poll_minutes", str(source.poll_minutes)))
    if not source.enabled:
        rows.append(("enabled", "false"))
    if source.tags:
        rows.append(("tags", f"[{', '.join(map(_string, source.tags))}]"))
    return "[[feed]]\n" + "".join(f"{key} = {value}\n" for key, value in rows)


def _feed_line_ranges(text: str) -> list[LineRange]:
    """Return the lines of every feed's table, including those of nested tables."""
    return [span for path, span in locate(text).tables.items() if path[0] == "feed" and len(path) > 1]


def _string(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'


def _change(path: Path, change: Callable[[str, Config], _Change]) -> None:
    """Change a configuration file; start again when another program changes it meanwhile."""
    with _edit_lock(path.resolve().parent):
        for _ in range(_ATTEMPTS):
            before = read_text(path)
            text = before.replace("\r\n", "\n")
            after = change(text, parse_config(text, path))
            _check_change(path, before, after)
            if read_text(path) != before:
                continue
            body = after.text.replace("\n", "\r\n") if "\r\n" in before else after.text
            try:
                _replace(path.resolve(), body.encode())
            except OSError as error:
                raise ConfigError(f"{path}: cannot be written: {error.strerror or error}") from error
            return
    raise ConfigError(f"{path}: another program keeps changing this file; nothing was written, try again")


def _refuse_known(source: FeedSource, config: Config, path: Path) -> None:
    for known in config.feeds:
        place = f"{path}:{known.line}" if known.line is not None else str(path)
        if known.name.casefold() == source.name.casefold():
            raise ConfigError(f'{place}: there is already a feed named "{known.name}"')
        if known.url == source.url:
            raise ConfigError(f'{place}: the feed "{known.name}" already has this address')


def _check_change(path: Path, before: str, after: _Change) -> None:
    """Check that the new text has the intended change and no other."""
    try:
        old, new = tomllib.loads(before), tomllib.loads(after.text)
        config = parse_config(after.text, path)
    except (tomllib.TOMLDecodeError, ConfigError) as error:
        raise ConfigError(f"{path}: not changed, because the result would be invalid:\n{error}") from error
    old.pop("feed", None)
    new.pop("feed", None)
    if old != new or {feed.name for feed in config.feeds} != after.names:
        raise ConfigError(f"{path}: cannot be edited safely; make the change by hand")


@contextmanager
def _edit_lock(folder: Path) -> Iterator[None]:
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


def _replace(path: Path, body: bytes) -> None:
    """Replace a file atomically; its mode is kept."""
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

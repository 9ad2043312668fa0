"""Changing feeds of the user's feeds.toml: whole lines are put in or taken out, and not another byte is touched.

A parser that keeps formatting (tomlkit) was measured: it removes the comment of the next table along with a feed, and
puts a new feed below the comment that belongs to the table after it.
"""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tracker.config.load import parse_config, read_text
from tracker.config.locate import Span, locate
from tracker.config.paths import user_config
from tracker.model.errors import ConfigError
from tracker.model.feed import FeedSource


def own_copy(path: Path, shipped: Path, environ: Mapping[str, str]) -> Path:
    """Return the file to edit: `path`, or a fresh copy of it in the user's folder when it is the shipped one.

    Raises:
        ConfigError: when the copy cannot be written.
    """
    if not (path == shipped and path.exists()):
        return path
    copy = user_config(environ)
    if not copy.exists():
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
            _replace(copy, path.read_bytes())
        except OSError as error:
            raise ConfigError(f"{copy}: cannot be written: {error.strerror or error}") from error
    return copy


def add_feed(path: Path, source: FeedSource) -> None:
    """Put a feed into a configuration file, after the last one there.

    Raises:
        ConfigError: when name or address is there already, or the file cannot be read, checked or written.
    """
    add_feeds(path, [source])


def add_feeds(path: Path, sources: list[FeedSource]) -> None:
    """Put feeds into a configuration file, after the last one there, all or none.

    Raises:
        ConfigError: when a name or address is there already, or the file cannot be read, checked or written.
    """
    text = _unix(read_text(path))
    config = parse_config(text, path)
    for source in sources:
        for known in config.feeds:
            place = f"{path}:{known.line}" if known.line is not None else str(path)
            if known.name.casefold() == source.name.casefold():
                raise ConfigError(f'{place}: a feed with the name "{known.name}" is there already')
            if known.url == source.url:
                raise ConfigError(f'{place}: the feed "{known.name}" has this address already')
    lines = text.splitlines(keepends=True)
    at = max((span.last for span in _feed_spans(text)), default=len(lines))
    # A comment right below the last feed is about it; one that runs into the next table is about that.
    end = at
    while end < len(lines) and lines[end].lstrip().startswith("#"):
        end += 1
    if end == len(lines) or not lines[end].strip():
        at = end
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    block = "".join(f"\n{feed_table(source)}" for source in sources)
    gap = "" if at >= len(lines) or lines[at].strip() == "" else "\n"
    _write_checked(path, "".join([*lines[:at], block, gap, *lines[at:]]), {feed.name for feed in config.feeds}, sources)


def remove_feed(path: Path, name: str) -> None:
    """Take a feed out of a configuration file; comments around it stay.

    Raises:
        ConfigError: when there is no such feed, or the file cannot be read, checked or written.
    """
    text = _unix(read_text(path))
    config = parse_config(text, path)
    number = next((n for n, feed in enumerate(config.feeds) if feed.name == name), None)
    if number is None:
        raise ConfigError(f'{path}: there is no feed with the name "{name}"')
    span = locate(text).tables.get(("feed", number))
    if span is None:
        raise ConfigError(
            f"{path}:{config.feeds[number].line}: this feed has no [[feed]] of its own; take it out by hand"
        )
    lines = text.splitlines(keepends=True)
    after = span.last
    # The blank line that parted it from what follows goes with it.
    if after < len(lines) and not lines[after].strip() and (span.first == 1 or not lines[span.first - 2].strip()):
        after += 1
    left = {feed.name for feed in config.feeds} - {name}
    _write_checked(path, "".join([*lines[: span.first - 1], *lines[after:]]), left, [])


def feed_table(source: FeedSource) -> str:
    """Return a feed as its table in TOML."""
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


def _feed_spans(text: str) -> list[Span]:
    """Return the lines of every feed's table, those of tables inside it too."""
    return [span for path, span in locate(text).tables.items() if path[0] == "feed" and len(path) > 1]


def _string(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")


def _write_checked(path: Path, text: str, kept: set[str], added: list[FeedSource]) -> None:
    """Write the new text, after making sure that it says what it should and that nothing else in it has changed."""
    try:
        before = read_text(path)
        old, new = tomllib.loads(before), tomllib.loads(text)
        config = parse_config(text, path)
    except (tomllib.TOMLDecodeError, ConfigError) as error:
        raise ConfigError(f"{path}: is left as it was; after the change it would read\n{error}") from error
    old.pop("feed", None)
    new.pop("feed", None)
    names = [feed.name for feed in config.feeds]
    if old != new or set(names) != kept | {source.name for source in added}:
        raise ConfigError(f"{path}: is written in a way that cannot be changed safely; change it by hand")
    if "\r\n" in before:
        text = text.replace("\n", "\r\n")
    try:
        _replace(path.resolve(), text.encode())
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror or error}") from error


def _replace(path: Path, body: bytes) -> None:
    """Write a file so that at every moment either the old or the new one is there, whole; its mode stays."""
    mode = path.stat().st_mode & 0o7777 if path.exists() else 0o644
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

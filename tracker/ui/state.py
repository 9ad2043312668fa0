"""What the window remembers from one start to the next."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any, TypeGuard

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from tracker.config.private import make_private_folder
from tracker.model.query import QuerySyntaxError, parse_query
from tracker.prices.chart import CHART_SPANS
from tracker.ui.widgets.row_move import KINDS

VERSION = 1
FILE = "ui.json"
MIN_SIDE, MAX_SIDE = 16, 60
_MAX_BYTES = 100_000
_MAX_TEXT = 1_000
_MAX_FOLDED = 500
_MAX_ID = 2**63 - 1


class WindowState(Struct, frozen=True):
    """Values with defaults; anything unreadable is its default."""

    place: str = "view:Everything"
    """Key of the side bar's line."""
    reading: str = "everything"
    search: str = ""
    article_id: int | None = None
    theme: str | None = None
    folded: tuple[str, ...] = ()
    side_width: int = 24
    moves: str = "since"
    span: str = "2 days"
    """Of the price pane."""
    morning: str = ""
    """The day on which the morning page was seen last, in ISO 8601."""
    database: str = ""
    """Where `article_id` is stored; another database has another article of that number."""


def database_name(path: Path) -> str:
    """Return the name of a database for the state: a text that can be stored, whatever its path is."""
    with contextlib.suppress(OSError):  # a path from a folder that was deleted leads nowhere
        path = path.resolve()
    return ascii(str(path))[1:-1]


def load_state(folder: Path) -> WindowState:
    """Return the remembered state; defaults where the file is absent, damaged or of another version."""
    try:
        data = msgspec.json.decode(_read(folder / FILE))
    except (OSError, ValueError, RecursionError):
        return WindowState()
    if not isinstance(data, dict) or data.get("version") != VERSION:
        return WindowState()
    return _checked(data)


def save_state(folder: Path, state: WindowState) -> None:
    """Replace the remembered state at once; a folder that cannot be written to is not worth a complaint."""
    import json  # with tempfile 5 ms that the first paint does not wait for
    import tempfile

    text = json.dumps({"version": VERSION, **asdict(state)}, ensure_ascii=False, indent=1) + "\n"
    with contextlib.suppress(OSError):
        make_private_folder(folder)
        handle, name = tempfile.mkstemp(dir=folder, prefix=FILE)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(folder / FILE)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _read(path: Path) -> bytes:
    if not path.is_file():  # a pipe of that name would block the start forever
        return b""
    with path.open("rb") as file:
        text = file.read(_MAX_BYTES + 1)
    return text if len(text) <= _MAX_BYTES else b""


def _checked(data: dict[str, Any]) -> WindowState:
    default = WindowState()

    def text(name: str, fallback: str, allowed: tuple[str, ...] = ()) -> str:
        value = data.get(name)
        return value if _is_text(value) and (not allowed or value in allowed) else fallback

    article_id, theme, folded, width = (data.get(name) for name in ("article_id", "theme", "folded", "side_width"))
    search = text("search", default.search)
    return WindowState(
        place=text("place", default.place),
        reading=text("reading", default.reading, ("everything", "unread", "starred")),
        search=search if _is_query(search) else default.search,
        article_id=article_id if type(article_id) is int and 0 < article_id <= _MAX_ID else None,
        database=text("database", default.database),
        theme=theme if _is_text(theme) else None,
        folded=tuple(key for key in folded[:_MAX_FOLDED] if _is_text(key)) if isinstance(folded, list) else (),
        side_width=min(max(width, MIN_SIDE), MAX_SIDE) if type(width) is int else default.side_width,
        moves=text("moves", default.moves, KINDS),
        span=text("span", default.span, CHART_SPANS),
        morning=text("morning", default.morning),
    )


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) <= _MAX_TEXT and value.isprintable()


def _is_query(text: str) -> bool:
    try:
        parse_query(text)
    except QuerySyntaxError:
        return False
    return True

"""What the window remembers from one start to the next."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from tracker.ui.widgets.row_move import KINDS
from tracker.ui.widgets.spans import SPANS

VERSION = 1
FILE = "ui.json"
MIN_SIDE, MAX_SIDE = 16, 60


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


def load_state(folder: Path) -> WindowState:
    """Return the remembered state; defaults where the file is absent, damaged or of another version."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return WindowState()
    if not isinstance(data, dict) or data.get("version") != VERSION:
        return WindowState()
    return _checked(data)


def save_state(folder: Path, state: WindowState) -> None:
    """Replace the remembered state at once; a folder that cannot be written to is not worth a complaint."""
    text = json.dumps({"version": VERSION, **asdict(state)}, ensure_ascii=False, indent=1) + "\n"
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=FILE)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(folder / FILE)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _checked(data: dict[str, Any]) -> WindowState:
    default = WindowState()

    def text(name: str, fallback: str, allowed: tuple[str, ...] = ()) -> str:
        value = data.get(name)
        return value if isinstance(value, str) and (not allowed or value in allowed) else fallback

    article_id, theme, folded, width = (data.get(name) for name in ("article_id", "theme", "folded", "side_width"))
    return WindowState(
        place=text("place", default.place),
        reading=text("reading", default.reading, ("everything", "unread", "starred")),
        search=text("search", default.search),
        article_id=article_id if type(article_id) is int else None,
        theme=theme if isinstance(theme, str) else None,
        folded=tuple(key for key in folded if isinstance(key, str)) if isinstance(folded, list) else (),
        side_width=min(max(width, MIN_SIDE), MAX_SIDE) if type(width) is int else default.side_width,
        moves=text("moves", default.moves, KINDS),
        span=text("span", default.span, SPANS),
    )

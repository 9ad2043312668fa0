"""Which stories have got or lost stored articles lately: an open window looks at these alone, not at a million rows.

New articles are not noted: their ids tell of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracker.store.connection import Connection
from tracker.store.rows import remembered

_KEY = "regrouped"
_MAX_LENGTH = 50_000
"""Characters after which the note begins anew, under another number."""
_FIRST_NUMBER = "1"
Mark = tuple[str, int]
"""The number of a note, and how much of it there was."""


def note_regrouped(connection: Connection, story_ids: Iterable[int]) -> None:
    """Note that stored articles came to these stories or left them. Needs a transaction."""
    text = "".join(f" {story_id}" for story_id in story_ids)
    connection.execute(
        "INSERT INTO meta (key, value) VALUES (?1, ?4 || ?2) ON CONFLICT (key) DO UPDATE SET value ="
        " CASE WHEN length(value) < ?3 THEN value ELSE CAST(value AS INTEGER) + 1 END || ?2",
        (_KEY, text, _MAX_LENGTH, _FIRST_NUMBER),
    )


def regrouped(connection: Connection) -> Mark:
    """Return how far the note has come."""
    note = remembered(connection, _KEY) or _FIRST_NUMBER
    return note.partition(" ")[0], len(note)


def regrouped_since(connection: Connection, mark: Mark) -> set[int] | None:
    """Return the stories noted since then; None where the note has begun anew."""
    note = remembered(connection, _KEY) or _FIRST_NUMBER
    number, length = mark
    return set(map(int, note[length:].split())) if note.partition(" ")[0] == number else None

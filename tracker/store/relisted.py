"""A mark that changes when stored articles enter or leave lists: an open window compares it, as counting would be slow.

New articles do not change it; their ids tell of them.
"""

from __future__ import annotations

from tracker.store.connection import Connection
from tracker.store.rows import remembered

_KEY = "relisted"


def note_relisted(connection: Connection) -> None:
    """Note that articles were muted, deleted, dated or tagged anew. Needs a transaction."""
    connection.execute(
        "INSERT INTO meta (key, value) VALUES (?, '1') ON CONFLICT (key) DO UPDATE SET value = value + 1", (_KEY,)
    )


def relisted(connection: Connection) -> str | None:
    """Return the mark; None until something was noted."""
    return remembered(connection, _KEY)

"""What the full-text index holds of each article."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from tracker.store.search import index_text


def add_to_index(connection: sqlite3.Connection, articles: Iterable[tuple[int, str, str]]) -> None:
    """Let articles be found by their words: (id, title, text) of each.

    A statement for each row: one for several writes out what FTS5 has gathered, for it may have to be undone alone.
    """
    connection.executemany(
        "INSERT INTO article_search (rowid, title, text) VALUES (?,?,?)",
        ((article_id, index_text(title), index_text(text)) for article_id, title, text in articles),
    )


def remove_from_index(connection: sqlite3.Connection, article_id: int, title: str, text: str) -> None:
    """Take an article out of the index, which is contentless: it forgets only what exactly had been put in."""
    connection.execute(
        "INSERT INTO article_search (article_search, rowid, title, text) VALUES ('delete',?,?,?)",
        (article_id, index_text(title), index_text(text)),
    )

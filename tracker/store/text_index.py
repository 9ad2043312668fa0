"""What the full-text index holds of each article."""

from __future__ import annotations

import sqlite3

from tracker.store.search import index_text


def add_to_index(connection: sqlite3.Connection, article_id: int, title: str, text: str) -> None:
    """Let an article be found by its words."""
    connection.execute(
        "INSERT INTO article_search (rowid, title, text) VALUES (?,?,?)",
        (article_id, index_text(title), index_text(text)),
    )


def remove_from_index(connection: sqlite3.Connection, article_id: int, title: str, text: str) -> None:
    """Take an article out of the index, which is contentless: it forgets only what exactly had been put in."""
    connection.execute(
        "INSERT INTO article_search (article_search, rowid, title, text) VALUES ('delete',?,?,?)",
        (article_id, index_text(title), index_text(text)),
    )

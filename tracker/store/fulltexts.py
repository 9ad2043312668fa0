"""Full texts of articles: kept until their article goes."""

from __future__ import annotations

import msgspec

from tracker.model.clock import from_epoch, to_epoch
from tracker.model.fulltext import FullText
from tracker.store.connection import OnConnection
from tracker.store.db import transaction
from tracker.store.rows import compact_json


class FullTextReader(OnConnection):
    """Reads full texts over the connection of a `Reader`."""

    def get(self, article_id: int) -> FullText | None:
        """Return the full text of an article, or None while it has not been fetched."""
        row = self._connection.execute(
            "SELECT url, title, text, links, fetched FROM full_text WHERE article_id = ?", (article_id,)
        ).fetchone()
        if row is None:
            return None
        url, title, text, links, fetched = row
        return FullText(url, title, text, tuple(msgspec.json.decode(links)), from_epoch(fetched))


class FullTextWriter(OnConnection):
    """Stores full texts over the connection of a `Writer`."""

    def put(self, article_id: int, full: FullText) -> bool:
        """Store the full text of an article in place of an earlier one; False if the article has gone.

        Args:
            article_id: the article.
            full: with `fetched`.
        """
        assert full.fetched is not None
        with transaction(self._connection):
            done = self._connection.execute(
                "INSERT OR REPLACE INTO full_text (article_id, url, title, text, links, fetched)"
                " SELECT id, ?, ?, ?, ?, ? FROM article WHERE id = ?",
                (full.url, full.title, full.text, compact_json(full.links), to_epoch(full.fetched), article_id),
            )
            return done.rowcount > 0

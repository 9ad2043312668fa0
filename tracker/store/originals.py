"""First-hand articles without a story of the press, the stories they may belong to, and joining both."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec import Struct

from tracker.model.clock import to_epoch
from tracker.model.sources import OriginKind
from tracker.store import stories
from tracker.store.connection import OnConnection
from tracker.store.db import transaction
from tracker.store.rows import GROUPED, column, compact_json, remember, remembered, structs

_FREE = "NOT EXISTS (SELECT 1 FROM story_pin p WHERE p.story_id = a.story_id)"
_TEXT = 4_000
"""Characters of a text that are read: the items of a filing are at its beginning."""
_IS_PRESS = "(f.first_hand IS NULL OR f.first_hand = 'company')"
_JOINED = "originals_cursor"
"""Key in `meta` of the newest article that was compared with others before originals were joined last."""


class FirstHandArticle(Struct, frozen=True):
    """An article of a first-hand source that nothing was joined with."""

    id: int
    story_id: int
    kind: OriginKind
    time: datetime
    symbol: str | None
    title: str
    text: str
    key: str


class StoryReport(Struct, frozen=True):
    """An article of a story of the press."""

    story_id: int
    time: datetime
    title: str
    symbol: str | None
    """The share beside its headline, where the title names its company."""


class OriginalStore(OnConnection):
    """Reads and joins, over the connection of a `Writer`."""

    def grouped(self) -> str | None:
        """Return how far articles are grouped, in the form that `note_complete` takes."""
        return remembered(self._connection, GROUPED)

    def is_complete(self) -> bool:
        """Return whether originals were joined with everything that is grouped: no program ended in between."""
        return remembered(self._connection, _JOINED) == self.grouped()

    def note_complete(self, grouped: str | None) -> None:
        """Note how far articles were grouped when originals were joined."""
        if grouped is not None and grouped != remembered(self._connection, _JOINED):
            with transaction(self._connection):
                remember(self._connection, {_JOINED: grouped})

    def unjoined(self, since: datetime) -> list[FirstHandArticle]:
        """Return the articles of first-hand sources since then that are the only ones of their stories.

        Stories that the user made or split are left out, here and everywhere below.
        """
        return list(
            structs(
                FirstHandArticle,
                self._connection.execute(
                    "SELECT a.id, a.story_id, f.first_hand AS kind, a.published AS time, a.symbol, a.title,"
                    " coalesce(substr(x.text, 1, ?), '') AS text, a.key"
                    " FROM feed f JOIN article a ON a.feed_id = f.id LEFT JOIN article_text x ON x.article_id = a.id"
                    " WHERE f.first_hand IS NOT NULL AND a.time >= ? AND a.published IS NOT NULL AND a.muted = 0"
                    " AND NOT EXISTS (SELECT 1 FROM article o WHERE o.story_id = a.story_id AND o.id <> a.id)"
                    f" AND {_FREE}",
                    (_TEXT, to_epoch(since)),
                ),
            )
        )

    def stories_about(self, symbols: Collection[str], start: datetime, end: datetime) -> set[int]:
        """Return the stories with a headline about one of these shares that was published in this time."""
        return set(
            column(
                self._connection,
                "SELECT DISTINCT a.story_id FROM json_each(?) w JOIN article a ON a.symbol = w.value"
                f" JOIN feed f ON f.id = a.feed_id WHERE a.published BETWEEN ? AND ? AND {_IS_PRESS}",
                (compact_json(symbols), to_epoch(start), to_epoch(end)),
            )
        )

    def stories_with(self, words: Collection[tuple[str, datetime, datetime]]) -> set[int]:
        """Return the stories with a headline that has one of these words within its time; the titles are read once.

        Args:
            words: (a word, or a part of one, in lower-case ASCII letters; first and last time of the headlines).
        """
        if not words:
            return set()
        listed = [(word, to_epoch(start), to_epoch(end)) for word, start, end in words]
        return set(
            column(
                self._connection,
                "WITH w (word, first, last) AS MATERIALIZED (SELECT json_extract(value, '$[0]'),"
                " json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(?))"
                " SELECT DISTINCT a.story_id FROM article a JOIN feed f ON f.id = a.feed_id WHERE a.time BETWEEN ? AND"
                " ? AND EXISTS (SELECT 1 FROM w WHERE a.time BETWEEN w.first AND w.last AND"
                f" instr(lower(a.title), w.word)) AND {_IS_PRESS}",
                (compact_json(listed), min(first for _, first, _ in listed), max(last for _, _, last in listed)),
            )
        )

    def reports(self, story_ids: Collection[int]) -> list[StoryReport]:
        """Return the reports of those stories that have no original yet."""
        return list(
            structs(
                StoryReport,
                self._connection.execute(
                    "SELECT a.story_id, a.time, a.title, (SELECT t.symbol FROM article_tag t WHERE t.article_id = a.id"
                    " AND t.symbol = a.symbol AND t.own = 1 AND instr(t.matches, '\"title\"')) AS symbol"
                    f" FROM json_each(?) w JOIN article a ON a.story_id = w.value WHERE a.muted = 0 AND {_FREE}"
                    " AND NOT EXISTS (SELECT 1 FROM article o JOIN feed f ON f.id = o.feed_id"
                    f" WHERE o.story_id = a.story_id AND NOT {_IS_PRESS})",
                    (compact_json(story_ids),),
                ),
            )
        )

    def join(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Make stories one, each of an original with the one that the press made of it, under the older id."""
        with transaction(self._connection):
            for pair in pairs:
                kept, absorbed = sorted(pair, key=abs)
                pinned = self._connection.execute("SELECT 1 FROM story_pin WHERE story_id IN (?,?)", pair).fetchone()
                if pinned is None:  # else the user has regrouped them meanwhile
                    stories.absorb(self._connection, {kept: [absorbed]})

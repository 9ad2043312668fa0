"""Articles as the study of prices needs them: when, which story, about which shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from tracker.model.clock import optional_time, to_epoch
from tracker.store.connection import OnConnection
from tracker.store.rows import column, compact_json


class News(Struct, frozen=True):
    """An article, as far as prices care."""

    id: int
    title: str
    published: datetime | None
    story_id: int
    symbols: tuple[str, ...]
    """The share beside its headline, then the others it is about."""
    names: Mapping[str, str] = {}
    """The tag of each share that it mentions, by symbol."""
    stand_ins: frozenset[str] = frozenset()
    """Shares that are shown for companies that are not listed."""


class NewsReader(OnConnection):
    """Reads, over the connection of a `Reader`, which articles are about which shares."""

    def articles(self, ids: Sequence[int]) -> list[News]:
        """Return these articles in the order of `ids`; ids that are gone are left out."""
        wanted = compact_json(ids)
        about: dict[int, list[str]] = {}
        names: dict[int, dict[str, str]] = {}
        listed: set[tuple[int, str]] = set()
        for article_id, symbol, name, is_about, own in self._connection.execute(
            "SELECT t.article_id, t.symbol, tag.name, t.about, t.own FROM json_each(?) w"
            " JOIN article_tag t ON t.article_id = w.value JOIN tag ON tag.id = t.tag_id"
            " WHERE t.symbol IS NOT NULL ORDER BY t.about DESC, t.place",
            (wanted,),
        ):
            if is_about:
                about.setdefault(article_id, []).append(symbol)
            names.setdefault(article_id, {}).setdefault(symbol, name)
            if own:
                listed.add((article_id, symbol))
        found = {
            article_id: News(
                article_id,
                title,
                optional_time(published),
                story_id,
                tuple(dict.fromkeys([*([] if symbol is None else [symbol]), *about.get(article_id, ())])),
                mine := names.get(article_id, {}),
                frozenset(one for one in mine if (article_id, one) not in listed),
            )
            for article_id, title, published, story_id, symbol in self._connection.execute(
                "SELECT a.id, a.title, a.published, a.story_id, a.symbol FROM json_each(?) w"
                " JOIN article a ON a.id = w.value",
                (wanted,),
            )
        }
        return [found[article_id] for article_id in ids if article_id in found]

    def by_symbol(self) -> dict[str, list[tuple[int, int, int]]]:
        """Return (published in epoch seconds, story, id) of the articles about each share, oldest first."""
        return _sorted_by_symbol(
            self._connection.execute(
                "SELECT symbol, published, story_id, id FROM article WHERE symbol IS NOT NULL AND published IS NOT NULL"
                " UNION SELECT t.symbol, a.published, a.story_id, a.id FROM article_tag t"
                " JOIN article a ON a.id = t.article_id"
                " WHERE t.about = 1 AND t.symbol IS NOT NULL AND a.published IS NOT NULL"
            )
        )

    def between(
        self, start: datetime, end: datetime, *, with_muted: bool = False
    ) -> dict[str, list[tuple[int, int, int]]]:
        """Return the same of the articles published from `start` to `end`, both included; muted ones if asked for."""
        span = {"start": to_epoch(start), "end": to_epoch(end)}
        within = "a.time BETWEEN :start AND :end AND a.published BETWEEN :start AND :end"
        within += "" if with_muted else " AND a.muted = 0"
        return _sorted_by_symbol(
            self._connection.execute(
                f"SELECT a.symbol, a.published, a.story_id, a.id FROM article a WHERE {within} AND a.symbol IS NOT NULL"
                " UNION SELECT t.symbol, a.published, a.story_id, a.id FROM article a"
                f" JOIN article_tag t ON t.article_id = a.id WHERE {within} AND t.about = 1 AND t.symbol IS NOT NULL",
                span,
            )
        )

    def days(self) -> list[tuple[str, int]]:
        """Return (share, day of UTC since 1970) of every day on which an article about a share was published."""
        return self._connection.execute(
            "SELECT symbol, published / 86400 FROM article WHERE symbol IS NOT NULL AND published IS NOT NULL"
            " GROUP BY symbol, published / 86400"
        ).fetchall()

    def symbols_since(self, since: datetime) -> list[str]:
        """Return the shares of articles published since then, most articles first."""
        return column(
            self._connection,
            "SELECT symbol FROM article WHERE symbol IS NOT NULL AND published >= ?"
            " GROUP BY symbol ORDER BY count(*) DESC, symbol",
            (to_epoch(since),),
        )

    def price_needs(self) -> list[tuple[str, int, int, int]]:
        """Return (symbol, articles, oldest, newest publication in epoch seconds) of each share that articles
        are about."""
        return self._connection.execute(
            "SELECT symbol, count(*), min(published), max(published) FROM ("
            " SELECT symbol, published, id FROM article WHERE symbol IS NOT NULL AND published IS NOT NULL"
            " UNION SELECT t.symbol, a.published, a.id FROM article_tag t JOIN article a ON a.id = t.article_id"
            " WHERE t.about = 1 AND t.symbol IS NOT NULL AND a.published IS NOT NULL) GROUP BY symbol"
        ).fetchall()


def _sorted_by_symbol(rows: Iterable[tuple[str, int, int, int]]) -> dict[str, list[tuple[int, int, int]]]:
    found: dict[str, list[tuple[int, int, int]]] = {}
    for symbol, published, story_id, article_id in rows:
        found.setdefault(symbol, []).append((published, story_id, article_id))
    for some in found.values():
        some.sort()
    return found

"""Reads articles: ids by query, rows of the list, and full articles."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from tracker.model.article import Article, Headline
from tracker.model.attribution import Attribution
from tracker.model.clock import from_epoch, to_epoch
from tracker.model.query import Query
from tracker.model.tags import Match, Mention
from tracker.store.connection import Connection
from tracker.store.leads import all_ids
from tracker.store.price_reader import PriceReader
from tracker.store.relisted import relisted
from tracker.store.rows import (
    column,
    compact_json,
    decoded,
    decoded_rows,
    decoders,
    named_rows,
    number,
    rows_at_once,
    selected,
    stored_fields,
)
from tracker.store.story_reader import StoryReader

_ARTICLE = stored_fields(
    Article,
    but=("source", "group", "text", "links", "mentions", "story", "earlier_titles", "attribution", "at_latest"),
)
"""The columns of `article` that are fields of an `Article` of the same name; the others are put together."""
_HEADLINE = stored_fields(
    Headline,
    but=(
        "source",
        "tags",
        "base",
        "others",
        "marks",
        "is_rewrite",
        "is_translation",
        "share_tag",
        "is_stand_in",
        "fresh",
        "original_time",
        "sources",
        "at_latest",
    ),
)
_HEADLINE_COLUMNS = (
    *_HEADLINE,
    *("source", "others", "sources", "at_latest", "fresh", "is_rewrite", "original_time", "is_translation"),
)
_AT_LATEST = "CASE WHEN a.published IS NULL AND a.time < a.first_seen THEN a.time END AS at_latest"
_ARTICLE_DECODERS, _HEADLINE_DECODERS = decoders(Article), decoders(Headline)


class ArticleReader:
    """Reads articles over the connection of a `Reader`."""

    def __init__(self, connection: Connection, stories: StoryReader, prices: PriceReader) -> None:
        self._connection = connection
        self._stories = stories
        self._prices = prices

    def ids(self, query: Query, now: datetime, limit: int | None = None) -> array[int]:
        """Return the ids of matching articles in the order of the query, newest first by default."""
        return all_ids(self._connection, query, now, limit)

    def headlines(self, ids: Sequence[int]) -> list[Headline]:
        """Return the rows of these articles, in the order of `ids`; ids that are gone are left out."""
        wanted = compact_json(ids)
        tags: dict[int, list[tuple[str, str | None, int, str]]] = {}
        for article_id, name, symbol, own, matches in rows_at_once(
            self._connection,
            ("article_id", "name", "symbol", "own", "matches"),
            "SELECT t.article_id, tag.name, t.symbol, t.own, t.matches FROM json_each(?) w"
            " JOIN article_tag t ON t.article_id = w.value JOIN tag ON tag.id = t.tag_id"
            " ORDER BY t.about DESC, t.place, tag.name",
            (wanted,),
        ):
            tags.setdefault(article_id, []).append((name, symbol, own, matches))
        found = rows_at_once(
            self._connection,
            _HEADLINE_COLUMNS,
            f"SELECT {selected('a', _HEADLINE)}, f.name AS source,"
            " (SELECT count(*) FROM article o WHERE o.story_id = a.story_id) - 1 AS others,"
            " (SELECT count(DISTINCT o.feed_id) FROM article o WHERE o.story_id = a.story_id) AS sources,"
            f" {_AT_LATEST},"
            # Marks are those of whole stories, so read beside unread means that the unread ones came later.
            " coalesce((SELECT CASE WHEN max(o.read) = 1 THEN sum(o.read = 0) END FROM article o"
            " WHERE o.story_id = a.story_id AND o.muted = 0), 0) AS fresh,"
            " EXISTS (SELECT 1 FROM attribution t WHERE t.article_id = a.id AND t.original_id IS NOT NULL)"
            " AS is_rewrite,"
            " (SELECT CASE WHEN o.id <> a.id AND s.first_hand IS NOT NULL THEN o.published END FROM article o"
            " JOIN feed s ON s.id = o.feed_id WHERE o.story_id = a.story_id ORDER BY o.time, o.id LIMIT 1)"
            " AS original_time,"
            # Where either language is not known this is NULL, and nothing is said.
            " a.language <> (SELECT o.language FROM article o WHERE o.story_id = a.story_id"
            " ORDER BY o.time, o.id LIMIT 1) AS is_translation"
            " FROM json_each(?) w JOIN article a ON a.id = w.value JOIN feed f ON f.id = a.feed_id",
            (wanted,),
        )
        rows: dict[int, Headline] = {}
        for row in decoded(_HEADLINE_COLUMNS, found, _HEADLINE_DECODERS):
            symbol, published = row["symbol"], row["published"]
            mine = tags.get(row["id"], [])
            of_share = [(name, own) for name, its_symbol, own, _ in mine if symbol and its_symbol == symbol]
            has_base = symbol and published is not None
            rows[row["id"]] = Headline(
                **row,
                tags=tuple(name for name, _, _, _ in mine),
                base=self._prices.base_before(symbol, to_epoch(published)) if has_base else None,
                marks=_title_marks(matches for _, _, _, matches in mine),
                share_tag=of_share[0][0] if of_share else None,
                is_stand_in=bool(of_share) and not any(own for _, own in of_share),
            )
        return [rows[article_id] for article_id in ids if article_id in rows]

    def get(self, article_id: int) -> Article | None:
        """Return one full article, or None if it is gone."""
        found = self.get_many([article_id])
        return found[0] if found else None

    def get_many(self, ids: Sequence[int]) -> list[Article]:
        """Return full articles in the order of `ids`; ids that are gone are left out."""
        wanted = compact_json(ids)
        mentions, earlier, named = self._mentions(wanted), self._earlier_titles(wanted), self._attributions(wanted)
        rows = self._connection.execute(
            f"SELECT {selected('a', _ARTICLE)}, a.story_id AS story_id,"
            f" f.name AS source, f.group_name, x.text, x.links, {_AT_LATEST}"
            " FROM json_each(?) w JOIN article a ON a.id = w.value JOIN feed f ON f.id = a.feed_id"
            " LEFT JOIN article_text x ON x.article_id = a.id",
            (wanted,),
        )
        found: dict[int, Article] = {}
        for row in decoded_rows(rows, _ARTICLE_DECODERS):
            found[row["id"]] = Article(
                **{name: row[name] for name in _ARTICLE},
                source=row["source"],
                group=row["group_name"],
                text=row["text"] or "",
                links=tuple(msgspec.json.decode(row["links"])) if row["links"] else (),
                mentions=tuple(mentions.get(row["id"], ())),
                story=self._stories.get(row["story_id"]),
                earlier_titles=tuple(earlier.get(row["id"], ())),
                attribution=named.get(row["id"]),
                at_latest=row["at_latest"],
            )
        return [found[article_id] for article_id in ids if article_id in found]

    def tag_names(self) -> list[str]:
        """Return the tags that any article has, by name."""
        return column(
            self._connection,
            "SELECT name FROM tag WHERE EXISTS (SELECT 1 FROM article_tag t WHERE t.tag_id = tag.id) ORDER BY name",
        )

    def has_tag(self, name: str) -> bool:
        """Tell whether any article has, or had, this tag."""
        return self._connection.execute("SELECT 1 FROM tag WHERE name = ?", (name,)).fetchone() is not None

    def has_symbol(self, symbol: str) -> bool:
        """Tell whether any article is about this share."""
        select = "SELECT 1 FROM article WHERE symbol = ? UNION ALL SELECT 1 FROM article_tag WHERE symbol = ? LIMIT 1"
        return self._connection.execute(select, (symbol, symbol)).fetchone() is not None

    def count(self) -> int:
        """Return how many articles are stored."""
        return number(self._connection, "SELECT count(*) FROM article")

    def highest_id(self) -> int:
        """Return the id of the newest article stored, 0 without any: it grows whenever one comes in."""
        return number(self._connection, "SELECT coalesce(max(id), 0) FROM article")

    def relisted(self) -> str | None:
        """Return a mark that changes when stored articles are muted, deleted, dated or tagged anew."""
        return relisted(self._connection)

    def hidden(self, ids: Iterable[int], *, with_muted: bool = False) -> set[int]:
        """Return those of some ids that no list keeps: no longer stored, or muted in a list without muted ones."""
        sql = (
            "SELECT w.value FROM json_each(?) w LEFT JOIN article a ON a.id = w.value"
            " WHERE a.id IS NULL OR (a.muted = 1 AND NOT ?)"
        )
        return set(column(self._connection, sql, (compact_json(ids), with_muted)))

    def ids_after(self, article_id: int, limit: int) -> list[int]:
        """Return up to `limit` ids above one, ascending."""
        sql = "SELECT id FROM article WHERE id > ? ORDER BY id LIMIT ?"
        return column(self._connection, sql, (article_id, limit))

    def count_up_to(self, article_id: int) -> int:
        """Return how many articles have an id up to this one."""
        return number(self._connection, "SELECT count(*) FROM article WHERE id <= ?", (article_id,))

    def _mentions(self, wanted: str) -> dict[int, list[Mention]]:
        mentions: dict[int, list[Mention]] = {}
        for article_id, name, about, symbol, own, matches in self._connection.execute(
            "SELECT t.article_id, tag.name, t.about, t.symbol, t.own, t.matches FROM json_each(?) w"
            " JOIN article_tag t ON t.article_id = w.value JOIN tag ON tag.id = t.tag_id"
            " ORDER BY t.about DESC, t.place, tag.name",
            (wanted,),
        ):
            found_at = tuple(Match(*place) for place in msgspec.json.decode(matches))
            mention = Mention(name, "about" if about else "mention", symbol, found_at, bool(own))
            mentions.setdefault(article_id, []).append(mention)
        return mentions

    def _earlier_titles(self, wanted: str) -> dict[int, list[tuple[datetime, str]]]:
        earlier: dict[int, list[tuple[datetime, str]]] = {}
        for article_id, until, title in self._connection.execute(
            "SELECT article_id, until, title FROM json_each(?) w JOIN earlier_title e ON e.article_id = w.value"
            " ORDER BY until",
            (wanted,),
        ):
            earlier.setdefault(article_id, []).append((from_epoch(until), title))
        return earlier

    def _attributions(self, wanted: str) -> dict[int, Attribution]:
        """Return the source that articles name, by article id."""
        columns = Attribution.__struct_fields__
        rows = self._connection.execute(
            f"SELECT t.article_id, {selected('t', columns)}"
            " FROM json_each(?) w JOIN attribution t ON t.article_id = w.value",
            (wanted,),
        )
        return {row["article_id"]: Attribution(**{name: row[name] for name in columns}) for row in named_rows(rows)}


def _title_marks(all_matches: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Return the places in the title that tags matched, in order, overlapping ones joined."""
    places = sorted(
        (start, end)
        for matches in all_matches
        if '"title"' in matches
        for field, start, end, _ in msgspec.json.decode(matches)
        if field == "title"
    )
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)

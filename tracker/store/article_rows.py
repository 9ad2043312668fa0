"""The rows of one article: its text, tags, story and attribution. Every method runs inside a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from msgspec import Struct

from tracker.model.clock import to_epoch
from tracker.model.entry import Entry
from tracker.model.plan import ChangedArticle, ChooseStory, NewArticle
from tracker.model.tags import Mention
from tracker.store import stories
from tracker.store.connection import Connection
from tracker.store.rows import column, compact_json, first_value, number, stored_fields, to_column
from tracker.store.stories import NOTHING_KNOWN, KnownKeys, NewArticleLookup
from tracker.store.story_terms import TERMS_COLUMNS, is_term, put_terms, terms_row
from tracker.store.text_index import add_to_index, remove_from_index
from tracker.store.unread import counted_new

_TITLES_KEPT = 24  # a feed that writes the time into its titles would fill the table


_FROM_ENTRY = stored_fields(Entry, but=("text", "links"))
"""Columns of `article` that are fields of an `Entry`."""
_FROM_ARTICLE = ("first_seen", "time", "symbol", "content_hash")
"""Columns of `article` that are fields of a `NewArticle`."""
# The publication time stays what it was first said to be: it is the minute that moves are measured from.
_ENTRY_CHANGES = stored_fields(Entry, but=("text", "links", "key", "published", "claimed", "language"))
_ARTICLE_CHANGES = ("symbol", "content_hash")
"""Columns that change with the article."""

_INSERTED = ("id", "feed_id", *_FROM_ENTRY, *_FROM_ARTICLE, "story_id", "read")
_COLUMNS_OF = {
    "article": _INSERTED,
    "article_text": ("article_id", "text", "links"),
    "article_tag": ("tag_id", "article_id", "about", "symbol", "place", "matches", "own"),
    "story_key": ("key", "time", "article_id"),
    "article_terms": TERMS_COLUMNS,
    "attribution": stories.ATTRIBUTION_COLUMNS,
}
_TOGETHER = 16
"""Rows of one statement: an article takes 12 µs of processor time, alone 25."""
Row = tuple[object, ...]
_CHANGES = ", ".join(f"{name} = :{name}" for name in (*_ENTRY_CHANGES, *_ARTICLE_CHANGES))


class ArticleRows:
    """Writes articles over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tag_ids: dict[str, int] = {}

    def forget_tag_ids(self) -> None:
        """Drop the cached ids after a rollback: tags created in that transaction are gone."""
        self._tag_ids.clear()

    def insert(self, feed_id: int, new: Sequence[NewArticle], choose_story: ChooseStory) -> dict[int, Entry]:
        """Store new articles of a feed, but for the search index; return them by id, without those whose key is known.

        Rows are gathered and written together; before anything looks for what a gathered one may hold, they are
        written. The unread stories are counted once at the end.
        """
        connection = self._connection
        wanted = compact_json(article.entry.key for article in new)
        taken = set(
            column(
                connection,
                "SELECT w.value FROM json_each(?) w CROSS JOIN article a ON a.feed_id = ? AND a.key = w.value",
                (wanted, feed_id),
            )
        )
        first = 1 + (first_value(connection, "SELECT seq FROM sqlite_sequence WHERE name = 'article'") or 0)
        stored: dict[int, Entry] = {}
        known = KnownKeys(connection, new)
        gathered = _Gathered()
        with counted_new(connection, first):
            for article in new:
                if article.entry.key not in taken:
                    taken.add(article.entry.key)
                    article_id = first + len(stored)
                    self._gather(gathered, feed_id, article_id, article, choose_story, known)
                    stored[article_id] = article.entry
            gathered.write(connection)
        return stored

    def _gather(
        self,
        gathered: _Gathered,
        feed_id: int,
        article_id: int,
        article: NewArticle,
        choose_story: ChooseStory,
        known: KnownKeys,
    ) -> None:
        connection = self._connection
        entry, keys, source = article.entry, article.story_keys, article.attribution
        exact = [key for key in keys if not is_term(key)]
        is_connected = known.concern(exact, source)
        if is_connected:
            gathered.write(connection)
        lookup = NewArticleLookup(connection, article) if is_connected else NOTHING_KNOWN
        choice = choose_story(article, lookup) if keys else None
        # The story is known before the row is written: setting it afterwards would touch six indices twice. An article
        # that says again what was read is not news; one that tells more of the story is.
        story_id, read = article_id, 0
        if choice is not None:
            is_connected = True
            gathered.write(connection)
            story_id = choice.story_id
            if choice.is_repeat:
                sql = "SELECT min(read) FROM article WHERE story_id = ?"
                read = first_value(connection, sql, (story_id,)) or 0
            stories.forget_profile(connection, story_id)
        time = to_epoch(article.time)
        gathered.articles.append(
            (
                article_id,
                feed_id,
                *_values(entry, _FROM_ENTRY),
                *_values(article, _FROM_ARTICLE),
                story_id,
                read,
            )
        )
        gathered.texts.append((article_id, entry.text, compact_json(entry.links) if entry.links else None))
        gathered.tags += self._tag_rows(article_id, article.mentions)
        gathered.keys += [(key, time, article_id) for key in exact]
        if len(exact) < len(keys):
            gathered.terms.append(terms_row(article_id, keys))
        if is_connected:
            gathered.write(connection)
            stories.put_attribution(connection, article_id, source, keys, is_alone=choice is None)
        elif source is not None:
            gathered.sources.append(stories.attribution_row(article_id, source))
        known.add(exact, source)

    def change(self, article: ChangedArticle) -> None:
        """Update an article, in the search index too."""
        entry = article.entry
        execute = self._connection.execute
        row = execute(
            "SELECT a.title, x.text, a.time FROM article a"
            " LEFT JOIN article_text x ON x.article_id = a.id WHERE a.id = ?",
            (article.id,),
        ).fetchone()
        if row is None:
            return
        old_title, old_text, time = row
        remove_from_index(self._connection, article.id, old_title, old_text or "")
        if old_title != entry.title:
            execute(
                "INSERT OR IGNORE INTO earlier_title (article_id, until, title) SELECT ?,?,?"
                " WHERE (SELECT count(*) FROM earlier_title WHERE article_id = ?) < ?",
                (article.id, to_epoch(article.changed), old_title, article.id, _TITLES_KEPT),
            )
        changes = dict(zip(_ENTRY_CHANGES, _values(entry, _ENTRY_CHANGES), strict=True))
        changes |= zip(_ARTICLE_CHANGES, _values(article, _ARTICLE_CHANGES), strict=True)
        execute(
            f"UPDATE article SET {_CHANGES} WHERE id = :id",
            {"id": article.id, **changes},
        )
        execute(
            "INSERT INTO article_text (article_id, text, links) VALUES (?,?,?) ON CONFLICT (article_id) DO UPDATE SET"
            " text = excluded.text, links = excluded.links",
            (article.id, entry.text, compact_json(entry.links) if entry.links else None),
        )
        add_to_index(self._connection, [(article.id, entry.title, entry.text)])
        self.put_mentions(article.id, article.mentions)
        execute("DELETE FROM story_key WHERE article_id = ?", (article.id,))
        self._put_story_keys(article.id, article.story_keys, time)
        put_terms(self._connection, article.id, article.story_keys)
        execute("DELETE FROM attribution WHERE article_id = ?", (article.id,))
        stories.put_attribution(self._connection, article.id, article.attribution, article.story_keys, is_alone=False)
        stories.forget_profile_of(self._connection, article.id)

    def put_mentions(self, article_id: int, mentions: Sequence[Mention]) -> None:
        """Replace the tags of an article."""
        self._connection.execute("DELETE FROM article_tag WHERE article_id = ?", (article_id,))
        self._add_mentions(article_id, mentions)

    def _add_mentions(self, article_id: int, mentions: Sequence[Mention]) -> None:
        if mentions:
            self._connection.executemany(_insert("article_tag"), self._tag_rows(article_id, mentions))

    def _tag_rows(self, article_id: int, mentions: Sequence[Mention]) -> list[Row]:
        rows: list[Row] = []
        for place, mention in enumerate(mentions):
            matches = [[match.field, match.start, match.end, match.text] for match in mention.matches]
            about = int(mention.salience == "about")
            tag_id = self._tag_id(mention.tag)
            rows.append((tag_id, article_id, about, mention.symbol, place, compact_json(matches), mention.own))
        return rows

    def _tag_id(self, name: str) -> int:
        known = self._tag_ids.get(name)
        if known is None:
            self._connection.execute("INSERT OR IGNORE INTO tag (name) VALUES (?)", (name,))
            known = self._tag_ids[name] = number(self._connection, "SELECT id FROM tag WHERE name = ?", (name,))
        return known

    def _put_story_keys(self, article_id: int, keys: Sequence[str], time: int) -> None:
        rows = [(key, time, article_id) for key in keys if not is_term(key)]
        self._connection.executemany(_insert("story_key"), rows)


class _Gathered:
    """Rows of new articles that are still to be written."""

    def __init__(self) -> None:
        self.articles: list[Row] = []
        self.texts: list[Row] = []
        self.tags: list[Row] = []
        self.keys: list[Row] = []
        self.terms: list[Row] = []
        self.sources: list[Row] = []

    def write(self, connection: Connection) -> None:
        """Write them all."""
        rows_of = {
            "article": self.articles,
            "article_text": self.texts,
            "article_tag": self.tags,
            "story_key": self.keys,
            "article_terms": self.terms,
            "attribution": self.sources,
        }
        for table, rows in rows_of.items():
            if table == "story_key":
                rows.sort()  # neighbours in the table one after the other
            end = len(rows) // _TOGETHER * _TOGETHER
            for start in range(0, end, _TOGETHER):
                together = rows[start : start + _TOGETHER]
                connection.execute(_insert(table, _TOGETHER), [value for row in together for value in row])
            if rows[end:]:
                connection.executemany(_insert(table), rows[end:])
            rows.clear()


@cache
def _insert(table: str, count: int = 1) -> str:
    """Return the statement that adds rows to a table; a tag or key that an article has twice is kept once."""
    columns = _COLUMNS_OF[table]
    places = ", ".join([f"({', '.join('?' * len(columns))})"] * count)
    conflict = " OR IGNORE" if table in ("article_tag", "story_key") else ""
    return f"INSERT{conflict} INTO {table} ({', '.join(columns)}) VALUES {places}"


def _values(value: Struct, names: Iterable[str]) -> list[object]:
    """Return fields as their columns hold them."""
    return [to_column(getattr(value, name)) for name in names]


def _columns(value: Struct, names: Iterable[str]) -> dict[str, object]:
    """Return fields as their columns hold them, by name."""
    return {name: to_column(getattr(value, name)) for name in names}

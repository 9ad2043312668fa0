"""The rows of one article: its text, tags, story and attribution. Every method runs inside a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from tracker.model.clock import to_epoch
from tracker.model.entry import Entry
from tracker.model.plan import ChangedArticle, ChooseStory, NewArticle
from tracker.model.tags import Mention
from tracker.store import stories
from tracker.store.connection import Connection
from tracker.store.rows import compact_json, named_places, number, stored_fields, to_column
from tracker.store.stories import NewArticleLookup
from tracker.store.text_index import add_to_index, remove_from_index

_TITLES_KEPT = 24  # a feed that writes the time into its titles would fill the table


_FROM_ENTRY = stored_fields(Entry, but=("text", "links"))
"""Columns of `article` that are fields of an `Entry`."""
_FROM_ARTICLE = ("first_seen", "time", "symbol", "content_hash")
"""Columns of `article` that are fields of a `NewArticle`."""
# The publication time stays what it was first said to be: it is the minute that moves are measured from.
_ENTRY_CHANGES = stored_fields(Entry, but=("text", "links", "key", "published", "claimed", "language"))
_ARTICLE_CHANGES = ("symbol", "content_hash")
"""Columns that change with the article."""

_COLUMNS = (*_FROM_ENTRY, *_FROM_ARTICLE)
_INSERT = (
    f"INSERT INTO article (id, feed_id, {', '.join(_COLUMNS)}, story_id, read)"
    f" SELECT n.id, :feed_id, {named_places(_COLUMNS)}, coalesce(:story_id, n.id),"
    " coalesce((SELECT min(o.read) FROM article o WHERE :is_repeat AND o.story_id = :story_id), 0)"
    " FROM (SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'article'), 0) + 1 AS id) n"
    " WHERE true"  # without it, SQLite reads ON as that of a join
    " ON CONFLICT (feed_id, key) DO NOTHING RETURNING id"
)
_CHANGES = ", ".join(f"{name} = :{name}" for name in (*_ENTRY_CHANGES, *_ARTICLE_CHANGES))


class ArticleRows:
    """Writes articles over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tag_ids: dict[str, int] = {}

    def forget_tag_ids(self) -> None:
        """Drop the cached ids after a rollback: tags created in that transaction are gone."""
        self._tag_ids.clear()

    def insert(self, feed_id: int, article: NewArticle, choose_story: ChooseStory) -> int | None:
        """Store a new article, but for the search index; return its id, or None where its key is known."""
        entry = article.entry
        execute = self._connection.execute
        choice = choose_story(article, NewArticleLookup(self._connection, article)) if article.story_keys else None
        story_id = None if choice is None else choice.story_id
        # The story is known before the row is written: setting it afterwards would touch six indices twice. An article
        # that says again what was read is not news; one that tells more of the story is.
        values = {
            **_columns(entry, _FROM_ENTRY),
            **_columns(article, _FROM_ARTICLE),
            "feed_id": feed_id,
            "story_id": story_id,
            "is_repeat": choice is not None and choice.is_repeat,
        }
        row = execute(_INSERT, values).fetchone()
        if row is None:
            return None
        article_id: int = row[0]
        execute(
            "INSERT INTO article_text (article_id, text, links) VALUES (?,?,?)",
            (article_id, entry.text, compact_json(entry.links) if entry.links else None),
        )
        self._add_mentions(article_id, article.mentions)
        if choice is not None:
            stories.forget_profile(self._connection, article_id)
        self._put_story_keys(article_id, article.story_keys, to_epoch(article.time))
        stories.put_attribution(
            self._connection, article_id, article.attribution, article.story_keys, is_alone=choice is None
        )
        return article_id

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
        execute(
            f"UPDATE article SET {_CHANGES} WHERE id = :id",
            {**_columns(entry, _ENTRY_CHANGES), **_columns(article, _ARTICLE_CHANGES), "id": article.id},
        )
        execute(
            "INSERT INTO article_text (article_id, text, links) VALUES (?,?,?) ON CONFLICT (article_id) DO UPDATE SET"
            " text = excluded.text, links = excluded.links",
            (article.id, entry.text, compact_json(entry.links) if entry.links else None),
        )
        add_to_index(self._connection, article.id, entry.title, entry.text)
        self.put_mentions(article.id, article.mentions)
        execute("DELETE FROM story_key WHERE article_id = ?", (article.id,))
        self._put_story_keys(article.id, article.story_keys, time)
        execute("DELETE FROM attribution WHERE article_id = ?", (article.id,))
        stories.put_attribution(self._connection, article.id, article.attribution, article.story_keys, is_alone=False)
        stories.forget_profile(self._connection, article.id)

    def put_mentions(self, article_id: int, mentions: Sequence[Mention]) -> None:
        """Replace the tags of an article."""
        self._connection.execute("DELETE FROM article_tag WHERE article_id = ?", (article_id,))
        self._add_mentions(article_id, mentions)

    def _add_mentions(self, article_id: int, mentions: Sequence[Mention]) -> None:
        rows = []
        for place, mention in enumerate(mentions):
            matches = [[match.field, match.start, match.end, match.text] for match in mention.matches]
            about = int(mention.salience == "about")
            tag_id = self._tag_id(mention.tag)
            rows.append((tag_id, article_id, about, mention.symbol, place, compact_json(matches), mention.own))
        if rows:
            self._connection.executemany(
                "INSERT OR IGNORE INTO article_tag (tag_id, article_id, about, symbol, place, matches, own)"
                " VALUES (?,?,?,?,?,?,?)",
                rows,
            )

    def _tag_id(self, name: str) -> int:
        known = self._tag_ids.get(name)
        if known is None:
            self._connection.execute("INSERT OR IGNORE INTO tag (name) VALUES (?)", (name,))
            known = self._tag_ids[name] = number(self._connection, "SELECT id FROM tag WHERE name = ?", (name,))
        return known

    def _put_story_keys(self, article_id: int, keys: Sequence[str], time: int) -> None:
        self._connection.executemany(
            "INSERT OR IGNORE INTO story_key (key, time, article_id) VALUES (?,?,?)",
            [(key, time, article_id) for key in keys],
        )


def _columns(value: Struct, names: Iterable[str]) -> dict[str, object]:
    """Return fields as their columns hold them, by name."""
    return {name: to_column(getattr(value, name)) for name in names}

"""Finding damage in a database, and saving what can be read of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from tracker.model.errors import StoreError
from tracker.model.plurals import count_noun
from tracker.store.backup import backup_path
from tracker.store.connection import Connection
from tracker.store.db import APPLICATION_ID, SCHEMA_VERSION, connect, foreign, open_file, transaction
from tracker.store.faults import FAILURES, store_error
from tracker.store.rows import column, number
from tracker.store.text_index import add_to_index
from tracker.store.unread import count_again

INDEX = "article_search"
"""The full-text index. Whatever else of the database is damaged, it can be made again from the articles."""

_BESIDE = ("", "-wal", "-shm")
_UNREADABLE = ("damaged", "statement", "io")
_KINDS: dict[str, tuple[type, ...]] = {"INTEGER": (int,), "REAL": (int, float), "TEXT": (str,)}
_SQL_KINDS = {"INTEGER": ("integer",), "REAL": ("integer", "real"), "TEXT": ("text",)}


class Loss(Struct, frozen=True):
    """What a repair saved of one table."""

    table: str
    kept: int
    lost: int | None
    """None: how many there were cannot be read any more."""


class Repair(Struct, frozen=True):
    """What a repair did."""

    original: Path | None = None
    """Where the damaged file is kept; None when it was not replaced."""
    losses: tuple[Loss, ...] = ()
    """Every table of which rows were lost, or may have been."""
    placeholders: int = 0
    """Feeds made for articles whose own feed was lost."""
    indexed: int | None = None
    """Articles in the search index that was made again; None when it was sound."""


def index_problem(connection: Connection) -> str | None:
    """Return what is wrong with the search index, or None. Waits for the write lock, but writes nothing.

    Raises:
        StoreError: when the database may not be written to, or another program keeps its lock.
    """
    try:
        connection.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('integrity-check')")
        missing, left_over = connection.execute(
            f"SELECT (SELECT count(*) FROM article WHERE id NOT IN (SELECT id FROM {INDEX}_docsize)),"
            f" (SELECT count(*) FROM {INDEX}_docsize WHERE id NOT IN (SELECT id FROM article))"
        ).fetchone()
    except StoreError as error:
        if error.kind not in _UNREADABLE:
            raise
        return "the search index is damaged: searches miss articles or fail"
    if missing or left_over:
        return f"the search index is missing {count_noun(missing, 'article', 'articles')} and has {left_over:,} deleted"
    return None


def file_problem(connection: Connection) -> str | None:
    """Return what is wrong with the file apart from its search index, or None; reads all of it.

    Raises:
        StoreError: when it cannot be read to its end.
    """
    said = map(str, column(connection, "PRAGMA integrity_check(100)"))
    wrong = [line for line in said if line != "ok" and INDEX not in line]
    if wrong:
        return "; ".join(wrong[:3])
    for table in _tables(connection):
        misfits = " OR ".join(column.misfit for column in _columns(connection, table))
        if count := number(connection, f"SELECT count(*) FROM {table} WHERE {misfits}"):
            return f"{count_noun(count, 'row', 'rows')} of {table} with values of the wrong type"
    return None


def repair(path: Path, now: datetime, tell: Callable[[str], object] | None = None) -> Repair:
    """Make a database sound again: its search index in place, all else in a new file with what can be read.

    The caller holds the sync lock.

    Args:
        path: of the database.
        now: names the damaged file, which is kept.
        tell: takes a message for the user before an old database is updated.

    Raises:
        StoreError: it is not a tracker database, nothing in it is readable, or another program is using it.
    """
    try:
        with closing(connect(path, tell=tell)) as connection:
            if file_problem(connection) is None:
                return Repair() if index_problem(connection) is None else Repair(indexed=rebuild_index(connection))
    except StoreError as error:
        if error.kind not in _UNREADABLE:
            raise
    return _salvage(path, now)


def rebuild_index(connection: Connection) -> int:
    """Make the search index again from the stored articles, and return how many it holds."""
    (made,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (INDEX,)).fetchone()
    with transaction(connection):
        connection.execute(f"DROP TABLE {INDEX}")
        connection.execute(made)
        return _fill_index(connection)


def _fill_index(connection: Connection) -> int:
    count = 0
    rows = connection.execute(
        "SELECT a.id, a.title, coalesce(x.text, '') FROM article a LEFT JOIN article_text x ON x.article_id = a.id"
    )
    for count, (article_id, title, text) in enumerate(rows, 1):  # noqa: B007 - the last is how many
        add_to_index(connection, [(article_id, title, text)])
    return count


def _salvage(path: Path, now: datetime) -> Repair:
    fresh = path.with_name(f"{path.name}.unfinished")  # one name: what a repair that was killed left is removed here
    _remove(fresh)
    try:
        with closing(_open_damaged(path)) as old, closing(connect(fresh)) as new:
            new.execute("PRAGMA foreign_keys = OFF")  # a table's rows may come before those they belong to
            tables = [table for table in _tables(new) if table != "story_count"]  # which is counted again
            with transaction(new):
                there_were = {table: _copy_table(old, new, table) for table in tables}
                _keep_ids(old, new)
                placeholders = _tie_together(new, tables)
                count_again(new)
                indexed = _fill_index(new)
                kept = {table: _count(new, table) for table in tables}
                if not any(kept.values()):
                    raise StoreError(f"{path}: is damaged, and nothing in it is readable. {_advice(path)}", "damaged")
                losses = tuple(
                    Loss(table, kept[table], lost)
                    for table, before in there_were.items()
                    if (lost := None if before is None else max(0, before - kept[table])) != 0
                )
                if losses:  # what feeds still list comes back with the next sync
                    new.execute("UPDATE feed SET etag = NULL, last_modified = NULL, body_hash = NULL")
            new.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        original = path.with_name(f"{path.name}.damaged-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        for ending in _BESIDE:
            with suppress(FileNotFoundError):
                Path(f"{path}{ending}").replace(f"{original}{ending}")
        fresh.replace(path)
    except (OSError, *FAILURES) as error:
        raise store_error(path, error) from error
    finally:
        _remove(fresh)
    return Repair(original, losses, placeholders, indexed)


def _advice(path: Path) -> str:
    backup = backup_path(path)
    if backup.exists():
        return f"Replace it with {backup}, the backup made before the last schema change"
    return "Move it away and run `tracker sync`, which creates a new one"


def _open_damaged(path: Path) -> Connection:
    """Open a damaged database for reading, so that no window or list uses it meanwhile."""
    connection = open_file(path)
    try:
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        connection.execute("PRAGMA busy_timeout = 500")
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA writable_schema = ON")  # a schema of which a part is damaged is read all the same
        owner, version = (number(connection, f"PRAGMA {name}") for name in ("application_id", "user_version"))
        if owner != APPLICATION_ID:
            raise foreign(path)
        if version > SCHEMA_VERSION:
            raise StoreError(f"{path}: created by a newer tracker. Upgrade tracker", "newer")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("PRAGMA query_only = ON")
    except StoreError as error:
        connection.close()
        if error.kind == "busy":
            raise StoreError(f"{path}: is in use. Close the window and other programs that use it", "busy") from error
        raise
    return connection


def _copy_table(old: Connection, new: Connection, table: str) -> int | None:
    """Copy what can be read of a table: forwards up to the damage, then backwards up to it from the other end.

    Returns how many rows there were, or None when that cannot be read.
    """
    declared = _columns(new, table)
    try:
        known = {column.name for column in _columns(old, table)}
    except StoreError:
        return None
    columns = [column for column in declared if column.name in known]
    if not columns:
        return None
    names = ", ".join(column.name for column in columns)
    insert = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
    (made,) = new.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    keys = [column.name for column in declared if column.is_key] if "WITHOUT ROWID" in made else ["rowid"]
    for direction in ("ASC", "DESC"):
        order = ", ".join(f"{key} {direction}" for key in keys)
        read = 0
        try:
            for read, row in enumerate(old.execute(f"SELECT {names} FROM {table} ORDER BY {order}"), 1):  # noqa: B007
                if all(column.fits(value) for column, value in zip(columns, row, strict=True)):
                    new.execute(insert, row)
        except StoreError as error:
            if error.kind not in _UNREADABLE:
                raise
        else:
            return read
    try:
        return _count(old, table)
    except StoreError:
        return None


def _tie_together(new: Connection, tables: Sequence[str]) -> int:
    """Give articles without a feed a placeholder feed and delete orphaned rows; return how many feeds."""
    lost = new.execute("SELECT DISTINCT feed_id FROM article WHERE feed_id NOT IN (SELECT id FROM feed)").fetchall()
    new.executemany(
        "INSERT INTO feed (id, name, slug, url, is_active) VALUES (?1, 'lost feed ' || ?1, 'lost-feed-' || ?1, '', 0)",
        lost,
    )
    for table in tables:
        for _, _, parent, name, _, _, on_delete, _ in new.execute(f"PRAGMA foreign_key_list({table})").fetchall():
            what = f"UPDATE {table} SET {name} = NULL" if on_delete == "SET NULL" else f"DELETE FROM {table}"
            new.execute(f"{what} WHERE {name} NOT IN (SELECT id FROM {parent})")
    for table in ("story_profile", "story_pin"):
        new.execute(f"DELETE FROM {table} WHERE story_id NOT IN (SELECT story_id FROM article)")
    return len(lost)


def _keep_ids(old: Connection, new: Connection) -> None:
    """Give no id of an article a second time, those of lost ones included."""
    with suppress(StoreError):
        for name, highest in old.execute("SELECT name, seq FROM sqlite_sequence WHERE typeof(seq) = 'integer'"):
            new.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (highest, name))


class _Column(Struct, frozen=True):
    name: str
    kind: str
    is_optional: bool
    is_key: bool

    def fits(self, value: object) -> bool:
        """Return whether a value is of the kind that the column is for; flipped bits make others of it."""
        return (self.is_optional and value is None) or isinstance(value, _KINDS[self.kind])

    @property
    def misfit(self) -> str:
        """The SQL that finds values that do not fit."""
        kinds = [*_SQL_KINDS[self.kind], *(("null",) if self.is_optional else ())]
        return f"typeof({self.name}) NOT IN ({', '.join(map(repr, kinds))})"


def _columns(connection: Connection, table: str) -> list[_Column]:
    return [
        _Column(name, kind, is_optional=not (not_null or key), is_key=bool(key))
        for _, name, kind, not_null, _, key in connection.execute(f"PRAGMA table_info({table})")
    ]


def _tables(connection: Connection) -> list[str]:
    names = column(connection, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
    return [name for name in names if not name.startswith(("sqlite_", "_sqlite_", INDEX))]


def _count(connection: Connection, table: str) -> int:
    return number(connection, f"SELECT count(*) FROM {table}")


def _remove(path: Path) -> None:
    for ending in _BESIDE:
        Path(f"{path}{ending}").unlink(missing_ok=True)

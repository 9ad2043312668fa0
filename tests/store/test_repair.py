"""Damaged databases, made sound again with what can be read of them."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.examples import seeds
from tests.helpers.store import NOW, article, fill, raw
from tracker.model.errors import StoreError
from tracker.model.query import parse_query
from tracker.store.db import connect
from tracker.store.read import Reader
from tracker.store.repair import Repair, _salvage, file_problem, index_problem, repair
from tracker.store.write import Writer

_PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a database of 600 articles of two feeds, all in its one file."""
    found = tmp_path / "t.db"
    with Writer(found) as writer:
        for feed in ("A", "B"):
            fill(writer, feed, [article(f"{feed} {n} zebra", text=f"Long text {n}. " * 40) for n in range(300)])
        raw(writer).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return found


def _change(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _articles(path: Path) -> dict[int, str]:
    with Reader(path) as reader:
        return {row.id: row.title for row in reader.articles.headlines(range(1, 700))}


def _check_sound(path: Path) -> None:
    with Writer(path) as writer:
        assert file_problem(raw(writer)) is None
        assert index_problem(raw(writer)) is None
        assert raw(writer).execute("PRAGMA foreign_key_check").fetchall() == []
        kept = raw(writer).execute("SELECT count(*) FROM article").fetchone()[0]
        with Reader(path) as reader:
            assert len(reader.articles.ids(parse_query("zebra"), NOW)) == kept
        assert fill(writer, "A", [article("Another one")])


_INDEX_FAULTS: dict[str, tuple[str, ...]] = {
    "overwritten": ("UPDATE article_search_data SET block = zeroblob(length(block)) WHERE id > 10",),
    "its head gone": ("DELETE FROM article_search_data WHERE id = 10",),
    "all gone": ("DELETE FROM article_search_data",),
    "articles missing": ("DELETE FROM article_search_docsize WHERE id % 3 = 0",),
    "more than there is": ("INSERT INTO article_search (rowid, title, text) VALUES (9000, 'x', 'y')",),
    "a table gone": ("DROP TABLE article_search_data",),
}


@pytest.mark.parametrize("fault", _INDEX_FAULTS)
def test_a_damaged_search_index_is_found_and_made_again(path: Path, fault: str) -> None:
    _change(path, *_INDEX_FAULTS[fault])
    before = _articles(path)
    with connect(path) as connection:
        assert "the search index" in (index_problem(connection) or "")
    connection.close()
    done = repair(path, NOW)
    assert done.indexed == 600
    assert done.losses == ()
    assert _articles(path) == before
    _check_sound(path)


def test_a_sound_database_is_left_alone(path: Path) -> None:
    before = path.read_bytes()
    assert repair(path, NOW) == Repair()
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["t.db"]


@pytest.mark.parametrize("seed", seeds(16, quick=4))
def test_pages_that_were_overwritten_cost_no_more_than_they_held(path: Path, seed: int) -> None:
    rolled = random.Random(seed)
    before = _articles(path)
    body = bytearray(path.read_bytes())
    for page in rolled.sample(range(2, len(body) // _PAGE), 1 + seed % 3):
        body[page * _PAGE : (page + 1) * _PAGE] = rolled.choice((b"\xff", b"\x00", b"\x55")) * _PAGE
    path.write_bytes(body)
    done = repair(path, NOW)
    if done.original is not None:
        assert done.original == path.with_name("t.db.damaged-20250127T211600Z")
        assert done.original.read_bytes() == body
    after = _articles(path)
    assert after.items() <= before.items()
    told = {loss.table: loss for loss in done.losses}
    if len(after) < len(before):
        assert told["article"].kept == len(after)
        assert told["article"].lost in (None, len(before) - len(after))
    _check_sound(path)


def test_both_ends_of_a_table_with_a_damaged_middle_are_saved(path: Path) -> None:
    before = _articles(path)
    body = bytearray(path.read_bytes())
    # The page of the table itself: its rows hold both the key and the hash, those of indexes do not.
    page = next(n for n in range(len(body) // _PAGE) if b"hash of B 20 zebra" in body[n * _PAGE : (n + 1) * _PAGE])
    body[page * _PAGE : (page + 1) * _PAGE] = b"\xff" * _PAGE
    path.write_bytes(body)
    with pytest.raises(StoreError, match="tracker doctor --repair"):
        _articles(path)
    done = repair(path, NOW)
    after = _articles(path)
    assert {1, 600} <= set(after)
    assert 0 < len(before) - len(after) < 60
    assert {loss.table: loss.lost for loss in done.losses}["article"] == len(before) - len(after)
    _check_sound(path)


def test_articles_of_a_lost_feed_are_kept_and_feeds_are_read_whole_again(path: Path) -> None:
    _change(path, "UPDATE feed SET etag = 'tag'", "DELETE FROM feed WHERE name = 'A'", "UPDATE meta SET value = x'00'")
    _change(path, "INSERT INTO meta VALUES ('odd', x'00')", "UPDATE article SET time = 'never' WHERE id = 5")
    done = repair(path, NOW)
    assert done.placeholders == 1
    assert {loss.table: (loss.kept, loss.lost) for loss in done.losses}["article"] == (599, 1)
    with Reader(path) as reader:
        names = {row.state.name: (row.articles, row.state.etag) for row in reader.feeds.rows(NOW)}
        stored = raw(reader).execute("SELECT name, is_active, etag FROM feed ORDER BY id").fetchall()
    assert stored == [("lost feed 1", 0, None), ("B", 1, None)]
    assert names["B"] == (300, None)
    _check_sound(path)


def test_ids_of_lost_articles_are_not_given_again(path: Path) -> None:
    _change(path, "UPDATE article SET time = 'never' WHERE id > 590")
    repair(path, NOW)
    with Writer(path) as writer:
        assert fill(writer, "A", [article("Another one")]) == (601,)


def test_a_damaged_database_of_an_earlier_schema_is_brought_to_that_of_today(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with sqlite3.connect(path) as made:
        made.executescript((Path(__file__).parent / "schemas" / "1.sql").read_text(encoding="utf-8"))
    made.close()
    _change(path, "UPDATE article SET title = x'00' WHERE id = 2")
    repair(path, NOW)
    assert _articles(path) == {1: "Nvidia falls 17 %", 3: "Nvidia falls"}


def _junk(path: Path) -> None:
    path.write_bytes(b"no database" * 500)


def _foreign(path: Path) -> None:
    _change(path, "PRAGMA application_id = 5", "PRAGMA user_version = 99")


def _newer(path: Path) -> None:
    _change(path, "PRAGMA user_version = 99")


def _all_but_the_first_page(path: Path) -> None:
    body = path.read_bytes()
    path.write_bytes(body[:_PAGE] + b"\xff" * (len(body) - _PAGE))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_junk, "is not a tracker database"),
        (_foreign, "another program"),
        (_newer, "newer tracker"),
        (_all_but_the_first_page, "nothing in it is readable"),
    ],
)
def test_what_cannot_be_repaired_is_left_as_it_is(path: Path, make: Callable[[Path], None], reason: str) -> None:
    make(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=reason):
        repair(path, NOW)
    assert path.read_bytes() == before
    assert not [one.name for one in path.parent.iterdir() if "new" in one.name or "damaged" in one.name]


@pytest.mark.slow
def test_a_database_that_a_window_shows_is_not_replaced(path: Path) -> None:
    _change(path, "UPDATE article SET time = 'never' WHERE id = 5")
    with Reader(path) as window:
        window.articles.headlines([1])
        with pytest.raises(StoreError, match="Close the window"):
            repair(path, NOW)
    assert not list(path.parent.glob("*damaged*"))
    assert repair(path, NOW).original is not None


def test_a_file_that_a_killed_repair_left_is_removed_by_the_next(path: Path) -> None:
    program = (
        "import os, sys, pathlib\nfrom datetime import UTC, datetime\nfrom tracker.store import repair\n"
        "repair._fill_index = lambda _: os._exit(9)\n"
        "repair._salvage(pathlib.Path(sys.argv[1]), datetime.now(UTC))"
    )
    for _ in range(2):
        assert subprocess.run([sys.executable, "-c", program, str(path)], check=False).returncode == 9
    assert len([one for one in path.parent.iterdir() if one.name.endswith("unfinished")]) == 1
    _salvage(path, NOW)
    assert not [one.name for one in path.parent.iterdir() if "unfinished" in one.name]

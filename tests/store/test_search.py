"""The index text and what is asked of it."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.store.search import index_text, match_expression


@pytest.mark.parametrize(
    ("words", "expression"),
    [
        ("nvidia", '"nvidia"*'),
        ("AI", '"AI"'),
        ("export controls", '"export controls"*'),
        ('say "hi"', '"say hi"'),
        ("AT&T", '"AT T"'),
        ("市值", '"市 值"'),
        ("Nvidia显卡", '"Nvidia 显 卡"'),
        ("...", None),
        ("", None),
    ],
)
def test_expression(words: str, expression: str | None) -> None:
    assert match_expression(words) == expression


def test_exact_and_title() -> None:
    assert match_expression("nvidia", exact=True) == '"nvidia"'
    assert match_expression("nvidia", title_only=True) == 'title : "nvidia"*'


def _index_of(title: str) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE t USING fts5(title, text, content='', tokenize='unicode61 remove_diacritics 2')"
    )
    connection.execute("INSERT INTO t (rowid, title, text) VALUES (1, ?, '')", (index_text(title),))
    return connection


@given(st.text())
def test_any_words_make_an_expression_that_finds_their_own_text(words: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE t USING fts5(title, text, content='', tokenize='unicode61 remove_diacritics 2')"
    )
    connection.execute(
        "INSERT INTO t (rowid, title, text) VALUES (1, ?, '')", (index_text(words.replace("\x00", " ")),)
    )
    for exact in (True, False):
        expression = match_expression(words, exact=exact)
        if expression is not None:
            connection.execute("SELECT rowid FROM t WHERE t MATCH ?", (expression,)).fetchall()  # raises on bad syntax
    connection.close()


@given(st.text(alphabet="ABCnvidia 深度求索エヌビディア英伟达", min_size=1))
def test_what_was_indexed_is_found(text: str) -> None:
    expression = match_expression(text)
    if expression is None:
        return
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE t USING fts5(title, text, content='', tokenize='unicode61 remove_diacritics 2')"
    )
    connection.execute("INSERT INTO t (rowid, title, text) VALUES (1, ?, '')", (index_text("before " + text),))
    assert connection.execute("SELECT rowid FROM t WHERE t MATCH ?", (expression,)).fetchall() == [(1,)]
    connection.close()

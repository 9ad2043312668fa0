"""The index text and what is asked of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.store.search import has_word_beginning, index_text, match_expression, single_beginning


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
def test_any_words_make_an_expression(words: str) -> None:
    with closing(_index_of("")) as connection:
        for exact in (True, False):
            expression = match_expression(words, exact=exact)
            if expression is not None:
                connection.execute(
                    "SELECT rowid FROM t WHERE t MATCH ?", (expression,)
                ).fetchall()  # raises on bad syntax


# Letters and signs that the Unicode of SQLite's tokenizer (6.1) knows: newer signs it takes for letters.
_LETTERS = st.one_of(
    st.characters(min_codepoint=1, max_codepoint=0x2AF),
    st.characters(min_codepoint=0x370, max_codepoint=0x481, exclude_categories=["Cn"]),  # Greek and Cyrillic
    st.characters(min_codepoint=0x2010, max_codepoint=0x2027),  # dashes, quotation marks, an ellipsis
    st.characters(min_codepoint=0x3041, max_codepoint=0x3096),
    st.characters(min_codepoint=0x30A1, max_codepoint=0x30FA),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FCC),
    st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3),
    st.sampled_from("nvidia AI 深度求索エヌビディア英伟达"),
)


@given(st.text(_LETTERS, min_size=1), st.booleans())
def test_any_text_is_found_by_its_own_words(text: str, is_exact: bool) -> None:
    expression = match_expression(text, exact=is_exact)
    if expression is None:
        assert not any(one.isalnum() for one in text)
        return
    with closing(_index_of(f"before {text} after")) as connection:
        assert connection.execute("SELECT rowid FROM t WHERE t MATCH ?", (expression,)).fetchall() == [(1,)]


_PIECES = st.sampled_from(
    (
        "con",
        "Con",
        "CON",
        "cón",
        "co\u0301n",
        "a",
        "-",
        "_",
        " ",
        "’",
        "1",
        "é",
        "中",
        "ﬁ",
        "™",
        "ｃｏｎ",
        ".",
        "ß",
        "к",
    )
)


@given(st.lists(_PIECES).map("".join))
def test_a_word_begins_as_in_the_index(text: str) -> None:
    assert single_beginning("Con") == "con"
    with closing(_index_of(text)) as connection:
        found = connection.execute("SELECT rowid FROM t WHERE t MATCH ?", (match_expression("con"),)).fetchall()
    assert has_word_beginning("con")(text) == bool(found)


@pytest.mark.parametrize("words", ["co", "con-", "cón", "con tro", "中文字", ""])
def test_what_is_no_single_beginning_is_left_to_the_index(words: str) -> None:
    assert single_beginning(words) is None

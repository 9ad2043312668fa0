"""The legend holds every sign that a row, an article or a chart can show, each once."""

from __future__ import annotations

from tracker.words.names import session_text
from tracker.words.signs import GROUPS, ROWS, SESSIONS, meaning


def test_signs_are_there_once_with_a_meaning() -> None:
    signs = [sign.sign for _, group in GROUPS for sign in group]
    assert len(set(signs)) == len(signs)
    assert all(sign.meaning and not sign.meaning.endswith(".") for _, group in GROUPS for sign in group)


def test_what_rows_and_sessions_can_show_is_explained() -> None:
    rows = " ".join(sign.sign for sign in ROWS)
    for sign in "●★+▾≡▲▼*~›":
        assert sign in rows
    assert {sign.sign for sign in SESSIONS} == {session_text(one) for one in ("pre", "post", "closed")}


def test_a_line_below_a_table_has_the_words_of_the_legend() -> None:
    assert meaning("*") == next(one.meaning for one in ROWS if one.sign == "*")
    assert "not listed" in meaning("›NVDA")

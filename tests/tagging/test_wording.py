"""The words on either side of a name, and how they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.tagging.wording import first_words, last_words, norm, shape, style


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Target's CEO", ["target's", "ceo"]),
        ("'s CEO (of AT&T)", ["'s", "ceo", "(", "of", "at&t", ")"]),
        ("Dürr, U.S. 4%", ["dürr", ",", "u.s", ".", "4", "%"]),
        ("one __ two", ["one", "two"]),
        ("", []),
    ],
)
def test_words_and_marks_stand_alone(text: str, words: list[str]) -> None:
    assert first_words(text.split(), 9) == words
    assert last_words(text.split(), 9) == words


def test_only_the_nearest_words_count() -> None:
    pieces = ["one", "two,", "three", "four"]
    assert first_words(pieces, 2) == ["one", "two"]
    assert first_words(pieces, 3) == ["one", "two", ","]
    assert last_words(pieces, 3) == [",", "three", "four"]


def test_what_has_no_word_does_not_count() -> None:
    pieces = ["one", "__", "two"]
    assert first_words(pieces, 2) == ["one", "two"]
    assert last_words(pieces, 2) == ["one", "two"]


@given(st.text(max_size=60), st.integers(1, 9))
def test_a_text_in_pieces_has_the_same_words(text: str, count: int) -> None:
    whole = first_words([text], len(text) + 1) if text else []
    assert first_words(text.split(), count) == whole[:count]
    assert last_words(text.split(), count) == whole[-count:]


@pytest.mark.parametrize(
    ("token", "expected"),
    [("price", "price"), ("2025", "2000"), ("1984", "2000"), ("12", "00"), ("12000", "000"), ("q3", "q0"), ("%", "%")],
)
def test_numbers_of_one_kind_are_one_word(token: str, expected: str) -> None:
    assert norm(token) == expected


@pytest.mark.parametrize(
    ("token", "expected"),
    [("", "0"), ("4%", "9"), ("(the", "("), ("NASA", "A"), ("A", "Aa"), ("Nasa", "Aa"), ("nasa", "a")],
)
def test_the_shape_of_a_word(token: str, expected: str) -> None:
    assert shape(token) == expected


@pytest.mark.parametrize(
    ("before", "after", "name", "expected"),
    [
        ("Police Search", "Room Tonight", "Target", "T"),
        ("The police search the", "room tonight", "Target", "S"),
        ("Police search", "ROOM tonight near the river", "Target", "S"),
        ("POLICE SEARCH", "ROOM", "Target", "U"),
        ("police search the", "room", "target", "L"),
        ("police search the", "room", "Target", "S"),
        ("police in LA search", "room", "target", "S"),
        ("a", "b", "Target", "0"),
        ("Grüße an Müßiggänger", "ständig", "ziel", "S"),
    ],
)
def test_the_style_of_the_text_around_a_name(before: str, after: str, name: str, expected: str) -> None:
    assert style(before.split(), after.split(), name) == expected

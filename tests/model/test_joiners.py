"""Joiners and non-joiners: kept in the words and emoji that are written with them, nowhere else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model.joiners import _VIRAMA, JOINER, NON_JOINER, with_emoji_apart, without_stray_joiners

_TEXT = st.text(st.sampled_from("a1 .بهر\u064e\u064bकन\u094d\u0d4d日👩🏽❤\ufe0f" + NON_JOINER + JOINER))


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم نرم\u200cافزار کتاب\u200cها",
        "ه\u200d",
        "क्\u200dष क्\u200cष र\u200d्य",
        "ന്\u200d സോഫ്\u200cറ്റ്\u200cവെയർ",
        "ශ්\u200dරී ලංකා",
        "র\u200d্যাব",
        "👨\u200d👩\u200d👧 👩🏽\u200d💻 ❤\u200d🔥 🏴\u200d☠",
        "no joiner",
    ],
)
def test_what_a_language_or_an_emoji_is_written_with_stays(text: str) -> None:
    assert without_stray_joiners(text) == text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Nvi\u200cdia Nvi\u200ddia", "Nvidia Nvidia"),
        ("1\u200c2 日\u200c本 é\u200cé", "12 日本 éé"),
        ("\u200cب ب\u200c x\u200cب", "ب ب xب"),
        ("ب\u200c\u200c\u200dه", "ب\u200cه"),
        ("👩\u200d a\u200d👩", "👩 a👩"),
        ("\u200d\u200c", ""),
    ],
)
def test_what_only_hides_something_goes(text: str, clean: str) -> None:
    assert without_stray_joiners(text) == clean


def test_emoji_are_drawn_apart_in_as_many_characters() -> None:
    assert with_emoji_apart("👩\u200d💻 ❤\ufe0f\u200d🔥 क्\u200dष") == "👩\u200c💻 ❤\ufe0f\u200c🔥 क्\u200dष"
    assert with_emoji_apart("plain") == "plain"


def test_all_viramas_of_the_basic_plane_are_known() -> None:
    assert {sign for sign in map(chr, range(0x10000)) if unicodedata.combining(sign) == 9} <= set(_VIRAMA)


@given(_TEXT)
def test_what_is_left_is_left_again(text: str) -> None:
    clean = without_stray_joiners(text)
    assert without_stray_joiners(clean) == clean
    assert [sign for sign in clean if sign not in (NON_JOINER, JOINER)] == [
        sign for sign in text if sign not in (NON_JOINER, JOINER)
    ]

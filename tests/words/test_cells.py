"""Text in terminal cells."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from tracker.words.cells import TABLE, cell_width, plain


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("Nvidia", 6),
        ("英伟达", 6),
        ("エヌビディア", 12),
        ("ｴﾇﾋﾞ", 4),
        ("é", 1),
        ("e\u0301", 1),
        ("🚀 up", 5),
        ("❤️", 2),
        ("❤", 1),
        ("👍🏽", 2),
        ("🇫🇷", 2),
        ("한국", 4),
        ("\u1112\u1161\u11ab", 2),
        ("▲ 1.91%", 7),
    ],
)
def test_widths_are_those_of_a_terminal(text: str, width: int) -> None:
    assert cell_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "clipped"),
    [
        ("Nvidia falls", 12, "Nvidia falls"),
        ("Nvidia falls", 11, "Nvidia fal…"),
        ("Nvidia falls", 8, "Nvidia…"),
        ("英伟达下跌", 7, "英伟达…"),
        ("英伟达下跌", 6, "英伟…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("ab", 1, "…"),
        ("ab", 0, ""),
    ],
)
def test_text_is_cut_between_what_stands_together(text: str, width: int, clipped: str) -> None:
    assert TABLE.clip(text, width) == clipped


def test_controls_never_get_through() -> None:
    assert plain("a\x1b[31mb\x9bc\u202ed\u200be\nf\tg\x00h") == "a[31mbcde f gh"
    assert plain("[/red] 英伟达 🚀") == "[/red] 英伟达 🚀"


def test_joiners_stay_in_words_and_not_between_emoji() -> None:
    assert plain("می\u200cخواهم") == "می\u200cخواهم"
    assert cell_width("می\u200cخواهم") == 7
    assert plain("N\u200cv\u200didia") == "Nvidia"
    assert plain("👨\u200d👩") == "👨\u200c👩"
    assert TABLE.fit("👨\u200d👩", 5) == TABLE.crop("👨\u200d👩", 5) == TABLE.pad("👨\u200d👩", 5) == "👨\u200c👩 "


@given(st.text())
def test_plain_text_has_no_control_character(text: str) -> None:
    for char in plain(text).replace("\u200c", "").replace("\u200d", ""):
        assert unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")


@given(st.text(), st.integers(0, 30))
def test_clipped_text_fits_and_padded_text_fills(text: str, width: int) -> None:
    shown = plain(text)
    assert cell_width(TABLE.clip(shown, width)) <= width
    assert cell_width(TABLE.pad(TABLE.clip(shown, width), width)) == width
    assert cell_width(TABLE.pad(TABLE.clip(shown, width), width, right=True)) == width


@given(st.text(st.characters(categories=["Ll", "Lu", "Lo", "Nd", "Po", "Sm"], max_codepoint=0x2FFFF)))
def test_letters_are_as_wide_as_others_have_measured(text: str) -> None:
    for char in text:
        if unicodedata.east_asian_width(char) != "N" or ord(char) < 0x1100:
            assert cell_width(char) == wcswidth(char) or wcswidth(char) < 0


@given(st.text(max_size=60), st.integers(-2, 40), st.booleans())
def test_fitted_and_cropped_text_has_exactly_its_width(text: str, width: int, right: bool) -> None:
    shown = plain(text)
    assert cell_width(TABLE.fit(shown, width, right=right)) == max(0, width)
    assert cell_width(TABLE.crop(shown, width)) == max(0, width)


def test_cropped_text_has_no_ellipsis_and_fitted_text_has_one() -> None:
    assert TABLE.crop("a long name", 6) == "a long"
    assert TABLE.fit("a long name", 8) == "a long… "
    assert TABLE.fit("12", 4, right=True) == "  12"

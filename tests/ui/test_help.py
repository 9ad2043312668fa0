"""Terms and words on the pages over the window: further lines begin below the words."""

from __future__ import annotations

from textual.content import Content

from tracker.ui.screens.help import _hang

TERM = Content.assemble((f"  {'since':<14}", "bold"), "from the last trade before the headline to the latest price")


def plain(width: int, line: Content = TERM) -> list[str]:
    return [piece.plain for piece in _hang(line, width)]


def test_words_go_on_below_the_words() -> None:
    assert plain(50) == [
        "  since         from the last trade before the",
        "                headline to the latest price",
    ]
    assert plain(200) == [TERM.plain]


def test_a_heading_and_a_page_without_room_are_left_alone() -> None:
    assert plain(10, Content("Headlines and numbers")) == ["Headlines and numbers"]
    assert plain(31) == [TERM.plain]
    assert plain(40, Content("")) == [""]

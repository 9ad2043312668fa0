"""What is left out of what the window writes changes nothing on a terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Size
from wcwidth import wcwidth

from tests.helpers.ui import NARROW, settle
from tests.helpers.window import open_window
from tracker.ui import terminal_cells
from tracker.ui.driver import ChangesOnly, sending_changes
from tracker.ui.terminal_cells import TerminalCells

COLUMNS, LINES = 24, 4
RED, BLUE_ON_GREY, BOLD = "38;2;200;0;0", "38;5;12;48;2;30;30;30", "1;38;2;200;0;0"
CODES = (None, RED, BLUE_ON_GREY, BOLD, "31;42", "97;104", "7;31;42", "4;31;42", "42", "1;42")


def move(y: int, x: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H"


def styled(text: str, codes: str | None = RED) -> str:
    return text if codes is None else f"\x1b[{codes}m{text}\x1b[0m"


def shown(writes: Sequence[str]) -> list[object]:
    """Return what is seen on a terminal: characters and their colours, but not the colour of letters in a blank."""
    screen = pyte.Screen(COLUMNS, LINES)
    screen.reset_mode(pyte.modes.DECAWM)
    stream = pyte.Stream(screen)
    for data in writes:
        stream.feed(re.sub(r"\x1b\[\?\d+[hl]", "", data).replace("\n", "\r\n"))
    seen: list[object] = [(screen.cursor.y, screen.cursor.x)]
    for y in range(LINES):
        for x in range(COLUMNS):
            cell = screen.buffer[y][x]
            if cell.data == " " and not (cell.reverse or cell.underscore):
                seen.append((" ", cell.bg))
            else:
                seen.append(cell)
    return seen


TEXT = st.text(st.sampled_from("ab  é●▅⠿─漢🚀א\u0301"), min_size=1, max_size=8)
PIECES = st.lists(st.tuples(TEXT, st.sampled_from(CODES)), min_size=1, max_size=4)
LINE = st.tuples(st.integers(0, LINES - 1), st.integers(0, COLUMNS - 1), PIECES)
# From top to bottom, as Textual draws: the end of a line never scrolls the screen.
FRAME = st.builds(
    lambda lines, end: "\n".join(move(y, x) + "".join(styled(*one) for one in pieces) for y, x, pieces in lines) + end,
    st.lists(LINE, max_size=5, unique_by=lambda line: line[0]).map(lambda lines: sorted(lines, key=lambda one: one[0])),
    st.builds(move, st.integers(0, LINES - 1), st.integers(0, COLUMNS - 1)) | st.just(""),
)


@given(st.lists(FRAME | st.sampled_from(("\x1b[?2026h", "\x1b[2J", "\x1b[2;2Hé\x1b[K")), max_size=8))
def test_the_screen_is_the_same(frames: list[str]) -> None:
    cells, written = TerminalCells(), list[str]()
    for number, data in enumerate(frames, 1):
        written.append(cells.shortened(data))
        assert shown(written) == shown(frames[:number])


def test_a_cell_that_is_shown_is_not_sent_again() -> None:
    cells = TerminalCells()
    row = move(1, 2) + styled("a title   ") + styled("a site", BLUE_ON_GREY)
    assert cells.shortened(row) == row.replace("\x1b[0m", "", 1)
    assert cells.shortened(row) == ""
    other = row.replace("title", "story")
    assert cells.shortened(other) == f"{move(1, 2)}{styled('a story')}\x1b[9C"


def test_only_the_colour_that_changes_is_sent() -> None:
    one, other = styled("one", "31;44"), styled("two", "32;44")
    assert TerminalCells().shortened(move(2, 0) + one + other) == f"{move(2, 0)}\x1b[31;44mone\x1b[32mtwo\x1b[0m"
    plain = TerminalCells().shortened(move(2, 0) + styled("one", "31;44") + "two")
    assert plain == f"{move(2, 0)}\x1b[31;44mone\x1b[39;49mtwo"
    bold = TerminalCells().shortened(move(2, 0) + one + styled("two", "1;31;44"))
    assert bold == f"{move(2, 0)}\x1b[31;44mone\x1b[0;1;31;44mtwo\x1b[0m"


def test_blanks_take_the_colour_of_the_letters_before_them() -> None:
    row = move(2, 0) + styled("one", "31;44") + styled("   ", "32;44") + styled("two", "31;44")
    assert TerminalCells().shortened(row) == f"{move(2, 0)}\x1b[31;44mone   two\x1b[0m"


def test_a_text_in_another_colour_is_sent_again() -> None:
    cells = TerminalCells()
    cells.shortened(move(1, 2) + styled("a title   ", "31;44"))
    assert (
        cells.shortened(move(1, 2) + styled("a title   ", "32;44"))
        == move(1, 2) + styled("a title", "32;44") + "\x1b[3C"
    )
    # Of blanks, the ground is seen.
    other = move(1, 2) + styled("a title   ", "32;45")
    assert cells.shortened(other) == other


def test_a_shorter_text_covers_the_one_before_and_no_more() -> None:
    cells = TerminalCells()
    cells.shortened(move(1, 2) + styled("a long title   "))
    assert cells.shortened(move(1, 2) + styled("a title        ")) == f"{move(1, 2)}{styled('a title     ')}\x1b[3C"


def test_blanks_that_look_alike_are_not_sent_again() -> None:
    cells = TerminalCells()
    cells.shortened(move(1, 2) + styled("a title   ", "31;44"))
    assert cells.shortened(move(1, 2) + styled("a title", "31;44") + styled("   ", "32;44")) == ""


@pytest.mark.parametrize("text", ["漢字", "🚀", "e\u0301", "שלום"])
def test_a_line_of_unsure_width_is_sent_whole(text: str) -> None:
    cells = TerminalCells()
    row = f"{move(1, 0)}{styled('side', BLUE_ON_GREY)}{styled(text)}{styled(' behind')}{move(1, 20)}{styled('bar')}"
    whole = cells.shortened(row)
    assert text in whole
    # The terminal may have drawn over what stands beside it.
    again = cells.shortened(row)
    assert [part in again for part in ("side", text, "behind", "bar")] == [True] * 4


def test_what_begins_in_the_corner_is_sent_whole() -> None:
    cells = TerminalCells()
    screen = move(0, 0) + styled("top") + "\n" + move(1, 0) + styled("bottom")
    assert cells.shortened(screen) == cells.shortened(screen)
    assert "bottom" in cells.shortened(screen)


@pytest.mark.parametrize("data", ["\x1b[?1049h", "\x1b[2J", "lost", "\x1b[2;2H\x1b[31mopen", "\x1b[2;2Htab\t"])
def test_what_is_not_understood_is_sent_as_it_is(data: str) -> None:
    cells = TerminalCells()
    row = move(1, 2) + styled("a title")
    cells.shortened(row)
    assert cells.shortened(data) == data
    assert cells.shortened(row) == row


def test_the_bell_and_the_frame_of_an_update_change_no_cell() -> None:
    cells = TerminalCells()
    row = move(1, 2) + styled("a title")
    cells.shortened(row)
    assert cells.shortened("\x1b[?2026h") == "\x1b[?2026h"
    assert cells.shortened("\x07") == "\x07"
    assert cells.shortened(row) == ""


def test_the_cursor_goes_where_it_is_put() -> None:
    cells = TerminalCells()
    cells.shortened(move(1, 2) + styled("a") + move(3, 3))
    assert cells.shortened(move(1, 2) + styled("a") + move(3, 3)) == ""
    assert cells.shortened(move(1, 2) + styled("a") + move(2, 2)) == move(2, 2)


def test_a_cursor_behind_a_text_of_unsure_width_is_placed_anew() -> None:
    cells = TerminalCells()
    assert cells.shortened(move(1, 2) + styled("漢") + move(1, 2)).endswith(move(1, 2))


def test_styles_are_forgotten_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_cells, "_MAX_LOOKS", 1)
    cells = TerminalCells()
    row = move(1, 2) + styled("a", "31;42") + styled("b", "32;42")
    assert cells.shortened(row) == cells.shortened(row) != ""


def test_what_counts_as_one_cell_is_one_cell() -> None:
    odd = terminal_cells._ODD
    narrow = [chr(code) for code in range(32, 0x30000) if not odd.match(chr(code))]
    assert len(narrow) > 2_000
    assert {character for character in narrow if wcwidth(character) != 1} == set()


class Noting(Driver):
    """A driver that notes what it is given."""

    written: list[str]

    def write(self, data: str) -> None:
        self.written.append(data)


async def test_the_driver_sends_changes_only(tmp_path: Path) -> None:
    async with open_window(tmp_path, size=NARROW) as (app, pilot):
        driver = sending_changes(type("Other", (HeadlessDriver, Noting), {"write": Noting.write}))(app)
        assert isinstance(driver, Noting)
        assert isinstance(driver, ChangesOnly)
        driver.written = []
        row = move(1, 2) + styled("a title")
        driver.write(row)
        driver.write(row)
        assert driver.written == [row]
        # A terminal that gets another size may show anything.
        own, app._driver = app._driver, driver
        app.post_message(events.Resize(Size(*NARROW), Size(*NARROW)))
        await settle(pilot)
        app._driver = own
        driver.write(row)
        assert driver.written[-1] == row
        assert len(driver.written) == 2


async def test_the_window_has_such_a_driver(tmp_path: Path) -> None:
    async with open_window(tmp_path, size=NARROW) as (app, _):
        assert issubclass(app.driver_class, ChangesOnly)

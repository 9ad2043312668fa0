"""Numbers before a key: `5j`, `3n`, `12G`."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.ui import QUIET, screen_text, settle, until
from tests.helpers.window import numbered, open_window, pane, ready, store
from tracker.ui.parts.counting import Counting


@pytest.mark.parametrize(
    ("digits", "command", "count"),
    [
        ("5", "list.next", 5), ("12", "list.last", 12), ("105", "list.next_unread", 105), ("", "list.next", None),
        ("5", "article.star", None), ("1234567", "list.last", 123_456), ("0", "list.next", None),
        ("10", "list.next", 10),
    ],
)  # fmt: skip
def test_a_number_is_for_the_next_command_that_takes_one(digits: str, command: str, count: int | None) -> None:
    counting = Counting()
    assert all(counting.add(digit) for digit in digits) is (digits != "0")
    assert counting.text() == (f"{digits[:6]} …" if digits not in ("", "0") else "")
    assert counting.take(command) == count
    assert not counting.is_pending
    assert counting.take("list.next") is None


def test_the_second_g_of_two_stays_on_the_line_and_a_later_one_goes_to_the_top() -> None:
    counting = Counting()
    counting.add("5")
    assert [counting.take("list.first") for _ in range(2)] == [5, 5]
    assert counting.take("list.next") is None
    assert counting.take("list.first") is None
    counting.add("7")
    counting.drop()
    assert counting.take("list.first") is None


@pytest.mark.slow
async def test_counts_move_each_pane_and_escape_drops_them(tmp_path: Path) -> None:
    store(tmp_path, numbered(400))
    async with open_window(tmp_path, rows=400) as (app, pilot):
        headlines, status = app.main.widgets.headlines, app.main.widgets.status
        for keys, line in (
            ("5j", 5), ("2k", 3), ("12G", 11), ("gg", 0), ("7gg", 6), ("99999G", 399), ("g", 0), ("3n", 3),
            ("350n", 353), ("2p", 351), ("900p", 0), ("500n", 399), ("10g", 9), ("3sj", 10), ("4Qj", 11),
        ):  # fmt: skip
            await pilot.press(*keys)
            assert headlines.cursor == line, keys
        await settle(pilot)
        await pilot.press("1", "5")
        assert "15 …" in screen_text(app).splitlines()[-1]
        await pilot.press("escape", "j")
        assert headlines.cursor == 12
        assert pane(app) == "list"
        assert "…" not in str(status.render_line(0).text)
        await pilot.press("2", "ctrl+d")
        assert headlines.cursor == 12 + headlines.scrollable_content_region.height - 1
        await pilot.press("0")
        assert "0 does nothing here" in screen_text(app).splitlines()[-1]
        side = app.main.widgets.side
        lines = side.line_count()
        await pilot.press("slash", "5", "j")
        assert app.main.widgets.search.field.value == "5j"
        await pilot.press("escape")
        await settle(pilot)
        await until(pilot, lambda: side.line_count() == lines, "the side bar without the counts of the search")
        await pilot.press("h", "G", "2", "k")
        assert side.cursor == lines - 3


@pytest.mark.slow
async def test_a_digit_that_the_user_gives_to_a_command_begins_no_number(tmp_path: Path) -> None:
    store(tmp_path, numbered(9))
    async with open_window(tmp_path, replace(QUIET, keys={"view.starred": "3"}), rows=9) as (app, pilot):
        await pilot.press("2", "j")
        assert app.main.widgets.headlines.cursor == 2
        await pilot.press("3")
        await ready(pilot, app, 0)
        for key, words in (("3", "only starred ones are shown already"), ("full_stop", "no new headlines")):
            await pilot.press(key)
            assert words in screen_text(app).splitlines()[-1]

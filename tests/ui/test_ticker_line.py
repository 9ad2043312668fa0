"""The watchlist in one line: as many moves as fit, whose they are, never half a number unsaid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from textual.app import App, ComposeResult

from tracker.model.dates import AgreedDate
from tracker.model.halts import Halt
from tracker.model.market import Quote
from tracker.ui import themes
from tracker.ui.widgets.ticker_line import TickerLine, draw_ticker
from tracker.ui.widgets.watchlist import WatchRow

NOW = datetime(2025, 1, 27, 21, 16, tzinfo=UTC)


def row(symbol: str, price: float, before: float | None, provider: str = "cnbc", age: int = 40) -> WatchRow:
    time = NOW - timedelta(seconds=age)
    return WatchRow(symbol, None, Quote(symbol, price, time, provider, before, fetched=time), stale=age > 600)


ROWS = (
    row("NVDA", 118.42, 142.62),
    WatchRow("DELL", None, None, (), "429"),
    row("AVGO", 202.13, 244.7, age=50),
    row("META", 659.88, 647.5, "yahoo", age=7200),
    row("SMH", 1.0, None),
)


class TickerApp(App[None]):
    """The line alone."""

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(themes.fitted(themes.DARK, red_up=False))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.variable_defaults(False)

    def compose(self) -> ComposeResult:
        yield TickerLine()


def drawn(width: int, rows: Sequence[WatchRow] = ROWS) -> str:
    return "".join(text for text, _ in draw_ticker(rows, width, NOW))


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (90, " NVDA ▼16.97%  AVGO ▼17.40%  META ▲ 1.91% 2h  SMH 1.00  (CNBC, just now)            16:16 "),
        (64, " NVDA ▼16.97%  AVGO ▼17.40%  (CNBC, just now)             16:16 "),
        (40, " NVDA ▼16.97%  AVGO ▼17.40%       16:16 "),
        (30, " NVDA ▼16.97%  AVGO ▼17.40%   "),
        (20, " NVDA ▼16.97%       "),
        (10, " NVDA ▼16…"),
        (0, ""),
    ],
)
def test_as_many_as_fit(width: int, line: str) -> None:
    assert drawn(width) == line


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (45, " NVDA ▼16.97% Wed  AVGO ▼17.40%        16:16 "),
        (30, " NVDA ▼16.97%  AVGO ▼17.40%   "),
    ],
)
def test_near_results_give_way_to_moves(width: int, line: str) -> None:
    near = AgreedDate("results", date(2025, 1, 29), "after-close", ("nasdaq",))
    far = AgreedDate("results", date(2025, 3, 6), None, ("nasdaq",))
    assert drawn(width, [replace(ROWS[0], dates=(near,)), replace(ROWS[2], dates=(far,))]) == line


def test_a_halt_is_said_behind_the_move() -> None:
    halted = replace(ROWS[0], halt=Halt("NVDA", NOW - timedelta(minutes=5)))
    assert drawn(31, [halted, ROWS[2]]).startswith(" NVDA ▼16.97% HALT")


def test_one_share_has_its_source() -> None:
    assert drawn(40, ROWS[:1]) == " NVDA ▼16.97%  (CNBC, just now)   16:16 "


def test_no_quotes_says_why() -> None:
    assert drawn(30, ROWS[1:2]) == " no quotes: 429               "
    assert drawn(30, [WatchRow("DELL")]) == " no quotes yet                "
    assert drawn(5, []) == "     "


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf"]), max_size=12)


@given(st.lists(st.tuples(words, st.floats(), st.none() | st.floats(1, 1e6)), max_size=6), st.integers(0, 120))
def test_line_is_as_wide_as_asked(quotes: list[tuple[str, float, float | None]], width: int) -> None:
    assert cell_len(drawn(width, [row(*each) for each in quotes])) == width


async def test_widget_draws_the_line_as_text() -> None:
    app = TickerApp()
    async with app.run_test(size=(64, 4)) as pilot:
        ticker = app.query_one(TickerLine)
        assert ticker.render_line(0).text == " " * 64
        ticker.show(ROWS, NOW)
        await pilot.pause()
        assert ticker.size.height == 1
        assert ticker.render_line(0).text == drawn(64)
        assert ticker.render_line(1).text == " " * 64
        ticker.show([WatchRow("A", None, None, (), "[/red] [b]503")], NOW)
        assert ticker.render_line(0).text.rstrip() == " no quotes: [/red] [b]503"
        await pilot.resize_terminal(40, 4)
        await pilot.pause()
        assert ticker.render_line(0).cell_length == 40

"""The watchlist: rows that fit every width, a cursor that stays on its share, bold once for what changed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot

from tests.helpers.dates import on
from tracker.model.dates import AgreedDate
from tracker.model.halts import Halt
from tracker.model.market import Quote, Session
from tracker.ui import themes
from tracker.ui.widgets.pieces import fit, fit_pieces
from tracker.ui.widgets.watchlist import (
    CHANGED_SECONDS,
    Watchlist,
    WatchRow,
    describe,
    draw_watch_row,
    watch_columns,
)

NOW = datetime(2025, 1, 27, 21, 16, tzinfo=UTC)


def quote(
    symbol: str, price: float, before: float | None, session: Session | None = "post", age: int = 40, **more: object
) -> Quote:
    time = NOW - timedelta(seconds=age)
    values: dict[str, object] = {"currency": "USD", "fetched": time, **more}
    return Quote(symbol, price, time, "cnbc", before, session=session, **values)  # type: ignore[arg-type]


ROWS = (
    WatchRow("NVDA", "Nvidia", quote("NVDA", 118.42, 142.62), (142.0, 130.0, None, 125.0, 118.0)),
    WatchRow("META", "Meta", quote("META", 659.88, 647.5, "pre"), (1.0, 2.0, 3.0)),
    WatchRow("ASML.AS", "ASML", quote("ASML.AS", 645.5, 697.1, "closed", 5400, currency="EUR"), (), None, True),
    WatchRow("DELL", "Dell", None, (), "429, next try 15:02"),
    WatchRow("SMH", None, quote("SMH", 1.0, None, None)),
)


class WatchApp(App[None]):
    """The watchlist alone."""

    CSS = "Watchlist { width: 44; height: 7; }"

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(themes.fitted(themes.DARK, red_up=False))
        self.told: list[tuple[str, str]] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.variable_defaults(False)

    def compose(self) -> ComposeResult:
        yield Watchlist()

    def on_watchlist_highlighted(self, message: Watchlist.Highlighted) -> None:
        self.told.append(("highlighted", message.symbol))

    def on_watchlist_picked(self, message: Watchlist.Picked) -> None:
        self.told.append(("picked", message.symbol))


def lines(watchlist: Watchlist) -> list[str]:
    return [watchlist.render_line(y).text for y in range(watchlist.size.height)]


def bold(watchlist: Watchlist, y: int) -> list[str]:
    return [segment.text.strip() for segment in watchlist.render_line(y) if segment.style and segment.style.bold]


def hint(watchlist: Watchlist) -> str | None:
    """Return the tooltip, which must be content: a string would be read as markup."""
    assert watchlist.tooltip is None or isinstance(watchlist.tooltip, Content)
    return None if watchlist.tooltip is None else watchlist.tooltip.plain


def cursor(watchlist: Watchlist) -> tuple[str | None, WatchRow | None]:
    return watchlist.symbol, watchlist.row


async def shown(pilot: Pilot[None], rows: Sequence[WatchRow] = ROWS) -> Watchlist:
    watchlist = pilot.app.query_one(Watchlist)
    watchlist.show(rows, NOW)
    watchlist.focus()
    await pilot.pause()
    return watchlist


def drawn(width: int, rows: Sequence[WatchRow] = ROWS) -> list[str]:
    columns = watch_columns(rows, width, NOW)
    return ["".join(text for text, _ in draw_watch_row(row, columns, width, NOW)) for row in rows]


@pytest.mark.parametrize(
    ("symbol", "name", "narrow"),
    [
        ("005930.KS", "Samsung", "Samsung  "),
        ("2357.TW", "Asus", "Asus   "),
        ("2357.TW", "Asustek Computer", "2357.TW"),
        ("2357.TW", None, "2357.TW"),
        ("NVDA", "Nvidia", "NVDA"),
    ],
)
def test_a_number_is_shown_by_its_name_where_names_have_no_column(symbol: str, name: str | None, narrow: str) -> None:
    one = [WatchRow(symbol, name, quote(symbol, 118.42, 142.62), (1.0, 2.0, 3.0))]
    for width in (24, 30, 37):
        assert drawn(width, one)[0].startswith(f"{narrow} ")
    assert drawn(80, one)[0].startswith(f"{symbol} {name or ''}")


@pytest.mark.parametrize(
    ("width", "row"),
    [
        (60, "NVDA    Nvidia         118.42 ▼16.97% ⠉⠑⠒⠤⠄      ⠠⠤⠤⣀⣀  POST"),
        (52, "NVDA     118.42 ▼16.97% ⠉⠑⠒⠤⠄      ⠠⠤⠤⣀⣀  POST      "),
        (38, "NVDA     118.42 ▼16.97% ⠉⠢⠄  ⠠⠤⣀  POST"),
        (34, "NVDA     118.42 ▼16.97%  POST     "),
        (26, "NVDA     118.42 ▼16.97%   "),
        (22, "NVDA    ▼16.97%       "),
        (10, "NVDA    ▼…"),
    ],
)
def test_columns_give_way_by_width(width: int, row: str) -> None:
    assert drawn(width)[0] == row


def test_later_trades_stand_beside_their_session() -> None:
    rows = [
        WatchRow("NVDA", None, quote("NVDA", 119.42, 142.62, regular_price=118.42)),
        WatchRow("META", None, quote("META", 659.88, 647.5, "regular")),
        WatchRow("TSM", None, quote("TSM", 190.0, 200.0, regular_price=191.0, age=7200), (), None, True),
    ]
    assert drawn(36, rows) == [
        "NVDA 118.42 ▼16.97%  POST ▲ 0.84%   ",
        "META 659.88 ▲ 1.91%                 ",
        "TSM  191.00 ▼ 4.50%    2h ▼ 0.52%   ",
    ]
    assert drawn(26, rows)[0] == "NVDA 118.42 ▼16.97%  POST "


def test_a_session_is_shown_only_if_it_is_not_the_regular_one() -> None:
    regular = replace(ROWS[0], quote=quote("NVDA", 118.42, 142.62, "regular"), dates=(on(26, "after-close", month=2),))
    assert drawn(36, [regular]) == ["NVDA 118.42 ▼16.97% ⠉⠢⠄   ⠠⠤⣀ 26 Feb"]
    later = replace(regular, quote=quote("NVDA", 118.42, 142.62, "post"))
    assert drawn(36, [later]) == ["NVDA 118.42 ▼16.97%  POST 26 Feb    "]
    old = replace(regular, stale=True, quote=quote("NVDA", 118.42, 142.62, "regular", 5400))
    assert drawn(36, [regular, old]) == [
        "NVDA 118.42 ▼16.97%       26 Feb    ",
        "NVDA 118.42 ▼16.97%    1h 26 Feb    ",
    ]


DATED = (
    replace(ROWS[0], dates=(on(26, "after-close", month=2),)),
    replace(ROWS[1], dates=(on(29, "after-close"), AgreedDate("results", date(2025, 1, 30), None, ("finnhub",)))),
    replace(ROWS[3], dates=(on(27, "before-open"),)),
)


@pytest.mark.parametrize(
    ("width", "rows"),
    [
        (
            70,
            [
                "NVDA 118.42 ▼16.97% ⠉⠑⠒⠤⠄      ⠠⠤⠤⣀⣀  POST 26 Feb after close         ",
                "META 659.88 ▲ 1.91% ⣀⣀⣀⣀⡠⠤⠤⠤⠤⠤⠒⠒⠒⠒⠉⠉   PRE Wed after close or Thu     ",
                "DELL no quote: 429, next try 15:02 today before open                  ",
            ],
        ),
        (
            41,
            [
                "NVDA 118.42 ▼16.97% ⠉⠢⠄  ⠠⠤⣀  POST 26 Feb",
                "META 659.88 ▲ 1.91% ⣀⣀⡠⠤⠤⠒⠒⠉   PRE Wed?  ",
                "DELL no quote: 429, next try 15:02 today ",
            ],
        ),
        (26, ["NVDA 118.42 ▼16.97%  POST ", "META 659.88 ▲ 1.91%   PRE ", "DELL no quote: 429, next… "]),
    ],
)
def test_the_next_results_stand_beside_the_share(width: int, rows: list[str]) -> None:
    assert drawn(width, DATED) == rows


def test_a_halt_stands_in_place_of_the_session() -> None:
    halt = Halt("NVDA", NOW - timedelta(minutes=26))
    halted, over = replace(ROWS[0], halt=halt), replace(ROWS[0], halt=replace(halt, resumes=NOW))
    assert drawn(25, [halted, over]) == ["NVDA 118.42 ▼16.97%  HALT", "NVDA 118.42 ▼16.97%  POST"]
    assert " · halted since 15:50 ET · " in describe(halted, NOW)
    assert " · halted 15:50 to 16:16 ET · " in describe(over, NOW)


@pytest.mark.parametrize("width", range(120))
def test_every_row_fills_every_width(width: int) -> None:
    assert [cell_len(line) for line in drawn(width)] == [width] * len(ROWS)
    assert [cell_len(line) for line in drawn(width, DATED)] == [width] * len(DATED)


def test_describe_says_all() -> None:
    assert (
        describe(ROWS[0], NOW) == "NVDA Nvidia · 118.42 ▼16.97% · previous close 142.62 · CNBC, after hours, just now"
    )
    assert describe(ROWS[3], NOW) == "DELL Dell · no quote: 429, next try 15:02"
    assert describe(ROWS[4], NOW) == "SMH · 1.00 · CNBC, just now"
    assert describe(WatchRow("AMD"), NOW) == "AMD · no quote yet"
    held = WatchRow("NVDA", None, quote("NVDA", 120.0, 100.0, regular_price=118.42), (), "503")
    assert describe(held, NOW) == (
        "NVDA · 118.42 ▲18.42% · previous close 100.00 · after the close 120.00 ▲1.33% · CNBC, after hours, just now"
        " · not updated: 503"
    )
    assert describe(DATED[1], NOW).endswith(
        " · results in 2 days: Wed 29 Jan after close (Nasdaq) · results in 3 days: Thu 30 Jan (Finnhub)"
    )


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf"]), max_size=30)


@given(words, words, words, st.floats(), st.integers(0, 100))
def test_hostile_rows_fit(symbol: str, name: str, reason: str, price: float, width: int) -> None:
    rows = [WatchRow(symbol, name, quote(symbol, price, price)), WatchRow(symbol, name, None, (), reason)]
    assert [cell_len(line) for line in drawn(width, rows)] == [width, width]


@given(words, st.integers(0, 30), st.booleans())
def test_fit_is_exact(text: str, width: int, right: bool) -> None:
    assert cell_len(fit(text, width, right=right)) == width


def test_crop_of_nothing_is_nothing() -> None:
    assert fit_pieces([], 5) == []


async def test_rows_as_drawn() -> None:
    async with WatchApp().run_test() as pilot:
        assert lines(await shown(pilot)) == [
            "NVDA     118.42 ▼16.97% ⠉⠒⠒⠤      ⠤⠤⣀⣀  POST",
            "META     659.88 ▲ 1.91% ⣀⣀⣀⣀⠤⠤⠤⠤⠤⠒⠒⠒⠉⠉   PRE",
            "ASML.AS €645.50 ▼ 7.40%                   1h",
            "DELL    no quote: 429, next try 15:02       ",
            "SMH        1.00                             ",
            " " * 44,
            " " * 44,
        ]


async def test_keys_move_and_choose() -> None:
    app = WatchApp()
    async with app.run_test() as pilot:
        watchlist = await shown(pilot)
        assert app.told == []
        await pilot.press("j", "down", "k", "enter")
        await pilot.pause()
        assert app.told[-1] == ("picked", "META")
        assert ("highlighted", "META") in app.told
        assert cursor(watchlist) == ("META", ROWS[1])


async def test_users_keys_hold() -> None:
    app = WatchApp()
    async with app.run_test() as pilot:
        app.set_keymap({"list.next": "x"})
        watchlist = await shown(pilot)
        await pilot.press("j")
        assert cursor(watchlist)[0] == "NVDA"
        await pilot.press("x")
        assert cursor(watchlist)[0] == "META"


async def test_click_chooses_and_hover_tells() -> None:
    app = WatchApp()
    async with app.run_test() as pilot:
        watchlist = await shown(pilot)
        await pilot.hover(Watchlist, offset=(3, 3))
        assert hint(watchlist) == "DELL Dell · no quote: 429, next try 15:02"
        await pilot.click(Watchlist, offset=(3, 2))
        await pilot.pause()
        assert app.told[-1] == ("picked", "ASML.AS")
        told = len(app.told)
        await pilot.hover(Watchlist, offset=(3, 6))
        assert hint(watchlist) is None
        await pilot.click(Watchlist, offset=(3, 6))
        await pilot.pause()
        assert len(app.told) == told


async def test_cursor_stays_on_its_share() -> None:
    app = WatchApp()
    async with app.run_test() as pilot:
        watchlist = await shown(pilot)
        await pilot.press("j")
        watchlist.show(ROWS[::-1], NOW)
        assert cursor(watchlist)[0] == "META"
        app.told.clear()
        watchlist.show(ROWS[3:], NOW)
        await pilot.pause()
        assert app.told == [("highlighted", "SMH")]
        watchlist.show([], NOW)
        await pilot.press("enter", "j")
        await pilot.pause()
        assert cursor(watchlist) == (None, None)
        assert app.told == [("highlighted", "SMH")]
        assert lines(watchlist) == [" " * 44] * 7


@pytest.mark.slow
async def test_a_changed_number_is_bold_once() -> None:
    async with WatchApp().run_test() as pilot:
        watchlist = await shown(pilot)
        pilot.app.set_focus(None)
        await pilot.pause()
        assert bold(watchlist, 0) == ["NVDA"]  # nothing changed yet
        changed = (WatchRow("NVDA", "Nvidia", quote("NVDA", 119.42, 142.62), ROWS[0].closes), *ROWS[1:])
        watchlist.show(changed, NOW)
        assert bold(watchlist, 0) == ["NVDA", "119.42", "▼16.27%"]
        assert bold(watchlist, 1) == ["META"]
        watchlist.show(changed, NOW)  # the same once more is no change, and takes nothing back
        assert bold(watchlist, 0) == ["NVDA", "119.42", "▼16.27%"]
        deadline = asyncio.get_running_loop().time() + 20 * CHANGED_SECONDS
        while len(bold(watchlist, 0)) > 1:
            assert asyncio.get_running_loop().time() < deadline
            await asyncio.sleep(0.02)
        watchlist.show(changed, NOW)
        assert bold(watchlist, 0) == ["NVDA"]


async def test_a_number_that_comes_later_is_no_change() -> None:
    async with WatchApp().run_test() as pilot:
        watchlist = await shown(pilot, [WatchRow("DELL")])
        pilot.app.set_focus(None)
        watchlist.show([WatchRow("DELL", None, quote("DELL", 107.0, 117.0))], NOW)
        await pilot.pause()
        assert bold(watchlist, 0) == ["DELL"]


async def test_markup_is_text() -> None:
    rows = [WatchRow("[/red]", "[@click=app.quit]x[/]", None, (), "[/red] [b]503")]
    async with WatchApp().run_test() as pilot:
        watchlist = await shown(pilot, rows)
        assert lines(watchlist)[0] == "[/red] no quote: [/red] [b]503              "
        await pilot.hover(Watchlist, offset=(1, 0))
        assert hint(watchlist) == "[/red] [@click=app.quit]x[/] · no quote: [/red] [b]503"


async def test_cursor_keeps_the_colour_of_the_move() -> None:
    app = WatchApp()
    app.theme = "tracker-dark"
    async with app.run_test() as pilot:
        watchlist = await shown(pilot)
        colors = themes.theme_colors(themes.DARK, red_up=False)
        move = next(segment for segment in watchlist.render_line(0) if "▼" in segment.text)
        assert move.style is not None
        assert move.style.color is not None
        assert move.style.bgcolor is not None
        assert move.style.color.get_truecolor().hex.upper() == colors["tracker-down"]
        assert move.style.bgcolor.get_truecolor().hex.upper() == colors["tracker-cursor"]

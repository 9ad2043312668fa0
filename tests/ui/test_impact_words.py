"""Impacts as numbers and words: the list's column, the article's block, the page of what moved a share."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.helpers.store import NOW
from tests.ui.test_headline_row import row, text_of
from tracker.model.impact import AbnormalReturns, DayMove, Impact, MarketModel, MovedDay, Moves, Timing, Window
from tracker.model.market import Move
from tracker.ui.widgets.headline_row import RowMove, draw_row
from tracker.ui.widgets.moved_rows import MAX_HEADLINES, draw_moved_row, moved_header, moved_rows
from tracker.ui.widgets.row_list import PARTS
from tracker.ui.widgets.row_move import KIND_WORDS, KINDS, MoveKind, kind_named, kinds, next_kind, row_move
from tracker.words.moves import t_text
from tracker.words.names import benchmark_text

NEW_YORK = ZoneInfo("America/New_York")
DAY = date(2025, 1, 27)
SESSION = Window(-0.1697, -0.038, -0.1314, -5.61, -593e9, is_over=True)
REST = Window(0.0044, 0.002, 0.0024, 0.31, 13e9, is_over=True)
SINCE = Window(0.008, 0.001, 0.007, 0.9, 24e9)
FITTED = AbnormalReturns(ar0=-0.13142, t0=-5.61, model=MarketModel("market", 0.0, 1.0, 0.02, 120))


def move(since: float | None = 0.008, age: int = 60, *, stale: bool = False) -> Move:
    return Move("NVDA", since, -0.1697, 118.42, NOW, 117.5, NOW, "post", "USD", "yahoo", stale, age)


def impact(
    since: Window = SINCE,
    rest: Window = REST,
    session: Window = SESSION,
    *,
    timing: Timing | None = None,
    other: int = 0,
    old: bool = False,
    abnormal: AbnormalReturns = FITTED,
) -> Impact:
    return Impact(
        article_id=1,
        title="x",
        published=NOW,
        symbol="NVDA",
        benchmark="^GSPC",
        day0=DAY,
        base=None,
        base_age_seconds=None,
        is_base_old=old,
        moves=Moves(),
        abnormal=abnormal,
        before=None,
        since=since,
        rest=rest,
        session=session,
        to_close=rest if rest.is_over else since,
        timing=timing,
        other_news=other,
    )


# -- the column ------------------------------------------------------------------------------
def test_the_key_goes_through_the_kinds() -> None:
    assert [next_kind(kind) for kind in KINDS] == [*KINDS[1:], KINDS[0]]
    assert [kind_named(kind) for kind in KINDS] == list(KINDS)
    assert kind_named("day") == "since"
    assert set(KIND_WORDS) == set(KINDS)
    # Beside an article that says what the share did since, also after the close, they name their own window.
    assert all("to the close" in KIND_WORDS[kind] for kind in ("abnormal", "dollars"))


def test_what_you_made_is_shown_only_to_those_who_hold_shares() -> None:
    assert next_kind("session", has_held=False) == "since"
    assert kind_named("yours", has_held=False) == "since"
    assert kinds(has_held=False) == KINDS[:-1]


def test_what_you_made_is_of_the_window_since() -> None:
    assert row_move("yours", move(), impact()).value is None
    made = row_move("yours", move(age=1801, stale=True), None, 120)
    assert made.value == pytest.approx(120 * 117.5 * 0.008)
    assert (made.is_gain, made.currency, made.is_old_base, made.is_stale, made.is_flat) == (
        True, "USD", True, True, False
    )  # fmt: skip
    assert row_move("yours", move(since=None), None, 120).value is None
    assert row_move("yours", move(), impact(), -120).value == pytest.approx(-112.8)


@pytest.mark.parametrize(
    ("value", "currency", "text", "part"),
    [
        (-2904.4, "USD", "−$2,904", "down"),
        (12.0, "EUR", "   +€12", "up"),
        (0.0, "USD", "     $0", "flat"),
        (12_345.0, "CHF", " +12.3k", "up"),
        (None, "USD", "       ", "flat"),
    ],
)
def test_an_amount_fits_its_column(value: float | None, currency: str, text: str, part: str) -> None:
    shown = RowMove(value, is_gain=True, currency=currency)
    assert draw_row(row(), 100, NOW, shown)[-2] == (f" {text}", part)
    assert cell_len(text_of(row(), 100, shown)) == 100


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("since", RowMove(0.008, True, is_flat=True)),
        ("abnormal", RowMove(0.0024, True, is_flat=True)),
        ("dollars", RowMove(13e9, True, is_flat=True, is_dollars=True)),
        ("session", RowMove(-0.1697)),
    ],
)
def test_each_kind_shows_its_own_window_and_is_grey_by_its_own_t(kind: MoveKind, expected: RowMove) -> None:
    assert row_move(kind, move(age=1801), impact(old=True)) == expected


def test_until_the_close_abnormal_and_dollars_are_those_so_far() -> None:
    running = impact(rest=Window(0.006, 0.001, 0.005, 2.3, 18e9))
    assert row_move("abnormal", move(), running) == RowMove(0.007, is_flat=True)
    assert row_move("dollars", move(), running).value == 24e9


@pytest.mark.parametrize("kind", KINDS)
def test_a_usual_move_is_grey_and_an_unusual_one_is_not(kind: MoveKind) -> None:
    usual, unusual = Window(0.01, 0.0, 0.01, 2.19, 1e9), Window(0.01, 0.0, 0.01, -2.2, 1e9)
    shown = row_move(kind, move(), impact(usual, usual, usual))
    assert shown.is_flat
    assert draw_row(row(), 100, NOW, shown)[-2][1] == "flat"
    assert not row_move(kind, move(), impact(unusual, unusual, unusual)).is_flat
    unknown = Window(0.01)
    assert not row_move(kind, move(), impact(unknown, unknown, unknown)).is_flat


@pytest.mark.parametrize("kind", KINDS[1:-1])
def test_what_was_not_measured_shows_nothing(kind: MoveKind) -> None:
    assert row_move(kind, move(), None) == RowMove(None)
    assert row_move(kind, move(), impact(Window(), Window(), Window())).value is None


@pytest.mark.parametrize(
    ("value", "text", "part"),
    [(-593e9, "−$593bn", "down"), (1.2e9, "+$1.2bn", "up"), (0.0, "     $0", "flat"), (None, "       ", "flat")],
)
def test_dollars_have_a_sign_and_stand_to_the_right(value: float | None, text: str, part: str) -> None:
    shown = RowMove(value, is_dollars=True)
    assert draw_row(row(), 100, NOW, shown)[-2] == (f" {text}", part)
    assert cell_len(text_of(row(), 100, shown)) == 100


def test_numbers_and_names() -> None:
    assert (t_text(-5.701), t_text(0.314)) == ("−5.70", "+0.31")
    assert (benchmark_text("^GSPC"), benchmark_text("XLK")) == ("S&P 500", "XLK")


# -- what moved it -----------------------------------------------------------------------------------
GAP = DayMove(NOW - timedelta(days=3), NOW - timedelta(hours=7), 142.62, 124.8, is_gap=True)
SLIDE = DayMove(NOW - timedelta(hours=2), NOW - timedelta(hours=1), 120.0, 118.0, interpolated=True)


def test_moves_and_what_was_published_before_them() -> None:
    many = tuple(row(f"Headline {n}", id=n, story_id=n, others=n % 2) for n in range(MAX_HEADLINES + 3))
    rows = moved_rows([(GAP, many), (SLIDE, ()), (SLIDE, many[:1])])
    assert [one.headline is None for one in rows] == [True, *[False] * MAX_HEADLINES, True, True, False]
    shown = ["".join(text for text, _ in draw_moved_row(one, 110, NEW_YORK)).rstrip() for one in rows]
    assert shown[0].startswith(" ▼12.49%  gap, Fri 16:16 to 09:16 ")
    assert shown[0].endswith(f"{MAX_HEADLINES + 3} headlines published before, the newest {MAX_HEADLINES}")
    assert shown[2].startswith("    ▸ Mon 16:12  Headline 1 ")
    assert shown[2].endswith("CNBC +1")
    assert shown[-3] == " ▼ 1.67%  14:16 to 15:16, estimated             nothing published before"
    assert shown[-2].endswith("1 headline published before")


def test_headlines_for_which_a_share_stands_in_are_marked() -> None:
    rows = moved_rows([(GAP, (row("DeepSeek", symbol="NVDA", is_stand_in=True), row("Nvidia", symbol="NVDA")))])
    shown = ["".join(text for text, _ in draw_moved_row(one, 80, NEW_YORK)) for one in rows[1:]]
    assert [line[:25].rstrip() for line in shown] == ["    ▸ Mon 16:12 ›DeepSeek", "    ▸ Mon 16:12  Nvidia"]


@given(width=st.integers(1, 160), kind=st.sampled_from([0, 1]), title=st.text(max_size=60))
def test_every_line_is_as_wide_as_asked(width: int, kind: int, title: str) -> None:
    one = moved_rows([(GAP, (row(title or "x"),))])[kind]
    pieces = draw_moved_row(one, width, NEW_YORK)
    assert sum(cell_len(text) for text, _ in pieces) == width
    assert {part for _, part in pieces} <= set(PARTS)


def header(day: MovedDay | None) -> str:
    return "".join(text for text, _ in moved_header("NVDA", day))


def test_the_header_says_what_is_known_of_the_day() -> None:
    day = MovedDay("NVDA", "^GSPC", DAY, 142.62, 118.42, True, SESSION, ())
    assert header(day) == (
        "NVDA · Mon 27 Jan · 142.62 → 118.42  ▼16.97%  abnormal ▼13.14% (t −5.61 vs S&P 500)  −$593bn"
    )
    running = MovedDay("NVDA", "^GSPC", DAY, None, 118.42, False, Window(abnormal=0.001), ())
    assert header(running) == "NVDA · Mon 27 Jan · 118.42  abnormal ▲0.10% (vs S&P 500)  so far"
    quiet = MovedDay("NVDA", "^GSPC", DAY, 100.0, 101.0, True, Window(0.01, 0.009, 0.001, 0.1), ())
    assert ("▲0.10%", "flat") in moved_header("NVDA", quiet)
    empty = MovedDay("NVDA", "^GSPC", DAY, None, None, True, Window(), ())
    assert header(empty) == "NVDA · Mon 27 Jan"
    assert header(None) == "NVDA · no price history stored yet"

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
from tracker.model.impact import AbnormalReturns, DayMove, Impact, MovedDay, Moves
from tracker.model.market import Move
from tracker.ui.widgets.format import benchmark_text, t_text
from tracker.ui.widgets.headline_row import RowMove, draw_row
from tracker.ui.widgets.impact_text import impact_paragraphs
from tracker.ui.widgets.moved_rows import PARTS, SHOWN, draw_moved_row, moved_header, moved_rows
from tracker.ui.widgets.row_move import KIND_WORDS, KINDS, MoveKind, kind_named, next_kind, row_move
from tracker.ui.widgets.spans import SPANS, next_span, span_named

NEW_YORK = ZoneInfo("America/New_York")
DAY = date(2025, 1, 27)
FITTED = AbnormalReturns(ar0=-0.13142, t0=-5.61, model="market")
FALL = Moves(day0=-0.1697)
QUIET_DAY = AbnormalReturns(ar0=0.004, t0=0.31, model="market")


def move(since: float | None = 0.008, age: int = 60, *, stale: bool = False) -> Move:
    return Move("NVDA", since, -0.1697, 118.42, NOW, 117.5, NOW, "post", "USD", "yahoo", stale, age)


def impact(
    moves: Moves = FALL,
    abnormal: AbnormalReturns = FITTED,
    value: float | None = -593e9,
    other: int = 0,
    *,
    old: bool = False,
) -> Impact:
    return Impact(1, "x", NOW, "NVDA", "^GSPC", DAY, None, None, old, moves, abnormal, value, other)


# -- the column ------------------------------------------------------------------------------
def test_the_key_goes_through_the_kinds_and_spans() -> None:
    assert [next_kind(kind) for kind in KINDS] == [*KINDS[1:], KINDS[0]]
    assert [kind_named(kind) for kind in KINDS] == list(KINDS)
    assert kind_named("day") == "since"
    assert set(KIND_WORDS) == set(KINDS)
    assert [next_span(span) for span in SPANS] == [*SPANS[1:], SPANS[0]]
    assert span_named("5 days") == "5 days"
    assert span_named("a year") == "2 days"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("since", RowMove(0.008, True)),
        ("day0", RowMove(-0.1697, True)),
        ("abnormal", RowMove(-0.13142)),
        ("dollars", RowMove(-593e9, is_dollars=True)),
    ],
)
def test_each_kind_takes_its_own_number(kind: MoveKind, expected: RowMove) -> None:
    assert row_move(kind, move(age=1801), impact(old=True)) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_what_days_without_news_bring_too_is_grey(kind: MoveKind) -> None:
    shown = row_move(kind, move(), impact(abnormal=QUIET_DAY))
    assert shown.is_flat
    assert draw_row(row(), 100, NOW, shown)[-2][1] == "flat"
    assert not row_move(kind, move(), impact()).is_flat


@pytest.mark.parametrize("kind", KINDS[1:])
def test_what_was_not_measured_shows_nothing(kind: MoveKind) -> None:
    assert row_move(kind, move(), None) == RowMove(None)
    nothing = impact(Moves(), AbnormalReturns(), None)
    assert row_move(kind, move(), nothing).value is None


def test_day_0_shows_what_it_did_so_far_while_it_runs() -> None:
    running = impact(Moves(since=0.5), FITTED)
    assert row_move("day0", move(0.008, stale=True), running) == RowMove(0.008, False, True)
    assert row_move("day0", move(0.008), impact(Moves(), AbnormalReturns(), -1e9)).value == 0.008


@pytest.mark.parametrize(
    ("value", "text", "part"),
    [(-593e9, "−$593bn", "down"), (1.2e9, "+$1.2bn", "up"), (0.0, "     $0", "flat"), (None, "       ", "flat")],
)
def test_dollars_have_a_sign_and_stand_to_the_right(value: float | None, text: str, part: str) -> None:
    shown = RowMove(value, is_dollars=True)
    assert draw_row(row(), 100, NOW, shown)[-2] == (f" {text}", part)
    assert cell_len(text_of(row(), 100, shown)) == 100


# -- the article ---------------------------------------------------------------------------------
def words(item: Impact) -> list[str]:
    return ["".join(span.text for span in paragraph) for paragraph in impact_paragraphs(item)]


def test_the_article_says_day_0_abnormal_value_and_what_else_there_was() -> None:
    assert words(impact(other=12)) == [
        "  day 0 ▼16.97%   abnormal ▼13.14% (t −5.61, vs S&P 500)   value −$593bn",
        "  12 articles of other stories about NVDA in the window: a move since it, not because of it",
    ]
    assert words(impact(other=1))[-1].startswith("  1 article of another story about NVDA")
    parts = [span.part for span in impact_paragraphs(impact(abnormal=QUIET_DAY))[0]]
    assert "flat" in parts
    assert not {"up", "down"} & set(parts)


def test_the_article_leaves_out_what_is_not_known() -> None:
    assert words(impact(Moves(), AbnormalReturns(), None)) == []
    adjusted = AbnormalReturns(ar0=0.02, n=30, model="market-adjusted")
    assert words(impact(Moves(), adjusted, None)) == [
        "  abnormal ▲2.00% (less S&P 500, too few sessions for a model) so far"
    ]
    assert words(impact(Moves(), AbnormalReturns(), 2e9)) == ["  value +$2.0bn"]
    assert words(impact(Moves(), AbnormalReturns(), 0.0)) == ["  value $0"]


def test_numbers_and_names() -> None:
    assert (t_text(-5.701), t_text(0.314)) == ("−5.70", "+0.31")
    assert (benchmark_text("^GSPC"), benchmark_text("XLK")) == ("S&P 500", "XLK")


# -- what moved it -----------------------------------------------------------------------------------
GAP = DayMove(NOW - timedelta(days=3), NOW - timedelta(hours=7), 142.62, 124.8, is_gap=True)
SLIDE = DayMove(NOW - timedelta(hours=2), NOW - timedelta(hours=1), 120.0, 118.0, interpolated=True)


def test_moves_and_what_was_published_before_them() -> None:
    many = tuple(row(f"Headline {n}", id=n, story_id=n, others=n % 2) for n in range(SHOWN + 3))
    rows = moved_rows([(GAP, many), (SLIDE, ()), (SLIDE, many[:1])])
    assert [one.headline is None for one in rows] == [True, *[False] * SHOWN, True, True, False]
    shown = ["".join(text for text, _ in draw_moved_row(one, 110, NEW_YORK)).rstrip() for one in rows]
    assert shown[0].startswith(" ▼12.49%  gap, Fri 16:16 to 09:16 ")
    assert shown[0].endswith(f"{SHOWN + 3} headlines published before, the newest {SHOWN}")
    assert shown[2].startswith("    ▸ Mon 16:12  Headline 1 ")
    assert shown[2].endswith("CNBC +1")
    assert shown[-3] == " ▼ 1.67%  14:16 to 15:16, interpolated          nothing published before"
    assert shown[-2].endswith("1 headline published before")


@given(width=st.integers(1, 160), kind=st.sampled_from([0, 1]), title=st.text(max_size=60))
def test_every_line_is_as_wide_as_asked(width: int, kind: int, title: str) -> None:
    one = moved_rows([(GAP, (row(title or "x"),))])[kind]
    pieces = draw_moved_row(one, width, NEW_YORK)
    assert sum(cell_len(text) for text, _ in pieces) == width
    assert {part for _, part in pieces} <= set(PARTS)


def header(day: MovedDay | None) -> str:
    return "".join(text for text, _ in moved_header("NVDA", day))


def test_the_header_says_what_is_known_of_the_day() -> None:
    day = MovedDay("NVDA", "^GSPC", DAY, 142.62, 118.42, True, -0.1697, -0.13142, -5.61, -593e9, ())
    assert header(day) == (
        "NVDA · Mon 27 Jan · 142.62 → 118.42  ▼16.97%  abnormal ▼13.14% (t −5.61 vs S&P 500)  −$593bn"
    )
    running = MovedDay("NVDA", "^GSPC", DAY, None, 118.42, False, None, 0.001, None, None, ())
    assert header(running) == "NVDA · Mon 27 Jan · 118.42  abnormal ▲0.10% (vs S&P 500)  so far"
    quiet = MovedDay("NVDA", "^GSPC", DAY, 100.0, 101.0, True, 0.01, 0.001, 0.1, None, ())
    assert ("▲0.10%", "flat") in moved_header("NVDA", quiet)
    empty = MovedDay("NVDA", "^GSPC", DAY, None, None, True, None, None, None, None, ())
    assert header(empty) == "NVDA · Mon 27 Jan"
    assert header(None) == "NVDA · no session is stored yet"

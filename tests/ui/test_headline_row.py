"""Rows fill their width exactly, whatever they hold."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.helpers.store import NOW
from tracker.model.article import Headline
from tracker.ui.widgets.headline_row import (
    NO_MOVE,
    PARTS,
    TOP_LEVEL,
    RowMove,
    RowPlace,
    _title,
    columns,
    draw_row,
    others_cells,
)
from tracker.ui.widgets.pieces import crop, fit

_TEXT = st.text(max_size=120) | st.sampled_from(
    [
        "英伟达市值一日蒸发近6000亿美元",
        "👨‍👩‍👧‍👦 family ❤️ heart 🇫🇷",
        "e\u0301" * 40,
        "アドバンテスト",
        "a" * 500,
        "\u200b" * 300,
    ]
)


def row(title: str = "Nvidia falls", **changes: object) -> Headline:
    values: dict[str, object] = {
        "id": 1, "title": title, "source": "CNBC", "published": NOW - timedelta(minutes=4), "first_seen": NOW,
        "read": False, "starred": False, "tags": (), "symbol": "NVDA", "base": None, "story_id": 1, "others": 0,
    }  # fmt: skip
    return Headline(**{**values, **changes})  # type: ignore[arg-type]  # names and types are those of the class


def text_of(headline: Headline, width: int, move: RowMove = NO_MOVE, place: RowPlace = TOP_LEVEL) -> str:
    return "".join(text for text, _ in draw_row(headline, width, NOW, move, place))


@given(
    _TEXT,
    _TEXT,
    st.integers(0, 200),
    st.lists(st.tuples(st.integers(-3, 130), st.integers(-3, 130)), max_size=4),
    st.booleans(),
    st.integers(0, 10_000),
    st.none() | st.floats(allow_nan=True, allow_infinity=True),
    st.builds(RowPlace, st.integers(0, 9), st.booleans(), st.booleans(), st.booleans()),
    st.booleans(),
    st.integers(0, 200),
)
def test_every_row_fills_exactly_its_width(
    title: str,
    source: str,
    width: int,
    marks: list[tuple[int, int]],
    read: bool,
    others: int,
    move: float | None,
    place: RowPlace,
    is_rewrite: bool,
    fresh: int,
) -> None:
    headline = row(
        title, source=source, marks=tuple(marks), read=read, others=others, starred=read, symbol=source[:9],
        is_rewrite=is_rewrite, fresh=fresh,
    )  # fmt: skip
    pieces = draw_row(headline, width, NOW, RowMove(move, is_stale=read), place)
    assert sum(cell_len(text) for text, _ in pieces) == width
    assert {part for _, part in pieces} <= set(PARTS)


@given(_TEXT, st.integers(-2, 60))
def test_cut_and_padded_text_has_exactly_its_width(text: str, width: int) -> None:
    for shape in (crop, fit, partial(fit, right=True)):
        assert cell_len(shape(text, width)) == max(0, width)


def test_a_row_of_90_cells() -> None:
    headline = row("Nvidia loses $593 billion in a day, the largest ever for a company", others=11, starred=True)
    assert text_of(headline, 90, RowMove(-0.1697)) == (
        "●★   4m Nvidia loses $593 billion in a day, the largest e… +11 CNBC        NVDA   ▼16.97% "
    )


def test_the_others_of_a_story_stand_under_the_one_that_leads_it() -> None:
    headline = row("Nvidia falls", others=11)
    lead, unfolded, under, deeper, deepest = (
        text_of(headline, 60, place=place)
        for place in (TOP_LEVEL, RowPlace(is_unfolded=True), RowPlace(1), RowPlace(2), RowPlace(30))
    )
    assert (lead[8:].split()[:3], unfolded[8:].split()[:3]) == (["Nvidia", "falls", "+11"], ["Nvidia", "falls", "▾11"])
    assert under[8:24] == "└ Nvidia falls  "
    assert deeper[8:24] == "  └ Nvidia falls"
    assert deepest[8:28] == "      └ Nvidia falls"
    assert "11" not in under + deeper + deepest
    cells = others_cells(60)
    assert lead[cells.start : cells.stop] == " +11"
    assert not others_cells(40)


@pytest.mark.parametrize(
    ("changes", "place", "shown"),
    [
        ({"is_rewrite": True}, RowPlace(1), "x…   ≡ CNBC"),
        ({"is_translation": True}, RowPlace(1), "x…   ≡ CNBC"),
        ({"is_rewrite": True, "others": 3}, RowPlace(2), "x…   ≡ CNBC"),
        ({"is_rewrite": True, "others": 3}, TOP_LEVEL, "x… ≡+3 CNBC"),
        ({"is_rewrite": True, "others": 3}, RowPlace(is_unfolded=True), "x… ≡▾3 CNBC"),
        ({"is_translation": True, "others": 11}, TOP_LEVEL, "x… ≡+11 CNBC"),
        ({"others": 11}, TOP_LEVEL, "xx… +11 CNBC"),
        ({}, TOP_LEVEL, "xx…     CNBC"),
    ],
)
def test_what_is_told_again_is_marked_and_the_columns_stay(
    changes: dict[str, object], place: RowPlace, shown: str
) -> None:
    text = text_of(row("x" * 99, **changes), 90, place=place)
    assert shown in text
    assert text.index("CNBC") == others_cells(90).stop + 1


def test_a_story_that_waits_to_be_joined_is_marked() -> None:
    marked = RowPlace(is_marked=True)
    assert text_of(row(read=True), 80, place=marked).startswith("◆ ")
    assert text_of(row(starred=True), 80, place=marked).startswith("◆★")
    assert text_of(row(), 1, place=marked) == "◆"


def test_the_source_has_more_room_on_wide_rows() -> None:
    assert [columns(width).source for width in (120, 90, 75, 60)] == [15, 12, 10, 0]


@pytest.mark.parametrize(("width", "gone"), [(71, "CNBC"), (55, " 4m"), (47, "+11"), (39, "NVDA"), (29, "▼16.97%")])
def test_columns_give_way_one_by_one_and_the_headline_last(width: int, gone: str) -> None:
    headline, move = row("Nvidia falls", others=11), RowMove(-0.1697)
    assert gone in text_of(headline, width + 1, move)
    assert gone not in text_of(headline, width, move)
    assert "Nvidia" in text_of(headline, width, move)


def test_moves_stand_on_one_decimal_point() -> None:
    ends = [text_of(row(), 80, RowMove(value)) for value in (-0.1697, 0.0191, 0.0, 1.234)]
    assert [end[-9:] for end in ends] == [" ▼16.97% ", " ▲ 1.91% ", "   0.00% ", " ▲  123% "]


def test_an_old_base_and_a_stale_price_are_marked() -> None:
    assert text_of(row(), 80, RowMove(-0.1, is_old_base=True)).endswith("▼10.00%*")
    assert text_of(row(), 80, RowMove(-0.1, is_stale=True)).endswith("▼10.00%~")
    parts = {part for _, part in draw_row(row(), 80, NOW, RowMove(0.1, is_stale=True))}
    assert "stale" in parts
    assert "up" not in parts
    assert text_of(row(), 80).endswith(" NVDA" + " " * 11)


def test_what_tags_matched_is_lit_also_where_the_title_is_cut() -> None:
    headline = row("Nvidia and DeepSeek and more", marks=((0, 6), (11, 19)))
    lit = [text for text, part in draw_row(headline, 90, NOW) if part == "mark"]
    assert lit == ["Nvidia", "DeepSeek"]
    cut = [text for text, part in draw_row(headline, 34, NOW) if part == "mark"]
    assert cut[0] == "Nvidia"
    read = [
        text for text, part in draw_row(row("Nvidia up", marks=((0, 6),), read=True), 90, NOW) if part == "read-mark"
    ]
    assert read == ["Nvidia"]


def test_unread_starred_and_read_rows_are_told_apart_without_colour() -> None:
    assert text_of(row(), 80).startswith("● ")
    assert text_of(row(starred=True), 80).startswith("●★")
    assert text_of(row(read=True), 80).startswith("  ")


def test_a_symbol_with_its_exchange_loses_it_where_there_is_no_room() -> None:
    assert " 005930 " in text_of(row(symbol="005930.KS"), 80)
    assert " 7203.T " in text_of(row(symbol="7203.T"), 80)
    assert "None" not in text_of(row(symbol=None), 80)


def test_joined_emoji_are_drawn_apart_as_terminals_disagree_on_their_width() -> None:
    family = row("👨\u200d👩\u200d👧 می\u200cخواهم", marks=((6, 9),))
    pieces = draw_row(family, 90, NOW)
    assert pieces[3:5] == [("👨\u200c👩\u200c👧 ", "title"), ("می\u200c", "mark")]


def test_a_mark_that_cuts_through_a_joined_emoji_is_left_unlit() -> None:
    family = "👍🏽🇫🇷❤\ufe0f Nvidia"
    pieces = draw_row(row(family, marks=((0, 1),)), 90, NOW)
    assert sum(cell_len(text) for text, _ in pieces) == 90
    for width in range(0, 90, 7):
        assert sum(cell_len(text) for text, _ in draw_row(row(family, marks=((0, 1), (2, 3))), width, NOW)) == width
    assert [part for _, part in draw_row(row("❤\ufe0f Nvidia", marks=((0, 1),)), 90, NOW)].count("mark") == 0


@pytest.mark.parametrize(
    ("value", "part", "text"),
    [(-5.93e11, "down", "−$593bn"), (3.1e10, "up", "+$31"), (0.0, "flat", "$0"), (None, "none", "")],
)
def test_moves_in_dollars(value: float | None, part: str, text: str) -> None:
    pieces = draw_row(row(symbol="NVDA"), 100, NOW, RowMove(value, is_dollars=True))
    assert any(found == part and text in drawn for drawn, found in pieces) or value is None


def test_a_title_that_is_lit_to_its_end_has_nothing_after() -> None:
    assert _title(row("Nvidia", marks=((0, 6),)), 6, is_read=False) == [("Nvidia", "mark")]


def test_a_stand_in_is_marked_and_a_number_shown_by_its_name_where_there_is_room() -> None:
    assert "›NVDA" in text_of(row(symbol="NVDA", share_tag="deepseek", is_stand_in=True), 100)
    korean = row(symbol="005930.KS", share_tag="samsung")
    for width in (92, 104, 120, 220):
        assert "samsung" in text_of(korean, width)
        assert "005930.KS" in text_of(row(symbol="005930.KS"), width)
        assert "ENR.DE" in text_of(row(symbol="ENR.DE", share_tag="siemens-energy"), width)
        assert "advanced-…" in text_of(row(symbol="2330.TW", share_tag="advanced-semiconductor"), width)
    for width in (40, 72, 91):
        assert "005930 " in text_of(korean, width)
        assert "ENR.DE" in text_of(row(symbol="ENR.DE"), width)


def test_a_lead_says_how_many_reports_came_since_it_was_read() -> None:
    again = row(read=True, others=4, fresh=3)
    assert text_of(again, 60).startswith("●    4m ▲3 new Nvidia falls")
    assert [part for text, part in draw_row(again, 60, NOW) if "Nvidia" in text] == ["title"]
    assert "▲" not in text_of(again, 30)  # the headline comes first where there is no room for both
    under = text_of(row(read=True, fresh=3), 60, place=RowPlace(depth=1))
    assert under.startswith(" ")
    assert "new" not in under


def test_a_row_without_a_date_from_the_archive_of_a_feed_has_no_age() -> None:
    archived = row(published=None, at_latest=NOW - timedelta(days=1))
    assert text_of(archived, 60).startswith("●     – Nvidia falls")
    assert text_of(row(published=None), 60).startswith("●   now Nvidia falls")  # it came with this sync


def test_in_the_order_of_sources_a_lead_says_how_many_it_has() -> None:
    told = row(others=4, sources=3)
    assert text_of(told, 60).count(" +4 ") == 1
    by_sources = RowPlace(is_by_sources=True)
    assert "   3 " in text_of(told, 60, place=by_sources)
    assert "+" not in text_of(told, 60, place=by_sources)
    assert "  ▾3 " in text_of(told, 60, place=RowPlace(is_by_sources=True, is_unfolded=True))
    assert "   1 " in text_of(row(), 60, place=by_sources)
    assert "3" not in text_of(told, 60, place=RowPlace(depth=1, is_by_sources=True))

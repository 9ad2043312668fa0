"""The four formats."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tracker.cli.output import Cell, Column, Format, Layout, Record, Screen, to_json, write, write_table
from tracker.words.money import dollars_text
from tracker.words.moves import t_text
from tracker.words.shares import share_text


def _cells(item: Record) -> list[Cell]:
    return [Cell(item["name"], "dim"), Cell(str(item["n"]), "up"), Cell(item["text"])]


LAYOUT: Layout[Record] = Layout(
    columns=(Column("name", least=4), Column("n", right=True), Column("text", least=5)),
    cells=_cells,
    record=lambda item: item,
    row=lambda item: item,
    fields=("name", "n", "text"),
)
ITEMS: list[Record] = [
    {"name": "one", "n": 1, "text": "plain"},
    {"name": "英伟达", "n": 22, "text": "=cmd|' /C calc'!A0, \"x\"\nsecond"},
]


def written(form: Format, items: list[Record] = ITEMS, screen: Screen | None = None) -> str:
    """Return what is written of some things."""
    out = io.StringIO()
    write(iter(items), LAYOUT, form, out, screen or Screen())
    return out.getvalue()


def test_the_table_stands_in_columns_of_cells() -> None:
    assert written("table").splitlines() == [
        "name     n  text",
        "one      1  plain",
        "英伟达  22  =cmd|' /C calc'!A0, \"x\" second",
    ]
    assert written("table", []) == ""


@pytest.mark.parametrize("width", [16, 20, 40])
def test_a_table_is_cut_from_the_right(width: int) -> None:
    lines = written("table", screen=Screen(width=width)).splitlines()
    assert all(len(line) <= width for line in lines)
    assert lines[1] == "one      1  plain" if width > 16 else lines[1].startswith("one")


def test_a_column_that_may_leave_does_so_before_a_line_wraps() -> None:
    out = io.StringIO()
    columns = (Column("name"), Column("n", right=True, leaves=1), Column("text", least=5))
    write_table(columns, [_cells(item) for item in ITEMS], out, Screen(width=13))
    assert out.getvalue().splitlines() == ["name    text", "one     plain", "英伟达  =cmd…"]


def test_a_table_that_cannot_be_cut_further_is_wider_than_the_screen() -> None:
    assert written("table", screen=Screen(width=3)).splitlines()[2] == "英…   22  =cmd…"


def test_colour_is_only_for_screens_that_have_it() -> None:
    assert "\x1b" not in written("table")
    green = written("table", screen=Screen(has_colour=True))
    assert "\x1b[32m 1\x1b[0m" in green
    assert "\x1b[31m 1\x1b[0m" in written("table", screen=Screen(has_colour=True, red_up=True))


def test_a_screen_of_few_characters_gets_few() -> None:
    items: list[Record] = [{"name": "▲ up…", "n": 1, "text": "x"}]
    assert written("table", items, Screen(is_unicode=False)).splitlines()[1] == "+ up~  1  x"
    assert written("jsonl", items, Screen(is_unicode=False)).isascii()
    texts = (dollars_text(-593e9), share_text("NVDA", is_stand_in=True), t_text(-5.7))
    signs: list[Record] = [{"name": text, "n": 1, "text": "x"} for text in texts]
    shown = written("table", signs, Screen(is_unicode=False))
    assert [line.split()[0] for line in shown.splitlines()[1:]] == ["-$593bn", ">NVDA", "-5.70"]


def test_json_is_one_list_and_lines_are_one_object_each() -> None:
    assert json.loads(written("json")) == ITEMS
    assert [json.loads(line) for line in written("jsonl").splitlines()] == ITEMS
    assert written("json", []) == "[]\n"
    assert written("jsonl", []) == ""


def test_csv_is_read_back_and_runs_nothing_in_a_spreadsheet() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv"))))
    assert rows[0] == {"name": "one", "n": "1", "text": "plain"}
    assert rows[1]["text"] == "'=cmd|' /C calc'!A0, \"x\"\nsecond"
    assert written("csv", [{"name": "", "n": None, "text": True}]).splitlines()[1] == ",,true"
    assert written("csv", [{"name": "", "n": -0.5, "text": ""}]).splitlines()[1] == ",-0.5,"


def test_what_json_cannot_say_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json({"x": float("nan")})


def test_json_holds_nothing_that_a_terminal_obeys_and_loses_nothing() -> None:
    text = "a\x7f\x9b\u202e\u200b\u2028\ud800\x1b"
    line = to_json({"x": text})
    assert line.isprintable()
    assert json.loads(line) == {"x": text}

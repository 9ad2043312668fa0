"""What a start leaves for later, and does once only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

from tests.helpers.ui import press, until
from tests.helpers.window import numbered, open_window, store
from tracker.ui import app as app_module
from tracker.ui.screens.help import HelpScreen
from tracker.ui.widgets.drawn_lines import is_alike

LATER = ("json", "tracker.store.write", "tracker.prices.measure", "tracker.ui.screens.brief")


def test_importing_the_window_leaves_what_the_first_screen_does_not_need() -> None:
    code = f"import sys, tracker.ui.app, tracker.ui.launch; print(*set({LATER!r}).intersection(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == []


def test_the_first_sync_can_begin_before_the_window_is_loaded() -> None:
    code = "import sys, tracker.ui.launch as launch; sys.exit('textual' in sys.modules or not launch.sync_early)"
    subprocess.run([sys.executable, "-c", code], timeout=60, check=True)


async def test_the_styles_of_a_widget_are_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[str | None] = []
    apply = Stylesheet.apply

    def noted(sheet: Stylesheet, node: DOMNode, **options: Any) -> None:
        found.append(node.id)
        apply(sheet, node, **options)

    monkeypatch.setattr(Stylesheet, "apply", noted)
    store(tmp_path, numbered(3))
    async with open_window(tmp_path, rows=3):
        assert {name: found.count(name) for name in ("side", "article", "watch")} == {
            "side": 1,
            "article": 1,
            "watch": 1,
        }


async def test_the_styles_of_pages_are_read_after_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[object] = []
    reparse = Stylesheet.reparse

    def noted(sheet: Stylesheet) -> None:
        parsed.append(sheet)
        reparse(sheet)

    store(tmp_path, numbered(3))
    pages = str(Path(app_module.__file__).parent / "screens" / "pages.tcss")
    monkeypatch.setattr(app_module, "_AFTER_START_SECONDS", 0.01)
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await until(pilot, lambda: app.stylesheet.has_source(pages), "the styles of pages")
        monkeypatch.setattr(Stylesheet, "reparse", noted)
        await press(pilot, "question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen), "the help")
        assert app.screen.query_one("#help").styles.border.top[0] == "round"
        assert parsed == []


async def test_a_page_before_that_brings_its_styles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_module, "_AFTER_START_SECONDS", 600.0)
    store(tmp_path, numbered(3))
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await press(pilot, "question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen), "the help")
        assert app.screen.query_one("#help").styles.border.top[0] == "round"


GREY, BLUE = Color.parse("#303030"), Color.parse("#203040")


@pytest.mark.parametrize(
    ("style", "looks_alike"),
    [
        (Style(color="red", bgcolor=GREY), True),
        (Style(color="red", bgcolor=GREY, bold=True, italic=True), True),
        (Style(color="red", bgcolor=BLUE), False),
        (Style(color="red", bgcolor=GREY, underline=True), False),
        (Style(color="red", bgcolor=GREY, reverse=True), False),
        (Style(color="red"), False),
    ],
)
def test_blanks_go_with_the_text_before_them_where_they_look_the_same(style: Style, looks_alike: bool) -> None:
    assert is_alike(style, Segment("text", Style(color="green", bgcolor=GREY))) is looks_alike


def test_blanks_without_a_background_go_together() -> None:
    assert is_alike(Style(color="red"), Segment("text", Style(color="green")))
    assert not is_alike(Style(color="red"), Segment("text", Style(color="green", underline=True)))

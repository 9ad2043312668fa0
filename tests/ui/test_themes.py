"""The colours of a move can be read under every theme, and told apart by colour-blind eyes."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import partial
from itertools import combinations
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.color import Color
from textual.strip import Strip
from textual.theme import BUILTIN_THEMES, Theme
from textual.widgets import OptionList, Static

from tests.helpers.ui import NARROW, press, screen_strips, screen_text, settle, until
from tests.helpers.window import open_window
from tracker.ui import app as app_module
from tracker.ui import themes

ALL = {**BUILTIN_THEMES, themes.DARK.name: themes.DARK, themes.LIGHT.name: themes.LIGHT}
TRUE_COLOR = sorted(name for name, theme in ALL.items() if not theme.ansi)
# Viénot, Brettel and Mollon 1999: what a dichromat sees, on linear RGB.
DICHROMATS = {
    "protanopia": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deuteranopia": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}


class ThemedApp(App[None]):
    """One line in the colour of a rise."""

    CSS = "#up { color: $tracker-up; background: $tracker-cursor; } #down { color: $tracker-down; }"

    def __init__(self, *, red_up: bool) -> None:
        self.red_up = red_up
        super().__init__()
        for theme in ALL.values():
            self.register_theme(themes.fitted(theme, red_up=red_up))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.variable_defaults(self.red_up)

    def compose(self) -> ComposeResult:
        yield Static("up", id="up")
        yield Static("down", id="down")


def linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of linear sRGB."""
    red, green, blue = (min(1.0, max(0.0, part)) for part in rgb)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen(name: str, matrix: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    parts = [linear(part) for part in Color.parse(name).normalized]
    return lab(tuple(sum(a * b for a, b in zip(row, parts, strict=True)) for row in matrix))


def independent_contrast(one: str, other: str) -> float:
    light = [
        0.2126 * linear(color.normalized[0])
        + 0.7152 * linear(color.normalized[1])
        + 0.0722 * linear(color.normalized[2])
        for color in (Color.parse(one), Color.parse(other))
    ]
    return (max(light) + 0.05) / (min(light) + 0.05)


@pytest.mark.parametrize("name", TRUE_COLOR)
def test_colors_are_legible(name: str) -> None:
    theme = ALL[name]
    colors = themes.theme_colors(theme, red_up=False)
    assert set(colors) == set(themes.VARIABLES)
    system = theme.to_color_system().generate()
    for variable in themes.TEXT_VARIABLES:
        for behind in (system["surface"], system["background"], system["panel"], colors["tracker-cursor"]):
            assert independent_contrast(colors[variable], behind) >= 4.5, (variable, behind)


@pytest.mark.parametrize("name", TRUE_COLOR)
@pytest.mark.parametrize("kind", DICHROMATS)
def test_up_and_down_are_told_apart_by_colour_blind_eyes(name: str, kind: str) -> None:
    colors = themes.theme_colors(ALL[name], red_up=False)
    up, down = (seen(colors[variable], DICHROMATS[kind]) for variable in ("tracker-up", "tracker-down"))
    assert math.dist(up, down) > 25  # 2.3 is just noticeable


@pytest.mark.parametrize("theme", [themes.DARK, themes.LIGHT], ids=lambda theme: theme.name)
def test_own_themes_read_well(theme: Theme) -> None:
    system = theme.to_color_system().generate()
    for behind in ("surface", "background", "panel"):
        assert independent_contrast(system["foreground"], system[behind]) >= 7


def test_contrast_is_that_of_the_standard() -> None:
    assert themes.contrast(Color.parse("white"), Color.parse("black")) == pytest.approx(21)
    assert themes.contrast(Color.parse("#777777"), Color.parse("white")) == pytest.approx(4.478, abs=0.001)


def test_red_up_swaps_and_changes_nothing_else() -> None:
    for theme in ALL.values():
        usual, swapped = (themes.theme_colors(theme, red_up=red_up) for red_up in (False, True))
        assert (usual["tracker-up"], usual["tracker-down"]) == (swapped["tracker-down"], swapped["tracker-up"])
        assert {name for name in usual if usual[name] != swapped[name]} == {"tracker-up", "tracker-down"}


def test_an_impossible_theme_gets_the_end_of_the_scale() -> None:
    grey = Theme(name="grey", primary="#808080", background="#000000", surface="#ffffff", dark=True)
    assert themes.theme_colors(grey, red_up=False)["tracker-flat"] == "#FFFFFF"


def test_ansi_themes_take_the_palette_of_the_terminal() -> None:
    for name in ("ansi-dark", "ansi-light"):
        assert all(value.startswith("ansi_") for value in themes.theme_colors(ALL[name], red_up=False).values())


async def test_every_theme_of_an_app_has_its_own_colours() -> None:
    app = ThemedApp(red_up=True)
    async with app.run_test() as pilot:
        for one, other in combinations(("tracker-dark", "textual-light", "nord"), 2):
            shown = []
            for name in (one, other):
                app.theme = name
                await pilot.pause()
                expected = themes.theme_colors(ALL[name], red_up=True)
                assert app.query_one("#up").styles.color.hex6 == expected["tracker-up"]
                assert app.query_one("#up").styles.background.hex6 == expected["tracker-cursor"]
                assert app.query_one("#down").styles.color.hex6 == expected["tracker-down"]
                shown.append(expected["tracker-up"])
            assert shown[0] != shown[1]


async def test_themes_that_were_never_registered_have_colours_too() -> None:
    app = ThemedApp(red_up=False)
    app.register_theme(Theme(name="late", primary="#336699"))
    async with app.run_test() as pilot:
        app.theme = "late"
        await pilot.pause()
        assert app.query_one("#up").styles.color.hex6 == themes.variable_defaults(False)["tracker-up"]


def test_a_theme_keeps_what_it_chose() -> None:
    chosen = themes.fitted(replace(themes.DARK, variables={"tracker-up": "#ffffff"}), red_up=True).variables
    assert chosen["tracker-up"] == "#ffffff"
    assert chosen["tracker-down"] == themes.theme_colors(themes.DARK, red_up=True)["tracker-down"]


def is_cursor(app: App[None], colors: dict[str, str]) -> bool:
    style = app.screen.query_one(OptionList).get_component_styles("option-list--option-highlighted")
    return style.background.hex6 == colors["tracker-cursor"]


@pytest.mark.slow
async def test_the_chosen_line_of_a_dialog_looks_like_that_of_the_lists(tmp_path: Path) -> None:
    async with open_window(tmp_path, size=NARROW) as (app, pilot):
        for name in ("textual-light", "tracker-dark"):
            app.theme = name
            await settle(pilot)
            await pilot.press("ctrl+p")
            await until(pilot, lambda: bool(app.screen.query(OptionList)), "the palette")
            await until(pilot, partial(is_cursor, app, themes.theme_colors(ALL[name], red_up=False)), "its colour")
            await pilot.press("escape")


async def test_a_theme_gets_its_colours_when_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[str] = []
    real = themes.fitted

    def noted(theme: Theme, *, red_up: bool) -> Theme:
        used.append(theme.name)
        return real(theme, red_up=red_up)

    monkeypatch.setattr(themes, "fitted", noted)
    # Not 0: Textual divides by it, and whether a window then ends with that error depends on when garbage is collected.
    monkeypatch.setattr(app_module, "_AFTER_START_SECONDS", 0.01)
    pages = str(Path(app_module.__file__).parent / "screens" / "pages.tcss")
    async with open_window(tmp_path) as (app, pilot):
        await until(pilot, lambda: app.stylesheet.has_source(pages), "what is done after the start")
        first = app.theme
        assert used == [first]
        app.theme = "nord"
        await settle(pilot)
        assert used == [first, "nord"]
        assert app.theme_variables["tracker-up"] == themes.theme_colors(ALL["nord"], red_up=False)["tracker-up"]


def weakest(strip: Strip) -> float:
    """The contrast of the least legible word of a line; the letter under the cursor of a field is no word."""
    styles = [segment.style for segment in strip if segment.style and re.search(r"[a-z]", segment.text)]
    pairs = [(one.color, one.bgcolor) for one in styles if one.color is not None and one.bgcolor is not None]
    return min(independent_contrast(*(Color.from_rich_color(one).hex for one in pair)) for pair in pairs)


@pytest.mark.parametrize("name", [themes.LIGHT.name, pytest.param(themes.DARK.name, marks=pytest.mark.slow)])
async def test_an_empty_field_and_the_selected_row_of_the_palette_are_legible(tmp_path: Path, name: str) -> None:
    async with open_window(tmp_path, size=NARROW) as (app, pilot):
        app.theme = name
        for key, text, below in (
            ("slash", "newer:2d", 0),
            ("colon", "earch for commands", 0),
            ("n", "Next unread article", 1),
        ):
            await press(pilot, key, shows=text)
            await settle(pilot)
            row = next(n for n, line in enumerate(screen_text(app).splitlines()) if text in line)
            assert weakest(screen_strips(app)[row + below]) >= 4.5, text
            if key == "slash":
                await pilot.press("escape")

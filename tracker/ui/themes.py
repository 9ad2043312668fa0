"""Colours of the window: two themes, and colours for moves adapted to every other theme."""

from __future__ import annotations

from dataclasses import replace

from textual.color import Color
from textual.theme import Theme

CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3 (AA): text against what is behind it."""
TEXT_VARIABLES = (
    *("tracker-up", "tracker-down", "tracker-flat", "tracker-muted", "tracker-mark"),
    *("tracker-accent", "tracker-warning"),
)
VARIABLES = (*TEXT_VARIABLES, "tracker-cursor")

# Blue-green against orange-red: these two stay apart for the common kinds of colour blindness, green and red do not.
_RISE = "#1fae9b"
_FALL = "#e8663d"
# Where the two go when a theme needs them lighter or darker. Towards white or black both lose their hue, and under
# protanopia they end 11 apart (CIE 1976) on the lighter dark themes; so they keep at least 31.
_PALE = ("#8ff2ff", "#ffcf8f")
_DEEP = ("#003a4a", "#5a1c00")
_FLAT = "#8b95a3"
_MUTED = "#8791a0"
_MARK = "#d9a521"

DARK = Theme(
    name="tracker-dark",
    primary="#5b9bd5",
    secondary="#7fa7c9",
    accent="#d9a521",
    warning="#d9a521",
    error="#e8663d",
    success="#1fae9b",
    foreground="#d5dae1",
    background="#14181d",
    surface="#191e24",
    panel="#232a32",
    dark=True,
)
LIGHT = Theme(
    name="tracker-light",
    primary="#2b6cb0",
    secondary="#4a6f94",
    accent="#8a6100",
    warning="#8a6100",
    error="#b23c12",
    success="#0b6e62",
    foreground="#22292f",
    background="#f4f3ef",
    surface="#faf9f6",
    panel="#e6e4dd",
    dark=False,
)


def fitted(theme: Theme, *, red_up: bool) -> Theme:
    """Return a theme with `VARIABLES`; a theme's own choice stays. It takes 4 ms."""
    return replace(theme, variables={**theme_colors(theme, red_up=red_up), **theme.variables})


def variable_defaults(red_up: bool) -> dict[str, str]:
    """Return the theme variables for `App.get_theme_variable_defaults`: what a theme that `register` never saw gets."""
    return theme_colors(DARK, red_up=red_up)


def theme_colors(theme: Theme, *, red_up: bool) -> dict[str, str]:
    """Return `VARIABLES` for one theme: each legible (4.5:1) on its surface, background, panel and cursor row.

    Themes that take the terminal's own palette get names of that palette.
    """
    if theme.ansi:
        rise, fall = "ansi_cyan", "ansi_bright_red" if theme.dark else "ansi_red"  # red on black is below 4.5:1
        colors = {
            "tracker-flat": "ansi_default",
            "tracker-muted": "ansi_bright_black" if theme.dark else "ansi_default",
            "tracker-mark": "ansi_yellow" if theme.dark else "ansi_blue",
            "tracker-accent": "ansi_cyan" if theme.dark else "ansi_blue",
            "tracker-warning": "ansi_yellow" if theme.dark else "ansi_red",
            "tracker-cursor": "ansi_default",  # its row is in reverse
        }
    else:
        system = theme.to_color_system().generate()
        surface, background = Color.parse(system["surface"]), Color.parse(system["background"])
        cursor = surface.blend(Color.parse(system["primary"]), 0.16)
        behind = (surface, background, Color.parse(system["panel"]), cursor)
        ends = ("white", *_PALE) if theme.dark else ("black", *_DEEP)
        rise, fall = _legible(_RISE, ends[1], behind), _legible(_FALL, ends[2], behind)
        colors = {
            "tracker-flat": _legible(_FLAT, ends[0], behind),
            "tracker-muted": _legible(_MUTED, ends[0], behind),
            "tracker-mark": _legible(_MARK, ends[0], behind),
            # The theme's own, fitted: on its panel the accent of 12 of 21 themes is below the ratio, one at 1.3.
            "tracker-accent": _legible(system["accent"], ends[0], behind),
            "tracker-warning": _legible(system["warning"], ends[0], behind),
            "tracker-cursor": cursor.hex6,
        }
    up, down = (fall, rise) if red_up else (rise, fall)
    return {"tracker-up": up, "tracker-down": down, **colors}


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2: relative luminance over sRGB)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _legible(name: str, end: str, behind: tuple[Color, ...]) -> str:
    """Blend a colour towards `end`, in steps of 2%, until it contrasts with every background."""
    color, limit = Color.parse(name), Color.parse(end)
    shades = [Color.parse(color.blend(limit, step / 50).hex6) for step in range(51)]
    legible = (shade for shade in shades if all(contrast(shade, each) >= CONTRAST for each in behind))
    return next(legible, limit).hex6

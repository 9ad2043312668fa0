"""Take the pictures and the recording of the README from the demo.

Run as `python -m docs.pictures`. It needs Pillow (`pip install -e '.[pictures]'`) and two fonts, DejaVu Sans Mono and
WenQuanYi Zen Hei (`apt-get install fonts-dejavu-core fonts-wqy-zenhei`). Each cell of the screen is drawn on its own,
so that columns line up whatever the fonts do; the SVG that Textual exports loses its blanks in some viewers.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from rich.cells import cell_len
from rich.style import Style
from textual.pilot import Pilot

from tests.helpers.ui import screen_strips, screen_text, settle, until
from tracker.config.load import load_config
from tracker.demo.clock import ReplayClock
from tracker.demo.config import HEADLESS_NOW, demo_config_text
from tracker.demo.estimates import store_estimates
from tracker.demo.price_paths import LABEL
from tracker.demo.server import DemoServer
from tracker.ui.app import TrackerApp

FOLDER = Path(__file__).parent / "screenshots"
MOMENT = datetime(2025, 1, 27, 14, 41, tzinfo=UTC)
"""09:41 in New York: eleven minutes after the open, Nvidia 12 % down."""
RECORDED = timedelta(minutes=15)
"""How long before `MOMENT` the recording begins, at a minute a second."""
FONTS = {
    "plain": "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
    "bold": "/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf",
    "wide": "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
}
FOREGROUND, BACKGROUND = (224, 224, 224), (18, 18, 18)
BRAILLE = (
    (0, 0, 0x01),
    (0, 1, 0x02),
    (0, 2, 0x04),
    (1, 0, 0x08),
    (1, 1, 0x10),
    (1, 2, 0x20),
    (0, 3, 0x40),
    (1, 3, 0x80),
)
"""Column, row and bit of each dot."""
EIGHTHS = "▁▂▃▄▅▆▇█"


@cache
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """Return a font of `FONTS`; `size` in pixels."""
    return ImageFont.truetype(FONTS[name], size)


def draw_screen(app: TrackerApp, cell: tuple[int, int]) -> Image.Image:
    """Return the screen as it is now; `cell` is the width and height of a character in pixels."""
    wide, high = cell
    strips = screen_strips(app)
    image = Image.new("RGB", (max(strip.cell_length for strip in strips) * wide, len(strips) * high), BACKGROUND)
    draw = ImageDraw.Draw(image)
    for row, strip in enumerate(strips):
        column = 0
        for segment in strip:
            style = segment.style or Style.null()
            ink, paper = _colors(style)
            cells = cell_len(segment.text)
            if not cells:
                continue
            left, top = column * wide, row * high
            draw.rectangle((left, top, left + cells * wide - 1, top + high - 1), fill=paper)
            for character in segment.text:
                _draw_character(draw, character, (column * wide, top), cell, ink, bool(style.bold))
                column += cell_len(character)
            if style.underline:
                draw.line((left, top + high - 2, column * wide - 1, top + high - 2), fill=ink)
    return image


def _colors(style: Style) -> tuple[tuple[int, ...], tuple[int, ...]]:
    ink = tuple(style.color.get_truecolor()) if style.color and not style.color.is_default else FOREGROUND
    paper = tuple(style.bgcolor.get_truecolor()) if style.bgcolor and not style.bgcolor.is_default else BACKGROUND
    return (paper, ink) if style.reverse else (ink, paper)


def _draw_character(
    draw: ImageDraw.ImageDraw,
    character: str,
    place: tuple[int, int],
    cell: tuple[int, int],
    ink: tuple[int, ...],
    is_bold: bool,
) -> None:
    (left, top), (wide, high) = place, cell
    code = ord(character)
    if character.isspace():
        return
    if 0x2800 <= code <= 0x28FF:
        for x, y, bit in BRAILLE:
            if (code - 0x2800) & bit:
                middle_x, middle_y = left + wide * (2 * x + 1) / 4, top + high * (2 * y + 1) / 8
                draw.ellipse((middle_x - 1.2, middle_y - 1.2, middle_x + 1.2, middle_y + 1.2), fill=ink)
    elif character in EIGHTHS:
        filled = round(high * (EIGHTHS.index(character) + 1) / 8)
        draw.rectangle((left, top + high - filled, left + wide - 1, top + high - 1), fill=ink)
    elif cell_len(character) == 2:
        draw.text((left + wide, top + high / 2), character, ink, font("wide", round(high * 0.8)), anchor="mm")
    else:
        # "ls": from the left, on the base line, as the letters of one row share it.
        draw.text(
            (left, top + round(high * 0.76)), character, ink, font("bold" if is_bold else "plain", _size(cell)), "ls"
        )


@cache
def _size(cell: tuple[int, int]) -> int:
    return max(size for size in range(6, 64) if font("plain", size).getlength("m") <= cell[0] + 0.25)


@asynccontextmanager
async def demo_window(
    clock: ReplayClock, size: tuple[int, int], query: str = ""
) -> AsyncIterator[tuple[TrackerApp, Pilot[None]]]:
    """Open the demo and wait for its first headlines; `size` in columns and rows."""
    with tempfile.TemporaryDirectory() as home, DemoServer(clock) as server:
        config, db = Path(home) / "feeds.toml", Path(home) / "demo.db"
        config.write_text(demo_config_text(server.base_url), encoding="utf-8")
        store_estimates(db)
        app = TrackerApp(
            config=load_config(config), db=db, state_dir=Path(home), clock=clock, demo=clock, label=LABEL, query=query
        )
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: "synced " in screen_text(app) and not app.main.view.is_syncing, "the first sync")
            await until(pilot, lambda: _all_shown(app), "every headline")
            yield app, pilot


def _all_shown(app: TrackerApp) -> bool:
    main = app.main
    return len(main.widgets.headlines.window.leads) == len(
        main.reads.reader.stories.leads(main.view.scope.query(), main.view.clock())
    )


async def take_pictures() -> None:
    """Save the window at `MOMENT`, and what moved Nvidia as it looked after the close."""
    for name, moment, size, query, keys in (
        ("window", MOMENT, (160, 40), "", "gjjjj"),
        ("what-moved", HEADLESS_NOW, (140, 36), "about:nvidia", "gw"),
    ):
        clock = ReplayClock(moment, 60.0, time.monotonic)
        clock.pause()
        async with demo_window(clock, size, query) as (app, pilot):
            await pilot.press(*keys)
            await asyncio.sleep(1)  # the article follows the cursor a moment later
            await settle(pilot)
            draw_screen(app, (10, 20)).quantize(64).save(FOLDER / f"{name}.png", optimize=True)


async def record() -> None:
    """Save the quarter of an hour before `MOMENT` and a look at what moved the share as an animation."""
    frames: list[tuple[Image.Image, int]] = []
    clock = ReplayClock(MOMENT - RECORDED, 60.0, time.monotonic, end=MOMENT)
    clock.pause()
    async with demo_window(clock, (120, 30)) as (app, pilot):

        async def take(milliseconds: int) -> None:
            await settle(pilot)
            frames.append((draw_screen(app, (7, 14)), milliseconds))

        await take(1500)
        clock.resume()
        began = time.monotonic()
        while clock() < MOMENT:
            await asyncio.sleep(0.5)
            await take(500)
        print(f"recorded in {time.monotonic() - began:.0f} s", file=sys.stderr)
        await pilot.press("g")
        await take(1500)
        for key, milliseconds in (
            ("j", 400),
            ("j", 400),
            ("j", 400),
            ("j", 1800),
            ("x", 1800),
            ("t", 1500),
            ("t", 1500),
            ("w", 4000),
        ):
            await pilot.press(key)
            await asyncio.sleep(0.5)  # the article follows the cursor a moment later
            await take(milliseconds)
    palette = frames[-4][0].quantize(48, dither=Image.Dither.NONE)
    first, *others = (frame.quantize(48, palette=palette, dither=Image.Dither.NONE) for frame, _ in frames)
    durations = [milliseconds for _, milliseconds in frames]
    first.save(
        FOLDER / "demo.gif", save_all=True, append_images=others, duration=durations, loop=0, optimize=True, disposal=1
    )


def main() -> int:
    """Take everything anew."""
    FOLDER.mkdir(exist_ok=True)
    asyncio.run(take_pictures())
    asyncio.run(record())
    return 0


if __name__ == "__main__":
    sys.exit(main())

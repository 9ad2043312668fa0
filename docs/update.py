"""Rewrite what the documentation takes from the program: the tables of the README and the pictures of the window.

Run as `python -m docs.update`; with `--check` it changes nothing and fails when a table of the README is out of date.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from pathlib import Path

from tracker.model.query import FIELDS

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PICTURES = {"wide": (160, 45), "narrow": (80, 24)}


def field_table() -> str:
    """Return the fields of the query language as a Markdown table."""
    return "| field | finds |\n|---|---|\n" + "".join(f"| `{name}:` | {text} |\n" for name, text in FIELDS.items())


def with_tables(text: str) -> str:
    """Return a README with its generated tables as they should be."""
    from tracker.ui.commands import key_table

    for name, table in {"keys": key_table(), "fields": field_table()}.items():
        block = f"<!-- {name} -->\n\n{table.strip()}\n\n<!-- /{name} -->"
        text = re.sub(rf"<!-- {name} -->.*?<!-- /{name} -->", lambda _, block=block: block, text, flags=re.DOTALL)
    return text


async def take_pictures(folder: Path) -> None:
    """Draw the window on the replay, after the close of 27 January 2025, and save what a terminal would show."""
    from tests.helpers.ui import settle, until
    from tracker.config.load import load_config
    from tracker.demo.clock import ReplayClock
    from tracker.demo.config import HEADLESS_NOW, demo_config_text
    from tracker.demo.estimates import store_estimates
    from tracker.demo.prices import LABEL
    from tracker.demo.server import DemoServer
    from tracker.ui.app import TrackerApp

    def all_shown(app: TrackerApp) -> bool:
        main = app.main
        return len(main.headlines.window.leads) == len(main.reader.list_stories(main.scope.query(), clock()))

    clock = ReplayClock(HEADLESS_NOW, 1.0, time.monotonic)
    clock.pause()
    for name, size in PICTURES.items():
        with tempfile.TemporaryDirectory() as home, DemoServer(clock) as server:
            path = Path(home) / "feeds.toml"
            path.write_text(demo_config_text(server.base_url), encoding="utf-8")
            store_estimates(Path(home) / "t.db")
            app = TrackerApp(
                config=load_config(path),
                db=Path(home) / "t.db",
                state_dir=Path(home),
                clock=clock,
                demo=clock,
                label=LABEL,
            )
            async with app.run_test(size=size) as pilot:
                await until(
                    pilot, lambda app=app: bool(app.main.last_sync) and not app.main.is_syncing, "the first sync"
                )
                await until(pilot, lambda app=app: all_shown(app), "every row")
                await pilot.press("g", "j")  # from wherever the cursor went with the rows that came in
                await settle(pilot)
                svg = app.export_screenshot(title="tracker demo")
            (folder / f"{name}.svg").write_text(svg, encoding="utf-8")


def main() -> int:
    """Update everything, or only check the README."""
    text = README.read_text(encoding="utf-8")
    fresh = with_tables(text)
    if "--check" in sys.argv:
        if fresh != text:
            print("README.md: its tables are out of date; run python -m docs.update", file=sys.stderr)
        return int(fresh != text)
    README.write_text(fresh, encoding="utf-8")
    folder = ROOT / "docs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(take_pictures(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())

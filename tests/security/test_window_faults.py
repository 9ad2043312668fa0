"""A database that breaks while the window is open: every key answers, with the reason in the status line."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.browser import no_browser
from tests.helpers.store import about, article, fill, raw
from tests.helpers.ui import screen_text, until
from tests.helpers.window import open_window
from tracker.model.commands import COMMANDS, split_keys
from tracker.store.write import Writer
from tracker.ui.app import TrackerApp

_ENDS = {"app.quit"}
_KEYS = [(command.id, split_keys(command.keys)[0]) for command in COMMANDS if command.id not in _ENDS]
_BESIDE = ("-wal", "-shm")


def _overwritten(db: Path) -> None:
    whole = db.read_bytes()
    with db.open("r+b") as file:  # in place: the window has this very file open
        file.write(b"certainly no database" * (len(whole) // 21))


def _pages_overwritten(db: Path) -> None:
    size = db.stat().st_size
    with db.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))


def _replaced(db: Path) -> None:
    junk = db.with_name("junk")
    junk.write_bytes(b"certainly no database" * 400)
    junk.replace(db)


def _deleted(db: Path) -> None:
    for ending in ("", *_BESIDE):
        Path(f"{db}{ending}").unlink(missing_ok=True)


def _truncated(db: Path) -> None:
    with db.open("r+b") as file:
        file.truncate(4096)


def _emptied(db: Path) -> None:
    with db.open("r+b") as file:
        file.truncate(0)


def _odd_values(db: Path) -> None:
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE article SET time = 'never', published = 'x', first_seen = x'00'")
        connection.execute("UPDATE article_tag SET matches = 'no json'")
        connection.execute("UPDATE bar SET close = 'much'")
    connection.close()


_FAULTS: dict[str, tuple[Callable[[Path], None], bool]] = {
    # The fault, and whether an open file shows it: one that was replaced or deleted lives on for who has it open.
    "overwritten": (_overwritten, True),
    "pages overwritten": (_pages_overwritten, True),
    "replaced by junk": (_replaced, False),
    "deleted": (_deleted, False),
    "truncated": (_truncated, True),
    "emptied": (_emptied, True),
    "odd values": (_odd_values, True),
}


def _store(folder: Path) -> Path:
    db = folder / "news.db"
    with Writer(db) as writer:
        mentions = [about("nvidia", "Nvidia")]
        fill(
            writer,
            "Wire",
            [
                article(
                    f"Nvidia {n}",
                    minutes_ago=n + 1,
                    url=f"https://news.example/{n}",
                    text=f"Text of {n}. https://link.example/{n}",
                    symbol="NVDA",
                    mentions=mentions,
                    story_keys=[f"story {n // 2}"],
                )
                for n in range(600)
            ],
        )
        raw(writer).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return db


def _forget_pages(app: TrackerApp) -> None:
    """Let the next read come from the file, as after an hour of other reading."""
    raw(app.main.reads.reader).execute("PRAGMA shrink_memory")
    app.main.widgets.headlines.window.forget_rows()


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    no_browser(monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("name", _FAULTS)
async def test_no_key_ends_a_window_whose_database_breaks(tmp_path: Path, name: str) -> None:
    make, is_seen = _FAULTS[name]
    db = _store(tmp_path)
    reasons: list[str] = []
    async with open_window(tmp_path, rows=300) as (app, pilot):
        show_message = app.main.status.show_message

        def listen(text: str, *, is_warning: bool = False) -> None:
            if is_warning:
                reasons.append(text)
            show_message(text, is_warning=is_warning)

        app.main.status.show_message = listen  # type: ignore[method-assign]
        make(db)
        for command, key in _KEYS:
            _forget_pages(app)  # keys are waited for, background reads are not: those may wait 10 s for a lock
            await pilot.press(key)
            await pilot.pause()
            assert app.is_running, command
            while app.screen is not app.main:
                await pilot.press("escape")
                await pilot.pause()
            await pilot.press("escape")
        app.main.listing.read_again()
        await pilot.pause()
        assert screen_text(app)
    assert app.return_code in (None, 0)
    if is_seen:
        assert any(str(db) in reason for reason in reasons), reasons


@pytest.mark.slow
async def test_a_lock_that_keeps_readers_out_delays_keys_and_no_more(tmp_path: Path) -> None:
    db = _store(tmp_path)
    with sqlite3.connect(db) as switch:
        switch.execute("PRAGMA journal_mode = DELETE")
    switch.close()
    async with open_window(tmp_path, rows=300) as (app, pilot):
        holder = sqlite3.connect(db, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        app.main.widgets.headlines.window.forget_rows()
        await pilot.press("G")
        assert "another program is using it" in screen_text(app)
        holder.execute("ROLLBACK")
        holder.close()
        app.main.listing.read_again()
        await until(pilot, lambda: "Nvidia 598" in screen_text(app) or "Nvidia 599" in screen_text(app), "the last row")

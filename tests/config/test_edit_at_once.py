"""Several programs that change feeds.toml at once: nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.helpers.feeds import rss
from tests.helpers.http_server import Answer, LoopbackServer
from tracker.config import rewrite
from tracker.config.edit import add_feeds, own_copy, remove_feed
from tracker.config.load import load_config
from tracker.model.errors import ConfigError
from tracker.model.feed import FeedSource

TEXT = '# mine\n\n[[feed]] # first\nname = "A"\nurl = "http://a/" # why\n\n# the end\n'
HOW_MANY = 8


def names(path: Path) -> list[str]:
    return sorted(feed.name for feed in load_config(path).feeds)


def test_feeds_added_and_removed_at_once_are_all_kept_and_gone(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(TEXT)
    sources = [FeedSource(f"F{n}", f"http://f{n}/") for n in range(HOW_MANY)]
    with ThreadPoolExecutor(HOW_MANY) as pool:
        list(pool.map(lambda source: add_feeds(path, source), sources))
    assert names(path) == ["A", *(source.name for source in sources)]
    with ThreadPoolExecutor(HOW_MANY) as pool:
        list(pool.map(lambda source: remove_feed(path, source.name), sources))
    assert path.read_text() == TEXT


def test_the_first_copies_of_the_shipped_file_do_not_undo_each_other(tmp_path: Path) -> None:
    shipped = tmp_path / "shipped.toml"
    shipped.write_text(TEXT)
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "home")}

    def add(number: int) -> None:
        add_feeds(own_copy(shipped, shipped, environ), FeedSource(f"F{number}", f"http://f{number}/"))

    with ThreadPoolExecutor(HOW_MANY) as pool:
        list(pool.map(add, range(HOW_MANY)))
    assert len(names(own_copy(shipped, shipped, environ))) == HOW_MANY + 1
    assert shipped.read_text() == TEXT


def editor(path: Path, monkeypatch: pytest.MonkeyPatch, *texts: str) -> None:
    """Let an editor, which knows of no lock, save these texts one by one while the file is being changed."""
    saves = iter(texts)
    check = rewrite._check_change

    def while_checking(path: Path, after: rewrite.Change) -> None:
        check(path, after)
        if (text := next(saves, None)) is not None:
            path.write_text(text)

    monkeypatch.setattr(rewrite, "_check_change", while_checking)


def test_what_an_editor_saves_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(TEXT)
    editor(path, monkeypatch, TEXT + "\n[settings]\nkeep_days = 7\n")
    add_feeds(path, FeedSource("B", "http://b/"))
    assert names(path) == ["A", "B"]
    assert load_config(path).settings.keep_days == 7


def test_a_file_that_changes_all_the_time_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(TEXT)
    editor(path, monkeypatch, *(f"{TEXT}# {number}\n" for number in range(20)))
    with pytest.raises(
        ConfigError, match=r"feeds\.toml: another program keeps changing this file; nothing was written"
    ):
        add_feeds(path, FeedSource("B", "http://b/"))
    assert path.read_text() == f"{TEXT}# 4\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
def test_a_lock_that_is_never_given_back_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(TEXT)
    monkeypatch.setattr(rewrite, "_LOCK_SECONDS", 0.05)
    with rewrite.edit_lock(tmp_path), pytest.raises(ConfigError, match="another tracker is changing a file there"):
        add_feeds(path, FeedSource("B", "http://b/"))
    assert path.read_text() == TEXT


@pytest.mark.slow
def test_eight_processes_add_feeds_to_a_linked_file(tmp_path: Path, server: LoopbackServer) -> None:
    for number in range(HOW_MANY):
        server.routes[f"/{number}.xml"] = Answer(
            rss([f"News {number}"]), headers={"Content-Type": "application/rss+xml"}
        )
    real = tmp_path / "dotfiles" / "feeds.toml"
    real.parent.mkdir()
    real.write_text(TEXT)
    real.chmod(0o600)
    link = tmp_path / "feeds.toml"
    link.symlink_to(real)
    command = [sys.executable, "-m", "tracker", "--config", str(link), "--db", str(tmp_path / "t.db"), "feeds", "add"]
    running = [
        subprocess.Popen([*command, f"{server.url}/{n}.xml", "--name", f"F{n}"], stderr=subprocess.PIPE, env=os.environ)
        for n in range(HOW_MANY)
    ]
    for process in running:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
    assert names(link) == ["A", *(f"F{n}" for n in range(HOW_MANY))]
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o600
    assert real.read_text().startswith(TEXT[: TEXT.index("\n\n# the end")])
    assert "# the end" in real.read_text()

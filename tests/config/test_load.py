"""Finding and reading the configuration."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tracker.config.load import find_config, load_config, stamp_of
from tracker.config.paths import database_path, shipped_config, state_dir, user_config
from tracker.model.errors import ConfigError


def test_the_first_place_that_has_one_wins(tmp_path: Path) -> None:
    home, cwd = tmp_path / "home", tmp_path / "cwd"
    environ = {"HOME": str(home)}
    cwd.mkdir()
    assert find_config(None, environ, cwd) == shipped_config()
    own = home / ".config" / "tracker" / "feeds.toml"
    own.parent.mkdir(parents=True)
    own.touch()
    assert find_config(None, environ, cwd) == own
    (cwd / "feeds.toml").touch()
    assert find_config(None, environ, cwd) == cwd / "feeds.toml"
    named = tmp_path / "named.toml"
    named.touch()
    environ["TRACKER_CONFIG"] = str(named)
    assert find_config(None, environ, cwd) == named
    explicit = tmp_path / "explicit.toml"
    explicit.touch()
    assert find_config(explicit, environ, cwd) == explicit


def test_one_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.toml: no such file \(--config\)"):
        find_config(tmp_path / "gone.toml", {}, tmp_path)
    with pytest.raises(ConfigError, match=r"gone\.toml: no such file \(TRACKER_CONFIG\)"):
        find_config(None, {"TRACKER_CONFIG": str(tmp_path / "gone.toml")}, tmp_path)
    with pytest.raises(ConfigError, match="is a folder"):
        find_config(tmp_path, {}, tmp_path)


def test_the_shipped_configuration_is_right() -> None:
    config = load_config(shipped_config())
    assert config.path == shipped_config()
    assert config.warnings == ()
    assert len(config.feeds) >= 15
    assert len(config.symbols) >= 9


def test_bytes_that_are_no_text_are_named_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_bytes(b'# one\n[settings]\ntheme = "caf\xe9"\n')
    with pytest.raises(ConfigError, match=r"feeds\.toml:3: byte 0xe9 is not UTF-8; save the file"):
        load_config(path)


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"feeds\.toml: cannot be read: No such file"):
        load_config(tmp_path / "feeds.toml")


def test_every_problem_has_a_line_up_to_fifty(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text("[settings]\n" + "".join(f"k{n} = 1\n" for n in range(60)))
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    lines = str(caught.value).split("\n")
    assert lines[0].startswith(f"{path}:2: settings.k0: unknown key; there are poll_minutes, keep_days,")
    assert lines[-1] == "and 10 more"
    assert len(lines) == 51


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_bytes(b"\xef\xbb\xbf[settings]\r\npoll_minutes = 7\r\n")
    assert load_config(path).settings.poll_minutes == 7


def test_paths_follow_the_xdg_rules() -> None:
    home = {"HOME": "/h"}
    assert database_path(None, home) == Path("/h/.local/share/tracker/tracker.db")
    assert database_path(None, home | {"XDG_DATA_HOME": "/d"}) == Path("/d/tracker/tracker.db")
    assert database_path(None, home | {"XDG_DATA_HOME": "relative"}) == Path("/h/.local/share/tracker/tracker.db")
    assert database_path(None, home | {"TRACKER_DB": "x.db"}) == Path("x.db")
    assert database_path(Path("y.db"), home | {"TRACKER_DB": "x.db"}) == Path("y.db")
    assert state_dir(home) == Path("/h/.local/state/tracker")
    assert state_dir(home | {"XDG_STATE_HOME": "/s"}) == Path("/s/tracker")
    assert user_config(home | {"XDG_CONFIG_HOME": "/c"}) == Path("/c/tracker/feeds.toml")
    assert user_config({}) == Path.home() / ".config" / "tracker" / "feeds.toml"


def test_the_shipped_file_of_a_checkout_comes_last(tmp_path: Path) -> None:
    checkout, home = tmp_path / "checkout", tmp_path / "home"
    (checkout / "tracker" / "config").mkdir(parents=True)
    for name in ("feeds.toml", "pyproject.toml", "tracker/config/paths.py"):
        (checkout / name).touch()
    environ = {"HOME": str(home)}
    assert find_config(None, environ, checkout) == shipped_config()
    own = home / ".config" / "tracker" / "feeds.toml"
    own.parent.mkdir(parents=True)
    own.touch()
    assert find_config(None, environ, checkout) == own
    assert find_config(checkout / "feeds.toml", environ, checkout) == checkout / "feeds.toml"


def test_a_path_that_is_not_utf_8_has_a_stamp_that_can_be_stored(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"bad\xff")
    try:
        folder.mkdir()
    except OSError:  # macOS has no such names
        pytest.skip("no such names here")
    (folder / "feeds.toml").write_text("")
    for path in (folder / "feeds.toml", folder / "none.toml"):
        assert stamp_of(path).encode().startswith(f"{tmp_path}/bad\\udcff".encode())

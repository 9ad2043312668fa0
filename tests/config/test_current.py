"""The configuration in force follows its file; a mistake in it changes nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tracker.config.current import ConfigFile
from tracker.config.load import find_config, load_config
from tracker.model.config import Config
from tracker.model.errors import ConfigError

ONE = '[[feed]]\nname = "One"\nurl = "http://one/"\n'
TWO = ONE + '[[feed]]\nname = "Two"\nurl = "http://two/"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.toml"
    path.write_text(ONE)
    return path


def names(config: Config) -> list[str]:
    return [feed.name for feed in config.feeds]


def opened(path: Path) -> ConfigFile:
    return ConfigFile(lambda: path, load_config(path))


def test_a_file_that_is_as_it_was_is_not_read_again(path: Path) -> None:
    file = opened(path)
    assert file.refresh() is file.refresh() is file.config
    assert file.problem is None


def test_a_change_takes_effect(path: Path) -> None:
    file = opened(path)
    path.write_text(TWO)
    assert names(file.refresh()) == ["One", "Two"]


@pytest.mark.parametrize("broken", ["[[feed]]\nname = 3\n", "\xff", "[[", "[[feed]]\nname='One'\nulr='http://one/'\n"])
def test_a_mistake_is_told_and_the_old_configuration_stays(path: Path, broken: str) -> None:
    file = opened(path)
    before = file.config
    path.write_bytes(broken.encode("latin-1"))
    assert file.refresh() is before
    assert file.problem is not None
    assert file.problem.startswith(f"{path}:")
    path.write_text(TWO)
    assert names(file.refresh()) == ["One", "Two"]
    assert file.problem is None


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_emptied_file_changes_nothing(path: Path, text: str) -> None:
    file = opened(path)
    before = file.config
    path.write_text(text)
    assert file.refresh() is before
    assert file.problem == f"{path}: the file is empty; tracker keeps using the previous feeds"


def test_a_file_that_is_gone_is_told_until_it_is_back(path: Path) -> None:
    file = opened(path)
    path.unlink()
    assert names(file.refresh()) == ["One"]
    assert file.problem is not None
    path.write_text(ONE)
    assert names(file.refresh()) == ["One"]
    assert file.problem is None


def test_a_change_that_is_undone_before_it_was_right_is_no_mistake(path: Path) -> None:
    file = opened(path)
    other = path.with_name("broken")
    other.write_text("[[")
    kept = path.with_name("kept")
    os.link(path, kept)
    other.replace(path)
    file.refresh()
    assert file.problem is not None
    kept.replace(path)
    file.refresh()
    assert file.problem is None


def test_a_save_under_way_is_waited_for(path: Path) -> None:
    file = opened(path)
    path.write_text("")
    assert names(file.refresh_when_settled()) == ["One"]
    path.write_text(TWO)
    assert names(file.refresh_when_settled()) == ["One"]
    assert names(file.refresh_when_settled()) == ["One", "Two"]


def test_a_copy_of_ones_own_takes_the_place_of_the_shipped_file(tmp_path: Path, path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "home")}
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    file = ConfigFile(lambda: find_config(None, environ, folder), load_config(find_config(None, environ, folder)))
    own = tmp_path / "home" / "tracker" / "feeds.toml"
    own.parent.mkdir(parents=True)
    own.write_text(TWO)
    assert names(file.refresh()) == ["One", "Two"]
    assert file.config.path == own


def test_what_the_check_refuses_is_a_mistake_too(path: Path) -> None:
    def refuse(config: Config) -> None:
        if len(config.feeds) == 2:
            raise ConfigError(f"{path}:4: no")

    file = ConfigFile(lambda: path, load_config(path), refuse)
    path.write_text(TWO)
    assert names(file.refresh()) == ["One"]
    assert file.problem == f"{path}:4: no"

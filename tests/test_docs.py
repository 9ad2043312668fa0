"""The documentation says what the program does: every command, option, exit code, setting and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest

from docs.update import README, ROOT, with_tables
from tracker.cli.commands import COMMANDS, EXIT_CODES, Command
from tracker.config import schema
from tracker.config.load import load_config
from tracker.config.paths import shipped_config

TEXT = README.read_text(encoding="utf-8")
SHIPPED = shipped_config().read_text(encoding="utf-8")


def commands(known: tuple[Command, ...], above: str = "") -> Iterator[tuple[str, Command]]:
    for command in known:
        yield f"{above}{command.name}", command
        yield from commands(command.parts, f"{above}{command.name} ")


@pytest.mark.parametrize(("name", "command"), list(commands(COMMANDS)))
def test_readme_has_every_command_and_its_own_options(name: str, command: Command) -> None:
    assert re.search(rf"`tracker {name.split()[0]}\b", TEXT)
    if " " in name:
        assert re.search(rf"`{name.split()[1]}\b|\b{name}\b", TEXT)
    for option in command.options:
        longest = max(option.names, key=len)
        if longest.startswith("--") and name != "ui":
            assert longest in TEXT, f"{name} {longest}"


def test_readme_has_every_exit_code() -> None:
    table = TEXT.partition("### Exit codes")[2].partition("##")[0]
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)] == list(EXIT_CODES)


def test_generated_tables_of_the_readme_are_up_to_date() -> None:
    assert with_tables(TEXT) == TEXT, "run python -m docs.update"


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("settings", schema.SETTINGS),
        ("feed", schema.FEED),
        ("tag", schema.TAG),
        ("symbol", schema.SYMBOL),
        ("view", schema.VIEW),
        ("market", schema.MARKET),
    ],
)
def test_every_key_of_the_configuration_is_explained(table: str, keys: dict[str, object]) -> None:
    for key in keys:
        assert re.search(rf"\b{key}\b", TEXT + SHIPPED), f"{table}.{key}"


def test_the_shipped_configuration_is_sound_and_the_one_at_the_top() -> None:
    assert shipped_config() == ROOT / "feeds.toml"
    config = load_config(shipped_config())
    enabled = [feed for feed in config.feeds if feed.enabled]
    assert config.feeds[0].name == "WCCFTech"
    assert 15 <= len(enabled) <= 25
    assert all(feed.url.startswith("https://") for feed in enabled)
    assert {"Français", "Deutsch", "中文", "日本語"} <= {feed.group for feed in enabled}
    assert {"NVDA", "AMD", "TSM", "AVGO", "ASML", "MSFT", "META", "GOOGL", "DELL"} <= {s.symbol for s in config.symbols}
    assert config.warnings == ()


def test_every_dependency_has_its_reasons() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reasons = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    for requirement in project["dependencies"]:
        name = re.split(r"[<>=;\s]", requirement)[0]
        if name != "tzdata":  # data that Windows lacks
            assert f"| {name}" in reasons, name


def test_pictures_are_of_this_window() -> None:
    for name in re.findall(r"\]\((docs/screenshots/[^)]+)\)", TEXT):
        svg = (ROOT / name).read_text(encoding="utf-8")
        assert "NVDA" in svg
        assert "Nvidia" in svg

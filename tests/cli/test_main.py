"""The command line as a whole: what is loaded, what is said, which code comes back."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from docs.update import every_command
from tests.cli.conftest import Desk
from tests.helpers.store import make_released
from tracker import __version__
from tracker.cli import main
from tracker.cli.commands import COMMANDS, EXIT_CODES, Command
from tracker.cli.main import build_parser
from tracker.config.paths import shipped_config
from tracker.model.launch import LaunchWindow
from tracker.store.db import SCHEMA_VERSION
from tracker.ui.state import database_name

HEAVY = (
    "asyncio",
    "httpx",
    "feedparser",
    "sqlite_utils",
    "lxml",
    "textual",
    "rich",
    "selectolax",
    "ahocorasick_rs",
    "tomlkit",
    "sqlite3",
    "filelock",
)


def _loaded(desk: Desk, *argv: str) -> set[str]:
    """Return the modules that a command has loaded when it ends."""
    code = (
        "import sys\nfrom tracker.__main__ import main\n"
        f"code = main({list(argv)!r})\nprint('|' + ' '.join(sys.modules), file=sys.stderr)\nsys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=desk.environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert "|" in done.stderr, done.stderr
    return set(done.stderr.rpartition("|")[2].split())


@pytest.mark.parametrize("argv", [["--help"], ["--version"], ["list", "--help"], ["nonsense"]])
def test_nothing_heavy_is_loaded_to_answer_a_question(desk: Desk, argv: list[str]) -> None:
    allowed = {"sqlite3"} if "--version" in argv else set()  # its version is part of the answer
    assert _loaded(desk, *argv).isdisjoint(set(HEAVY) - allowed)


def test_reading_loads_neither_network_nor_parsers_nor_a_window(desk: Desk) -> None:
    from tracker.store.write import Writer

    with Writer(desk.db):
        pass
    loaded = _loaded(desk, "list")
    assert "sqlite3" in loaded
    assert loaded.isdisjoint(set(HEAVY) - {"sqlite3"})


@pytest.mark.slow
def test_sync_without_news_loads_neither_a_window_nor_what_reads_and_groups(desk: Desk) -> None:
    desk.write('[[feed]]\nname = "A"\nurl = "http://127.0.0.1:9/"\n[market]\nproviders = []\n')
    loaded = _loaded(desk, "sync", "--no-prices")
    assert "httpx" in loaded
    assert loaded.isdisjoint({"textual", "rich", "pygments", "lxml", "tracker.stories.group", "tracker.tagging.match"})


def test_only_the_command_that_is_named_gets_a_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    fill = main._fill

    def noted(parser: argparse.ArgumentParser, command: Command) -> None:
        made.append(command.name)
        fill(parser, command)

    monkeypatch.setattr(main, "_fill", noted)
    build_parser(["--db", "news.db"])
    assert made == []
    assert build_parser(["feeds", "add", "x"]).parse_args(["feeds", "add", "x"]).part == "add"
    assert made == ["feeds", "add"]


def test_help_names_every_command_and_code(desk: Desk) -> None:
    done = desk.process("--help")
    assert done.code == 0
    assert done.err == ""
    for command in COMMANDS:
        assert f"    {command.name} " in done.out
    shown = " ".join(done.out.split())
    for code, meaning in EXIT_CODES.items():
        assert f" {code} {meaning}" in shown
    codes = done.out.partition("exit codes:\n")[2]
    assert max(map(len, codes.splitlines())) <= 80


def test_every_command_explains_itself(desk: Desk) -> None:
    for command in COMMANDS:
        done = desk.run(command.name, "--help")
        assert f"usage: tracker {command.name}" in done.out
        assert done.out.endswith(f"\nexample: {command.example}\n")
        for part in command.parts:
            done = desk.run(command.name, part.name, "--help")
            assert done.code == 0
            assert done.out.endswith(f"\nexample: {part.example}\n")
            shown = "".join(done.out.split())  # lines are broken at blanks and hyphens
            for option in part.options:
                assert "".join((option.help % {"default": "default"}).split()) in shown, option.names


def test_the_version_is_on_stdout(desk: Desk) -> None:
    done = desk.process("--version")
    python = sys.version.split()[0]
    assert (done.code, done.out) == (0, f"tracker {__version__} (Python {python}, SQLite {sqlite3.sqlite_version})\n")


@pytest.mark.parametrize("command", [one for _, one in every_command() if one.run])
def test_an_example_is_a_command_that_the_parser_takes(command: Command) -> None:
    program, *words = shlex.split(command.example)
    if program == "eval":
        program, *words = shlex.split(words[0].removeprefix("$(").removesuffix(")"))
    assert program == "tracker"
    words = words[: words.index(">")] if ">" in words else words
    assert build_parser().parse_args(words).run in (command.run, *(part.run for part in command.parts))


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["lst"], "invalid choice: 'lst'"),
        (["lst"], '; did you mean "list"?'),
        (["feeds", "ad"], '; did you mean "add"?'),
        (["list", "--fromat", "json"], 'unrecognized arguments: --fromat; did you mean "--format"?'),
        (["list", "--format", "jsn"], '; did you mean "json"?'),
        (["feeds"], "the following arguments are required: COMMAND"),
        (["list", "--limit", "-3"], 'argument --limit: must be a whole number from 0 up, not "-3"'),
        (["list", "--limit", "many"], 'must be a whole number from 0 up, not "many"'),
        (["list", "--format", "xml"], "invalid choice: 'xml'"),
        (["demo", "--speed", "0"], "must be a number above 0"),
        (["demo", "--speed", "nan"], "must be a number above 0"),
        (["sync", "-x"], "unrecognized arguments: -x"),
        (["-V"], "invalid choice: '-V'"),
        (["help"], '; did you mean "--help"?'),
        (["version"], '; did you mean "--version"?'),
        (["--versoin"], '; did you mean "--version"?'),
        (["--hlep"], '; did you mean "--help"?'),
        (["--quiet", "sync"], "unrecognized arguments: --quiet; write it at the end: tracker sync --quiet"),
        (["sync", "--jsno"], 'tracker sync: unrecognized arguments: --jsno; did you mean "--json"?'),
        (
            ["feeds", "import", "x", "--raed-state", "y"],
            "tracker feeds import: unrecognized arguments: --raed-state y;",
        ),
        (["retag", "--db", ""], "is not a file name"),
    ],
)
def test_a_command_line_that_makes_no_sense_is_code_2(desk: Desk, argv: list[str], said: str) -> None:
    done = desk.run(*argv)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "\x00" not in done.err
    assert "x00" not in done.err
    assert not desk.db.exists()


def test_an_option_is_suggested_only_where_it_is_taken(desk: Desk) -> None:
    """The options of other commands are no help: `tracker retag --jsno` would fail again with --json."""
    assert "did you mean" not in desk.run("retag", "--jsno").err
    assert "did you mean" not in desk.run("--jsno").err
    assert desk.run("config", "path", "path").err.endswith("tracker config path: unrecognized arguments: path\n")


def needs_argument(command: Command) -> bool:
    words = [one for one in command.options if not one.names[0].startswith("-")]
    return bool(command.parts) or any(one.more.get("nargs") not in ("*", "?") for one in words)


@pytest.mark.parametrize(("path", "command"), [found for found in every_command() if not needs_argument(found[1])])
def test_a_slip_of_a_finger_leads_to_the_option_that_was_meant(desk: Desk, path: str, command: Command) -> None:
    options = {name for option in command.options for name in option.names if name.startswith("--")}
    for option in sorted({"--config", "--db", "--help", *options}):
        for place in range(3, len(option) - 1):
            swapped = option[:place] + option[place + 1] + option[place] + option[place + 2 :]
            dropped, doubled = option[:place] + option[place + 1 :], option[:place] + option[place] + option[place:]
            for slip in {swapped, dropped, doubled}:
                if slip != option and len(slip) > 4:
                    assert f'did you mean "{option}"?' in desk.run(*path.split(), slip).err


@pytest.mark.parametrize("command", ["list", "sync", "quotes", "ui", "retag", "tag x", "feeds list", "feeds check"])
def test_a_bad_configuration_is_code_2_and_touches_nothing(desk: Desk, command: str) -> None:
    desk.write('[[feed]]\nname = "A"\nulr = "http://x"\n')
    before = sorted(desk.folder.rglob("*"))
    done = desk.run(*command.split())
    assert (done.code, done.out) == (2, "")
    assert done.err == f'{desk.config}:3: feed.ulr: unknown key; did you mean "url"?\n'
    assert sorted(desk.folder.rglob("*")) == before


def test_a_bad_configuration_is_code_2_in_a_process_too(desk: Desk) -> None:
    desk.write("[settings]\npoll_minutes = 'soon'\n")
    done = desk.process("sync")
    assert (done.code, done.out) == (2, "")
    assert "feeds.toml:2: settings.poll_minutes: must be a whole number of minutes" in done.err
    assert not desk.db.parent.exists()


def test_a_bad_tag_rule_is_code_2_before_anything_is_stored(desk: Desk) -> None:
    desk.write("[[tag]]\nname = 'mine'\nlabel = 'Mine'\n")
    for command in ("sync", "retag", "tag"):
        done = desk.run(command, *(["x"] if command == "tag" else []))
        if command != "retag":  # which has nothing to do without a database
            assert (done.code, done.out) == (2, "")
            assert f"{desk.config}:1: tag mine: it matches nothing" in done.err
    assert not desk.db.exists()


def test_config_and_db_are_taken_before_and_after_the_command(desk: Desk) -> None:
    other = desk.folder / "other.toml"
    other.write_text("[settings]\nx = 1\n")
    for argv in (["--config", str(other), "list"], ["list", "--config", str(other)]):
        assert "other.toml:2" in desk.run(*argv).err
    for argv in (["--db", "/nowhere/a.db", "list"], ["list", "--db", "/nowhere/a.db"]):
        assert "/nowhere/a.db: no articles yet" in desk.run(*argv).err
    assert "gone.toml: no such file (--config)" in desk.run("feeds", "list", "--config", "gone.toml").err


@pytest.mark.parametrize("said", ["soon", "2025-13-01", "9999-12-31T23:59:59Z", "0001-01-01"])
def test_a_now_that_is_no_time_is_code_2(desk: Desk, said: str) -> None:
    done = desk.run("list", environ={"TRACKER_NOW": said})
    assert done.code == 2
    assert f'TRACKER_NOW: "{said}" is not a time' in done.err


def test_a_terminal_gets_the_window(desk: Desk) -> None:
    for argv, query in (([], ""), (["ui"], ""), (["ui", "tag:nvidia", "-is:read"], "tag:nvidia -is:read")):
        found = desk.run(*argv, is_terminal=True).result
        assert isinstance(found, LaunchWindow)
        assert (found.query, found.demo, found.db) == (query, False, desk.db)
        assert found.state_dir == desk.folder / ".local" / "state" / "tracker"
        assert found.config.path == desk.config
    assert desk.run("ui", "is:x", is_terminal=True).code == 2


def test_the_window_keeps_its_database_when_its_folder_is_deleted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = desk.folder / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for _ in range(2):
        found = desk.run("--db", "news.db", is_terminal=True).result
        assert isinstance(found, LaunchWindow)
        assert found.db in (folder / "news.db", Path("news.db"))
        assert found.db.is_absolute() == folder.exists()
        assert database_name(Path("news.db")).endswith("news.db")
        if folder.exists():
            folder.rmdir()


def test_without_a_terminal_the_window_is_a_table(desk: Desk) -> None:
    done = desk.run()
    assert (done.code, done.out) == (0, "")
    assert "run `tracker sync`" in done.err


def test_a_tilde_is_the_home_folder_where_no_shell_replaced_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a crontab, a systemd unit and `--db=~/news.db`; else a folder called ~ would be made."""
    monkeypatch.chdir(desk.folder)
    monkeypatch.setenv("HOME", str(desk.folder))
    desk.write(
        '[[feed]]\nname = "a"\nurl = "http://a.example/"\nsnoozed_until = 2999-01-01\n[market]\nproviders = []\n'
    )
    variables = {"TRACKER_CONFIG": "~/feeds.toml", "TRACKER_DB": "~/a.db"}
    assert desk.run("config", "path", environ=variables).out == f"{desk.config}\n"
    assert desk.run("sync", environ=variables).code == 0
    assert desk.run("sync", "--config=~/feeds.toml", "--db=~/b.db").code == 0
    assert desk.run("feeds", "export", "~/c.opml").code == 0
    assert {path.name for path in desk.folder.iterdir()} >= {"a.db", "b.db", "c.opml"}
    assert not (desk.folder / "~").exists()


@pytest.mark.parametrize(
    "path",
    [
        path
        for path, command in every_command()
        if not needs_argument(command)
        and any("json" in option.more.get("choices", ()) for option in command.options if "--format" in option.names)
    ],
)
def test_json_is_valid_where_there_is_nothing_to_show(desk: Desk, path: str) -> None:
    """No database, no feed and no watchlist."""
    desk.write("[market]\nproviders = []\n")
    assert isinstance(json.loads(desk.run(*path.split(), "--format", "json").out), list)
    assert desk.run(*path.split(), "--format", "csv").out.endswith("\n")


def test_a_folder_that_was_deleted_hides_no_configuration(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    done = desk.run("config", "path", environ={"TRACKER_CONFIG": ""})
    assert (done.code, done.out) == (0, f"{shipped_config()}\n")
    assert "ok    config" in desk.run("doctor", environ={"TRACKER_CONFIG": ""}).out


def test_a_reader_who_leaves_early_is_no_error(desk: Desk) -> None:
    from tests.helpers.store import article, fill
    from tracker.store.write import Writer

    with Writer(desk.db) as writer:
        fill(writer, "Feed", [article(f"headline {n} {'x' * 500}", minutes_ago=n + 1) for n in range(400)])
    with desk.start("list", "--limit", "0") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith('{"id"')
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == ""


def test_a_full_disk_is_said(desk: Desk) -> None:
    if not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("no /dev/full here")
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "tracker", "--help"],
            env=desk.environ,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "tracker: No space left on device"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "line",
    [
        *("alerts list", "brief", "config check", "doctor", "doctor --repair", "feeds list", "feeds check", "impact"),
        *("league", "list", "list group:x", "quotes NVDA", "read 1", "retag", "sync", "ui"),
        *("feeds add http://127.0.0.1:1/", "read http://127.0.0.1:1/"),
    ],
)
def test_it_is_said_once_that_an_old_database_is_updated(desk: Desk, line: str) -> None:
    desk.write('[market]\nproviders = []\n[[feed]]\nname = "A"\nurl = "http://127.0.0.1:1/"\n')
    desk.db.parent.mkdir()
    make_released(desk.db, SCHEMA_VERSION - 1)
    for times in (1, 0):
        assert desk.run(*line.split(), is_terminal=line == "ui").err.count("updating from schema") == times


def test_a_quiet_sync_says_nothing_of_an_update(desk: Desk) -> None:
    desk.db.parent.mkdir()
    make_released(desk.db, SCHEMA_VERSION - 1)
    assert "updating" not in desk.run("sync", "--quiet").err


def test_a_database_that_is_none_is_code_2(desk: Desk) -> None:
    desk.db.parent.mkdir()
    desk.db.write_bytes(b"this is no database, and never was" * 100)
    done = desk.run("list")
    assert done.code == 2
    assert "is not a tracker database" in done.err

"""`tracker config`: which file is read, what is wrong with it, one of your own."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Desk
from tracker.config.json_schema import schema_text
from tracker.config.paths import shipped_config


def test_the_path_of_the_file_that_is_read(desk: Desk) -> None:
    assert desk.run("config", "path").out == f"{desk.config}\n"


def test_a_good_file_is_ok_and_a_symbol_that_nothing_is_known_of_is_named(desk: Desk) -> None:
    done = desk.run("config", "check")
    assert (done.code, done.out, done.err) == (0, "", f"{desk.config}: ok\n")
    desk.write('[[symbol]]\nsymbol = "QQXX"\n')
    done = desk.run("config", "check")
    assert done.code == 1
    assert "symbol QQXX: unknown company" in done.err


def test_an_index_whose_name_finds_no_headlines_is_named_without_a_warning(desk: Desk) -> None:
    desk.write(
        '[[symbol]]\nsymbol = "^SOX"\nname = "Chip index"\n[[symbol]]\nsymbol = "^NDX"\nname = "Nasdaq 100"\n'
        '[[tag]]\nname = "nasdaq"\nsymbol = "^NDX"\nmatch = ["Nasdaq 100"]\n'
    )
    done = desk.run("config", "check")
    said = 'symbol ^SOX: its name is only shown; to find headlines about it, add names = ["..."]'
    assert (done.code, done.err) == (0, f"{desk.config}: {said}\n{desk.config}: ok\n")
    found = desk.run("doctor").out
    assert "ok    config    not found in headlines: ^SOX; the name of an index is only shown" in found
    assert "unknown company" not in found


def test_a_tag_that_there_is_not_is_named_with_its_line(desk: Desk) -> None:
    desk.write(
        '[[view]]\nname = "v"\nquery = "about:nvidai"\n[[alert]]\nquery = "tag:zzqqx"\nnotify = ["bell"]\n'
        '[[mute]]\nquery = "tag:nvidai"\n[[mute]]\nquery = "tag:nvidia tag:mine"\n'
        '[[alert]]\nresults = "1d"\nnotify = ["bell"]\n[[tag]]\nname = "mine"\nmatch = ["Mine"]\n'
        "[sources.earnings]\nenabled = true\n"
    )
    done = desk.run("config", "check")
    assert done.code == 1
    assert done.err.splitlines() == [
        f'{desk.config}:1: view.query: "about:nvidai" at character 7: expected a known tag; did you mean about:nvidia?',
        f'{desk.config}:4: alert.query: "tag:zzqqx" at character 5: expected a known tag; no tag is called zzqqx',
        f'{desk.config}:7: mute.query: "tag:nvidai" at character 5: expected a known tag; did you mean tag:nvidia?',
    ]


def test_a_mistake_is_code_2_with_line_and_hint(desk: Desk) -> None:
    desk.write('[[symbol]]\nsymbl = "NVDA"\n')
    done = desk.run("config", "check")
    assert done.code == 2
    assert f'{desk.config}:2: symbol.symbl: unknown key; did you mean "symbol"?' in done.err


def test_a_file_of_ones_own_is_the_shipped_one_and_is_never_replaced(desk: Desk, tmp_path: Path) -> None:
    home = tmp_path / "home"
    own = home / ".config" / "tracker" / "feeds.toml"
    environ = {"HOME": str(home), "XDG_CONFIG_HOME": ""}
    done = desk.run("config", "init", environ=environ)
    assert done.code == 0
    assert done.err == f"wrote {own}\n{desk.config} is read instead of it\n"  # TRACKER_CONFIG names another
    named, _, rest = own.read_text(encoding="utf-8").partition("\n")
    assert named == "#:schema feeds.schema.json"
    assert shipped_config().read_text(encoding="utf-8") == f"#:schema docs/feeds.schema.json\n{rest}"
    assert (own.parent / "feeds.schema.json").read_text(encoding="utf-8") == schema_text()
    assert own.stat().st_mode & 0o077 == 0
    own.write_text("# mine\n")
    done = desk.run("config", "init", environ=environ)
    assert done.code == 2
    assert "already exists" in done.err
    assert own.read_text() == "# mine\n"


def test_the_schema_is_written_for_an_editor(desk: Desk) -> None:
    done = desk.run("config", "schema")
    assert (done.code, done.err, done.out) == (0, "", schema_text())

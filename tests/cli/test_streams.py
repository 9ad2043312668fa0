"""What becomes of output that cannot be shown, and of streams that are closed, full or left by their reader."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path
from unicodedata import normalize

import pytest

from tests.cli.conftest import Desk
from tests.cli.feeds import rss, serve
from tests.helpers.http_server import LoopbackServer, loopback_server
from tracker.cli import streams
from tracker.words.cells import cell_width

TRACKER = [sys.executable, "-m", "tracker"]
NAME = "日経ニュース"
TITLES = ("英伟达 Nvidia é “quoted” 深度求索 ▲", "엔비디아 실적 😀 e\u0301", "Плохо · Nvidia —")
_RAW_C = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
ENCODINGS: Mapping[str, tuple[Mapping[str, str], str]] = {
    "C": ({"LC_ALL": "C"}, "utf-8"),  # Python takes a C locale for UTF-8
    "C, taken literally": (_RAW_C, "ascii"),
    "ascii": ({"PYTHONIOENCODING": "ascii"}, "ascii"),
    "latin-1": ({"PYTHONIOENCODING": "latin-1"}, "latin-1"),
    "the user's own handler": ({"PYTHONIOENCODING": "ascii:backslashreplace"}, "ascii"),
}
READING = (
    *(["list", "--format", form] for form in ("table", "json", "jsonl", "csv")),
    *(["impact", "--symbol", "NVDA", "--format", form] for form in ("table", "json", "csv")),
    *(["quotes", "--offline", "--format", form] for form in ("table", "json", "csv")),
    *(["feeds", "list", "--format", form] for form in ("table", "json", "csv")),
    *(["feeds", "check", "--format", form] for form in ("table", "json", "csv")),
    *(["tag", "英伟达 DeepSeek 深度求索", "--format", form] for form in ("table", "json", "csv")),
    ["list", "深度求索"],
    ["list", "source:日経"],
    ["ui"],
    ["doctor"],
    ["retag"],
    ["feeds", "export", "-"],
    ["sync", "--force", "--json"],
    ["feeds", "remove", "没有"],
    ["--help"],
)


@pytest.fixture(scope="module")
def site() -> Iterator[LoopbackServer]:
    with loopback_server() as server:
        server.routes["/feed"] = serve(rss(*TITLES, channel=NAME))
        yield server


@pytest.fixture(scope="module")
def asian(tmp_path_factory: pytest.TempPathFactory, site: LoopbackServer) -> Desk:
    """Return a desk whose feed, titles and watchlist are in other scripts."""
    desk = Desk(tmp_path_factory.mktemp("asian"))
    desk.write(
        f'[settings]\nhost_delay_seconds = 0\n[[feed]]\nname = "{NAME}"\nurl = "{site.url}/feed"\ngroup = "新聞"\n'
        '[[symbol]]\nsymbol = "NVDA"\nname = "英伟达"\n[market]\nproviders = []\n'
    )
    assert desk.run("sync").code == 0
    return desk


def run(
    desk: Desk, argv: list[str], environ: Mapping[str, str] | None = None, shell: str = '"$@"'
) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a process; `shell` says what is done to its streams."""
    return subprocess.run(
        ["sh", "-c", shell, "sh", *TRACKER, *argv],
        env=desk.environ | dict(environ or {}),
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
        cwd=desk.folder,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=() if kind == "ascii" else pytest.mark.slow) for kind in ENCODINGS]
)
def test_no_encoding_is_an_error_in_any_command(asian: Desk, kind: str) -> None:
    environ, encoding = ENCODINGS[kind]
    for argv in READING:
        done = run(asian, argv, environ)
        err = done.stderr.decode(encoding)
        if "没有" in argv or (kind == "C, taken literally" and argv[0] == "list" and not argv[-1].isascii()):
            assert done.returncode == 2, (argv, err)  # in that locale the argument arrives as bytes that are no text
        else:
            assert done.returncode in (0, 1), (argv, err)
        assert "Traceback" not in err, (argv, err)
        assert "internal error" not in err, (argv, err)
        out = done.stdout.decode(encoding)
        form = argv[argv.index("--format") + 1] if "--format" in argv else ""
        if form == "json":
            json.loads(out)
        elif form == "csv":
            assert len({len(row) for row in csv.reader(io.StringIO(out))}) <= 1, out
        elif "export" in argv:
            outline = ET.fromstring(out.encode()).find(".//outline[@xmlUrl]")
            assert outline is not None
            assert outline.get("title", outline.get("text")) == NAME


@pytest.mark.slow
def test_what_is_lost_and_what_is_not(asian: Desk) -> None:
    environ = {"PYTHONIOENCODING": "ascii", "COLUMNS": "200"}
    table = run(asian, ["list", "--format", "table"], environ).stdout.decode("ascii")
    unicode_table = run(asian, ["list", "--format", "table"], {"PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}).stdout
    assert '?????? Nvidia ? "quoted" ???????? +' in table
    widths = [cell_width(line) for line in unicode_table.decode().splitlines()]
    assert [len(line) for line in table.splitlines()] == widths
    records = json.loads(run(asian, ["list", "--format", "json"], environ).stdout)
    assert {record["title"] for record in records} == {normalize("NFC", title) for title in TITLES}
    rows = list(csv.DictReader(io.StringIO(run(asian, ["list", "--format", "csv"], environ).stdout.decode("ascii"))))
    assert any(row["title"].startswith("\\u82f1\\u4f1f\\u8fbe Nvidia \\xe9 ") for row in rows)
    latin = run(asian, ["list", "--format", "table"], {"PYTHONIOENCODING": "latin-1", "COLUMNS": "200"}).stdout
    assert '?????? Nvidia é "quoted"' in latin.decode("latin-1")


def test_a_table_in_a_narrow_ascii_terminal_is_cut_with_ascii(asian: Desk) -> None:
    table = run(asian, ["list", "--format", "table"], {"PYTHONIOENCODING": "ascii", "COLUMNS": "90"}).stdout.decode()
    assert "~" in table
    assert all(len(line) <= 90 for line in table.splitlines())


@pytest.mark.parametrize(
    ("text", "expected"), [("英伟", "????"), ("e\u0301", "e"), ("a😀b", "a??b"), ("\ud800", "?"), ("ﾊﾟ", "??")]
)
def test_a_question_mark_for_each_cell(text: str, expected: str) -> None:
    import codecs

    codecs.register_error(streams.QUESTION_MARKS, streams._question_marks)
    assert text.encode("ascii", streams.QUESTION_MARKS).decode() == expected


CLOSED_OUT = "stdout is closed"
FULL = "No space left on device"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("argv", "shell", "code", "said"),
    [
        (["list"], '"$@" >&-', 1, CLOSED_OUT),
        (["list", "--format", "table"], '"$@" >&-', 1, CLOSED_OUT),
        (["--help"], '"$@" >&-', 1, CLOSED_OUT),
        (["--version"], '"$@" >&-', 1, CLOSED_OUT),
        (["doctor"], '"$@" >&-', 1, CLOSED_OUT),
        (["tag", "nvidia"], '"$@" >&-', 1, CLOSED_OUT),
        (["feeds", "export", "-"], '"$@" >&-', 1, CLOSED_OUT),
        (["sync", "--json"], '"$@" >&-', 1, CLOSED_OUT),
        (["demo", "--headless"], '"$@" >&-', 1, CLOSED_OUT),
        (["sync"], '"$@" >&-', 0, None),
        (["retag"], '"$@" >&-', 0, None),
        (["list"], '"$@" >&- 2>&-', 1, ""),
        (["list"], '"$@" >&- 2>&- <&-', 1, ""),
        (["list"], '"$@" 2>&-', 0, ""),
        (["list"], '"$@" <&-', 0, ""),
        (["sync"], '"$@" 2>&-', 0, ""),
        (["sync"], '"$@" <&-', 0, None),
        (["sync", "--json"], '"$@" 2>/dev/full', 0, ""),
        (["nonsense"], '"$@" 2>&-', 2, ""),
        (["nonsense"], '"$@" 2>/dev/full', 2, ""),
        (["tag", "-"], '"$@" <&-', 2, "stdin cannot be read: it is closed"),
        (["list"], '"$@" >/dev/full', 1, FULL),
        (["list", "--format", "csv"], '"$@" >/dev/full', 1, FULL),
        (["doctor"], '"$@" >/dev/full', 1, FULL),
        (["demo", "--headless"], '"$@" >/dev/full', 1, FULL),
        (["sync", "--json"], '"$@" >/dev/full', 1, FULL),
        (["list"], '"$@" >/dev/full 2>/dev/full', 1, ""),
        (["ui"], '"$@" >&-', 1, CLOSED_OUT),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_streams_that_cannot_be_used(asian: Desk, argv: list[str], shell: str, code: int, said: str | None) -> None:
    done = run(asian, argv, shell=shell)
    err = done.stderr.decode()
    assert done.returncode == code, err
    for word in ("Traceback", "Exception ignored", "internal error"):
        assert word not in err
    if said:
        assert err.count("\n") == 1 or argv == ["sync", "--json"]
        assert said in err
    elif said == "":
        assert err == ""


@pytest.mark.slow
def test_a_reader_that_leaves_early(asian: Desk) -> None:
    for command in (["list"], ["demo", "--headless"], ["--help"]):
        done = run(asian, command, shell='{ "$@"; echo "code $?" >&2; } | true')
        assert done.stderr.decode() == "code 0\n", command
        both = run(asian, [*command], shell='{ "$@" 2>&1; } | true')
        assert both.stderr == b""


def test_no_file_gets_the_number_of_a_closed_stream(asian: Desk) -> None:
    code = (
        "import os, sys\nfrom tracker.cli import streams\nstreams.install()\n"
        "opened = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)\n"
        "print('not for the file')\nprint('nor this', file=sys.stderr)\nsys.stderr.flush()\n"
        "os.write(opened, str(opened).encode())\n"
        "try:\n    sys.stdout.flush()\nexcept OSError:\n    os._exit(7)\n"
    )
    file = asian.folder / "opened"
    done = subprocess.run(
        ["sh", "-c", '"$@" <&- >&- 2>&-', "sh", sys.executable, "-c", code, str(file)], check=False, timeout=60
    )
    assert done.returncode == 7
    assert int(file.read_text()) > 2


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")
@pytest.mark.parametrize(
    ("shell", "name"), [("<&-", "stdin"), ("2>&-", "stderr"), ("</dev/null", "stdin"), ("", "TERM")]
)
def test_a_window_needs_a_whole_terminal(asian: Desk, shell: str, name: str) -> None:
    import pty

    terminal, its_end = pty.openpty()
    process = subprocess.Popen(
        ["sh", "-c", f'"$@" {shell}', "sh", *TRACKER],
        env=asian.environ | {"TERM": "dumb" if name == "TERM" else "xterm-256color"},
        stdin=its_end,
        stdout=its_end,
        stderr=its_end,
        cwd=asian.folder,
    )
    os.close(its_end)
    assert process.wait(60) == 2
    try:
        said = os.read(terminal, 1 << 16).decode()
    except OSError:  # nothing was written
        said = ""
    os.close(terminal)
    if name == "TERM":
        assert "the window needs a terminal that can place text, but TERM is dumb; `tracker list`" in said
    elif name == "stdin":
        assert "the window needs a terminal, but stdin is not one; `tracker list` writes a table" in said
    else:
        assert said == ""

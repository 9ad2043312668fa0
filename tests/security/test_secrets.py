"""A password in an address is written nowhere but into the configuration and the database; files are private."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tests.cli.feeds import config, rss, serve
from tests.helpers.http_server import Answer, LoopbackServer, Request
from tracker.cli.main import build_parser

_SECRETS = ("s3cr3t-pw", "s3cr3t-user", "s3cr3t-token", "s3cr3t-finnhub")


@pytest.fixture
def secret(tmp_path: Path, server: LoopbackServer) -> Desk:
    """Return a desk with feeds that need a password: good, failing, moved, and one that names a relative link."""
    desk = Desk(tmp_path)
    relative = rss("Relative").replace(b"http://site.test/0", b"/story")
    answers: dict[str, Answer | Callable[[Request], Answer]] = {
        "good": serve(rss("Good")),
        "bad": Answer(b"no feed", status=500),
        "moved": Answer(status=301, headers={"Location": "/good"}),
        "relative": serve(relative),
    }
    for name, answer in answers.items():
        server.routes[f"/{name}?token=s3cr3t-token"] = server.routes[f"/{name}"] = answer
    desk.write(
        config(server, "good", "bad", "moved", "relative")
        .replace("http://", "http://s3cr3t-user:s3cr3t-pw@")
        .replace('"\n[[feed', '?token=s3cr3t-token"\n[[feed')
        .replace("providers = []", 'providers = ["finnhub"]\n[market.finnhub]\nbase_url = "http://127.0.0.1:9"')
        + '[[symbol]]\nsymbol = "NVDA"\n'
    )
    desk.environ["FINNHUB_API_KEY"] = "s3cr3t-finnhub"
    return desk


_COMMANDS = (
    *((("sync", *more)) for more in ((), ("--json", "--force"), ("--quiet", "--force"))),
    *(("list", "--format", form) for form in ("table", "json", "jsonl", "csv")),
    *(("feeds", "list", "--format", form) for form in ("table", "json", "jsonl", "csv")),
    *(("feeds", "check", "--format", form) for form in ("table", "json", "jsonl", "csv")),
    ("feeds", "export", "-"),
    ("feeds", "export", "out.opml"),
    ("quotes", "NVDA"),
    ("impact",),
    ("retag",),
    ("doctor",),
)


@pytest.mark.slow
def test_no_command_shows_a_secret_or_writes_one_elsewhere(secret: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(secret.folder)
    for terminal in (False, True):
        for command in _COMMANDS:
            done = secret.run(*command, is_terminal=terminal)
            assert not [one for one in _SECRETS if one in done.out + done.err], (command, done.out, done.err)
    kept = {secret.config, *secret.db.parent.glob("tracker.db*")}
    for file in set(filter(Path.is_file, secret.folder.rglob("*"))) - kept:
        assert b"s3cr3t" not in file.read_bytes(), file


@pytest.mark.parametrize(
    "address",
    [
        "http://s3cr3t-user:s3cr3t-pw@127.0.0.1:9/feed",
        "http://s3cr3t-user:s3cr3t-pw@127.0.0.1:9/feed?token=s3cr3t-token",
        "http://s3cr3t-user:s3cr3t-pw@ 127.0.0.1/",
        "http://s3cr3t-user:s3cr3t/pw@127.0.0.1/",
        "http://s3cr3t-user:s3cr3t#pw@127.0.0.1/",
        "ftp://s3cr3t-user:s3cr3t-pw@127.0.0.1/",
        "s3cr3t-user:s3cr3t-pw@127.0.0.1/",
        "http://s3cr3t-user:s3cr3t-pw@/",
    ],
)
def test_an_address_that_is_refused_is_quoted_without_its_password(desk: Desk, address: str) -> None:
    done = desk.run("feeds", "add", address)
    assert done.code in (1, 2)
    assert "s3cr3t" not in done.out + done.err
    desk.write(f'[[feed]]\nname = "A"\nurl = "{address}"\n')
    for command in ("list", "doctor", "sync"):
        done = desk.run(command)
        assert "s3cr3t" not in done.out + done.err, command


def test_export_gives_passwords_away_only_when_asked(secret: Desk, tmp_path: Path) -> None:
    closed, opened = tmp_path / "closed.opml", tmp_path / "opened.opml"
    assert "left out the passwords of 4 feeds" in secret.run("feeds", "export", str(closed)).err
    assert "s3cr3t" not in closed.read_text()
    assert "xmlUrl=" in closed.read_text()
    assert secret.run("feeds", "export", str(opened), "--with-credentials").code == 0
    assert "s3cr3t-user:s3cr3t-pw@" in opened.read_text()
    assert _mode(opened) == 0o600
    assert build_parser().parse_args(["feeds", "export", "x"]).with_credentials is False


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.slow
def test_what_is_made_is_for_its_owner_only(secret: Desk) -> None:
    old = os.umask(0)
    try:
        secret.run("sync")
    finally:
        os.umask(old)
    made = sorted(secret.db.parent.iterdir())
    assert {_mode(path) for path in made} == {0o600}, made
    assert _mode(secret.db.parent) == 0o700


def test_what_was_made_open_is_closed(secret: Desk) -> None:
    secret.run("sync")
    own = secret.folder / ".config" / "tracker" / "feeds.toml"
    own.parent.mkdir(parents=True)
    own.write_text("")
    folders = [own.parent, secret.folder / ".local/share/tracker", secret.folder / ".local/state/tracker"]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
    files = [*secret.db.parent.iterdir(), own, secret.config]
    for file in files:
        file.chmod(0o644)
    secret.run("sync")
    assert {_mode(file) for file in files if file.exists() and "json" not in file.name} == {0o600}
    assert {_mode(folder) for folder in folders} == {0o700}


def test_a_folder_shared_with_a_group_and_a_configuration_without_passwords_stay(desk: Desk) -> None:
    desk.run("sync")
    desk.db.parent.chmod(0o2770)
    desk.db.chmod(0o660)
    desk.config.chmod(0o644)
    assert desk.run("sync").code == 0
    assert (_mode(desk.db), _mode(desk.config)) == (0o660, 0o644)

"""Numbers, nouns and verbs agree in what commands and the status line say: 0 feeds, 1 feed, 2 feeds."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import NOW, Desk
from tests.cli.feeds import config, rss, serve
from tests.helpers.http_server import LoopbackServer
from tracker.model.events import SyncFinished
from tracker.model.feed import FeedSynced
from tracker.ui import status

NOUNS = {
    "feed": "feeds", "entry": "entries", "article": "articles", "symbol": "symbols", "custom tag": "custom tags",
    "price": "prices", "headline": "headlines", "story": "stories", "row": "rows",
}  # fmt: skip
TWO = tuple("AB")


def mistakes(text: str) -> list[str]:
    """Return numbers whose noun or verb does not agree with them."""
    one, many = "|".join(NOUNS.values()), "|".join(NOUNS)
    wrong = rf"\b1 (?:{one})\b|\b(?:0|[2-9]|\d\d+) (?:{many})\b"
    verbs = rf"\b1 of \d+ (?:{one}|{many}) (?:are|have)\b|\b(?:0|[2-9]) of \d+ (?:{one}|{many}) (?:is|has)\b"
    return re.findall(f"{wrong}|{verbs}", text)


def test_the_check_finds_what_it_is_for() -> None:
    assert mistakes("1 feeds, 2 entry, 1 of 3 feeds are fine, 0 of 2 symbols has a price, 12 article")
    assert not mistakes("1 feed, 0 entries, 1 of 3 feeds is fine, 2 of 2 symbols have a current price")


@pytest.mark.slow
@pytest.mark.parametrize("count", [0, 1, 2])
def test_commands_agree(count: int, desk: Desk, server: LoopbackServer, tmp_path: Path) -> None:
    names = TWO[:count]
    for name in names:
        server.routes[f"/{name}"] = serve(rss(*(f"{name} {n}" for n in range(count))))
    symbols = "".join(
        f'[[symbol]]\nsymbol = "{name}"\n[[tag]]\nname = "own-{name.lower()}"\nmatch = ["{name}x"]\n' for name in names
    )
    desk.write(config(server, *names, more=symbols))
    opml, added = tmp_path / "x.opml", tmp_path / "added.toml"
    said = []
    for command in (
        ("sync",), ("sync", "--force"), ("doctor",), ("retag",), ("feeds", "check", "--format", "table"),
        ("feeds", "export", str(opml)), ("feeds", "import", str(opml)),
    ):  # fmt: skip
        done = desk.run(*command)
        said.append(done.out + done.err)
    added.write_text("[market]\nproviders = []\n", encoding="utf-8")
    said.append(desk.run("feeds", "import", str(opml), "--config", str(added)).err)
    text = "\n".join(said)
    assert mistakes(text) == []
    nouns = (
        ("1 feed", "1 symbol", "1 custom tag", "1 article") if count == 1 else (f"{count} feeds", f"{count} symbols")
    )
    assert [noun for noun in nouns if not re.search(rf"\b{noun}\b", text)] == []


@pytest.mark.parametrize("count", [0, 1, 2])
def test_the_status_line_agrees(count: int) -> None:
    now = datetime.fromisoformat(NOW)
    feeds = tuple(FeedSynced(name, "failed", reason="x") for name in TWO[:count])
    well = tuple(FeedSynced(name, "new", new=count) for name in TWO[:count])
    for synced in (feeds, well, feeds + well[1:]):
        assert mistakes(status.finished_text(SyncFinished(now - timedelta(seconds=1), now, synced, None), now)) == []

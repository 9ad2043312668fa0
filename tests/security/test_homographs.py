"""Hosts that imitate others with letters of another script, wherever they are shown."""

from __future__ import annotations

import pytest
from textual.app import App

from tests.cli.conftest import Desk
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.ui import press, screen_text, settle
from tracker.ui import themes
from tracker.ui.screens.links import LinksScreen

FALSE = "раураl.com"
TRUE_FORM = "xn--l-7sba6dbr.com"


@pytest.fixture
def desk_with_news(desk: Desk, server: LoopbackServer) -> Desk:
    item = (
        f"<item><title>News</title><guid>1</guid><link>https://{FALSE}/a</link>"
        f"<description>&lt;a href='https://{FALSE}/b'&gt;x&lt;/a&gt;</description></item>"
    )
    server.routes["/a"] = Answer(f"<rss version='2.0'><channel><title>T</title>{item}</channel></rss>".encode())
    feeds = f'\n[[feed]]\nname = "a"\nurl = "{server.url}/a"\n\n[[feed]]\nname = "b"\nurl = "https://{FALSE}/feed"\n'
    desk.write(f"[settings]\nkeep_days = 0\n[market]\nproviders = []\n{feeds}enabled = false\n")
    assert desk.run("sync").code == 0
    return desk


@pytest.mark.parametrize(
    "command", [("list",), ("list", "--articles"), ("feeds", "list")], ids=lambda command: " ".join(command)
)
@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_a_false_host_shows_as_it_is_looked_up(desk_with_news: Desk, command: tuple[str, ...], form: str) -> None:
    done = desk_with_news.run(*command, "--format", form)
    shown = done.out + done.err
    assert done.code == 0
    assert FALSE not in shown
    assert "\\u0440\\u0430" not in shown
    assert form == "table" or TRUE_FORM in shown


def test_problems_with_a_false_host_show_it_as_it_is_looked_up(desk_with_news: Desk) -> None:
    for command in (("doctor",), ("feeds", "check", "b"), ("feeds", "add", f"https://{FALSE}/other")):
        done = desk_with_news.run(*command)
        assert FALSE not in done.out + done.err, command


async def test_the_list_of_links_shows_a_false_host_as_it_is_looked_up_and_opens_it_as_it_is() -> None:
    chosen: list[str | None] = []

    class Themed(App[None]):
        def get_theme_variable_defaults(self) -> dict[str, str]:
            return themes.variable_defaults(False)

    app = Themed()
    async with app.run_test() as pilot:
        await app.push_screen(LinksScreen([f"https://{FALSE}/b"], keys={}), chosen.append)
        await settle(pilot)
        assert f"[1] https://{TRUE_FORM}/b" in screen_text(app)
        await press(pilot, "1")
    assert chosen == [f"https://{FALSE}/b"]

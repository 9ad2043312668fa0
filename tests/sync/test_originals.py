"""A filing becomes the original of the story that the press makes of it: through whole syncs and a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.feeds.test_firsthand import ATOM, current
from tests.helpers.feeds import rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.sync import run_sync
from tracker.config.load import parse_config
from tracker.model.article import Article
from tracker.model.query import parse_query
from tracker.store.read import Reader
from tracker.store.write import Writer

FILED = datetime(2025, 2, 26, 21, 21, 13, tzinfo=UTC)
NOW = FILED + timedelta(hours=1)
FILER = "8-K - NVIDIA CORP (0001045810) (Filer)"
BEAT, JUMP = "Nvidia beats estimates as revenue jumps 78%", "Nvidia tops estimates with a revenue jump of 78%"


@pytest.fixture
def wire(server: LoopbackServer, tmp_path: Path) -> Wire:
    return Wire(server, tmp_path / "t.db")


class Wire:
    """The SEC, two newspapers and a maker of models on one server."""

    def __init__(self, server: LoopbackServer, db: Path) -> None:
        self.server, self.db = server, db
        feeds = "".join(
            f"[[feed]]\nname = '{name.title()}'\nurl = '{server.url}/{name}'\n{more}"
            for name, more in (("paper", ""), ("wire", ""), ("newsroom", "own = true\n"))
        )
        text = (
            f"[settings]\nhost_delay_seconds = 0\n[market]\nproviders = []\n[[symbol]]\nsymbol = 'NVDA'\n{feeds}"
            f"[sources.sec]\nbase_url = '{server.url}'\ncontact = 'me@example.org'\n"
            f"[sources.huggingface]\nbase_url = '{server.url}'\nauthors = ['deepseek-ai']\n"
        )
        self.config = parse_config(text, Path("feeds.toml"))
        for name in ("paper", "wire", "newsroom"):
            self.tell(name)
        server.routes["/api/models"] = Answer(b"[]", headers={"Content-Type": "application/json"})
        self.file()

    def tell(self, name: str, *titles: str, at: datetime = FILED + timedelta(minutes=4)) -> None:
        body = rss(list(titles), published=at).replace(b"news.example", f"{name}.example".encode())
        self.server.routes[f"/{name}"] = Answer(body)

    def file(self, *entries: str) -> None:
        self.server.routes["/cgi-bin/browse-edgar"] = Answer(
            f"{ATOM}{''.join(entries)}</feed>".encode(), headers={"Content-Type": "application/atom+xml"}
        )

    async def sync(self, now: datetime = NOW) -> None:
        await run_sync(self.config, self.db, lambda: now)

    def stories(self) -> list[list[str]]:
        """Return the titles of the stories, each by time."""
        with Reader(self.db) as reader:
            leads = reader.stories.leads(parse_query(""), NOW)
            return [
                [one.title for one in reader.articles.get_many(reader.stories.articles(story.story_id))]
                for story in reader.articles.headlines(leads)
            ]

    def article(self, title: str) -> Article:
        with Reader(self.db) as reader:
            found = reader.articles.get_many(reader.articles.ids(parse_query(""), NOW))
        return next(one for one in found if one.title == title)


@pytest.mark.slow
async def test_a_filing_is_on_top_of_its_story(wire: Wire) -> None:
    wire.file(current(FILER))
    wire.tell("paper", BEAT)
    wire.tell("wire", JUMP, at=FILED + timedelta(minutes=9))
    await wire.sync()
    assert wire.stories() == [["NVIDIA CORP 8-K: results", BEAT, JUMP]]
    original = wire.article(JUMP).story.original
    assert original is not None
    assert (original.source, original.kind, original.published) == ("SEC filings", "sec", FILED)
    assert (original.next_source, original.delay_s) == ("Paper", 240)
    with Reader(wire.db) as reader:
        rows = reader.articles.headlines(reader.stories.articles(wire.article(BEAT).story.id))
    assert [row.original_time for row in rows] == [None, FILED, FILED]
    assert [row.symbol for row in rows] == ["NVDA", "NVDA", "NVDA"]


@pytest.mark.slow
async def test_whichever_is_fetched_first(wire: Wire) -> None:
    wire.tell("paper", BEAT)
    await wire.sync()
    assert wire.article(BEAT).story.original is None
    wire.file(current(FILER))
    await wire.sync(NOW + timedelta(hours=2))
    assert wire.stories() == [["NVIDIA CORP 8-K: results", BEAT]]
    wire.tell("wire", JUMP, at=FILED + timedelta(minutes=9))
    await wire.sync(NOW + timedelta(hours=4))
    assert wire.stories() == [["NVIDIA CORP 8-K: results", BEAT, JUMP]]


@pytest.mark.parametrize("is_first", [True, pytest.param(False, marks=pytest.mark.slow)])
async def test_a_sync_that_ended_before_joining_leaves_that_to_the_next_one(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    if not is_first:
        await wire.sync()
    wire.file(current(FILER))
    wire.tell("paper", BEAT)
    with monkeypatch.context() as patched:
        patched.setattr("tracker.sync.originals.join_originals", lambda writer, now: 0)
        await wire.sync(NOW + timedelta(hours=2))
    assert len(wire.stories()) == 2
    await wire.sync(NOW + timedelta(hours=4))
    assert wire.stories() == [["NVIDIA CORP 8-K: results", BEAT]]
    with Writer(wire.db) as writer:
        assert writer.originals.is_complete()


@pytest.mark.slow
async def test_two_filings_alike_are_two(wire: Wire) -> None:
    wire.file(
        current(FILER, items="8.01", accession="0001045810-25-000021"),
        current(FILER, items="8.01", accession="0001045810-25-000022").replace("x.htm", "y.htm"),
    )
    wire.tell("paper", BEAT)
    await wire.sync()
    assert sorted(map(len, wire.stories())) == [1, 1, 1]


@pytest.mark.slow
async def test_what_the_user_split_stays_apart(wire: Wire) -> None:
    wire.file(current(FILER))
    wire.tell("paper", BEAT)
    await wire.sync()
    with Writer(wire.db) as writer:
        assert writer.stories.split(wire.article(BEAT).id).before
    wire.tell("wire", JUMP, at=FILED + timedelta(minutes=9))
    await wire.sync(NOW + timedelta(hours=2))
    assert ["NVIDIA CORP 8-K: results"] in wire.stories()


@pytest.mark.slow
async def test_a_companys_release_and_a_model(wire: Wire) -> None:
    release = "NVIDIA Announces Financial Results for Fourth Quarter and Fiscal 2025"
    wire.tell("newsroom", release, at=FILED)
    wire.server.routes["/api/models"] = Answer(
        b'[{"id": "deepseek-ai/DeepSeek-R1", "createdAt": "2025-02-26T20:00:00.000Z"},'
        b' {"id": "deepseek-ai/DeepSeek-R1-Zero", "createdAt": "2025-02-26T20:00:00.000Z"}]',
        headers={"Content-Type": "application/json"},
    )
    model = "DeepSeek opens the weights of R1, its model that reasons"
    wire.tell("paper", BEAT, model)
    await wire.sync()
    assert sorted(wire.stories()) == [
        ["NVIDIA Announces Financial Results for Fourth Quarter and Fiscal 2025", BEAT],
        ["deepseek-ai releases DeepSeek-R1 on Hugging Face", model],
        ["deepseek-ai releases DeepSeek-R1-Zero on Hugging Face"],
    ]
    original = wire.article(BEAT).story.original
    assert original is not None
    assert (original.kind, original.title) == ("company", release)

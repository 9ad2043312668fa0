"""First-hand sources in a sync: contact, pages, tags by number, and tagging again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.feeds.test_firsthand import ATOM, NOW, current
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.sync import run_sync
from tracker.config.load import parse_config
from tracker.model.config import Config
from tracker.model.query import parse_query
from tracker.store.read import Reader
from tracker.sync.retagging import retag

BODY = f"{ATOM}{current('8-K - NVIDIA CORP (0001045810) (Filer)')}</feed>".encode()


def configured(server: LoopbackServer, more: str = 'contact = "me@example.org"\n') -> Config:
    """Return a configuration that watches Nvidia and asks the server for filings."""
    text = (
        "[settings]\nhost_delay_seconds = 0\n[market]\nproviders = []\n[[symbol]]\nsymbol = 'NVDA'\n"
        f"[sources.sec]\nbase_url = '{server.url}'\n{more}"
    )
    return parse_config(text, Path("feeds.toml"))


@pytest.mark.slow
async def test_a_filing_on_two_pages_is_one_article_tagged_by_number(server: LoopbackServer, tmp_path: Path) -> None:
    server.routes["/cgi-bin/browse-edgar"] = Answer(BODY, headers={"Content-Type": "application/atom+xml"})
    config, db = configured(server), tmp_path / "t.db"
    await run_sync(config, db, lambda: NOW)
    assert {request.headers["user-agent"].split(" ", 1)[1] for request in server.requests} == {"me@example.org"}
    assert {request.query["action"][0] for request in server.requests} == {"getcurrent", "getcompany"}
    assert [request.query["CIK"][0] for request in server.requests if "CIK" in request.query] == ["0001045810"]
    list(retag(config, db))
    with Reader(db) as reader:
        (article,) = reader.articles.get_many(reader.articles.ids(parse_query("symbol:NVDA"), NOW))
        assert article.source == "SEC filings"
        assert article.symbol == "NVDA"
        due = reader.feeds.states()["SEC filings"].due_at(NOW)
        assert due is not None
        assert timedelta(minutes=1) <= due - NOW <= timedelta(minutes=1, seconds=6)


def test_nothing_is_asked_without_a_contact(server: LoopbackServer) -> None:
    assert configured(server, "").feeds == ()

"""Hostile answers of first-hand sources in whole syncs: each is a reason of its source, and ends nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.feeds.test_firsthand import ATOM, current, halt
from tests.helpers.feeds import rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.sync import run_sync
from tests.market.shapes import JSON_TYPE
from tracker.config.load import parse_config
from tracker.model.feed import FeedSynced
from tracker.model.query import parse_query
from tracker.store.read import Reader

NOW = datetime(2025, 2, 26, 22, tzinfo=UTC)
PATHS = {
    "sec": "/cgi-bin/browse-edgar",
    "halts": "/rss.aspx",
    "huggingface": "/api/models",
    "twse": "/v1/opendata/t187ap04_L",
}
NAMES = {
    "sec": "SEC filings",
    "halts": "Trading halts",
    "huggingface": "Hugging Face: deepseek-ai",
    "twse": "Taiwan announcements",
}
UTF_8 = ATOM.replace("ISO-8859-1", "UTF-8")
HTML = Answer(b"<!DOCTYPE html><html><body>Log in</body></html>", headers={"Content-Type": "text/html"})
DEEP_XML = Answer(b"<rss>" + b"<a>" * 50_000 + b"</a>" * 50_000 + b"</rss>")
BOMB = Answer(b'<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>')


def models(*listed: object) -> Answer:
    return Answer(json.dumps(listed).encode(), headers=JSON_TYPE)


async def synced(server: LoopbackServer, db: Path, *sources: str) -> dict[str, FeedSynced]:
    """Sync one ordinary feed and these sources; return what came of each."""
    server.routes["/f"] = Answer(rss(["One"]))
    text = (
        "[settings]\nhost_delay_seconds = 0\n[market]\nproviders = []\n[[symbol]]\nsymbol = 'NVDA'\n"
        "[[symbol]]\nsymbol = '2330.TW'\n"
        f"[[feed]]\nname = 'Ordinary'\nurl = '{server.url}/f'\n"
    )
    more = {
        "sec": "contact = 'me@example.org'\n",
        "halts": "enabled = true\n",
        "twse": "enabled = true\n",
        "huggingface": "authors = ['deepseek-ai']\n",
    }
    for name in sources:
        text += f"[sources.{name}]\nbase_url = '{server.url}'\n{more[name]}"
    finished, _ = await run_sync(parse_config(text, Path("feeds.toml")), db, lambda: NOW)
    return {one.name: one for one in finished.feeds}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "given", "reason"),
    [
        ("sec", HTML, "an HTML page"),
        ("halts", HTML, "an HTML page"),
        ("huggingface", HTML, "not a list of models: broken JSON"),
        ("sec", Answer(rss(["One"])), "not EDGAR's list of filings"),
        ("sec", DEEP_XML, "broken XML"),
        ("halts", DEEP_XML, "broken XML"),
        ("halts", BOMB, "document type"),
        ("huggingface", Answer(b"[" * 200_000, headers=JSON_TYPE), "not a list of models"),
        (
            "huggingface",
            Answer(b'{"error": "\\u202eslow\\u0007 down"}', headers=JSON_TYPE),
            "Hugging Face says: slow down",
        ),
        ("huggingface", models(3, [], {"id": 5}, None), "nothing in it has an id"),
        ("halts", Answer(b"", 301, {"Location": "http://10.9.8.7/rss.aspx"}), "10.9.8.7"),
        ("sec", Answer(b"", 301, {"Location": "file:///etc/passwd"}), "file"),
        ("huggingface", Answer(b"x" * 30_000_000, headers=JSON_TYPE), "more than 10 MB"),
        ("sec", Answer(b"busy", 503), "503"),
        ("twse", HTML, "not a list of the Taiwan exchange"),
        ("twse", models({"公司代号": "2330"}), "nothing in it has the code of a company"),
    ],
)
async def test_an_answer_that_is_none_is_the_reason_of_its_source_alone(
    server: LoopbackServer, tmp_path: Path, source: str, given: Answer, reason: str
) -> None:
    server.routes[PATHS[source]] = given
    done = await synced(server, tmp_path / "t.db", source)
    assert (done["Ordinary"].status, done["Ordinary"].new) == ("new", 1)
    broken = done[NAMES[source]]
    assert broken.status == "failed"
    assert reason in (broken.reason or "")
    with Reader(tmp_path / "t.db") as reader:
        state = reader.feeds.states()[NAMES[source]]
        assert state.last_reason == broken.reason
        assert not any(char in (state.last_reason or "") for char in "\u202e\x07\x1b")
        assert state.next_due is not None
        assert state.next_due > NOW
        assert reader.articles.count() == 1


async def test_a_list_of_halts_that_failed_once_is_asked_again_after_its_own_interval(
    server: LoopbackServer, tmp_path: Path
) -> None:
    server.routes[PATHS["halts"]] = Answer(b"oops", 500)
    done = await synced(server, tmp_path / "t.db", "halts")
    due = done[NAMES["halts"]].next_due
    assert due is not None
    assert timedelta(minutes=1) <= due - NOW <= timedelta(minutes=1, seconds=6)


@pytest.mark.slow
async def test_odd_values_are_cleaned_or_left_out_and_bounded(server: LoopbackServer, tmp_path: Path) -> None:
    bidi = current("8-K - NVIDIA \u202eCORP\u2066 (0001045810) (Filer)").replace("x.htm", "x\u200b.htm")
    nvidia = "8-K - NVIDIA CORP (0001045810) (Filer)"
    ages = [
        current(nvidia, accession=f"0001045810-25-{number:06}").replace("2025-02-26T", day)
        for number, day in enumerate(("9999-12-31T", "0001-01-01T", "-2025-02-26T", "2025-13-45T"))
    ]
    many = [current(nvidia, accession=f"0001045810-24-{n:06}") for n in range(300)]
    server.routes[PATHS["sec"]] = Answer(f"{ATOM}{bidi}{''.join(ages)}{''.join(many)}</feed>".encode())
    server.routes[PATHS["halts"]] = Answer(
        halt(HaltDate="12/31/9999", ReasonCode="\u202eT1" * 500, IssueName="NVIDIA \u202eCorp" * 1_000)
    )
    server.routes[PATHS["huggingface"]] = models(
        {"id": "deepseek-ai/" + "x" * 5_000},
        {"id": "deepseek-ai/../../etc"},
        {"id": "deepseek-ai/R9", "createdAt": "9999-12-31T23:59:59Z", "pipeline_tag": {"a": 1}, "tags": 10**400},
        {"id": "deepseek-ai/R0", "createdAt": -1, "tags": ["license:\u202emit" * 1_000]},
    )
    day = {"公司代號": "2330", "公司名稱": "台\u202e積電", "發言日期": "1140226", "發言時間": "101500"}
    server.routes[PATHS["twse"]] = models(
        *({**day, "主旨 ": f"\u202e{n}" + "x" * 9_000, "說明": "y\u2066" * 90_000} for n in range(9)),
        {**day, "主旨": "of another time", "發言日期": "99991231"},
        {**day, "主旨": "of no time", "發言時間": 10**400},
        {**day, "公司代號": ["2330"]},
    )
    server.routes["/v1/opendata/t187ap05_L"] = models(
        {"公司代號": "2330", "資料年月": "99999", "營業收入-當月營收": "9" * 400},
        {"公司代號": "2330", "資料年月": "11401", "營業收入-當月營收": "1e999"},
    )
    done = await synced(server, tmp_path / "t.db", *PATHS)
    assert {one.name: one.reason for one in done.values() if one.status == "failed"} == {}
    with Reader(tmp_path / "t.db") as reader:
        articles = list(reader.articles.get_many(reader.articles.ids(parse_query(""), NOW)))
    by_source = {name: [one for one in articles if one.source == name] for name in NAMES.values()}
    assert len(by_source["Taiwan announcements"]) == 9
    assert {one.symbol for one in by_source["Taiwan announcements"]} == {"2330.TW"}
    assert 300 < len(by_source["SEC filings"]) <= 305
    assert {one.title for one in by_source["Hugging Face: deepseek-ai"]} == {
        "deepseek-ai releases R9 on Hugging Face",
        "deepseek-ai releases R0 on Hugging Face",
    }
    for one in articles:
        assert one.time <= NOW + timedelta(minutes=15), one.title
        assert not any(char in one.title + one.text for char in "\u202e\u2066\u200b\x1b")
        assert len(one.title) <= 1_000

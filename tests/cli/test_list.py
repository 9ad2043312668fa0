"""`tracker list` on a real database."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.cli.conftest import Desk
from tests.helpers.store import NOW, about, article, fill
from tracker.model.attribution import Attribution
from tracker.model.market import INTRADAY, Bar, Quote
from tracker.store.write import Writer

TITLE = "Nvidia falls 17 %"
CHINESE = "英伟达市值一日蒸发近6000亿美元"


@pytest.fixture
def news(desk: Desk) -> Desk:
    """Return a desk with two articles of one story, a third one, and prices."""
    with Writer(desk.db) as writer:
        mention = about("nvidia", TITLE, "NVDA")
        first = article(TITLE, minutes_ago=16, mentions=[mention], symbol="NVDA", story_keys=["k"], url="http://x/1")
        second = article(
            "Nvidia falls, again",
            minutes_ago=10,
            mentions=[about("nvidia", "Nvidia falls, again", "NVDA")],
            symbol="NVDA",
            story_keys=["k"],
        )
        other = article(CHINESE, minutes_ago=60 * 26, text="Text")
        fill(writer, "CNBC", [first], group="Markets")
        fill(writer, "Solidot", [second, other])
        start = NOW - timedelta(minutes=25)
        bar = Bar("NVDA", INTRADAY, start, start + timedelta(minutes=5), 120.0, "yahoo")
        writer.prices.store_bars("NVDA", INTRADAY, [bar], None, [], NOW)
        quote = Quote("NVDA", 118.42, NOW - timedelta(minutes=1), "yahoo", 142.62, None, "post", "USD", NOW)
        writer.prices.store_quotes([quote], [], [], [], NOW)
        writer.marks.set_starred([1], True)
    return desk


def test_the_record_is_that_of_the_interface(news: Desk) -> None:
    done = news.run("list", f'title:"{TITLE}"')
    assert (done.code, done.err) == (0, "")
    assert done.records == [
        {
            "id": 1,
            "title": TITLE,
            "url": "http://x/1",
            "source": "CNBC",
            "author": None,
            "published": "2025-01-27T21:00:00Z",
            "first_seen": "2025-01-27T21:16:00Z",
            "lang": None,
            "read": False,
            "starred": True,
            "story": {"id": 1, "size": 2, "sources": ["CNBC", "Solidot"], "original": None},
            "attribution": None,
            "tags": [
                {
                    "name": "nvidia",
                    "symbol": "NVDA",
                    "salience": "about",
                    "matches": [{"field": "title", "start": 0, "end": 6, "text": "Nvidia"}],
                }
            ],
            "moves": {
                "NVDA": {
                    "since": pytest.approx(118.42 / 120 - 1),
                    "abnormal": None,
                    "t": None,
                    "value_usd": pytest.approx(-38393999999.99998),
                    "before": None,
                    "day": pytest.approx(118.42 / 142.62 - 1),
                    "price": 118.42,
                    "price_time": "2025-01-27T21:15:00Z",
                    "base_price": 120.0,
                    "base_time": "2025-01-27T20:56:00Z",
                    "session": "post",
                    "currency": "USD",
                    "provider": "yahoo",
                    "stale": False,
                }
            },
        }
    ]


def test_the_record_says_whom_an_article_names_as_its_source(news: Desk) -> None:
    with Writer(news.db) as writer:
        known = Attribution("CNBC", "http://x/1", "text", 9, 13)
        rewrite = replace(article("Retold", text="Source : CNBC", story_keys=["k"]), attribution=known)
        fill(writer, "Numerama", [rewrite])
        fill(writer, "heise", [replace(article("Taken over"), attribution=Attribution("dpa"))])
    (one,), (two,) = (news.run("list", f"title:{title}").records for title in ("Retold", '"Taken over"'))
    assert one["attribution"] == {"name": "CNBC", "url": "http://x/1", "original_id": 1}
    assert two["attribution"] == {"name": "dpa", "url": None, "original_id": None}


def test_the_table_is_readable(news: Desk) -> None:
    assert news.run("list", "--format", "table").out.splitlines() == [
        " age  headline                            source   about   share    since     today",
        "★16m  Nvidia falls 17 %               +1  CNBC     nvidia  NVDA   ▼ 1.32%   ▼16.97%",
        "  1d  英伟达市值一日蒸发近6000亿美元      Solidot",
    ]


def test_a_terminal_gets_the_table_in_colour(news: Desk) -> None:
    assert "\x1b[31m▼ 1.32%" in news.run("list", is_terminal=True).out
    assert "\x1b" not in news.run("list", is_terminal=True, environ={"NO_COLOR": "1"}).out
    news.write("[settings]\nred_up = true\n[market]\nproviders = []\n")
    assert "\x1b[32m▼ 1.32%" in news.run("list", is_terminal=True).out


def test_a_terminal_is_told_that_nothing_matches(news: Desk) -> None:
    done = news.run("list", "zzqqx", is_terminal=True)
    assert (done.code, done.out, done.err) == (0, "", "no article matches\n")
    assert news.run("list", "zzqqx").err == ""


def test_json_holds_the_same_as_its_lines(news: Desk) -> None:
    assert json.loads(news.run("list", "--format", "json").out) == news.run("list").records


def test_csv_has_flat_columns(news: Desk) -> None:
    rows = list(csv.DictReader(io.StringIO(news.run("list", "--articles", "--format", "csv").out)))
    assert len(rows) == 3
    assert {name: rows[1][name] for name in ("title", "starred", "story_sources", "about", "mentions", "symbol")} == {
        "title": TITLE,
        "starred": "true",
        "story_sources": "CNBC; Solidot",
        "about": "nvidia",
        "mentions": "",
        "symbol": "NVDA",
    }
    assert float(rows[1]["since"]) == pytest.approx(118.42 / 120 - 1)
    assert rows[2]["since"] == ""


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [2, 1, 3]),
        ("tag:nvidia", [2, 1]),
        ("-tag:nvidia", [3]),
        ("falls -again", [1]),
        ("-source:cnbc tag:nvidia", [2]),
        ("is:starred", [2, 1]),
        ("newer:1h", [2, 1]),
        ("group:markets OR 英伟达", [1, 3]),
    ],
)
def test_queries_select(news: Desk, query: str, ids: list[int]) -> None:
    assert [record["id"] for record in news.run("list", "--articles", *query.split()).records] == ids
    assert [record["id"] for record in news.run("list", "--articles", query).records if query] == (ids if query else [])


def test_a_story_is_one_row_its_first_report_among_the_matches(news: Desk) -> None:
    assert [record["id"] for record in news.run("list").records] == [1, 3]
    assert [record["id"] for record in news.run("list", "again").records] == [2]
    assert news.run("list", "again").records[0] == news.run("list", "--articles").records[0]


def test_the_limit_counts_rows_and_nought_is_all(news: Desk) -> None:
    with Writer(news.db) as writer:
        fill(writer, "The Verge", [article(f"Nvidia falls {n}", minutes_ago=n, story_keys=["k"]) for n in range(9)])
    assert [record["id"] for record in news.run("list", "--limit", "1").records] == [1]
    assert [record["id"] for record in news.run("list", "--limit", "2").records] == [1, 3]
    assert len(news.run("list", "--limit", "0").records) == 2
    assert len(news.run("list", "--limit", "3", "--articles").records) == 3
    assert len(news.run("list", "--limit", "0", "--articles").records) == 12


@pytest.mark.parametrize("command", ["list", "impact", "ui"])
def test_an_unknown_tag_is_an_error_that_names_the_nearest_one(news: Desk, command: str) -> None:
    done = news.run(command, "falls", "-tag:nvida")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "invalid query at character 12: expected a known tag; did you mean tag:nvidia?\n"
        "  falls -tag:nvida\n             ^\n"
    )


def test_a_feed_or_group_that_there_is_not_is_an_error_that_names_the_nearest_one(desk: Desk) -> None:
    desk.write(
        "[market]\nproviders = []\n"
        '[[feed]]\nname = "Ars Technica"\nurl = "https://ars.example/"\ngroup = "Chips & AI"\n'
        '[[feed]]\nname = "Elsewhere"\nurl = "https://else.example/"\n'
    )
    with Writer(desk.db) as writer:  # removed from the file, with articles that are kept for a while
        fill(writer, "CNBC", [article("Nvidia falls")])
    for known in (
        "source:ars",
        "feed:ars-technica",
        'feed:"Ars Technica"',
        "feed:cnbc",
        "group:chips-ai",
        "-source:BC",
    ):
        assert desk.run("list", known).code == 0, known
    for query, meant in (
        ("source:ars-tecnica", 'known feed; did you mean source:"ars technica"?'),
        ("feed:ars", 'known feed; did you mean feed:"ars technica"?'),
        ("falls -feed:cnbd", "known feed; did you mean feed:cnbc?"),
        ("group:chips", 'known group; did you mean group:"chips & ai"?'),
        ("group:sports", "known group; no group is called sports"),
        ("source:reddit", "known feed; no feed is called reddit"),
    ):
        done = desk.run("list", query)
        assert (done.code, done.out) == (2, "")
        assert f"expected a {meant}\n" in done.err
    assert desk.run("list", 'group:"chips & ai"').code == 0
    desk.write('[[mute]]\nquery = "football"\n[[mute]]\nquery = "source:reddit"\n')
    assert ':3: mute.query: "source:reddit" at character 8: expected a known feed' in desk.run("config", "check").err


def test_a_share_that_there_is_not_is_an_error_that_names_the_nearest_one(desk: Desk) -> None:
    desk.write(
        '[market]\nproviders = []\n[[symbol]]\nsymbol = "QQZZ.DE"\n[[tag]]\nname = "x"\nsymbol = "ZZX"\nmatch = ["x"]\n'
    )
    with Writer(desk.db) as writer:
        fill(writer, "CNBC", [article("Stored", symbol="ZZSTORED")])
    for known in ("nvda", "QQZZ.DE", "ZZX", "zzstored", "SIE.DE"):
        assert desk.run("list", f"symbol:{known}").code == 0, known
    assert "expected a known share; did you mean symbol:QQZZ.DE?" in desk.run("list", "symbol:QQZZ").err
    assert "expected a known share; no share is called 00XX00" in desk.run("list", "symbol:00xx00").err


def test_a_tag_is_known_by_the_database_the_configuration_or_the_companies(desk: Desk) -> None:
    assert "did you mean about:deepseek?" in desk.run("list", "about:depseek").err
    assert "no tag is called zzzzqqqq" in desk.run("list", "tag:zzzzqqqq").err
    desk.write(
        '[market]\nproviders = []\n[[tag]]\nname = "zzzzqqqq"\nmatch = ["Zzzzqqqq"]\n'
        '[[feed]]\nname = "Blog"\nurl = "https://blog.example/feed"\ntags = ["of-the-blog"]\n'
        '[[symbol]]\nsymbol = "QQZZ"\nname = "Quince Zebra"\n'
    )
    for known in ("zzzzqqqq", "ZZZZQQQQ", "of-the-blog", "quince-zebra", "deepseek"):
        assert desk.run("list", f"tag:{known}").code == 0, known
    with Writer(desk.db) as writer:
        fill(writer, "CNBC", [article("From-before", mentions=[about("from-before", "From-before")])])
    assert len(desk.run("list", "tag:from-before").records) == 1


def test_the_order_of_sources_shows_how_many_there_are(news: Desk) -> None:
    with Writer(news.db) as writer:  # a second report by a source that has the story already
        fill(writer, "CNBC", [article("Nvidia falls more", minutes_ago=5, story_keys=["k"])])
    lines = news.run("list", "sort:sources", is_terminal=True, environ={"COLUMNS": "140"}).out.splitlines()
    assert "2 sources" in lines[1]
    assert " 1 source\x1b" in lines[2]
    assert "+2" in news.run("list", is_terminal=True, environ={"COLUMNS": "140"}).out


def test_an_undated_article_of_an_archive_has_no_age(desk: Desk) -> None:
    dated = article("Archived page")
    archived = replace(dated, entry=replace(dated.entry, published=None), at_latest=NOW - timedelta(days=1))
    with Writer(desk.db) as writer:
        fill(writer, "CNBC", [archived])
    (_, line) = desk.run("list", is_terminal=True, environ={"COLUMNS": "140"}).out.splitlines()
    assert "–" in line.partition("Archived")[0]
    assert desk.run("list").records[0]["published"] is None


def test_a_query_error_points_at_its_character(news: Desk) -> None:
    done = news.run("list", "英伟达 is:nothing")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "invalid query at character 8: expected unread, read, starred, watched or muted\n"
        "  英伟达 is:nothing\n            ^\n"
    )


def test_nothing_from_a_feed_reaches_the_terminal_as_a_command(desk: Desk) -> None:
    with Writer(desk.db) as writer:
        fill(writer, "Feed\x1b[2J", [article("\x1b]0;owned\x07 [/red]\x9b31m title")])
    for form in ("table", "jsonl", "json"):
        out = desk.run("list", "--format", form).out
        assert not any((char < " " and char != "\n") or "\x7f" <= char < "\xa0" for char in out)
        assert "[/red]" in out


def test_an_article_without_a_time_has_no_move_since(news: Desk) -> None:
    from msgspec.structs import replace

    with Writer(news.db) as writer:
        timeless = article("Nvidia undated", mentions=[about("nvidia", "Nvidia undated", "NVDA")], symbol="NVDA")
        fill(writer, "CNBC", [replace(timeless, entry=replace(timeless.entry, published=None))])
    record = news.run("list", "undated").records[0]
    assert record["published"] is None
    assert record["moves"]["NVDA"]["since"] is None
    assert record["moves"]["NVDA"]["base_price"] is None
    assert record["moves"]["NVDA"]["price"] == 118.42


@pytest.mark.slow
def test_without_a_terminal_the_window_is_the_table_of_list(news: Desk) -> None:
    table = news.run("list", "tag:nvidia", "--format", "table").out
    assert news.run("ui", "tag:nvidia").out == table
    assert news.process("ui", "tag:nvidia").out == table
    assert news.process().code == 0


def test_a_query_for_dates_that_nobody_is_asked_for_says_so(news: Desk) -> None:
    done = news.run("list", "results<3d")
    assert (done.code, done.out) == (0, "")
    assert "dates of results are not fetched: set enabled = true under [sources.earnings] in feeds.toml" in done.err
    assert "no date" not in news.run("list", "nvidia").err

"""`tracker league`: one record a source, over stored stories and prices."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import Desk
from tests.helpers.prices import DAY0, day_bars, five, store, walk
from tests.helpers.store import NOW, about, article, fill, raw
from tracker.model.dividends import Dividend
from tracker.model.market import DAILY
from tracker.model.plan import NewArticle
from tracker.store.write import Writer

LATER = {"TRACKER_NOW": "2025-01-28T12:00:00Z"}
LOSS, CHIPS = "nvidia loses most of its value", "a new plant for chips"


def told(title: str, story: str, minutes_ago: float, symbol: str | None = None) -> NewArticle:
    mentions = [] if symbol is None else [about("nvidia", title, symbol)]
    return article(title, minutes_ago=minutes_ago, symbol=symbol, mentions=mentions, story_keys=[story])


@pytest.fixture
def stored(desk: Desk) -> Desk:
    """Return a desk after Monday's close: two stories of three sources, one of them about Nvidia, with prices."""
    desk.db.parent.mkdir(parents=True)
    with Writer(desk.db) as writer:
        closes = {day: 100.0 for day in walk(1) if day < DAY0} | {DAY0: 80.0}
        store(writer, day_bars("NVDA", closes))
        store(writer, [five("NVDA", "2025-01-27T15:15", 95.0), five("NVDA", "2025-01-27T16:15", 85.0)])
        for source, loss, chips in (("Wire", 360, 100), ("Paper", 300, 90), ("Blog", 10, None)):
            rows = [told(LOSS, "loss", loss, "NVDA")]
            fill(writer, source, rows if chips is None else [*rows, told(CHIPS, "chips", chips)])
        fill(writer, "Alone", [article("nobody else has this")])
    return desk


def records(desk: Desk, *words: str) -> Sequence[dict[str, object]]:
    outcome = desk.run("league", *words, environ=LATER)
    assert outcome.code == 0
    return outcome.records


def test_a_record_has_what_a_source_did(stored: Desk) -> None:
    wire, paper, blog = records(stored)
    assert wire == {
        "source": "Wire", "stories": 2, "first": 2, "first_share": 1.0, "behind_s": None, "priced": 1, "gone": 0.0,
    }  # fmt: skip
    assert (paper["source"], paper["stories"], paper["first"], paper["behind_s"]) == ("Paper", 2, 0, 35 * 60)
    assert paper["gone"] == pytest.approx((1 - 85 / 95) / (1 - 80 / 95))
    assert (blog["source"], blog["behind_s"], blog["gone"]) == ("Blog", 350 * 60, 1.0)


def test_a_dividend_is_no_fall(stored: Desk) -> None:
    begins = datetime(2025, 1, 27, 15, 30, tzinfo=UTC)  # after the price that the move starts from
    with Writer(stored.db) as writer:
        writer.prices.store_bars("NVDA", DAILY, (), None, (), begins, [Dividend(DAY0, begins, 5.0)])
    _, paper, _ = records(stored)
    assert paper["gone"] == pytest.approx((1 - 90 / 95) / (1 - 85 / 95))


def test_a_story_counts_whole_when_one_report_matches(stored: Desk) -> None:
    assert [one["stories"] for one in records(stored, "source:blog")] == [1, 1, 1]
    assert [one["source"] for one in records(stored, "plant")] == ["Wire", "Paper"]
    assert records(stored, "source:alone") == []
    assert len(records(stored, "--limit", "1")) == 1


def test_what_is_not_known_is_null(stored: Desk) -> None:
    before_the_close = stored.run("league", environ={"TRACKER_NOW": "2025-01-27T20:00:00Z"}).records
    assert {(one["priced"], one["gone"]) for one in before_the_close} == {(0, None)}


def test_muted_articles_and_doubtful_times_are_left_out(stored: Desk) -> None:
    with Writer(stored.db) as writer:
        raw(writer).execute("UPDATE article SET muted = 1 WHERE feed_id = (SELECT id FROM feed WHERE name = 'Blog')")
        raw(writer).execute("UPDATE feed SET server_ahead = CASE name WHEN 'Wire' THEN 3600 ELSE 0 END")
    outcome = stored.run("league", environ=LATER)
    assert outcome.records == []
    assert outcome.err == "no story that several sources reported · left out: 2 reports with a doubtful time\n"


def test_the_table(stored: Desk) -> None:
    shown = stored.run("league", "--format", "table", environ=LATER)
    assert [line.split() for line in shown.out.splitlines()] == [
        ["source", "stories", "first", "first", "%", "behind", "by", "move", "gone", "with", "prices"],
        ["Wire", "2", "2", "100%", "0%", "1"],
        ["Paper", "2", "0", "0%", "35", "min", "67%", "1"],
        ["Blog", "1", "0", "0%", "5", "h", "100%", "1"],
    ]
    assert shown.err == "2 stories that several sources reported since 27 Jan 2025\n"


def test_csv(stored: Desk) -> None:
    rows = list(csv.DictReader(io.StringIO(stored.run("league", "--format", "csv", environ=LATER).out)))
    assert [(row["source"], row["behind_s"]) for row in rows] == [
        ("Wire", ""),
        ("Paper", "2100.0"),
        ("Blog", "21000.0"),
    ]


def test_without_articles_it_says_so(desk: Desk) -> None:
    empty = desk.run("league", "--format", "json")
    assert (empty.code, empty.out) == (0, "[]\n")
    assert "no articles yet; run `tracker sync`" in empty.err


def test_an_invalid_query_is_an_error(desk: Desk) -> None:
    assert desk.run("league", "tag:").code == 2


def test_a_report_that_is_fetched_late_counts_by_its_publication(stored: Desk) -> None:
    with Writer(stored.db) as writer:
        late = told("nvidia in the first hour", "loss", 370, "NVDA")
        fill(writer, "Late", [article(late.entry.title, minutes_ago=370 + 60, now=NOW + timedelta(hours=1),
                                      symbol="NVDA", story_keys=["loss"])])  # fmt: skip
    late_one, wire = records(stored)[:2]
    assert (late_one["source"], late_one["first"], wire["first"], wire["behind_s"]) == ("Late", 1, 1, 10 * 60)

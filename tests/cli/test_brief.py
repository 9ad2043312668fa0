"""`tracker brief`: one record a share as the interface has it, and the page as a table."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from tests.cli.conftest import Desk, Outcome
from tests.helpers.prices import DAY0, day_bars, five, store, walk
from tests.helpers.store import NOW, about, article, fill
from tracker.model.dates import ComingDate
from tracker.model.market import Quote
from tracker.store.write import Writer
from tracker.words.cells import cell_width

CONFIG = """\
[market]
providers = []
[[symbol]]
symbol = "NVDA"
[[symbol]]
symbol = "AMD"
name = "My AMD"
"""


@pytest.fixture
def stored(desk: Desk) -> Desk:
    """Return a desk on Monday evening: two shares, news since the close and before."""
    desk.write(CONFIG)
    desk.db.parent.mkdir(parents=True)
    with Writer(desk.db) as writer:
        closes = {day: price * (0.8 if day >= DAY0 else 1) for day, price in walk(5, size=0.02).items()}
        past = {day: price for day, price in closes.items() if day <= DAY0}
        store(writer, day_bars("NVDA", past))
        store(writer, day_bars("^GSPC", {day: price for day, price in walk(2).items() if day <= DAY0}))
        first = past[DAY0]
        store(writer, [five("NVDA", f"2025-01-27T15:{n:02}", first * (1 + n / 100)) for n in range(5, 30, 5)])
        writer.prices.store_quotes(
            [Quote("NVDA", first * 1.01, NOW, "yahoo", regular_price=first, session="post", currency="USD")],
            (), (), (), NOW,
        )  # fmt: skip
        told = article(
            "nvidia sinks", minutes_ago=380, symbol="NVDA", mentions=[about("nvidia", "nvidia sinks", "NVDA")]
        )
        fill(writer, "Wire", [told, article("nvidia in the evening", minutes_ago=5, symbol="NVDA")])
        for feed in ("One", "Two"):
            fill(writer, feed, [article("A new [fab]", key=feed, minutes_ago=6, story_keys=["fab"])])
    return desk


def test_the_record_is_that_of_the_interface(stored: Desk) -> None:
    nvidia, amd = stored.run("brief").records
    assert list(nvidia) == [
        "symbol", "name", "price", "currency", "session", "change", "extended_change", "abnormal", "t", "held",
        "held_change", "largest_step", "stories", "dates",
    ]  # fmt: skip
    assert (nvidia["symbol"], nvidia["name"], nvidia["session"]) == ("NVDA", "Nvidia", "2025-01-27")
    assert nvidia["change"] < -0.1
    assert nvidia["t"] < -5
    assert nvidia["extended_change"] == pytest.approx(0.01)
    assert (nvidia["held"], nvidia["held_change"], nvidia["dates"]) == (None, None, [])
    step = nvidia["largest_step"]
    assert list(step) == ["start", "end", "change", "article_ids"]
    assert len(step["article_ids"]) == 1
    assert [list(story) for story in nvidia["stories"]] == [["id", "title", "size", "first_source", "published"]]
    assert nvidia["stories"][0]["title"] == "nvidia in the evening"
    assert (amd["name"], amd["price"], amd["change"], amd["largest_step"]) == ("My AMD", None, None, None)


def test_what_is_new_can_reach_further_back(stored: Desk) -> None:
    titles = [story["title"] for story in stored.run("brief", "--since", "16h").records[0]["stories"]]
    assert titles == ["nvidia in the evening", "nvidia sinks"]
    refused = stored.run("brief", "--since", "yesterday")
    assert refused.code == 2
    assert 'must be an age such as 30m, 16h, 2d or 1w, not "yesterday"' in refused.err


def table(desk: Desk) -> Outcome:
    return desk.run("brief", is_terminal=True, environ={"COLUMNS": "150", "NO_COLOR": "1"})


def test_the_table_has_the_shares_then_the_stories(stored: Desk) -> None:
    shown = table(stored)
    shares, mine, others = shown.out.split("\n\n")
    assert shares.splitlines()[0].split("  ")[0] == "share"
    assert "Monday" in shares
    assert "yours" not in shares
    assert "very" in shares
    assert "nvidia sinks (Wire, Mon 09:56)" in shares
    assert "nvidia in the evening" in mine
    assert others.splitlines()[0].split() == [
        "sources", "share", "most", "reported,", "about", "none", "of", "your", "shares", "first",
    ]  # fmt: skip
    assert others.splitlines()[1].split() == ["2", "A", "new", "[fab]", "One,", "Mon", "16:10"]
    assert shown.err == (
        "Mon 27 Jan 16:16 ET, after hours · since today's close: 2 new stories, 1 about your shares\n\n"
    )


def test_what_is_held_has_a_column_of_its_own(stored: Desk) -> None:
    stored.write(CONFIG.replace('"NVDA"', '"NVDA"\nheld = 120'))
    record = stored.run("brief").records[0]
    assert record["held"] == 120
    assert record["held_change"] < 0
    lines = table(stored).out.splitlines()
    assert "yours" in lines[0]
    assert "−$" in lines[1]


def test_a_narrow_table_fits(stored: Desk) -> None:
    stored.write(CONFIG.replace('"NVDA"', '"NVDA"\nheld = 120'))
    lines = stored.run("brief", "--format", "table", environ={"COLUMNS": "80"}).out.splitlines()
    assert max(cell_width(line) for line in lines) <= 80
    assert lines[0].split()[:6] == ["share", "since", "Monday", "yours", "unusual", "step"]


def test_csv_is_flat(stored: Desk) -> None:
    rows = list(csv.DictReader(io.StringIO(stored.run("brief", "--format", "csv").out)))
    assert [row["symbol"] for row in rows] == ["NVDA", "AMD"]
    assert rows[0]["step_articles"].isdigit()
    assert rows[0]["stories"].isdigit()
    assert (rows[1]["step_start"], rows[1]["step_articles"], rows[1]["stories"]) == ("", "", "")


def test_nothing_to_show_says_why(desk: Desk) -> None:
    empty = desk.run("brief")
    assert (empty.code, empty.out) == (0, "")
    assert "no articles yet; run `tracker sync`" in empty.err
    desk.db.parent.mkdir(parents=True)
    with Writer(desk.db) as writer:
        fill(writer, "Wire", [article("about nothing")])
    bare = desk.run("brief", "--format", "json")
    assert (bare.code, bare.out) == (0, "[]\n")
    assert "the watchlist is empty" in bare.err


def test_the_help_has_an_example(desk: Desk) -> None:
    assert "example: tracker brief --since 16h" in desk.run("brief", "--help").out


def test_coming_dates_are_on_the_page(stored: Desk) -> None:
    day = NOW.date() + timedelta(days=2)
    with Writer(stored.db) as writer:
        one = ComingDate("NVDA", "results", day, "after-close", "nasdaq", NOW)
        writer.dates.store_page("nasdaq", "results", day, [one], NOW)
    nvidia, amd = stored.run("brief").records
    assert nvidia["dates"] == [{"kind": "results", "date": "2025-01-29", "time": "after-close", "sources": ["nasdaq"]}]
    assert amd["dates"] == []
    assert "Wed after close" in stored.run("brief", "--format", "table").out
    rows = list(csv.DictReader(io.StringIO(stored.run("brief", "--format", "csv").out)))
    assert rows[0]["dates"] == "results 2025-01-29 after-close"

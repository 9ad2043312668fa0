"""`tracker impact`: the record of the interface, ranked, from what is stored."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from msgspec.structs import replace

from tests.cli.conftest import Desk
from tests.helpers.prices import DAY0, day_bars, five, store, walk
from tests.helpers.store import NOW, about, article, fill
from tracker.model.market import Quote
from tracker.store.write import Writer

CONFIG = """\
[market]
providers = []
[[symbol]]
symbol = "NVDA"
shares = 1_000_000_000
[[symbol]]
symbol = "AMD"
shares = 100
benchmark = "SMH"
"""


@pytest.fixture
def stored(desk: Desk) -> Desk:
    """Return a desk with two shares, their benchmarks and articles."""
    desk.write(CONFIG)
    desk.db.parent.mkdir(parents=True)
    with Writer(desk.db) as writer:
        quiet = walk(1, size=0.02)
        loud = {day: price * (0.8 if day >= DAY0 else 1) for day, price in walk(5, size=0.02).items()}
        for symbol, closes in {"NVDA": loud, "AMD": quiet, "^GSPC": walk(2), "SMH": walk(3)}.items():
            store(writer, day_bars(symbol, closes))
        store(writer, [five("NVDA", "2025-01-27T15:00", 50.0), five("NVDA", "2025-01-27T15:15", 49.0)])
        store(writer, [five("^GSPC", "2025-01-27T15:00", walk(2)[DAY0])])
        store(writer, [five("AMD", "2025-01-27T16:15", quiet[DAY0] * 0.99)])
        store(writer, [five("SMH", "2025-01-27T16:15", walk(3)[DAY0] * 0.99)])
        writer.prices.store_quotes([Quote("NVDA", 40.0, NOW, "yahoo", currency="USD")], (), (), (), NOW)
        fill(
            writer,
            "Wire",
            [
                article("amd is quiet", minutes_ago=300, symbol="AMD", mentions=[about("amd", "amd is quiet", "AMD")]),
                article("nvidia falls", minutes_ago=375, symbol="NVDA"),
                article("nvidia in the evening", minutes_ago=5, symbol="NVDA"),
                article("intel without bars", minutes_ago=30, symbol="INTC"),
                article("nothing about shares"),
            ],
        )
    return desk


def test_a_share_that_stands_in_says_so_and_a_number_is_a_name(stored: Desk) -> None:
    """The same words in both tables; records say whom the share stands in for."""
    rival, both, chip = "deepseek rises", "deepseek and nvidia meet", "samsung opens a plant"
    stand_in = replace(about("deepseek", rival, "NVDA"), own=False)
    mine = [replace(about("deepseek", both, "NVDA"), own=False), about("nvidia", both, "NVDA")]
    with Writer(stored.db) as writer:
        news = [
            article(rival, minutes_ago=200, symbol="NVDA", mentions=[stand_in]),
            article(both, minutes_ago=200, symbol="NVDA", mentions=mine),
            article(chip, minutes_ago=200, symbol="005930.KS", mentions=[about("samsung", chip, "005930.KS")]),
        ]
        fill(writer, "Wire", news)
    for command in ("list", "impact"):
        table = stored.run(command, "--format", "table", environ={"COLUMNS": "200"}).out.splitlines()
        rows = {title: next(line for line in table if title in line) for title in (rival, both, chip)}
        assert "›NVDA" in rows[rival]
        assert "›" not in rows[both]
        assert " NVDA" in rows[both]
        assert rows[chip].count("samsung") == (3 if command == "list" else 2)
        assert "005930" not in rows[chip]
    records = {one["title"]: one for one in stored.run("impact").records}
    assert records[rival]["stands_in_for"] == "deepseek"
    assert records[both]["stands_in_for"] is None


def test_what_you_made_sorts_the_list(stored: Desk) -> None:
    def titles() -> list[str]:
        return [one["title"] for one in stored.run("list", "sort:yours").records]

    newest = titles()
    assert newest[-1] == "nvidia falls"
    stored.write(CONFIG.replace("shares = 1_000_000_000", "held = 120"))
    assert titles()[:2] == ["nvidia in the evening", "nvidia falls"]
    assert sorted(titles()) == sorted(newest)


def test_the_record_is_that_of_the_interface(stored: Desk) -> None:
    found = {(one["title"], one["symbol"]): one for one in stored.run("impact").records}
    assert len(found) == 4
    record = found["nvidia falls", "NVDA"]
    assert list(record) == [
        "id", "title", "published", "symbol", "stands_in_for", "benchmark", "day0", "base", "moves", "since", "rest",
        "session", "abnormal", "timing", "shares", "other_news", "notes",
    ]  # fmt: skip
    assert list(record["base"]) == ["price", "time", "age_s"]
    assert list(record["moves"]) == ["m15", "h1", "close", "d1", "d3", "since"]
    window = ["move", "expected", "abnormal", "t", "value_usd", "is_over", "benchmark"]
    assert list(record["since"]) == list(record["rest"]) == window
    assert list(record["session"]) == ["date", "before", *window]
    assert list(record["abnormal"]) == [
        "ar0", "t0", "car_m1_p1", "t_m1_p1", "car_0_p4", "alpha", "beta", "sigma", "n", "model",
    ]  # fmt: skip
    assert (record["day0"], record["benchmark"], record["published"]) == ("2025-01-27", "^GSPC", "2025-01-27T15:01:00Z")
    assert record["base"] == {"price": 50.0, "time": "2025-01-27T15:00:00Z", "age_s": 60}
    assert record["moves"]["m15"] == pytest.approx(49 / 50 - 1)
    assert record["moves"]["since"] == pytest.approx(-0.2)
    assert (record["moves"]["d1"], record["abnormal"]["car_m1_p1"]) == (None, None)  # it is Monday evening
    assert record["abnormal"]["model"] == "market"
    assert record["abnormal"]["t0"] < -5
    assert record["other_news"] == 1
    assert found["amd is quiet", "AMD"]["benchmark"] == "SMH"
    unknown = found["intel without bars", "INTC"]
    assert unknown["base"] == {"price": None, "time": None, "age_s": None}
    assert set(unknown["moves"].values()) == set(unknown["abnormal"].values()) == {None}
    assert set(unknown["since"].values()) == set(unknown["rest"].values()) == {None, False}


def test_ranked_by_t_or_dollars_or_as_they_came(stored: Desk) -> None:
    def titles(*argv: str) -> list[str]:
        return [one["title"] for one in stored.run("impact", *argv).records]

    assert titles()[:2] == ["nvidia falls", "amd is quiet"]
    assert titles("--limit", "1") == ["nvidia falls"]
    assert titles("--rank", "dollars")[:2] == ["nvidia in the evening", "nvidia falls"]
    assert titles("--rank", "time") == ["nvidia in the evening", "intel without bars", "amd is quiet", "nvidia falls"]
    assert titles("move<-10%") == ["nvidia falls", "nvidia in the evening"]
    assert titles("move>0%") == []
    assert titles("falls", "--symbol", "AMD") == ["nvidia falls"]
    assert stored.run("impact", "falls", "--symbol", "AMD").records[0]["symbol"] == "AMD"
    assert titles("--symbol", "amd") == ["amd is quiet"]
    assert stored.run("impact", "falls", "--benchmark", "SMH").records[0]["benchmark"] == "SMH"


def test_the_table_shows_what_had_happened_before_the_open_and_what_came_after(stored: Desk) -> None:
    """The record has the whole session ahead of such an article (before 0); the columns of a row add up."""
    friday = walk(5, size=0.02)[date(2025, 1, 24)]
    with Writer(stored.db) as writer:
        store(writer, [five("NVDA", "2025-01-27T13:30", friday * 0.9)])
        fill(writer, "Wire", [article("before the open", minutes_ago=460, symbol="NVDA")])
    table = stored.run("impact", "--format", "table", environ={"COLUMNS": "200"}).out.splitlines()
    cells = next(line for line in table if "before the open" in line).replace("▼ ", "▼").split()
    before, to_close, *_, session = [float(cell[1:-1]) / -100 for cell in cells if cell.startswith("▼")][-4:]
    assert before == pytest.approx(-0.1)
    assert (1 + before) * (1 + to_close) == pytest.approx(1 + session, abs=2e-4)
    record = next(one for one in stored.run("impact").records if one["title"] == "before the open")
    assert (record["session"]["before"], record["timing"]) == (0.0, "before-open")
    assert record["rest"]["move"] == record["session"]["move"]


def test_the_table_names_the_benchmark_and_csv_is_flat(stored: Desk) -> None:
    table = stored.run("impact", is_terminal=True, environ={"COLUMNS": "108"})
    head, first, *rest = re.sub(r"\x1b\[\d*m", "", table.out).splitlines()
    assert head.split() == [
        "session", "headline", "share", "15", "min", "before", "to", "close", "abnormal", "t", "value", "session",
    ]  # fmt: skip
    assert max(map(len, (head, first, *rest))) <= 108  # without "other", which needs eight more
    assert "nvidia falls" in first
    assert rest
    assert "because" not in table.out
    assert "against SMH, ^GSPC" in table.err
    assert "may not be the cause" in table.err
    rows = list(csv.DictReader(io.StringIO(stored.run("impact", "--format", "csv").out)))
    assert rows[0]["title"] == "nvidia falls"
    assert rows[0]["base_price"] == "50.0"
    assert rows[0]["move_d1"] == ""
    assert rows[0]["model"] == "market"


def test_nothing_stored_nothing_that_matches_and_no_closes_are_said(desk: Desk, stored: Desk) -> None:
    assert "no matching article" in stored.run("impact", "nothing").err
    said = "no closing prices of these shares and their benchmark are stored for the same days"
    assert f"{said}: prices are off (market.providers is empty)\n" in stored.run("impact", "intel").err
    stored.write("")
    assert f"{said}: `tracker sync` fetches them\n" in stored.run("impact", "intel").err
    empty = stored.run("impact", "--db", str(stored.folder / "none.db"))
    assert (empty.code, empty.out) == (0, "")
    assert "no articles yet" in empty.err
    assert stored.run("impact", "--symbol", "n v").code == 2
    assert stored.run("impact", "move:3").code == 2

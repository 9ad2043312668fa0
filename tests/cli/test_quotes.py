"""`tracker quotes` with a provider on loopback, and without any."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import cast

import pytest

from tests.cli.conftest import NOW, Desk
from tests.helpers.http_server import Answer, LoopbackServer, Request
from tracker.model.dates import ComingDate, DateTimeOfDay
from tracker.model.market import Quote
from tracker.store.write import Writer

MOMENT = datetime.fromisoformat(NOW)


@pytest.fixture
def priced(desk: Desk) -> Desk:
    """Return a desk whose database has one price of the two on the watchlist, and no provider."""
    desk.write('[market]\nproviders = []\n[[symbol]]\nsymbol = "NVDA"\nname = "Nvidia"\n[[symbol]]\nsymbol = "AMD"\n')
    with Writer(desk.db) as writer:
        quote = Quote("NVDA", 119.48, MOMENT - timedelta(seconds=30), "yahoo", 142.62, 118.42, "post", "USD", MOMENT)
        writer.prices.store_quotes([quote], [], [], [], MOMENT)
    return desk


def test_what_is_stored_is_shown_with_whose_word_it_is(priced: Desk) -> None:
    done = priced.run("quotes")
    assert (done.code, done.err) == (0, "")
    assert done.records[0] == {
        "symbol": "NVDA",
        "name": "Nvidia",
        "price": 119.48,
        "change": pytest.approx(118.42 / 142.62 - 1),
        "extended_change": pytest.approx(119.48 / 118.42 - 1),
        "previous_close": 142.62,
        "regular_price": 118.42,
        "currency": "USD",
        "session": "post",
        "time": "2025-01-27T21:15:30Z",
        "age_s": 30,
        "provider": "yahoo",
        "stale": False,
        "reason": None,
        "next_results": None,
    }
    assert done.records[1]["price"] is None
    assert done.records[1]["reason"] == "prices are off"


def test_the_table_keeps_day_and_evening_apart(priced: Desk) -> None:
    assert priced.run("quotes", "--format", "table").out.splitlines() == [
        "symbol  name     price         today  session              from",
        "NVDA    Nvidia  118.42  USD  ▼16.97%  post 119.48 ▲ 0.90%  yahoo, 0m ago",
        "AMD     AMD                                                               prices are off",
    ]


def test_no_number_at_all_is_code_1(priced: Desk) -> None:
    assert priced.run("quotes", "AMD").code == 1
    assert priced.run("quotes", "amd", "nvda").code == 0
    assert [record["symbol"] for record in priced.run("quotes", "amd", "nvda", "AMD").records] == ["AMD", "NVDA"]


def test_a_symbol_that_is_none_is_code_2(priced: Desk) -> None:
    done = priced.run("quotes", "N V")
    assert done.code == 2
    assert 'symbol: "N V" is not a symbol; write symbols as on Yahoo' in done.err


def test_a_share_without_a_name_of_its_own_has_that_of_its_company(priced: Desk) -> None:
    priced.write('[market]\nproviders = []\n[[symbol]]\nsymbol = "NVDA"\n[[symbol]]\nsymbol = "AMD"\nname = "mine"\n')
    assert [record["name"] for record in priced.run("quotes").records] == ["Nvidia", "mine"]
    names = [record["name"] for record in priced.run("quotes", "NVDA", "005930.KS", "NONE").records]
    assert names == ["Nvidia", "Samsung", None]
    priced.write('[market]\nproviders = []\n[[tag]]\nname = "nvidia"\nlabel = "The green one"\n')
    assert priced.run("quotes", "NVDA").records[0]["name"] == "The green one"


def test_each_symbol_without_a_price_says_why(priced: Desk, server: LoopbackServer) -> None:
    server.routes["/v7/finance/spark"] = Answer(
        b'{"spark": {"result": [], "error": null}}', headers={"Content-Type": "application/json"}
    )
    priced.write(f'[market]\nproviders = ["yahoo"]\n[market.yahoo]\nbase_url = "{server.url}"\n')
    done = priced.run("quotes", "2454.TW", "FOO", "--format", "table")
    assert done.code == 1
    assert [line.split()[0] for line in done.out.splitlines() if "no such symbol in the answer" in line] == [
        "2454.TW",
        "FOO",
    ]


def test_a_symbol_that_was_not_asked_for_yet_is_told_from_prices_that_are_off(priced: Desk) -> None:
    priced.write('[[symbol]]\nsymbol = "AMD"\n')
    assert priced.run("quotes", "--offline").records[0]["reason"] == "not fetched yet"


def test_an_empty_watchlist_is_said(desk: Desk) -> None:
    done = desk.run("quotes")
    assert (done.code, done.out) == (0, "")
    assert "the watchlist is empty" in done.err


def _spark(request: Request) -> Answer:
    stamp = int((MOMENT - timedelta(seconds=20)).timestamp())
    results = [_result(symbol, stamp) for symbol in request.query["symbols"][0].split(",")]
    body = json.dumps({"spark": {"result": results, "error": None}}).encode()
    return Answer(body, headers={"Content-Type": "application/json"})


def _result(symbol: str, stamp: int) -> dict[str, object]:
    meta = {
        "symbol": symbol,
        "currency": "USD",
        "exchangeName": "NMS",
        "exchangeTimezoneName": "America/New_York",
        "regularMarketPrice": 100.0,
        "regularMarketTime": stamp,
        "chartPreviousClose": 110.0,
        "previousClose": 110.0,
    }
    closes = {"quote": [{"close": [100.0]}]}
    return {"symbol": symbol, "response": [{"meta": meta, "timestamp": [stamp], "indicators": closes}]}


def test_it_asks_first_and_stores_what_came(priced: Desk, server: LoopbackServer) -> None:
    server.routes["/v7/finance/spark"] = _spark
    priced.write(
        f'[market]\nproviders = ["yahoo"]\n[market.yahoo]\nbase_url = "{server.url}"\n[[symbol]]\nsymbol = "AMD"\n'
    )
    record = priced.run("quotes").records[0]
    assert (record["symbol"], record["price"], record["provider"], record["reason"]) == ("AMD", 100.0, "yahoo", None)
    asked = len(server.requests)
    assert asked >= 1
    assert priced.run("quotes", "--offline").records[0]["price"] == 100.0
    assert len(server.requests) == asked


def test_without_an_answer_the_last_value_stands_with_the_reason(priced: Desk, server: LoopbackServer) -> None:
    server.routes["/v7/finance/spark"] = Answer(b"no", 500)
    priced.write(
        f'[market]\nproviders = ["yahoo"]\n[market.yahoo]\nbase_url = "{server.url}"\n[[symbol]]\nsymbol = "NVDA"\n'
    )
    done = priced.run("quotes")
    assert done.code == 0
    assert done.records[0]["price"] == 119.48
    assert "500" in done.records[0]["reason"]
    assert "500" in done.err


def test_coming_results_stand_beside_the_price_with_all_who_contradict_each_other(priced: Desk) -> None:
    day = date(2025, 2, 26)
    with Writer(priced.db) as writer:
        for source, time in (("nasdaq", "after-close"), ("other", None), ("third", "before-open")):
            one = ComingDate("NVDA", "results", day, cast(DateTimeOfDay | None, time), source, MOMENT)
            writer.dates.store_page(source, "results", day, [one], MOMENT)
    records = priced.run("quotes").records
    assert records[0]["next_results"] == {
        "date": "2025-02-26",
        "time": "after-close",
        "sources": ["nasdaq", "other"],
        "others": [{"date": "2025-02-26", "time": "before-open", "sources": ["third"]}],
    }
    assert records[1]["next_results"] is None
    table = priced.run("quotes", "--format", "table").out.splitlines()
    assert "26 Feb after close or 26 Feb before open" in table[1]
    assert "2025-02-26 after-close; 2025-02-26 before-open" in priced.run("quotes", "--format", "csv").out

"""`tracker companies`: by name, brand, symbol and tag, with the user's own."""

from __future__ import annotations

from tests.cli.conftest import Desk
from tests.cli.feeds import config, rss, serve
from tests.helpers.http_server import LoopbackServer


def tags(desk: Desk, *words: str) -> list[str]:
    return [record["tag"] for record in desk.run("companies", *words).records]


def test_a_company_is_found_by_name_brand_symbol_and_tag(desk: Desk) -> None:
    assert tags(desk, "nvidia")[0] == tags(desk, "NVDA")[0] == tags(desk, "Geforce")[0] == "nvidia"
    assert tags(desk, "英伟达") == ["nvidia"]
    (record,) = desk.run("companies", "1332.T").records
    assert (record["symbol"], record["exchange"]) == ("1332.T", "Tokyo")
    assert "日本水産" in record["names"]


def test_the_watchlist_is_marked_and_its_unknown_companies_are_there(desk: Desk) -> None:
    desk.write(
        '[market]\nproviders = []\n[[symbol]]\nsymbol = "NVDA"\n[[symbol]]\nsymbol = "ZZZZ"\nname = "Zebra Zoo"\n'
    )
    assert desk.run("companies", "nvidia").records[0]["watched"] == ["NVDA"]
    (record,) = desk.run("companies", "zebra", "zoo").records
    assert (record["symbol"], record["watched"]) == ("ZZZZ", ["ZZZZ"])


def test_more_names_that_the_user_gave_are_found_and_listed(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/A"] = serve(rss("Team Green opens an office", "Apple pie, the recipe", "Quill and ink"))
    more = (
        '[[symbol]]\nsymbol = "NVDA"\nnames = ["Team Green"]\n'
        '[[symbol]]\nsymbol = "AAPL"\n[[symbol]]\nsymbol = "ZZZQ"\nnames = ["Quill"]\n'
    )
    desk.write(config(server, "A", more=more))
    assert desk.run("config", "check").code == 0
    assert desk.run("sync", "--quiet").code == 0
    found = {symbol: desk.run("list", f"symbol:{symbol}").records for symbol in ("NVDA", "AAPL", "ZZZQ")}
    assert {symbol: [row["title"] for row in rows] for symbol, rows in found.items()} == {
        "NVDA": ["Team Green opens an office"],
        "AAPL": [],
        "ZZZQ": ["Quill and ink"],
    }
    (record,) = desk.run("companies", "team", "green").records
    assert (record["tag"], record["watched"]) == ("nvidia", ["NVDA"])
    (record,) = desk.run("companies", "quill").records
    assert (record["symbol"], record["names"]) == ("ZZZQ", ["Quill", "ZZZQ"])


def test_an_unlisted_company_names_the_share_that_stands_in(desk: Desk) -> None:
    (record, *_) = desk.run("companies", "deepseek").records
    assert (record["symbol"], record["stands_in"], record["exchange"]) == (None, "NVDA", None)


def test_nothing_found_says_what_to_do(desk: Desk) -> None:
    done = desk.run("companies", "no such company at all")
    assert (done.code, done.out) == (1, "")
    assert "add a [[tag]] or a [[symbol]] with a name to feeds.toml" in done.err


def test_without_a_word_every_company_is_listed(desk: Desk) -> None:
    assert len(tags(desk)) >= 2_000


def test_as_a_table(desk: Desk) -> None:
    out = desk.run("companies", "1332.T", "--format", "table").out
    assert out.splitlines()[0].split() == ["tag", "name", "symbol", "exchange", "watched", "found", "by"]
    assert "1332.T" in out
    assert "Tokyo" in out

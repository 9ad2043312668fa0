"""`tracker companies`: by name, brand, symbol and tag, with the user's own."""

from __future__ import annotations

from tests.cli.conftest import Desk


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
    out = desk.run("companies", "NVDA", "--format", "table").out
    assert out.splitlines()[0].split() == ["tag", "name", "symbol", "watched", "found", "by"]
    assert "nvidia" in out

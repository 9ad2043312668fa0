"""A `[[symbol]]` alone is enough to tag by."""

from __future__ import annotations

import pytest

from tracker.model.market import WatchSymbol
from tracker.tagging.catalog import builtin_rules
from tracker.tagging.companies import Company, Share, companies, other_shares
from tracker.tagging.match import Tagger, compile_rules
from tracker.tagging.watch import labelled_symbols, unknown_symbols, watch


def watching(*symbols: WatchSymbol | str) -> Tagger:
    items = [item if isinstance(item, WatchSymbol) else WatchSymbol(item) for item in symbols]
    return compile_rules(builtin_rules(), watch(companies(), items, other_shares()))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("item", "title", "tag"),
    [
        ("RKLB", "Rocket Lab wins a launch contract", "rocket-lab"),
        ("RKLB", "$RKLB to the moon", "rocket-lab"),
        ("RKLB", "A launch company (NASDAQ: RKLB) reports", "rocket-lab"),
        ("RKLB", "A launch company (RKLB) reports", "rocket-lab"),
        ("RKLB", "RKLB stock jumps 12% after earnings", "rocket-lab"),
        ("BTC-USD", "Bitcoin falls below $90,000", "bitcoin"),
        ("BTC-USD", "$BTC is back", "bitcoin"),
        ("ETH-USD", "Ethereum upgrade goes live", "ethereum"),
        ("HLNE", "Hamilton Lane raises dividend", "hamilton-lane"),
        ("ALKS", "Alkermes beats estimates", "alkermes"),
        ("ULVR.L", "Unilever lifts outlook", "unilever"),
        (WatchSymbol("ZZZQ", "Quillfeather Mining"), "Quillfeather Mining strikes gold", "quillfeather-mining"),
        (WatchSymbol("ZZZQ", "Quillfeather"), "Quillfeather beats estimates", "quillfeather"),
        (WatchSymbol("ZZZQ", "Apple"), "$ZZZQ rises", "apple-zzzq"),
        ("ZZZQ", "$ZZZQ rises", "zzzq"),
        ("0700.HK", "A platform (HKEX: 0700) reports", "tencent"),
        ("NOVO-B.CO", "Novo Nordisk cuts 9,000 jobs", "novo-nordisk"),
        ("2330.TW", "TSMC posts record revenue", "tsmc"),
        ("BP.L", "BP halts share buyback", "bp-plc"),
        ("9988.HK", "Alibaba Group Holding lifts outlook", "alibaba"),
        ("CELH", "Celsius shares jump after earnings beat", "celsius-holdings"),
        ("PLUG", "Plug shares jump after earnings beat", "plug-power"),
        ("BRK-B", "BRK.B lags the S&P 500", "berkshire-hathaway"),
        ("SOL-USD", "SOL price falls 8% as whales sell", "solana"),
        ("REAL", "RealReal narrows its loss", "realreal"),
        ("REAL", "The RealReal beats estimates", "realreal"),
        ("ARKK", "ARK Innovation ETF draws inflows", "ark-innovation"),
        ("F", "Results of the maker of cars (F) beat estimates", "ford-motor"),
    ],
)
def test_what_is_on_the_watchlist_is_found(item: WatchSymbol | str, title: str, tag: str) -> None:
    symbol = item if isinstance(item, str) else item.symbol
    assert (tag, symbol) in {(one.tag, one.symbol) for one in watching(item).tag(title)}


@pytest.mark.parametrize(
    ("symbol", "title", "text"),
    [
        ("BP.L", "High blood pressure (BP) in children", ""),
        ("C", "The photograph of the day", "Tehran, 28 February 2026. PLEIADES NEO (C) 2026"),
        ("TXN", "Texas sues a router maker", ""),
        ("PLUG", "Minister wants to pull the plug on coal", ""),
        ("CELH", "40 degrees Celsius in July", ""),
    ],
)
def test_these_are_something_else_on_any_watchlist(symbol: str, title: str, text: str) -> None:
    assert symbol not in {mention.symbol for mention in watching(symbol).tag(title, text)}


@pytest.mark.parametrize("title", ["A launch company (RKLB) reports", "Bitcoin falls", "The rklb of it"])
def test_these_forms_need_the_watchlist(title: str) -> None:
    assert watching().tag(title) == ()


@pytest.mark.parametrize(
    ("item", "title", "tag"),
    [
        (
            WatchSymbol("AAPL", names=("Apple",)),
            "A red apple on the tree",
            "apple",
        ),  # a name of the model's is sure now
        (WatchSymbol("NVDA", names=("Team Green",)), "Team Green stops an attack in the park", "nvidia"),
        (WatchSymbol("AAPL", names=("Apple pie",)), "Bake an apple pie", "apple"),
        (WatchSymbol("NVDA", names=("Team Green",)), "Nvidia falls", "nvidia"),
        (WatchSymbol("AMD", names=("R1",)), "R1 opens to traffic", "amd"),
        (WatchSymbol("ZZZQ", names=("Quill",)), "A quill in the park", "quill"),
        (WatchSymbol("ZZZQ", "Quillfeather", names=("Quill*",)), "Quillowi grozi kara", "quillfeather"),
        (WatchSymbol("^GSPC", names=("S&P 500",)), "S&P 500 ends flat", "s-p-500"),
        (WatchSymbol("HLNE", names=("漢密爾頓",)), "傳漢密爾頓併購", "hamilton-lane"),
    ],
)
def test_a_name_that_the_user_gave_is_sure(item: WatchSymbol, title: str, tag: str) -> None:
    table = [row for row in companies() if row.tag in ("apple", "nvidia", "amd")]
    tagger = compile_rules((), watch(table, [item], other_shares()))
    assert {(one.tag, one.symbol) for one in tagger.tag(title)} == {(tag, item.symbol)}


def test_a_name_that_the_user_gave_keeps_what_never_means_it() -> None:
    row = Company("acme", "Acme", "ACM", words={"Acme": "h2 z2 t2"}, never=("Acme Road",))
    (found,) = watch([row], [WatchSymbol("ACM", names=("acme",))], {})
    assert (found.names, found.words) == (("acme",), {"ACM": "h2 z0 c t2"})
    assert compile_rules((), [found]).tag("Fire in Acme Road") == ()


def test_indices_and_rates_make_no_tag() -> None:
    assert len(watch((), [WatchSymbol("^GSPC"), WatchSymbol("EURUSD=X"), WatchSymbol("GC=F")], {})) == 0


def test_the_first_listing_that_is_watched_is_the_one_shown() -> None:
    table = (Company("acme", "Acme", "ACM", also=("ACM.L",), names=("Acme",)),)
    (row,) = watch(table, [WatchSymbol("ACM.L"), WatchSymbol("ACM")], {})
    assert (row.symbol, row.tickers) == ("ACM.L", ("ACM.L", "ACM"))


def test_an_unlisted_company_is_not_its_proxy_share() -> None:
    table = (Company("lab", "Lab", "NVDA", listed=False, names=("Lab",)), Company("nvidia", "Nvidia", "NVDA"))
    assert [row.tickers for row in watch(table, [WatchSymbol("NVDA")], {})] == [(), ("NVDA",)]


def test_a_share_is_found_by_the_list_and_by_the_name_that_the_user_gave() -> None:
    share = Share(("Meadow", "Singing Machine", "Zebrano"), {"Quillfeather": "h1 z2 t2"})
    (row,) = watch((), [WatchSymbol("ZZZQ", "Quillfeather Corp.")], {"ZZZQ": share})
    assert (row.label, row.names, row.caps) == ("Quillfeather", ("Meadow", "Zebrano"), ("Singing Machine",))
    assert set(row.words) == {"Quillfeather", "Singing Machine", "ZZZQ"}


def test_symbols_that_nothing_is_known_of_are_named() -> None:
    table = (Company("acme", "Acme", "ACM", names=("Acme",)), Company("coop", "Coop", also=("COOP.X",)))
    items = [WatchSymbol(one) for one in ("ACM", "COOP.X", "OTHR", "ZZZQ", "^GSPC", "GC=F")]
    items += [WatchSymbol("NAMED", "Named"), WatchSymbol("NMES", names=("Names",))]
    assert unknown_symbols(table, items, {"OTHR": Share(("Other",))}) == ("ZZZQ",)


def test_an_index_with_a_name_alone_is_not_found_by_it() -> None:
    named = [WatchSymbol(one, "Chip index") for one in ("^SOX", "GC=F", "^KNOWN", "ZZZQ")]
    found = (WatchSymbol("^NDX", "Nasdaq", names=("Nasdaq 100",)), WatchSymbol("^GSPC"))
    assert labelled_symbols([*named, *found], {"^KNOWN": Share(("Known",))}) == ("^SOX", "GC=F")
    assert watching(named[0]).tag("Chip index falls") == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("symbol", "title"),
    [
        ("1301.T", "極洋が業績予想を上方修正"),
        ("2376.T", "サイネックスが業績予想を上方修正"),
        ("7455.T", "三城ホールディングスが業績予想を上方修正"),
        ("5982.T", "マルゼンの株価が4%下落"),
    ],
)
def test_a_tokyo_share_outside_the_table_is_found_by_its_japanese_name(symbol: str, title: str) -> None:
    assert symbol not in {one for row in companies() for one in (row.symbol, *row.also)}
    assert [one.symbol for one in watching(symbol).tag(title)] == [symbol]


@pytest.mark.parametrize("title", ["鈴木が優勝", "桃太郎の物語を読む", "東名高速で事故"])
def test_a_japanese_word_or_surname_is_no_share_by_itself(title: str) -> None:
    shares = {symbol: one for symbol, one in other_shares().items() if symbol in ("6785.T", "3097.T", "7504.T")}
    assert len(shares) == 3
    assert compile_rules((), watch((), [WatchSymbol(one) for one in shares], shares)).tag(title) == ()


def test_no_short_japanese_name_is_part_of_another_companys() -> None:
    shares = [one for symbol, one in other_shares().items() if symbol.endswith(".T")]
    short = [(name, one) for one in shares for name in one.names if len(name) == 2 and not name.isascii()]
    for name, one in short:
        assert not [other.names for other in shares if other != one and any(name in full for full in other.names)]

"""move<, move> and sort:move in SQL say what the arithmetic row by row says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.helpers.examples import examples
from tests.helpers.store import NOW, article, fill, raw
from tracker.model.dividends import Dividend
from tracker.model.market import DAILY, INTRADAY, Bar, Doubt, Quote
from tracker.model.query import parse_query
from tracker.prices.moves import move_since
from tracker.prices.series import PriceSeries
from tracker.store.read import Reader
from tracker.store.views import condition
from tracker.store.write import Writer

SYMBOLS = ("NVDA", "AMD", "^GSPC")
START = NOW - timedelta(days=4)


def bar(symbol: str, interval: int, minutes: int, length: int, close: float) -> Bar:
    start = START + timedelta(minutes=minutes)
    return Bar(symbol, interval, start, start + timedelta(minutes=length), close, "yahoo")


MINUTES = st.integers(0, 60 * 24 * 4)
PRICES = st.integers(1, 40_000).map(lambda cents: cents / 100) | st.just(0.0)
BARS = st.lists(
    st.builds(
        bar, st.sampled_from(SYMBOLS[:2]), st.just(INTRADAY), MINUTES.map(lambda n: n - n % 5), st.just(5), PRICES
    )
    | st.builds(bar, st.sampled_from(SYMBOLS[:2]), st.just(DAILY), MINUTES, st.sampled_from([210, 390]), PRICES),
    max_size=30,
)
QUOTES = st.lists(
    st.builds(
        lambda symbol, minutes, price: Quote(symbol, price, START + timedelta(minutes=minutes), "yahoo"),
        st.sampled_from(SYMBOLS),
        MINUTES,
        PRICES,
    ),
    max_size=5,
)
PAID = st.lists(st.tuples(st.sampled_from(SYMBOLS), st.integers(0, 6), st.floats(0.01, 5.0)), max_size=6)
NEWS = st.lists(st.tuples(st.sampled_from([*SYMBOLS, None]), MINUTES), min_size=1, max_size=12)


def moves(reader: Reader) -> dict[int, float | None]:
    """Return the move of every article, one by one."""
    quotes = reader.prices.quotes()
    found = {}
    for row in reader.articles.headlines(reader.articles.ids(parse_query(""), NOW)):
        quote = None if row.symbol is None else quotes.get(row.symbol)
        assert row.published is not None
        found[row.id] = move_since(row.symbol or "", row.published, row.base, quote, NOW).since
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("moves")


@examples(60)
@given(BARS, QUOTES, NEWS, PAID)
def test_sql_agrees_with_the_arithmetic(
    folder: Path,
    bars: list[Bar],
    quotes: list[Quote],
    news: list[tuple[str | None, int]],
    paid: list[tuple[str, int, float]],
) -> None:
    db = folder / "t.db"
    checks: dict[str, Callable[[float], bool]] = {
        "move<-3%": lambda move: move < -0.03,
        "move>=3%": lambda move: move >= 0.03,
        "move>0": lambda move: move > 0,
        "move<=0%": lambda move: move <= 0,
        "-move<2%": lambda move: not move < 0.02,
        "move>1% -move>3%": lambda move: 0.01 < move <= 0.03,
        "move>0 OR move>=0": lambda move: move >= 0,
        "move>0 move>=0": lambda move: move > 0,
        "move<0 OR move<1%": lambda move: move < 0.01,
        "move<0 move<1%": lambda move: move < 0,
        "move<=0 move<0 -(move<-3% OR move<-2%)": lambda move: -0.02 <= move < 0,
        "-(move>3% OR -move>1%)": lambda move: 0.01 < move <= 0.03,
        "move<0 OR move>=0": lambda move: True,
    }
    with Writer(db) as writer, Reader(db) as reader:
        for table in ("bar", "quote", "dividend", "article_text", "article"):
            raw(writer).execute(f"DELETE FROM {table}")
        rows = [
            article(f"{n}", minutes_ago=4 * 24 * 60 - minutes, symbol=symbol, key=f"{n}")
            for n, (symbol, minutes) in enumerate(news)
        ]
        fill(writer, "Feed", rows)
        writer.prices.store_quotes(quotes, bars, (), (), NOW)
        for symbol, days, amount in paid:
            begins = START + timedelta(days=days)
            writer.prices.store_bars(
                symbol, DAILY, (), None, (), NOW, [Dividend(begins.date(), begins - timedelta(hours=9), amount)]
            )
        known = moves(reader)
        for text, matches in checks.items():
            wanted = {id_ for id_, move in known.items() if move is not None and matches(move)}
            assert set(reader.articles.ids(parse_query(text), NOW)) == wanted, text
        ordered = [known[found] for found in reader.articles.ids(parse_query("sort:move"), NOW)]
        sizes = [-1.0 if move is None else abs(move) for move in ordered]
        assert len(ordered) == len(known)
        assert sizes == sorted(sizes, reverse=True)


def test_sql_counts_the_dividends_between_the_base_and_the_quote(tmp_path: Path) -> None:
    fives = [bar("NVDA", INTRADAY, 0, 5, 100.0)]
    news = article("Nvidia", minutes_ago=0, now=START + timedelta(minutes=9), symbol="NVDA")
    with Writer(tmp_path / "t.db") as writer, Reader(tmp_path / "t.db") as reader:
        (found,) = fill(writer, "Feed", [news])
        newest = START + timedelta(days=2)
        writer.prices.store_quotes([Quote("NVDA", 95.0, newest, "yahoo")], fives, (), (), NOW)
        for symbol, hours, amount in (("NVDA", -1, 50.0), ("NVDA", 24, 7.0), ("NVDA", 49, 60.0), ("AMD", 24, 70.0)):
            at = START + timedelta(hours=hours)
            writer.prices.store_bars(symbol, DAILY, (), None, (), NOW, [Dividend(at.date(), at, amount)])
        assert moves(reader)[found] == pytest.approx(0.02)
        assert list(reader.articles.ids(parse_query("move>1.9% move<2.1%"), NOW)) == [found]


DAYS_APART = st.lists(st.tuples(st.integers(0, 900), st.integers(1, 390), PRICES), max_size=4)


@examples(60)
@given(BARS, DAYS_APART, MINUTES)
def test_sql_and_bars_in_memory_agree_on_the_base(
    folder: Path, intraday: list[Bar], days: list[tuple[int, int, float]], minutes: int
) -> None:
    """The one definition in SQL and the one in Python, over sessions that do not overlap."""
    fives = {one.start: replace(one, symbol="NVDA") for one in intraday if one.interval == INTRADAY}
    daily = [bar("NVDA", DAILY, n * 1440 + first, length, close) for n, (first, length, close) in enumerate(days)]
    published = START + timedelta(minutes=minutes)
    with Writer(folder / "base.db") as writer, Reader(folder / "base.db") as reader:
        raw(writer).execute("DELETE FROM bar")
        writer.prices.store_quotes((), [*fives.values(), *daily], (), (), NOW)
        found = reader.prices.base_before("NVDA", int(published.timestamp()))
    series = PriceSeries("NVDA", daily, [fives[start] for start in sorted(fives)], (), NOW + timedelta(days=9))
    assert found == series.base_before(published)


def test_a_base_from_before_a_doubted_step_is_none_in_both(tmp_path: Path) -> None:
    bars = [bar("NVDA", DAILY, n * 1440, 390, 100.0 if n < 2 else 10.0) for n in range(4)]
    doubts = [Doubt(bars[1].start, "real", is_real=True), Doubt(bars[2].start, "a step")]
    series = PriceSeries("NVDA", bars, (), (), NOW, doubts=doubts)
    with Writer(tmp_path / "t.db") as writer, Reader(tmp_path / "t.db") as reader:
        writer.prices.store_quotes((), bars, (), (), NOW)
        writer.prices.store_doubts("NVDA", doubts)
        assert reader.prices.doubts("NVDA") == doubts
        assert reader.prices.doubted_symbols() == ["NVDA"]
        for one in bars:
            found = reader.prices.base_before("NVDA", int(one.end.timestamp()))
            is_before_step = one.end <= bars[2].start
            assert found == (None if is_before_step else series.base_before(one.end))
        writer.prices.store_doubts("NVDA", [])  # the split is known
        assert reader.prices.doubts("NVDA") == doubts[:1]
        assert reader.prices.base_before("NVDA", int(bars[0].end.timestamp())) is not None


def test_stories_stand_where_their_first_report_moved(tmp_path: Path) -> None:
    with Writer(tmp_path / "t.db") as writer, Reader(tmp_path / "t.db") as reader:
        first, second, other, none = fill(
            writer,
            "Feed",
            [
                article("first", minutes_ago=60, symbol="NVDA", story_keys=["k"]),
                article("second", minutes_ago=30, symbol="NVDA", story_keys=["k"]),
                article("other", minutes_ago=50, symbol="AMD"),
                article("no share", minutes_ago=1),
            ],
        )
        day = NOW - timedelta(hours=3)

        def five(symbol: str, end: datetime, close: float) -> Bar:
            return Bar(symbol, INTRADAY, end - timedelta(minutes=5), end, close, "yahoo")

        bars = [five("NVDA", day, 99.0), five("NVDA", NOW - timedelta(minutes=40), 50.0), five("AMD", day, 110.0)]
        quote = Quote("NVDA", 100.0, NOW, "yahoo")
        writer.prices.store_quotes([quote, replace(quote, symbol="AMD")], bars, (), (), NOW)
        assert list(reader.articles.ids(parse_query("sort:move"), NOW)) == [second, other, first, none]
        assert list(reader.stories.leads(parse_query("sort:move"), NOW)) == [other, first, none]
        assert list(reader.stories.leads(parse_query("move>50% sort:move"), NOW)) == [second]
        assert list(reader.stories.leads(parse_query("sort:move"), NOW, 1)) == [other]


@pytest.mark.parametrize(
    ("query", "conditions"),
    [
        (" OR ".join(f"-move>{number}%" for number in range(1, 100)), 1),
        ("move>1% OR move>=1% OR move<-3% OR move<-2%", 2),
        ("move>1% move>=1% -move>9% nvidia", 2),
    ],
)
def test_of_many_conditions_on_the_move_the_bounds_are_asked(query: str, conditions: int) -> None:
    assert condition(parse_query(query).root, NOW).text.count("FROM quote") == conditions

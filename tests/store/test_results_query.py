"""`results<3d` finds what the coming dates say, whoever says them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.examples import examples
from tests.helpers.store import about, article, fill
from tracker.impact.coming import coming_dates
from tracker.model.dates import ComingDate, DateTimeOfDay, market_day
from tracker.model.query import parse_query
from tracker.store.read import Reader
from tracker.store.write import Writer

NOW = datetime(2025, 1, 27, 21, 16, tzinfo=UTC)
TODAY = date(2025, 1, 27)
SHARES = ("NVDA", "MSFT", "AAPL")


def page(
    writer: Writer, day: date, symbols: dict[str, DateTimeOfDay | None], *, source: str = "nasdaq", age: int = 0
) -> None:
    """Store what a source says of a day, some hours ago."""
    asked = NOW - timedelta(hours=age)
    said = [ComingDate(symbol, "results", day, time, source, asked) for symbol, time in symbols.items()]
    writer.dates.store_page(source, "results", day, said, asked)


def filled(path: Path) -> None:
    with Writer(path) as writer:
        fill(writer, "A", [article(f"About {one}", symbol=one, minutes_ago=10 + n) for n, one in enumerate(SHARES)])
        fill(writer, "A", [article("About nvidia, too", mentions=[about("nvidia", "About nvidia, too", "NVDA")])])
        fill(writer, "A", [article("About none", minutes_ago=40)])


@pytest.fixture
def db(tmp_path: Path) -> Path:
    filled(tmp_path / "t.db")
    return tmp_path / "t.db"


def found(db: Path, query: str, now: datetime = NOW) -> set[str]:
    with Reader(db) as reader:
        ids = reader.articles.ids(parse_query(query), now)
        return {one.title for one in reader.articles.get_many(ids)}


def test_articles_are_found_by_the_days_to_the_results_of_their_share(db: Path) -> None:
    with Writer(db) as writer:
        page(writer, TODAY + timedelta(days=2), {"MSFT": "after-close"})
        page(writer, TODAY + timedelta(days=30), {"NVDA": "after-close"})
    assert found(db, "results<3d") == {"About MSFT"}
    assert found(db, "results<2d") == set()
    assert found(db, "results<=2d") == {"About MSFT"}
    assert found(db, "results>2w") == {"About NVDA", "About nvidia, too"}
    assert found(db, "-results<3d") == {"About NVDA", "About nvidia, too", "About AAPL", "About none"}
    # No date that nobody said: a share without one is neither near nor far.
    assert found(db, "results<99999d OR results>=0d") == {"About MSFT", "About NVDA", "About nvidia, too"}


def test_a_date_that_was_moved_counts_where_its_source_says_it_now(db: Path) -> None:
    with Writer(db) as writer:
        page(writer, TODAY + timedelta(days=1), {"MSFT": None}, age=48)
        page(writer, TODAY + timedelta(days=9), {"MSFT": None}, age=2)
    assert found(db, "results<3d") == set()
    assert found(db, "results>=9d") == {"About MSFT"}


def test_results_before_the_open_are_over_at_the_open(db: Path) -> None:
    with Writer(db) as writer:
        page(writer, TODAY, {"MSFT": "before-open", "AAPL": "after-close"})
    assert found(db, "results<1d", NOW.replace(hour=14, minute=29)) == {"About MSFT", "About AAPL"}
    assert found(db, "results<1d", NOW.replace(hour=14, minute=30)) == {"About AAPL"}
    assert found(db, "results<1d", NOW + timedelta(days=1)) == set()


_PAGES = st.lists(
    st.tuples(
        st.sampled_from(["nasdaq", "finnhub"]),
        st.integers(-1, 5),
        st.dictionaries(st.sampled_from(SHARES), st.sampled_from([None, "before-open", "after-close"])),
        st.integers(0, 60),
    ),
    max_size=6,
)


@examples(20)
@given(_PAGES, st.sampled_from(["<", "<=", ">", ">="]), st.integers(0, 5), st.integers(0, 30))
def test_the_query_agrees_with_the_dates_that_are_shown(
    tmp_path_factory: pytest.TempPathFactory,
    pages: list[tuple[str, int, dict[str, DateTimeOfDay | None], int]],
    sign: str,
    days: int,
    hours: int,
) -> None:
    db = tmp_path_factory.mktemp("db") / "t.db"
    filled(db)
    now = NOW + timedelta(hours=hours)
    with Writer(db) as writer:
        for source, ahead, said, age in pages:
            page(writer, TODAY + timedelta(days=ahead), said, source=source, age=age)
    with Reader(db) as reader:
        coming = coming_dates(reader, SHARES, now)
    away = {symbol: dates[0].days_after(market_day(now)[0]) for symbol, dates in coming.items()}
    compare = {"<": int.__lt__, "<=": int.__le__, ">": int.__gt__, ">=": int.__ge__}[sign]
    wanted = {symbol for symbol, one in away.items() if compare(one, days)}
    titles = {"NVDA": {"About NVDA", "About nvidia, too"}}
    assert found(db, f"results{sign}{days}d", now) == {
        title for symbol in wanted for title in titles.get(symbol, {f"About {symbol}"})
    }

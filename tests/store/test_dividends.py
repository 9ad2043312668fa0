"""Dividends in the database: in the shares of today, and behind the base of a move."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.helpers.store import NOW, make_released
from tracker.model.clock import to_epoch
from tracker.model.dividends import Dividend
from tracker.model.market import DAILY, INTRADAY, Bar, PriceBase
from tracker.store.db import connect
from tracker.store.write import Writer

OLD = Dividend(date(2024, 6, 11), datetime(2024, 6, 11, 4, tzinfo=UTC), 0.40)
NEW = Dividend(date(2024, 9, 12), datetime(2024, 9, 12, 4, tzinfo=UTC), 0.10)
SPLIT = (datetime(2024, 7, 1, 13, 30, tzinfo=UTC), 4.0)


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    return Writer(tmp_path / "t.db")


def put(
    writer: Writer, *dividends: Dividend, splits: Sequence[tuple[datetime, float]] = (), symbol: str = "NVDA"
) -> None:
    writer.prices.store_bars(symbol, DAILY, (), None, splits, NOW, dividends)


def amounts(writer: Writer) -> list[float]:
    return [one.amount for one in writer.prices.stored.dividends("NVDA")]


def test_a_dividend_comes_back_as_it_was_and_the_newest_word_on_its_day_counts(writer: Writer) -> None:
    put(writer, NEW, OLD)
    put(writer, symbol="AMD")
    assert writer.prices.stored.dividends("NVDA") == (OLD, NEW)
    assert writer.prices.stored.dividends("NVDA", to_epoch(OLD.at)) == (NEW,)
    assert writer.prices.stored.dividends("AMD") == ()
    put(writer, Dividend(OLD.day, OLD.at, 0.41))
    assert amounts(writer) == [0.41, 0.10]
    writer.close()


def test_dividends_stored_before_a_split_come_into_the_shares_of_after_it_once(writer: Writer) -> None:
    put(writer, OLD, symbol="AMD")
    put(writer, OLD)
    put(writer, NEW, splits=[SPLIT])
    assert amounts(writer) == [0.10, 0.10]
    put(writer, splits=[SPLIT])
    assert amounts(writer) == [0.10, 0.10]
    put(writer, Dividend(OLD.day, OLD.at, 0.10), splits=[SPLIT, (SPLIT[0] + timedelta(days=1), 2.0)])
    assert amounts(writer) == [0.10, 0.10]  # that of the answer itself is in new shares already
    assert writer.prices.stored.dividends("AMD") == (OLD,)
    writer.close()


def test_the_base_of_a_move_has_what_was_paid_after_it(writer: Writer) -> None:
    ends = OLD.at + timedelta(days=3)
    bar = Bar("NVDA", INTRADAY, ends - timedelta(minutes=5), ends, 100.0, "yahoo")
    writer.prices.store_bars("NVDA", INTRADAY, [bar], None, (), NOW, [OLD, NEW])
    assert writer.prices.stored.base_before("NVDA", to_epoch(NOW)) == PriceBase(100.0, ends, False, (NEW,))
    writer.close()


@pytest.mark.parametrize("version", range(1, 10))
def test_the_daily_history_of_an_older_database_is_asked_for_once_more(tmp_path: Path, version: int) -> None:
    path = tmp_path / "old.db"
    make_released(path, version)
    with sqlite3.connect(path) as old:
        old.execute("DELETE FROM bar_span")
        old.executemany("INSERT INTO bar_span VALUES (?,?,1,2,3)", [("NVDA", DAILY), ("NVDA", INTRADAY)])
    old.close()
    connection = connect(path)
    assert connection.execute("SELECT interval FROM bar_span").fetchall() == [(INTRADAY,)]
    assert connection.execute("SELECT count(*) FROM bar").fetchone() == (1,)
    assert connection.execute("SELECT * FROM dividend").fetchall() == []
    connection.close()

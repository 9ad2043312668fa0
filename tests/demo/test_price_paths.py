"""What the shares of the replay cost, against the official record."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.demo import price_paths
from tracker.demo.config import WATCHLIST

OPEN = datetime(2025, 1, 27, 14, 30, tzinfo=UTC)
CLOSE = datetime(2025, 1, 27, 21, 0, tzinfo=UTC)
SYMBOLS = list(price_paths.listings())


def _day(symbol: str, day: date = date(2025, 1, 27)) -> price_paths.Day:
    return next(known for known in price_paths.listings()[symbol].days if known.day == day)


@pytest.mark.parametrize(
    ("symbol", "percent"),
    [
        ("NVDA", -16.97),
        ("META", 1.91),
        ("AAPL", 3.18),
        ("AMZN", 0.24),
        ("MSFT", -2.14),
        ("GOOG", -4.03),
        ("AVGO", -17.40),
        ("TSM", -13.33),
        ("MRVL", -19.10),
        ("ORCL", -13.79),
        ("MU", -11.71),
        ("ASML", -5.75),
        ("DELL", -8.70),
        ("ANET", -22.35),
        ("AMD", -6.37),
        ("^GSPC", -1.46),
        ("^IXIC", -3.07),
        ("SOXX", -7.84),
    ],
)
def test_moves_of_the_27th(symbol: str, percent: float) -> None:
    day = _day(symbol)
    assert day.previous_close is not None
    assert round((day.close / day.previous_close - 1) * 100, 2) == percent


def test_the_loss_in_dollars() -> None:
    day, shares = _day("NVDA"), WATCHLIST["NVDA"][1]
    assert day.previous_close is not None
    assert shares is not None
    assert round((day.previous_close - day.close) * shares / 1e9) == 593


def test_the_watchlist_has_prices() -> None:
    assert set(WATCHLIST) <= set(SYMBOLS)


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_every_session_starts_at_its_open_and_ends_at_its_close(symbol: str) -> None:
    for day in price_paths.listings()[symbol].days:
        bars = price_paths.points(symbol, day.starts, day.ends)
        assert len(bars) == 78
        assert (bars[0].open, bars[-1].close) == (day.open, day.close)
        assert bars[-1].end == day.ends
        assert not bars[-1].interpolated
        assert all(day.low <= bar.close <= day.high for bar in bars)
        assert all(earlier.close == later.open for earlier, later in pairwise(bars))


def test_nvidias_half_hours_are_real_and_what_is_between_is_not() -> None:
    for half_hours in range(14):
        assert not price_paths.is_interpolated("NVDA", OPEN + half_hours * timedelta(minutes=30))
    assert price_paths.is_interpolated("NVDA", OPEN + timedelta(minutes=5))
    assert price_paths.price_at("NVDA", OPEN + timedelta(minutes=15)) == pytest.approx((124.80 + 126.88) / 2)
    assert sum(not bar.interpolated for bar in price_paths.points("NVDA", OPEN, CLOSE)) == 13


def test_other_shares_have_only_open_and_close() -> None:
    assert not price_paths.is_interpolated("META", OPEN)
    assert not price_paths.is_interpolated("META", CLOSE)
    assert sum(not bar.interpolated for bar in price_paths.points("META", OPEN, CLOSE)) == 1


def test_before_the_open_nvidia_alone_was_recorded() -> None:
    before = datetime(2025, 1, 27, 14, 0, tzinfo=UTC)
    assert price_paths.price_at("NVDA", before) == 127.19
    assert price_paths.points("META", before, OPEN, extended=True) == ()
    assert len(price_paths.points("NVDA", before, OPEN, extended=True)) == 6
    assert price_paths.points("NVDA", before, OPEN) == ()


def test_between_trading_days_the_last_trade_stands() -> None:
    weekend = datetime(2025, 1, 25, 12, 0, tzinfo=UTC)
    assert price_paths.price_at("META", weekend) == 647.49
    assert not price_paths.is_interpolated("META", weekend)
    assert price_paths.price_at("NVDA", weekend) == 142.5  # the last trade of Friday evening


def test_what_is_not_known_is_none() -> None:
    assert price_paths.price_at("ARM", OPEN) is None
    assert price_paths.price_at("NVDA", datetime(2025, 1, 1, tzinfo=UTC)) is None
    assert not price_paths.is_interpolated("ARM", OPEN)
    assert not price_paths.is_interpolated("NVDA", datetime(2025, 1, 1, tzinfo=UTC))
    assert price_paths.points("ARM", OPEN, CLOSE) == ()
    assert price_paths.days_until("ARM", OPEN) == ()
    assert price_paths.trading_hours("ARM", OPEN.date()) is None
    assert price_paths.trading_hours("NVDA", date(2025, 1, 25)) is None


@given(st.sampled_from(SYMBOLS), st.integers(0, 10 * 86_400))
def test_a_price_of_a_session_lies_within_its_range(symbol: str, seconds: int) -> None:
    moment = datetime(2025, 1, 22, 15, tzinfo=UTC) + timedelta(seconds=seconds)
    price = price_paths.price_at(symbol, moment)
    assert price is not None
    for day in price_paths.listings()[symbol].days:
        if day.starts <= moment <= day.ends:
            assert day.low <= price <= day.high
            assert (
                price_paths.is_interpolated(symbol, moment) or (moment, price) in price_paths.listings()[symbol].marks
            )


@pytest.mark.corpus
def test_daily_figures_are_the_official_ones(corpus: Path) -> None:
    folder = corpus / "prices" / "history"
    names = {"^GSPC": "IDX_SPX", "^IXIC": "IDX_IXIC", "^NDX": "IDX_NDX"}
    for symbol, listing in price_paths.listings().items():
        (file,) = folder.glob(f"yahoo-*/{names.get(symbol, symbol)}.csv")
        with file.open(newline="") as lines:
            rows = {row["date"]: row for row in csv.DictReader(lines)}
        span = [day for day in rows if "2025-01-22" <= day <= "2025-01-31"]
        assert [day.day.isoformat() for day in listing.days] == span, symbol
        for day in listing.days:
            row = rows[day.day.isoformat()]
            for name in ("open", "high", "low", "close"):
                assert getattr(day, name) == pytest.approx(float(row[name]), abs=0.0051), (symbol, day.day, name)


@pytest.mark.corpus
def test_marks_are_trades_that_were_recorded(corpus: Path) -> None:
    with (corpus / "prices/history/intraday-iex/NVDA_5m_2025-01-24_to_28.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    starts = {datetime.fromisoformat(row["timestamp"]): float(row["open"]) for row in rows}
    ends = {datetime.fromisoformat(row["timestamp"]) + price_paths.STEP: float(row["close"]) for row in rows}
    official = {(day.starts, day.open) for day in price_paths.listings()["NVDA"].days}
    official |= {(day.ends, day.close) for day in price_paths.listings()["NVDA"].days}
    recorded = [mark for mark in price_paths.listings()["NVDA"].marks if mark not in official]
    assert len(recorded) == 28
    for when, price in recorded:
        assert price in (ends.get(when), starts.get(when)), when

"""Quotes, bars and breakers come back as they went in; a failure never costs a number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.store import NOW, article, fill, raw
from tracker.model.clock import to_epoch
from tracker.model.market import DAILY, INTRADAY, Bar, Breaker, PriceBase, PriceFailure, Quote
from tracker.model.query import parse_query
from tracker.store.read import Reader
from tracker.store.write import Writer

QUOTE = Quote(
    "NVDA", 118.42, NOW, "yahoo", 142.62, 118.42, "post", "USD", NOW + timedelta(seconds=2), "America/New_York"
)


def bar(interval: int, start: datetime, end: datetime, close: float) -> Bar:
    return Bar("NVDA", interval, start, end, close, "yahoo")


def test_a_quote_comes_back_whole_and_newer_ones_win(tmp_path: Path) -> None:
    with Writer(tmp_path / "t.db") as writer:
        writer.prices.store_quotes([QUOTE], (), (), (), NOW)
        assert writer.prices.stored.quotes() == {"NVDA": QUOTE}
        writer.prices.store_quotes([replace(QUOTE, price=1.0, time=NOW - timedelta(seconds=1))], (), (), (), NOW)
        assert writer.prices.stored.quotes(["NVDA", "AMD"]) == {"NVDA": QUOTE}
        newer = replace(QUOTE, price=119.0, time=NOW + timedelta(seconds=1), previous_close=None, currency=None)
        writer.prices.store_quotes([newer], (), (), (), NOW)
        assert writer.prices.stored.quotes()["NVDA"] == replace(newer, currency="USD")


def test_a_failure_keeps_the_last_value_and_says_why(tmp_path: Path) -> None:
    with Writer(tmp_path / "t.db") as writer:
        writer.prices.store_quotes([QUOTE], (), (), (), NOW)
        failures = [
            PriceFailure("yahoo", "429 Too Many Requests", "NVDA"),
            PriceFailure("yahoo", "unknown symbol", "NVDAA"),
            PriceFailure("yahoo", "the whole request"),
        ]
        writer.prices.store_quotes((), (), failures, (), NOW)
        assert writer.prices.stored.quotes() == {"NVDA": replace(QUOTE, failure="429 Too Many Requests")}
        assert writer.prices.stored.quote_failures() == {"NVDAA": ("unknown symbol", NOW)}
        writer.prices.store_quotes([QUOTE, replace(QUOTE, symbol="NVDAA")], (), (), (), NOW)
        assert writer.prices.stored.quotes()["NVDA"].failure is None
        assert writer.prices.stored.quote_failures() == {}


def test_breakers_are_kept_until_their_time(tmp_path: Path) -> None:
    with Writer(tmp_path / "t.db") as writer:
        breaker = Breaker("yahoo", NOW + timedelta(minutes=15), "429", NOW)
        writer.prices.store_quotes((), (), (), [breaker], NOW)
        sooner = replace(breaker, until=NOW + timedelta(minutes=5))
        writer.prices.store_quotes((), (), (), [sooner], NOW)
        assert writer.prices.stored.breakers(NOW) == (breaker,)
        later = NOW + timedelta(minutes=15)
        assert writer.prices.stored.breakers(later) == ()
        writer.prices.store_quotes((), (), (), (), later)
        assert raw(writer).execute("SELECT count(*) FROM breaker").fetchone() == (0,)


@pytest.mark.parametrize("set_at", [NOW + timedelta(days=365), None])
def test_a_breaker_of_a_clock_that_was_ahead_is_void(tmp_path: Path, set_at: datetime | None) -> None:
    with Writer(tmp_path / "t.db") as writer:
        ahead = NOW + timedelta(days=365)
        raw(writer).execute(
            "INSERT INTO breaker (provider, until, reason, set_at) VALUES ('yahoo', ?, '429', ?)",
            (to_epoch(ahead + timedelta(minutes=15)), set_at and to_epoch(set_at)),
        )
        assert writer.prices.stored.breakers(NOW) == ()
        breaker = Breaker("yahoo", NOW + timedelta(minutes=5), "429", NOW)
        writer.prices.store_quotes((), (), (), [breaker], NOW)
        assert writer.prices.stored.breakers(NOW) == (breaker,)


def test_live_closes_do_not_wipe_a_history(tmp_path: Path) -> None:
    whole = Bar("NVDA", INTRADAY, NOW, NOW + timedelta(minutes=5), 118.0, "yahoo", 117.0, 119.0, 116.0, 1e6)
    with Writer(tmp_path / "t.db") as writer:
        writer.prices.store_bars("NVDA", INTRADAY, [whole], None, [(NOW, 10.0)], NOW)
        live = bar(INTRADAY, NOW, NOW + timedelta(minutes=5), 118.5)
        writer.prices.store_quotes((), [live], (), (), NOW)
        found = writer.prices.stored.bars("NVDA", INTRADAY, NOW, NOW + timedelta(minutes=1))
        assert found == [replace(whole, close=118.5, high=None, low=None, volume=None)]  # what readers ask for
        kept = raw(writer).execute("SELECT open, high, low, volume FROM bar").fetchall()
        assert kept == [(117.0, 119.0, 116.0, 1e6)]
        assert writer.prices.stored.bars("NVDA", INTRADAY, NOW - timedelta(days=1), NOW) == []
        assert writer.prices.stored.answered_spans(NOW) == {}


@pytest.mark.parametrize(
    ("first", "second", "known"),
    [
        ((0, 10), (10, 20), (0, 20)),
        ((10, 20), (0, 12), (0, 20)),
        ((0, 10), (15, 20), (15, 20)),
        ((0, 20), (5, 6), (0, 20)),
    ],
)
def test_spans_that_touch_grow_together(
    tmp_path: Path, first: tuple[int, int], second: tuple[int, int], known: tuple[int, int]
) -> None:
    def days(span: tuple[int, int]) -> tuple[datetime, datetime]:
        return NOW + timedelta(days=span[0]), NOW + timedelta(days=span[1])

    later = NOW + timedelta(days=30)
    with Writer(tmp_path / "t.db") as writer:
        for span in (first, second):
            writer.prices.store_bars("NVDA", DAILY, (), days(span), (), later)
        assert writer.prices.stored.answered_spans(later) == {("NVDA", DAILY): days(known)}


def test_a_history_answered_under_a_clock_that_was_ahead_is_asked_for_again(tmp_path: Path) -> None:
    ahead = NOW + timedelta(days=365)
    known = bar(DAILY, NOW - timedelta(days=2), NOW - timedelta(days=1), 118.0)
    month_ago = NOW - timedelta(days=30)
    with Writer(tmp_path / "t.db") as writer:
        writer.prices.store_bars("NVDA", DAILY, [known], (month_ago, ahead), (), ahead)
        writer.prices.store_bars("NVDA", INTRADAY, (), (ahead - timedelta(days=59), ahead), (), ahead)
        # Without a bar to go by, nothing counts as answered.
        writer.prices.store_bars("SPY", DAILY, (), (month_ago, ahead), (), ahead)
        assert writer.prices.stored.answered_spans(NOW) == {
            ("NVDA", DAILY): (month_ago, known.end), ("SPY", DAILY): (month_ago, month_ago)
        }  # fmt: skip
        writer.prices.store_bars("NVDA", DAILY, (), (known.end, NOW), (), NOW)
        writer.prices.store_bars("NVDA", INTRADAY, (), (month_ago, NOW), (), NOW)
        for now in (NOW, ahead):
            spans = writer.prices.stored.answered_spans(now)
            assert spans["NVDA", DAILY] == spans["NVDA", INTRADAY] == (month_ago, NOW)


def test_a_quote_from_the_future_does_not_keep_the_true_one_out(tmp_path: Path) -> None:
    with Writer(tmp_path / "t.db") as writer:
        ahead = replace(QUOTE, time=NOW + timedelta(days=365), price=1.0)
        writer.prices.store_quotes([ahead], (), (), (), NOW)
        writer.prices.store_quotes([QUOTE], (), (), (), NOW)
        assert writer.prices.stored.quotes() == {"NVDA": QUOTE}


FRIDAY_CLOSE = datetime(2025, 1, 24, 21, tzinfo=UTC)
MONDAY_OPEN = datetime(2025, 1, 27, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("published", "base"),
    [
        (FRIDAY_CLOSE - timedelta(minutes=1), None),
        (FRIDAY_CLOSE, PriceBase(142.62, FRIDAY_CLOSE)),
        (MONDAY_OPEN + timedelta(minutes=4, seconds=59), PriceBase(142.62, FRIDAY_CLOSE)),
        (MONDAY_OPEN + timedelta(minutes=5), PriceBase(124.80, MONDAY_OPEN + timedelta(minutes=5))),
        (MONDAY_OPEN + timedelta(minutes=9), PriceBase(124.80, MONDAY_OPEN + timedelta(minutes=5))),
        (MONDAY_OPEN + timedelta(hours=7), PriceBase(118.42, MONDAY_OPEN + timedelta(hours=6, minutes=30))),
    ],
)
def test_base_is_the_last_close_before_publication(tmp_path: Path, published: datetime, base: PriceBase | None) -> None:
    five = timedelta(minutes=5)
    history = [
        bar(DAILY, FRIDAY_CLOSE - timedelta(hours=6.5), FRIDAY_CLOSE, 142.62),
        bar(DAILY, MONDAY_OPEN, MONDAY_OPEN + timedelta(hours=6.5), 118.42),
        bar(INTRADAY, MONDAY_OPEN, MONDAY_OPEN + five, 124.80),
        bar(INTRADAY, MONDAY_OPEN + five, MONDAY_OPEN + 2 * five, 125.50),
    ]
    with Writer(tmp_path / "t.db") as writer, Reader(tmp_path / "t.db") as reader:
        writer.prices.store_quotes((), history, (), (), NOW)
        assert reader.prices.base_before("NVDA", to_epoch(published)) == base
        assert reader.prices.base_before("AMD", to_epoch(published)) is None
        minutes_ago = (NOW - published) / timedelta(minutes=1)
        fill(writer, "A", [article("Nvidia", minutes_ago=minutes_ago, symbol="NVDA")])
        assert reader.articles.headlines(reader.articles.ids(parse_query(""), NOW))[0].base == base
        assert reader.news.price_needs() == [("NVDA", 1, to_epoch(published), to_epoch(published))]
        assert reader.news.symbols_since(published) == ["NVDA"]
        assert reader.news.symbols_since(published + timedelta(seconds=1)) == []

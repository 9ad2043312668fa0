"""The history that a sync brings: what the study needs, once, in the shares of today."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.feeds import config_for, rss
from tests.helpers.http_server import Answer, LoopbackServer, Request
from tests.helpers.prices import DAYS, model_of, walk
from tests.helpers.sync import run_sync
from tests.market.shapes import JSON_TYPE, chart, meta, result
from tracker.impact.calculator import ImpactCalculator
from tracker.market import calendar
from tracker.model.clock import to_epoch
from tracker.model.config import Config
from tracker.model.impact import Impact
from tracker.model.market import DAILY, INTRADAY, Bar, Quote, WatchSymbol
from tracker.model.query import parse_query
from tracker.prices.moves import move_since
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.sync.price_sync import exchanges_by_bars
from tracker.sync.run import Syncer

PUBLISHED = datetime(2025, 1, 27, 13, 2, tzinfo=UTC)
EVENING = datetime(2025, 1, 27, 21, 40, tzinfo=UTC)
SPLIT = date(2025, 1, 28)


class Exchange:
    """Plays Yahoo's charts for random walks; a split divides all closes of before it once it has happened."""

    def __init__(self, server: LoopbackServer) -> None:
        self.now = EVENING
        self.ratio = 1.0
        self.asked: list[tuple[str, str, int, int]] = []
        self.status = 200
        self.dividend: tuple[date, float] | None = None
        self.is_told = True  # whether the split stands in the answers, as an event and in the closes before it
        self._closes = {"NVDA": walk(1, size=0.02), "^GSPC": walk(2), "SPY": walk(3)}
        for symbol, path in {"NVDA": "NVDA", "^GSPC": "%5EGSPC", "SPY": "SPY"}.items():
            server.routes[f"/v8/finance/chart/{path}"] = partial(self._answer, symbol)

    def _answer(self, symbol: str, request: Request) -> Answer:
        interval = request.query["interval"][0]
        start, end = int(request.query["period1"][0]), int(request.query["period2"][0])
        self.asked.append((symbol, interval, start, end))
        if self.status != 200:
            return Answer(b"no", self.status, {"Content-Type": "text/plain"})
        is_split = symbol == "NVDA" and self.ratio != 1 and self.now.date() >= SPLIT and self.is_told
        rows: list[tuple[int, float]] = []
        for day, close in self._closes[symbol].items():
            opened = to_epoch(calendar.session_open(day))
            divided = close if not is_split or day >= SPLIT else close / self.ratio
            if symbol == "NVDA" and day >= SPLIT and self.ratio != 1:
                divided = close / self.ratio
            at = opened if interval == "1d" else to_epoch(calendar.session_close(day)) - INTRADAY
            if start <= opened < end and calendar.session_close(day) <= self.now:
                rows.append((at, divided))
        more: dict[str, object] = {}
        at = to_epoch(calendar.session_open(SPLIT))
        if is_split and start <= at < end:
            more = {"events": {"splits": {str(at): {"date": at, "numerator": self.ratio, "denominator": 1}}}}
        if self.dividend is not None and symbol == "NVDA":
            paid = to_epoch(calendar.session_open(self.dividend[0]))
            if start <= paid < end:
                more = {"events": {"dividends": {str(paid): {"date": paid, "amount": self.dividend[1]}}}}
        newest = to_epoch(self.now)
        about = meta(symbol, dataGranularity=interval, range="", regularMarketTime=newest, regularMarketPrice=None)
        body = chart(result(about, [at for at, _ in rows], [price for _, price in rows], **more))
        return Answer(json.dumps(body).encode(), headers=JSON_TYPE)


async def sync(config: Config, db: Path, now: datetime) -> None:
    await run_sync(config, db, lambda: now)


@pytest.fixture
def config(server: LoopbackServer) -> Config:
    server.routes["/a"] = Answer(rss(["Nvidia falls"], published=PUBLISHED))
    server.routes["/v7/finance/spark"] = Answer(b'{"spark": {"result": [], "error": null}}', headers=JSON_TYPE)
    return replace(config_for(server, "a", prices=True), symbols=(WatchSymbol("NVDA", shares=1e9),))


@pytest.mark.slow
async def test_a_sync_brings_what_the_study_needs_once(server: LoopbackServer, tmp_path: Path, config: Config) -> None:
    db, yahoo = tmp_path / "t.db", Exchange(server)
    await sync(config, db, EVENING)
    assert [(symbol, interval) for symbol, interval, *_ in yahoo.asked] == [
        ("^GSPC", "1d"),
        ("^GSPC", "5m"),
        ("SPY", "5m"),
        ("NVDA", "1d"),
        ("NVDA", "5m"),
    ]
    assert yahoo.asked[0][2] == to_epoch(PUBLISHED - timedelta(days=200))
    with Reader(db) as reader:
        (found,) = ImpactCalculator(reader, config, lambda: EVENING).impacts(
            reader.articles.ids(parse_query(""), EVENING)
        )
        assert model_of(found.abnormal).kind == "market"
        assert model_of(found.abnormal).n == 120
        assert found.abnormal.t0 is not None
        assert found.session.value_usd is not None
        estimate = reader.prices.estimates("NVDA", "^GSPC")[date(2025, 1, 27)]
        assert (estimate.beta, estimate.n) == (model_of(found.abnormal).beta, 120)
    yahoo.asked.clear()
    await sync(config, db, EVENING + timedelta(minutes=40))
    assert yahoo.asked == []


@pytest.mark.slow
async def test_a_move_over_an_ex_dividend_day_includes_the_dividend(
    server: LoopbackServer, tmp_path: Path, config: Config
) -> None:
    db, yahoo = tmp_path / "t.db", Exchange(server)
    day, closes = date(2025, 1, 27), walk(1, size=0.02)
    yahoo.dividend = (day, 4.0)
    await sync(config, db, EVENING)
    before, close = closes[date(2025, 1, 24)], closes[day]
    with Reader(db) as reader:
        (found,) = ImpactCalculator(reader, config, lambda: EVENING).impacts(
            reader.articles.ids(parse_query(""), EVENING)
        )
        assert [(one.day, one.amount) for one in reader.prices.dividends("NVDA")] == [yahoo.dividend]
        assert reader.prices.dividends("SPY") == ()
        assert found.session.move == found.moves.close == pytest.approx((close + 4.0) / before - 1)
        quote = Quote("NVDA", close, EVENING, "yahoo")
        (row,) = reader.articles.headlines(reader.articles.ids(parse_query(""), EVENING))
        move = move_since("NVDA", PUBLISHED, row.base, quote, EVENING)
        assert move.since == pytest.approx((close + 4.0) / before - 1)
        assert [one.amount for one in move.dividends] == [4.0]


@pytest.mark.slow
async def test_bars_stored_before_a_split_come_into_the_shares_of_after_it(
    server: LoopbackServer, tmp_path: Path, config: Config
) -> None:
    db, yahoo = tmp_path / "t.db", Exchange(server)
    await sync(config, db, EVENING)
    yahoo.ratio, yahoo.now = 10.0, EVENING + timedelta(days=1)
    yahoo.asked.clear()
    await sync(config, db, yahoo.now)
    assert {one[2] for one in yahoo.asked} == {to_epoch(calendar.session_close(date(2025, 1, 27)))}
    closes = walk(1, size=0.02)
    with Reader(db) as reader:
        for interval in (DAILY, INTRADAY):
            bars = reader.prices.bars("NVDA", interval, EVENING - timedelta(days=400), yahoo.now)
            days = [day for day in DAYS if bars[0].start.date() <= day <= SPLIT]
            assert [bar.close for bar in bars] == pytest.approx([closes[day] / 10 for day in days])


@pytest.mark.slow
async def test_on_the_day_of_a_split_no_move_is_one_between_two_kinds_of_shares(
    server: LoopbackServer, tmp_path: Path, config: Config
) -> None:
    db, yahoo = tmp_path / "t.db", Exchange(server)
    await sync(config, db, EVENING)
    yahoo.ratio, yahoo.now = 10.0, datetime(2025, 1, 28, 15, 0, tzinfo=UTC)
    yahoo.asked.clear()
    close = walk(1, size=0.02)[date(2025, 1, 27)] / 10
    newest = to_epoch(yahoo.now) - 30
    about = meta(
        regularMarketPrice=close * 1.02, previousClose=close, chartPreviousClose=close, regularMarketTime=newest
    )
    body = {"spark": {"result": [{"symbol": "NVDA", "response": [result(about, [newest], [close * 1.02])]}]}}
    server.routes["/v7/finance/spark"] = Answer(json.dumps(body).encode(), headers=JSON_TYPE)
    syncer = Syncer(config, db, lambda: yahoo.now)
    try:
        for _ in range(3):
            assert "NVDA" in (await syncer.quotes()).symbols
    finally:
        await syncer.close()
    assert [one[0] for one in yahoo.asked] == ["NVDA"]  # once, not with every poll
    with Reader(db) as reader:
        bars = reader.prices.bars("NVDA", DAILY, EVENING - timedelta(days=400), yahoo.now)
        assert bars[-1].close == pytest.approx(close)
        (row,) = reader.articles.headlines(reader.articles.ids(parse_query(""), yahoo.now))
        quote = reader.prices.quotes()["NVDA"]
        since = move_since("NVDA", row.time, row.base, quote, yahoo.now).since
        assert since is not None
        assert abs(since) < 0.2


@pytest.mark.slow
async def test_a_split_that_is_told_of_days_late_is_doubted_until_then(
    server: LoopbackServer, tmp_path: Path, config: Config
) -> None:
    db, yahoo = tmp_path / "t.db", Exchange(server)
    await sync(config, db, EVENING)
    yahoo.ratio, yahoo.is_told = 10.0, False

    def quote_at(now: datetime, day: date) -> None:
        close = walk(1, size=0.02)[day] / 10
        about = meta(
            regularMarketPrice=close,
            previousClose=close,
            chartPreviousClose=close,
            regularMarketTime=to_epoch(now) - 30,
        )
        body = {"spark": {"result": [{"symbol": "NVDA", "response": [result(about, [to_epoch(now) - 30], [close])]}]}}
        server.routes["/v7/finance/spark"] = Answer(json.dumps(body).encode(), headers=JSON_TYPE)

    def state(now: datetime) -> tuple[Impact, float | None, int]:
        with Reader(db) as reader:
            (found,) = ImpactCalculator(reader, config, lambda: now).impacts(reader.articles.ids(parse_query(""), now))
            (row,) = reader.articles.headlines([found.article_id])
            quote = reader.prices.quotes()["NVDA"]
            listed = len(reader.articles.ids(parse_query("move<-50%"), now))
            return found, move_since("NVDA", row.time, row.base, quote, now).since, listed

    for days in (1, 2):
        yahoo.now = EVENING + timedelta(days=days)
        quote_at(yahoo.now, yahoo.now.date())
        await sync(config, db, yahoo.now)
        found, since, listed = state(yahoo.now)
        assert (found.moves.d1, found.moves.since, found.since.move, since, listed) == (None, None, None, None, 0)
        assert found.rest.move is not None  # its session was over before the step
        assert any("looks like a split of 10 for 1" in note for note in found.notes)
    yahoo.is_told, yahoo.now = True, EVENING + timedelta(days=3)
    quote_at(yahoo.now, yahoo.now.date())
    await sync(config, db, yahoo.now)
    found, since, listed = state(yahoo.now)
    assert not any("split" in note for note in found.notes)
    assert listed == 0
    for move in (found.moves.d1, found.since.move, since):
        assert move is not None
        assert abs(move) < 0.3


@pytest.mark.slow
@pytest.mark.parametrize(("status", "is_answered"), [(429, False), (500, False), (404, True)])
async def test_only_an_answer_is_not_asked_for_again(
    server: LoopbackServer, tmp_path: Path, config: Config, status: int, is_answered: bool
) -> None:
    db, yahoo = tmp_path / "t.db", Exchange(server)
    yahoo.status = status
    await sync(config, db, EVENING)
    with Reader(db) as reader:
        assert bool(reader.prices.answered_spans(EVENING)) is is_answered
    yahoo.status, later = 200, EVENING + timedelta(hours=2)
    yahoo.asked.clear()
    await sync(config, db, later)
    assert bool(yahoo.asked) is not is_answered
    with Reader(db) as reader:
        assert bool(reader.prices.bars("NVDA", DAILY, EVENING - timedelta(days=9), later)) is not is_answered


def test_the_hours_of_an_exchange_that_is_not_known_come_from_the_bars_of_a_share(tmp_path: Path) -> None:
    opened = datetime(2025, 1, 27, 8, tzinfo=UTC)
    closed, now = opened + timedelta(hours=8), opened + timedelta(days=1)
    symbols = ("ORSTED.CO", "^OMXC25", "NVDA", "AZN.L", "BTC-USD")
    with Writer(tmp_path / "t.db") as writer:
        for symbol in symbols:
            bar = Bar(symbol, DAILY, opened, closed, 100.0, "yahoo")
            writer.prices.store_bars(symbol, DAILY, [bar], (opened, closed), (), now)
        quotes = [
            Quote(symbol, 100.0, closed, "yahoo", fetched=now, exchange_zone="Europe/Copenhagen")
            for symbol in symbols[:2]
        ]
        writer.prices.store_quotes(quotes, (), (), (), now)
    with Reader(tmp_path / "t.db") as reader:
        found = exchanges_by_bars(reader.prices, (*symbols, "NONE.CO"), now)
    assert set(found) == {"ORSTED.CO", "^OMXC25"}
    assert {(one.zone, one.opens.hour, one.closes.hour) for one in found.values()} == {("Europe/Copenhagen", 9, 17)}


@pytest.mark.slow
async def test_bars_of_an_exchange_that_is_not_known_are_asked_for_once_it_has_closed(
    server: LoopbackServer, tmp_path: Path, config: Config
) -> None:
    server.routes["/a"] = Answer(rss(["Orsted falls"], published=PUBLISHED))
    config = replace(config, symbols=(WatchSymbol("ORSTED.CO", names=("Orsted",)),))
    opens = [to_epoch(datetime(2025, 1, day, 8, tzinfo=UTC)) for day in (22, 23, 24, 27)]
    ends: list[int] = []

    def answer(request: Request) -> Answer:
        ends.append(int(request.query["period2"][0]))
        period = {"regular": {"start": opens[-1], "end": opens[-1] + 8 * 3600}}
        about = meta(
            "ORSTED.CO",
            dataGranularity=request.query["interval"][0],
            range="",
            exchangeTimezoneName="Europe/Copenhagen",
            currentTradingPeriod=period,
            regularMarketTime=opens[-1],
        )
        return Answer(json.dumps(chart(result(about, opens[:3], [300.0] * 3))).encode(), headers=JSON_TYPE)

    server.routes["/v8/finance/chart/ORSTED.CO"] = answer
    await sync(config, tmp_path / "t.db", datetime(2025, 1, 27, 14, tzinfo=UTC))
    assert set(ends) == {to_epoch(datetime(2025, 1, 24, 21, tzinfo=UTC))}  # New York's close
    ends.clear()
    await sync(config, tmp_path / "t.db", datetime(2025, 1, 27, 16, 31, tzinfo=UTC))
    assert set(ends) == {to_epoch(datetime(2025, 1, 27, 16, tzinfo=UTC))}

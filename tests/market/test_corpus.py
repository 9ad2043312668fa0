"""Every recorded answer of a price service: a right number or a named reason, never a traceback."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.helpers.http_server import Answer, LoopbackServer
from tests.market.shapes import loopback_client
from tracker.market import cnbc, finnhub, guard, nasdaq
from tracker.market.http import JsonGetter
from tracker.market.yahoo_shapes import decode_chart, decode_spark
from tracker.model.market import DAILY, INTRADAY, Bar, BarsAnswer, PriceFailure, Quote

pytestmark = pytest.mark.corpus

YEARS_ON = datetime(2028, 1, 1, tzinfo=UTC)


class Recorded(NamedTuple):
    file: str
    body: bytes
    status: int
    kind: str
    location: str | None

    @property
    def data(self) -> object:
        return json.loads(self.body)


def recorded(corpus: Path) -> Iterator[Recorded]:
    folder = corpus / "prices/responses"
    for entry in json.loads((folder / "MANIFEST.json").read_text()):
        if not entry:
            continue
        body = (folder / entry["file"]).read_bytes()
        status, location = entry["status"] or 200, None
        if 300 <= status < 400:
            location = json.loads(body)["location"]
        yield Recorded(entry["file"], body, status, entry["content_type"] or "text/html", location)


def load(corpus: Path, name: str) -> object:
    return json.loads((corpus / "prices/responses" / name).read_text())


def symbol_in(data: object) -> str:
    """Return the first symbol that an answer names."""
    text = json.dumps(data)
    marker = '"symbol": "'
    return text.split(marker, 1)[1].split('"', 1)[0] if marker in text else "AAPL"


def check(quotes: list[Quote], bars: list[Bar], failures: list[PriceFailure]) -> None:
    """A price is above zero, a change above -40 %; and there is always a price or a reason."""
    assert quotes or bars or failures
    for quote in quotes:
        assert quote.price > 0
        assert quote.change is None or abs(quote.change) < 0.4
        assert quote.currency is None or quote.currency.isupper()
    assert all(bar.close > 0 and bar.start < bar.end for bar in bars)
    assert all(failure.reason.isprintable() and failure.reason for failure in failures)


def test_every_answer_through_every_decoder(corpus: Path) -> None:
    seen = 0
    for one in recorded(corpus):
        if not one.file.endswith(".json"):
            continue
        data = one.data
        symbol = symbol_in(data)
        spark = decode_spark(data, [symbol], YEARS_ON)
        check(list(spark.quotes), list(spark.bars), list(spark.failures))
        for interval in (INTRADAY, DAILY):
            chart = decode_chart(data, symbol, interval, YEARS_ON)
            check([chart.quote] if chart.quote else [], list(chart.bars), list(chart.failures))
        batch = cnbc.decode_itv(data, [symbol], YEARS_ON)
        check(list(batch.quotes), [], list(batch.failures))
        for single in (nasdaq.decode_info(data, symbol, YEARS_ON), finnhub.decode_quote(data, symbol, YEARS_ON)):
            check(
                [single] if isinstance(single, Quote) else [], [], [single] if isinstance(single, PriceFailure) else []
            )
        seen += 1
    assert seen >= 40


async def test_every_answer_over_http(corpus: Path, server: LoopbackServer) -> None:
    async with loopback_client() as client:
        getter = JsonGetter(client, lambda: YEARS_ON, {"yahoo": server.url})
        for one in recorded(corpus):
            headers = {"Content-Type": one.kind, **({"Location": one.location} if one.location else {})}
            server.routes["/x"] = Answer(b"" if one.location else one.body, one.status, headers)
            got = await getter.get("yahoo", f"{server.url}/x")
            is_json = one.status == 200 and "json" in one.kind
            assert isinstance(got, PriceFailure) is not is_json, one.file
            if isinstance(got, PriceFailure):
                assert got.http == one.status
                refusal = one.status in (302, 307, 401, 403, 429) or "limit" in one.file or "denied" in one.file
                assert got.blocked is refusal, (one.file, got)


def chart_of(corpus: Path, name: str, interval: int, now: datetime) -> BarsAnswer:
    data = load(corpus, f"yahoo/chart/{name}.json")
    return decode_chart(data, symbol_in(data), interval, now)


def test_numbers_of_recorded_charts(corpus: Path) -> None:
    now = datetime.fromtimestamp(1_791_208_760, UTC)
    daily = chart_of(corpus, "daily_AAPL_1mo_no_previousClose_2026-10-05", DAILY, now)
    assert [round(bar.close, 2) for bar in daily.bars] == [316.22, 331.34, 339.75, 329.40]
    assert daily.quote is not None
    assert (daily.quote.price, daily.quote.session) == (333.825, "regular")
    hourly = chart_of(corpus, "intraday_1h_AAPL_5d_2026-10-05", INTRADAY, now)
    assert hourly.failures[0].reason == "bars of 1h instead of those asked for"
    tokyo = chart_of(corpus, "intraday_5m_7203.T_null_lunch_2026-10-05", INTRADAY, now)
    assert tokyo.quote is not None
    assert (tokyo.quote.price, tokyo.quote.session, tokyo.quote.currency) == (2893.5, "closed", "JPY")
    assert tokyo.quote.change == pytest.approx(0.01295, abs=1e-5)
    assert [bar.close for bar in tokyo.bars] == [2885.0, 2889.5, 2889.5, 2892.5, 2898.0]
    coin = chart_of(corpus, "intraday_5m_BTC-USD_2026-10-05", INTRADAY, now)
    assert coin.quote is not None
    assert coin.quote.change is not None
    assert coin.quote.change < 0
    pence = chart_of(corpus, "daily_TSCO.L_5d_GBp", DAILY, datetime.fromtimestamp(1_781_101_800, UTC))
    assert pence.quote is not None
    assert pence.quote.price == pytest.approx(4.647)
    assert pence.quote.currency == "GBP"
    assert pence.quote.previous_close == pytest.approx(4.559, abs=1e-3)
    assert [round(bar.close, 3) for bar in pence.bars][-1] == 4.559
    dividends = chart_of(corpus, "daily_MSFT_2021_dividends", DAILY, YEARS_ON)
    assert len(dividends.bars) == 252
    assert dividends.splits == ()
    assert all(bar.end.hour in (18, 20, 21) for bar in dividends.bars)
    empty = chart_of(corpus, "SYNTHETIC_no_timestamp_quotes_length", DAILY, YEARS_ON)
    assert empty.bars == ()


def test_numbers_of_recorded_quotes(corpus: Path) -> None:
    close = datetime.fromtimestamp(1_785_182_401, UTC)
    spark = decode_spark(load(corpus, "yahoo/spark/v7_MSFT_AAPL_2026-07-27.json"), ["AAPL", "MSFT", "NVDA"], close)
    assert [(quote.symbol, quote.price, quote.previous_close) for quote in spark.quotes] == [
        ("AAPL", 336.91, 333.02),
        ("MSFT", 389.1, 381.7),
    ]
    assert spark.quotes[0].session == "closed"
    now = datetime(2026, 6, 17, 13, 18, 30, tzinfo=UTC)
    itv = cnbc.decode_itv(load(corpus, "cnbc/itv_NVDA_GOOGL_AVGO_GOOG_2026-06-17.json"), ["NVDA", "GOOGL", "AVGO"], now)
    assert [(quote.symbol, quote.price, quote.session) for quote in itv.quotes] == [
        ("NVDA", 208.47, "pre"),
        ("GOOGL", 371.34, "pre"),
    ]
    assert itv.quotes[0].change == pytest.approx(0.0051, abs=5e-5)
    assert itv.quotes[1].change == pytest.approx(-0.0051, abs=5e-5)
    assert [(failure.symbol, failure.reason) for failure in itv.failures] == [("AVGO", "no trade time in the answer")]
    closed = nasdaq.decode_info(load(corpus, "nasdaq/info_AAPL_market_closed_2019-11-19.json"), "AAPL", YEARS_ON)
    assert isinstance(closed, Quote)
    assert closed.change == pytest.approx(-0.00303, abs=1e-5)  # printed as "0.81" and "0.3%"
    assert closed.time == datetime(2019, 11, 19, 21, 0, tzinfo=UTC)
    early = datetime(2019, 11, 19, 14, 27, 30, tzinfo=UTC)
    pre = nasdaq.decode_info(load(corpus, "nasdaq/info_AAPL_pre_market_2019-11-19.json"), "AAPL", early)
    assert isinstance(pre, Quote)
    assert (pre.price, pre.session, pre.previous_close, pre.regular_price) == (267.85, "pre", 267.10, 267.10)
    timeless = finnhub.decode_quote(load(corpus, "finnhub/quote_ok.json"), "AAPL", YEARS_ON)
    assert isinstance(timeless, PriceFailure)
    assert timeless.reason == "no trade time in the answer"


def test_a_history_with_known_faults_is_flagged_where_it_is_broken(corpus: Path) -> None:
    folder = corpus / "prices/responses/yahoo/bad-data"
    for path in sorted(folder.glob("*-fixed.csv")):
        with path.open() as file:
            rows = [row for row in csv.DictReader(file) if row["Close"]]
        stamps = [datetime.fromisoformat(row.get("Date") or row["Datetime"]).astimezone(UTC) for row in rows]
        pairs = sorted(zip(stamps, (float(row["Close"]) for row in rows), strict=True))
        bars = [Bar("X", DAILY, at, at + timedelta(hours=8), close, "yahoo") for at, close in pairs]
        sound, reasons = guard.believed_bars(bars, ())
        assert (len(sound), reasons) == (len(bars), ()), path.name
        broken = list(bars)
        middle = len(bars) // 2
        broken[middle] = Bar("X", DAILY, bars[middle].start, bars[middle].end, bars[middle].close * 100, "yahoo")
        kept, reasons = guard.believed_bars(broken, ())
        assert len(kept) == len(bars) - 1
        assert len(reasons) == 1


def test_no_real_day_of_the_history_is_called_a_jump(corpus: Path) -> None:
    counted = 0
    for path in sorted((corpus / "prices/history/yahoo-raw-close").glob("*.csv")):
        with path.open() as file:
            rows = list(csv.DictReader(file))
        days = [datetime.fromisoformat(row["date"]).replace(tzinfo=UTC) for row in rows]
        closes = [float(row["close"]) for row in rows]
        bars = [
            Bar(path.stem, DAILY, day, day + timedelta(hours=7), close, "yahoo")
            for day, close in zip(days, closes, strict=True)
        ]
        assert guard.believed_bars(bars, ()) == (tuple(bars), ())
        counted += len(bars)
    assert counted > 7_000

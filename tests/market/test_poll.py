"""Fallback, breakers and the guard, over real HTTP on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.helpers.http_server import Answer, LoopbackServer
from tests.market.shapes import DAY, OPEN, at, chart, info, itv, loopback_client, meta, reply, result, spark
from tracker.market import calendar
from tracker.market.guard import jump
from tracker.market.poll import PricePoller, poll_interval
from tracker.market.providers import build_providers
from tracker.model.market import DAILY, Breaker, Quote, QuotesAnswer

NOW = at(OPEN + 3_730)
SPARK = "/v7/finance/spark"
CNBC = "/quote-html-webservice/quote.htm"
THROTTLED = Answer(b"Too Many Requests", 429, {"Content-Type": "text/plain"})
AT_TEN_THIRTY = "2025-01-27T10:30:00-0500"


class Time:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
async def poller(server: LoopbackServer, clock: Time) -> AsyncIterator[PricePoller]:
    """Yahoo, then CNBC, then Nasdaq, all on one loopback server."""
    names = ["yahoo", "cnbc", "nasdaq"]
    async with loopback_client() as client:
        yield PricePoller(build_providers(names, dict.fromkeys(names, server.url), client, clock), clock)


def cnbc(symbol: str, price: float, previous: float = 142.62) -> dict[str, object]:
    return {"symbol": symbol, "last": str(price), "previous_day_closing": str(previous), "last_time": AT_TEN_THIRTY}


async def quotes(poller: PricePoller, *symbols: str, previous: dict[str, Quote] | None = None) -> QuotesAnswer:
    answer, _ = await poller.quotes(symbols, previous or {})
    return answer


async def test_a_full_answer_of_the_first_leaves_the_others_alone(server: LoopbackServer, poller: PricePoller) -> None:
    server.routes[SPARK] = reply(spark(result(meta(), [OPEN], [124.8])))
    answer, breakers = await poller.quotes(["NVDA", "NVDA"], {})
    assert [quote.symbol for quote in answer.quotes] == ["NVDA"]
    assert [bar.close for bar in answer.bars] == [124.8]
    assert answer.failures == ()
    assert breakers == ()
    assert [request.path for request in server.requests] == [SPARK]


async def test_dividends_of_the_wrong_size_are_not_believed(server: LoopbackServer, poller: PricePoller) -> None:
    times = [OPEN - (3 + n) * DAY for n in (2, 1, 0)]
    amounts = dict(zip(times, (41, 39, 900), strict=True))
    listed = {str(time): {"amount": amount, "date": time} for time, amount in amounts.items()}
    about = meta(dataGranularity="1d", range="")
    body = chart(result(about, times, [100.0, 101.0, 102.0], events={"dividends": listed}))
    server.routes["/v8/finance/chart/NVDA"] = reply(body)
    answer, _ = await poller.bars("NVDA", DAILY, at(times[0]), NOW)
    assert [(one.amount, one.day) for one in answer.dividends] == [(39.0, at(times[1]).date())]
    # Without a bar nothing says how large it is.
    server.routes["/v8/finance/chart/NVDA"] = reply(chart(result(about, [], [], events={"dividends": listed})))
    assert (await poller.bars("NVDA", DAILY, at(times[0]), NOW))[0].dividends == ()


async def test_what_is_missing_goes_down_the_providers(server: LoopbackServer, poller: PricePoller) -> None:
    server.routes[SPARK] = reply(spark(result(meta("NVDA"))))
    server.routes[CNBC] = reply(itv(cnbc("AMD", 115.0, 122.84)))
    server.routes["/api/quote/MU/info"] = reply(info("MU"))
    answer = await quotes(poller, "NVDA", "AMD", "MU", "GONE")
    assert [(quote.symbol, quote.provider) for quote in answer.quotes] == [
        ("NVDA", "yahoo"), ("AMD", "cnbc"), ("MU", "nasdaq"),
    ]  # fmt: skip
    assert server.asked(CNBC)[0].query["symbols"] == ["AMD|MU|GONE"]
    assert [failure.symbol for failure in answer.failures] == ["GONE"]
    assert answer.failures[0].reason.startswith("yahoo, cnbc: no such symbol in the answer; nasdaq: HTTP 404")


async def test_a_429_opens_a_breaker_that_is_respected_and_ends(
    server: LoopbackServer, poller: PricePoller, clock: Time
) -> None:
    server.routes[SPARK] = THROTTLED
    server.routes[CNBC] = reply(itv(cnbc("NVDA", 120.0)))
    answer, breakers = await poller.quotes(["NVDA"], {})
    assert [quote.provider for quote in answer.quotes] == ["cnbc"]
    assert breakers == (Breaker("yahoo", NOW + timedelta(minutes=15), "HTTP 429: Too Many Requests", NOW),)
    assert [(failure.symbol, failure.http) for failure in answer.failures] == [(None, 429)]
    clock.now += timedelta(minutes=14)
    again = await quotes(poller, "NVDA")
    assert len(server.asked(SPARK)) == 1
    assert "paused until 15:47 UTC" in again.failures[0].reason
    assert [quote.provider for quote in again.quotes] == ["cnbc"]
    clock.now += timedelta(minutes=1)
    server.routes[SPARK] = reply(spark(result(meta(regularMarketTime=OPEN + 4_600))))
    assert [quote.provider for quote in (await quotes(poller, "NVDA")).quotes] == ["yahoo"]
    assert poller.breakers == ()


@pytest.mark.parametrize(
    ("refusal", "minutes"),
    [
        (Answer(b"", 429, {"Retry-After": "3600"}), 60),
        (Answer(b"", 429, {"Retry-After": "5"}), 15),
        (Answer(b"", 302, {"Location": "https://guce.yahoo.com/consent"}), 15),
        (Answer(b"<html>Access Denied</html>", 403, {"Content-Type": "text/html"}), 15),
        (Answer(b"<html>Access Denied</html>", 200, {"Content-Type": "text/html"}), 15),
        (Answer(b"", 500), None),
        (Answer(b"<html>hello</html>", 200, {"Content-Type": "text/html"}), None),
    ],
)
async def test_what_opens_a_breaker_and_for_how_long(
    server: LoopbackServer, poller: PricePoller, refusal: Answer, minutes: int | None
) -> None:
    server.routes[SPARK] = refusal
    server.routes[CNBC] = reply(itv(cnbc("NVDA", 120.0)))
    answer, breakers = await poller.quotes(["NVDA"], {})
    assert [quote.price for quote in answer.quotes] == [120.0]
    assert [breaker.until - NOW for breaker in breakers] == ([] if minutes is None else [timedelta(minutes=minutes)])


async def test_breakers_of_another_process_are_heeded(server: LoopbackServer, clock: Time) -> None:
    known = Breaker("yahoo", NOW + timedelta(minutes=3), "HTTP 429")
    async with loopback_client() as client:
        providers = build_providers(["yahoo"], {"yahoo": server.url}, client, clock)
        poller = PricePoller(providers, clock, [known])
        poller.adopt_breakers([Breaker("yahoo", NOW + timedelta(minutes=1), "older")])
        answer = await quotes(poller, "NVDA")
        bars, breakers = await poller.bars("NVDA", DAILY, NOW - timedelta(days=9), NOW)
    assert server.requests == []
    assert breakers == (known,)
    assert bars.failures[0].reason == "paused until 15:35 UTC (HTTP 429)"
    assert [failure.symbol for failure in answer.failures] == [None, "NVDA"]


async def test_a_clock_that_was_set_back_ends_the_breakers_it_opened(clock: Time) -> None:
    poller = PricePoller([], clock)
    clock.now = NOW + timedelta(days=365)
    poller.adopt_breakers([Breaker("yahoo", clock.now + timedelta(minutes=15), "HTTP 429", clock.now)])
    reasons = [[breaker.reason for breaker in poller.breakers]]
    clock.now = NOW
    reasons.append([breaker.reason for breaker in poller.breakers])
    assert reasons == [["HTTP 429"], []]
    fresh = Breaker("yahoo", NOW + timedelta(minutes=15), "HTTP 429", NOW)
    poller.adopt_breakers([fresh])
    assert poller.breakers == (fresh,)


async def test_when_all_fail_the_last_good_number_stays_with_the_reason(
    server: LoopbackServer, poller: PricePoller
) -> None:
    server.routes[SPARK] = reply(spark(result(meta())))
    good = (await quotes(poller, "NVDA")).quotes[0]
    server.routes[SPARK] = Answer(b"", 500)
    answer = await quotes(poller, "NVDA", "AMD", previous={"NVDA": good})
    kept = answer.quotes[0]
    assert (kept.price, kept.time, kept.fetched) == (good.price, good.time, good.fetched)
    assert kept.failure == "yahoo: HTTP 500; cnbc, nasdaq: HTTP 404: not here"
    assert [failure.symbol for failure in answer.failures if failure.symbol] == ["NVDA", "AMD"]
    assert len(answer.quotes) == 1


async def test_no_provider_at_all(clock: Time) -> None:
    answer, _ = await PricePoller((), clock).quotes(["NVDA"], {})
    assert answer.failures[0].reason == "no provider of prices is configured"
    bars, _ = await PricePoller((), clock).bars("NVDA", DAILY, NOW, NOW)
    assert bars.bars == ()


async def test_a_jump_is_not_believed_and_the_last_good_number_stays(
    server: LoopbackServer, poller: PricePoller
) -> None:
    server.routes[SPARK] = reply(spark(result(meta())))
    good = (await quotes(poller, "NVDA")).quotes[0]
    server.routes[SPARK] = reply(spark(result(meta(regularMarketPrice=231.0))))
    answer = await quotes(poller, "NVDA", previous={"NVDA": good})
    assert answer.quotes[0].price == 120.0
    assert "jump of 62 % without a split, not believed" in (answer.quotes[0].failure or "")
    assert "not believed" in answer.failures[-1].reason
    server.routes[CNBC] = reply(itv(cnbc("NVDA", 120.4)))
    believed = (await quotes(poller, "NVDA", previous={"NVDA": good})).quotes[0]
    assert (believed.price, believed.provider, believed.failure) == (120.4, "cnbc", None)


async def test_a_jump_that_two_providers_saw_is_believed(server: LoopbackServer, poller: PricePoller) -> None:
    server.routes[SPARK] = reply(spark(result(meta(regularMarketPrice=231.0))))
    server.routes[CNBC] = reply(itv(cnbc("NVDA", 230.5)))
    assert [quote.price for quote in (await quotes(poller, "NVDA")).quotes] == [230.5]


async def test_a_split_between_two_sessions_is_no_jump(server: LoopbackServer, poller: PricePoller) -> None:
    server.routes[SPARK] = reply(spark(result(meta(regularMarketPrice=12.0, previousClose=12.2))))
    friday = Quote("NVDA", 122.0, at(OPEN - 3 * DAY), "yahoo", currency="USD")
    assert (await quotes(poller, "NVDA", previous={"NVDA": friday})).quotes[0].price == 12.0
    today = replace(friday, time=at(OPEN + 60))
    assert (await quotes(poller, "NVDA", previous={"NVDA": today})).quotes[0].price == 122.0


@pytest.mark.parametrize(
    ("before", "now", "is_believed"),
    [
        ("2024-06-07 19:59", "2024-06-10 08:05", True),  # Friday's last trade, and the first of the morning of a split
        ("2024-06-07 23:30", "2024-06-10 13:29", True),
        ("2024-06-10 08:05", "2024-06-10 08:06", False),  # both of that morning
        ("2024-06-07 19:59", "2024-06-07 23:30", False),  # an evening belongs to its day
        ("2024-06-07 19:59", "2024-06-08 15:00", False),  # no session on a Saturday
        ("2024-06-07 19:59", "2024-06-10 07:59", False),  # before trading begins at 4:00
    ],
)
def test_the_morning_of_a_split_begins_a_session(before: str, now: str, is_believed: bool) -> None:
    last, first = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (before, now))
    previous = Quote("NVDA", 1_208.88, last, "yahoo", previous_close=1_209.98)
    quote = Quote("NVDA", 120.5, first, "yahoo", previous_close=120.888)
    assert (jump(quote, previous) is None) is is_believed


async def test_bars_fall_back_and_jumps_are_named(server: LoopbackServer, poller: PricePoller) -> None:
    path = "/v8/finance/chart/NVDA"
    about = meta(dataGranularity="1d", range="", previousClose=None)
    times = [OPEN - 6 * DAY, OPEN - 5 * DAY, OPEN - 4 * DAY, OPEN - 3 * DAY]
    server.routes[path] = reply(chart(result(about, times, [140.83, 14_700.0, 147.22, 142.62])))
    answer, _ = await poller.bars("NVDA", DAILY, at(OPEN - 9 * DAY), NOW)
    assert [bar.close for bar in answer.bars] == [140.83, 147.22, 142.62]
    assert "bar left out" in answer.failures[0].reason
    assert answer.quote is not None
    wrong = {**about, "regularMarketPrice": 12_000.0}
    server.routes[path] = reply(chart(result(wrong, times, [140.83, 147.07, 147.22, 142.62])))
    doubted, _ = await poller.bars("NVDA", DAILY, at(OPEN - 9 * DAY), NOW)
    assert doubted.quote is None
    assert "not believed" in doubted.failures[0].reason
    server.routes[path] = THROTTLED
    rows = [{"date": "01/24/2025", "close": "$142.62"}]
    server.routes["/api/quote/NVDA/historical"] = reply({"data": {"tradesTable": {"rows": rows}}})
    fallen, breakers = await poller.bars("NVDA", DAILY, at(OPEN - 9 * DAY), NOW)
    assert [(bar.close, bar.provider) for bar in fallen.bars] == [(142.62, "nasdaq")]
    assert [breaker.provider for breaker in breakers] == ["yahoo"]
    assert [failure.provider for failure in fallen.failures] == ["yahoo", "cnbc"]


async def test_who_cannot_be_reached_is_asked_once_a_poll(clock: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = {"yahoo": "http://127.0.0.1:9", "nasdaq": "http://127.0.0.1:9"}
    async with loopback_client() as client:
        asked: list[str] = []
        get = client.get

        async def noted(url: str, *arguments: Any, **more: Any) -> Any:
            asked.append(url.partition("?")[0])
            return await get(url, *arguments, **more)

        monkeypatch.setattr(client, "get", noted)
        poller = PricePoller(build_providers(["yahoo", "nasdaq"], gone, client, clock), clock)
        await poller.quotes(["NVDA"], {})
        assert [one.removeprefix("http://127.0.0.1:9") for one in asked] == [SPARK, "/api/quote/NVDA/info"]
        assert not poller.has_provider
        answer, _ = await poller.bars("NVDA", DAILY, at(OPEN - 9 * DAY), NOW)
        more, _ = await poller.quotes(["AMD"], {}, is_more=True)
        assert len(asked) == 2
        for failures in (answer.failures, more.failures):
            assert {failure.provider for failure in failures} == {"yahoo", "nasdaq"}
            assert all("no connection" in failure.reason for failure in failures)
            assert all(failure.is_passing for failure in failures)
        await poller.quotes(["NVDA"], {})
        assert len(asked) == 4  # the next poll tries again


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        ("2025-01-27T09:00", 30.0),
        ("2025-01-27T17:00", 30.0),
        ("2025-01-28T00:59", 30.0),
        ("2025-01-28T01:00", 3600.0),
        ("2025-01-26T17:00", 3600.0),
        ("2025-01-27T08:40", 1200.0),  # trading begins in 20 minutes
        ("2025-01-27T08:59:59", 30.0),
    ],
)
def test_poll_interval(now: str, seconds: float) -> None:
    assert poll_interval(datetime.fromisoformat(now).replace(tzinfo=UTC), 30) == seconds


@pytest.mark.parametrize(
    ("now", "traded", "seconds"),
    [
        ("2025-01-27T15:30", "2025-01-24T21:00", 3600.0),  # an hour after the open, and nobody has traded since Friday
        ("2025-01-27T14:50", "2025-01-24T21:00", 30.0),  # 20 minutes: it may be the provider that is late
        ("2025-01-27T15:30", "2025-01-27T15:29", 30.0),
        ("2025-01-27T12:00", "2025-01-24T21:00", 30.0),  # before the open a share may not have traded for long
    ],
)
def test_a_session_in_which_nobody_trades_is_none(now: str, traded: str, seconds: float) -> None:
    moment, trade = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, traded))
    london = Quote("SHEL.L", 1.0, moment, "yahoo", exchange_zone="Europe/London")
    assert poll_interval(moment, 30, [Quote("NVDA", 142.62, trade, "yahoo"), london]) == seconds
    assert poll_interval(moment, 30, [london]) == 30.0


@given(st.integers(1_104_537_600, 1_893_456_000).map(at))
def test_no_poll_sleeps_into_a_session(now: datetime) -> None:
    seconds = poll_interval(now, 30)
    assert 30 <= seconds <= 3600
    if seconds > 30:
        assert calendar.session_at(now + timedelta(seconds=seconds - 1)) == "closed"

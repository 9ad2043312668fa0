"""Asks the providers in order for what is still missing, and pauses those that refuse."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from tracker.market import calendar, exchanges, guard
from tracker.market.provider import QuoteProvider
from tracker.model.clock import Clock
from tracker.model.market import Bar, BarsAnswer, Breaker, PriceFailure, Quote, QuotesAnswer
from tracker.model.wait import LONGEST_PAUSE

_LOG = logging.getLogger(__name__)
BREAK_SECONDS = 900
"""Pause after a provider throttled or refused a request; blocks of over 15 minutes were seen after 40
requests."""
CLOSED_SECONDS = 3600.0
"""Seconds between polls while New York is closed."""
_SILENCE = timedelta(minutes=30)


def poll_interval(now: datetime, poll_seconds: float, quotes: Iterable[Quote] = ()) -> float:
    """Return the seconds until the next poll: `poll_seconds` while New York trades (pre, regular, post), else an hour.

    The hour ends early when a session begins within it. A day that the calendar holds for a session and that turns out
    to be none (mourning, a storm) is polled hourly too: half an hour after the open no share has traded.

    Args:
        quotes: the newest ones.
    """
    session = calendar.session_at(now)
    if session != "closed":
        opened = calendar.session_open(calendar.latest_session(now))
        trades = [quote.time for quote in quotes if exchanges.is_new_york(quote.symbol, quote.exchange_zone)]
        is_silent = session == "regular" and now - opened > _SILENCE and bool(trades) and max(trades) < opened
        return CLOSED_SECONDS if is_silent else poll_seconds
    begins = calendar.pre_open(calendar.next_session(calendar.latest_session(now)))
    return max(min(CLOSED_SECONDS, (begins - now).total_seconds()), poll_seconds)


class PricePoller:
    """Asks the providers in turn, checks their answers and keeps their pauses.

    Args:
        providers: in order of trust.
        clock: the current time, for pauses.
        breakers: stored pauses.
    """

    def __init__(self, providers: Sequence[QuoteProvider], clock: Clock, breakers: Iterable[Breaker] = ()) -> None:
        self._providers = tuple(providers)
        self._clock = clock
        self._breakers: dict[str, Breaker] = {}
        self._unreachable: dict[str, PriceFailure] = {}
        """Providers that the newest request could not connect to; the next poll of quotes tries them again."""
        self.adopt_breakers(breakers)

    @property
    def has_provider(self) -> bool:
        """True while at least one provider can be asked for bars: not paused, and not found to be unreachable."""
        return any(not self._left_alone(one.name) and one.name not in self._unreachable for one in self._providers)

    @property
    def breakers(self) -> tuple[Breaker, ...]:
        """The pauses that are active now."""
        now = self._clock()
        return tuple(breaker for breaker in self._breakers.values() if breaker.is_active(now))

    def adopt_breakers(self, breakers: Iterable[Breaker]) -> None:
        """Adopt pauses that another process stored; the later end counts."""
        now = self._clock()
        for breaker in breakers:
            known = self._breakers.get(breaker.provider)
            if known is None or known.until < breaker.until or not known.is_active(now):
                self._breakers[breaker.provider] = breaker

    async def quotes(
        self, symbols: Sequence[str], previous: Mapping[str, Quote], *, is_more: bool = False
    ) -> tuple[QuotesAnswer, tuple[Breaker, ...]]:
        """Return a quote of each symbol from the first provider with a plausible one, and the active pauses.

        A symbol that none had keeps its quote of `previous`, with the reasons as `failure`. The failures hold one
        for each such symbol and one for each provider that failed as a whole or is paused. Bars that came
        along are included.

        Args:
            symbols: what to ask for.
            previous: the stored quotes.
            is_more: these symbols belong to the last poll, so who could not be reached then is not asked again.
        """
        missing = list(dict.fromkeys(symbols))
        good: dict[str, Quote] = {}
        doubted: dict[str, list[Quote]] = {}
        reasons: dict[str, list[tuple[str, str]]] = {symbol: [] for symbol in missing}
        bars: list[Bar] = []
        whole: list[PriceFailure] = []
        last: dict[str, PriceFailure] = {}
        for provider in self._providers:
            if not missing:
                break
            unreachable = self._unreachable_now(provider.name) if is_more else ()
            answer = QuotesAnswer(failures=self._left_alone(provider.name) or unreachable)
            if not answer.failures:
                answer = await _quotes(provider, missing)
                self._note_connection(provider.name, answer.failures)
            self._open_breakers(answer.failures)
            for failure in answer.failures:
                concerned = [failure.symbol] if failure.symbol is not None else missing
                if failure.symbol is None:
                    whole.append(failure)
                for symbol in concerned:
                    reasons.setdefault(symbol, []).append((failure.provider, failure.reason))
                    last[symbol] = failure
            for quote in answer.quotes:
                why = guard.jump(quote, previous.get(quote.symbol))
                seen = doubted.setdefault(quote.symbol, [])
                if why is not None and not any(guard.agree(quote, other) for other in seen):
                    seen.append(quote)
                    reasons[quote.symbol].append((provider.name, why))
                    last[quote.symbol] = PriceFailure(provider.name, why, quote.symbol)
                    continue
                good[quote.symbol] = quote
            bars.extend(bar for bar in answer.bars if bar.symbol in good and good[bar.symbol].provider == provider.name)
            missing = [symbol for symbol in missing if symbol not in good]
        failures = list(dict.fromkeys(whole))
        for symbol in missing:
            reason = _told(reasons[symbol]) or "no provider of prices is configured"
            about = last.get(symbol, PriceFailure("none", reason))
            failures.append(replace(about, symbol=symbol, reason=reason))
            if symbol in previous:
                good[symbol] = replace(previous[symbol], failure=reason)
        ordered = tuple(good[symbol] for symbol in dict.fromkeys(symbols) if symbol in good)
        return QuotesAnswer(ordered, tuple(bars), tuple(failures)), self.breakers

    async def bars(
        self, symbol: str, interval: int, start: datetime, end: datetime
    ) -> tuple[BarsAnswer, tuple[Breaker, ...]]:
        """Return closed bars from the first provider that has some, and the active pauses.

        A provider without a connection is not asked again before the next poll of quotes: a history takes a dozen
        requests, each of which would wait its turn for nothing.

        The failures say why earlier providers had none, and which bars were rejected.
        """
        failures: list[PriceFailure] = []
        for provider in self._providers:
            left_alone = self._left_alone(provider.name) or self._unreachable_now(provider.name)
            if left_alone:
                failures.extend(left_alone)
                continue
            answer = await _bars(provider, symbol, interval, start, end)
            self._note_connection(provider.name, answer.failures)
            self._open_breakers(answer.failures)
            failures.extend(answer.failures)
            if answer.bars:
                bars, doubts = guard.believed_bars(answer.bars, answer.splits)
                failures.extend(PriceFailure(provider.name, doubt, symbol) for doubt in doubts)
                quote = answer.quote
                if quote is not None and (why := guard.jump(quote, None)) is not None:
                    failures.append(PriceFailure(provider.name, why, symbol))
                    quote = None
                dividends = guard.believed_dividends(answer.dividends, bars)
                found = replace(answer, bars=bars, failures=tuple(failures), quote=quote, dividends=dividends)
                return found, self.breakers
        return BarsAnswer(failures=tuple(failures)), self.breakers

    def _left_alone(self, name: str) -> tuple[PriceFailure, ...]:
        breaker = self._breakers.get(name)
        if breaker is None or not breaker.is_active(self._clock()):
            return ()
        return (PriceFailure(name, f"paused until {breaker.until:%H:%M} UTC ({breaker.reason})"),)

    def _unreachable_now(self, name: str) -> tuple[PriceFailure, ...]:
        failure = self._unreachable.get(name)
        return () if failure is None else (failure,)

    def _note_connection(self, name: str, failures: Iterable[PriceFailure]) -> None:
        found = [failure for failure in failures if failure.is_unreachable]
        if found:
            self._unreachable[name] = replace(found[-1], symbol=None)
        else:
            self._unreachable.pop(name, None)

    def _open_breakers(self, failures: Iterable[PriceFailure]) -> None:
        for failure in failures:
            if failure.blocked:
                now = self._clock()
                wait = min(timedelta(seconds=max(BREAK_SECONDS, failure.retry_after_seconds or 0)), LONGEST_PAUSE)
                self.adopt_breakers([Breaker(failure.provider, now + wait, failure.reason, now)])


async def _quotes(provider: QuoteProvider, symbols: Sequence[str]) -> QuotesAnswer:
    try:
        return await provider.quotes(symbols)
    except Exception as error:
        return QuotesAnswer(failures=(_unreadable(provider, error),))


async def _bars(provider: QuoteProvider, symbol: str, interval: int, start: datetime, end: datetime) -> BarsAnswer:
    try:
        return await provider.bars(symbol, interval, start, end)
    except Exception as error:
        return BarsAnswer(failures=(_unreadable(provider, error),))


def _unreadable(provider: QuoteProvider, error: Exception) -> PriceFailure:
    """Return the reason for an unreadable response; the log has the place of the error."""
    _LOG.info("%s: answer cannot be read", provider.name, exc_info=error)
    return PriceFailure(provider.name, f"unreadable response ({type(error).__name__})", is_passing=True)


def _told(reasons: Iterable[tuple[str, str]]) -> str:
    """Return (provider, reason) in words: "yahoo: HTTP 500; cnbc, nasdaq: not known"."""
    by_reason: dict[str, dict[str, None]] = {}
    for provider, reason in reasons:
        by_reason.setdefault(reason, {})[provider] = None
    return "; ".join(f"{', '.join(providers)}: {reason}" for reason, providers in by_reason.items())

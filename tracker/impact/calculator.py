"""Measures articles from stored data; caches results until the database changes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from tracker.impact.estimates import benchmark_for
from tracker.impact.load import load_series
from tracker.market.exchanges import newest_session
from tracker.market.shares import shares_of
from tracker.model.clock import Clock, from_epoch, to_epoch
from tracker.model.config import Config
from tracker.model.impact import Impact, Measurement, MovedDay
from tracker.model.market import DAILY, INTRADAY, Bar, Quote
from tracker.prices.benchmark import fund_of
from tracker.prices.measure import Prices, measure, session_of
from tracker.prices.series import PriceSeries
from tracker.prices.sessions import bar_before, event_span
from tracker.prices.splits import local_day, shares_today
from tracker.prices.study import EventStudy
from tracker.prices.what_moved import BEFORE, largest_moves, published_before
from tracker.store.news import News
from tracker.store.read import Reader

_AHEAD = timedelta(days=1)
"""A publication time further in the future is an error of the feed, and not measured."""
_FIVE_MINUTES = timedelta(seconds=INTRADAY)
_FEW = 500
"""Articles for which the news around them is read; for more, all news about shares, which may be 200,000."""
_SPANS_KEPT = 20


class _Kept(Struct):
    """A series and its source data."""

    token: object
    series: PriceSeries


class _About(Struct):
    """The news about one share."""

    published: list[int] = field(default_factory=list)
    by_story: dict[int, list[int]] = field(default_factory=dict)


class ImpactCalculator:
    """Moves, abnormal returns and values around stored articles, without network.

    Bars, splits, estimates and fitted models of a symbol are read once and kept until its bars change; a long-lived
    calculator follows what other connections write. Use it in one thread at a time, like its reader.

    Args:
        reader: of the database.
        config: benchmark and shares of each symbol.
        clock: what is later than it is not known yet.
        benchmark: for every symbol, in place of those of `config`.
    """

    def __init__(self, reader: Reader, config: Config, clock: Clock, *, benchmark: str | None = None) -> None:
        self._reader = reader
        self._clock = clock
        self._watched = {item.symbol: item for item in config.symbols}
        self._config = config
        self._benchmark = benchmark
        self._version: int | None = None
        self._checked: set[str] = set()
        self._series: dict[str, _Kept] = {}
        self._kept: dict[tuple[str, str], Prices] = {}
        self._quotes: dict[str, Quote] = {}
        self._news: dict[str, _About] | None = None
        self._news_within: dict[tuple[datetime, datetime, bool], dict[str, list[tuple[int, int, int]]]] = {}
        self._spans: dict[tuple[str, date], tuple[datetime, datetime]] = {}

    def benchmark_of(self, symbol: str) -> str:
        """Return what a symbol is measured against."""
        return self._benchmark or benchmark_for(self._config, symbol)

    def impact(self, article_id: int, symbol: str | None = None) -> Impact | None:
        """Return what `symbol`, else the share beside the headline, did around an article.

        None when the article is gone, has no known time of publication, or has no share.
        """
        found = self._measured([article_id], symbol, is_lead_only=True)
        return found[0] if found else None

    def impacts(self, ids: Sequence[int], symbol: str | None = None) -> list[Impact]:
        """Return the impacts of articles in the order of `ids`: on `symbol`, else on every share each is about."""
        return self._measured(ids, symbol, is_lead_only=False)

    def moved_day(self, symbol: str, day: date | None = None, count: int = 3) -> MovedDay | None:
        """Return what moved a share in a session (None: the newest with a 5-minute bar); None without any bar of it."""
        now = self._follow()
        series = self._read_series(symbol, now)
        if day is None:
            newest = [bars[-1].start for bars in (series.intraday, series.daily) if bars]
            if not newest:
                return None
            day = local_day(max(newest), series.zone)
        bars = self._bars_of(series, day)
        if not bars and day not in series.days:
            return None
        return self._moved_day(series, day, bars, count, now)

    def newest_day(self, symbol: str, count: int = 1) -> MovedDay | None:
        """Return the newest session that has begun, as `moved_day`, also by quotes alone; None without any price.

        Early trades belong to the session that begins with them in `moved_day`, here to none.
        """
        now = self._follow()
        series = self._read_series(symbol, now)
        hours = newest_session(symbol, now, series.zone)
        if hours is None:
            return self.moved_day(symbol, count=count)
        day = local_day(hours[0], series.zone)
        found = self._moved_day(series, day, self._bars_of(series, day), count, now)
        # A holiday that no calendar foresees, or a share that is not traded today: its last session is the newest.
        return found if found.last is not None else self.moved_day(symbol, count=count)

    def study(self, symbol: str) -> tuple[PriceSeries, PriceSeries, EventStudy]:
        """Return the history of a symbol, that of its benchmark, and the event study of the two."""
        prices = self._prices(symbol, self._follow())
        return prices.series, prices.market, prices.study

    # -- measuring --------------------------------------------------------------
    def _measured(self, ids: Sequence[int], symbol: str | None, *, is_lead_only: bool) -> list[Impact]:
        now = self._follow()
        if self._news is None and len(ids) > _FEW:
            self._news = self._read_news()
        found: list[Impact] = []
        for news in self._reader.news.articles(ids):
            if news.published is None or news.published > now + _AHEAD:
                continue
            wanted = (symbol,) if symbol is not None else news.symbols[:1] if is_lead_only else news.symbols
            found += [self._impact(news, news.published, one, now) for one in wanted]
        return found

    def measured(self, symbol: str, published: datetime) -> Measurement | None:
        """Return what a share did around a publication; None for a time that lies too far ahead."""
        now = self._follow()
        return None if published > now + _AHEAD else measure(self._prices(symbol, now), published, now)

    def _impact(self, news: News, published: datetime, symbol: str, now: datetime) -> Impact:
        prices = self._prices(symbol, now)
        found = measure(prices, published, now)
        return Impact(
            article_id=news.id,
            title=news.title,
            published=published,
            symbol=symbol,
            benchmark=prices.market.symbol,
            shares=prices.outstanding,
            share_name=news.names.get(symbol),
            is_stand_in=symbol in news.stand_ins,
            other_news=self._other_news(news, prices.series, found.day0 or published.date()),
            **asdict(found),
        )

    def _other_news(self, news: News, series: PriceSeries, day0: date) -> int:
        key = (series.symbol, day0)
        if key not in self._spans:
            self._spans[key] = event_span(series, day0)
        span = self._spans[key]
        if self._news is None:
            around = self._read_between(*span, with_muted=True).get(series.symbol, ())
            return sum(story != news.story_id for _, story, _ in around)
        about = self._news.get(series.symbol)
        if about is None:
            return 0
        start, end = map(to_epoch, span)
        own = about.by_story.get(news.story_id, ())
        everything = bisect_right(about.published, end) - bisect_left(about.published, start)
        return everything - sum(start <= moment <= end for moment in own)

    @staticmethod
    def _bars_of(series: PriceSeries, day: date) -> tuple[Bar, ...]:
        begins = datetime.combine(day, time(), ZoneInfo(series.zone)).astimezone(UTC)
        bars = series.bars_between(begins, begins + timedelta(days=1, hours=1))
        return tuple(bar for bar in bars if local_day(bar.start, series.zone) == day)

    def _moved_day(self, series: PriceSeries, day: date, bars: Sequence[Bar], count: int, now: datetime) -> MovedDay:
        prices = self._prices(series.symbol, now)
        found = session_of(prices, day, now)
        previous = bar_before(series, prices.market_days, day)
        if previous is None and found.previous is not None:  # no bar of it, but the quote says what it closed at
            closed, price = found.previous.time, found.previous.price
            previous = Bar(series.symbol, DAILY, closed, closed, price, "quote")
        news = self._news_before(series.symbol, bars, previous)
        times = [from_epoch(published) for published, _, _ in news]
        moves = []
        for move in largest_moves(bars, count, previous, series.dividends):
            low, high = published_before(move, times, _FIVE_MINUTES)
            moves.append((move, tuple(article_id for _, _, article_id in reversed(news[low:high]))))
        return MovedDay(
            symbol=series.symbol,
            benchmark=prices.market.symbol,
            day=day,
            previous_close=None if found.previous is None else found.previous.price,
            last=found.last.price if found.last is not None else bars[-1].close if bars else None,
            is_over=day in series.days,
            session=found.window,
            moves=tuple(moves),
        )

    def _news_before(self, symbol: str, bars: Sequence[Bar], previous: Bar | None) -> list[tuple[int, int, int]]:
        """Return the news about a share that may lie before a move of a session, oldest first."""
        if not bars:
            return []
        span = ((bars[0].start if previous is None else previous.end) - BEFORE, bars[0].start + timedelta(days=1))
        return self._read_between(*span, with_muted=False).get(symbol, [])

    def _read_between(
        self, start: datetime, end: datetime, *, with_muted: bool
    ) -> dict[str, list[tuple[int, int, int]]]:
        """Return the news of a span by share, read once for all shares of an exchange."""
        key = (start, end, with_muted)
        if key not in self._news_within:
            if len(self._news_within) >= _SPANS_KEPT:
                self._news_within.clear()
            self._news_within[key] = self._reader.news.between(start, end, with_muted=with_muted)
        return self._news_within[key]

    # -- what is kept -----------------------------------------------------------
    def _follow(self) -> datetime:
        """Forget what the database has outdated; return what time it is."""
        now = self._clock()
        version = self._reader.data_version()
        if version != self._version:
            self._version = version
            self._checked.clear()
            self._quotes = self._reader.prices.quotes()
            self._kept = {key: self._with_quotes(prices) for key, prices in self._kept.items()}
            self._news = None  # other articles, tags or stories
            self._news_within.clear()
        return now

    def _read_news(self) -> dict[str, _About]:
        found: dict[str, _About] = {}
        for symbol, rows in self._reader.news.by_symbol().items():
            about = found[symbol] = _About()
            for published, story_id, _ in rows:
                about.published.append(published)
                about.by_story.setdefault(story_id, []).append(published)
        return found

    def _read_series(self, symbol: str, now: datetime) -> PriceSeries:
        kept = self._series.get(symbol)
        is_due = kept is not None and kept.series.valid_until is not None and kept.series.valid_until <= now
        if kept is not None and symbol in self._checked and not is_due:
            return kept.series
        prices = self._reader.prices
        token = (
            prices.bars_token(symbol, DAILY),
            prices.bars_token(symbol, INTRADAY),
            prices.splits(symbol),
            prices.doubts(symbol),
            prices.dividends(symbol),
        )
        self._checked.add(symbol)
        if kept is not None and kept.token == token and not is_due:
            return kept.series
        series = load_series(prices, symbol, now, splits=token[2])
        self._series[symbol] = _Kept(token, series)
        return series

    def _prices(self, symbol: str, now: datetime) -> Prices:
        benchmark = self.benchmark_of(symbol)
        share, market = self._read_series(symbol, now), self._read_series(benchmark, now)
        stand_in = fund_of(benchmark)
        fund = None if stand_in is None else self._read_series(stand_in, now)
        kept = self._kept.get((symbol, benchmark))
        if kept is not None and kept.series is share and kept.market is market and kept.fund is fund:
            return kept
        if kept is None or not (_has_returns_of(kept.series, share) and _has_returns_of(kept.market, market)):
            known = self._reader.prices.estimates(symbol, benchmark)
            doubted = {local_day(one.at, share.zone): one.reason for one in share.doubts}
            study = EventStudy(
                share.closes,
                market.closes,
                known,
                share.opens,
                market.opens,
                doubted,
                share.dividends,
                market.dividends,
            )
        else:
            study = kept.study  # new 5-minute bars leave the fitted models as they are
        self._kept[symbol, benchmark] = made = self._with_quotes(Prices(share, market, study, fund=fund))
        return made

    def _with_quotes(self, prices: Prices) -> Prices:
        series = prices.series
        watched = self._watched.get(series.symbol)
        outstanding = shares_of(series.symbol, None if watched is None else watched.shares)
        return replace(
            prices,
            quote=self._quotes.get(prices.series.symbol),
            market_quote=self._quotes.get(prices.market.symbol),
            fund_quote=None if prices.fund is None else self._quotes.get(prices.fund.symbol),
            outstanding=outstanding,
            shares=shares_today(outstanding, series.splits, series.zone),
        )


def _has_returns_of(one: PriceSeries, other: PriceSeries) -> bool:
    return one.closes == other.closes and one.dividends == other.dividends

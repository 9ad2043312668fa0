"""The stored history of one symbol, ready to be measured; pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tracker.market import exchanges
from tracker.model.dividends import Dividend, dividends_between
from tracker.model.market import INTRADAY, Bar, Doubt, PriceBase
from tracker.prices.early_close import with_early_closes
from tracker.prices.moves import choose_base
from tracker.prices.splits import Split, local_day, rescaled, zone_of
from tracker.prices.variance import DayProfile, day_profile

_AT_ONCE = timedelta(seconds=INTRADAY)


class PriceSeries:
    """Bars of one symbol that were closed at `now`, all in the shares of the newest.

    Args:
        symbol: as the provider writes it.
        daily: oldest first.
        intraday: 5-minute bars, oldest first.
        splits: those known, in any order.
        now: what is later is not known yet.
        zone: of the exchange, where the provider said so.
        doubts: steps that look like unannounced splits (`tracker.prices.doubt`), oldest first.
        dividends: oldest first, in the shares of the newest, too.
    """

    def __init__(
        self,
        symbol: str,
        daily: Sequence[Bar],
        intraday: Sequence[Bar],
        splits: Iterable[Split],
        now: datetime,
        zone: str | None = None,
        doubts: Sequence[Doubt] = (),
        dividends: Sequence[Dividend] = (),
    ) -> None:
        known = tuple(splits)
        self.symbol = symbol
        self.splits = known
        self.dividends = tuple(dividends)
        self.doubts = tuple(one for one in doubts if not one.is_real)
        self.zone = zone_of(symbol, zone)
        all_daily, all_intraday = rescaled(daily, known, self.zone), rescaled(intraday, known, self.zone)
        if not exchanges.is_new_york(symbol, self.zone) and not exchanges.is_round_the_clock(symbol):
            all_daily = with_early_closes(all_daily, all_intraday, partial(exchanges.lunch_between, symbol))
        self.daily, self.intraday = _closed(all_daily, now), _closed(all_intraday, now)
        self._daily_ends = [bar.end for bar in self.daily]
        self._intraday_ends = [bar.end for bar in self.intraday]
        self.days = {local_day(bar.start, self.zone): bar for bar in self.daily}
        self.closes = {day: bar.close for day, bar in self.days.items()}
        self.opens = {day: bar.open for day, bar in self.days.items() if bar.open is not None}
        self._profile: DayProfile | None = None
        self._dates = sorted(self.days)
        coming = [*all_daily[len(self.daily) :][:1], *all_intraday[len(self.intraday) :][:1]]
        self.valid_until = min((bar.end for bar in coming), default=None)
        """When the next stored bar closes: from then on this is out of date."""

    @property
    def profile(self) -> DayProfile:
        """The distribution of variance over a day: from these bars if there are enough."""
        if self._profile is None:
            self._profile = day_profile(self.intraday, ((bar.start, bar.end) for bar in self.daily))
        return self._profile

    def price_at(self, moment: datetime) -> float | None:
        """Return the close of the session that ends at `moment`, else of a bar that ended within 5 minutes before."""
        daily = self._last_daily(moment)
        if daily is not None and daily.end == moment:
            return daily.close
        bar = self._last_intraday(moment)
        return bar.close if bar is not None and moment - bar.end < _AT_ONCE else None

    def base_before(self, published: datetime) -> PriceBase | None:
        """Return the last trade that is known to be before a publication."""
        base = choose_base(self._last_intraday(published), self._last_daily(published), published)
        if base is None or not self.dividends:
            return base
        return replace(base, dividends=tuple(one for one in self.dividends if one.at > base.time))

    def dividends_between(self, start: datetime, end: datetime) -> tuple[Dividend, ...]:
        """Return the dividends that lie between two prices."""
        return dividends_between(self.dividends, start, end)

    def is_doubted(self, start: datetime, end: datetime) -> bool:
        """Return whether a doubted step lies between two prices."""
        return any(start <= one.at < end for one in self.doubts)

    def close_before(self, day: date) -> Bar | None:
        """Return the daily bar of the last session before `day`."""
        index = bisect_left(self._dates, day) - 1
        return self.days[self._dates[index]] if index >= 0 else None

    def hours(self, day: date) -> tuple[datetime, datetime] | None:
        """Return the usual open and close of `day`, in UTC; None where they are not known.

        Those of the exchange; where these are not known, or it trades round the clock, those of the share's last
        sessions.
        """
        known = exchanges.session_hours(self.symbol, day, self.zone)
        if known is not None:
            return known
        index = bisect_left(self._dates, day)
        newest = self._dates[max(index - exchanges.USUAL_SESSIONS, 0) : index]
        last = [(self.days[one].start, self.days[one].end) for one in newest]
        usual = exchanges.exchange_by_sessions(self.zone, last)
        return None if usual is None else exchanges.local_hours(self.zone, day, usual.opens, usual.closes)

    def first_day_after(self, moment: datetime) -> date | None:
        """Return the day of the first 5-minute bar that ends after `moment`; None where there is none."""
        index = bisect_right(self._intraday_ends, moment)
        return local_day(self.intraday[index].start, self.zone) if index < len(self.intraday) else None

    def is_traded(self, first: date, last: date | None = None) -> bool:
        """Return whether there is a 5-minute bar of a day from `first` to `last`; of `first` where that is all."""
        begins = datetime.combine(first, time(), ZoneInfo(self.zone))
        index = bisect_left(self.intraday, begins, key=lambda bar: bar.start)
        return index < len(self.intraday) and local_day(self.intraday[index].start, self.zone) <= (last or first)

    def bars_between(self, start: datetime, end: datetime) -> tuple[Bar, ...]:
        """Return the 5-minute bars that begin at or after `start` and end by `end`."""
        first = bisect_left(self.intraday, start, key=lambda bar: bar.start)
        return tuple(self.intraday[first : bisect_right(self._intraday_ends, end)])

    # The ends are kept apart: looked up by a key, they took a fifth of the time of a measurement.
    def _last_daily(self, moment: datetime) -> Bar | None:
        index = bisect_right(self._daily_ends, moment) - 1
        return self.daily[index] if index >= 0 else None

    def _last_intraday(self, moment: datetime) -> Bar | None:
        index = bisect_right(self._intraday_ends, moment) - 1
        return self.intraday[index] if index >= 0 else None


def _closed(bars: Sequence[Bar], now: datetime) -> Sequence[Bar]:
    return bars[: bisect_right(bars, now, key=lambda bar: bar.end)]

"""Moves of one share from many moments to the close of their sessions, over plain numbers: 3 µs each; pure.

The price at a moment is the last trade that is known to be before it, as in `tracker.prices.series`. But within a
session no trade from before it counts: until its first 5-minute bar has ended, the price is the open. Where 5-minute
bars are missing, nothing is known of a moment within a session.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct

from tracker.market import calendar, exchanges
from tracker.model.clock import from_epoch
from tracker.model.dividends import Dividend, dividends_between, total_return
from tracker.model.market import INTRADAY

_OLDEST_TRADE = 1_800
"""Seconds after which a trade says nothing of a moment within a session: a headline's move is marked from there on."""
_LONGEST_WAIT = 5 * 86_400
"""Seconds from a publication to the close of its session, over the longest weekend."""


class Closes(Struct, frozen=True):
    """The bars of one share and one interval, oldest first; times in epoch seconds."""

    starts: Sequence[int] = ()
    ends: Sequence[int] = ()
    closes: Sequence[float] = ()
    opens: Sequence[float | None] = ()


class ClosingMoves:
    """What a share did from a moment to the close of the session that it lies in or before.

    Args:
        symbol: as the provider writes it.
        daily: its sessions.
        intraday: its 5-minute bars.
        breaks: when prices before and after are of other shares: splits, and steps that look like one.
        now: epoch seconds; what is later is not known yet.
        dividends: of the share.
    """

    def __init__(
        self,
        symbol: str,
        daily: Closes,
        intraday: Closes,
        breaks: Sequence[int],
        now: int,
        dividends: Sequence[Dividend] = (),
    ) -> None:
        self._daily, self._intraday = daily, intraday
        self._breaks = breaks
        self._now = now
        self._dividends = dividends
        self._is_new_york = exchanges.is_new_york(symbol)

    def since(self, begin: int, moments: Sequence[int]) -> tuple[float, list[float | None]] | None:
        """Return (move to the close, moves up to each moment), as fractions; None where either end is not known.

        The move up to a moment is None where the price at it is not known, and the whole one after the close.

        Args:
            begin: epoch seconds.
            moments: not before `begin`.
        """
        daily = self._daily
        day = bisect_right(daily.ends, begin)
        if day == 0 or day == len(daily.ends) or daily.ends[day] > self._now or not self._is_next(day, begin):
            return None
        base = self._price(day, begin)
        if base is None or base[1] <= 0 or any(base[0] <= at < daily.ends[day] for at in self._breaks):
            return None
        whole = self._change(base, (daily.ends[day], daily.closes[day]))
        return whole, [self._moved(day, moment, base, whole) for moment in moments]

    def _is_next(self, day: int, begin: int) -> bool:
        """Return whether a session is the next to close, as far as bars and calendar tell: one may be missing."""
        closes = self._daily.ends[day]
        if closes - begin > _LONGEST_WAIT:
            return False
        return not self._is_new_york or calendar.day0(from_epoch(begin)) == from_epoch(closes).date()

    def _moved(self, day: int, moment: int, base: tuple[int, float], whole: float) -> float | None:
        if moment >= self._daily.ends[day]:
            return whole
        found = self._price(day, moment)
        return None if found is None else self._change(base, found)

    def _change(self, first: tuple[int, float], last: tuple[int, float]) -> float:
        if not self._dividends:  # most shares: the rest would take longer than all of a move
            return total_return(first[1], last[1])
        between = dividends_between(self._dividends, from_epoch(first[0]), from_epoch(last[0]))
        return total_return(first[1], last[1], between)

    def _price(self, day: int, moment: int) -> tuple[int, float] | None:
        """Return (time, price) of the last trade before a moment that is not after the close of a session."""
        daily, five = self._daily, self._intraday
        opens = daily.starts[day]
        place = bisect_right(five.ends, moment) - 1
        if moment < opens:
            if place >= 0 and five.ends[place] > daily.ends[day - 1]:
                return five.ends[place], five.closes[place]
            return daily.ends[day - 1], daily.closes[day - 1]
        if place >= 0 and five.ends[place] > opens and five.ends[place] >= moment - _OLDEST_TRADE:
            return five.ends[place], five.closes[place]
        first = daily.opens[day]
        return (opens, first) if first is not None and moment < opens + INTRADAY else None

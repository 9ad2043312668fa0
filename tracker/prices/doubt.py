"""Steps in a share's prices that look like an unannounced split; pure.

A provider may give the first bar in new shares a day or two before the split itself. Until then -90% would stand
beside every headline from before it. Such a step is doubted: no move across it is shown until the split is known (the
bars before it are then in new shares, and there is no step), or the provider's own close before that session shows
that the share really moved so far.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from tracker.market import exchanges
from tracker.market.guard import MAX_CHANGE
from tracker.model.market import DAILY, Bar, Doubt, Quote
from tracker.prices.splits import local_day

MIN_STEP = 0.30
"""A step of less is a move: two for three, the smallest split that is usual, is -33%."""
_TOLERANCE = 0.06
"""How far (in logs) the step may be from the ratio: what a share may move on the day itself."""
_SAME = 0.02
"""How far two closes of one session may be apart to be the same."""
_LARGEST = 100


def doubtful_steps(daily: Sequence[Bar], quote: Quote | None, zone: str) -> list[Doubt]:
    """Return the steps of a history that look like splits, oldest first.

    Args:
        daily: of one symbol, oldest first, with every known split in them (`splits.rescaled`).
        quote: the newest of the same symbol; the step to it counts as well.
        zone: of the exchange.
    """
    bars = [bar for bar in daily if bar.close > 0]
    if quote is not None and bars and quote.price > 0 and local_day(quote.time, zone) > local_day(bars[-1].start, zone):
        hours = exchanges.session_hours(quote.symbol, local_day(quote.time, zone), quote.exchange_zone)
        begins = min(quote.time, hours[0]) if hours is not None else quote.time
        bars = [*bars, Bar(quote.symbol, DAILY, begins, quote.time, quote.price, quote.provider)]
    found: list[Doubt] = []
    for before, bar in pairwise(bars):
        ratio = _ratio(before.close, bar.close)
        if ratio is None:
            continue
        day = local_day(bar.start, zone)
        reason = f"the step of {bar.close / before.close - 1.0:+.0%} on {day:%-d %b %Y} looks like a split of {ratio}"
        found.append(Doubt(bar.start, reason, _is_confirmed(quote, before.close, bar, zone)))
    return found


def stepped_symbols(quotes: Iterable[Quote]) -> list[str]:
    """Return the symbols whose newest price is a step away from the close before it."""
    return [one.symbol for one in quotes if one.change is not None and abs(one.change) >= MIN_STEP]


def is_split_between(quote: Quote, close: float | None) -> bool:
    """Return whether the close before a quote differs from the stored one by more than a session's move."""
    if close is None or quote.previous_close is None or min(close, quote.previous_close) <= 0:
        return False
    return max(close / quote.previous_close, quote.previous_close / close) > 1 + MAX_CHANGE


def _ratio(before: float, after: float) -> str | None:
    """Return the split that a step looks like ("10 for 1"); None where it looks like a move."""
    if abs(after / before - 1.0) < MIN_STEP:
        return None
    size = before / after
    larger = max(size, 1.0 / size)
    nearest = max(2, round(larger))
    candidates = [(nearest, 1)] if nearest <= _LARGEST else []
    for new, old in [*candidates, (3, 2)]:
        if abs(math.log(larger * old / new)) < _TOLERANCE:
            return f"{new} for {old}" if size > 1 else f"{old} for {new}"
    return None


def _is_confirmed(quote: Quote | None, before: float, bar: Bar, zone: str) -> bool:
    """Return whether the provider's close before a bar's session is the stored one: then the share really moved."""
    if quote is None or quote.previous_close is None or quote.previous_close <= 0:
        return False
    is_same_session = local_day(quote.time, zone) == local_day(bar.start, zone)
    return is_same_session and abs(math.log(quote.previous_close / before)) < _SAME

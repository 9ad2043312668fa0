"""How often |t| passes a bound on days of no particular news: nights, days, sessions and three sessions of 29 shares.

Run as `TRACKER_CORPUS=... python -m tests.bench.bench_windows`. Every day of a year with a whole estimation before it
counts, earnings days too; the rules are those of `tracker.prices.windows`. With a good standard error 5 % of them
pass 1.96 if returns are normal; the bound that 5 % really pass is the threshold of the grey in the list.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from msgspec.structs import replace

from tests.helpers.prices import corpus_prices, day_bar
from tracker.market import calendar
from tracker.prices.series import PriceSeries
from tracker.prices.study import EventStudy
from tracker.prices.unusual import UNUSUAL_T, VERY_UNUSUAL_T
from tracker.prices.variance import DEFAULT_NIGHT
from tracker.prices.windows import Edge, Timeline, window

KINDS = ("close to open", "open to close", "close to close", "three sessions")
_NORMAL = 1.96
_ESTIMATION = 131


def series_of(corpus: Path, symbol: str, name: str) -> PriceSeries:
    """Return the daily history of a file below `prices/history`."""
    closes, opens = corpus_prices(corpus, name, "close"), corpus_prices(corpus, name, "open")
    bars = [replace(day_bar(symbol, day, closes[day]), open=opens[day]) for day in sorted(closes)]
    return PriceSeries(symbol, bars, (), (), bars[-1].end)


def t_values(share: PriceSeries, market: PriceSeries, fund: PriceSeries) -> dict[str, list[float]]:
    """Return the t of every window of each kind; `fund` is the benchmark where a window begins or ends at an open."""
    dates = sorted(fund.days.keys() & market.days.keys())
    opens_of_market = {
        day: market.closes[before] * fund.opens[day] / fund.closes[before] for before, day in pairwise(dates)
    }
    study = EventStudy(share.closes, market.closes, None, share.opens, opens_of_market)
    timeline = Timeline(share, study.days)
    days = sorted(share.days.keys() & market.days.keys() & fund.days.keys())
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for index in range(_ESTIMATION, len(days) - 2):
        before, day, last = days[index - 1], days[index], days[index + 2]
        model = study.model(day)
        assert model is not None
        night = DEFAULT_NIGHT if model.night is None else model.night
        close, opens, closes, third = (
            calendar.session_close(before),
            calendar.session_open(day),
            calendar.session_close(day),
            calendar.session_close(last),
        )
        ends: Mapping[str, tuple[Edge, Edge, float]] = {
            "close to open": (
                Edge(share.closes[before], close),
                Edge(share.opens[day], opens),
                fund.opens[day] / fund.closes[before] - 1,
            ),
            "open to close": (
                Edge(share.opens[day], opens),
                Edge(share.closes[day], closes),
                fund.closes[day] / fund.opens[day] - 1,
            ),
            "close to close": (
                Edge(share.closes[before], close),
                Edge(share.closes[day], closes),
                market.closes[day] / market.closes[before] - 1,
            ),
            "three sessions": (
                Edge(share.closes[before], close),
                Edge(share.closes[last], third),
                market.closes[last] / market.closes[before] - 1,
            ),
        }
        for kind, (start, end, moved) in ends.items():
            variance = timeline.variance(day, start.time, end.time, night)
            t = window(start, end, variance, moved, model).t
            if t is not None:
                found[kind].append(t)
    return found


def calibrate(corpus: Path, fund: str | None) -> dict[str, list[float]]:
    """Return the t of all 29 shares by kind, against the S&P 500; `fund` gives the benchmark's opens ("SPY")."""
    market = series_of(corpus, "^GSPC", "yahoo-index/IDX_SPX.csv")
    opening = market if fund is None else series_of(corpus, fund, f"yahoo-etf/{fund}.csv")
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for path in sorted((corpus / "prices/history/yahoo-raw-close").glob("*.csv")):
        share = series_of(corpus, path.stem, f"yahoo-raw-close/{path.name}")
        for kind, values in t_values(share, market, opening).items():
            found[kind] += values
    return found


def share_over(values: list[float], bound: float) -> float:
    """Return which part of the values is over a bound, up or down."""
    return sum(abs(value) > bound for value in values) / len(values)


def quantile(values: list[float], part: float) -> float:
    """Return the size that `part` of the values do not pass."""
    return sorted(abs(value) for value in values)[int(part * len(values))]


def main() -> None:
    """Print the table of docs/measurements.md."""
    corpus = Path(os.environ["TRACKER_CORPUS"])
    for title, fund in (("opens of the index", None), ("opens of SPY", "SPY")):
        found = calibrate(corpus, fund)
        print(f"\n| {title} | windows | over {_NORMAL} | over {UNUSUAL_T:g} | over {VERY_UNUSUAL_T:g} | 5 % pass |")
        print("|---|---|---|---|---|---|")
        for kind, values in [*found.items(), ("all", [value for some in found.values() for value in some])]:
            rates = " | ".join(f"{share_over(values, bound):.1%}" for bound in (_NORMAL, UNUSUAL_T, VERY_UNUSUAL_T))
            print(f"| {kind} | {len(values):,} | {rates} | {quantile(values, 0.95):.2f} |")


if __name__ == "__main__":
    main()

"""Fitting the market models that stored articles need, so that they outlast the bars they were made from."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tracker.impact.load import load_series
from tracker.model.clock import from_epoch, to_epoch
from tracker.model.config import Config
from tracker.model.impact import Estimate
from tracker.prices.series import PriceSeries
from tracker.prices.sessions import day_zero
from tracker.prices.study import EventStudy
from tracker.store.read import Reader

_DAY_SECONDS = 86_400
_LAST_SECOND = timedelta(seconds=_DAY_SECONDS - 1)


def benchmark_for(config: Config, symbol: str) -> str:
    """Return what a share is measured against: its own benchmark, else that of the settings."""
    return next((item.benchmark for item in config.symbols if item.symbol == symbol and item.benchmark), None) or (
        config.settings.benchmark
    )


def missing_estimates(reader: Reader, config: Config, now: datetime) -> list[Estimate]:
    """Return the estimates that articles need, that the bars allow and that are not stored yet."""
    mornings: dict[str, list[datetime]] = {}
    for symbol, number in reader.news.days():
        if 0 <= number * _DAY_SECONDS <= to_epoch(now):
            mornings.setdefault(symbol, []).append(from_epoch(number * _DAY_SECONDS))
    benchmarks: dict[str, PriceSeries] = {}
    found: list[Estimate] = []
    for symbol, days in mornings.items():
        benchmark = benchmark_for(config, symbol)
        if benchmark not in benchmarks:
            benchmarks[benchmark] = load_series(reader.prices, benchmark, now, intraday=False)
        share = load_series(reader.prices, symbol, now, intraday=False)
        known = reader.prices.estimates(symbol, benchmark)
        market = benchmarks[benchmark]
        study = EventStudy(
            share.closes,
            market.closes,
            known,
            share.opens,
            market.opens,
            dividends=share.dividends,
            market_dividends=market.dividends,
        )
        for day in sorted(_days_zero(share, study, days) - known.keys()):
            model = study.model(day) if study.around(day) is not None else None
            if model is not None and model.kind == "market":
                found.append(Estimate(symbol, benchmark, day, model))
    return found


def _days_zero(share: PriceSeries, study: EventStudy, mornings: list[datetime]) -> set[date]:
    """Return every day 0 that an article of these days (in UTC) can have: published before its close, or after."""
    moments = [*mornings, *(morning + _LAST_SECOND for morning in mornings)]
    return {day for moment in moments if (day := day_zero(share, study.days, moment)) is not None}

"""The market models of the replay, against the year they were made from and on the day itself."""

from __future__ import annotations

from contextlib import aclosing
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import astuple

from tests.helpers.prices import corpus_prices, model_of
from tracker.config.load import load_config
from tracker.demo.config import END, HEADLESS_NOW, WATCHLIST, demo_config_text
from tracker.demo.estimates import estimates, store_estimates
from tracker.demo.server import DemoServer
from tracker.impact.calculator import ImpactCalculator
from tracker.model.query import parse_query
from tracker.prices.study import EventStudy
from tracker.store.read import Reader
from tracker.sync.run import Syncer

DAY0 = date(2025, 1, 27)
BENCHMARK = "^GSPC"


def test_every_share_has_one_for_every_day() -> None:
    found = {(one.symbol, one.day0) for one in estimates()}
    days = {day for _, day in found}
    assert found == {(symbol, day) for symbol in WATCHLIST if symbol != BENCHMARK for day in days}
    assert {date(2025, 1, day) for day in (24, 27, 28, 29, 30, 31)} <= days
    assert all(one.benchmark == BENCHMARK and one.model.n == 120 and (one.model.sigma or 0) > 0 for one in estimates())


@pytest.mark.corpus
def test_they_are_what_the_year_says(corpus: Path) -> None:
    files = {"^IXIC": "yahoo-index/IDX_IXIC.csv", "SMH": "yahoo-etf/SMH.csv"}
    market = [corpus_prices(corpus, "yahoo-index/IDX_SPX.csv", column) for column in ("close", "open")]
    studies = {}
    for symbol in WATCHLIST:
        name = files.get(symbol, f"yahoo-raw-close/{symbol}.csv")
        if symbol != BENCHMARK:
            share = [corpus_prices(corpus, name, column) for column in ("close", "open")]
            studies[symbol] = EventStudy(share[0], market[0], None, share[1], market[1])
    for one in estimates():
        found = studies[one.symbol].model(one.day0)
        assert found is not None
        assert astuple(one.model)[1:4] == pytest.approx(astuple(found)[1:4], abs=1e-6)
        assert astuple(one.model)[4:7] == pytest.approx(astuple(found)[4:7], abs=1e-8)
        assert one.model.night == pytest.approx(found.night, abs=1e-4)


@pytest.mark.slow
async def test_the_replay_says_what_was_abnormal(tmp_path: Path) -> None:
    db, path = tmp_path / "demo.db", tmp_path / "feeds.toml"
    store_estimates(db)
    moment = HEADLESS_NOW
    with DemoServer(lambda: moment) as server:
        path.write_text(demo_config_text(server.base_url), encoding="utf-8")
        config = load_config(path)
        syncer = Syncer(config, db, lambda: moment)
        try:
            async with aclosing(syncer.run()) as events:
                assert [event async for event in events]
            with Reader(db) as reader:
                now = ImpactCalculator(reader, config, lambda: moment)
                impacts = now.impacts(reader.articles.ids(parse_query("about:nvidia"), moment))
                found = next(one for one in impacts if one.symbol == "NVDA" and one.day0 == DAY0)
                abnormal = found.abnormal
                assert (model_of(abnormal).kind, model_of(abnormal).n, found.benchmark) == ("market", 120, BENCHMARK)
                assert model_of(abnormal).beta == pytest.approx(2.640, abs=5e-4)
                assert abnormal.ar0 == pytest.approx(-0.13142, abs=5e-6)
                assert abnormal.t0 == pytest.approx(-5.61, abs=5e-3)
                assert found.session.value_usd == pytest.approx(-592.7e9, rel=1e-3)
                # Tuesday is not known yet on Monday evening.
                assert (abnormal.car_m1_p1, abnormal.car_0_p4, found.moves.d1) == (None, None, None)
                day = now.moved_day("NVDA", DAY0)
                assert day is not None
                assert day.moves[0][0].is_gap
            moment = END
            async with aclosing(syncer.run()) as events:
                assert [event async for event in events]
            with Reader(db) as reader:
                later = ImpactCalculator(reader, config, lambda: moment).impact(found.article_id)
        finally:
            await syncer.close()
    assert later is not None
    assert later.abnormal.car_m1_p1 == pytest.approx(-0.0906, abs=5e-5)
    assert later.abnormal.car_0_p4 is not None
    assert later.moves.d3 is not None

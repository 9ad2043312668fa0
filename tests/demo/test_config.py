"""The configurations that the program brings along: that of the replay, and the shipped one."""

from __future__ import annotations

from pathlib import Path

from tracker.config.load import load_config, parse_config
from tracker.demo.config import VIEWS, WATCHLIST, demo_config_text
from tracker.demo.headlines import feeds

SHIPPED = Path(__file__).parents[2] / "feeds.toml"


def test_the_configuration_of_the_replay_is_sound() -> None:
    config = parse_config(demo_config_text("http://127.0.0.1:1"), Path("demo.toml"))
    assert config.warnings == ()
    assert [(feed.name, feed.group) for feed in config.feeds] == [(feed.name, feed.group) for feed in feeds()]
    assert {symbol.symbol: (symbol.name, symbol.shares) for symbol in config.symbols} == dict(WATCHLIST)
    assert {view.name: view.query for view in config.views} == dict(VIEWS)
    assert config.market.providers == ("yahoo",)
    assert dict(config.market.base_urls) == {"yahoo": "http://127.0.0.1:1"}
    assert config.settings.host_delay_seconds == 0
    assert [(tag.name, tag.symbol) for tag in config.tags] == [("alphabet", "GOOG")]


def test_the_shipped_configuration_is_sound_and_reaches_far_enough() -> None:
    config = load_config(SHIPPED)
    assert config.warnings == ()
    asked = [feed for feed in config.feeds if feed.enabled]
    assert 18 <= len(asked) <= 25
    assert asked[0].name == "WCCFTech"
    assert {"Hardware", "Markets", "AI", "Français", "Deutsch", "中文", "日本語"} <= {feed.group for feed in asked}
    assert all(feed.url.startswith("https://") for feed in config.feeds)
    assert {feed.name for feed in config.feeds if not feed.enabled} == {"NVIDIA Newsroom", "NVIDIA Blog"}
    assert {"NVDA", "AMD", "TSM", "AVGO", "ASML", "MSFT", "META", "GOOGL", "DELL"} <= {s.symbol for s in config.symbols}
    assert {"about:nvidia", "about:deepseek", "tag:deepseek tag:nvidia"} <= {view.query for view in config.views}

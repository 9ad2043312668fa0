"""The configuration of the replay: a feeds.toml like any other, with every address on the local server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from tracker.demo.headlines import feeds

START = datetime(2025, 1, 27, 14, 20, tzinfo=UTC)
"""Start of the replay in the window: 09:20 in New York, ten minutes before the open."""
END = datetime(2025, 2, 1, 1, 0, tzinfo=UTC)
"""End of the replay: 20:00 in New York on Friday; there is no later data."""
HEADLESS_NOW = datetime(2025, 1, 27, 21, 16, tzinfo=UTC)
"""Time of the printed table: 16:16 in New York, after the close."""
SPEED = 60.0
"""A minute a second."""

WATCHLIST: Mapping[str, tuple[str, float | None]] = {
    "NVDA": ("Nvidia", 24.49e9),
    "AVGO": ("Broadcom", 4.69e9),
    "TSM": ("TSMC", 5.19e9),
    "ASML": ("ASML", None),
    "AMD": ("AMD", 1.62e9),
    "MU": ("Micron", 1.11e9),
    "MRVL": ("Marvell", None),
    "ORCL": ("Oracle", 2.80e9),
    "DELL": ("Dell", None),
    "ANET": ("Arista", 1.26e9),
    "MSFT": ("Microsoft", 7.43e9),
    "META": ("Meta", 2.53e9),
    "GOOG": ("Alphabet C", 12.2e9),
    "AAPL": ("Apple", 15.0e9),
    "AMZN": ("Amazon", 10.6e9),
    "TSLA": ("Tesla", 3.22e9),
    "INTC": ("Intel", 4.33e9),
    "SMH": ("Chips fund", None),
    "^GSPC": ("S&P 500", None),
    "^IXIC": ("Nasdaq", None),
}
"""Symbol to name and shares outstanding over all classes, rounded, January 2025; of TSMC in American shares."""

VIEWS: Mapping[str, str] = {
    "About Nvidia": "about:nvidia",
    "About DeepSeek": "about:deepseek",
    "DeepSeek and Nvidia": "tag:deepseek tag:nvidia",
}
"""Name to query."""

_SETTINGS = """\
# The replay of 27 January 2025: feeds and prices come from this machine, and the clock is the replay's.
[settings]
poll_minutes = 1
benchmark = "^GSPC"
connections = 8
host_connections = 8
host_delay_seconds = 0

[market]
providers = ["yahoo"]
poll_seconds = 2
[market.yahoo]
base_url = {base_url}

[sources.earnings]
enabled = true
base_url = {base_url}

# Official prices of that week are at hand for Alphabet's class C share only.
[[tag]]
name = "alphabet"
symbol = "GOOG"
"""


def demo_config_text(base_url: str) -> str:
    """Return the feeds.toml of the replay for a `DemoServer` at `base_url`."""
    parts = [_SETTINGS.format(base_url=_string(base_url))]
    parts += [_table("feed", name=feed.name, url=f"{base_url}/feeds/{feed.slug}", group=feed.group) for feed in feeds()]
    parts += [
        _table("symbol", symbol=symbol, name=name) + (f"shares = {shares:.0f}\n" if shares is not None else "")
        for symbol, (name, shares) in WATCHLIST.items()
    ]
    parts += [_table("view", name=name, query=query) for name, query in VIEWS.items()]
    return "\n".join(parts)


def _table(kind: str, **values: str) -> str:
    return f"[[{kind}]]\n" + "".join(f"{key} = {_string(value)}\n" for key, value in values.items())


def _string(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)  # a JSON string is a TOML basic string

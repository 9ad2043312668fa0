"""Small feeds and configurations on a loopback server."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

from tests.helpers.http_server import Answer, Handler, LoopbackServer, Request
from tracker.model.config import Config, MarketSettings, Settings
from tracker.model.feed import FeedSource

PUBLISHED = datetime(2025, 1, 27, 13, 0, tzinfo=UTC)


def rss(titles: Sequence[str], *, published: datetime = PUBLISHED, text: str = "") -> bytes:
    """Return an RSS 2.0 document with one item a title, whose guid is the title."""
    items = "".join(
        f"<item><title>{escape(title)}</title><guid isPermaLink='false'>{escape(title)}</guid>"
        f"<link>https://news.example/{hashlib.sha1(title.encode()).hexdigest()}</link>"
        f"<pubDate>{format_datetime(published)}</pubDate><description>{escape(text)}</description></item>"
        for title in titles
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()


def conditional(body: bytes, etag: str = 'W/"it\'s, odd"') -> Handler:
    """Return a handler that answers 304 to the very ETag that it gave."""

    def answer(request: Request) -> Answer:
        if request.headers.get("if-none-match") == etag:
            return Answer(status=304, headers={"ETag": etag})
        return Answer(body, headers={"ETag": etag, "Content-Type": "application/rss+xml"})

    return answer


def config_for(server: LoopbackServer, *names: str, keep_days: int = 0, prices: bool = False) -> Config:
    """Return a configuration of feeds `/NAME` on a server; prices, if any, come from it as well."""
    return Config(
        Settings(keep_days=keep_days, host_connections=8, host_delay_seconds=0),
        tuple(FeedSource(name, f"{server.url}/{name}", line=n) for n, name in enumerate(names)),
        market=MarketSettings(("yahoo",) if prices else (), base_urls={"yahoo": server.url}),
    )


def config_text(server: LoopbackServer, *names: str) -> str:
    """Return the same as a feeds.toml, with prices from nowhere but the server."""
    feeds = "".join(f'\n[[feed]]\nname = "{name}"\nurl = "{server.url}/{name}"\n' for name in names)
    return (
        "[settings]\nkeep_days = 0\nhost_connections = 8\nhost_delay_seconds = 0\n"
        f'[market]\nproviders = ["yahoo"]\n[market.yahoo]\nbase_url = "{server.url}"\n{feeds}'
    )


def write_config(folder: Path, text: str) -> Path:
    """Write a feeds.toml into a folder and return its path."""
    path = folder / "feeds.toml"
    path.write_text(text, encoding="utf-8")
    return path

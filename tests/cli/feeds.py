"""Feeds for a loopback server."""

from __future__ import annotations

from collections.abc import Callable

from tests.helpers.http_server import Answer, LoopbackServer, Request


def rss(*titles: str, channel: str = "A channel") -> bytes:
    """Return an RSS document with an item for each title, an hour apart on 27 January 2025."""
    items = "".join(
        f"<item><title>{title}</title><link>http://site.test/{n}</link><guid>{title}</guid>"
        f"<pubDate>Mon, 27 Jan 2025 {20 - n:02}:00:00 GMT</pubDate></item>"
        for n, title in enumerate(titles)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{channel}</title>{items}</channel></rss>'.encode()


def serve(body: bytes, etag: str = '"v1"') -> Callable[[Request], Answer]:
    """Return a route that answers 304 to whoever has the document already."""

    def answer(request: Request) -> Answer:
        if request.headers.get("if-none-match") == etag:
            return Answer(status=304)
        return Answer(body, headers={"ETag": etag, "Content-Type": "application/rss+xml"})

    return answer


def config(server: LoopbackServer, *names: str, more: str = "") -> str:
    """Return a configuration with a feed for each name at `/name` of the server."""
    tables = "".join(f'[[feed]]\nname = "{name}"\nurl = "{server.url}/{name}"\n' for name in names)
    return f"[settings]\nhost_delay_seconds = 0\nhost_connections = 4\n{tables}[market]\nproviders = []\n{more}"

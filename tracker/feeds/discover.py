"""Finds the feeds that a web page links to, so that users can give a site's address instead of its feed's."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from tracker.feeds.text import clean_line, clean_url

_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/json",
)
_PAGE_LIMIT = 2_000_000
_FEEDS_LIMIT = 50


def find_feeds(html: bytes, url: str) -> list[tuple[str, str]]:
    """Return (title, address) of every `<link rel="alternate">` to a feed, in page order, each address once.

    A link without title gets its address as title. Relative links are resolved against `<base href>` and `url`.
    """
    parser = LexborHTMLParser(html[:_PAGE_LIMIT], encoding=True)
    base = url
    for node in parser.css("base[href]")[:1]:
        base = clean_url(node.attributes.get("href") or "", url) or url
    found: dict[str, str] = {}
    for node in parser.css("link[rel][href]"):
        attributes = node.attributes
        kind = (attributes.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" not in (attributes.get("rel") or "").lower().split() or kind not in _TYPES:
            continue
        if kind == "application/json" and "feed" not in (attributes.get("href") or ""):
            continue  # WordPress offers the page itself as JSON
        address = clean_url(attributes.get("href") or "", base)
        if address is not None and len(found) < _FEEDS_LIMIT:
            found.setdefault(address, clean_line(attributes.get("title") or "") or address)
    return [(title, address) for address, title in found.items()]

"""A feed of the replay as the document its site would send: RSS 2.0, RSS 1.0, Atom or JSON Feed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape as escape_html
from xml.sax.saxutils import escape, quoteattr

from tracker.demo.headlines import SOURCE_WORDS, DemoEntry, DemoFeed, Dialect

CONTENT_TYPES: Mapping[Dialect, str] = {
    "rss2": "application/rss+xml; charset=utf-8",
    "rss1": "application/rdf+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def render(feed: DemoFeed, moment: datetime) -> bytes:
    """Return the document of `feed` as of `moment`, in UTF-8; the same entries give the same bytes."""
    return _RENDERERS[feed.dialect](feed, feed.published_by(moment)).encode()


def _html(feed: DemoFeed, entry: DemoEntry) -> str:
    source = ""
    if entry.source is not None:
        link = f'<a href="{escape_html(entry.source.url)}">{escape_html(entry.source.name, quote=False)}</a>'
        source = f"<p>{SOURCE_WORDS[feed.language]}{link}</p>"
    return f"<p>{escape_html(entry.text, quote=False)}</p>{source}<p>{escape_html(feed.note, quote=False)}</p>"


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rss2(feed: DemoFeed, entries: tuple[DemoEntry, ...]) -> str:
    items = "".join(
        f"<item><title>{escape(entry.title)}</title><link>{escape(entry.url)}</link>"
        f'<guid isPermaLink="true">{escape(entry.url)}</guid><pubDate>{format_datetime(entry.published)}</pubDate>'
        f"<description>{escape(_html(feed, entry))}</description></item>\n"
        for entry in entries
    )
    return (
        f'{_HEAD}<rss version="2.0"><channel><title>{escape(feed.name)} (demo)</title><link>{feed.site}</link>'
        f"<description>{escape(feed.note)}</description><language>{feed.language}</language>\n{items}</channel></rss>\n"
    )


def _rss1(feed: DemoFeed, entries: tuple[DemoEntry, ...]) -> str:
    order = "".join(f"<rdf:li rdf:resource={quoteattr(entry.url)}/>" for entry in entries)
    items = "".join(
        f"<item rdf:about={quoteattr(entry.url)}><title>{escape(entry.title)}</title><link>{escape(entry.url)}</link>"
        f"<description>{escape(_html(feed, entry))}</description><dc:date>{_iso(entry.published)}</dc:date>"
        f"<dc:language>{feed.language}</dc:language></item>\n"
        for entry in entries
    )
    return (
        f'{_HEAD}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/" xml:lang="{feed.language}">\n'
        f'<channel rdf:about="{feed.site}"><title>{escape(feed.name)} (demo)</title><link>{feed.site}</link>'
        f"<description>{escape(feed.note)}</description><dc:language>{feed.language}</dc:language>"
        f"<items><rdf:Seq>{order}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


def _atom(feed: DemoFeed, entries: tuple[DemoEntry, ...]) -> str:
    updated = f"<updated>{_iso(entries[0].published)}</updated>" if entries else ""
    items = "".join(
        f"<entry><id>{escape(entry.url)}</id><title>{escape(entry.title)}</title><link href={quoteattr(entry.url)}/>"
        f"<published>{_iso(entry.published)}</published><updated>{_iso(entry.published)}</updated>"
        f'<content type="html">{escape(_html(feed, entry))}</content></entry>\n'
        for entry in entries
    )
    return (
        f'{_HEAD}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{feed.language}"><id>{feed.site}</id>'
        f'<title>{escape(feed.name)} (demo)</title><subtitle>{escape(feed.note)}</subtitle><link href="{feed.site}"/>'
        f"<author><name>{escape(feed.name)} (demo)</name></author>{updated}\n{items}</feed>\n"
    )


def _json_feed(feed: DemoFeed, entries: tuple[DemoEntry, ...]) -> str:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{feed.name} (demo)",
        "home_page_url": feed.site,
        "description": feed.note,
        "language": feed.language,
        "items": [
            {
                "id": entry.url,
                "url": entry.url,
                "title": entry.title,
                "content_html": _html(feed, entry),
                "date_published": _iso(entry.published),
            }
            for entry in entries
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


_RENDERERS: Mapping[Dialect, Callable[[DemoFeed, tuple[DemoEntry, ...]], str]] = {
    "rss2": _rss2,
    "rss1": _rss1,
    "atom": _atom,
    "json": _json_feed,
}

"""XML namespaces as feedparser knows them: addresses in lower case to the prefix that names its terms."""

from __future__ import annotations

XML = "http://www.w3.org/XML/1998/namespace"
CORE = ""
"""Prefix of RSS, RDF Site Summary and Atom themselves."""
_USERLAND = "backend.userland.com/rss"
_PREFIXES = {
    "": CORE,
    "http://blogs.law.harvard.edu/tech/rss": CORE,
    "http://purl.org/rss/1.0/": CORE,
    "http://my.netscape.com/rdf/simple/0.9/": CORE,
    "http://example.com/newformat#": CORE,
    "http://example.com/necho": CORE,
    "http://purl.org/echo/": CORE,
    "uri/of/echo/namespace#": CORE,
    "http://purl.org/pie/": CORE,
    "http://purl.org/atom/ns#": CORE,
    "http://www.w3.org/2005/atom": CORE,
    "http://purl.org/rss/1.0/modules/rss091#": CORE,
    "http://webns.net/mvcb/": "admin",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://podlove.org/simple-chapters": "psc",
}
"""Those whose elements count; feedparser knows 30 more, whose elements do not."""


def known_prefix(namespace: str) -> str | None:
    """Return the prefix under which elements of a namespace are known, `CORE` for none; None for a foreign one."""
    lower = namespace.lower()
    return CORE if _USERLAND in lower else _PREFIXES.get(lower)

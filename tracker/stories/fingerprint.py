"""Fingerprints that identify copies of an article: its canonical address, title words and numbers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from tracker.stories.stopwords import STOP_WORDS
from tracker.stories.terms import story_terms, summary_term
from tracker.stories.words import TitleWords, title_key, title_words

_TRACKING = re.compile(
    r"utm_\w*|at_\w*|ns_\w*|mc_\w*|pk_\w*|hsa_\w*|_hs\w*|wt_\w*|ito|xtor|fb\w*clid|fbclid|gclid|dclid|msclkid|yclid|igshid|"
    r"ftag|cmp|cmpid|ncid|icid|cid|smid|smtyp|siteid|yptr|guccounter|guce_\w*|ref|ref_src|referrer|source|src|via|sh|taid|"
    r"rss|feed|from|share|spm|scm|output|amp|outputtype|partner|mod|ocid|sr_share|_ga|__twitter_impression|cvid|ei|soc_\w*|"
    r"s_campaign|campaign|medium|trk|trkcampaign|leadsource|intcmp|wprss|mbid|bxid|esrc|tblci|ftcamp|syn-\w*|isfreemail",
    re.IGNORECASE,
)
_MIRROR = re.compile(r"^(?:(?:www|m|mobile|amp|touch|wap)\.)+(?=[^.]+\.)")
_AMP_CACHE = re.compile(
    r"^(?:(?:www\.)?google\.[a-z.]+/amp/(?:s/)?|[^/]+\.cdn\.ampproject\.org/[a-z]/(?:s/)?)+(?=[^/]+\.)"
)
_TAILS = ("/amp", "/index.html", "/index.htm", "/index.php", ".amp", "/")
"""None is a suffix of another, so they can be stripped from the right."""


def canonical_url(url: str) -> str:
    """Return the canonical address of an article: https, no www, mobile or amp host, no tracking, no fragment.

    Parameters that may identify the article (`item?id=`, `?p=`) are kept, sorted. Anything but a web address is
    returned unchanged.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except ValueError:
        return url
    if parts.scheme.lower() not in ("http", "https") or not host:
        return url
    cached = _AMP_CACHE.match(host + parts.path)
    if cached is not None:
        rest = (host + parts.path)[cached.end() :]
        return canonical_url(f"https://{rest}?{parts.query}")
    host = _MIRROR.sub("", host)
    path = _without_tail(re.sub(r"/{2,}", "/", parts.path) if "//" in parts.path else parts.path)
    if path.endswith(".amp.html"):
        path = _without_ends(path.removesuffix(".html"), (".amp",)) + ".html"
    if path.startswith("/amp/"):
        path = re.sub(r"^(?:/amp)+(?=/)", "", path)
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(name.removeprefix("amp;"))
    )
    # A hash-bang fragment is a page of its own.
    page = "#" + parts.fragment.rstrip() if parts.fragment.startswith("!") else ""
    where = host if port in (None, 80, 443) else f"{host}:{port}"
    return f"https://{where}{path}" + (f"?{urlencode(query, errors='surrogatepass')}" if query else "") + page


def _without_tail(path: str) -> str:
    """Return a path without the parts that only select a page format."""
    bare = path.rstrip()
    while (shorter := _without_ends(bare, _TAILS).rstrip()) != bare:
        bare = shorter
    return bare


def _without_ends(path: str, ends: tuple[str, ...]) -> str:
    stop = len(path)
    while path.endswith(ends, 0, stop):
        stop -= next(len(end) for end in ends if path.endswith(end, 0, stop))
    return path[:stop]


def digest(text: str) -> str:
    """Return a BLAKE2b-64 hex digest: short for an index; a collision costs one comparison, never a wrong merge."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


class StoryPrint(Struct, frozen=True):
    """What grouping knows about an article; derived from its stored title, address, text and time."""

    url: str | None
    key: str
    headline: str
    """The title as it was written."""
    lead: str | None
    """Digest of the text's opening; None where the text is too short to identify."""
    time: datetime | None
    speaks_of_title: bool
    """The text's opening has a telling word of the title; what a site writes before every text has none."""
    exact: tuple[str, ...]
    """Keys of the title, address and opening; articles that share one are probably the same."""
    terms: tuple[str, ...] = ()
    """See `tracker.stories.terms`."""

    @property
    def title(self) -> TitleWords:
        """Words and numbers of the title: found when two articles are compared, which few are."""
        return title_words(self.headline)

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys under which later articles can find it."""
        return self.exact + self.terms


_LEAD = 240
_SHORTEST_LEAD = 120


def exact_print(title: str, url: str | None, text: str = "", published: datetime | None = None) -> StoryPrint:
    """Return what an article is known again by; without its terms, which cost most."""
    key = title_key(title)
    address = canonical_url(url) if url else None
    opening = title_key(text[: _LEAD + 60])[:_LEAD]
    lead = digest(opening) if len(opening) >= _SHORTEST_LEAD else None
    exact = [f"t{digest(key)}"]
    if address is not None:
        exact.append(address_key(address))
    if lead is not None:
        exact.append(f"x{lead}")
    is_of_title = lead is not None and any(
        len(word) > 3 and word in opening for word in key.split() if word not in STOP_WORDS
    )
    return StoryPrint(address, key, title, lead, published, is_of_title, tuple(exact))


def fingerprint(
    title: str, url: str | None, text: str = "", published: datetime | None = None, tags: Iterable[str] = ()
) -> StoryPrint:
    """Return the fingerprint of one article; it depends on no other article."""
    known = exact_print(title, url, text, published)
    terms = story_terms(title, tags)
    summary = summary_term(text, [term[2:] for term in terms if term[0] == "w"])
    return replace(known, terms=terms if summary is None else (*terms, summary))


def address_key(canonical: str) -> str:
    """Return the key of a canonical address."""
    return f"u{digest(canonical)}"

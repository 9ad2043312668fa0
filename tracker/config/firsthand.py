"""The feeds of `[sources]`: they are fetched, scheduled and judged as every other feed is."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from msgspec.structs import replace

from tracker.config.filers import ciks
from tracker.model.config import Config
from tracker.model.feed import FeedSource
from tracker.model.sources import FirstHand, HuggingFaceSource, SecSource, TwseSource

GROUP = "First-hand"
FILINGS = "SEC filings"
HALTS = "Trading halts"
MODELS = "Hugging Face"
ANNOUNCEMENTS = "Taiwan announcements"
REVENUE = "Taiwan monthly revenue"
_REVENUE_MINUTES = 360
_PAGE_MINUTES = 60
"""How often the page of one company is asked for: it brings what the list of current filings has already dropped."""
_MODELS_LISTED = 50


def first_hand_feeds(config: Config) -> tuple[FeedSource, ...]:
    """Return the feeds of the sources that are on; a name that a `[[feed]]` has taken gets a suffix."""
    taken = {feed.name.casefold() for feed in config.feeds}
    return tuple(_renamed(feed, taken) for feed in _feeds(config))


def _renamed(feed: FeedSource, taken: set[str]) -> FeedSource:
    first_hand = feed.first_hand
    assert first_hand is not None
    if first_hand.page_of is not None and first_hand.page_of.casefold() in taken:
        first_hand = replace(first_hand, page_of=f"{first_hand.page_of} (source)")
    name = f"{feed.name} (source)" if feed.name.casefold() in taken else feed.name
    return replace(feed, name=name, first_hand=first_hand)


def _feeds(config: Config) -> Iterator[FeedSource]:
    sources, watched = config.sources, config.watched
    if sources.sec.is_on:
        yield from _filings(sources.sec, watched)
    halts = sources.halts
    if halts.enabled and (watched or halts.symbols == "all"):
        only = None if halts.symbols == "all" else watched
        first_hand = FirstHand("halts", only, floor_minutes=1)
        yield FeedSource(
            HALTS, f"{halts.base_url}/rss.aspx?feed=tradehalts", GROUP, halts.poll_minutes, first_hand=first_hand
        )
    if sources.twse.enabled:
        yield from _taiwan(sources.twse, watched)
    if sources.huggingface.enabled:
        yield from _models(sources.huggingface)


def _filings(sec: SecSource, watched: tuple[str, ...]) -> Iterator[FeedSource]:
    """Yield the list of current filings, and a page for each company of the watchlist."""
    numbers = {ciks()[symbol]: symbol for symbol in reversed(watched) if symbol in ciks()}
    is_all = sec.companies == "all"
    if not numbers and not is_all:
        return
    kept = FirstHand("sec", None if is_all else tuple(numbers.values()), sec.forms, sec.contact, floor_minutes=1)
    base = f"{sec.base_url}/cgi-bin/browse-edgar"
    first, *others = sorted(sec.forms, key=lambda form: form != "8-K") or ("8-K",)
    for form in (first, *(others if is_all else ())):
        current = {"action": "getcurrent", "type": form, "owner": "exclude", "count": 100, "output": "atom"}
        name, home = (FILINGS, None) if form == first else (f"{FILINGS}: {form}", FILINGS)
        url = f"{base}?{urlencode(current)}"
        yield FeedSource(name, url, GROUP, sec.poll_minutes, first_hand=replace(kept, page_of=home))
    for cik, symbol in reversed(numbers.items()):
        page = {"action": "getcompany", "CIK": f"{cik:010}", "owner": "exclude", "count": 40, "output": "atom"}
        own = FirstHand("sec", (symbol,), sec.forms, sec.contact, FILINGS, floor_minutes=1)
        minutes = max(_PAGE_MINUTES, sec.poll_minutes)
        yield FeedSource(f"{FILINGS}: {symbol}", f"{base}?{urlencode(page)}", GROUP, minutes, first_hand=own)


def _taiwan(source: TwseSource, watched: tuple[str, ...]) -> Iterator[FeedSource]:
    only = None if source.symbols == "all" else tuple(one for one in watched if one.endswith(".TW"))
    if only == ():
        return
    lists = ((ANNOUNCEMENTS, "t187ap04_L", source.poll_minutes), (REVENUE, "t187ap05_L", _REVENUE_MINUTES))
    for name, document, minutes in lists:
        url = f"{source.base_url}/v1/opendata/{document}"
        yield FeedSource(name, url, GROUP, minutes, first_hand=FirstHand("twse", only))


def _models(source: HuggingFaceSource) -> Iterator[FeedSource]:
    for author in source.authors:
        url = f"{source.base_url}/api/models?author={quote(author)}&sort=createdAt&direction=-1&limit={_MODELS_LISTED}"
        first_hand = FirstHand("models", (author,))
        yield FeedSource(f"{MODELS}: {author}", url, GROUP, source.poll_minutes, first_hand=first_hand)

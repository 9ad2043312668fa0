"""Parses the bytes of a feed into a `ParsedFeed`, in any thread or process."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tracker.feeds.entry import make_entries, primary_language
from tracker.feeds.errors import FeedError
from tracker.feeds.fast import is_utf8, read_fast
from tracker.feeds.jsonfeed import is_json, read_json_feed
from tracker.feeds.prolog import find_end, find_prolog
from tracker.feeds.repair import repair_xml, strip_leading_junk, strip_trailing_junk
from tracker.feeds.text import clean_line, clean_url
from tracker.model.feed import ParsedFeed, ScheduleHints

_HTML = re.compile(rb"<!doctype\s+html\b|<html\b", re.IGNORECASE)
_ROOT = re.compile(rb"<([A-Za-z_][\w:.-]*)")
_OPENED_ITEM = re.compile(rb"<(?:item|entry)(?=[\s>])", re.IGNORECASE)
_CLOSED_ITEM = re.compile(rb"</(?:item|entry)\s*>", re.IGNORECASE)
_WHOLE_ID = re.compile(rb"</(?:guid|id)\s*>", re.IGNORECASE)
_WHOLE_LINK = re.compile(rb"</link\s*+>|<link\b(?=[^<>]*+>)[^<>]*?\bhref=", re.IGNORECASE)
_SKIP_HOURS = (re.compile(rb"<skipHours>", re.IGNORECASE), re.compile(rb"</skipHours>", re.IGNORECASE))
_SKIP_DAYS = (re.compile(rb"<skipDays>", re.IGNORECASE), re.compile(rb"</skipDays>", re.IGNORECASE))
_SKIP_LIMIT = 4_000
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(rb"<day>\s*(mon|tue|wed|thu|fri|sat|sun)[a-z]*\s*</day>", re.IGNORECASE)
_DAYS = (b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun")
_PERIODS = {"hourly": 60, "daily": 1_440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
"""Minutes; RSS 1.0 Syndication module."""


def parse(body: bytes, *, url: str, content_type: str | None, now: datetime) -> ParsedFeed:
    """Parse RSS 0.9x to 2.0, RSS 1.0, Atom 0.3 and 1.0, CDF and JSON Feed; faults that can be repaired become warnings.

    Args:
        body: the decoded body of an answer.
        url: where it came from, against which relative links are resolved.
        content_type: as the server sent it; its charset counts.
        now: aware; dates more than 15 minutes later are taken as unknown.

    Raises:
        FeedError: if it is no feed, or nothing of it could be read; the message says which, for the user.
    """
    plain = parse_plain(body, url=url, content_type=content_type, now=now)
    if plain is not None:
        return plain
    base = clean_url(url) or ""
    body, junk_warnings = strip_leading_junk(body)
    # feedparser takes 80 ms to import, which a sync of well-formed feeds does without.
    from tracker.feeds.charset import to_utf8

    data, charset_warnings = to_utf8(body, content_type)
    data, tail_warnings = strip_trailing_junk(data)
    data, mend_warnings = repair_xml(data)
    warnings = [*junk_warnings, *charset_warnings, *tail_warnings, *mend_warnings]
    if data != body and (fast := read_fast(data)) is not None:
        return _parsed(fast.feed, fast.entries, data, base, tuple(warnings), now)
    document = _feedparser(data)
    raws: list[Mapping[str, Any]] = [dict(entry) for entry in document["entries"]]
    is_cut = bool(document["bozo"]) and find_end(data) is None
    _refuse_what_is_no_feed(data, document, is_cut)
    if is_cut and raws:
        warnings.append("the document is cut off")
        if _is_last_nameless(data, raws):
            # Half an entry without its id would be stored under another key than the whole one that comes next time.
            raws.pop()
            if not raws:
                raise FeedError("the document is cut off before its first entry")
    elif document["bozo"] and not warnings:
        warnings.append(f"not well-formed: {clean_line(str(document.get('bozo_exception')), 200)}")
    parsed = _parsed(dict(document["feed"]), raws, data, base, tuple(warnings), now)
    return replace(parsed, is_cut=True, is_whole=False) if is_cut else parsed


def parse_plain(body: bytes, *, url: str, content_type: str | None, now: datetime) -> ParsedFeed | None:
    """Parse an ordinary, well-formed document in linear time; None for others, which need feedparser.

    feedparser takes quadratic time for some documents, so that those are read only where they can be stopped.

    Raises:
        FeedError: as `parse` does.
    """
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise FeedError("empty response")
    base = clean_url(url) or ""
    if is_json(body, content_type):
        return _parse_json(body, base, now)
    body, junk_warnings = strip_leading_junk(body)
    fast = read_fast(body) if not junk_warnings and is_utf8(body, content_type) else None
    return None if fast is None else _parsed(fast.feed, fast.entries, body, base, (), now)


def _parsed(
    feed: Mapping[str, Any],
    raws: Sequence[Mapping[str, Any]],
    data: bytes,
    base: str,
    warnings: tuple[str, ...],
    now: datetime,
) -> ParsedFeed:
    language = primary_language(_string(feed, "language"))
    made = make_entries(raws, base=base, language=language, now=now)
    return ParsedFeed(
        title=clean_line(_string(feed, "title")) or None,
        site_url=clean_url(_string(feed, "link"), base or None),
        language=language,
        entries=made.entries,
        hints=_hints(feed, data),
        warnings=(*warnings, *made.warnings),
        is_whole=made.is_whole,
        left_out=made.left_out,
    )


def _parse_json(body: bytes, base: str, now: datetime) -> ParsedFeed:
    document = read_json_feed(body)
    language = primary_language(document.language)
    made = make_entries(document.items, base=base, language=language, now=now)
    return ParsedFeed(
        title=clean_line(document.title) or None,
        site_url=clean_url(document.link, base or None),
        language=language,
        entries=made.entries,
        warnings=(*(("the document is cut off",) if document.is_cut else ()), *made.warnings),
        is_whole=made.is_whole and not document.is_cut,
        left_out=made.left_out,
        is_cut=document.is_cut,
    )


def _feedparser(data: bytes) -> Mapping[str, Any]:
    """Run feedparser without its sanitising and resolving (2.7 times faster; both are done in `feeds.text`).

    Always through a stream: given bytes, feedparser opens the local file of that name. Without an address, so that
    guids come as they are written and stay the same when a feed moves.
    """
    import feedparser

    try:
        document: Mapping[str, Any] = feedparser.parse(
            io.BytesIO(data),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # its loose parser raises what it likes: ValueError, AssertionError, KeyError, …
        raise FeedError(f"not a feed: unreadable ({type(error).__name__})") from error
    return document


def _refuse_what_is_no_feed(data: bytes, document: Mapping[str, Any], is_cut: bool) -> None:
    if document["entries"]:
        return
    if document.get("version"):
        if is_cut:
            raise FeedError("the document is cut off before its first entry")
        return
    root = _ROOT.match(data, find_prolog(data).end)
    name = root[1].decode("ascii", "replace").lower() if root else ""
    if name == "channel":  # CDF says nothing else about itself
        return
    if _HTML.search(data[:4_096]):
        raise FeedError("an HTML page, not a feed")
    if name == "opml":
        raise FeedError("not a feed: an OPML list of feeds")
    raise FeedError(f"not a feed: XML with <{name[:40]}> at its root" if name else "not a feed: plain text")


def _is_last_nameless(data: bytes, raws: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether the last entry was cut off before its identifier was complete."""
    opened = [match.start() for match in _OPENED_ITEM.finditer(data)]
    closed = [match.start() for match in _CLOSED_ITEM.finditer(data)]
    if not opened or (closed and closed[-1] > opened[-1]):
        return False
    has_ids = len(raws) < 2 or any("id" in raw for raw in raws[:-1])
    return (_WHOLE_ID if has_ids else _WHOLE_LINK).search(data, opened[-1]) is None


def _hints(feed: Mapping[str, Any], data: bytes) -> ScheduleHints:
    minutes = [value for value in (_whole(feed, "ttl"), _update_period(feed)) if value is not None]
    hours = _inside(data, *_SKIP_HOURS)
    days = _inside(data, *_SKIP_DAYS)
    return ScheduleHints(
        ttl_minutes=max(minutes, default=None),
        # RSS 0.91 counts hours from 1 to 24, later versions from 0 to 23: midnight is both.
        skip_hours=frozenset(int(hour) % 24 for hour in _HOUR.findall(hours) if int(hour) <= 24),
        skip_days=frozenset(_DAYS.index(day.lower()) for day in _DAY.findall(days)),
    )


def _inside(data: bytes, start: re.Pattern[bytes], end: re.Pattern[bytes]) -> bytes:
    """Return the content of the first element of a kind."""
    opened = start.search(data)
    closed = end.search(data, opened.end(), opened.end() + _SKIP_LIMIT) if opened is not None else None
    return data[opened.end() : closed.start()] if opened is not None and closed is not None else b""


def _update_period(feed: Mapping[str, Any]) -> int | None:
    period = _string(feed, "sy_updateperiod").strip().lower()
    if period not in _PERIODS and not (period == "" and "sy_updatefrequency" in feed):
        return None
    frequency = _whole(feed, "sy_updatefrequency") or 1
    return max(1, _PERIODS.get(period, _PERIODS["daily"]) // frequency)


def _whole(feed: Mapping[str, Any], name: str) -> int | None:
    text = _string(feed, name).strip()
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= 9 and int(text) > 0 else None


def _string(source: Mapping[str, Any], name: str) -> str:
    value = source.get(name)
    return value if isinstance(value, str) else ""

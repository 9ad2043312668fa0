"""Turns an item of a feed, from feedparser or JSON Feed, into an `Entry`."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from msgspec import Struct
from msgspec.structs import replace

from tracker.feeds.dates import from_parts, read_date
from tracker.feeds.text import (
    TITLE_LIMIT,
    clean_line,
    clean_url,
    html_to_text,
    plain_to_text,
    strip_unsafe,
    without_joiners,
)
from tracker.model.entry import Entry
from tracker.model.plurals import count_noun

Raw = Mapping[str, Any]
"""An entry in feedparser's terms: `id`, `link`, `links`, `title`, `summary`, `content`, `published`, … .

`published_parsed` and its like may be functions of the written date, called only for what `feeds.dates` cannot read.
"""

_NO_LIMIT = datetime(9999, 12, 31, tzinfo=UTC)
"""For dates that may be in the future."""
ENTRIES_LIMIT = 2_000
"""Entries read from one document, newest first: 100,000 items fit in 5 MB and took 12 s; real feeds have hundreds."""
_KEY_LIMIT = 512
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]|$)")
_NAME = re.compile(r"[^/?]*")
_HTML_SIGNS = re.compile(r"</(?:p|a|b|i|em|div|span|strong|li|ul)\s*>|<br\s*/?>|<p>", re.IGNORECASE)
_TEXT_TYPES = ("text/plain", "text/html", "application/xhtml+xml")


class Entries(Struct, frozen=True):
    """The entries of one document."""

    entries: tuple[Entry, ...]
    duplicates: int
    """Items left out because an earlier one had the same key."""
    empty: int
    """Items left out because they had neither title nor text nor address."""
    warnings: tuple[str, ...]
    is_whole: bool = True
    """False if the document had more entries than tracker reads."""
    left_out: str | None = None
    """How many entries were left out, in words; also the first warning."""


def make_entries(raws: Sequence[Raw], *, base: str, language: str | None, now: datetime) -> Entries:
    """Return the entries of one document, in its order, each key once; never raises for what a feed may hold.

    Where items share a guid though they are different, it says nothing and the link identifies; where items of
    different titles share a link, that says nothing either and title and text identify.
    """
    left_out = max(0, len(raws) - ENTRIES_LIMIT)
    if left_out:
        raws = _newest(raws, now)
    guids = Counter(guid for raw in raws if (guid := _string(raw, "id").strip()))
    warnings: list[str] = []
    if left_out:
        warnings.append(_left_out(left_out))
    shared = len(raws) > 1 and len(guids) == 1 and guids.total() == len(raws) and not _is_one_item(raws)
    if shared:
        warnings.append("all entries have the same guid; identified by their links instead")
    made = [make_entry(raw, base=base, language=language, now=now, use_guid=not shared) for raw in raws]
    whole = [entry for entry in made if entry is not None]
    empty = len(made) - len(whole)
    own = _without_shared_guids(whole)
    if own != whole:
        warnings.append("different entries have the same guid; identified by their links instead")
    entries: dict[str, Entry] = {}
    for entry in _without_shared_links(own):
        entries.setdefault(entry.key, entry)
    duplicates = len(whole) - len(entries)
    if duplicates:
        warnings.append(f"{duplicates} repeated {_entries(duplicates)} left out")
    if empty:
        warnings.append(f"{empty} empty {_entries(empty)} left out")
    told = _left_out(left_out) if left_out else None
    return Entries(tuple(entries.values()), duplicates, empty, tuple(warnings), is_whole=not left_out, left_out=told)


def _left_out(count: int) -> str:
    return f"{count_noun(count, 'entry', 'entries')} left out: tracker reads the newest {ENTRIES_LIMIT:,}"


def _newest(raws: Sequence[Raw], now: datetime) -> list[Raw]:
    """Return the newest items in their order; one without a date counts as newest."""
    dates = [read_date(_string(raw, "published") or _string(raw, "updated"), now) or now for raw in raws]
    places = sorted(range(len(raws)), key=lambda place: dates[place], reverse=True)[:ENTRIES_LIMIT]
    return [raws[place] for place in sorted(places)]


def make_entry(raw: Raw, *, base: str, language: str | None, now: datetime, use_guid: bool = True) -> Entry | None:
    """Return the entry of one item, or None if it has neither title nor text nor address.

    Args:
        raw: the item in feedparser's terms.
        base: address of the feed, against which relative links are resolved.
        language: of the feed, where the item says none.
        now: times later than 15 minutes after it are taken as unknown.
        use_guid: False when the guids of this document are known to be useless.
    """
    text, links = _text(raw, base)
    url = _url(raw, base)
    title = clean_line(_string(raw, "title")) or clean_line(text.split("\n", 1)[0], 160) or url
    if not title:
        return None
    published = _date(raw, "published", now) or _date(raw, "created", now)
    updated = _date(raw, "updated", now)
    claimed = None if published or updated else _date(raw, "published", _NO_LIMIT) or _date(raw, "created", _NO_LIMIT)
    guid = guid_key(_string(raw, "id")) if use_guid else ""
    return Entry(
        key=guid or url or _hash_key(title, text),
        title=title[:TITLE_LIMIT],
        url=url,
        author=_author(raw),
        text=text,
        links=links,
        published=published or updated,
        claimed=claimed,
        updated=updated,
        language=_language_of(raw) or language,
    )


def primary_language(tag: str | None) -> str | None:
    """Return the primary subtag in lower case of a language tag ("en-US" gives "en"), or None if it is invalid."""
    match = _LANGUAGE.match(tag.strip()) if tag else None
    return match[1].lower() if match else None


def _without_shared_guids(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries under their links where one guid is given to several titles at several addresses."""
    alike: dict[str, list[Entry]] = {}
    for entry in entries:
        alike.setdefault(entry.key, []).append(entry)
    shared = {
        key
        for key, several in alike.items()
        if len({entry.url for entry in several}) > 1 and len({entry.title for entry in several}) > 1
    }
    return [replace(entry, key=entry.url) if entry.url and entry.key in shared else entry for entry in entries]


def _without_shared_links(entries: Sequence[Entry]) -> list[Entry]:
    titles: dict[str, set[str]] = {}
    for entry in entries:
        if entry.key == entry.url:
            titles.setdefault(entry.key, set()).add(entry.title)
    return [
        replace(entry, key=_hash_key(entry.title, entry.text)) if len(titles.get(entry.key, ())) > 1 else entry
        for entry in entries
    ]


def _hash_key(title: str, text: str) -> str:
    return "hash:" + _digest(without_joiners(f"{title}\n{text}"))


def _is_one_item(raws: Iterable[Raw]) -> bool:
    """Return whether all items are repeats of one."""
    return len({(_string(raw, "link"), _string(raw, "title")) for raw in raws}) == 1


def _entries(count: int) -> str:
    return "entry" if count == 1 else "entries"


def _string(raw: Raw, name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def guid_key(guid: str) -> str:
    """Return the key of an article with this guid."""
    key = " ".join(without_joiners(strip_unsafe(guid[: _KEY_LIMIT * 4])).split())
    return key if len(key) <= _KEY_LIMIT else "hash:" + _digest(guid)


def _text(raw: Raw, base: str) -> tuple[str, tuple[str, ...]]:
    """Return the text and links of the longest of summary and contents that has any text."""
    parts = [part for part in raw.get("content") or () if isinstance(part, Mapping) and _is_text(part)]
    detail = raw.get("summary_detail")
    summary = _string(raw, "summary")
    if summary:
        parts.append({**(detail if isinstance(detail, Mapping) else {}), "value": summary})
    for part in sorted(parts, key=lambda part: -len(_string(part, "value"))):
        value = _string(part, "value")
        if part.get("type") == "text/plain" and not _HTML_SIGNS.search(value):
            found: tuple[str, tuple[str, ...]] = (plain_to_text(value), ())
        else:
            found = html_to_text(value, _join(base, _string(part, "base")))
        if found[0]:
            return found
    return "", ()


def _is_text(part: Raw) -> bool:
    return part.get("type", "text/html") in _TEXT_TYPES


def _join(base: str, own: str) -> str:
    try:
        return urljoin(base, own) if own else base
    except ValueError:
        return base


def _url(raw: Raw, base: str) -> str | None:
    """Return the article's address: its link, else an alternate or enclosed one, else a guid that is an address.

    RSS takes each guid for a link that does not say otherwise; one without any path ("e1") is forgotten to say so.
    """
    link = _string(raw, "link")
    links = [one for one in raw.get("links") or () if isinstance(one, Mapping)]
    is_guid = link == _string(raw, "id") and not any(one.get("href") == link for one in links)
    if not (is_guid and _NAME.fullmatch(link)) and (url := clean_url(link, base)):
        return url
    for wanted in ("alternate", "enclosure"):
        for one in links:
            if one.get("rel") == wanted and (url := clean_url(_string(one, "href"), base)):
                return url
    return clean_url(_string(raw, "id"))


def _author(raw: Raw) -> str | None:
    detail = raw.get("author_detail")
    name = _string(detail, "name") if isinstance(detail, Mapping) else ""
    return clean_line(name or _string(raw, "author"), 200) or None


def _language_of(raw: Raw) -> str | None:
    own = primary_language(_string(raw, "language"))
    detail = raw.get("title_detail")
    return own or (primary_language(_string(detail, "language")) if isinstance(detail, Mapping) else None)


def _date(raw: Raw, name: str, now: datetime) -> datetime | None:
    """Return a date of an item: read by us, else feedparser's reading (Greek, say) if its year is really written there.

    Of what begins with a digit nothing more is believed: feedparser reads "10:00" as a day of this year and
    "2026/06/22" as 1 November.
    """
    written = _string(raw, name)
    if moment := read_date(written, now):
        return moment
    parts = None if not written or written[:1].isdigit() else raw.get(f"{name}_parsed")
    if callable(parts):
        parts = parts(written)
    if parts is None or str(parts[0]) not in written:
        return None
    return from_parts(parts, now)

"""JSON Feed 1.0 and 1.1 in feedparser's terms, so that all formats share the same code (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from tracker.feeds.errors import FeedError

_VERSION = re.compile(r'"version"\s*+:\s*+"([^"\\]*+)"')
_ITEMS = re.compile(r'"items"\s*+:\s*+\[')


class JsonFeed(Struct, frozen=True):
    """The parts of a JSON Feed that tracker uses, not cleaned yet."""

    title: str
    link: str
    language: str
    items: tuple[Mapping[str, Any], ...]
    """Each with `id`, `link`, `title`, `content`, `summary`, `published`, `updated`, `author`, `language`."""
    is_cut: bool = False
    """True if the document was cut off; `items` then has those before the cut."""


def is_json(body: bytes, content_type: str | None) -> bool:
    """Return whether a body is JSON, by its first character or its content type."""
    start = body[:512].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return start.startswith(b"{") or ("json" in (content_type or "") and not start.startswith(b"<"))


def read_json_feed(body: bytes) -> JsonFeed:
    """Parse a JSON Feed; of one that was cut off, the complete items.

    Raises:
        FeedError: if it is not JSON, or JSON of another kind.
    """
    is_cut = False
    try:
        document = json.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except RecursionError:
        raise FeedError("not a feed: JSON nested too deeply") from None
    except ValueError as error:  # also UnicodeDecodeError and numbers with thousands of digits
        document = _whole_items(body)
        is_cut = document is not None
        if document is None:
            raise FeedError(f"not a feed: broken JSON ({error})") from None
    version = document.get("version") if isinstance(document, dict) else None
    if not isinstance(version, str) or "jsonfeed.org/version/" not in version:
        raise FeedError("not a feed: a JSON document")
    items = document.get("items")
    return JsonFeed(
        title=_string(document, "title"),
        link=_string(document, "home_page_url"),
        language=_string(document, "language"),
        items=tuple(_item(item) for item in items if isinstance(item, dict)) if isinstance(items, list) else (),
        is_cut=is_cut,
    )


def _whole_items(body: bytes) -> dict[str, Any] | None:
    """Return the complete items of a JSON Feed that was cut off; None if there are none."""
    text = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    version, start = _VERSION.search(text), _ITEMS.search(text)
    if version is None or start is None or text.rstrip().endswith("}"):
        return None
    decoder, items, place = json.JSONDecoder(), [], start.end()
    try:
        while (opened := text.find("{", place)) >= 0 and not text[place:opened].strip(" \t\r\n,"):
            item, place = decoder.raw_decode(text, opened)
            items.append(item)
    except (ValueError, RecursionError):
        pass  # the one that was cut
    if not items:
        return None
    try:
        around: Any = json.loads(text[: start.start()].rstrip().rstrip(",") + "}")
    except (ValueError, RecursionError):
        around = {}
    return {**around, "version": version[1], "items": items}


def _item(item: Mapping[str, Any]) -> Mapping[str, Any]:
    html, text = _string(item, "content_html"), _string(item, "content_text")
    content = [{"type": kind, "value": value} for kind, value in (("text/html", html), ("text/plain", text)) if value]
    return {
        "id": _identity(item.get("id")),
        "link": _string(item, "url") or _string(item, "external_url"),
        "title": _string(item, "title"),
        "summary": _string(item, "summary"),
        "summary_detail": {"type": "text/plain"},
        "content": content[:1],
        "published": _string(item, "date_published"),
        "updated": _string(item, "date_modified"),
        "author": _author(item),
        "language": _string(item, "language"),
    }


def _string(source: Mapping[str, Any], name: str) -> str:
    value = source.get(name)
    return value if isinstance(value, str) else ""


def _identity(value: object) -> str:
    """Return an id as text: the standard wants a string and tells readers to take numbers too."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def _author(item: Mapping[str, Any]) -> str:
    several = item.get("authors")
    people = several if isinstance(several, list) else [item.get("author")]
    return ", ".join(name for person in people if isinstance(person, dict) and (name := _string(person, "name")))

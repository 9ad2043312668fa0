"""New models of a maker on Hugging Face, from its list of models: `id`, `createdAt`, `pipeline_tag`, `tags`.

https://huggingface.co/docs/hub/api
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from tracker.feeds.entry import make_entries
from tracker.feeds.errors import FeedError
from tracker.feeds.json_document import parse_json
from tracker.feeds.text import clean_line
from tracker.model.feed import ParsedFeed
from tracker.model.sources import FirstHand

_ID = re.compile(r"[A-Za-z0-9._-]{1,96}/[A-Za-z0-9._-]{1,96}")
_LIMIT = 500


def parse_models(body: bytes, first_hand: FirstHand, *, url: str, now: datetime) -> ParsedFeed:
    """Return the public models of the author that was asked for; their keys are `author/name`.

    Raises:
        FeedError: if the document is no list of models.
    """
    document = parse_json(body, "a list of models")
    if isinstance(document, dict) and isinstance(document.get("error"), str):
        raise FeedError(f"Hugging Face says: {clean_line(document['error'], 120)}")
    if not isinstance(document, list):
        raise FeedError("not a list of models: a JSON document")
    authors = {author.casefold() for author in first_hand.only or ()}
    parts = urlsplit(url)
    base = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    raws = [raw for one in document[:_LIMIT] if (raw := _model(one, authors, base)) is not None]
    if document and not raws and not any(map(_has_id, document)):
        raise FeedError("not a list of models: nothing in it has an id")
    made = make_entries(raws, base=url, language="en", now=now)
    return ParsedFeed("Hugging Face", None, "en", made.entries, warnings=made.warnings)


def _model(one: object, authors: set[str], base: str) -> Mapping[str, Any] | None:
    if not isinstance(one, dict) or one.get("private") is True:
        return None
    found = one.get("id") or one.get("modelId")
    if not isinstance(found, str) or not _ID.fullmatch(found):
        return None
    author, _, name = found.partition("/")
    if author.casefold() not in authors:
        return None
    facts = [one.get("pipeline_tag"), one.get("library_name"), *_licences(one.get("tags"))]
    created = one.get("createdAt")
    return {
        "id": found,
        "title": f"{author} releases {name} on Hugging Face",
        "link": f"{base}/{quote(found)}",
        "summary": ", ".join(fact for fact in facts if isinstance(fact, str)),
        "summary_detail": {"type": "text/plain"},
        "published": created if isinstance(created, str) else "",
        "author": author,
    }


def _has_id(one: object) -> bool:
    return isinstance(one, dict) and isinstance(one.get("id") or one.get("modelId"), str)


def _licences(tags: object) -> list[str]:
    listed = tags[:200] if isinstance(tags, list) else []
    return [tag for tag in listed if isinstance(tag, str) and tag.startswith("license:")]

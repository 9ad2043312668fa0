"""XML that is no ordinary feed, from strangers: without document types, entities and network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from tracker.feeds.errors import FeedError
from tracker.feeds.prolog import find_prolog

_HTML_START = (b"<html", b"<!doctype html")


def parse_xml(body: bytes, what: str) -> Any:
    """Return the root element of a document, in linear time.

    Args:
        body: in any encoding that it declares.
        what: it should be, for messages.

    Raises:
        FeedError: if it is not well-formed, or has a document type.
    """
    start = body[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        raise FeedError("empty response")
    if start.startswith(_HTML_START):
        raise FeedError(f"an HTML page, not {what}")
    if find_prolog(body).has_doctype:
        raise FeedError(f"not {what}: it has a document type")
    try:
        root = etree.fromstring(body.strip(), strict_parser())
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        raise FeedError(f"not {what}: broken XML ({str(error)[:100]})") from None
    if root.getroottree().docinfo.internalDTD is not None:  # in UTF-16 only libxml2 sees it
        raise FeedError(f"not {what}: it has a document type")
    return root


def strict_parser(encoding: str | None = None) -> etree.XMLParser:
    """Return a parser that recovers from nothing, and reads nothing but the document: no entity, no DTD, no network."""
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )


def declares_entities(root: Any) -> bool:
    """Return whether libxml2 found a document type that declares an entity."""
    document_type = root.getroottree().docinfo.internalDTD
    return document_type is not None and any(document_type.iterentities())


def local_name(element: Any) -> str:
    """Return the name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child_texts(element: Any) -> dict[str, str]:
    """Return the text of each child, stripped; of several with one name the first."""
    found: dict[str, str] = {}
    for child in element:
        found.setdefault(local_name(child), "".join(child.itertext()).strip())
    return found


def elements(root: Any, name: str) -> Iterator[Any]:
    """Yield all elements of a name, whatever their namespace."""
    yield from root.iter(f"{{*}}{name}")

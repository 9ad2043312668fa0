"""Web pages to full texts. Runs in a process that can be stopped: see `tracker.feeds.page_process`."""

from __future__ import annotations

import re
from typing import Any

from tracker.feeds.errors import FeedError
from tracker.feeds.page_charset import page_to_text
from tracker.feeds.page_text import page_text
from tracker.feeds.text import clean_line, clean_url, plain_to_text, strip_unsafe
from tracker.model.fulltext import FullText

NO_ARTICLE = "this page has no article text (a paywall, a consent page, or one that needs scripts?)"
_LEAST_CELLS = 100
"""Shorter texts are notices, not articles: the shortest of 396 saved articles has 211 characters."""
_LINKED_SHARE = 0.8
"""A page of which more of the text is links is a list of articles, not one that is a link as a whole."""
_LIST = 5
_WEB_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")
_MARK = re.compile(r"\[\d+\]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""lxml refuses to copy text that holds one of these, and trafilatura then gives up the whole page."""
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|article|div|p|meta)\b", re.IGNORECASE)
_TITLES = ("//meta[@property='og:title']/@content", "//meta[@name='twitter:title']/@content")
_ADDRESSES = ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content")


def extract(body: bytes, content_type: str | None = None, url: str | None = None) -> FullText:
    """Return the article of a page.

    Args:
        body: the page as it came.
        content_type: as the server sent it; None for a file.
        url: of the page; None for a file, whose own address counts then.

    Raises:
        FeedError: it is no web page, or has no article; the reason is in words.
    """
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind and kind not in _WEB_TYPES:
        raise FeedError(f"not a web page but {clean_line(kind, 60)}")
    if not body.strip():
        raise FeedError("the page is empty")
    if kind == "text/plain" or not _HTML.search(body[:100_000]):
        return _plain(body, content_type, url)
    tree = _parse(page_to_text(body, content_type))
    if tree is None:
        raise FeedError(NO_ARTICLE)
    url = url or _first(tree, _ADDRESSES)
    url = None if url is None else clean_url(url)
    base = _base(tree, url)
    title = _title(tree)
    for is_precise in (True, False):
        article, pictured = _bodies(tree, url, is_precise)
        found = None if article is None else page_text(article, base, pictured)
        text = "" if found is None else _without_title(found.text, title)
        if found is not None and _is_long(text) and (found.linked < _LINKED_SHARE or len(found.links) < _LIST):
            return FullText(url, title, text, found.links)
    raise FeedError(NO_ARTICLE)


def _plain(body: bytes, content_type: str | None, url: str | None) -> FullText:
    if b"\x00" in body[:1_000] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FeedError("not a web page but a file of another kind")
    text = plain_to_text(page_to_text(body, content_type))
    if not text:
        raise FeedError("the page is empty")
    return FullText(url, clean_line(text.partition("\n")[0]), text)


def _parse(text: str) -> Any:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(_NOT_XML.sub("", text).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError):
        return None
    if "&#" in text:  # "&#27;" is one of these characters again
        for element in tree.iter():
            _clean_element(element)
    return tree


def _clean_element(element: Any) -> None:
    if element.text and _NOT_XML.search(element.text):
        element.text = _NOT_XML.sub("", element.text)
    if element.tail and _NOT_XML.search(element.tail):
        element.tail = _NOT_XML.sub("", element.tail)
    for name, value in element.attrib.items():
        if _NOT_XML.search(value):
            element.set(name, _NOT_XML.sub("", value))


def _bodies(tree: Any, url: str | None, is_precise: bool) -> tuple[Any, Any]:
    """Return (the article, the article with its pictures), None for what was not found."""
    import logging
    from copy import deepcopy

    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").disabled = True
    found: list[Any] = []
    for has_images in (False, True):
        document = bare_extraction(
            deepcopy(tree),
            url=url,
            favor_precision=is_precise,
            include_comments=False,
            include_links=True,
            include_images=has_images,
        )
        found.append(getattr(document, "body", None))
    return found[0], found[1]


def _first(tree: Any, paths: tuple[str, ...]) -> str | None:
    for path in paths:
        for value in tree.xpath(path):
            if str(value).strip():
                return str(value)
    return None


def _base(tree: Any, url: str | None) -> str | None:
    written = _first(tree, ("//base/@href",))
    return url if written is None else clean_url(written, url) or url


def _title(tree: Any) -> str:
    written = _first(tree, _TITLES)
    if written is None:
        headings = [text for node in tree.xpath("//h1") if (text := clean_line(strip_unsafe(node.text_content())))]
        if len(headings) == 1:
            return headings[0]
        written = _first(tree, ("//title/text()",)) or ""
    return clean_line(written)


def _without_title(text: str, title: str) -> str:
    """Leave out a first heading that repeats the title."""
    first, _, rest = text.partition("\n\n")
    return rest if first.startswith("#") and _MARK.sub("", first).lstrip("# ") == title else text


def _is_long(text: str) -> bool:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text) >= _LEAST_CELLS

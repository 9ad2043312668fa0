"""`tracker feeds import`: the feeds of another reader, from OPML or from newsboat's `urls` file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from tracker.cli.context import CommandContext
from tracker.cli.errors import UsageError
from tracker.cli.feeds import editable
from tracker.config.edit import add_feeds, add_view
from tracker.config.problem import Refused
from tracker.config.tables import FEED, VIEW
from tracker.feeds.entry import guid_key
from tracker.feeds.errors import FeedError
from tracker.feeds.newsboat import NewsboatFeed, NewsboatList, read_urls
from tracker.feeds.newsboat_query import Untranslatable, translate
from tracker.feeds.opml import read_opml
from tracker.feeds.text import clean_line, clean_url
from tracker.model.config import Config, View
from tracker.model.errors import ConfigError
from tracker.model.feed import FeedSource
from tracker.model.plurals import count_noun
from tracker.model.tags import TAG_NAME
from tracker.store.newsboat import CachedArticle, NewsboatCache, read_cache
from tracker.store.write import Writer

_STDIN = Path("-")
_MAX_BYTES = 5_000_000
_MAX_SKIPPED = 50
"""Most skipped lines that are named; a file of the wrong kind would fill the screen."""


class _Found(Struct, frozen=True):
    """A feed of the other reader."""

    name: str
    url: str
    group: str | None = None
    tags: tuple[str, ...] = ()


def run(context: CommandContext) -> int:
    """Add the feeds of a list that the configuration does not have yet, all or none; then what was read of them."""
    config = context.config()
    path: Path = context.options.file
    state: Path | None = context.options.read_state
    if state is not None and not state.is_file():
        raise UsageError(f"{state}: no such file (--read-state)")
    cache = read_cache(state) if state is not None else None
    body = _read(path, context)
    if _is_xml(body):
        if cache is not None:
            raise UsageError(f"{path}: --read-state goes with newsboat's urls file; this is an XML file")
        _import_opml(context, config, path, body)
        return 0
    try:
        listed = read_urls(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}:{line}: not UTF-8; save the file as UTF-8") from None
    _print_skipped(context, path, listed.skipped)
    if not listed.feeds and not listed.queries:
        raise _no_feeds(path)
    found = [_found(context, path, feed, cache) for feed in listed.feeds]
    _add(context, config, found, path)
    _add_views(context, path, listed)
    if cache is not None:
        _import_read(context, cache)
    return 0


def _import_opml(context: CommandContext, config: Config, path: Path, body: bytes) -> None:
    try:
        listed = read_opml(body)
    except FeedError as error:
        raise UsageError(f"{path}: {error}") from error
    for warning in listed.warnings:
        context.print_message(f"{path}: {warning}")
    _print_skipped(context, path, listed.skipped)
    if not listed.feeds and listed.skipped:
        raise UsageError(f"{path}: no feed in it that tracker can read")
    if not listed.feeds:
        raise _no_feeds(path)
    if listed.repeated:
        outlines = count_noun(listed.repeated, "outline has", "outlines have")
        context.print_message(f"{path}: {outlines} an address that comes earlier in the list, whose group counts")
    _add(context, config, [_Found(feed.name, feed.url, feed.group) for feed in listed.feeds], path)


def _print_skipped(context: CommandContext, path: Path, skipped: Sequence[tuple[int, str]]) -> None:
    lines = [f"{path}:{number}: skipped: {reason}" for number, reason in skipped]
    for line in lines[:_MAX_SKIPPED]:
        context.print_message(line)
    if len(lines) > _MAX_SKIPPED:
        context.print_message(f"{path}: {len(lines) - _MAX_SKIPPED:,} more skipped")


def _no_feeds(path: Path) -> UsageError:
    return UsageError(f"{path}: no feeds in it; it has to be OPML or newsboat's urls file")


def _read(path: Path, context: CommandContext) -> bytes:
    try:
        if path == _STDIN:
            body = context.stdin.buffer.read(_MAX_BYTES + 1)
        else:
            with path.open("rb") as file:
                body = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(body) > _MAX_BYTES:
        raise UsageError(f"{path}: is larger than {_MAX_BYTES:,} bytes")
    return body


def _is_xml(body: bytes) -> bool:
    return b"\0" in body[:4] or body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<" or body[:2] in _UTF_16


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def _found(context: CommandContext, path: Path, feed: NewsboatFeed, cache: NewsboatCache | None) -> _Found:
    """Return a feed of newsboat's in tracker's terms: its first tag is the group, the others are tags."""
    if feed.is_hidden:
        context.print_message(f"{path}:{feed.line}: hidden in newsboat; tracker shows its articles")
    tags = []
    for tag in feed.tags[1:]:
        if (name := _tag_name(tag)) is None:
            context.print_message(f'{path}:{feed.line}: tag "{tag}" left out: tag names use a-z, 0-9 and hyphens')
        else:
            tags.append(name)
    titles = {} if cache is None else cache.titles
    name = feed.title or clean_line(titles.get(feed.url, ""), 90) or urlsplit(feed.url).hostname or feed.url
    return _Found(name, feed.url, feed.tags[0] if feed.tags else None, tuple(dict.fromkeys(tags)))


def _tag_name(tag: str) -> str | None:
    name = "-".join(re.findall(r"[a-z0-9]+", tag.lower()))[:60].strip("-")
    return name if TAG_NAME.fullmatch(name) else None


def _add(context: CommandContext, config: Config, found: Iterable[_Found], path: Path) -> None:
    urls = {source.url for source in config.feeds}
    names = {source.name.casefold() for source in config.feeds}
    added: list[FeedSource] = []
    numbers: dict[str, int] = {}
    count = 0
    for feed in found:
        count += 1
        if feed.url in urls:
            continue
        try:
            source = _source(feed, names, numbers)
        except Refused as refused:
            context.print_message(f"{feed.name}: skipped: {refused.message}")
            continue
        urls.add(source.url)
        names.add(source.name.casefold())
        added.append(source)
    if added:
        target = editable(context)
        add_feeds(target, *added)
        context.print_message(f"added {len(added):,} of {count_noun(count, 'feed', 'feeds')} to {target}")
    else:
        context.print_message(f"nothing to add: all usable feeds in {path} are already in the configuration")


def _source(feed: _Found, taken: set[str], numbers: dict[str, int]) -> FeedSource:
    """Return a feed for the configuration with a unique name; Refused when it is invalid.

    Args:
        numbers: the last number of each name: counting from 1 each time would be quadratic.
    """
    base = FEED["name"](feed.name[:90])
    name, number = base, numbers.get(base, 1)
    while name.casefold() in taken:
        number += 1
        name = f"{base} {number}"
    numbers[base] = number
    group = FEED["group"](feed.group[:100]) if feed.group else None
    return FeedSource(name, FEED["url"](feed.url), group, tags=feed.tags)


def _add_views(context: CommandContext, path: Path, listed: NewsboatList) -> None:
    """Add query feeds as views, and say which have no query in tracker."""
    known = {view.name.casefold() for view in context.config().views}
    tags = _tag_terms(listed.feeds)
    count = 0
    for query in listed.queries:
        name = query.name[:100]
        if name.casefold() in known:
            continue
        try:
            view = View(VIEW["name"](name), VIEW["query"](translate(query.expression, tags)))
            add_view(editable(context), view)
        except (Untranslatable, ConfigError) as error:
            context.print_message(f'{path}:{query.line}: query feed "{name}" left out: {error}')
        except Refused as refused:
            context.print_message(f'{path}:{query.line}: query feed "{name}" left out: {refused.message}')
        else:
            known.add(name.casefold())
            count += 1
            context.print_message(f'view "{name}": {view.query}')
    if count:
        context.print_message(
            f"added {count} of {count_noun(len(listed.queries), 'query feed', 'query feeds')} as views"
        )


def _tag_terms(feeds: Iterable[NewsboatFeed]) -> Mapping[str, list[str]]:
    """Return the terms that find the feeds of each tag."""
    terms: dict[str, list[str]] = {}
    for feed in feeds:
        for place, tag in enumerate(feed.tags):
            name = _tag_name(tag)
            term = f'group:"{tag}"' if place == 0 else f"tag:{name}"
            if '"' not in tag and (place == 0 or name is not None) and term not in terms.setdefault(tag, []):
                terms[tag].append(term)
    return terms


def _import_read(context: CommandContext, cache: NewsboatCache) -> None:
    """Apply what was read to what is stored, and keep it for what the next sync brings."""
    wanted = {source.url for source in context.config().feeds}
    marks: dict[str, list[str]] = {}
    kept = 0
    for address, articles in _read_by_feed(cache).items():
        url = clean_url(address, keep_credentials=True)
        if url is not None and url in wanted:
            kept += len(articles)
            marks.setdefault(url, []).extend(_marks(articles))
    total = sum(article.is_read for article in cache.articles)
    context.update_database()
    with Writer(context.db) as writer:
        now_read = writer.marks.import_read(marks)
    context.print_message(
        f"{kept:,} of {total:,} read articles belong to these feeds: {now_read:,} marked as read now,"
        " the others when the next sync brings them"
    )


def _read_by_feed(cache: NewsboatCache) -> dict[str, list[CachedArticle]]:
    """Return the read articles of each feed, newest first.

    An address that several articles of a feed share, such as the home page, says nothing about one of them: it is
    left out.
    """
    uses = Counter((article.feed_url, article.url) for article in cache.articles)
    found: dict[str, list[CachedArticle]] = {}
    for article in reversed(cache.articles):
        if article.is_read:
            own = article if uses[article.feed_url, article.url] == 1 else replace(article, url="")
            found.setdefault(article.feed_url, []).append(own)
    return found


def _marks(articles: Iterable[CachedArticle]) -> Iterator[str]:
    """Yield the keys and addresses that tracker knows these articles by."""
    for article in articles:
        yield from (mark for mark in (guid_key(article.guid), clean_url(article.url)) if mark)

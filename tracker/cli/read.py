"""`tracker read`: the full text of an article."""

from __future__ import annotations

from pathlib import Path

from tracker.cli.context import CommandContext
from tracker.cli.errors import UsageError
from tracker.cli.layouts import plain_record, record_of
from tracker.cli.output import to_json
from tracker.cli.records import TextRecord
from tracker.cli.run_async import run_async
from tracker.model.fulltext import FullText
from tracker.net.address import is_web_address
from tracker.store.write import Writer
from tracker.sync.fetching import make_fetcher
from tracker.sync.fulltext import PAGE_TYPES, PageReader, read_file
from tracker.words.cells import plain

_MAX_ID = 2**63 - 1


def run(context: CommandContext) -> int:
    """Write the full text of an article, a page or a file."""
    wanted: str = context.options.article
    if wanted.isascii() and wanted.isdecimal():
        full = _stored(context, int(wanted))
    elif is_web_address(wanted):
        full = run_async(_fetch(context, wanted))
    elif "://" in wanted:
        raise UsageError(f"{wanted}: only http:// and https:// addresses can be read")
    elif Path(wanted).is_dir():
        raise UsageError(f"{wanted}: is a folder; name a saved page in it")
    elif not Path(wanted).is_file():
        raise UsageError(f"{wanted}: no such file; name the number of an article, an http address or a saved page")
    else:
        full = run_async(read_file(Path(wanted)))
    _write(context, full)
    return 0


def _stored(context: CommandContext, article_id: int) -> FullText:
    """Return the stored full text of an article; else fetch and store it."""
    article = None
    if article_id <= _MAX_ID and context.db.exists():
        with context.reader() as reader:
            article = reader.articles.get(article_id)
            known = reader.full_texts.get(article_id)
            feeds = reader.feeds.states()
        if known is not None:
            return known
    if article is None:
        raise UsageError(f"no article has the number {article_id}; `tracker list --format json` shows them as id")
    if article.url is None:
        raise UsageError(f"article {article_id} has no address: its feed gives none")
    # The address is a stranger's: on the local network only the host and port of its own feed may be asked.
    feed = feeds.get(article.source)
    own = "" if feed is None else feed.url
    full = run_async(_fetch(context, article.url, own))
    with Writer(context.db) as writer:
        writer.full_texts.put(article_id, full)
    return full


async def _fetch(context: CommandContext, url: str, own: str | None = None) -> FullText:
    settings = context.config().settings
    context.update_database()
    async with make_fetcher(settings, context.clock, context.db, PAGE_TYPES) as fetcher:
        return await PageReader(fetcher, context.db, context.clock).read(url, own=own)


def _write(context: CommandContext, full: FullText) -> None:
    if context.options.format == "json":
        record = plain_record(record_of(TextRecord, full))
        context.stdout.write(to_json(record, context.screen().is_unicode) + "\n")
        return
    parts = [full.title, full.url or "", "", *full.text.split("\n")]
    if full.links:
        parts += ["", *(f"[{number}] {link}" for number, link in enumerate(full.links, 1))]
    context.stdout.writelines(plain(line) + "\n" for line in parts)

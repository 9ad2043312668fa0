"""Turns the bytes of a feed into articles ready to store: parse, tag, find story keys. Runs in any process."""

from __future__ import annotations

from collections.abc import Callable, Collection

from msgspec.structs import replace

from tracker.feeds.firsthand import known_symbols, parse_first_hand
from tracker.feeds.parse import parse, parse_plain
from tracker.model.entry import Entry
from tracker.model.feed import ParsedFeed
from tracker.model.sources import FirstHand
from tracker.sync.decide import content_hash
from tracker.sync.jobs import Digest, Digested, Job
from tracker.sync.rules import tag_known
from tracker.sync.stories import story_keys
from tracker.tagging.match import Tagger
from tracker.tagging.salience import lead_symbol


def digest(job: Job, tagger: Tagger) -> Digested:
    """Read one body.

    Raises:
        FeedError: as `parse` does.
    """
    return _digested(read(job), job, tagger)


def digest_plain(job: Job, tagger: Callable[[], Tagger]) -> Digested | None:
    """Parse an ordinary, well-formed body in linear time; return None for others.

    `tagger` is called only when there is something to tag.

    Raises:
        FeedError: as `parse` does.
    """
    parsed = (
        read(job)
        if job.first_hand is not None
        else parse_plain(job.body, url=job.url, content_type=job.content_type, now=job.now)
    )
    if parsed is None:
        return None
    return _digested(parsed, job, tagger()) if job.is_tagged else Digested(parsed, ())


def read(job: Job) -> ParsedFeed:
    """Parse one body.

    Raises:
        FeedError: as `parse` does.
    """
    if job.first_hand is not None:
        return parse_first_hand(job.body, job.first_hand, url=job.url, now=job.now)
    return parse(job.body, url=job.url, content_type=job.content_type, now=job.now)


def _digested(parsed: ParsedFeed, job: Job, tagger: Tagger) -> Digested:
    return Digested(
        parsed,
        tuple(
            None if job.known_hashes and content_hash(entry) in job.known_hashes else _digest_for(job, entry, tagger)
            for entry in parsed.entries
        ),
    )


def _digest_for(job: Job, entry: Entry, tagger: Tagger) -> Digest:
    found = digest_entry(entry, tagger, job.feed_tags, job.first_hand)
    if not job.has_story_keys:
        return found
    return replace(found, story=story_keys(entry, found.mentions, job.now, job.first_hand))


def digest_entry(
    entry: Entry, tagger: Tagger, feed_tags: Collection[str], first_hand: FirstHand | None = None
) -> Digest:
    """Return the tags of one entry and its share."""
    known = None if first_hand is None else known_symbols(first_hand.kind, entry.key)
    mentions = tag_known(tagger, entry.title, entry.text, tuple(feed_tags), known)
    return Digest(mentions, lead_symbol(mentions))

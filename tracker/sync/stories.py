"""The stories of new articles: copies and rewrites as they are stored, everything else when a sync has them all."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tracker.model.entry import Entry
from tracker.model.plan import NewArticle, StoryChoice, StoryJoin, StoryLookup, StoryProfile, Ungrouped
from tracker.model.sources import FirstHand
from tracker.model.tags import Mention
from tracker.stories.attribution import find_attribution
from tracker.stories.fingerprint import StoryPrint, exact_print, fingerprint
from tracker.stories.group import (
    MAX_COMPARED,
    choose_same,
    is_repeat,
    least_shared,
    lookup_terms,
)
from tracker.stories.joining import join_stories
from tracker.stories.link import model
from tracker.stories.originals import original_keys
from tracker.stories.weights import TermWeights, source_words
from tracker.sync.jobs import StoryKeys

if TYPE_CHECKING:
    from tracker.store.grouping import StoryGrouping
    from tracker.store.write import Writer

_CHUNK = 4_000
"""New articles that are grouped together: what a first sync brings is grouped from the oldest on."""


def choose_story(article: NewArticle, lookup: StoryLookup) -> StoryChoice | None:
    """Return the story that has the very article already, or the one it names as its source by address."""
    if known := lookup.articles():
        entry = article.entry
        new = exact_print(entry.title, entry.url, entry.text, article.time)
        prints = [(one.story_id, _print(one.title, one.url, one.opening, one.time)) for one in known]
        if (same := choose_same(new, prints)) is not None:
            return same
    if linked := lookup.linked():
        return StoryChoice(linked[0], is_repeat=False)
    return None


def group_new(writer: Writer, now: datetime) -> int:
    """Group the articles that came since this ran last; return how many stories became part of another."""
    store = writer.grouping
    weights: TermWeights | None = None
    joined = 0
    store.list_new(now)
    while new := store.new_articles(now, _CHUNK):
        if weights is None:
            weights = TermWeights(*writer.stories.words())
        with _without_collector():
            joins = _joins(store, new, weights)
        store.join(joins, new)
        joined += sum(len(join.absorbs) for join in joins)
    return joined


@contextmanager
def _without_collector() -> Iterator[None]:
    """Do without Python's collector of cycles: what grouping makes has none, and looking for them takes an eighth."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _joins(store: StoryGrouping, new: Sequence[Ungrouped], weights: TermWeights) -> list[StoryJoin]:
    lookup = store.near(new)
    near: dict[int, set[int]] = {}
    favoured: set[tuple[int, int]] = set()
    terms = [lookup_terms(article.terms, weights) for article in new]
    looked_up = [(article, told, least_shared(lookup.articles, told)) for article, told in zip(new, terms, strict=True)]
    for article, found in zip(new, lookup.find(looked_up, MAX_COMPARED), strict=True):
        near.setdefault(article.story_id, set()).update(found)
        if article.source is not None:
            favoured.update((article.story_id, other) for other in lookup.of_source(article.source, found))
    linked = lookup.linked()
    for story_id, original in linked:
        near.setdefault(story_id, set()).add(original)
    wanted = dict.fromkeys([*near, *(other for found in near.values() for other in found)])
    stories = {story.story_id: story for story in store.profiles(list(wanted), new)}
    # Those of older reports too: a pair is judged alike whichever of the two came with this sync.
    sources = {term for story in stories.values() for term in story.counts if term[0] == "f"}
    weights.add_sources(source_words(lookup.articles_of_feeds(sources - weights.sources, new)))
    first = min(article.article_id for article in new)
    fresh = [story_id for story_id in stories if abs(story_id) >= first]
    made = join_stories(
        stories, fresh, near, weights, model(), favoured=favoured, linked=linked, articles=lookup.articles
    )
    ordered = [sorted(parts, key=lambda one: (not stories[one].is_pinned, abs(one))) for parts in made]
    read = store.read_stories(parts[0] for parts in ordered)
    return [_join(parts, stories, weights, is_read=parts[0] in read) for parts in ordered]


def _join(
    ordered: Sequence[int], stories: Mapping[int, StoryProfile], weights: TermWeights, *, is_read: bool
) -> StoryJoin:
    kept = stories[ordered[0]]
    repeats = {
        story_id
        for story_id in ordered[1:]
        if is_read and stories[story_id].size == 1 and is_repeat(stories[story_id], kept, weights)
    }
    return StoryJoin(
        ordered[0], tuple(ordered[1:]), tuple(one for one in ordered if stories[one].is_pinned), frozenset(repeats)
    )


def story_keys(
    entry: Entry, mentions: Sequence[Mention], now: datetime, first_hand: FirstHand | None = None
) -> StoryKeys:
    """Return the keys under which others of its story find an entry, and its source."""
    words = fingerprint(entry.title, entry.url, entry.text, entry.published or now, title_tags(mentions)).keys
    site = urlsplit(entry.url).hostname if entry.url else None
    return StoryKeys(
        original_keys(None if first_hand is None else first_hand.kind, entry.url, words),
        find_attribution(entry.title, entry.text, entry.links, site or ""),
    )


def title_tags(mentions: Sequence[Mention]) -> list[str]:
    """Return the companies that a title is about: each under all its names, in any script.

    Topics are left out: reports of two companies' earnings have one in common, and are not one event.
    """
    return [
        mention.tag
        for mention in mentions
        if mention.salience == "about"
        and not mention.is_topic
        and any(match.field == "title" for match in mention.matches)
    ]


@lru_cache(maxsize=4_096)
def _print(title: str, url: str | None, opening: str, time: datetime) -> StoryPrint:
    """Return what a stored article is known again by; a candidate now is often one for the next article too."""
    return exact_print(title, url, opening, time)

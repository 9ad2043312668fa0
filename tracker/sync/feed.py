"""One feed from its answer to the database: parse, tag, group, write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tracker.feeds.errors import FeedError
from tracker.feeds.parse import parse
from tracker.model.entry import Entry
from tracker.model.feed import FeedSource, FeedState, FeedSynced, FetchedFeed, ParsedFeed
from tracker.model.plan import ChangedArticle, FeedPlan, NewArticle, StoryCandidate
from tracker.model.tags import Mention
from tracker.store.write import Writer
from tracker.stories.fingerprint import fingerprint
from tracker.stories.group import choose_story
from tracker.sync.decide import body_hash, sort_entries, state_after_answer, state_after_failure
from tracker.tagging.match import Tagger
from tracker.tagging.salience import lead_symbol


class FeedSync:
    """Holds what is compiled once for all feeds. Its methods block; call them in one thread at a time."""

    def __init__(self, db: Path, tagger: Tagger, default_poll_minutes: int) -> None:
        self._writer = Writer(db)
        self._tagger = tagger
        self._poll_minutes = default_poll_minutes

    def close(self) -> None:
        """Close the connection."""
        self._writer.close()

    def finish(self, source: FeedSource, state: FeedState, fetched: FetchedFeed, now: datetime) -> FeedSynced:
        """Store what came of one feed and say what it was; the articles and the validators in one transaction."""
        poll_minutes = source.poll_minutes or self._poll_minutes
        if fetched.reason is not None:
            return self._failed(source, state, fetched, fetched.reason, poll_minutes, now)
        parsed: ParsedFeed | None = None
        if fetched.body is not None and body_hash(fetched.body) != state.body_hash:
            try:
                parsed = parse(fetched.body, url=fetched.final_url, content_type=fetched.content_type, now=now)
            except FeedError as error:
                return self._failed(source, state, fetched, str(error), poll_minutes, now)
        after = state_after_answer(source, state, fetched, parsed, poll_minutes, now)
        plan = FeedPlan(after) if parsed is None else self._plan(source, after, parsed, now)
        new_ids = self._writer.store_feed(plan, _choose)
        return FeedSynced(
            source.name,
            "new" if new_ids or plan.changed else "unchanged",
            http=fetched.http,
            new=len(new_ids),
            updated=len(plan.changed),
            next_due=after.next_due,
            ms=fetched.elapsed_ms,
            new_ids=new_ids,
        )

    def _failed(
        self,
        source: FeedSource,
        state: FeedState,
        fetched: FetchedFeed,
        reason: str,
        poll_minutes: int,
        now: datetime,
    ) -> FeedSynced:
        after = state_after_failure(source, state, fetched, reason, poll_minutes, now)
        self._writer.store_feed(FeedPlan(after), _choose)
        return FeedSynced(
            source.name, "failed", http=fetched.http, next_due=after.next_due, reason=reason, ms=fetched.elapsed_ms
        )

    def _plan(self, source: FeedSource, after: FeedState, parsed: ParsedFeed, now: datetime) -> FeedPlan:
        assert after.id is not None  # the state was read back after the feeds were registered
        known = self._writer.known_entries(after.id, [entry.key for entry in parsed.entries])
        new, changed = sort_entries(parsed.entries, known)
        return FeedPlan(
            after,
            new=tuple(self._new(source, parsed, entry, digest, now) for entry, digest in new),
            changed=tuple(
                self._changed(source, article_id, entry, digest, now) for article_id, entry, digest in changed
            ),
            title=parsed.title,
            site_url=parsed.site_url,
            language=parsed.language,
        )

    def _new(self, source: FeedSource, parsed: ParsedFeed, entry: Entry, digest: str, now: datetime) -> NewArticle:
        mentions = self._tag(source, entry)
        return NewArticle(
            entry if entry.language is not None else replace(entry, language=parsed.language),
            digest,
            now,
            mentions,
            lead_symbol(mentions),
            fingerprint(entry.title, entry.url, entry.text, entry.published or now).keys,
        )

    def _changed(self, source: FeedSource, article_id: int, entry: Entry, digest: str, now: datetime) -> ChangedArticle:
        mentions = self._tag(source, entry)
        keys = fingerprint(entry.title, entry.url, entry.text, entry.published or now).keys
        return ChangedArticle(article_id, entry, digest, now, mentions, lead_symbol(mentions), keys)

    def _tag(self, source: FeedSource, entry: Entry) -> tuple[Mention, ...]:
        return self._tagger.tag(entry.title, entry.text, feed_tags=source.tags)


def _choose(article: NewArticle, candidates: Sequence[StoryCandidate]) -> int | None:
    if not candidates:
        return None
    entry = article.entry
    return choose_story(
        fingerprint(entry.title, entry.url, entry.text, article.time),
        [(known.story_id, fingerprint(known.title, known.url, known.opening, known.time)) for known in candidates],
    )

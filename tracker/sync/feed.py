"""Processes the response of one feed: creates a parser job, then groups and stores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tracker.feeds.schedule import WINDOWS
from tracker.model.entry import Entry
from tracker.model.feed import FeedSource, FeedState, FeedStatus, FeedSynced, FetchedFeed
from tracker.model.plan import ChangedArticle, FeedPlan, KnownAddress, KnownEntry, NewArticle, StoryChoice, StoryLookup
from tracker.model.query import Query
from tracker.model.shown import show_address
from tracker.store.write import Writer
from tracker.sync.decide import (
    addresses_alike,
    archive_times,
    body_hash,
    find_renamed,
    sort_entries,
    state_after_answer,
    state_after_failure,
)
from tracker.sync.jobs import Digest, Digested, Job, StoryKeys

if TYPE_CHECKING:
    from tracker.tagging.match import Tagger


class FeedSync:
    """Stores the feeds of one sync. Its methods block; call them from one thread at a time.

    Parser and grouper (100 ms of imports) are loaded with the first new body.

    Args:
        mutes: new articles that match one of these are stored as muted.
        latest: returns the latest possible time for a time of our clock; dates articles that leave a feed.
        give_way: called again and again while it stores, by the thread that does.
    """

    def __init__(
        self,
        db: Path,
        tagger: Callable[[], Tagger],
        default_poll_minutes: int,
        *,
        latest: Callable[[datetime], datetime | None],
        mutes: Sequence[Query] = (),
        give_way: Callable[[], None] | None = None,
    ) -> None:
        self._writer = Writer(db, give_way=give_way)
        self._tagger = tagger
        self._poll_minutes = default_poll_minutes
        self._latest = latest
        self._mutes = mutes

    def group(self, now: datetime) -> None:
        """Group what came since this was done last into stories."""
        if not self._writer.grouping.new_articles(now, 1) and self._writer.originals.is_complete():
            return  # importing the code that groups takes 80 ms
        from tracker.sync.originals import join_originals
        from tracker.sync.stories import group_new

        group_new(self._writer, now)
        join_originals(self._writer, now)

    def close(self) -> None:
        """Close the connection."""
        self._writer.close()

    def job(self, source: FeedSource, state: FeedState, fetched: FetchedFeed, now: datetime) -> Job | None:
        """Return the body to parse; None for a failure, a 304, or a body that was parsed before."""
        body = fetched.body
        if fetched.reason is not None or body is None:
            return None
        if state.body_hash is not None and body_hash(body) == state.body_hash:
            return None
        known = self._writer.content_hashes(self._home(source, state))
        first_hand = source.first_hand
        return Job(body, fetched.final_url, fetched.content_type, now, source.tags, known, source.name, first_hand)

    def _home(self, source: FeedSource, state: FeedState) -> int:
        """Return the id of the feed that the articles belong to."""
        assert state.id is not None  # the state was read back after the feeds were registered
        page_of = None if source.first_hand is None else source.first_hand.page_of
        return state.id if page_of is None else self._writer.feed_id(page_of) or state.id

    def finish(
        self,
        source: FeedSource,
        state: FeedState,
        fetched: FetchedFeed,
        read: Digested | str | None,
        now: datetime,
    ) -> FeedSynced:
        """Store the result of one feed and report it; articles and validators go in one transaction.

        Args:
            read: the result of the job, or why it failed; None if there was no job.
        """
        poll_minutes = source.poll_minutes or self._poll_minutes
        reason = read if isinstance(read, str) else fetched.reason
        if reason is not None:
            return self._failed(source, state, fetched, show_address(reason), poll_minutes, now)
        digested = None if isinstance(read, str) else read
        parsed = None if digested is None else digested.parsed
        plan = FeedPlan(state) if digested is None else self._plan(source, state, digested, now)
        recent = [
            self._writer.recent_count(self._home(source, state), now - window)
            + sum(new.time >= now - window for new in plan.new)
            for window in WINDOWS
        ]
        after = state_after_answer(source, state, fetched, parsed, poll_minutes, now, recent)
        plan = replace(plan, state=after)
        new_ids = self._writer.store_feed(plan, _choose, self._mutes, now)
        status: FeedStatus = "new" if new_ids or plan.changed else "unchanged"
        return FeedSynced(
            source.name,
            # The articles of a document that was cut off are kept, but the feed counts as failed.
            "failed" if parsed is not None and parsed.is_cut else status,
            http=fetched.http,
            new=len(new_ids),
            updated=len(plan.changed),
            next_due=after.next_due,
            reason=after.last_reason or (None if parsed is None else parsed.left_out),
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

    def _plan(self, source: FeedSource, state: FeedState, digested: Digested, now: datetime) -> FeedPlan:
        home = self._home(source, state)
        parsed = digested.parsed
        entries = parsed.entries
        known = self._writer.known_entries(home, [entry.key for entry in entries])
        # In a document that was cut off, a missing guid may be in the part that is missing.
        may_rename = state.last_full is not None and not parsed.is_cut
        unknown = [entry for entry in entries if entry.key not in known] if may_rename else []
        renamed = find_renamed(entries, known, self._stored_alike(home, unknown)) if unknown else {}
        known |= {key: KnownEntry(article.id, article.content_hash) for key, article in renamed.items()}
        new, changed = sort_entries(entries, known)
        digests = {entry.key: done for entry, done in zip(entries, digested.digests, strict=True)}

        def digest_of(entry: Entry) -> tuple[Digest, StoryKeys]:
            from tracker.sync.stories import story_keys

            found = digests[entry.key] or self._digest_again(entry, source)
            return found, found.story or story_keys(entry, found.mentions, now, source.first_hand)

        at_latest = archive_times(entries, now) if state.last_full is None else {}
        return FeedPlan(
            state,
            home=home,
            new=tuple(_new(entry, content, *digest_of(entry), now, at_latest.get(entry.key)) for entry, content in new),
            changed=tuple(
                _changed(article_id, entry, content, *digest_of(entry), now) for article_id, entry, content in changed
            ),
            title=parsed.title,
            site_url=parsed.site_url,
            language=parsed.language,
            listed=entries if parsed.is_whole else None,
            seen_at=self._latest(now),
            renamed=tuple((article.id, key) for key, article in renamed.items()),
        )

    def _stored_alike(self, home: int, entries: Sequence[Entry]) -> list[KnownAddress]:
        """Return the stored articles that some entries may be under another guid."""
        urls = [alike for entry in entries if entry.url is not None for alike in addresses_alike(entry.url)]
        return self._writer.known_addresses(home, urls, [entry.published for entry in entries if entry.published])

    def _digest_again(self, entry: Entry, source: FeedSource) -> Digest:
        """Return the tags of an entry that was stored as it is, but under another key."""
        from tracker.sync.digest import digest_entry

        return digest_entry(entry, self._tagger(), source.tags, source.first_hand)


def _choose(article: NewArticle, lookup: StoryLookup) -> StoryChoice | None:
    from tracker.sync.stories import choose_story

    return choose_story(article, lookup)


def _new(
    entry: Entry, content: str, done: Digest, story: StoryKeys, now: datetime, at_latest: datetime | None
) -> NewArticle:
    return NewArticle(entry, content, now, done.mentions, done.symbol, story.keys, story.attribution, at_latest)


def _changed(
    article_id: int, entry: Entry, content: str, done: Digest, story: StoryKeys, now: datetime
) -> ChangedArticle:
    return ChangedArticle(article_id, entry, content, now, done.mentions, done.symbol, story.keys, story.attribution)

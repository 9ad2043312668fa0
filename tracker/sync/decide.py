"""Decides what to do from the stored state, the response and the time; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from tracker.feeds.schedule import MIN_INTERVAL, after_failure, after_success
from tracker.model.config import Config
from tracker.model.entry import Entry
from tracker.model.feed import FeedSource, FeedState, FeedSynced, FetchedFeed, ParsedFeed
from tracker.model.plan import KnownAddress, KnownEntry
from tracker.model.wait import LONGEST_PAUSE, SKEW, is_active
from tracker.net.address import is_loopback, site, with_credentials_of
from tracker.sync.clocks import server_ahead
from tracker.sync.options import SyncOptions

FULL_FETCH_AFTER = timedelta(days=8)
"""After this long a feed is fetched unconditionally: some servers answer 304 forever."""
ARCHIVE_AGE = timedelta(days=1)
"""How old the undated entries of a new feed are taken to be at least."""
CUT_REASON = "the document was cut off: stored what arrived, will fetch the rest"
_MAX_CUT_RETRIES = 4
"""How often a document that was cut off is fetched again soon: some servers never send the rest."""
REDIRECT_TRIAL = timedelta(days=7)
"""A permanent redirect is followed for good after this long without a change."""

_DEFAULT_PAUSE = timedelta(hours=1)
"""The pause for a host that asks for one without a length."""


_OFFLINE_HOSTS = 3
"""From this many hosts that cannot be resolved, the computer is offline."""


class DueFeeds(Struct, frozen=True):
    """The feeds to fetch now, and why not the others."""

    due: tuple[FeedSource, ...]
    skipped: tuple[FeedSynced, ...]


def is_offline(due: Sequence[FeedSource], outcomes: Mapping[str, FetchedFeed]) -> bool:
    """Return whether no host of these feeds could be resolved, and they are so many that it is not their fault."""
    hosts = {urlsplit(source.url).hostname for source in due}
    are_unresolved = all(answer.offline or answer.unresolved for answer in outcomes.values())
    return len(hosts) >= _OFFLINE_HOSTS and len(outcomes) == len(due) and are_unresolved


def select_due(
    config: Config,
    states: Mapping[str, FeedState],
    paused_hosts: Mapping[str, tuple[datetime, str]],
    options: SyncOptions,
    now: datetime,
) -> DueFeeds:
    """Return the feeds to fetch now.

    A feed requested by name or by hand ignores its schedule, but not the minimum interval and Retry-After; where its
    last request got no response, as without a network, only Retry-After. `force` ignores the schedule and the minimum
    interval, but not Retry-After. Only a request by name fetches a feed that is disabled or snoozed.
    """
    due: list[FeedSource] = []
    skipped: list[FeedSynced] = []
    for source in config.feeds:
        if options.feeds is not None and source.name not in options.feeds:
            continue
        if not source.enabled and options.feeds is None:
            continue
        if options.feeds is None and (snoozed := source.snoozed(now)) is not None:
            skipped.append(FeedSynced(source.name, "skipped", reason=snoozed))
            continue
        state = states.get(source.name)
        wait = None if state is None else _wait(source, state, paused_hosts, options, now)
        if wait is None:
            due.append(source)
        else:
            until, reason = wait
            skipped.append(FeedSynced(source.name, "skipped", next_due=until, reason=reason))
    return DueFeeds(tuple(due), tuple(skipped))


def _wait(
    source: FeedSource,
    state: FeedState,
    paused_hosts: Mapping[str, tuple[datetime, str]],
    options: SyncOptions,
    now: datetime,
) -> tuple[datetime | None, str] | None:
    paused = paused_hosts.get(host_of(state, now))
    if paused is not None and paused[0] > now:
        return paused
    if options.force:
        return None
    if state.disabled_reason is not None and options.feeds is None:
        return None, state.disabled_reason
    if options.is_asked_for:
        last, least = state.last_checked, floor_of(source)
        has_no_response = state.last_http is None and state.last_reason is not None
        is_free = has_no_response or is_loopback(source.url)
        if last is None or is_free or not is_active(last + least, last, now, least):
            return None
        return last + least, f"fetched less than {least // timedelta(minutes=1)} min ago"
    due = state.due_at(now)
    return None if due is None else (due, state.next_why or "not due yet")


def floor_of(source: FeedSource) -> timedelta:
    """Return the least wait between two requests: 15 minutes, unless the owner of a first-hand source says less."""
    return MIN_INTERVAL if source.first_hand is None else timedelta(minutes=source.first_hand.floor_minutes)


def host_of(state: FeedState, now: datetime) -> str:
    """Return the server of a feed, the key of pauses; "" if the address has none."""
    return site(address(state, now))


def pause_until(fetched: FetchedFeed, now: datetime) -> datetime | None:
    """Return the end of the pause that a response asks for its whole host; None for no pause."""
    if fetched.http not in (429, 503):
        return None
    seconds = fetched.retry_after_seconds
    return now + min(LONGEST_PAUSE, _DEFAULT_PAUSE if seconds is None else timedelta(seconds=seconds))


def address(state: FeedState, now: datetime) -> str:
    """Return the address to fetch: the target of a settled permanent redirect; at once for http to https.

    User and password of the feed's own address are kept on the same origin.
    """
    if state.redirect_url is None or state.redirect_since is None:
        return state.url
    if _is_upgrade(state.url, state.redirect_url) or state.redirect_since + REDIRECT_TRIAL <= now:
        return with_credentials_of(state.url, state.redirect_url)
    return state.url


def validators(state: FeedState, now: datetime) -> tuple[str | None, str | None]:
    """Return (ETag, Last-Modified) to send, unchanged; none when a full fetch is due."""
    if state.last_full is None or not -SKEW <= now - state.last_full <= FULL_FETCH_AFTER + _spread(state.name):
        return None, None  # a whole answer from later than now came under a clock that was ahead
    return state.etag, state.last_modified


def body_hash(body: bytes) -> str:
    """Return the hash that identifies an unchanged body."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def content_hash(entry: Entry) -> str:
    """Return the hash that reveals a changed article: of title, address and text."""
    whole = "\x00".join((entry.title, entry.url or "", entry.text))
    return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def find_renamed(
    entries: Sequence[Entry], known: Mapping[str, KnownEntry | None], stored: Sequence[KnownAddress]
) -> dict[str, KnownAddress]:
    """Return, by new key, the stored articles whose guid has changed.

    It is one when the title is the same, the address (whether http or https, with or without www.) or the very second
    of publication is the same, and the old guid is gone from the document: two guids side by side are two articles,
    whatever else they share.
    """
    present = {entry.key for entry in entries}
    gone: dict[tuple[str, str], list[KnownAddress]] = {}
    for article in stored:
        if article.key not in present:
            for mark in _marks(article.url, article.published):
                gone.setdefault((article.title, mark), []).append(article)
    renamed: dict[str, KnownAddress] = {}
    taken: set[int] = set()
    for entry in entries:
        if entry.key in known:
            continue
        alike = (one for mark in _marks(entry.url, entry.published) for one in gone.get((entry.title, mark), ()))
        found = next((one for one in alike if one.id not in taken), None)
        if found is not None:
            taken.add(found.id)
            renamed[entry.key] = found
    return renamed


def addresses_alike(url: str) -> tuple[str, ...]:
    """Return an address, and the ones under which a site has the same page before or after it moved to https or www."""
    parts = urlsplit(url)
    host = parts.netloc.removeprefix("www.")
    hosts = (host, f"www.{host}")
    return (url, *(parts._replace(scheme=scheme, netloc=one).geturl() for scheme in ("http", "https") for one in hosts))


def _marks(url: str | None, published: datetime | None) -> list[str]:
    """Return what tells an article of some title from others of its feed, the surest first."""
    marks = [] if url is None else [url, addresses_alike(url)[1]]
    if published is not None:
        # A day alone is no time: several articles of one title may be of that day.
        is_time = bool(published.hour or published.minute or published.second)
        path = "" if is_time or url is None else urlsplit(url).path
        marks.append(f"{published.timestamp():.0f} {path}")
    return marks


def sort_entries(
    entries: Sequence[Entry], known: Mapping[str, KnownEntry | None]
) -> tuple[list[tuple[Entry, str]], list[tuple[int, Entry, str]]]:
    """Return ([(new entry, hash)], [(article id, changed entry, hash)]); deleted articles do not come back.

    New entries are oldest first, so that ids follow time and the first to report is there when others join it.
    """
    new: list[tuple[Entry, str]] = []
    changed: list[tuple[int, Entry, str]] = []
    seen: set[str] = set()
    for entry in reversed(entries):
        if entry.key in seen:
            continue
        seen.add(entry.key)
        digest = content_hash(entry)
        if entry.key not in known:
            new.append((entry, digest))
            continue
        old = known[entry.key]
        if old is not None and old.content_hash != digest:
            changed.append((old.id, entry, digest))
    return new, changed


def archive_times(entries: Sequence[Entry], now: datetime) -> dict[str, datetime]:
    """Return, by key, the place in lists by time of the undated entries of a feed that is read for the first time.

    They are what the feed has gathered, not news of now: each goes with the nearest dated entry below it, else with the
    one above it, as nearly all feeds list the newest first, but a day back at least: behind what is dated today.

    Args:
        entries: in the order of the document.
    """
    latest = now - ARCHIVE_AGE
    dated = [entry.published for entry in entries if entry.published is not None]
    times: dict[str, datetime] = {}
    below = dated[-1] if dated else latest
    for entry in reversed(entries):
        if entry.published is not None:
            below = entry.published
        elif entry.claimed is None:
            times[entry.key] = min(below, latest)
    return times


def state_after_answer(
    source: FeedSource,
    state: FeedState,
    fetched: FetchedFeed,
    parsed: ParsedFeed | None,
    poll_minutes: int,
    now: datetime,
    recent: Sequence[int] | None = None,
) -> FeedState:
    """Return the state after a success; `parsed` is None after a 304 and for an unchanged body.

    `recent` is how many articles the feed had lately (`tracker.feeds.schedule.WINDOWS`); an interval that the user gave
    to this very feed stands whatever its pace, and so does that of a server on loopback.
    """
    hints = parsed.hints if parsed is not None else state.hints
    next_due, why = after_success(
        now,
        name=source.name,
        poll_minutes=poll_minutes,
        hints=hints,
        max_age_seconds=fetched.max_age_seconds,
        floor=timedelta(0) if is_loopback(source.url) else floor_of(source),
        recent=None if source.poll_minutes is not None or is_loopback(source.url) else recent,
    )
    is_whole = fetched.body is not None
    is_cut = parsed is not None and parsed.is_cut
    if is_cut and state.fail_count < _MAX_CUT_RETRIES:
        next_due, why = now + (timedelta(0) if is_loopback(source.url) else MIN_INTERVAL), "cut off, retrying soon"
    redirect_url, redirect_since = _redirect(state, fetched, now)
    return replace(
        state,
        url=source.url,
        # A 200 without validators takes back the old ones; a 304 may bring newer ones and keeps what it leaves out.
        # What was cut off is not known by the validators of the whole.
        etag=None if is_cut else fetched.etag if is_whole else fetched.etag or state.etag,
        last_modified=None
        if is_cut
        else fetched.last_modified
        if is_whole
        else fetched.last_modified or state.last_modified,
        body_hash=None if is_cut else body_hash(fetched.body) if fetched.body is not None else state.body_hash,
        last_checked=now,
        last_full=now if is_whole else state.last_full,
        last_http=fetched.http,
        last_reason=CUT_REASON if is_cut else None,
        fail_count=state.fail_count + 1 if is_cut else 0,
        next_due=next_due,
        next_why=why,
        disabled_reason=None,
        redirect_url=redirect_url,
        redirect_since=redirect_since,
        hints=hints,
        server_ahead=server_ahead(fetched, now),
    )


def state_after_failure(
    source: FeedSource, state: FeedState, fetched: FetchedFeed, reason: str, poll_minutes: int, now: datetime
) -> FeedState:
    """Return the state after a failure; validators and body hash stay, so nothing is skipped later."""
    failure = after_failure(
        now,
        name=source.name,
        fetched=replace(fetched, reason=reason),
        fail_count=state.fail_count,
        poll_minutes=poll_minutes,
        floor=floor_of(source),
    )
    return replace(
        state,
        url=source.url,
        last_checked=now,
        last_http=fetched.http,
        last_reason=reason,
        fail_count=state.fail_count + int(failure.counts),
        next_due=failure.next_due,
        next_why=failure.why,
        disabled_reason=failure.disabled_reason,
        server_ahead=server_ahead(fetched, now),
    )


def _redirect(state: FeedState, fetched: FetchedFeed, now: datetime) -> tuple[str | None, datetime | None]:
    asked_elsewhere = state.redirect_url is not None and fetched.url in (
        state.redirect_url,
        with_credentials_of(state.url, state.redirect_url),
    )
    if asked_elsewhere and fetched.permanent_url is None:
        return state.redirect_url, state.redirect_since  # the taken-over address answers itself
    if fetched.permanent_url is None:
        return None, None
    if fetched.permanent_url == state.redirect_url and state.redirect_since is not None:
        return state.redirect_url, min(state.redirect_since, now)
    return fetched.permanent_url, now


def _is_upgrade(old: str, new: str) -> bool:
    return old.startswith("http://") and new == "https://" + old.removeprefix("http://")


def _spread(name: str) -> timedelta:
    """Return up to a day, by the feed's name, so that not all full fetches fall on one day."""
    return timedelta(minutes=int.from_bytes(hashlib.blake2b(name.encode(), digest_size=2).digest()) % 1440)

"""The decisions of a sync: old state, what came and the time in, a plan out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.helpers.store import NOW
from tracker.model.config import Config
from tracker.model.entry import Entry
from tracker.model.feed import FeedSource, FeedState, FetchedFeed, ParsedFeed, ScheduleHints
from tracker.model.plan import KnownAddress, KnownEntry
from tracker.sync.decide import (
    address,
    archive_times,
    body_hash,
    content_hash,
    find_renamed,
    is_offline,
    select_due,
    sort_entries,
    state_after_answer,
    state_after_failure,
    validators,
)
from tracker.sync.options import SyncOptions

A = FeedSource("A", "https://a.example/feed")
LOCAL = FeedSource("L", "http://127.0.0.1:8000/feed")
OFF = FeedSource("Off", "https://off.example/feed", enabled=False)
STATE = FeedState("A", A.url, 1, last_checked=NOW - timedelta(minutes=5), next_due=NOW + timedelta(minutes=25))
HOUR = timedelta(hours=1)
YEAR = timedelta(days=365)


def due(
    state: FeedState | None,
    options: SyncOptions = SyncOptions(),  # noqa: B008 - frozen
    *,
    source: FeedSource = A,
    paused: dict[str, tuple[datetime, str]] | None = None,
) -> str:
    """Return 'due', or the reason for which the feed waits."""
    states = {} if state is None else {source.name: state}
    chosen = select_due(Config(feeds=(source,)), states, paused or {}, options, NOW)
    if chosen.due:
        assert not chosen.skipped
        return "due"
    return chosen.skipped[0].reason or "" if chosen.skipped else "not chosen"


@pytest.mark.parametrize(
    ("hours_ago", "expected"),
    [
        ((), ()),
        ((1, 2), (None, None)),
        ((None, None), (24, 24)),
        ((1, None, 3), (None, 24, None)),  # behind what is dated today
        ((1, None, 50, None, 60, None), (None, 50, None, 60, None, 60)),
    ],
)
def test_undated_entries_of_a_new_feed_go_with_those_below_them(
    hours_ago: tuple[int | None, ...], expected: tuple[int | None, ...]
) -> None:
    entries = [
        Entry(str(n), "T", published=None if age is None else NOW - age * HOUR) for n, age in enumerate(hours_ago)
    ]
    found = archive_times(entries, NOW)
    assert found == {str(n): NOW - age * HOUR for n, age in enumerate(expected) if age is not None}


def test_an_entry_that_claims_a_time_to_come_is_no_undated_one() -> None:
    assert archive_times([Entry("a", "T", claimed=NOW + HOUR)], NOW) == {}


BY_HAND = SyncOptions(by_hand=True)
FORCE = SyncOptions(force=True)
NAMED = SyncOptions(feeds=("A",))


@pytest.mark.parametrize(
    ("state", "options", "outcome"),
    [
        (None, SyncOptions(), "due"),
        (replace(STATE, next_due=None), SyncOptions(), "due"),
        (replace(STATE, next_due=NOW), SyncOptions(), "due"),
        (STATE, SyncOptions(), "not due yet"),
        (replace(STATE, next_why="your interval"), SyncOptions(), "your interval"),
        (STATE, FORCE, "due"),
        (STATE, BY_HAND, "fetched less than 15 min ago"),
        (STATE, NAMED, "fetched less than 15 min ago"),
        (replace(STATE, last_http=404, last_reason="404 Not Found"), BY_HAND, "fetched less than 15 min ago"),
        # Nobody responded: the network may be back.
        (replace(STATE, last_http=None, last_reason="no such host"), BY_HAND, "due"),
        (replace(STATE, last_http=None, last_reason="no such host"), NAMED, "due"),
        (replace(STATE, last_http=None, last_reason="no such host"), SyncOptions(), "not due yet"),
        (replace(STATE, last_checked=NOW - timedelta(minutes=15)), BY_HAND, "due"),
        (replace(STATE, last_checked=None), NAMED, "due"),
        (replace(STATE, disabled_reason="410 Gone", next_due=None), SyncOptions(), "410 Gone"),
        (replace(STATE, disabled_reason="410 Gone", last_checked=None), NAMED, "due"),
        (replace(STATE, disabled_reason="410 Gone"), BY_HAND, "410 Gone"),
        (STATE, SyncOptions(feeds=("B",)), "not chosen"),
        # What a clock that was a year ahead left behind holds nothing up.
        (replace(STATE, last_checked=NOW + YEAR, next_due=NOW + YEAR + HOUR), SyncOptions(), "due"),
        (replace(STATE, last_checked=NOW + YEAR, next_due=NOW + YEAR + HOUR), BY_HAND, "due"),
        (replace(STATE, next_due=NOW + YEAR), SyncOptions(), "due"),
        (replace(STATE, last_checked=NOW + timedelta(minutes=1)), SyncOptions(), "not due yet"),
    ],
)
def test_due(state: FeedState | None, options: SyncOptions, outcome: str) -> None:
    assert due(state, options) == outcome


@pytest.mark.parametrize("options", [SyncOptions(), FORCE, BY_HAND, NAMED])
def test_nothing_overrules_a_host_that_asked_to_wait(options: SyncOptions) -> None:
    ready = replace(STATE, next_due=None, last_checked=None)
    assert due(ready, options, paused={"a.example": (NOW + HOUR, "429")}) == "429"
    assert due(ready, options, paused={"a.example": (NOW, "429")}) == "due"
    assert due(ready, options, paused={"b.example": (NOW + HOUR, "429")}) == "due"


def test_ones_own_server_has_no_floor() -> None:
    state = FeedState("L", LOCAL.url, 1, last_checked=NOW, next_due=NOW + HOUR)
    assert due(state, BY_HAND, source=LOCAL) == "due"


def test_a_feed_that_is_switched_off_is_asked_only_by_name() -> None:
    assert due(None, source=OFF) == "not chosen"
    assert due(None, SyncOptions(feeds=("Off",)), source=OFF) == "due"


@pytest.mark.parametrize(
    ("old", "new", "age", "asked"),
    [
        (A.url, None, None, A.url),
        (A.url, "https://b.example/feed", timedelta(days=6), A.url),
        (A.url, "https://b.example/feed", timedelta(days=7), "https://b.example/feed"),
        ("http://a.example/feed", "https://a.example/feed", timedelta(0), "https://a.example/feed"),
        ("http://a.example/feed", "https://a.example/other", timedelta(0), "http://a.example/feed"),
    ],
)
def test_a_permanent_redirect_settles(old: str, new: str | None, age: timedelta | None, asked: str) -> None:
    state = FeedState("A", old, 1, redirect_url=new, redirect_since=None if age is None else NOW - age)
    assert address(state, NOW) == asked


def test_validators_go_back_as_they_came_until_a_whole_answer_is_due() -> None:
    state = replace(STATE, etag='W/"a"', last_modified="yesterday, roughly", last_full=NOW - timedelta(days=8))
    assert validators(state, NOW) == ('W/"a"', "yesterday, roughly")
    assert validators(state, NOW + timedelta(days=1)) == (None, None)
    assert validators(replace(state, last_full=None), NOW) == (None, None)


def entry(key: str, title: str = "Title") -> Entry:
    return Entry(key, title)


def test_entries_are_new_changed_known_or_deleted() -> None:
    same, changed = entry("same"), entry("changed", "After")
    known = {
        "same": KnownEntry(1, content_hash(same)),
        "changed": KnownEntry(2, content_hash(entry("changed", "Before"))),
        "deleted": None,
    }
    entries = [entry("newest"), same, changed, entry("deleted"), entry("older"), entry("newest", "Twice")]
    new, updates = sort_entries(entries, known)
    assert [(item.key, item.title) for item, _ in new] == [
        ("newest", "Twice"),
        ("older", "Title"),
    ]
    assert updates == [(2, changed, content_hash(changed))]


def test_a_hash_tells_the_parts_apart() -> None:
    assert content_hash(Entry("k", "ab", None, text="c")) != content_hash(Entry("k", "a", None, text="bc"))
    assert content_hash(Entry("k", "a\udc80")) != content_hash(Entry("k", "a"))


OLD = replace(
    STATE, etag='"old"', last_modified="then", body_hash="x", last_full=NOW - HOUR, fail_count=3, last_reason="503"
)
HINTS = ScheduleHints(ttl_minutes=120)


def test_a_whole_answer_replaces_validators_and_ends_failures() -> None:
    fetched = FetchedFeed(A.url, A.url, 200, b"body", etag='"new"')
    parsed = ParsedFeed(None, None, None, (), HINTS)
    after = state_after_answer(A, OLD, fetched, parsed, 30, NOW)
    assert (after.etag, after.last_modified, after.body_hash) == ('"new"', None, body_hash(b"body"))
    assert (after.fail_count, after.last_reason, after.last_full, after.last_checked) == (0, None, NOW, NOW)
    assert after.next_due is not None
    assert timedelta(minutes=120) <= after.next_due - NOW <= timedelta(minutes=132)
    assert after.hints == HINTS


def test_not_modified_keeps_validators_and_hints() -> None:
    fetched = FetchedFeed(A.url, A.url, 304, last_modified="now")
    after = state_after_answer(A, replace(OLD, hints=HINTS), fetched, None, 30, NOW)
    assert (after.etag, after.last_modified, after.body_hash, after.last_full) == ('"old"', "now", "x", OLD.last_full)
    assert after.next_due is not None
    assert after.next_due - NOW >= timedelta(minutes=120)


def test_ones_own_server_may_be_asked_every_minute() -> None:
    state = FeedState("L", LOCAL.url, 1)
    after = state_after_answer(LOCAL, state, FetchedFeed(LOCAL.url, LOCAL.url, 304), None, 1, NOW)
    assert after.next_due is not None
    assert after.next_due - NOW <= timedelta(seconds=66)


def test_redirects_are_remembered_from_the_first_same_answer() -> None:
    moved = FetchedFeed(A.url, "https://b.example/f", 304, permanent_url="https://b.example/f")
    first = state_after_answer(A, OLD, moved, None, 30, NOW)
    assert (first.redirect_url, first.redirect_since) == ("https://b.example/f", NOW)
    again = state_after_answer(A, first, moved, None, 30, NOW + HOUR)
    assert again.redirect_since == NOW
    elsewhere = replace(moved, permanent_url="https://c.example/f")
    assert state_after_answer(A, first, elsewhere, None, 30, NOW + HOUR).redirect_since == NOW + HOUR
    taken_over = FetchedFeed("https://b.example/f", "https://b.example/f", 304)
    assert state_after_answer(A, first, taken_over, None, 30, NOW + HOUR).redirect_url == "https://b.example/f"
    back = FetchedFeed(A.url, A.url, 304)
    assert state_after_answer(A, first, back, None, 30, NOW + HOUR).redirect_url is None


def test_a_failure_keeps_what_is_needed_to_get_everything_later() -> None:
    fetched = FetchedFeed(A.url, A.url, 500, reason="500")
    after = state_after_failure(A, OLD, fetched, "500 Internal Server Error", 30, NOW)
    assert (after.etag, after.body_hash, after.last_full) == (OLD.etag, OLD.body_hash, OLD.last_full)
    assert (after.fail_count, after.last_reason, after.last_http) == (4, "500 Internal Server Error", 500)
    offline = replace(fetched, http=None, offline=True)
    assert state_after_failure(A, OLD, offline, "no network", 30, NOW).fail_count == 3
    gone = replace(fetched, http=410)
    assert state_after_failure(A, OLD, gone, "410 Gone", 30, NOW).disabled_reason is not None


def test_an_article_under_a_new_guid_is_found_by_address_and_title() -> None:
    def at(key: str, url: str | None = "https://a.example/1", title: str = "Title") -> Entry:
        return Entry(key, title, url)

    stored = [KnownAddress(1, "old", "https://a.example/1", "Title", "h")]
    assert find_renamed([at("new")], {}, stored) == {"new": stored[0]}
    assert find_renamed([at("new"), at("newer")], {}, stored) == {"new": stored[0]}
    assert find_renamed([at("new"), at("old")], {"old": KnownEntry(1, "h")}, stored) == {}
    assert find_renamed([at("new", title="Other"), at("x", None), at("y", "https://a.example/2")], {}, stored) == {}
    assert find_renamed([at("known")], {"known": None}, stored) == {}
    for moved in ("http://a.example/1", "https://www.a.example/1"):
        assert find_renamed([at(moved, moved)], {}, stored) == {moved: stored[0]}
    assert find_renamed([at("new", "https://b.example/1")], {}, stored) == {}


def test_an_article_under_a_new_guid_and_address_is_found_by_title_and_second() -> None:
    time = datetime(2025, 1, 27, 13, 0, 7, tzinfo=UTC)
    day = datetime(2025, 1, 27, tzinfo=UTC)

    def at(key: str, published: datetime | None, title: str = "Title") -> Entry:
        return Entry(key, title, key, published=published)

    old, new = "https://a.example/1?t=1", "https://b.example/one?t=2"
    stored = [KnownAddress(1, old, old, "Title", "h", time)]
    assert find_renamed([at(new, time)], {}, stored) == {new: stored[0]}
    assert find_renamed([at(new, time + timedelta(seconds=1)), at("x", None), at("y", time, "Other")], {}, stored) == {}
    assert find_renamed([at(new, time), at(old, time)], {old: KnownEntry(1, "h")}, stored) == {}
    dated = [KnownAddress(1, old, old, "Title", "h", day)]
    assert find_renamed([at(new, day)], {}, dated) == {}
    assert find_renamed([at("https://a.example/1?t=2", day)], {}, dated) == {"https://a.example/1?t=2": dated[0]}
    assert find_renamed([Entry("x", "Title", None, published=time)], {}, stored) == {"x": stored[0]}
    assert find_renamed([Entry("x", "Title", None, published=day)], {}, dated) == {}
    unlinked = [KnownAddress(2, "y", None, "Title", "h", time)]
    assert find_renamed([at(new, time)], {}, unlinked) == {new: unlinked[0]}


def test_the_pace_of_a_feed_counts_unless_the_user_said_otherwise() -> None:
    answer = FetchedFeed(A.url, A.url, 304)

    def why(source: FeedSource) -> str | None:
        return state_after_answer(source, OLD, answer, None, 30, NOW, (0, 2)).next_why

    assert why(A) == "quiet feed (2 in 30 days), every 6 h"
    assert why(replace(A, poll_minutes=30)) == "your interval"
    assert why(LOCAL) == "your interval"


def test_offline_is_when_no_host_of_three_is_found() -> None:
    due = [FeedSource(name, f"https://{name}.example/feed") for name in ("a", "b", "c")]
    lost = {one.name: FetchedFeed(one.url, one.url, unresolved=True) for one in due}
    assert is_offline(due, lost)
    assert not is_offline(due[:2], {name: lost[name] for name in ("a", "b")})
    assert not is_offline(due, {name: lost[name] for name in ("a", "b")})
    assert not is_offline(due, {**lost, "c": FetchedFeed(due[2].url, due[2].url, 503)})
    same_host = [FeedSource(name, f"https://a.example/{name}") for name in ("a", "b", "c")]
    assert not is_offline(same_host, lost)

"""What is kept, what goes, and what a wrong clock dated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.store import NOW, article, raw
from tracker.model.clock import from_epoch
from tracker.model.entry import Entry
from tracker.model.feed import FeedSource
from tracker.model.fulltext import FullText
from tracker.model.plan import FeedPlan, NewArticle
from tracker.model.trust import TrustedTime
from tracker.store.read import Reader
from tracker.store.retention import TOMBSTONE_LIFE
from tracker.store.write import Writer

DAY = timedelta(days=1)
FEED = FeedSource("A", "https://a.example/feed")


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with Writer(tmp_path / "t.db") as writer:
        writer.register_feeds([FEED])
        yield writer


def read(writer: Writer, titles: str, at: datetime = NOW, *, new: str = "") -> None:
    """Store a whole document that lists one-letter articles; those of `new` come with it."""
    with Reader(writer.path) as reader:
        state = replace(reader.feeds.states()["A"], last_checked=at, etag='"1"')
    articles = tuple(article(letter, story_keys=[f"t{letter}", f"w:{letter}"], now=at) for letter in new)
    listed = tuple(Entry(letter, letter) for letter in titles)
    writer.store_feed(FeedPlan(state, articles, listed=listed, seen_at=at), lambda article, lookup: None)


def stored(writer: Writer) -> str:
    return "".join(key for (key,) in raw(writer).execute("SELECT key FROM article ORDER BY key"))


def buried(writer: Writer) -> str:
    return "".join(key for (key,) in raw(writer).execute("SELECT key FROM tombstone ORDER BY key"))


def surely(now: datetime) -> TrustedTime:
    return TrustedTime(now, now, is_confirmed=True)


def test_only_what_left_its_feed_goes_and_by_the_time_it_left(writer: Writer) -> None:
    read(writer, "abc", new="abc")
    assert writer.purge(30, surely(NOW + 400 * DAY)) == 0
    read(writer, "bc", NOW + 400 * DAY)
    assert writer.purge(30, surely(NOW + 430 * DAY)) == 0
    assert writer.purge(30, surely(NOW + 431 * DAY)) == 1
    assert (stored(writer), buried(writer)) == ("bc", "a")


def test_what_is_listed_again_stays(writer: Writer) -> None:
    read(writer, "abc", new="abc")
    read(writer, "c", NOW + DAY)
    read(writer, "bc", NOW + 2 * DAY)
    assert writer.purge(30, surely(NOW + 400 * DAY)) == 1
    assert stored(writer) == "bc"


def test_a_document_writes_only_what_came_or_went(writer: Writer) -> None:
    read(writer, "abcdefgh", new="abcdefgh")
    before = raw(writer).total_changes
    read(writer, "abcdefgh", NOW + DAY)
    assert raw(writer).total_changes - before == 1  # the state of the feed
    read(writer, "abcdefg", NOW + 2 * DAY)
    assert raw(writer).total_changes - before == 3


def test_nothing_goes_while_nobody_knows_the_time(writer: Writer) -> None:
    read(writer, "a", new="a")
    read(writer, "", NOW + DAY)
    later = NOW + 400 * DAY
    assert writer.purge(30, TrustedTime(None, later, is_confirmed=False)) == 0
    assert stored(writer) == "a"


def test_a_clock_that_was_behind_does_not_make_articles_old(writer: Writer) -> None:
    """It left under a clock a year behind: when it was first seen and when it was published still count."""
    read(writer, "a", new="a")
    read(writer, "", NOW - 365 * DAY)
    assert writer.purge(30, surely(NOW + DAY)) == 0
    assert writer.purge(30, surely(NOW + 31 * DAY)) == 1


def test_stars_stay(writer: Writer) -> None:
    read(writer, "ab", new="ab")
    writer.marks.set_starred([1], True)
    read(writer, "", NOW)
    assert writer.purge(1, surely(NOW + 30 * DAY)) == 1
    assert stored(writer) == "a"


def test_nothing_of_a_story_is_left_without_articles(writer: Writer) -> None:
    read(writer, "abc", new="abc")
    writer.stories.merge([1, 2])
    writer.stories.merge([2, 3])
    writer.stories.split(3)
    read(writer, "", NOW)
    connection = raw(writer)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    about = [
        table
        for table in tables
        if {"article_id", "story_id"} & {column[1] for column in connection.execute(f"PRAGMA table_info({table})")}
    ]
    assert {"story_profile", "story_pin", "story_key", "article_terms", "story_term", "alert_fired"} <= set(about)
    connection.execute("INSERT INTO earlier_title VALUES (1, 0, 'Before')")
    connection.execute("INSERT INTO alert_fired (rule, article_id, fired) VALUES ('a rule', 1, 0)")
    connection.commit()
    assert writer.purge(1, surely(NOW + 30 * DAY)) == 3
    for table in about:
        assert raw(writer).execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_tombstones_go_when_the_feed_does_not_list_them_any_more(writer: Writer) -> None:
    read(writer, "a", new="a")
    read(writer, "", NOW)
    gone = NOW + 30 * DAY
    assert writer.purge(1, surely(gone)) == 1
    read(writer, "a", gone + 20 * DAY)
    assert writer.purge(1, surely(gone + TOMBSTONE_LIFE + DAY)) == 0
    assert (stored(writer), buried(writer)) == ("", "a")
    writer.purge(0, surely(gone + 20 * DAY + TOMBSTONE_LIFE + DAY))
    assert buried(writer) == ""


@pytest.mark.parametrize("how", ["removed", "switched off", "gone"])
def test_articles_of_a_feed_that_is_not_asked_any_more_go_and_may_come_back(writer: Writer, how: str) -> None:
    read(writer, "a", new="a")
    read(writer, "a", NOW + 10 * DAY)
    if how == "gone":
        raw(writer).execute("UPDATE feed SET disabled_reason = '410 Gone'")
    else:
        writer.register_feeds([] if how == "removed" else [replace(FEED, enabled=False)])
    assert writer.purge(30, surely(NOW + 40 * DAY)) == 0
    assert writer.purge(30, surely(NOW + 41 * DAY)) == 1
    assert buried(writer) == ""
    assert raw(writer).execute("SELECT etag FROM feed").fetchone() == (None,)


def test_many_articles_leave_in_bounded_steps(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.store.retention._MAX_LEAVING", 2)
    monkeypatch.setattr("tracker.store.retention._BATCH", 2)
    read(writer, "abcde", new="abcde")
    for step in range(3):
        read(writer, "", NOW)
        (left,) = raw(writer).execute("SELECT count(*) FROM article WHERE unlisted IS NOT NULL").fetchone()
        assert left == min(2 * (step + 1), 5)
    assert writer.purge(1, surely(NOW + 30 * DAY)) == 5


def claim(letter: str, claimed: datetime) -> NewArticle:
    return NewArticle(Entry(letter, letter, claimed=claimed), "h", NOW, story_keys=(f"t{letter}", f"w:{letter}"))


def dates(writer: Writer) -> list[tuple[datetime | None, datetime, datetime | None]]:
    return [
        tuple(None if value is None else from_epoch(value) for value in row)  # type: ignore[misc]
        for row in raw(writer).execute("SELECT published, time, claimed FROM article")
    ]


def test_a_date_ahead_is_given_when_it_comes(writer: Writer) -> None:
    with Reader(writer.path) as reader:
        state = reader.feeds.states()["A"]
    ahead = NOW + 3 * DAY
    writer.store_feed(FeedPlan(state, (claim("a", ahead),)), lambda article, lookup: None)
    writer.grouping.list_new(NOW)
    assert dates(writer) == [(None, NOW, ahead)]
    assert writer.settle_dates(ahead - timedelta(seconds=1)) == 0
    assert writer.settle_dates(ahead) == 1
    assert dates(writer) == [(ahead, ahead, None)]
    for table in ("story_key", "story_term"):
        assert [from_epoch(time) for (time,) in raw(writer).execute(f"SELECT time FROM {table}")] == [ahead]
    assert writer.settle_dates(ahead) == 0


@pytest.mark.parametrize("first", [None, NOW + 9 * DAY])
def test_a_date_ahead_that_comes_with_a_later_document_is_kept_until_it_comes(
    writer: Writer, first: datetime | None
) -> None:
    """The first document was cut off before the date, or gave another one; the next is read by a clock behind."""
    with Reader(writer.path) as reader:
        state = reader.feeds.states()["A"]
    ahead = NOW + 3 * DAY
    entry = Entry("a", "a", claimed=first)
    writer.store_feed(FeedPlan(state, (NewArticle(entry, "h", NOW),)), lambda article, lookup: None)
    later = FeedPlan(state, listed=(Entry("a", "a", claimed=ahead),), seen_at=NOW)
    writer.store_feed(later, lambda article, lookup: None)
    assert dates(writer) == [(None, NOW, ahead)]
    assert writer.settle_dates(ahead) == 1
    assert dates(writer) == [(ahead, ahead, None)]


def test_a_feed_may_take_a_date_ahead_back(writer: Writer) -> None:
    with Reader(writer.path) as reader:
        state = reader.feeds.states()["A"]
    articles = (claim("a", NOW + 400 * DAY), claim("b", NOW + 400 * DAY))
    writer.store_feed(FeedPlan(state, articles), lambda article, lookup: None)
    listed = (Entry("a", "a", published=NOW - DAY), Entry("b", "b"))
    writer.store_feed(FeedPlan(state, listed=listed, seen_at=NOW), lambda article, lookup: None)
    assert dates(writer) == [(NOW - DAY, NOW - DAY, None), (None, NOW, NOW + 400 * DAY)]


def test_what_a_clock_ahead_dated_is_dated_anew_once_servers_show_the_time(writer: Writer) -> None:
    ahead = NOW + 365 * DAY
    with Reader(writer.path) as reader:
        state = reader.feeds.states()["A"]
    undated = NewArticle(Entry("a", "a"), "h", ahead, story_keys=("w:kite",))
    dated = article("b", now=ahead, story_keys=("w:kite",))
    writer.store_feed(FeedPlan(state, (undated, dated)), lambda article, lookup: None)
    read(writer, "", ahead)
    writer.purge(0, TrustedTime(NOW, NOW, is_confirmed=False))
    assert [time for _, time, _ in dates(writer)] == [ahead, ahead - timedelta(minutes=10)]
    writer.grouping.list_new(NOW)
    writer.purge(0, surely(NOW))
    rows = raw(writer).execute("SELECT key, first_seen, time, unlisted FROM article ORDER BY key").fetchall()
    now, published = int(NOW.timestamp()), int((ahead - timedelta(minutes=10)).timestamp())
    by_term = raw(writer).execute("SELECT article_id, time FROM story_term ORDER BY article_id").fetchall()
    assert by_term == raw(writer).execute("SELECT id, time FROM article ORDER BY id").fetchall()
    assert len(by_term) == 2
    assert rows == [("a", now, now, now), ("b", now, published, now)]


@pytest.mark.parametrize(
    ("was_confirmed", "is_confirmed", "holds"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_after_a_jump_ages_hold_only_when_servers_confirmed_both_sides(
    writer: Writer, was_confirmed: bool, is_confirmed: bool, holds: bool
) -> None:
    read(writer, "abc", new="abc")
    read(writer, "bc", NOW)
    writer.note_clock_jump(was_confirmed=was_confirmed)
    writer.note_clock_jump(was_confirmed=not was_confirmed)  # the first one counts
    later = NOW + 31 * DAY
    assert writer.purge(30, TrustedTime(None, later, is_confirmed=False)) == 0
    assert writer.purge(30, TrustedTime(later, later, is_confirmed=is_confirmed)) == int(holds)
    assert writer.purge(30, surely(later + 31 * DAY)) == int(not holds)
    assert stored(writer) == "bc"


def test_what_left_after_a_jump_is_as_old_as_the_first_trusted_time(writer: Writer) -> None:
    read(writer, "ab", new="ab")
    with Reader(writer.path) as reader:
        state = reader.feeds.states()["A"]
    writer.note_clock_jump(was_confirmed=True)
    writer.store_feed(FeedPlan(state, listed=(Entry("b", "b"),)), lambda article, lookup: None)
    trusted = NOW + 400 * DAY
    assert writer.purge(30, surely(trusted)) == 0
    assert writer.purge(30, surely(trusted + 30 * DAY)) == 0
    assert writer.purge(30, surely(trusted + 31 * DAY)) == 1


def test_a_feed_that_is_not_asked_any_more_is_as_old_as_the_first_trusted_time(writer: Writer) -> None:
    read(writer, "a", new="a")
    writer.register_feeds([])
    writer.note_clock_jump(was_confirmed=False)
    trusted = NOW + 400 * DAY
    assert writer.purge(30, surely(trusted)) == 0
    assert writer.purge(30, surely(trusted + 31 * DAY)) == 1


def test_an_article_that_was_cut_off_before_its_date_gets_it(writer: Writer) -> None:
    with Reader(writer.path) as reader:
        state = reader.feeds.states()["A"]
    writer.store_feed(FeedPlan(state, (NewArticle(Entry("a", "a"), "h", NOW),)), lambda article, lookup: None)
    whole = (Entry("a", "a", published=NOW - DAY),)
    writer.store_feed(FeedPlan(state, listed=whole, seen_at=NOW), lambda article, lookup: None)
    assert dates(writer) == [(NOW - DAY, NOW - DAY, None)]


def test_a_full_text_goes_with_its_article(writer: Writer) -> None:
    read(writer, "ab", new="ab")
    full = FullText("https://a.example/1", "A", "Text", ("https://a.example/2",), NOW)
    assert writer.full_texts.put(1, full)
    assert writer.full_texts.put(2, full)
    assert not writer.full_texts.put(3, full)
    with Reader(writer.path) as reader:
        assert reader.full_texts.get(1) == full
    read(writer, "b", NOW)
    assert writer.purge(1, surely(NOW + 30 * DAY)) == 1
    assert raw(writer).execute("SELECT article_id FROM full_text").fetchall() == [(2,)]

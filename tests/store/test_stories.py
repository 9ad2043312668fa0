"""Stories in a real database: what a new article is compared with, splits and merges by hand, sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.store import NOW, about, article, fill, raw
from tracker.model.attribution import Attribution
from tracker.model.clock import to_epoch
from tracker.model.plan import ChooseStory, NewArticle, StoryChoice, StoryJoin, StoryLookup, Ungrouped
from tracker.model.trust import TrustedTime
from tracker.store import grouping, stories, story_words
from tracker.store.read import Reader
from tracker.store.write import Writer

TERMS = ["w:chiquita", "w:fyff", "w:merg"]


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with Writer(tmp_path / "t.db") as opened:
        yield opened


def into(story_id: int, *, is_repeat: bool = True) -> ChooseStory:
    return lambda new, lookup: StoryChoice(story_id, is_repeat)


def alone(new: NewArticle, lookup: StoryLookup) -> StoryChoice | None:
    return None


def one(
    title: str, *, keys: Sequence[str] = TERMS, minutes_ago: float = 10, source: Attribution | None = None
) -> NewArticle:
    made = article(title, minutes_ago=minutes_ago, story_keys=keys)
    return NewArticle(made.entry, made.content_hash, made.first_seen, story_keys=made.story_keys, attribution=source)


def groups(writer: Writer) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for article_id, story_id in raw(writer).execute("SELECT id, story_id FROM article ORDER BY id"):
        found.setdefault(story_id, []).append(article_id)
    return found


def kept_profiles(writer: Writer) -> dict[int, tuple[int, dict[str, int]]]:
    ids = [row[0] for row in raw(writer).execute("SELECT story_id FROM story_profile ORDER BY story_id")]
    return {one.story_id: (one.size, dict(one.counts)) for one in stories.profiles(raw(writer), ids)}


def listed(writer: Writer) -> list[Ungrouped]:
    writer.grouping.list_new(NOW)
    return writer.grouping.new_articles(NOW, 1_000)


def by_term(writer: Writer) -> list[tuple[str, int]]:
    return raw(writer).execute("SELECT term, article_id FROM story_term ORDER BY article_id, term").fetchall()


def joined(writer: Writer, *joins: StoryJoin) -> None:
    writer.grouping.join(joins, writer.grouping.new_articles(NOW, 100))


def test_a_story_is_known_by_the_terms_of_its_articles(writer: Writer) -> None:
    (first,) = fill(writer, "A", [one("first")], choose_story=alone)
    fill(writer, "B", [one("second", keys=["w:chiquita", "n:7", "tdigest"])], choose_story=into(first))
    (found,) = stories.profiles(raw(writer), [first])
    counts = {"f:1": 1, "f:2": 1, "w:chiquita": 2, "w:fyff": 1, "w:merg": 1, "n:7": 1}
    assert (found.size, dict(found.counts), found.is_pinned) == (2, counts, False)
    assert found.first == found.last == NOW - timedelta(minutes=10)
    assert kept_profiles(writer) == {first: (2, counts)}
    fill(writer, "C", [one("third", keys=["w:top"])], choose_story=into(first))
    assert kept_profiles(writer) == {}
    (gone,) = stories.profiles(raw(writer), [999])
    assert (gone.size, dict(gone.counts)) == (1, {})


def test_new_articles_are_grouped_once(writer: Writer) -> None:
    fill(writer, "A", [one("first"), one("second", keys=["tdigest", "w:top"])], choose_story=alone)
    fill(writer, "B", [one("copy", source=Attribution("Reuters"))], choose_story=into(1))
    (first, second, copy) = writer.grouping.new_articles(NOW, 100)
    assert (first.article_id, first.story_id, set(first.terms)) == (1, 1, {"f:1", *TERMS})
    assert (second.story_id, second.terms, second.source) == (2, ("f:1", "w:top"), None)
    assert (copy.article_id, copy.story_id, copy.source) == (3, 1, "Reuters")
    assert copy.time == NOW - timedelta(minutes=10)
    assert len(writer.grouping.new_articles(NOW, 2)) == 2
    writer.grouping.join([], [first, second])
    assert [new.article_id for new in writer.grouping.new_articles(NOW, 100)] == [3]
    writer.grouping.join([], [copy])
    assert writer.grouping.new_articles(NOW, 100) == []


def test_terms_by_which_others_are_found_are_listed_when_articles_are_grouped(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Listed as each is stored, they would be written out again and again: each goes to another place of the table."""
    monkeypatch.setattr(grouping, "_LISTED_AT_ONCE", 2)
    terms = ["e:chiquita", "g:chiquita", "n:7", "s:merg+fyff", "w:chiquita", "w:chiquita", "tdigest"]
    fill(writer, "A", [one("first", keys=terms), one("second", keys=["w:top"]), one("third")], choose_story=alone)
    assert by_term(writer) == []
    for _ in range(2):
        writer.grouping.list_new(NOW)
        looked_up = [("g:chiquita", 1), ("n:7", 1), ("w:chiquita", 1), ("w:top", 2), *((term, 3) for term in TERMS)]
        assert by_term(writer) == looked_up
    (first, *_) = writer.grouping.new_articles(NOW, 10)
    assert first.terms == ("f:1", *sorted({*terms} - {"tdigest"}))


def test_what_an_older_program_grouped_days_ago_stays(writer: Writer) -> None:
    fill(writer, "A", [one("first")], choose_story=alone)
    assert writer.grouping.new_articles(NOW + timedelta(days=3), 100) == []


def new_after_others(writer: Writer) -> list[Ungrouped]:
    """Store a new report after others near it and far from it, and return it."""
    fill(writer, "A", [one("near"), one("one word", keys=["w:chiquita"])], choose_story=alone)
    fill(writer, "A", [one("old", minutes_ago=60 * 80), one("later", minutes_ago=1)], choose_story=alone)
    writer.grouping.join([], listed(writer))
    fill(writer, "B", [one("new", minutes_ago=5)], choose_story=alone)
    return listed(writer)


def test_stories_are_looked_up_by_terms_in_the_window(writer: Writer) -> None:
    new = new_after_others(writer)
    assert writer.grouping.near(new).find([(new[0], {"w:fyff": 10.0, "w:chiquita": 9.0}, 6.0)], 14) == [[1, 4, 2]]
    assert writer.grouping.near(new).find([(new[0], {"w:fyff": 10.0, "w:chiquita": 9.0}, 12.0)], 14) == [[1, 4]]
    assert writer.grouping.near(new).find([(new[0], {"w:top": 10.0}, 6.0)], 14) == [[]]


def test_a_term_that_many_have_finds_what_a_rare_one_does(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(writer, "A", [one(f"n{number}", minutes_ago=number // 2) for number in range(120)], choose_story=alone)
    fill(writer, "B", [one("old", minutes_ago=60 * 80), one("copy", minutes_ago=30)], choose_story=into(40))
    writer.grouping.join([], listed(writer))
    fill(writer, "C", [one(f"new {number}", minutes_ago=number) for number in (0, 30, 59, 90)], choose_story=alone)
    new = listed(writer)
    wanted = [(article, {"w:fyff": 10.0, "w:merg": 9.0}, 6.0) for article in new]
    together = writer.grouping.near(new).find(wanted, 100)
    assert [len(found) for found in together] == [39, 49, 13, 10]
    monkeypatch.setattr(grouping, "_TOGETHER", 100)
    assert writer.grouping.near(new).find(wanted, 100) == together


def test_how_many_articles_the_window_has_is_known(writer: Writer) -> None:
    assert writer.grouping.near(new_after_others(writer)).articles == 3


def test_the_latest_articles_of_a_feed_are_known_by_what_they_say(writer: Writer) -> None:
    fill(writer, "A", [one("old", keys=["w:show", "a:rise", "s:kite+form"], minutes_ago=9)], choose_story=alone)
    fill(writer, "B", [one("other", keys=["w:else"], minutes_ago=8)], choose_story=alone)
    writer.grouping.join([], listed(writer))
    fill(writer, "A", [one("new", keys=["w:show", "a:fall"], minutes_ago=5)], choose_story=alone)
    new = listed(writer)
    feed = new[0].terms[0]
    assert feed[:2] == "f:"
    feeds = {term for article in new for term in article.terms if term[0] == "f"}
    found = sorted(set(terms) for terms in writer.grouping.near(new).articles_of_feeds(feeds, new))
    assert sorted(found, key=len) == [{feed, "w:show", "a:fall"}, {feed, "w:show", "a:rise", "s:kite+form"}]


def test_a_story_made_again_knows_the_feeds_of_its_articles(writer: Writer) -> None:
    fill(writer, "A", [one("first", keys=["w:kite"])], choose_story=alone)
    fill(writer, "B", [one("copy", keys=["w:kite"])], choose_story=into(1))
    counts = writer.grouping.profiles([1], writer.grouping.new_articles(NOW, 100))[0].counts
    assert [count for term, count in counts.items() if term[0] == "f"] == [1, 1]
    assert counts["w:kite"] == 2


def test_copies_take_no_place_of_another_story(writer: Writer) -> None:
    fill(writer, "A", [one("far", keys=["w:chiquita"], minutes_ago=30)], choose_story=alone)
    fill(writer, "A", [one("first", minutes_ago=20)], choose_story=alone)
    fill(writer, "B", [one("copy"), one("other copy")], choose_story=into(2))
    fill(writer, "C", [one("new", minutes_ago=5)], choose_story=alone)
    new = listed(writer)
    assert writer.grouping.near(new).find([(new[-1], {"w:fyff": 10.0, "w:chiquita": 9.0}, 6.0)], 2) == [[2, 1]]


def test_a_source_that_comes_after_two_rewrites_links_both(writer: Writer) -> None:
    named = Attribution("Reuters", "https://a.example/1", key="uaddress")
    fill(writer, "A", [one("first", source=named), one("second", source=named)], choose_story=alone)
    fill(writer, "B", [one("other", source=Attribution("Reuters"))], choose_story=alone)
    writer.grouping.join([], listed(writer))
    fill(writer, "Reuters", [one("source", keys=["uaddress"])], choose_story=alone)
    new = writer.grouping.new_articles(NOW, 100)
    assert writer.grouping.near(new).linked() == [(1, 4), (2, 4)]
    joined(writer, StoryJoin(1, (4,)))
    fill(writer, "C", [one("later", source=named)], choose_story=alone)
    assert writer.grouping.near(writer.grouping.new_articles(NOW, 100)).linked() == [(5, 1)]


def test_what_a_new_article_costs_does_not_grow_with_what_is_stored(writer: Writer) -> None:
    fill(writer, "A", [one(f"n{number}") for number in range(300)], choose_story=alone)
    new = listed(writer)
    (found,) = writer.grouping.near(new).find([(new[0], {"w:chiquita": 10.0}, 6.0)], 14)
    assert len(found) == 14


def test_stories_that_are_one_are_joined(writer: Writer) -> None:
    fill(writer, "A", [one("first"), one("second", keys=["w:fyff"]), one("third", keys=["w:top"])], choose_story=alone)
    joined(writer, StoryJoin(1, (2, 3)))
    assert groups(writer) == {1: [1, 2, 3]}
    assert kept_profiles(writer) == {1: (3, {"f:1": 3, "w:chiquita": 1, "w:fyff": 2, "w:merg": 1, "w:top": 1})}


def test_what_the_user_does_meanwhile_stands(writer: Writer) -> None:
    fill(writer, "A", [one("first"), one("second"), one("third")], choose_story=alone)
    new = writer.grouping.new_articles(NOW, 100)
    writer.stories.merge([2, 3])
    writer.grouping.join([StoryJoin(1, (2,))], new)
    assert groups(writer) == {1: [1], 2: [2, 3]}
    fill(writer, "A", [one("fourth")], choose_story=into(2))
    (profile,) = writer.grouping.profiles([2], writer.grouping.new_articles(NOW, 100))
    assert (profile.is_pinned, profile.size) == (True, 3)


def test_a_new_article_that_was_split_off_is_pinned(writer: Writer) -> None:
    fill(writer, "A", [one("first"), one("second")], choose_story=alone)
    writer.stories.merge([1, 2])
    writer.stories.split(2)
    new = writer.grouping.new_articles(NOW, 100)
    assert [profile.is_pinned for profile in writer.grouping.profiles([1, 2], new)] == [True, True]
    joined(writer, StoryJoin(1, (2,), (1,)))
    assert groups(writer) == {1: [1], 2: [2]}


def test_a_profile_keeps_its_most_common_terms(writer: Writer) -> None:
    fill(writer, "A", [one("first", keys=[f"w:word{number}" for number in range(80)])], choose_story=alone)
    fill(writer, "B", [one("second", keys=[f"w:word{number}" for number in range(60, 140)])], choose_story=into(1))
    stories.profiles(raw(writer), [1])
    counts = kept_profiles(writer)[1][1]
    assert len(counts) == 96
    assert sum(count == 2 for count in counts.values()) == 20


def test_only_what_repeats_a_read_story_is_read(writer: Writer) -> None:
    fill(writer, "A", [one("first")], choose_story=alone)
    writer.marks.set_read([1], True)
    fill(writer, "B", [one("again")], choose_story=into(1))
    fill(writer, "C", [one("more of it")], choose_story=into(1, is_repeat=False))
    fill(writer, "D", [one("told again"), one("else", keys=["w:else"])], choose_story=alone)
    joined(writer, StoryJoin(1, (4, 5), repeats=frozenset({4})))
    assert [row[0] for row in raw(writer).execute("SELECT id FROM article WHERE read = 0")] == [3, 4, 5]
    writer.marks.set_read([3, 4, 5], True)
    fill(writer, "E", [one("once more"), one("more", keys=["w:else"])], choose_story=alone)
    joined(writer, StoryJoin(1, (6, 7), repeats=frozenset({6})))
    assert [row[0] for row in raw(writer).execute("SELECT id FROM article WHERE read = 0")] == [7]


def test_a_story_is_read_when_all_of_it_is(writer: Writer) -> None:
    fill(writer, "A", [one("first"), one("second"), one("third")], choose_story=alone)
    writer.marks.set_read([1, 2], True)
    fill(writer, "B", [one("of the first")], choose_story=into(1, is_repeat=False))
    assert writer.grouping.read_stories([1, 2, 3]) == {2}


def test_a_story_of_one_article_is_not_kept_beside_its_terms(writer: Writer) -> None:
    fill(writer, "A", [one("first"), one("second")], choose_story=alone)
    writer.stories.split(2)
    (first, second) = stories.profiles(raw(writer), [1, 2])
    assert dict(first.counts) == dict(second.counts) == {"f:1": 1, **dict.fromkeys(TERMS, 1)}
    assert first.first == first.last == NOW - timedelta(minutes=10)
    assert kept_profiles(writer) == {}


def test_an_article_can_be_split_off_and_put_back(writer: Writer) -> None:
    fill(writer, "A", [one("first")], choose_story=alone)
    fill(writer, "B", [one("second"), one("third")], choose_story=into(1))
    change = writer.stories.split(2)
    assert groups(writer) == {1: [1, 3], 2: [2]}
    assert change.before == ((2, 1),)
    assert {near.story_id: near.is_pinned for near in stories.profiles(raw(writer), [1, 2])} == {1: True, 2: True}
    assert kept_profiles(writer)[1][0] == 2
    assert writer.stories.split(2).before == writer.stories.split(99).before == ()
    writer.stories.undo(change)
    assert groups(writer) == {1: [1, 2, 3]}
    assert stories.profiles(raw(writer), [1])[0].is_pinned is False


def test_the_article_that_names_its_story_can_leave_it_too(writer: Writer) -> None:
    fill(writer, "A", [one("first")], choose_story=alone)
    fill(writer, "B", [one("second"), one("third")], choose_story=into(1))
    first = writer.stories.split(1)
    assert groups(writer) == {-1: [1], 1: [2, 3]}
    second = writer.stories.split(2)
    assert groups(writer) == {-1: [1], 2: [2], 1: [3]}
    assert second.pinned == (2,)
    writer.stories.undo(second)
    writer.stories.undo(first)
    assert groups(writer) == {1: [1, 2, 3]}
    assert raw(writer).execute("SELECT count(*) FROM story_pin").fetchone() == (0,)


def test_stories_can_be_merged_and_taken_apart_again(writer: Writer) -> None:
    fill(writer, "A", [one("first"), one("second", keys=["w:top"]), one("else", keys=["w:else"])], choose_story=alone)
    fill(writer, "B", [one("with second", keys=["w:top"])], choose_story=into(2))
    change = writer.stories.merge([2, 1])
    assert groups(writer) == {1: [1, 2, 4], 3: [3]}
    assert kept_profiles(writer)[1] == (3, {"f:1": 2, "f:2": 1, "w:chiquita": 1, "w:fyff": 1, "w:merg": 1, "w:top": 2})
    assert stories.profiles(raw(writer), [1])[0].is_pinned
    assert writer.stories.merge([1, 99]).before == ()
    writer.stories.undo(change)
    assert groups(writer) == {1: [1], 2: [2, 4], 3: [3]}
    assert [near.size for near in stories.profiles(raw(writer), [1, 2])] == [1, 2]


def test_an_article_can_leave_a_story_again_after_others_were_joined_with_it(writer: Writer) -> None:
    fill(writer, "A", [one("first"), one("other")], choose_story=alone)
    fill(writer, "B", [one("second")], choose_story=into(1))
    writer.stories.split(1)
    writer.stories.merge([-1, 2])
    assert groups(writer) == {-1: [1, 2], 1: [3]}
    change = writer.stories.split(1)
    assert change.before == ((1, -1),)
    assert groups(writer) == {-2: [1], -1: [2], 1: [3]}
    writer.stories.undo(change)
    assert groups(writer) == {-1: [1, 2], 1: [3]}


def test_undoing_a_join_keeps_a_split_article_pinned(writer: Writer) -> None:
    fill(writer, "A", [one("first"), one("other")], choose_story=alone)
    fill(writer, "B", [one("second")], choose_story=into(1))
    writer.stories.split(3)
    writer.stories.undo(writer.stories.merge([2, 3]))
    assert groups(writer) == {1: [1], 2: [2], 3: [3]}
    pinned = {near.story_id: near.is_pinned for near in stories.profiles(raw(writer), [1, 2, 3])}
    assert pinned == {1: True, 2: False, 3: True}


def test_a_changed_article_changes_what_its_story_is_known_by(writer: Writer) -> None:
    from tracker.model.plan import ChangedArticle, FeedPlan

    fill(writer, "A", [one("first")], choose_story=alone)
    with Reader(writer.path) as reader:
        state = reader.feeds.states()["A"]
    entry = one("retold").entry
    writer.store_feed(FeedPlan(state, changed=(ChangedArticle(1, entry, "h", NOW, story_keys=("w:new",)),)), alone)
    assert dict(stories.profiles(raw(writer), [1])[0].counts) == {"f:1": 1, "w:new": 1}
    assert by_term(writer) == [("w:new", 1)]


def test_a_changed_article_names_another_source_or_none(writer: Writer) -> None:
    from tracker.model.plan import ChangedArticle, FeedPlan

    fill(writer, "A", [one("first", source=Attribution("WCCFTech"))], choose_story=alone)
    with Reader(writer.path) as reader:
        state = reader.feeds.states()["A"]
        for source in (Attribution("Reuters"), None):
            changed = ChangedArticle(1, one("retold").entry, "h", NOW, attribution=source)
            writer.store_feed(FeedPlan(state, changed=(changed,)), alone)
            found = reader.articles.get(1)
            assert found is not None
            assert found.attribution == source


def test_words_of_last_week_are_counted_once_and_looked_up_no_more(writer: Writer) -> None:
    fill(
        writer,
        "A",
        [one("first", keys=[*TERMS, "tdigest", "n:7"]), one("second", keys=["w:chiquita"])],
        choose_story=alone,
    )
    writer.grouping.list_new(NOW)
    assert len(by_term(writer)) == 5
    assert writer.stories.words() == ({}, 0)
    writer.stories.learn_words(NOW + timedelta(days=3))
    assert writer.stories.words() == ({}, 0)
    later = NOW + timedelta(days=5)
    writer.stories.learn_words(later)
    writer.stories.learn_words(later)
    assert writer.stories.words() == ({"chiquita": 2, "fyff": 1, "merg": 1}, 2)
    assert raw(writer).execute("SELECT key FROM story_key").fetchall() == [("tdigest",)]
    assert raw(writer).execute("SELECT * FROM article_terms").fetchall() == []
    assert by_term(writer) == []
    assert kept_profiles(writer) == {}


def test_counted_words_stay_bounded(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story_words, "_MOST_WORDS", 2)
    monkeypatch.setattr(story_words, "_BATCH", 1)
    fill(writer, "A", [one("first", keys=["w:a"]), one("second", keys=["w:a", "w:b", "w:c"])], choose_story=alone)
    writer.stories.learn_words(NOW + timedelta(days=5))
    assert writer.stories.words() == ({"a": 1}, 1)


def test_a_rewrite_finds_its_source_by_address(writer: Writer) -> None:
    fill(writer, "WCCFTech", [one("original", keys=["uaddress"])], choose_story=alone)
    source = Attribution("WCCFTech", "https://wccftech.com/x", "text", 3, 11, key="uaddress")
    new = one("rewrite", keys=["w:x"], source=source)
    assert stories.NewArticleLookup(raw(writer), new).linked() == [1]
    fill(writer, "Numerama", [new], choose_story=into(1, is_repeat=False))
    with Reader(writer.path) as reader:
        found = reader.articles.get(2)
        assert found is not None
        assert found.rewrite_of == 1
        assert found.attribution == Attribution("WCCFTech", "https://wccftech.com/x", "text", 3, 11, 1, "uaddress")
        assert [row.is_rewrite for row in reader.articles.headlines([1, 2])] == [False, True]
        original = reader.articles.get(1)
        assert original is not None
        assert original.attribution is None
        assert original.rewrite_of is None


def test_a_source_that_comes_later_is_found_too(writer: Writer) -> None:
    source = Attribution("WCCFTech", "https://wccftech.com/x", key="uaddress")
    named = Attribution("The Verge")
    fill(
        writer,
        "Numerama",
        [one("rewrite", keys=["w:x"], source=source), one("other", source=named)],
        choose_story=alone,
    )
    with Reader(writer.path) as reader:
        assert [row.is_rewrite for row in reader.articles.headlines([1, 2])] == [False, False]
    original = one("original", keys=["uaddress"])
    assert stories.NewArticleLookup(raw(writer), original).linked() == [1]
    fill(writer, "WCCFTech", [original], choose_story=into(1, is_repeat=False))
    fill(writer, "The Verge", [one("theirs")], choose_story=into(2))
    with Reader(writer.path) as reader:
        assert [one.rewrite_of for one in reader.articles.get_many([1, 2])] == [3, 4]


def test_a_source_is_found_by_the_name_of_its_feed_in_the_story(writer: Writer) -> None:
    fill(writer, "Reuters Business", [one("original")], choose_story=alone)
    fill(writer, "Other", [one("unrelated", keys=["w:else"])], choose_story=alone)
    lookup = writer.grouping.near(writer.grouping.new_articles(NOW, 100))
    assert lookup.of_source("Reuters", [1, 2]) == [1]
    assert lookup.of_source("Reut", [1, 2]) == []  # AP is not AppleInsider
    fill(writer, "Numerama", [one("rewrite", source=Attribution("Reuters"))], choose_story=into(1))
    fill(writer, "Numerama", [one("not theirs", source=Attribution("Reuters"))], choose_story=into(2))
    with Reader(writer.path) as reader:
        assert [one.rewrite_of for one in reader.articles.get_many([3, 4])] == [1, None]
    fill(writer, "GNT", [one("grouped later", source=Attribution("Reuters"))], choose_story=alone)
    joined(writer, StoryJoin(1, (5,)))
    with Reader(writer.path) as reader:
        assert [one.rewrite_of for one in reader.articles.get_many([3, 5])] == [1, 1]


def test_a_story_tells_what_each_article_was_taken_from(writer: Writer) -> None:
    fill(writer, "Reuters", [one("original", minutes_ago=30)], choose_story=alone)
    fill(writer, "Numerama", [one("rewrite", minutes_ago=40, source=Attribution("Reuters"))], choose_story=into(1))
    fill(writer, "CNBC", [one("report", minutes_ago=35, source=Attribution("Bloomberg"))], choose_story=into(1))
    with Reader(writer.path) as reader:
        assert reader.stories.originals(1) == [(2, 1), (3, None), (1, None)]
        assert reader.stories.originals(9) == []


def test_a_report_in_another_language_than_the_first_is_a_translation(writer: Writer) -> None:
    def told(title: str, language: str | None, minutes_ago: float) -> NewArticle:
        made = one(title, minutes_ago=minutes_ago)
        return replace(made, entry=replace(made.entry, language=language))

    fill(writer, "CNBC", [told("first", "en", 30), told("else", "fr", 30)], choose_story=alone)
    told_again = [told("second", "en", 20), told("third", "zh", 10), told("unknown", None, 5)]
    fill(writer, "Others", told_again, choose_story=into(1))
    with Reader(writer.path) as reader:
        rows = reader.articles.headlines([1, 2, 3, 4, 5])
        assert [row.title for row in rows if row.is_translation] == ["third"]
    fill(writer, "Late", [told("really first", None, 90)], choose_story=into(1))
    with Reader(writer.path) as reader:
        assert not any(row.is_translation for row in reader.articles.headlines([1, 2, 3, 4, 5, 6]))


def test_a_purged_source_leaves_its_name(writer: Writer) -> None:
    fill(writer, "Reuters", [one("original")], choose_story=alone)
    fill(writer, "Numerama", [one("rewrite", source=Attribution("Reuters"))], choose_story=into(1))
    writer.marks.set_starred([2], True)
    raw(writer).execute("UPDATE article SET starred = 0 WHERE id = 1")
    raw(writer).execute("UPDATE article SET unlisted = ?", (to_epoch(NOW),))
    later = NOW + timedelta(days=9)
    assert writer.purge(1, TrustedTime(later, later, is_confirmed=True)) == 1
    with Reader(writer.path) as reader:
        found = reader.articles.get(2)
        assert found is not None
        assert found.attribution == Attribution("Reuters")
        assert found.rewrite_of is None


def test_a_story_is_outlined_by_its_first_report(writer: Writer) -> None:
    keys = ["fab"]
    nvidia = article(
        "nvidia's fab", minutes_ago=20, mentions=[about("nvidia", "nvidia's fab", "NVDA")], story_keys=keys
    )
    first = fill(writer, "One", [nvidia])[0]
    later = fill(writer, "Two", [article("The fab", minutes_ago=10, symbol="TSM", story_keys=keys)])[0]
    fill(writer, "Two", [article("The fab again", minutes_ago=5, story_keys=keys)])
    alone = fill(writer, "Two", [article("Something else", minutes_ago=30)])[0]
    with Reader(writer.path) as reader:
        other, fab = reader.stories.outlines([later, alone])
        assert reader.stories.outlines([]) == []
    assert (other.id, other.size, other.sources, other.symbols) == (alone, 1, 1, frozenset())
    assert (fab.id, fab.title, fab.first_source) == (first, "nvidia's fab", "One")
    assert (fab.size, fab.sources, fab.symbols) == (3, 2, frozenset({"NVDA", "TSM"}))
    assert fab.published == fab.time == NOW - timedelta(minutes=20)


def test_news_about_shares_is_read_for_a_span(writer: Writer) -> None:
    tagged = article("nvidia", minutes_ago=20, mentions=[about("nvidia", "nvidia", "NVDA")], symbol="NVDA")
    rows = [tagged, article("amd", minutes_ago=10, symbol="AMD"), article("late", minutes_ago=5, symbol="AMD")]
    ids = fill(writer, "One", rows)
    with Reader(writer.path) as reader:
        everything = reader.news.by_symbol()
        span = reader.news.between(NOW - timedelta(minutes=20), NOW - timedelta(minutes=10))
    assert [row[2] for row in everything["AMD"]] == [ids[1], ids[2]]
    assert {symbol: [row[2] for row in news] for symbol, news in span.items()} == {"NVDA": [ids[0]], "AMD": [ids[1]]}

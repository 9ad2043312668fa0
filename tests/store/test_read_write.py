"""What is written comes back, once, in order, for every query."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.store import NOW, about, article, fill, raw
from tracker.model.article import Article, Headline, Story
from tracker.model.clock import to_epoch
from tracker.model.config import View
from tracker.model.entry import Entry
from tracker.model.feed import FeedSource
from tracker.model.plan import ChangedArticle, FeedPlan, NewArticle, Retagged
from tracker.model.query import parse_query
from tracker.model.trust import TrustedTime
from tracker.store import marks, story_reader
from tracker.store.read import Reader
from tracker.store.write import Writer

DEEPSEEK = "DeepSeek tops the App Store"
NVIDIA = "Nvidia 英伟达市值 falls ＡＩ"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with four articles of two feeds, to be read only; the first two are one story."""
    path = tmp_path_factory.mktemp("filled") / "t.db"
    with Writer(path) as writer:
        fill(
            writer,
            "WCCFTech",
            [
                article(DEEPSEEK, minutes_ago=60, mentions=[about("deepseek", DEEPSEEK, "NVDA")], story_keys=["a"]),
                article("Résumé of a quiet day", minutes_ago=3000, text="Chips and HBM4 memory, nothing else"),
            ],
            group="Hardware",
        )
        fill(
            writer,
            "The Verge",
            [
                article("DeepSeek is number one", minutes_ago=50, story_keys=["a"]),
                article(NVIDIA, minutes_ago=5, mentions=[about("nvidia", NVIDIA, "NVDA")], symbol="NVDA"),
            ],
            group="AI",
        )
    return path


@pytest.fixture
def db(filled: Path, tmp_path: Path) -> Path:
    """The same for one test, to be changed."""
    return Path(shutil.copy(filled, tmp_path))


def titles(db: Path, query: str) -> list[str]:
    with Reader(db) as reader:
        return [row.title for row in reader.articles.headlines(reader.articles.ids(parse_query(query), NOW))]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [NVIDIA, "DeepSeek is number one", DEEPSEEK, "Résumé of a quiet day"]),
        ("sort:seen", [NVIDIA, "DeepSeek is number one", "Résumé of a quiet day", DEEPSEEK]),
        ("nvid", [NVIDIA]),
        ('"nvid"', []),
        ("市值", [NVIDIA]),
        ("英伟达 ai", [NVIDIA]),
        ("resume", ["Résumé of a quiet day"]),
        ("hbm4", ["Résumé of a quiet day"]),
        ("title:hbm4", []),
        ('"quiet day"', ["Résumé of a quiet day"]),
        ('"day quiet"', []),
        ("tag:deepseek", [DEEPSEEK]),
        ("about:nvidia OR tag:deepseek", [NVIDIA, DEEPSEEK]),
        ("symbol:nvda", [NVIDIA, DEEPSEEK]),
        ("source:wccf", [DEEPSEEK, "Résumé of a quiet day"]),
        ("source:theverge deepseek", ["DeepSeek is number one"]),
        ("feed:wccf", []),
        ("feed:wccftech hbm4", ["Résumé of a quiet day"]),
        ("group:hardware", [DEEPSEEK, "Résumé of a quiet day"]),
        ("newer:30m", [NVIDIA]),
        ("older:1d", ["Résumé of a quiet day"]),
        ("on:2025-01-25", ["Résumé of a quiet day"]),
        ("since:2025-01-27T21:00Z", [NVIDIA]),
        ("until:2025-01-26", ["Résumé of a quiet day"]),
        ("-deepseek", [NVIDIA, "Résumé of a quiet day"]),
        ("NOT (deepseek OR nvidia)", ["Résumé of a quiet day"]),
        ("is:starred", []),
        ("is:unread -source:wccftech", [NVIDIA, "DeepSeek is number one"]),
        ("☃", [NVIDIA, "DeepSeek is number one", DEEPSEEK, "Résumé of a quiet day"]),
        ("tag:none", []),
        ("on:9999-12-31", []),
    ],
)
def test_query_finds(filled: Path, query: str, found: list[str]) -> None:
    assert titles(filled, query) == found


def test_a_story_is_one_row_led_by_its_first_report(db: Path) -> None:
    with Reader(db) as reader:
        rows = reader.articles.headlines(reader.stories.leads(parse_query(""), NOW))
        assert [(row.title, row.others) for row in rows] == [
            (NVIDIA, 0),
            (DEEPSEEK, 1),
            ("Résumé of a quiet day", 0),
        ]
        whole = reader.articles.get(rows[1].id)
        assert whole is not None
        assert whole.story.size == 2
        assert whole.story.sources == ("WCCFTech", "The Verge")
        verge = reader.stories.leads(parse_query("source:verge deepseek"), NOW)
        assert [row.title for row in reader.articles.headlines(verge)] == ["DeepSeek is number one"]


def test_the_first_stories_are_those_of_the_whole_list_however_old_their_first_reports_are(tmp_path: Path) -> None:
    minutes = [(n * 7919) % 997 for n in range(240)]
    with Writer(tmp_path / "tracker.db") as writer:
        # Every third article is of one of three stories that go on all day.
        fill(
            writer,
            "Feed",
            [
                article(f"Report {n}", minutes_ago=minutes[n], story_keys=[f"story {n % 9 if n % 3 == 0 else n}"])
                for n in range(240)
            ],
        )
        with Reader(writer.path) as reader:
            for query in ("", "sort:seen", "sort:sources", "report -1*", "older:3h"):
                every = reader.stories.leads(parse_query(query), NOW)
                assert len(every) > 50
                for limit in (1, 2, 5, 40, 500):
                    assert reader.stories.leads(parse_query(query), NOW, limit) == every[:limit], (query, limit)


def test_read_and_starred_are_shared_by_a_story_and_can_be_undone(db: Path) -> None:
    with Writer(db) as writer, Reader(db) as reader:
        first = reader.articles.ids(parse_query("tag:deepseek"), NOW)[0]
        changed = writer.marks.set_read([first], True)
        assert len(changed) == 2
        assert writer.marks.set_read([first], True) == ()
        assert len(reader.articles.ids(parse_query("is:unread"), NOW)) == 2
        writer.marks.restore("read", changed, False)
        assert len(reader.articles.ids(parse_query("is:unread"), NOW)) == 4
        assert len(writer.marks.set_starred([first], True)) == 2
        assert reader.stories.counts([], NOW).starred == 1
        with pytest.raises(ValueError, match="no mark is called title"):
            writer.marks.restore("title", changed, False)


def test_stories_are_marked_read_as_far_as_they_were_seen(db: Path) -> None:
    with Writer(db) as writer:
        ids = fill(writer, "CNBC", [article(f"Report {n}", story_keys=["same"], minutes_ago=n) for n in (3, 2, 1)])
        other = fill(writer, "CNBC", [article("Another")])
        (changed,) = writer.marks.mark_stories_read([max(ids)], max(ids) - 1)
        assert set(changed) == set(ids) - {max(ids)}
        assert len(set(changed.values())) == 1
        (changed,) = writer.marks.mark_stories_read([*ids, *other], max(other))
        assert changed.keys() == {max(ids), *other}
        assert not list(writer.marks.mark_stories_read([], max(other)))


def test_mark_all_read_leaves_what_came_later(db: Path) -> None:
    with Writer(db) as writer, Reader(db) as reader:
        late = fill(writer, "WCCFTech", [article("Late news", minutes_ago=1)])
        (changed,) = writer.marks.mark_all_read(parse_query(""), NOW, late[0] - 1)
        assert len(changed) == 4
        assert titles(db, "is:unread") == ["Late news"]
        assert reader.stories.counts([View("Unread", "is:unread")], NOW).views == {"Unread": 1}


def test_many_are_marked_slice_by_slice(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "_FIRST_SLICE", 1)
    monkeypatch.setattr(marks, "_SLICE", 2)
    with Writer(db) as writer, Reader(db) as reader:
        ids = fill(writer, "WCCFTech", [article(f"Quiet day {n}") for n in range(6)])
        slices = writer.marks.mark_all_read(parse_query("quiet"), NOW, ids[-2])
        assert [len(next(slices)) for _ in range(3)] == [1, 2, 2]
        assert reader.stories.count(parse_query("is:unread quiet"), NOW) == 2  # one has not been asked for yet
        assert [len(part) for part in slices] == [1]
        assert titles(db, "is:unread quiet day") == ["Quiet day 5"]
        writer.marks.restore("read", ids, False)
        assert [len(part) for part in writer.marks.mark_stories_read(ids, ids[-1])] == [2, 2, 2]
        unread = reader.stories.count(parse_query("is:unread feed:wccftech"), NOW)
        assert reader.stories.counts([], NOW).feeds["WCCFTech"] == unread == 1


def test_an_article_that_joins_a_read_story_is_read(db: Path) -> None:
    with Writer(db) as writer, Reader(db) as reader:
        writer.marks.set_read(reader.articles.ids(parse_query("tag:deepseek"), NOW), True)
        fill(writer, "WCCFTech", [article("DeepSeek again", key="again", story_keys=["a"])])
        assert "DeepSeek again" not in titles(db, "is:unread")


def test_a_watched_share_names_the_tags_of_its_company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def watched_tags(*symbols: str) -> frozenset[str]:
        with Reader(tmp_path / "t.db") as reader:
            return reader.stories.counts([], NOW, symbols).watched_tags

    with Writer(tmp_path / "t.db") as writer:
        stand_in = replace(about("deepseek", "DeepSeek", "NVDA"), own=False)
        entries = [
            article("Nvidia rises", mentions=[about("nvidia", "Nvidia rises", "NVDA")]),
            article("DeepSeek rises", mentions=[stand_in]),
            article("AMD rises", mentions=[about("amd", "AMD rises", "AMD")]),
        ]
        fill(writer, "Feed", entries)
        assert watched_tags("NVDA") == {"nvidia"}
        assert watched_tags("NVDA", "AMD") == {"nvidia", "amd"}
        assert watched_tags() == watched_tags("INTC") == frozenset()
        # Older articles of a tag are not looked through: of a million that takes too long.
        monkeypatch.setattr(story_reader, "_NEWEST_OF_TAG", 1)
        fill(writer, "Feed", [article("Nvidia falls", mentions=[about("nvidia", "Nvidia falls", "NVDA.DE")])])
        assert watched_tags("NVDA") == frozenset()
        assert watched_tags("NVDA.DE") == {"nvidia"}


def test_counts_are_of_stories(db: Path) -> None:
    with Reader(db) as reader:
        counts = reader.stories.counts([View("Deep", "deepseek")], NOW)
    assert counts.everything == 3
    assert counts.views == {"Deep": 1}
    assert counts.tags == {"deepseek": 1, "nvidia": 1}
    assert counts.feeds == {"WCCFTech": 2, "The Verge": 2}
    assert counts.groups == {"Hardware": 2, "AI": 2}


def test_a_changed_article_keeps_its_time_and_its_earlier_title(db: Path) -> None:
    with Writer(db) as writer, Reader(db) as reader:
        old = reader.articles.get(reader.articles.ids(parse_query("resume"), NOW)[0])
        assert old is not None
        entry = Entry(old.key, "Loud day after all", None, text="new words", published=NOW)
        state = reader.feeds.states()["WCCFTech"]
        writer.store_feed(FeedPlan(state, changed=(ChangedArticle(old.id, entry, "other", NOW),)), lambda a, c: None)
        new = reader.articles.get(old.id)
        assert new is not None
        assert (new.title, new.published, new.text) == ("Loud day after all", old.published, "new words")
        assert new.earlier_titles == ((NOW, "Résumé of a quiet day"),)
        assert titles(db, "resume") == []
        assert titles(db, "hbm4") == []
        assert titles(db, "loud") == ["Loud day after all"]


def test_purge_keeps_stars_and_leaves_tombstones(db: Path) -> None:
    later = NOW + timedelta(days=400)
    with Writer(db) as writer, Reader(db) as reader:
        writer.marks.set_starred(reader.articles.ids(parse_query("tag:nvidia"), NOW), True)
        raw(writer).execute("UPDATE article SET unlisted = ?", (to_epoch(NOW),))
        known = TrustedTime(later, later, is_confirmed=True)
        assert writer.purge(0, known) == 0
        assert writer.purge(365, TrustedTime(None, later, is_confirmed=False)) == 0
        assert writer.purge(365, known) == 3
        assert [row.title for row in reader.articles.headlines(reader.articles.ids(parse_query(""), later))] == [NVIDIA]
        assert titles(db, "deepseek") == []
        feed_id = reader.feeds.states()["WCCFTech"].id
        assert feed_id is not None
        assert writer.known_entries(feed_id, [DEEPSEEK, "unheard of"]) == {DEEPSEEK: None}
        # The index holds nothing of what is gone.
        raw(writer).execute("INSERT INTO article_search (article_search) VALUES ('integrity-check')")
        assert raw(writer).execute(
            "SELECT count(*) FROM article_search WHERE article_search MATCH 'app'"
        ).fetchone() == (0,)


def test_retagging_replaces_tags(db: Path) -> None:
    with Writer(db) as writer, Reader(db) as reader:
        ids = reader.articles.ids(parse_query("tag:deepseek"), NOW)
        writer.retag([Retagged(ids[0], (about("app store", DEEPSEEK.casefold(), "AAPL"),), "AAPL")])
        assert titles(db, "tag:deepseek") == []
        assert titles(db, "symbol:AAPL") == [DEEPSEEK]
        assert reader.articles.tag_names() == ["app store", "nvidia"]


def test_feeds_renamed_moved_and_removed_keep_their_articles(db: Path) -> None:
    with Writer(db) as writer, Reader(db) as reader:
        states = reader.feeds.states()
        verge = states["The Verge"]
        writer.store_feed(FeedPlan(replace(verge, etag='W/"1"', fail_count=3)), lambda a, c: None)
        writer.register_feeds(
            [FeedSource("Verge", verge.url), FeedSource("WCCFTech", "https://wccftech.example/feed", "Chips")]
        )
        after = reader.feeds.states()
        assert after["Verge"].id == verge.id
        assert after["Verge"].etag == 'W/"1"'
        assert after["WCCFTech"].id == states["WCCFTech"].id
        assert titles(db, "group:chips") == [DEEPSEEK, "Résumé of a quiet day"]
        writer.register_feeds([FeedSource("Verge", "https://verge.example/moved")])
        moved = reader.feeds.states()["Verge"]
        assert (moved.etag, moved.fail_count) == (None, 0)
        assert len(titles(db, "")) == 4
        assert [(row.state.name, row.articles, row.recent) for row in reader.feeds.rows(NOW)] == [
            ("Verge", 2, 2),
            ("WCCFTech", 2, 2),
        ]


def test_headline_rows_keep_order_and_skip_what_is_gone(db: Path) -> None:
    with Reader(db) as reader:
        ids = list(reader.articles.ids(parse_query(""), NOW))
        assert [row.id for row in reader.articles.headlines([ids[2], 999, ids[0]])] == [ids[2], ids[0]]
        assert reader.articles.get(999) is None
        row = reader.articles.headlines([ids[0]])[0]
        assert row.marks == ((0, 6),)
        assert row.tags == ("nvidia",)


def test_paused_hosts_end(db: Path) -> None:
    with Writer(db) as writer, Reader(db) as reader:
        writer.pause_host("a.example", NOW + timedelta(hours=2), "429", NOW)
        writer.pause_host("a.example", NOW + timedelta(hours=1), "429 again", NOW)
        assert reader.feeds.paused_hosts(NOW) == {"a.example": (NOW + timedelta(hours=2), "429")}
        assert reader.feeds.paused_hosts(NOW + timedelta(hours=2)) == {}


@pytest.mark.parametrize("is_of_schema_1", [False, True])
def test_a_pause_of_a_clock_that_was_ahead_is_void_and_gives_way(db: Path, is_of_schema_1: bool) -> None:
    ahead = NOW + timedelta(days=365)
    with Writer(db) as writer, Reader(db) as reader:
        writer.pause_host("a.example", ahead + timedelta(hours=1), "429", ahead)
        if is_of_schema_1:
            raw(writer).execute("UPDATE host SET set_at = NULL")
        assert reader.feeds.paused_hosts(NOW) == {}
        writer.pause_host("a.example", NOW + timedelta(hours=2), "429", NOW)
        assert reader.feeds.paused_hosts(NOW) == {"a.example": (NOW + timedelta(hours=2), "429")}


def test_no_host_is_paused_for_more_than_a_day(db: Path) -> None:
    with Writer(db) as writer, Reader(db) as reader:
        writer.pause_host("a.example", NOW + timedelta(days=400), "429", NOW)
        assert reader.feeds.paused_hosts(NOW) == {"a.example": (NOW + timedelta(days=1), "429")}


def test_every_field_of_an_article_and_a_headline_comes_back(tmp_path: Path) -> None:
    published, updated = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
    entry = Entry(
        "guid",
        "A title",
        "https://a.example/1",
        "A. Author",
        "Text.",
        ("https://b.example/",),
        published,
        None,
        updated,
    )
    new = NewArticle(replace(entry, language="en"), "a hash", NOW, symbol="NVDA")
    with Writer(tmp_path / "t.db") as writer, Reader(tmp_path / "t.db") as reader:
        (article_id,) = fill(writer, "A", [new], group="Chips")
        writer.marks.set_starred([article_id], True)
        found, (row,) = reader.articles.get(article_id), reader.articles.headlines([article_id])
    assert found == Article(
        id=article_id,
        key="guid",
        title="A title",
        url="https://a.example/1",
        source="A",
        feed_id=1,
        group="Chips",
        author="A. Author",
        text="Text.",
        links=("https://b.example/",),
        published=published,
        updated=updated,
        first_seen=NOW,
        language="en",
        read=False,
        starred=True,
        symbol="NVDA",
        mentions=(),
        story=Story(article_id, 1, ("A",)),
    )
    assert row == Headline(
        id=article_id,
        title="A title",
        source="A",
        published=published,
        first_seen=NOW,
        read=False,
        starred=True,
        tags=(),
        symbol="NVDA",
        base=None,
        story_id=article_id,
        others=0,
        language="en",
    )
    assert isinstance(row.starred, bool)


def test_a_reader_notices_another_file_in_the_place_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with Reader(path) as reader:
        assert not reader.is_replaced()
        path.unlink()
        assert not reader.is_replaced()  # whoever writes next makes a new one
        other = tmp_path / "other.db"
        Reader(other).close()
        other.rename(path)
        assert reader.is_replaced()


def test_an_article_whose_feed_gives_a_time_in_the_future_has_it(tmp_path: Path) -> None:
    ahead = NOW + timedelta(days=2)
    with Writer(tmp_path / "t.db") as writer:
        (article_id,) = fill(writer, "CNBC", [NewArticle(Entry("a", "A title", claimed=ahead), "h", NOW)])
    with Reader(tmp_path / "t.db") as reader:
        (found,) = reader.articles.get_many([article_id])
    assert (found.published, found.claimed, found.at_latest) == (None, ahead, None)

"""Stories through the whole step: tags and sources read, compared in a real database, decisions of the user kept."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from weakref import ref

import pytest

from tests.helpers.store import NOW, fill, raw
from tracker.demo.documents import render
from tracker.demo.headlines import feeds
from tracker.feeds.parse import parse
from tracker.model.config import Config
from tracker.model.entry import Entry
from tracker.model.feed import FeedSource
from tracker.model.plan import NewArticle, Ungrouped
from tracker.store.grouping import NearStories, StoryGrouping
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.sync.digest import digest_entry
from tracker.sync.rules import tagger
from tracker.sync.run import Syncer
from tracker.sync.stories import choose_story, group_new, story_keys, title_tags

TAGGER = tagger(Config())
LOSS = "Nvidia loses $593 billion in market value after DeepSeek"


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with Writer(tmp_path / "t.db") as opened:
        yield opened


def report(
    writer: Writer,
    feed: str,
    title: str,
    *,
    url: str | None = None,
    text: str = "",
    links: tuple[str, ...] = (),
    hours: float = 0,
    is_grouped: bool = True,
) -> int:
    """Store one article as a sync does; its id."""
    url = url or f"https://{feed.lower().replace(' ', '')}.example/{abs(hash(title))}"
    entry = Entry(url, title, url, text=text, links=links, published=NOW + timedelta(hours=hours))
    done = digest_entry(entry, TAGGER, ())
    story = story_keys(entry, done.mentions, NOW)
    new = NewArticle(entry, title, NOW, done.mentions, done.symbol, story.keys, story.attribution)
    (article_id,) = fill(writer, feed, [new], choose_story=choose_story)
    if is_grouped:
        group_new(writer, NOW + timedelta(hours=hours))
    return article_id


def stories(writer: Writer) -> list[int]:
    return [row[0] for row in raw(writer).execute("SELECT story_id FROM article ORDER BY id")]


async def test_what_an_interrupted_sync_left_is_grouped_by_one_that_finds_no_news(tmp_path: Path) -> None:
    db = tmp_path / "t.db"
    with Writer(db) as writer:
        report(writer, "CNBC", LOSS, is_grouped=False)
        report(writer, "The Verge", "DeepSeek: Nvidia loses $593 billion of market value in a day", is_grouped=False)
        assert stories(writer) == [1, 2]
    syncer = Syncer(Config(feeds=(FeedSource("CNBC", "http://127.0.0.1:9/"),)), db, lambda: NOW)
    async for _ in syncer.run():
        pass
    with Writer(db) as writer:
        assert stories(writer) == [1, 1]


def test_six_sites_with_one_story_are_one_row(writer: Writer) -> None:
    report(writer, "CNBC", LOSS)
    report(writer, "The Verge", "DeepSeek: Nvidia loses $593 billion of market value in a day")
    report(writer, "Reuters", "Nvidia loses $593 bln in market value as DeepSeek rattles Wall Street")
    report(writer, "Al Jazeera", "Nvidia loses $593 billion in market value after DeepSeek")
    report(writer, "Oracle Blog", "Oracle opens a data centre in Frankfurt")
    report(writer, "WCCFTech", "RTX 5090 review: 4K at 240 Hz")
    assert stories(writer) == [1, 1, 1, 1, 5, 6]


def test_a_split_outlasts_what_comes_later(writer: Writer) -> None:
    report(writer, "CNBC", LOSS)
    second = report(writer, "The Verge", "DeepSeek: Nvidia loses $593 billion of market value in a day")
    writer.stories.split(second)
    report(writer, "Reuters", "Nvidia loses $593 billion in market value, a day after DeepSeek", hours=1)
    found = stories(writer)
    assert found[:2] == [1, 2]
    assert found[2] in (1, 2)


def test_a_merge_takes_in_what_comes_later(writer: Writer) -> None:
    report(writer, "CNBC", "Chiquita agrees to merge with Fyffes of Ireland")
    report(writer, "The Verge", "Honduras growers fear the banana giant's harvest quotas")
    assert stories(writer) == [1, 2]
    writer.stories.merge([1, 2])
    report(writer, "Reuters", "Growers in Honduras fear harvest quotas of the banana giant")
    assert stories(writer) == [1, 1, 1]


def test_a_translation_sits_under_the_source_it_links_to(writer: Writer) -> None:
    original = report(
        writer, "WCCFTech", "NVIDIA N1X laptop chip shows up in a listing", url="https://wccftech.com/n1x-listing/"
    )
    rewrite = report(
        writer,
        "Le site du matériel",
        "La puce pour portables aperçue en boutique",
        text="Elle arrive.\n\nSource : WCCFTech",
        links=("https://wccftech.com/n1x-listing/?utm_source=rss",),
    )
    assert stories(writer) == [original, original]
    with Reader(writer.path) as reader:
        (row,) = reader.articles.headlines([rewrite])
        assert row.is_rewrite
        assert not row.read


def test_a_source_named_without_a_link_is_found_in_its_feed(writer: Writer) -> None:
    text = "The supplier said so, as first reported by Reuters."
    report(writer, "Reuters", "DeepSeek trains its V4 model on Huawei Ascend chips, says supplier")
    alone = (
        "Huawei Ascend: l'entraînement à Shenzhen d'un modèle DeepSeek se ferait sans la puce de Nvidia, un tournant"
    )
    rewrite = report(writer, "Numerama", alone, text=text)
    with Reader(writer.path) as reader:
        found = reader.articles.get(rewrite)
    assert found is not None
    assert found.attribution is not None
    assert found.attribution.name == "Reuters"
    assert found.rewrite_of == found.story.id == 1


def test_one_address_joins_whatever_its_title(writer: Writer) -> None:
    report(writer, "CNET", "I found the only fix for scam calls", url="https://a.example/scam#ftag=1")
    report(writer, "CNET News", "Tired of scam calls?", url="https://www.a.example/scam", hours=100)
    report(writer, "CNET News", "Expose", url="https://a.example/item?id=1")
    report(writer, "CNET", "Expose", url="https://a.example/item?id=2")
    assert stories(writer) == [1, 1, 3, 4]


def test_words_that_the_archive_is_full_of_tell_less(writer: Writer) -> None:
    for number in range(40):
        title = f"Zorblax {('alpha', 'beta', 'gamma', 'delta')[number % 4]} {number} item from the {number}th yard"
        report(writer, "Feed", title, hours=-240 + number)
    raw(writer).execute("UPDATE article SET first_seen = 0")
    writer.stories.learn_words(NOW)
    words, titles = writer.stories.words()
    assert titles == 40
    assert words["zorblax"] == 40


def test_a_damaged_note_of_what_was_grouped_costs_a_second_look_and_no_sync(writer: Writer) -> None:
    report(writer, "CNBC", LOSS)
    writer.set_meta({"stories_cursor": "not a number"})
    report(writer, "WCCFTech", "DeepSeek wipes $593 billion off Nvidia's market value")
    assert len(set(stories(writer))) == 1


@pytest.mark.slow
def test_the_demo_has_the_same_stories_in_whatever_order_its_feeds_answer(tmp_path: Path) -> None:
    now = datetime(2025, 2, 2, tzinfo=UTC)
    read: dict[str, list[NewArticle]] = {}
    for feed in feeds():
        parsed = parse(render(feed, now), url=f"https://{feed.slug}.demo.invalid/feed", content_type=None, now=now)
        made = []
        for entry in parsed.entries:
            done = digest_entry(entry, TAGGER, ())
            story = story_keys(entry, done.mentions, now)
            made.append(NewArticle(entry, entry.key, now, done.mentions, done.symbol, story.keys, story.attribution))
        read[feed.name] = made
    found = []
    for seed in range(4):
        names = list(read)
        random.Random(seed).shuffle(names)
        with Writer(tmp_path / f"{seed}.db") as writer:
            for place, name in enumerate(names):
                fill(writer, name, read[name], choose_story=choose_story)
                if seed % 2 and place == len(names) // 2:
                    group_new(writer, now)
            group_new(writer, now)
            members: dict[int, set[str]] = {}
            for story_id, url in raw(writer).execute("SELECT story_id, url FROM article"):
                members.setdefault(story_id, set()).add(url)
        found.append(sorted(sorted(urls) for urls in members.values()))
    assert found[0] == found[1] == found[2] == found[3]


def test_what_a_source_writes_is_read_once_for_all_that_a_sync_brought(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    find = NearStories.articles_of_feeds

    def look(self: NearStories, feeds: Iterable[str], new: Sequence[Ungrouped]) -> list[tuple[str, ...]]:
        listed = list(feeds)
        asked.extend(listed)
        return find(self, listed, new)

    monkeypatch.setattr(NearStories, "articles_of_feeds", look)
    monkeypatch.setattr("tracker.sync.stories._CHUNK", 1)
    report(writer, "CNBC", LOSS, is_grouped=False)
    report(writer, "The Verge", "DeepSeek: Nvidia loses $593 billion of market value in a day", is_grouped=False)
    report(writer, "CNBC", "Chiquita agrees to merge with Fyffes", is_grouped=False)
    group_new(writer, NOW)
    assert sorted(asked) == ["f:1", "f:2"]
    assert stories(writer) == [1, 1, 3]


@pytest.mark.parametrize("is_enabled", [True, False])
def test_grouping_leaves_the_collector_as_it_was(tmp_path: Path, is_enabled: bool) -> None:
    seen: list[bool] = []

    class Looking(StoryGrouping):
        def near(self, new: Sequence[Ungrouped]) -> NearStories:
            seen.append(gc.isenabled())
            return super().near(new)

    with Writer(tmp_path / "t.db") as writer:
        report(writer, "CNBC", LOSS, is_grouped=False)
        writer.grouping = Looking(raw(writer))
        was_enabled = gc.isenabled()
        try:
            (gc.enable if is_enabled else gc.disable)()
            group_new(writer, NOW)
            assert gc.isenabled() == is_enabled
        finally:
            (gc.enable if was_enabled else gc.disable)()
    assert seen == [False]


def test_a_failure_while_grouping_leaves_the_collector_on(tmp_path: Path) -> None:
    class Failing(StoryGrouping):
        def near(self, new: Sequence[Ungrouped]) -> NearStories:
            raise OSError("disk I/O error")

    with Writer(tmp_path / "t.db") as writer:
        report(writer, "CNBC", LOSS, is_grouped=False)
        writer.grouping = Failing(raw(writer))
        was_enabled = gc.isenabled()
        try:
            gc.enable()
            with pytest.raises(OSError, match="disk"):
                group_new(writer, NOW)
            assert gc.isenabled()
        finally:
            (gc.enable if was_enabled else gc.disable)()


def test_cycles_made_while_grouping_are_collected_afterwards(tmp_path: Path) -> None:
    """What another thread leaves meanwhile, too: the collector belongs to the whole process."""

    class Cycle:
        def __init__(self) -> None:
            self.itself = self

    left: list[ref[Cycle]] = []

    class Leaving(StoryGrouping):
        def near(self, new: Sequence[Ungrouped]) -> NearStories:
            left.extend(ref(Cycle()) for _ in range(10))
            assert all(cycle() is not None for cycle in left)
            return super().near(new)

    with Writer(tmp_path / "t.db") as writer:
        report(writer, "CNBC", LOSS, is_grouped=False)
        writer.grouping = Leaving(raw(writer))
        was_enabled = gc.isenabled()
        try:
            gc.enable()
            group_new(writer, NOW)
            kept = [[number] for number in range(20 * gc.get_threshold()[0])]  # as many as make the collector look
            assert len(left) == 10
            assert not any(cycle() for cycle in left)
            del kept
        finally:
            (gc.enable if was_enabled else gc.disable)()


def test_a_topic_that_two_companies_share_is_no_company() -> None:
    found = TAGGER.tag("General Motors lifts its guidance as earnings beat estimates")
    assert {mention.tag for mention in found} == {"general-motors", "earnings"}
    assert title_tags(found) == ["general-motors"]

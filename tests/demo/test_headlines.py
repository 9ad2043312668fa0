"""The headlines of the replay and the documents they are sent in."""

from __future__ import annotations

import io
import json
import tomllib
from calendar import timegm
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

import feedparser
import pytest

from tracker.demo.config import END, HEADLESS_NOW, START, VIEWS, demo_config_text
from tracker.demo.documents import _html, render
from tracker.demo.headlines import NEWEST, NOTES, DemoFeed, feeds
from tracker.feeds.text import html_to_text
from tracker.model.clock import from_epoch
from tracker.stories.attribution import find_attribution

ENTRIES = [(feed, entry) for feed in feeds() for entry in feed.entries]


def _by_slug(feed: DemoFeed) -> str:
    return feed.slug


def test_there_are_as_many_as_meant_in_all_languages() -> None:
    assert 70 <= len(ENTRIES) <= 110
    assert {feed.language for feed in feeds()} == {"en", "fr", "de", "zh", "ja"} == set(NOTES)
    assert {feed.dialect for feed in feeds()} == {"rss2", "rss1", "atom", "json"}
    languages = Counter(feed.language for feed, _ in ENTRIES)
    assert languages["en"] > len(ENTRIES) / 2
    assert min(languages.values()) >= 5


def test_all_are_dated_within_the_days_told() -> None:
    for feed, entry in ENTRIES:
        assert datetime(2025, 1, 20, tzinfo=UTC) <= entry.published < END, (feed.name, entry.title)
        assert entry.published.tzinfo is UTC


def test_titles_and_addresses_are_unique_in_a_feed() -> None:
    for feed in feeds():
        assert len({entry.title for entry in feed.entries}) == len(feed.entries), feed.name
        assert len({entry.url for entry in feed.entries}) == len(feed.entries), feed.name
        assert list(feed.entries) == sorted(feed.entries, key=lambda entry: entry.published, reverse=True)


def test_no_address_leads_anywhere() -> None:
    assert all((urlsplit(entry.url).hostname or "").endswith(".demo.invalid") for _, entry in ENTRIES)


def test_several_stories_are_on_several_sites() -> None:
    sites: defaultdict[str, set[str]] = defaultdict(set)
    for feed, entry in ENTRIES:
        sites[entry.url.rsplit("/", 1)[1]].add(feed.slug)
    assert sum(len(on) >= 2 for on in sites.values()) >= 20
    assert sum(len(on) >= 4 for on in sites.values()) >= 6
    assert len(sites["largest-loss"]) == 10


def test_some_name_a_report_of_the_same_story_that_came_before_as_their_source() -> None:
    published = {entry.url: entry.published for _, entry in ENTRIES}
    named = [(feed, entry, entry.source) for feed, entry in ENTRIES if entry.source is not None]
    assert len(named) >= 8
    assert len({feed.language for feed, _, _ in named}) >= 4
    for feed, entry, source in named:
        assert source.url.rsplit("/", 1)[1] == entry.url.rsplit("/", 1)[1]
        assert published[source.url] < entry.published
        parsed = find_attribution(entry.title, html_to_text(_html(feed, entry))[0], (), feed.site)
        assert parsed is not None, entry.title
        assert parsed.name == source.name
    rewrites = {entry.url for _, entry, _ in named}
    assert any(source.url in rewrites for _, _, source in named)  # one of a rewrite


def test_the_window_shows_something_at_once_and_for_hours() -> None:
    seen = [entry.published for _, entry in ENTRIES]
    assert all(feed.published_by(START) for feed in feeds())
    assert any(START < published <= START + timedelta(minutes=10) for published in seen)
    assert sum(START < published <= HEADLESS_NOW for published in seen) >= 30
    times = sorted(published for published in seen if START - timedelta(minutes=5) < published <= HEADLESS_NOW)
    assert max(later - earlier for earlier, later in pairwise(times)) <= timedelta(minutes=30)


def test_words_that_are_no_company_are_among_them() -> None:
    titles = " ".join(entry.title for _, entry in ENTRIES)
    for phrase in ("apple tree", "the meta of", "robot arm", "metadata", "oracle bones"):
        assert phrase in titles


@pytest.mark.parametrize("feed", [feed for feed in feeds() if feed.dialect != "json"], ids=_by_slug)
@pytest.mark.parametrize("moment", [START, HEADLESS_NOW, END])
def test_feedparser_reads_every_xml_document(feed: DemoFeed, moment: datetime) -> None:
    parsed = feedparser.parse(io.BytesIO(render(feed, moment)))
    assert not parsed.bozo
    assert parsed.version == {"rss2": "rss20", "rss1": "rss10", "atom": "atom10"}[feed.dialect]
    assert parsed.feed.title == f"{feed.name} (demo)"
    expected = [entry for entry in feed.entries if entry.published <= moment][:NEWEST]
    assert [entry.title for entry in parsed.entries] == [entry.title for entry in expected]
    assert [
        from_epoch(timegm(entry.updated_parsed if feed.dialect == "rss1" else entry.published_parsed))
        for entry in parsed.entries
    ] == [entry.published for entry in expected]
    assert [entry.link for entry in parsed.entries] == [entry.url for entry in expected]
    for entry in parsed.entries:
        text = entry.content[0].value if "content" in entry else entry.summary
        assert feed.note.split(";")[0] in text.replace("&#x27;", "'")


def test_the_json_feed_holds_the_same() -> None:
    (feed,) = [feed for feed in feeds() if feed.dialect == "json"]
    document = json.loads(render(feed, HEADLESS_NOW))
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["title"] for item in document["items"]] == [
        entry.title for entry in feed.entries if entry.published <= HEADLESS_NOW
    ]
    assert all(item["content_html"].endswith(f"<p>{feed.note}</p>") for item in document["items"])


def test_a_feed_before_its_first_entry_is_empty_and_sound() -> None:
    early = datetime(2025, 1, 1, tzinfo=UTC)
    for feed in feeds():
        document = render(feed, early)
        if feed.dialect == "json":
            assert json.loads(document)["items"] == []
        else:
            parsed = feedparser.parse(io.BytesIO(document))
            assert not parsed.bozo
            assert parsed.entries == []


def test_the_configuration_names_every_feed_and_view() -> None:
    config = tomllib.loads(demo_config_text("http://127.0.0.1:1"))
    assert [feed["name"] for feed in config["feed"]] == [feed.name for feed in feeds()]
    assert config["feed"][0]["url"] == "http://127.0.0.1:1/feeds/wccftech"
    assert {feed["group"] for feed in config["feed"]} == {
        "Hardware",
        "Markets",
        "AI",
        "Français",
        "Deutsch",
        "中文",
        "日本語",
    }
    assert config["market"]["yahoo"]["base_url"] == "http://127.0.0.1:1"
    assert {view["name"]: view["query"] for view in config["view"]} == dict(VIEWS)
    assert config["settings"]["host_delay_seconds"] == 0
    assert config["symbol"][0] == {"symbol": "NVDA", "name": "Nvidia", "shares": 24_490_000_000}

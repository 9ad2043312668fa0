from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feeds.safety import is_safe
from tests.helpers.examples import examples
from tracker.feeds.entry import Entries, make_entries, make_entry, primary_language
from tracker.model.entry import Entry

NOW = datetime(2026, 6, 23, tzinfo=UTC)
BASE = "https://x.example/feed"


def make(**raw: Any) -> Entry:
    entry = make_entry(raw, base=BASE, language=None, now=NOW)
    assert entry is not None
    return entry


def make_all(*raws: dict[str, Any]) -> Entries:
    return make_entries(raws, base=BASE, language="en", now=NOW)


def test_identity_is_guid_then_link_then_text() -> None:
    assert make(id=" a\x1b\n b ", link="/1", title="t").key == "a b"
    assert make(link="/1", title="t").key == "https://x.example/1"
    first, same, other = make(title="t", summary="s"), make(title="t", summary="s"), make(title="t", summary="x")
    assert first.key.startswith("hash:")
    assert first.key == same.key != other.key
    long = make(id="x" * 9_000, title="t").key
    assert long.startswith("hash:")
    assert long != make(id="x" * 9_001, title="t").key


def test_joiners_in_a_title_and_a_guid_leave_the_identity_as_it_is() -> None:
    whole = make_entry({"title": "کتاب\u200cها", "id": "کتاب\u200cها"}, base="", language=None, now=NOW)
    bare = make_entry({"title": "کتابها", "id": "کتابها"}, base="", language=None, now=NOW)
    assert whole is not None
    assert bare is not None
    assert (whole.title, whole.key) == ("کتاب\u200cها", bare.key)
    nameless = [make_entry({"title": title}, base="", language=None, now=NOW) for title in (whole.title, bare.title)]
    assert len({entry.key for entry in nameless if entry is not None}) == 1


def test_a_guid_that_is_nothing_but_unsafe_characters_is_none() -> None:
    assert make(id="\u200b", link="/1", title="t").key == "https://x.example/1"


def test_titles_fall_back_to_text_and_address() -> None:
    assert make(summary="<p>First line</p><p>second</p>").title == "First line"
    assert make(link="/1").title == "https://x.example/1"
    assert make(summary="word " * 100).title.endswith("…")
    assert make_entry({"id": "only"}, base=BASE, language=None, now=NOW) is None


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        ({"link": "/1"}, "https://x.example/1"),
        ({"link": "mailto:x", "links": [{"rel": "alternate", "href": "/2"}]}, "https://x.example/2"),
        ({"links": [{"rel": "enclosure", "href": "/3"}, {"rel": "self", "href": "/4"}, "junk"]}, "https://x.example/3"),
        ({"links": [{"rel": "enclosure", "href": "ftp://x"}]}, None),
        ({"id": "https://x.example/5"}, "https://x.example/5"),
        ({"id": "six"}, None),
        ({"id": "e1", "link": "e1", "links": [{"rel": "enclosure", "href": "/e1.mp3"}]}, "https://x.example/e1.mp3"),
        ({"id": "e1", "link": "e1"}, None),
        ({"id": "e1", "link": "e1", "links": [{"rel": "alternate", "href": "e1"}]}, "https://x.example/e1"),
        ({"id": "/news/7", "link": "/news/7"}, "https://x.example/news/7"),
        ({"id": "?p=8", "link": "?p=8"}, "https://x.example/feed?p=8"),
        ({"link": 7}, None),
    ],
)
def test_addresses(raw: dict[str, Any], url: str | None) -> None:
    assert make(title="t", **raw).url == url


def test_the_longest_part_that_has_text_is_the_text() -> None:
    content = [
        {"type": "text/html", "value": "<img src='x'>" * 50},
        {"type": "image/svg+xml", "value": "<svg>" * 99},
        {"value": "<p>The whole article</p>", "base": "/deep/"},
        "junk",
    ]
    assert make(title="t", summary="Short", content=content).text == "The whole article"
    assert make(title="t", summary="The longer summary here is better", content=[{"value": "No"}]).text.startswith(
        "The longer"
    )
    assert make(title="t", content=[{"type": "text/html", "value": "<img>"}]).text == ""


def test_plain_text_is_taken_as_it_is_unless_it_is_html() -> None:
    plain = {"type": "text/plain"}
    assert make(title="t", summary="1 &lt; 2", summary_detail=plain).text == "1 &lt; 2"
    assert make(title="t", summary="<p>1 &lt; 2</p>", summary_detail=plain).text == "1 < 2"
    assert make(title="t", summary="1 &lt; 2", summary_detail="junk").text == "1 < 2"


def test_links_resolve_against_the_base_of_their_part() -> None:
    part = {"type": "text/html", "value": "<a href='a'>x</a>"}
    assert make(title="t", content=[{**part, "base": "/deep/"}]).links == ("https://x.example/deep/a",)
    assert make(title="t", content=[{**part, "base": "http://[bad"}]).links == ("https://x.example/a",)


def test_dates() -> None:
    written = make(
        title="t", published="Mon, 22 Jun 2026 10:00:00 CEST", published_parsed=(2026, 6, 22, 10, 0, 0, 0, 0, 0)
    )
    assert written.published == datetime(2026, 6, 22, 8, tzinfo=UTC)
    greek = make(
        title="t", published="Κυρ, 11 Ιούλ 2004 12:00:00 EET", published_parsed=(2004, 7, 11, 10, 0, 0, 0, 0, 0)
    )
    assert greek.published == datetime(2004, 7, 11, 10, tzinfo=UTC)
    assert make(title="t", published="10:00", published_parsed=(2026, 6, 1, 10, 0, 0, 0, 0, 0)).published is None
    assert make(title="t", published="soon", published_parsed=(2026, 6, 1, 10, 0, 0, 0, 0, 0)).published is None
    assert make(title="t", created="2026-06-01").published == datetime(2026, 6, 1, tzinfo=UTC)
    changed = make(title="t", updated="2026-06-02")
    assert changed.published == changed.updated == datetime(2026, 6, 2, tzinfo=UTC)


def test_a_publication_ahead_is_a_claim() -> None:
    ahead = datetime(2027, 6, 23, tzinfo=UTC)
    entry = make(title="t", published="2027-06-23T00:00:00Z")
    assert (entry.published, entry.claimed) == (None, ahead)
    assert make(title="t", created="2027-06-23T00:00:00Z").claimed == ahead
    updated = make(title="t", published="2027-06-23T00:00:00Z", updated="2026-06-22T00:00:00Z")
    assert (updated.published, updated.claimed) == (datetime(2026, 6, 22, tzinfo=UTC), None)
    assert make(title="t", published="soon").claimed is None
    assert make(title="t", published="9999-12-31T23:59:59Z").published is None


def test_authors_and_languages() -> None:
    assert make(title="t", author="a@x (Ann)", author_detail={"name": "<b>Ann</b>"}).author == "Ann"
    assert make(title="t", author="Ann", author_detail="junk").author == "Ann"
    assert make(title="t").author is None
    assert make(title="t", language="zh-Hans").language == "zh"
    assert make(title="t", title_detail={"language": "fr_CA"}).language == "fr"
    assert make(title="t", title_detail="junk").language is None
    assert make_all({"title": "t"}).entries[0].language == "en"


@pytest.mark.parametrize(
    ("tag", "primary"),
    [("en-US", "en"), ("ZH", "zh"), ("", None), (None, None), ("english", None), ("x", None), (" de ", "de")],
)
def test_primary_language(tag: str | None, primary: str | None) -> None:
    assert primary_language(tag) == primary


def test_the_first_of_two_with_one_key_wins() -> None:
    made = make_all({"id": "a", "title": "1"}, {"id": "b", "title": "2"}, {"id": "a", "title": "3"}, {}, {})
    assert [entry.title for entry in made.entries] == ["1", "2"]
    assert (made.duplicates, made.empty) == (1, 2)
    assert made.warnings == ("1 repeated entry left out", "2 empty entries left out")


def test_a_guid_that_different_articles_share_is_none() -> None:
    made = make_all(
        {"id": "g", "link": "/1", "title": "One"},
        {"id": "g", "link": "/2", "title": "Two"},
        {"id": "g", "link": "/2", "title": "Two"},
        {"id": "h", "link": "/3", "title": "Three"},
        {"id": "i", "link": "/4", "title": "Four"},
        {"id": "i", "link": "/4?again", "title": "Four"},
        {"id": "k", "link": "/5", "title": "Five"},
        {"id": "k", "link": "/5", "title": "Five, corrected"},
    )
    assert [entry.key for entry in made.entries] == ["https://x.example/1", "https://x.example/2", "h", "i", "k"]
    assert made.warnings == (
        "different entries have the same guid; identified by their links instead",
        "3 repeated entries left out",
    )


def test_one_guid_for_all_is_none() -> None:
    made = make_all({"id": "a", "title": "1", "link": "/1"}, {"id": "a", "title": "2", "link": "/2"})
    assert [entry.key for entry in made.entries] == ["https://x.example/1", "https://x.example/2"]
    assert made.warnings == ("all entries have the same guid; identified by their links instead",)


def test_one_item_repeated_is_one_item() -> None:
    made = make_all({"id": "a", "title": "1"}, {"id": "a", "title": "1"})
    assert [entry.key for entry in made.entries] == ["a"]


def test_one_link_for_different_titles_is_no_identity() -> None:
    made = make_all({"link": "/", "title": "1"}, {"link": "/", "title": "2"}, {"link": "/x", "title": "3"})
    assert len({entry.key for entry in made.entries}) == 3
    assert [entry.key.startswith("hash:") for entry in made.entries] == [True, True, False]


JUNK = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["value", "href", "rel", "type", "name"]), inner)
    ),
    max_leaves=4,
)
TEXTS = st.dictionaries(
    st.sampled_from(["id", "link", "title", "summary", "author", "published", "updated", "language"]), JUNK
)
LISTS = st.dictionaries(st.sampled_from(["links", "content"]), st.lists(JUNK, max_size=3))
DETAILS = st.dictionaries(st.sampled_from(["author_detail", "title_detail", "summary_detail"]), JUNK)


@pytest.mark.slow
@examples(50)
@given(st.lists(st.builds(lambda *parts: parts[0] | parts[1] | parts[2], TEXTS, LISTS, DETAILS), max_size=5))
def test_any_item_is_an_entry_or_left_out(raws: list[dict[str, Any]]) -> None:
    made = make_all(*raws)
    assert len(made.entries) + made.duplicates + made.empty == len(raws)
    assert len({entry.key for entry in made.entries}) == len(made.entries)
    for entry in made.entries:
        assert entry.title
        assert entry.key
        assert is_safe(entry.key)
        assert is_safe(entry.title)
        assert is_safe(entry.text, "\n")
        assert is_safe(entry.author or "")

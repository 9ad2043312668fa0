from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tracker.feeds.discover import find_feeds

PAGE = """<html><head><base href="/blog/">
<link rel="stylesheet" type="text/css" href="x.css">
<link rel="ALTERNATE feed" type="application/rss+xml; charset=utf-8" title="Caf&eacute; &amp; more" href="feed.xml">
<link rel="alternate" type="application/atom+xml" href="https://other.example/atom">
<link rel="alternate" type="application/atom+xml" title="again" href="https://other.example/atom">
<link rel="alternate" type="application/json" href="/wp-json/posts/1">
<link rel="alternate" type="application/json" title="JSON" href="/feed.json">
<link rel="alternate" type="application/rss+xml" href="javascript:x">
<link rel="alternate" hreflang="de" href="/de">
</head><body></body></html>"""


def test_feeds_of_a_page() -> None:
    assert find_feeds(PAGE.encode(), "https://x.example/a/b") == [
        ("Café & more", "https://x.example/blog/feed.xml"),
        ("https://other.example/atom", "https://other.example/atom"),
        ("JSON", "https://x.example/feed.json"),
    ]


def test_a_page_says_its_charset() -> None:
    page = "<meta charset=gb18030><link rel=alternate type=application/rss+xml title=新闻 href=/feed>".encode("gb18030")
    assert find_feeds(page, "https://x.example/") == [("新闻", "https://x.example/feed")]


def test_a_page_has_a_bounded_number_of_feeds() -> None:
    page = "".join(f"<link rel=alternate type=application/rss+xml href=/{number}>" for number in range(500))
    assert len(find_feeds(page.encode(), "https://x.example/")) == 50


@given(st.binary(max_size=300))
def test_any_bytes_are_a_page(page: bytes) -> None:
    assert find_feeds(page, "https://x.example/") == []

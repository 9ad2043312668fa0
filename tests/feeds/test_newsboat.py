"""newsboat's `urls` file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.feeds.newsboat import NewsboatFeed, NewsboatQuery, read_urls, split_line


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("  # a comment", []),
        ("http://a/ news", ["http://a/", "news"]),
        ('\thttp://a/\t"big news"  x\r', ["http://a/", "big news", "x"]),
        ("http://a/#part tag # comment", ["http://a/#part", "tag"]),
        (r'"a \"b\" \\ \n \x" c', ['a "b" \\ \n x', "c"]),
        ('"open to the end # and on', ["open to the end # and on"]),
        ('"a"b', ["a", "b"]),
        ('a"b c"', ['a"b', 'c"']),
        ('"ends in \\', ["ends in \\"]),
        ('""', [""]),
    ],
)
def test_words_of_a_line(line: str, words: list[str]) -> None:
    assert split_line(line) == words


def test_feeds_and_queries_in_their_order() -> None:
    found = read_urls(
        "\ufeff# mine\n"
        'https://a.example/feed news "big tag" news "~My <b>A</b>"\n'
        "\n"
        'https://me:pw@b.example/ "!Hidden B"\n'
        "https://c.example/ !\n"
        "https://a.example/feed again\n"
        '"query:Unread:unread = \\"yes\\" and age < 7" tag\n'
    )
    assert found.feeds == (
        NewsboatFeed(2, "https://a.example/feed", "My A", ("news", "big tag")),
        NewsboatFeed(4, "https://me:pw@b.example/", "Hidden B", is_hidden=True),
        NewsboatFeed(5, "https://c.example/", is_hidden=True),
    )
    assert found.queries == (NewsboatQuery(7, "Unread", 'unread = "yes" and age < 7'),)
    assert found.skipped == ()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('"exec:~/bin/x y" tag', "exec: runs a program; tracker fetches only http and https addresses"),
        ("filter:~/x:https://a/", "filter: runs a program; tracker fetches only http and https addresses"),
        ("file:///etc/passwd", "file: is not supported; tracker fetches only http and https addresses"),
        ("gopher://a/", "not an http or https address: gopher://a/"),
        ("\x1b[31mred", "not an http or https address: red"),
        ("query:Name", 'a query feed needs a name and an expression: "query:Name:unread = \\"yes\\""'),
        ("query::unread", 'a query feed needs a name and an expression: "query:Name:unread = \\"yes\\""'),
    ],
)
def test_lines_that_cannot_be_used_say_why(line: str, reason: str) -> None:
    found = read_urls(f"\n{line}\n")
    assert (found.feeds, found.queries, found.skipped) == ((), (), ((2, reason),))


@given(st.text() | st.text('"\\# \t\nquery:a~!/'))
def test_nothing_in_a_file_is_too_strange(text: str) -> None:
    found = read_urls(text)
    assert all(feed.url.startswith("http") for feed in found.feeds)


@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]))))
def test_quoted_words_come_back(words: list[str]) -> None:
    line = " ".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words)
    assert split_line(line) == words

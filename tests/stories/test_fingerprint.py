"""Addresses under their many spellings; titles as words and numbers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.stories.fingerprint import canonical_url, fingerprint
from tracker.stories.words import title_key, title_words

HOME = "https://example.com/news/chips-fall"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/news/chips-fall",
        "https://www.example.com/news/chips-fall/",
        "https://m.example.com/news/chips-fall",
        "https://amp.example.com/news/chips-fall",
        "https://example.com/amp/news/chips-fall",
        "https://example.com/news/chips-fall/amp/",
        "https://example.com/news/chips-fall.amp",
        "https://example.com/news//chips-fall/index.html",
        "https://EXAMPLE.com:443/news/chips-fall#ftag=CAD590a51e",
        "https://example.com/news/chips-fall?utm_source=rss&utm_medium=feed&fbclid=x",
        "https://example.com/news/chips-fall?siteid=yhoof2&amp%3Byptr=yahoo",
        "https://www.google.com/amp/s/www.example.com/news/chips-fall/amp",
        "https://example-com.cdn.ampproject.org/c/s/example.com/news/chips-fall?amp=1",
        "  https://example.com/news/chips-fall ",
        "https://m.www.example.com/amp/amp/news/chips-fall/amp/amp/",
    ],
)
def test_spellings_of_one_address(url: str) -> None:
    assert canonical_url(url) == HOME


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("https://news.ycombinator.com/item?id=1", "https://news.ycombinator.com/item?id=2"),
        ("https://blog.example/?p=34274", "https://blog.example/?p=34258"),
        ("https://a.example/x", "https://b.example/x"),
        ("https://a.example:8080/x", "https://a.example/x"),
        ("https://a.example/#!/one", "https://a.example/#!/two"),
        ("https://a.example/amplifiers", "https://a.example/lifiers"),
        ("https://m.com/x", "https://www.com/x"),
    ],
)
def test_different_articles_stay_apart(one: str, two: str) -> None:
    assert canonical_url(one) != canonical_url(two)


def test_order_of_parameters_does_not_matter() -> None:
    assert canonical_url("https://a.example/i?b=2&a=1") == canonical_url("http://a.example/i?a=1&b=2")


@pytest.mark.parametrize("url", ["", "mailto:a@b.example", "https://[broken", "https://a.example:port/x", "https:///x"])
def test_what_is_no_web_address_comes_back(url: str) -> None:
    assert canonical_url(url) == url


@example("\x85/")
@example("#! ")
@given(st.text(max_size=60))
def test_any_text_has_one_canonical_form(text: str) -> None:
    for url in (text, f"https://a.example/{text}"):
        once = canonical_url(url)
        assert canonical_url(once) == once


def test_words_and_numbers_of_a_title() -> None:
    words = title_words("Nvidia's shares tumble 17% in Q2: $1,234 lost, day 3")
    assert {"nvid", "tumbl"} <= words.words
    assert words.numbers == {"17", "2", "1234", "3"}


def test_french_elision_and_unspaced_scripts() -> None:
    assert "intersy" in title_words("L’intersyndicale appelle").words
    assert title_words("英伟达第3天").words == {"英伟", "伟达", "达第", "天"}


def test_title_key_ignores_case_marks_and_width() -> None:
    assert title_key("“DeepSeek”: the  End?") == title_key("ＤｅｅｐＳｅｅｋ — The end")


def test_a_print_is_made_again_from_what_is_stored() -> None:
    time = datetime(2025, 1, 27, 14, tzinfo=UTC)
    text = "Shares of the chip maker closed lower on Monday, after a start-up had said what its model cost. " * 3
    one = fingerprint("Nvidia loses $593 billion in a day", HOME, text, time)
    assert one == fingerprint("Nvidia loses $593 billion in a day", HOME, text, time)
    assert [key[0] for key in one.exact] == ["t", "u", "x"]
    assert one.keys == one.exact + one.terms
    bare = fingerprint("Nvidia", None)
    assert (bare.url, bare.lead, bare.time) == (None, None, None)
    assert bare.keys == (*bare.exact, "e:nvid", "w:nvid")
    assert [key[0] for key in bare.exact] == ["t"]


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=300))
def test_any_title_has_a_print(title: str, url: str, text: str) -> None:
    found = fingerprint(title, url, text)
    assert len(set(found.keys)) == len(found.keys)
    assert all(key.isascii() for key in found.exact)


@pytest.mark.parametrize(
    "words",
    [
        "loss losses",
        "tax taxes",
        "currency currencies",
        "Russia Russian Russians",
        "tumble tumbles tumbled tumbling",
    ],
)
def test_forms_of_one_word(words: str) -> None:
    assert len({*title_words(words).words}) == 1


def test_a_page_that_ends_in_amp_html_is_the_plain_one() -> None:
    assert canonical_url("https://news.example/a/story.amp.html") == canonical_url("https://news.example/a/story.html")


@given(st.text(st.characters(max_codepoint=127), max_size=60))
def test_an_ascii_title_has_the_key_it_has_among_other_letters(title: str) -> None:
    assert title_key(f"{title} é") == f"{title_key(title)} é".strip()

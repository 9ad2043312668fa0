from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.feeds.safety import is_safe
from tests.helpers.growth import assert_linear
from tracker.feeds import text as text_module
from tracker.feeds.text import (
    LINKS_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    URL_LIMIT,
    clean_line,
    clean_url,
    html_to_text,
    plain_to_text,
    strip_unsafe,
)

ANY_TEXT = st.text(st.characters(), max_size=200)
MARKUP = st.lists(
    st.one_of(
        ANY_TEXT,
        st.sampled_from(
            ["<p>", "</p>", "<li>", "<ul>", "<br>", "&amp;", "&lt;b&gt;", "&#x202e;", "&#27;", "<!--", "\x1b[31m"]
        ),
        st.sampled_from(
            ["<a href='/x'>", "<script>", "</script>", "<td>", "<svg>", "<template>", "<frameset>", "\u202e", "\ud800"]
        ),
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("[RUMOR] Nvidia [/b] RTX 60", "[RUMOR] Nvidia [/b] RTX 60"),
        ("AMD < Intel & Nvidia", "AMD < Intel & Nvidia"),
        ("5 < 6 > 4", "5 < 6 > 4"),
        ("AT&T up 3%", "AT&T up 3%"),
        ("S&amp;P 500", "S&P 500"),
        ("&amp;lt; once", "&lt; once"),
        ("<b>Nvidia</b> &amp; <i class='x'>AMD</i>", "Nvidia & AMD"),
        ("one<br/>two<p>three", "one two three"),
        ("before<img src=x onerror=y> after", "before after"),
        ("a<b and c>d", "a<b and c>d"),
        ("use <vector> & #include <map>", "use <vector> & #include <map>"),
        ("<!-- note -->Title", "Title"),
        ("Hi <script>alert(1)</script>there<style>x", "Hi there"),
        ("&lt;b&gt;Nvidia&lt;/b&gt; up", "Nvidia up"),
        ("The &lt;b&gt; element", "The <b> element"),
        ("&lt;/etc/shadow&gt;", "</etc/shadow>"),
        ("&nbsp;a&hellip; &notit; &copy 2026 &#146; &#x1F600;", "a… &notit; &copy 2026 ’ 😀"),
        ("&#0;&#xD800;x&#99999999;", "��x&#99999999;"),
        ("two\n\tlines\u2028here", "two lines here"),
        ("e\u0301", "é"),
        ("a \u200b b", "a b"),
        ("☃\ufe0f \U0001f468\u200d\U0001f469", "☃ \U0001f468\u200d\U0001f469"),
        ("می\u200cخواهم کتاب\u200c\u200cها", "می\u200cخواهم کتاب\u200cها"),
        ("Nvi\u200cd\u200dia", "Nvidia"),
        ("\u202eevil\u2066", "evil"),
        ("\x1b[31mred\x1b[0m \x9b1mbold", "red bold"),
        ("\x1b]0;title\x07", "]0;title"),
        ("a" + "\u0301" * 9, "á" + "\u0301" * 4),
        ("", ""),
        (" \u200b ", ""),
    ],
)
def test_clean_line(raw: str, clean: str) -> None:
    assert clean_line(raw) == clean


def test_long_lines_end_in_an_ellipsis() -> None:
    assert clean_line("x" * 5_000) == "x" * (TITLE_LIMIT - 1) + "…"
    assert clean_line("word " * 300, 20) == "word word word word…"
    assert clean_line("x" * TITLE_LIMIT) == "x" * TITLE_LIMIT


@given(MARKUP)
@example("\ud800")
def test_a_clean_line_is_safe(raw: str) -> None:
    line = clean_line(raw)
    assert is_safe(line)
    assert len(line) <= TITLE_LIMIT
    assert line == " ".join(line.split())
    assert unicodedata.is_normalized("NFC", line)
    if "&" not in line and "<" not in line:
        assert clean_line(line) == line


@given(MARKUP, st.sampled_from([None, "https://x.example/a/"]))
def test_text_of_html_is_safe(raw: str, base: str | None) -> None:
    text, links = html_to_text(raw, base)
    assert is_safe(text, "\n")
    assert "\n\n\n" not in text
    assert text == text.strip()
    assert len(text) <= TEXT_LIMIT
    assert len(set(links)) == len(links)
    assert all(clean_url(link) == link for link in links)


@given(ANY_TEXT)
def test_plain_text_is_safe_and_stays(raw: str) -> None:
    text = plain_to_text(raw)
    assert is_safe(text, "\n")
    assert plain_to_text(text) == text


def test_no_joiner_hides_in_the_name_of_a_host() -> None:
    assert clean_url("http://nvi\u200cdia.example/") is None
    assert clean_url("http://\u0628\u200c\u0628.example/") is None
    assert clean_url("http://x.example/\u0628\u200c\u0628") == "http://x.example/\u0628%E2%80%8C\u0628"


def test_joiners_raise_no_tower_of_marks() -> None:
    assert strip_unsafe("ب" + "\u064e\u200d" * 9).count("\u064e") == 4


def test_signs_between_marks_begin_a_new_letter() -> None:
    signs = "\u2014\u2026" + "\u064e" * 4
    assert strip_unsafe(signs * 3) == signs * 3
    assert strip_unsafe("\u2014" + "\u064e" * 40) == "\u2014" + "\u064e" * 4


def test_joiners_that_depend_on_one_another_all_go() -> None:
    assert strip_unsafe("\u0323\u200c\u094d\u200d\u0651\u094d\u200d") == "\u094d\u094d\u0651\u0323"


def test_of_signs_below_one_another_as_many_stay_as_make_a_stack_and_a_tower() -> None:
    below = [char for char in map(chr, range(0x0F90, 0x0FBD)) if unicodedata.normalize("NFC", char) == char]
    marks = "".join(char for char in below if unicodedata.category(char) == "Mn")
    assert strip_unsafe(f"\u0f40{marks}") == f"\u0f40{marks[:12]}"


def test_the_text_of_html_is_composed() -> None:
    assert html_to_text("<p>e\u0301 \u0e01</p>")[0] == "é \u0e01"


@pytest.mark.slow
def test_every_unsafe_character_is_stripped() -> None:
    every = [chr(code) for code in range(0x110000)]
    unsafe = [c for c in every if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs") and not c.isspace()]
    assert strip_unsafe("".join(unsafe)) == ""
    kept = [c for c in every if unicodedata.category(c)[0] in "LNPSZ"]
    assert len(strip_unsafe("x".join(kept))) > len(kept)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("just text", "just text"),
        ("plain &amp; encoded\n\nsecond", "plain & encoded\n\nsecond"),
        ("<p>one</p><p>two<br>three<br><br>four</p>", "one\n\ntwo\nthree\n\nfour"),
        ("<ul><li>a</li> <li>b <b>c</b></li><li><img src=x></li></ul>tail", "• a\n• b c\n\ntail"),
        ("<ol><li><p>x</p></li></ol>", "• x"),
        ("<ul><li></li></ul>", ""),
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", "a b\n1 2"),
        ("<dl><dt>t<dd>d</dl>", "t\n\nd"),
        ("a<script>x</script><style>y</style><iframe>z</iframe><svg><text>q</text></svg>b", "ab"),
        ("x<template>hidden</template>y<!-- c -->z", "xyz"),
        ("<p>  spaced \n out </p>", "spaced out"),
        ("&lt;b&gt; stays <i>text</i> &amp; more", "<b> stays text & more"),
        ("<frameset><frame src=x></frameset>", ""),
        ("<p>\u202e\x1b[1mx</p>", "x"),
    ],
)
def test_html_to_text(raw: str, text: str) -> None:
    assert html_to_text(raw)[0] == text


def test_links() -> None:
    hrefs = ("href='/a'", "href='b#c'", "href='javascript:x'", "", "href='/a'", "href='//y.example'")
    raw = "".join(f"<a {href}>{number}</a>" for number, href in enumerate(hrefs, 1))
    found = ("https://x.example/a", "https://x.example/d/b#c", "https://y.example")
    assert html_to_text(raw, "https://x.example/d/") == ("123456", found)
    assert html_to_text("<a href='/a'>1</a><a href='http://z.example/'>2</a>") == ("12", ("http://z.example/",))
    many = "".join(f"<a href='https://x.example/{n}'>x</a>" for n in range(LINKS_LIMIT + 50))
    assert len(html_to_text(many)[1]) == LINKS_LIMIT


def test_text_has_bounds() -> None:
    assert len(html_to_text("<p>" + "x" * 2_000_000)[0]) == TEXT_LIMIT
    assert len(plain_to_text("x" * 2_000_000)) == TEXT_LIMIT


@pytest.mark.parametrize(
    "part",
    [
        "<p><font a={n}>x</p>",
        "<P><B a={n}>x",
        "<p><i a='<' b={n}>x</p>",
        "<div><u\n{n}></div>",
        "<p><nobr/{n}>x</p>",
        "<p><b><i><u><s><tt><em><code><big><small><font><strong><strike>{n}",
        "<p><b><i><u><s><tt><em><code><big><small><font><strong><strike x={n}>y",
        "<a href='{n}'><p>",
        "<table><a href='{n}'>",
        "<applet><a href='{n}'><p>",
    ],
)
def test_elements_that_are_opened_again_in_every_paragraph_take_linear_time(part: str) -> None:
    assert_linear(lambda size: "".join(part.format(n=n) for n in range(size)), html_to_text, 4_000)


def test_the_text_of_long_markup_does_not_depend_on_what_makes_it_bold() -> None:
    part = (
        "<p>One <b>two</b> <strong>three</strong><br><font color='red'>fo</font>ur <a href='https://x.example/'>5</a>"
    )
    text, links = html_to_text(part * 100)
    assert text == "\n\n".join(["One two three\nfour 5"] * 100)
    assert (text.partition("\n\n")[0], links) == html_to_text(part)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("start", "part", "count"),
    [
        ("", "<div>", 800_000),
        ("", "<", 200_000),
        ("<a ", "x=1 ", 50_000),
        ("", "<script ", 20_000),
        ("", "<!--", 50_000),
        ("", "&", 200_000),
    ],
)
def test_hostile_markup_takes_linear_time(start: str, part: str, count: int) -> None:
    assert_linear(lambda size: start + part * size, html_to_text, count)
    assert_linear(lambda size: start + part * size, clean_line, count)


@pytest.mark.parametrize(
    ("raw", "base", "url"),
    [
        ("https://x.example/a?b=1&c=2#d", None, "https://x.example/a?b=1&c=2#d"),
        (" HTTP://User:pw@X.Example:8080/a b\n", None, "http://x.example:8080/a%20b"),
        ("/a", "https://x.example/b/c", "https://x.example/a"),
        ("//y.example/a", "https://x.example/", "https://y.example/a"),
        ("/a", None, None),
        ("", "https://x.example/", None),
        ("javascript:alert(1)", "https://x.example/", None),
        ("data:text/html,x", None, None),
        ("mailto:a@b.example", None, None),
        ("http://", None, None),
        ("http://a b/", None, None),
        ("http://a%00b/", None, None),
        ("http://a\u202eb/", None, None),
        ("http://[::1]:80/x", None, "http://[::1]:80/x"),
        ("http://[x/", None, None),
        ("http://x:99999/", None, None),
        ("https://x.example/\u202e\u200b\x7f", None, "https://x.example/%E2%80%AE%E2%80%8B%7F"),
        ("https://例え.example/パス", None, "https://例え.example/パス"),
        ("https://x.example/" + "a" * URL_LIMIT, None, None),
        ("https://x.example/" + "\u200b" * 600, None, None),
    ],
)
def test_clean_url(raw: str, base: str | None, url: str | None) -> None:
    assert clean_url(raw, base) == url


def test_credentials_are_kept_only_on_request() -> None:
    assert clean_url("https://me:p%40s@x.example/a", keep_credentials=True) == "https://me:p%40s@x.example/a"
    assert clean_url("https://x.example/a", keep_credentials=True) == "https://x.example/a"


@given(st.one_of(ANY_TEXT, ANY_TEXT.map("http://x.example/{}".format), ANY_TEXT.map("http://{}/".format)))
def test_a_clean_address_is_safe_and_stays(raw: str) -> None:
    url = clean_url(raw, "https://base.example/x")
    if url is None:
        return
    assert is_safe(url)
    assert not any(c.isspace() for c in url)
    assert urlsplit(url).scheme in ("http", "https")
    assert urlsplit(url).hostname
    assert "@" not in urlsplit(url).netloc
    assert clean_url(url) == url


def test_usual_text_is_text_that_cleaning_leaves_alone() -> None:
    composing = {
        second
        for parts in (unicodedata.decomposition(chr(code)).split() for code in range(0x110000))
        if len(parts) == 2 and parts[0][0] != "<"
        for second in [chr(int(parts[1], 16))]
    }
    usual = [char for char in map(chr, range(0x110000)) if char != "\n" and text_module._USUAL.fullmatch(char)]
    assert len(usual) > 30_000
    for char in usual:
        assert char.isprintable()
        assert strip_unsafe(char) == char
        assert unicodedata.category(char)[0] != "M"
        assert char not in composing
        assert not "\u1100" <= char <= "\u11ff"  # Hangul letters, composed by rule


def test_long_markup_reads_the_same_with_and_without_attributes_of_formatting() -> None:
    plain = "<p>one <b>two</b> <i>three</i></p>" * 60
    styled = plain.replace("<b>", '<b class="x">').replace("<i>", "<i/>", 1)
    assert html_to_text(styled) == html_to_text(plain)


@given(st.text("a•\n \t", max_size=40))
def test_bullets_and_blank_lines_never_pile_up(text: str) -> None:
    tidy = plain_to_text(text)
    assert "\n\n\n" not in tidy
    assert not re.search(r"\n•\s*•", f"\n{tidy}")
    assert plain_to_text(tidy) == tidy

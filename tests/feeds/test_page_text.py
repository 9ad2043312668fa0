"""The text of an article's body, and the charset of a page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.feeds.safety import is_safe
from tracker.feeds.page_charset import page_to_text
from tracker.feeds.page_text import PAGE_TEXT_LIMIT, PageText, page_text
from tracker.feeds.text import LINKS_LIMIT

BASE = "https://a.example/news/1"


def laid_out(xml: str, pictured: str | None = None) -> PageText:
    """Return the text of a body as trafilatura writes it."""
    with_pictures = None if pictured is None else etree.fromstring(f"<body>{pictured}</body>")
    return page_text(etree.fromstring(f"<body>{xml}</body>"), BASE, with_pictures)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("loose<p>One<lb/>and a half.</p>", "loose\n\nOne\nand a half."),
        ("<head rend='h3'>Title</head><head>Other</head>", "### Title\n\n## Other"),
        ("<list rend='ul'><item>a</item><item>b</item></list>", "• a\n• b"),
        ("<list rend='ol'><item>a</item><item/><item>b</item></list>", "1. a\n2. b"),
        ("<list><item>a<list><item>b</item></list></item></list>", "• a\n  • b"),
        ("<list><item><p>a</p><p>b</p></item></list>", "• a\n  b"),
        ("<quote><p>a</p><p>b</p></quote><p>c</p>", "> a\n>\n> b\n\nc"),
        ("<quote>a<quote>b</quote></quote>", "> a\n>\n> > b"),
        ("<code>one\n  two\n</code>", "    one\n      two"),
        ("<p>Run <code>ls</code> now.</p>", "Run ls now."),
        ("<table><row><cell>a</cell><cell>bb</cell></row><row><cell>ccc</cell><cell/></row></table>", "a   | bb\nccc"),
        ("<table><row><cell>frame</cell></row></table>", "frame"),
        ("<p><hi>bold</hi> word</p>", "bold word"),
        ("<p/><list/><table/><code/><quote/>", ""),
        ("<p>a<!-- b --> c</p>", "a c"),
        ("<code>\n\none\n\ntwo\n\n</code>", "    one\n\n    two"),
        ("<code>one<lb/>two</code>", "    one\n    two"),
        ("<code>\u202e\n\u202e</code><p>a</p>", "a"),
        ("<table><row><cell/></row><row><cell>a</cell><cell>b</cell></row></table>", "a | b"),
        (
            "<table><row><cell>英</cell><cell>b</cell></row><row><cell>cc</cell><cell>d</cell></row></table>",
            "英 | b\ncc | d",
        ),
        (f"<table><row><cell>{'w ' * 40}</cell><cell>b</cell></row></table>", f"{'w ' * 40}| b"),
    ],
)
def test_each_part_has_its_form(xml: str, text: str) -> None:
    assert laid_out(xml).text == text


def test_links_are_numbered_by_address() -> None:
    got = laid_out("<p><ref target='/a'>A</ref> <ref target='b'>B </ref><ref target='/a'>A</ref>.</p>")
    assert got.text == "A[1] B[2] A[1]."
    assert got.links == ("https://a.example/a", "https://a.example/news/b")
    assert laid_out("<p><ref target='javascript:x'>A</ref> <ref>B</ref></p>").links == ()


def test_pictures_come_where_both_have_the_same_neighbours() -> None:
    plain = "<p>One.</p><p>Two.</p>"
    assert laid_out(plain, "<p>One.</p><graphic alt='A red chart'/><p>Two.</p>").text == (
        "One.\n\n[picture: A red chart]\n\nTwo."
    )
    assert laid_out(plain, "<p>One.</p><graphic alt='A red chart'/><p>Else.</p>").text == "One.\n\nTwo."
    assert laid_out(plain, "<p>One.</p><graphic alt='chart.png'/><p>Two.</p>").text == "One.\n\nTwo."


def test_pictures_are_few_and_said_once() -> None:
    plain = "<p>One.</p><p>Two.</p><p>A red chart of Nvidia</p>"
    many = "".join(f"<graphic alt='Chart {n}'/>" for n in range(150))
    found = laid_out(plain, f"<p>One.</p>{many}<p>Two.</p>").text
    assert "[picture: Chart 99]" in found
    assert "[picture: Chart 100]" not in found
    assert "[picture" not in laid_out(plain, "<p>One.</p><graphic alt='a red chart'/><p>Two.</p>").text
    assert "[picture" not in laid_out(plain, "<graphic alt='Red chart one'/><p>One.</p>").text
    long = laid_out(plain, f"<p>One.</p><graphic alt='{'word ' * 100}'/><p>Two.</p>").text.split("\n\n")[1]
    assert len(long) == len("[picture: ]") + 300
    assert long.endswith("…]")


def test_links_are_counted_up_to_their_limit() -> None:
    many = "".join(f"<ref target='/{n}'>x</ref> " for n in range(LINKS_LIMIT + 1))
    found = laid_out(f"<p>{many}</p>")
    assert len(found.links) == LINKS_LIMIT
    assert found.text.endswith(f"x[{LINKS_LIMIT}] x")


@pytest.mark.slow
def test_a_long_text_is_cut() -> None:
    text = laid_out("<p>word word</p>" * 30_000).text
    assert len(text) <= PAGE_TEXT_LIMIT
    assert text.endswith("…")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=5))
def test_any_text_is_safe(texts: list[str]) -> None:
    xml = etree.Element("body")
    for text in texts:
        child = etree.SubElement(xml, "p")
        child.text = "".join(c for c in text if c >= " " and c not in "\ufffe\uffff")
    assert is_safe(page_text(xml, None).text, "\n")


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("naïve".encode(), "text/html; charset=latin-1", "naïve"),
        ("naïve".encode("latin-1"), "text/html; charset=ISO-8859-1", "naïve"),
        (b"\x93quoted\x94", "text/html; charset=us-ascii", "“quoted”"),
        (b"<meta charset=gb2312>" + "镕".encode("gb18030"), None, "<meta charset=gb2312>镕"),
        ("日本".encode("shift_jis"), "text/html;charset='Shift_JIS'", "日本"),
        (b"\xef\xbb\xbfx", "text/html; charset=gbk", "x"),
        ("é".encode("utf-16"), None, "é"),
        (b"a\xffb", "text/html; charset=utf-8", "a\ufffdb"),
        (b"caf\xe9 au lait", "text/html; charset=rot13", "café au lait"),
        (b"caf\xe9 au lait", "text/html; charset=no-such", "café au lait"),
        ("半導体大手が新製品を発表、株価が急落".encode("euc_jp"), "text/html", "半導体大手が新製品を発表、株価が急落"),
    ],
)
def test_charsets_are_read_as_browsers_do(body: bytes, content_type: str | None, text: str) -> None:
    assert page_to_text(body, content_type) == text


@given(st.binary(max_size=200), st.none() | st.text(max_size=40).map(lambda name: f"text/html; charset={name}"))
def test_any_bytes_can_be_read(body: bytes, content_type: str | None) -> None:
    assert isinstance(page_to_text(body, content_type), str)

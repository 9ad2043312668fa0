"""Markup read without a tree gives what the tree gives, or None."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.feeds.test_corpus import _parse
from tests.helpers.growth import assert_linear
from tracker.feeds import text as text_module
from tracker.feeds.flat_html import read_flat
from tracker.feeds.text import html_to_text

_NAMES = re.findall("[a-z0-9]+", "p div ul ol li h2 h3 blockquote pre b i a span em code br hr img table")
_NAMES += re.findall("[a-z]+", "tbody thead tr td th dl dt dd figure script iframe section video wbr nobr form svg")
_TAGS = st.one_of(
    st.sampled_from([f"<{name}>" for name in _NAMES] + [f"</{name}>" for name in _NAMES]),
    st.sampled_from(["<P>", "<br/>", "<p class='x y'>", "<div a b = c>", "<!-- x -->", "<!-->", "<!DOCTYPE html>"]),
    st.sampled_from(
        ["<a href=/x>", "<a title=t href='/y&amp;z'>", '<a href="/q?a=1&copy=2&lt=3&eacute;&notit;&para">', "<a href>"]
    ),
)
_WORDS = st.sampled_from(
    [
        "one",
        " ",
        "\n",
        "two three",
        "&amp;",
        "&nbsp;",
        "&copy",
        "&copy;",
        "&notit;",
        "AT&T",
        "&#8217;",
        "&#150;",
        "&#x41;",
    ]
)


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return whole elements, as most markup is."""
    whole = st.tuples(st.sampled_from(_NAMES), st.lists(inner, max_size=4).map("".join))
    lists = st.lists(inner, max_size=3).map(lambda some: "<ul>" + "".join(f"<li>{one}</li>" for one in some) + "</ul>")
    cells = st.lists(inner, max_size=3).map(
        lambda some: f"<table><tbody><tr>{''.join(f'<td>{one}</td>' for one in some)}</tr></tbody></table>"
    )
    terms = inner.map(lambda one: f"<dl><dt>{one}</dt><dd>{one}</dd></dl>")
    return st.one_of(whole.map(lambda one: f"<{one[0]}>{one[1]}</{one[0]}>"), lists, cells, terms)


_MARKUP = st.lists(st.one_of(_WORDS, _TAGS, st.recursive(_WORDS, _nested, max_leaves=8)), min_size=1, max_size=10).map(
    "".join
)


def _by_tree(raw: str, base: str | None) -> tuple[str, tuple[str, ...]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_module, "read_flat", lambda raw: None)
        return html_to_text(raw, base)


@given(_MARKUP)
@example("<ul><li><p>a<li>b</ul>")
@example("<ul><li><div>a</li></ul></div>b")
@example("<p>a<div>b</div>c</p>d<p>e<hr>f</p>")
@example("<table><tbody>x<tr><td>a<td>b</tr></tbody></table>")
@example("<table><tbody><tr><td><p>a</td><td>b</td></tr></tbody></table>")
@example("<dl><dt>a<dd>b</dl><dl><dt>a</dt><dd><p>b</dd></dl>c")
@example("<h2>a<h3>b</h3></h2>c</div>d")
@example("<script>a</script><iframe>b</iframe><script>c<b>d</b></script>e")
@example("<a href=/x title=' href=y '>a</a><A HREF='/z'>b</A><a name=n>c</a>")
@example('<a href="/q?a=1&copy=2">a</a><a href="/r?&lang=x&amp;y">b</a><a href="/s?&copy">c</a>')
@example('<a href="&#47;t">a</a><a href="/u?a=1&lang=x&eacute=2">b</a>')
@example("&#150;<b></b>")
@example("&#x1F600;&#65;&hellip;&foo;&bar<b></b>")
@example("&copyright<b></b>")
@example("a\0b<b></b>")
@example("<!--a--!>b<b></b>-->")
@example("<ul><li>a")
@example("a</p>b")
def test_what_is_read_is_what_the_tree_says(raw: str) -> None:
    assert html_to_text(raw, "https://x.example/") == _by_tree(raw, "https://x.example/")


@pytest.mark.parametrize(
    ("raw", "text", "links"),
    [
        ("<p>a<p>b", "\1a\1b", []),
        ("<ul><li>a</li></ul><br><img src=x>", "\1\3a\4\1\2 ", []),
        ("<P CLASS='x'>a</P><!-- b -->", "\1a\1", []),
        ("<a href='/x&amp;y'>&eacute;</a>", "é", ["/x&y"]),
        ("<table><tbody><tr>\n<td>a</td></tr></tbody></table>", "\1\1\2\n a\1\1", []),
        ("<style>p {}</style>a", "a", []),
    ],
)
def test_ordinary_markup_needs_no_tree(raw: str, text: str, links: list[str]) -> None:
    assert read_flat(raw) == (text, links)


@pytest.mark.parametrize(
    "part",
    [
        "<a b='",
        '<a b="',
        "<a b",
        "<!--",
        "<p>",
        "<ul><li>",
        "&#1",
        "&amp",
        "<a href=\"'<",
        "<a \" '",
        "<script>",
        "</p>",
    ],
)
def test_hostile_markup_takes_linear_time(part: str) -> None:
    assert_linear(lambda size: part * size, read_flat, 20_000)


@pytest.mark.corpus
@pytest.mark.slow
def test_every_text_of_the_corpus_is_what_the_tree_says(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And most of them are read without one."""
    found: dict[str, int] = {"flat": 0, "tree": 0}

    def compare(raw: str, base: str | None = None) -> tuple[str, tuple[str, ...]]:
        read = html_to_text(raw, base)
        assert read == _by_tree(raw, base)
        found["tree" if read_flat(raw) is None else "flat"] += 1
        return read

    monkeypatch.setattr("tracker.feeds.entry.html_to_text", compare)
    with gzip.open(corpus / "feeds" / "MANIFEST.jsonl.gz", "rt", encoding="utf-8") as manifest:
        for line in manifest:
            row = json.loads(line)
            body = (corpus / "feeds" / row["file"]).read_bytes()
            _parse(gzip.decompress(body) if row["gz"] else body)
    assert found["flat"] > 8 * found["tree"]

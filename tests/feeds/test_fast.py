"""The fast lane beside its referee: whatever it takes, feedparser reads in the same way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from feedparser.mixin import _FeedParserMixin
from feedparser.sanitizer import _HTMLSanitizer
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.corpus import corpus_feeds
from tests.helpers.examples import examples
from tracker.feeds import terms
from tracker.feeds.elements import person_of
from tracker.feeds.errors import FeedError
from tracker.feeds.fast import FastFeed, is_utf8, read_fast
from tracker.feeds.parse import parse
from tracker.feeds.prolog import Prolog
from tracker.model.feed import ParsedFeed

NOW = datetime(2026, 12, 1, tzinfo=UTC)
Lane = Callable[[bytes], FastFeed | None]


def read(body: bytes, lane: Lane) -> ParsedFeed | str:
    with patch("tracker.feeds.parse.read_fast", lane):
        try:
            return parse(body, url="https://feeds.example/feed", content_type=None, now=NOW)
        except FeedError as error:
            return error.reason


def compare(body: bytes) -> bool:
    """Read in both ways and return whether the fast lane took it; what it took has to be the same."""
    taken = []

    def spy(data: bytes) -> FastFeed | None:
        found = read_fast(data)
        taken.append(found is not None)
        return found

    ours = read(body, spy)
    if any(taken):
        assert ours == read(body, lambda _: None)
    return any(taken)


def rss(*items: str, head: str = "", root: str = "<rss version='2.0'>") -> bytes:
    """Return an RSS document with the usual namespaces."""
    names = " ".join(f"xmlns:{name}='{address}'" for name, address in NAMES.items())
    body = "".join(f"<item>{item}</item>" for item in items)
    return f"{root[:-1]} {names}><channel><title>T</title>{head}{body}</channel></rss>".encode()


NAMES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "atom": "http://www.w3.org/2005/Atom",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "odd": "urn:odd",
}
PIECES = [
    "<title>Nvidia &amp; AMD</title>",
    "<title>Caf\u00e9 \u2019s</title>",
    "<title>Ã© \x85</title>",
    "<title/>",
    "<dc:title>Other</dc:title>",
    "<media:title>Picture</media:title>",
    "<media:group><media:title>Inner</media:title><media:description>Deep</media:description></media:group>",
    "<media:content url='x.jpg'><media:description>Seen</media:description></media:content>",
    "<media:credit>Jane</media:credit><media:thumbnail url='t.jpg'/>",
    "<odd:thing><title>Hidden</title></odd:thing>",
    "<odd:thing a='1'>text</odd:thing>",
    "<link>https://a.example/1?a=1&amp;b=2</link>",
    "<link>http:////a.example/1</link>",
    "<link>/relative</link>",
    "<link/>",
    "<atom:link href='https://a.example/alt'/>",
    "<atom:link rel='self' href='https://a.example/self' thr:count='3'/>",
    "<guid>https://a.example/guid</guid>",
    "<guid isPermaLink='false'>42</guid>",
    "<guid/>",
    "<description>&lt;p&gt;Text &amp;amp; more&lt;/p&gt;</description>",
    "<description>Plain</description>",
    "<description><![CDATA[<b>bold</b> <a href='/x'>x</a>]]></description>",
    "<itunes:summary>Short</itunes:summary>",
    "<itunes:summary>5 &lt; 6 &amp;amp; 7</itunes:summary>",
    "<itunes:summary>&lt;P&gt;One &lt;b&gt;two&lt;/b&gt;&lt;/P&gt; &amp;amp;</itunes:summary>",
    "<itunes:summary>&lt;p&gt;One&lt;/p&gt; &amp;lost;</itunes:summary>",
    "<itunes:summary>One &lt;ins&gt;two&lt;/ins&gt; &lt;vector&gt;</itunes:summary>",
    "<content:encoded><![CDATA[<p>Whole</p>]]></content:encoded>",
    "<dc:description>Dublin</dc:description>",
    "<pubDate>Mon, 27 Jan 2025 13:00:00 GMT</pubDate>",
    "<pubDate>Δευ, 27 Ιαν 2025 13:00:00 GMT</pubDate>",
    "<pubDate>tomorrow</pubDate>",
    "<dc:date>2025-01-26T10:00:00Z</dc:date>",
    "<dcterms:modified>2025-01-28T10:00:00Z</dcterms:modified>",
    "<author>jane@example.com (Jane Doe)</author>",
    "<author><name>Jane</name><email>j@example.com</email></author>",
    "<author><email>j@example.com</email></author>",
    "<author/>",
    "<dc:creator>Joe</dc:creator>",
    "<dc:creator>&lt;joe@example.com&gt;</dc:creator>",
    "<itunes:author>Pod</itunes:author>",
    "<dc:language>fr-CA</dc:language>",
    "<enclosure url='https://a.example/a.mp3' type='audio/mpeg'/>",
    "<source url='https://b.example/'>Source</source>",
    "<image>https://a.example/i.png</image>",
    "<category>AI</category>",
    "<comments>https://a.example/c</comments>",
    "<title xml:lang='de'>Deutsch</title>",
    "<summary type='html'>&lt;i&gt;S&lt;/i&gt;</summary>",
    "<content type='text'>C</content>",
    "<description xml:base='https://base.example/'>&lt;a href='x'&gt;x&lt;/a&gt;</description>",
    "<!-- comment --><?php x ?>",
    "<itunes:owner><itunes:name>O</itunes:name><itunes:email>o@example.com</itunes:email></itunes:owner>",
]


@given(st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=7), min_size=1, max_size=3))
@examples(250)
def test_any_mixture_of_elements(items: list[list[str]]) -> None:
    compare(rss(*map("".join, items)))


@pytest.mark.parametrize("piece", PIECES)
def test_each_element_alone(piece: str) -> None:
    compare(rss(f"<title>First</title>{piece}"))
    compare(rss(f"{piece}<title>Last</title><link>https://a.example/l</link>"))


@pytest.mark.parametrize(
    "head",
    [
        "<link>https://a.example</link><language>en-us</language><ttl>60</ttl>",
        "<image><url>u</url><title>I</title><link>https://i.example</link></image><title>Second</title>",
        "<textInput><title>S</title><name>q</name><link>https://s.example</link></textInput>",
        "<atom:link rel='self' href='https://a.example/feed'/><dc:language>de</dc:language>",
        "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>",
        "<skipHours><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays>",
        "<itunes:owner><itunes:name>O</itunes:name></itunes:owner><guid>https://g.example/</guid>",
    ],
)
def test_what_a_feed_says_of_itself(head: str) -> None:
    assert compare(rss("<title>One</title>", head=head))


def test_ordinary_feeds_are_taken() -> None:
    assert compare(rss("<title>One</title><link>https://a.example/1</link><pubDate>2025-01-27</pubDate>"))
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en' xml:base='https://a.example/'>"
        "<title type='html'>T</title>"
        "<id>urn:f</id><link href='/site'/><entry><id>urn:1</id><title>One</title><link href='1'/>"
        "<updated>2025-01-27T13:00:00Z</updated><author><name>Jane</name></author>"
        "<content type='html'>&lt;p&gt;Text&lt;/p&gt;</content></entry></feed>"
    )
    assert compare(atom.encode())
    rdf = (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
        "<channel rdf:about='https://a.example/'><title>T</title><link>https://a.example/</link></channel>"
        "<image rdf:about='i'><title>I</title></image>"
        "<item rdf:about='https://a.example/1'><title>One</title><link>https://a.example/1</link></item></rdf:RDF>"
    )
    assert compare(rdf.encode())
    assert compare(rss("<title>AT&T up</title>"))  # after it was mended
    latin = "<?xml version='1.0' encoding='iso-8859-1'?><rss><channel><item><title>é</title></item></channel></rss>"
    assert compare(latin.encode("latin-1"))


@pytest.mark.parametrize("title", ["it\x92s", "it&#146;s", "it&#00146;s", "it&#x92;s", "itâ\x80\x99s", "it’s"])
def test_windows_1252_taken_for_latin_1_is_put_right(title: str) -> None:
    body = rss(f"<title>{title}</title>", "<title>é</title>")
    assert compare(body)
    parsed = read(body, read_fast)
    assert isinstance(parsed, ParsedFeed)
    assert [entry.title for entry in parsed.entries] == ["it’s", "é"]


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        ("&lt;p&gt;One&lt;/p&gt; &amp;amp; two", "One\n\n& two"),
        ("&lt;td&gt;One&lt;/td&gt;", "One"),
        ("One &lt;vector&gt; &amp;amp; two", "One <vector> &amp; two"),
        ("&amp;copy; and &amp;lost;", "&copy; and &lost;"),
    ],
)
def test_plain_text_that_looks_like_html_is_taken_for_it(summary: str, text: str) -> None:
    body = rss(f"<title>A</title><itunes:summary>{summary}</itunes:summary>")
    assert compare(body)
    parsed = read(body, read_fast)
    assert isinstance(parsed, ParsedFeed)
    assert parsed.entries[0].text == text


def test_a_document_type_that_declares_nothing_is_read_fast() -> None:
    assert compare(
        b"<?xml version='1.0'?>\n<!DOCTYPE html><rss><channel><item><title>One</title></item></channel></rss>"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"plain",
        b"<html><body/></html>",
        b"<rss><channel/></rss>",
        b"<rss><channel><item><title>cut",
        b"<!DOCTYPE rss [<!ENTITY a 'aaaa'>]><rss><channel><item><title>&a;</title></item></channel></rss>",
        b"<!DOCTYPE rss SYSTEM 'https://a.example/rss.dtd'><rss><channel><item><title>A</title></item></channel></rss>",
        b"<!DOCTYPE rss><rss><channel><item><title>&nbsp;</title></item></channel></rss>",
        b"<rss>" + b"<a>" * 400 + b"</a>" * 400 + b"</rss>",
        b"<rss><channel><item><title>\x02</title></item></channel></rss>",
        b"<rss><channel><item><title><b>child</b></title></item></channel></rss>",
        b"<rss><channel><item><content type='image/png'>aGk=</content></item></channel></rss>",
        b"<rss><channel lastmod='2025'><item><title>CDF</title></item></channel></rss>",
    ],
)
def test_what_is_left_to_feedparser(body: bytes) -> None:
    assert read_fast(body) is None


@pytest.mark.parametrize("name", ["a", "% a"])
def test_an_entity_that_only_libxml2_finds_is_left_to_feedparser(name: str) -> None:
    body = f"<!DOCTYPE rss [<!ENTITY {name} 'aaaa'>]><rss><channel><item><title>A</title></item></channel></rss>"
    with patch("tracker.feeds.fast.find_prolog", lambda _: Prolog(0, has_doctype=False)):
        assert read_fast(body.encode()) is None


def test_other_charsets_are_weighed_first() -> None:
    assert is_utf8(b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?><rss/>", "text/xml; charset=utf8")
    assert not is_utf8(b"<?xml version='1.0' encoding='koi8-r'?><rss/>", None)
    assert not is_utf8(b"<rss/>", "text/xml; charset=gb2312")
    assert not is_utf8("<rss/>".encode("utf-16"), None)


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "data").glob("*.xml")), ids=lambda path: path.stem)
def test_documents_of_the_golden_pairs(path: Path) -> None:
    compare(path.read_bytes())


def test_an_endless_author_takes_no_time() -> None:
    assert person_of("a" * 500_000 + "@") == {"name": "a" * 500_000 + "@"}


def test_every_element_that_feedparser_knows_is_accounted_for() -> None:
    """A new release that gives meaning to another element must be looked at here."""
    known = {name.split("_", 2)[2].lower() for name in dir(_FeedParserMixin) if name.startswith(("_start_", "_end_"))}
    accounted = set().union(
        terms.TITLES, terms.CONTENTS, terms.VALUES, terms.AUTHORS, terms.HARMLESS, terms.USED, {"enclosure"}
    )
    beside = (  # they fill fields that no article has
        "cc_license creativecommons_license dc_contributor dc_publisher dc_rights dc_subject dcterms_valid "
        "feedburner_browserfriendly itunes_block itunes_category itunes_email itunes_explicit itunes_image "
        "itunes_keywords itunes_link itunes_name itunes_owner itunes_subtitle media_category media_content "
        "media_credit media_group media_keywords media_license media_player media_rating media_restriction "
        "media_thumbnail"
    )
    left = {
        name for name in known - accounted - set(beside.split()) if not name.startswith(("georss_", "gml_", "geo_"))
    }
    assert left <= {"where", "geom", "georssgeom"}


def test_the_elements_that_feedparser_takes_for_html_are_known() -> None:
    assert _HTMLSanitizer.acceptable_elements == terms.HTML_ELEMENTS


@pytest.mark.corpus
@pytest.mark.slow
def test_the_whole_corpus(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Same articles: count, id, address, title, date, text, author, language; and the same feed around them."""
    files = taken = bench = bench_taken = 0
    for feed in corpus_feeds(corpus):
        is_bench = "benchmark_data" in feed.name
        is_taken = compare(feed.read())
        files, taken = files + 1, taken + is_taken
        bench, bench_taken = bench + is_bench, bench_taken + (is_bench and is_taken)
    with capsys.disabled():
        print(f"\nfast lane: {taken} of {files} files, {bench_taken} of {bench} captured sites, no difference")
    assert files > 4_000
    assert bench_taken >= 0.9 * bench

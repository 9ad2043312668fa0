from __future__ import annotations

import xml.sax

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.growth import assert_linear
from tracker.feeds.repair import repair_xml, strip_leading_junk, strip_trailing_junk


@pytest.mark.parametrize(
    ("data", "mended"),
    [
        (b"<a>AT&T &amp; S&P; &lt;</a>", b"<a>AT&amp;T &amp; S&amp;P; &lt;</a>"),
        (b"<a>&nbsp;&hellip;&acE;</a>", b"<a>&#160;&#8230;&#8766;&#819;</a>"),
        (b"<a>&#8217;&#x2019;&#27;&#x1b;&#55296;&#xFFFE;&#1114112;&#0;</a>", b"<a>&#8217;&#x2019;</a>"),
        (b"<a>5 < 6 &lt; 7 <= 8</a>", b"<a>5 &lt; 6 &lt; 7 &lt;= 8</a>"),
        (b"<a href='?a=1&b=2'/>", b"<a href='?a=1&amp;b=2'/>"),
        (b"<a>& <![CDATA[AT&T < x]]><!-- & --><?pi & ?></a>", b"<a>&amp; <![CDATA[AT&T < x]]><!-- & --><?pi & ?></a>"),
        (b"<a>& <![CDATA[never closed &", b"<a>&amp; <![CDATA[never closed &"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x; &</a>', b'<!DOCTYPE a [\n<!ENTITY x "y">]><a>&x; &amp;</a>'),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "f">]><a>&x;</a>', b'<!DOCTYPE a [\n<!ENTITY x SYSTEM "f">]><a></a>'),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "f">]><a>&x;&</a>', b'<!DOCTYPE a [\n<!ENTITY x SYSTEM "f">]><a>&amp;</a>'),
        (b"&", b"&amp;"),
    ],
)
def test_mend_xml(data: bytes, mended: bytes) -> None:
    assert repair_xml(data)[0] == mended


def test_sound_xml_is_not_touched() -> None:
    sound = "<a b='&quot;'>x &amp; y &lt; &#8217; &apos;é <![CDATA[a & b]]></a>".encode()
    assert repair_xml(sound) == (sound, ())


def test_control_characters_go() -> None:
    assert repair_xml(b"<a>\x00\x0b\x1b\xef\xbf\xbfx\t\n</a>") == (
        b"<a>x\t\n</a>",
        ("removed control characters",),
    )


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_mended_text_can_be_read_strictly(text: str) -> None:
    escaped = text.replace("<", " < ").replace("]]>", "").replace("&#", "& #")
    data = f"<a>{escaped}</a>".encode()
    xml.sax.parseString(repair_xml(data)[0], xml.sax.ContentHandler())


@pytest.mark.parametrize(
    ("body", "start"),
    [
        (b"<rss/>", b"<rss/>"),
        (b"\n <?xml version='1.0'?><rss/>", b"<?xml version='1.0'?><rss/>"),
        (b"\xef\xbb\xbf<rss/>", b"\xef\xbb\xbf<rss/>"),
        (b"\xef\xbb\xbf\xef\xbb\xbf<rss/>", b"<rss/>"),
        (b"<br />Notice\n<?xml version='1.0'?><rss/>", b"<?xml version='1.0'?><rss/>"),
        (b"junk <rss/>", b"<rss/>"),
        (b"<!-- <b>x</b> --><!DOCTYPE rss []><rss/>", b"<!-- <b>x</b> --><!DOCTYPE rss []><rss/>"),
        (b"<html><body>no feed", b"<html><body>no feed"),
        (b"\xff\xfe<\x00r\x00", b"\xff\xfe<\x00r\x00"),
    ],
)
def test_strip_leading_junk(body: bytes, start: bytes) -> None:
    stripped, warnings = strip_leading_junk(body)
    assert stripped == start
    assert bool(warnings) == (body.lstrip(b"\xef\xbb\xbf \n") != start.lstrip(b"\xef\xbb\xbf"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "end", "count"),
    [
        (b"&", b"", 500_000),
        (b"<!DOCTYPE ", b"& ", 50_000),
        (b"<!--", b"", 100_000),
        (b"<![CDATA[", b"", 50_000),
        (b"<?", b"", 100_000),
        (b"<!DOCTYPE x [", b"", 50_000),
        (b"<item>", b"", 50_000),
        (b"</rss>", b"", 50_000),
        (b"</channel>", b"", 50_000),
        (b"</rss ", b"", 50_000),
    ],
)
def test_hostile_markup_takes_linear_time(part: bytes, end: bytes, count: int) -> None:
    def repair(data: bytes) -> None:
        repair_xml(b"<a>& " + data)
        strip_leading_junk(data)
        strip_trailing_junk(b"<rss>" + data)

    assert_linear(lambda size: part * size + end, repair, count)

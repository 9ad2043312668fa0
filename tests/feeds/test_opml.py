from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.feeds.errors import FeedError
from tracker.feeds.opml import OpmlFeed, read_opml, write_opml
from tracker.feeds.text import clean_line

LIST = b"""<?xml version="1.0"?>
<opml version="1.0"><head><title>Mine</title></head><body>
<outline text="Hard &amp; soft">
  <outline text="Chips"><outline text="One" xmlUrl="https://one.example/feed" type="rss"/></outline>
  <outline title="Two" XMLURL="http://two.example/?a=1&b=2"/>
</outline>
<outline text="One" xmlUrl="https://me:pw@three.example/feed"/>
<outline xmlUrl="https://four.example/feed"/>
<outline text="Again" xmlUrl="https://one.example/feed"/>
<outline text="Bad" xmlUrl="javascript:x"><outline text="Inside" xmlUrl="https://five.example/"/></outline>
<outline><outline text="Six" xmlUrl="https://six.example/"/></outline>
<strange/>
</body></opml>"""


def test_reading() -> None:
    found = read_opml(LIST)
    assert list(found.feeds) == [
        OpmlFeed("One", "https://one.example/feed", "Hard & soft / Chips"),
        OpmlFeed("Two", "http://two.example/?a=1&b=2", "Hard & soft"),
        OpmlFeed("One 2", "https://me:pw@three.example/feed"),
        OpmlFeed("four.example", "https://four.example/feed"),
        OpmlFeed("Inside", "https://five.example/"),
        OpmlFeed("Six", "https://six.example/"),
    ]
    assert found.skipped == ((10, "not an http or https address: javascript:x"),)
    assert found.repeated == 1


def test_pages_that_another_reader_takes_apart_by_rules_are_no_feeds() -> None:
    kinds = ("HTML+XPath", "JSON+DotNotation", "HTML+XPath+JSON+DotNotation", "JSONFeed", "rss", "application/rss+xml")
    rows = [f'<outline text="T{n}" type="{kind}" xmlUrl="http://a.example/{n}"/>\n' for n, kind in enumerate(kinds)]
    found = read_opml(f"<opml><body>\n{''.join(rows)}</body></opml>".encode())
    assert [feed.name for feed in found.feeds] == ["T3", "T4", "T5"]
    assert found.skipped[0] == (2, "T0: taken from a page by rules (HTML+XPath); tracker reads only feeds")
    assert [line for line, _ in found.skipped] == [2, 3, 4]


def test_what_cannot_be_fetched_is_named_and_a_feed_address_is_one_of_the_web() -> None:
    addresses = ("ftp://x.example/", "exec:ls", "feed://a.example/f", "feed:https://b.example/f", " ")
    outlines = "".join(f'<outline text="T" xmlUrl="{address}"/>\n' for address in addresses)
    found = read_opml(f"<opml><body>\n{outlines}</body></opml>".encode())
    assert [feed.url for feed in found.feeds] == ["http://a.example/f", "https://b.example/f"]
    assert found.skipped == (
        (2, "not an http or https address: ftp://x.example/"),
        (3, "exec: runs a program; tracker fetches only http and https addresses"),
    )


def test_other_charsets() -> None:
    text = '<?xml version="1.0" encoding="{0}"?><opml><body><outline text="Café" xmlUrl="https://x.example/"/></body></opml>'
    for charset in ("utf-16", "iso-8859-1", "windows-1252", "utf-8"):
        assert [feed.name for feed in read_opml(text.format(charset).encode(charset)).feeds] == ["Café"]
    for charset in ("gbk", "shift_jis", "big5", "euc-jp"):
        body = text.replace("Café", "日本").format(charset).encode(charset)
        assert [feed.name for feed in read_opml(body).feeds] == ["日本"]


def test_a_list_in_another_charset_than_it_says_is_read_with_a_warning() -> None:
    text = '<?xml version="1.0" encoding="utf-8"?><opml><body><outline text="Café" xmlUrl="https://x.example/"/></body></opml>'
    found = read_opml(text.encode("windows-1252"))
    assert [feed.name for feed in found.feeds] == ["Café"]
    assert found.warnings == ("declared as utf-8, read as windows-1252",)
    (feed,) = read_opml(text.replace("utf-8", "nonesuch").encode()).feeds
    assert feed.name == "Café"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "broken XML: no element found: line 1, column 0"),
        (b"<rss/>", "not an OPML list: <rss> in line 1, column 1"),
        (b"<opml>\n<body></opml>", "broken XML: mismatched tag: line 2, column 8"),
        (b'<!DOCTYPE opml [\n<!ENTITY a "b">]><opml/>', "declares XML entities in line 2, column 12, which is refused"),
        (
            b'<!DOCTYPE opml [<!ENTITY % a SYSTEM "file:///x">]><opml/>',
            "declares XML entities in line 1, column 48, which is refused",
        ),
        (b"<opml>" + b"<outline>" * 30, "nested deeper than 20 outlines in line 1, column 187"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(body: bytes, reason: str) -> None:
    with pytest.raises(FeedError) as caught:
        read_opml(body)
    assert str(caught.value) == reason


def test_an_entity_in_another_charset_is_refused_too() -> None:
    with pytest.raises(FeedError, match="entities"):
        read_opml('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY a "b">]><opml/>'.encode("utf-16"))


def test_writing_nests_groups() -> None:
    written = write_opml(
        [OpmlFeed("A & <B>", "https://a.example/?x=1&y=2", "G / H"), OpmlFeed("C", "https://c.example/")], "T & U"
    )
    assert (
        written.decode()
        == """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head><title>T &amp; U</title></head>
  <body>
    <outline text="G" title="G">
      <outline text="H" title="H">
        <outline type="rss" text="A &amp; &lt;B&gt;" title="A &amp; &lt;B&gt;" xmlUrl="https://a.example/?x=1&amp;y=2"/>
      </outline>
    </outline>
    <outline type="rss" text="C" title="C" xmlUrl="https://c.example/"/>
  </body>
</opml>
"""
    )


def _plain(text: str) -> bool:
    return bool(text) and clean_line(text, 200) == text and "&" not in text and "<" not in text and "/" not in text


NAMES = st.text(max_size=30).map(lambda text: clean_line(text, 200)).filter(_plain)
GROUPS = st.none() | st.lists(NAMES, min_size=1, max_size=3).map(" / ".join)


@given(st.lists(st.tuples(NAMES, GROUPS), max_size=8, unique_by=lambda pair: pair[0]))
def test_what_is_written_is_read(pairs: list[tuple[str, str | None]]) -> None:
    feeds = [OpmlFeed(name, f"https://x.example/{number}", group) for number, (name, group) in enumerate(pairs)]
    assert set(read_opml(write_opml(feeds, "t")).feeds) == set(feeds)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_a_reason(body: bytes) -> None:
    reason = "a list"
    try:
        read_opml(body)
    except FeedError as error:
        reason = error.reason
    assert reason

from __future__ import annotations

import pickle
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feeds.safety import is_safe
from tests.helpers.examples import examples
from tracker.feeds.errors import FeedError
from tracker.feeds.parse import parse
from tracker.model.feed import ParsedFeed

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 6, 23, 12, 0, tzinfo=UTC)
URL = "https://feeds.example/feed"


def read(body: bytes | str, content_type: str | None = None) -> ParsedFeed:
    return parse(body.encode() if isinstance(body, str) else body, url=URL, content_type=content_type, now=NOW)


def as_plain(feed: ParsedFeed) -> dict[str, Any]:
    """The parsed feed in the terms of an expectation: what is unknown or empty is not named."""
    entries = []
    hashes = 0
    for entry in feed.entries:
        fields = {name: getattr(entry, name) for name in entry.__struct_fields__}
        if entry.key.startswith("hash:"):
            fields["key"], hashes = f"hash:d{hashes}", hashes + 1
        entries.append({name: list(v) if isinstance(v, tuple) else v for name, v in fields.items() if v})
    plain = {
        "title": feed.title,
        "site_url": feed.site_url,
        "language": feed.language,
        "warnings": list(feed.warnings),
        "ttl_minutes": feed.hints.ttl_minutes,
        "skip_hours": sorted(feed.hints.skip_hours),
        "skip_days": sorted(feed.hints.skip_days),
        "entries": entries,
    }
    return {name: value for name, value in plain.items() if value or name == "warnings"}


@pytest.mark.parametrize(
    "expectation", sorted(DATA.glob("*.expect.toml")), ids=lambda path: path.name.partition(".")[0]
)
def test_golden_pair(expectation: Path) -> None:
    name = expectation.name.removesuffix(".expect.toml")
    (document,) = (path for path in DATA.glob(f"{name}.*") if path != expectation)
    expected = tomllib.loads(expectation.read_text(encoding="utf-8"))
    if "error" in expected:
        with pytest.raises(FeedError) as caught:
            read(document.read_bytes())
        assert str(caught.value) == expected["error"]
    else:
        assert as_plain(read(document.read_bytes())) == expected


RSS = '<?xml version="1.0"{0}?><rss version="2.0"><channel><title>{1}</title></channel></rss>'


@pytest.mark.parametrize(
    ("charset", "declared", "content_type", "title"),
    [
        ("gb18030", "gb2312", None, "深度求索与英伟达"),
        ("gb18030", "gb18030", "text/xml", "深度求索与英伟达"),
        ("shift_jis", "Shift_JIS", "text/html", "半導体ニュース"),
        ("euc_kr", None, "application/rss+xml; charset=euc-kr", "반도체 소식"),
        ("windows-1252", None, "text/html", "Café – “naïve”"),
        ("windows-1251", "windows-1251", None, "Новости"),
        ("utf-8", "iso-8859-1", None, "Café – “naïve”"),
        ("utf-8", None, "text/xml; charset=ISO-8859-1", "Café – “naïve”"),
        ("utf-8", None, "text/xml", "深度求索"),
        ("utf-8-sig", None, None, "深度求索"),
        ("utf-16", None, None, "深度求索 AT&amp;T"),
        ("utf-16-le", "utf-16", None, "Ünïcode"),
    ],
)
def test_charsets(charset: str, declared: str | None, content_type: str | None, title: str) -> None:
    declaration = f' encoding="{declared}"' if declared else ""
    feed = read(RSS.format(declaration, title).encode(charset), content_type)
    assert feed.title == title.replace("&amp;", "&")


HEADLINES = {
    "euc_jp": "半導体大手エヌビディアが新製品を発表、株価が急落した",
    "shift_jis": "米国の株式市場は続落。「生成AI」への期待が後退",
    "iso2022_jp": "半導体大手エヌビディアが新製品を発表、株価が急落した",
    "euc_kr": "엔비디아 주가 급락, 딥시크 충격에 반도체 업계 흔들려",
    "gb18030": "英伟达股价大跌，深度求索发布新模型",
    "big5": "輝達股價重挫，市場關注深度求索新模型",
    "windows-1251": "Акции Нвидиа упали после новостей о новой модели",
    "koi8-r": "Акции Нвидиа упали после новостей о новой модели",
    "windows-1255": "מניות אנבידיה צנחו בעקבות הדגם החדש",
    "windows-1256": "أسهم إنفيديا تهبط بعد إعلان النموذج الجديد",
    "tis-620": "หุ้นเอ็นวิเดียร่วงหลังข่าวโมเดลใหม่",
}


@pytest.mark.parametrize("charset", HEADLINES)
@pytest.mark.parametrize(
    ("declared", "content_type"),
    [
        (None, None),
        (None, "text/xml; charset=iso-8859-1"),
        ("utf-8", None),
        ("utf-8", "text/xml; charset=utf-8"),
        ("x-unknown", "text/xml"),
    ],
)
def test_a_charset_that_nobody_says_truly_is_known_by_its_letters(
    charset: str, declared: str | None, content_type: str | None
) -> None:
    declaration = f' encoding="{declared}"' if declared else ""
    title = " ".join([HEADLINES[charset]] * 8)  # as much as a short feed has
    feed = read(RSS.format(declaration, title).encode(charset), content_type)
    assert feed.title == title
    assert any(" read as " in warning for warning in feed.warnings)


@pytest.mark.parametrize("charset", HEADLINES)
def test_a_document_knows_its_charset_better_than_a_server_that_says_the_same_of_all(charset: str) -> None:
    body = RSS.format(f' encoding="{charset}"', HEADLINES[charset]).encode(charset)
    assert read(body, "text/xml; charset=ISO-8859-1").title == HEADLINES[charset]


@pytest.mark.parametrize("declared", ["koi8-r", "tis-620", "x-mac-cyrillic"])
def test_utf_8_is_no_one_byte_charset(declared: str) -> None:
    assert read(RSS.format(f' encoding="{declared}"', HEADLINES["koi8-r"]).encode()).title == HEADLINES["koi8-r"]


@pytest.mark.parametrize("content_type", [None, "text/xml; charset=iso-8859-1"])
def test_western_text_without_a_charset_is_no_other_script(content_type: str | None) -> None:
    title = "Les actions ont chuté après des révélations, très éloigné de la réalité, où l’été s’achève à l’hôtel"
    assert read(RSS.format("", title * 2).encode("windows-1252"), content_type).title == title * 2


def test_a_charset_that_was_wrong_is_told() -> None:
    feed = read(RSS.format(' encoding="iso-8859-1"', "Café").encode())
    assert feed.warnings == ("declared as iso-8859-1, read as utf-8",)


def test_a_two_byte_charset_is_believed_even_if_the_bytes_could_be_utf_8() -> None:
    assert read(RSS.format(' encoding="gb2312"', "联通").encode("gb18030")).title == "联通"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty response"),
        (b"\xef\xbb\xbf \n\x00", "empty response"),
        (b"just words", "not a feed: plain text"),
        (b'{"a": 1}', "not a feed: a JSON document"),
        (b'{"a": ', "not a feed: broken JSON (Expecting value: line 1 column 7 (char 6))"),
        (b'{"a":' * 200_000, "not a feed: JSON nested too deeply"),
        (b"<opml version='2.0'><body/></opml>", "not a feed: an OPML list of feeds"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, reason: str) -> None:
    with pytest.raises(FeedError) as caught:
        read(body)
    assert caught.value.reason == reason
    assert pickle.loads(pickle.dumps(caught.value)).reason == reason


def test_a_body_that_is_a_path_opens_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_text(RSS.format("", "secret"))
    with pytest.raises(FeedError):
        read(str(secret))


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    feed = read(f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + RSS.format("", "[&x;]").partition("?>")[2])
    assert feed.title == "[]"


def test_nested_entities_do_not_grow() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 100}">' for n in range(10))
    feed = read(f"<!DOCTYPE rss [{entities}]>" + RSS.format("", "&e9;").partition("?>")[2])
    assert len(feed.title or "") < 2_000


def test_the_address_does_not_change_the_guid() -> None:
    body = b'<rss version="2.0"><channel><item><guid>42</guid><title>t</title></item></channel></rss>'
    keys = {parse(body, url=url, content_type=None, now=NOW).entries[0].key for url in (URL, "http://other.example/")}
    assert keys == {"42"}


def test_an_unclosed_namespace_still_keeps_ampersands() -> None:
    feed = read('<rss version="2.0"><channel><item><title>AT&T up</title><media:x>1</media:x></item></channel></rss>')
    assert [entry.title for entry in feed.entries] == ["AT&T up"]
    assert any("ampersands" in warning for warning in feed.warnings)


def test_a_result_travels_between_processes() -> None:
    feed = read((DATA / "rss2.xml").read_bytes())
    assert pickle.loads(pickle.dumps(feed)) == feed


def test_a_few_broken_bytes_do_not_spoil_the_rest() -> None:
    feed = read(RSS.format("", "深度求索与英伟达").encode().replace("达".encode(), b"\xe8\xbe"))
    assert (feed.title, feed.warnings) == ("深度求索与英伟\ufffd", ("unreadable characters were replaced",))


def test_half_of_a_wide_charset_is_no_feed() -> None:
    with pytest.raises(FeedError):
        read(b"\xff\xfe\x00\xd8<\x00r\x00")


def test_what_is_not_well_formed_is_told() -> None:
    feed = read('<rss version="2.0"><channel><title>x</title><item><title>y</title></wrong></item></channel></rss>')
    assert [entry.title for entry in feed.entries] == ["y"]
    assert feed.warnings == ("not well-formed: <unknown>:2:68: mismatched tag",)


def test_half_an_entry_alone_is_nothing() -> None:
    with pytest.raises(FeedError, match="the document is cut off before its first entry"):
        read('<rss version="2.0"><channel><item><title>whole</title>')


def test_what_feedparser_raises_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse_badly(*_: object, **__: object) -> None:
        raise AssertionError("we should not get here!")

    monkeypatch.setattr("feedparser.parse", parse_badly)
    with pytest.raises(FeedError, match=r"not a feed: unreadable \(AssertionError\)"):
        read("<rss/>")


@given(st.binary(max_size=300), st.sampled_from([b"", b"<rss><channel><item><title>", b"{", b"<feed>"]))
@examples(300)
def test_any_bytes_are_a_feed_or_a_reason(tail: bytes, head: bytes) -> None:
    feed, reason = None, ""
    try:
        feed = read(head + tail)
    except FeedError as error:
        reason = error.reason
    if feed is None:
        assert reason
        assert is_safe(reason)
    else:
        assert all(is_safe(entry.title) and entry.title for entry in feed.entries)
        assert all(is_safe(warning) for warning in feed.warnings)


@pytest.mark.parametrize(
    ("last", "kept"),
    [
        ("<item><guid>2</guid><description>Text</description><title>Half", True),
        ("<item><title>Half</title><link>https://cut.example/2</link><gui", False),
        ("<item><title>Half</title><guid>2</gu", False),
    ],
)
def test_half_an_entry_is_kept_only_under_the_key_that_it_will_have_when_whole(last: str, kept: bool) -> None:
    whole = "<item><guid>1</guid><title>Whole</title></item>"
    parsed = read(f"<rss version='2.0'><channel><title>T</title>{whole}{last}".encode())
    assert [entry.key for entry in parsed.entries] == (["1", "2"] if kept else ["1"])
    links = "<item><link>https://cut.example/1</link><title>Whole</title></item>"
    parsed = read(f"<rss version='2.0'><channel><title>T</title>{links}{links.replace('/1', '/2')[:-14]}".encode())
    assert [entry.key for entry in parsed.entries] == ["https://cut.example/1", "https://cut.example/2"]


WHOLE = "<rss version='2.0'><channel><title>T</title><item><guid>1</guid><title>Whole</title></item></channel></rss>"
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><entry><id>1</id><title>Whole</title></entry></feed>"
RDF = (
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
    "<channel rdf:about='x'><title>T</title></channel><item rdf:about='1'><title>Whole</title></item></rdf:RDF>"
)


@pytest.mark.parametrize("whole", [WHOLE, ATOM, RDF])
@pytest.mark.parametrize(
    "added",
    [
        '<script data-cfasync="false" src="/email-decode.min.js"></script>',
        "<script>document.write('</div>')</script>" + "x" * 10_000,
        "</body></html>",
        "<br />\n<b>Warning</b>: Unknown in <b>index.php</b> & more",
        "plain text",
    ],
)
def test_what_a_server_adds_after_a_document_does_not_make_it_cut(whole: str, added: str) -> None:
    feed = read(whole + "\n" + added)
    assert ([entry.title for entry in feed.entries], feed.is_cut, feed.is_whole) == (["Whole"], False, True)
    assert feed.warnings == ("removed text after the document",)


@pytest.mark.parametrize("added", ["<!-- 0.2 s -->", "<!-- </rss> --><!-- <item> -->", "<?php ?>", " \n"])
def test_what_xml_allows_after_a_document_is_no_fault(added: str) -> None:
    feed = read(WHOLE.replace("Whole", "AT&T") + added)  # a fault, so that it is not read as plain
    assert ([entry.title for entry in feed.entries], feed.is_cut) == (["AT&T"], False)
    assert feed.warnings == ("repaired bare ampersands or undeclared entities",)


def test_rss_that_lacks_nothing_but_its_last_tag_is_not_cut() -> None:
    feed = read(WHOLE.removesuffix("</rss>") + "\n")
    assert (len(feed.entries), feed.is_cut) == (1, False)


@pytest.mark.parametrize(
    "cut",
    [
        WHOLE[: -len("</channel></rss>")],
        WHOLE[: -len("</channel></rss>")] + "<item><description><![CDATA[how a feed ends: </channel></rss>",
        WHOLE[: -len("</channel></rss>")] + "<!-- </channel></rss> ",
        WHOLE[: -len("</rss>")] + "</rs",
        WHOLE + "<rss version='2.0'><channel><item><title>x</title></item>",
        ATOM[: -len("</feed>")] + "<entry><content type='xhtml'><rss></rss>",
        RDF[: RDF.index("</rdf:RDF>")] + "<item rdf:about='2'>",
    ],
)
def test_a_document_that_ends_before_its_root_does_is_cut(cut: str) -> None:
    feed = read(cut)
    assert feed.entries[0].title == "Whole"
    assert (feed.is_cut, feed.is_whole) == (True, False)


def test_rss_1_that_ends_after_its_channel_is_cut() -> None:
    with pytest.raises(FeedError, match="the document is cut off before its first entry"):
        read(RDF[: RDF.index("<item")])

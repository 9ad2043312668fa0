"""Much of one thing: what a document, a list or a file may bring, and how the time for it grows."""

from __future__ import annotations

import json
import unicodedata

import pytest

from tests.cli.conftest import Desk
from tests.cli.feeds import config
from tests.helpers.growth import assert_linear
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import NOW
from tracker.config.schema import check
from tracker.feeds.entry import ENTRIES_LIMIT
from tracker.feeds.opml import read_opml
from tracker.feeds.parse import parse_plain
from tracker.feeds.text import clean_line, html_to_text, strip_unsafe
from tracker.model.feed import ParsedFeed
from tracker.store.read import Reader


def dated(entries: int) -> bytes:
    """Return a document of so many entries without an identifier, of thirty years."""
    items = (b"<item><title>t%d</title><pubDate>%d-01-01</pubDate></item>" % (n, 1990 + n % 30) for n in range(entries))
    return b"<rss version='2.0'><channel>" + b"".join(items) + b"</channel></rss>"


def read(document: bytes) -> ParsedFeed | None:
    return parse_plain(document, url="http://e.example/", content_type=None, now=NOW)


@pytest.mark.slow
def test_a_document_brings_its_newest_entries_and_says_so() -> None:
    assert_linear(dated, read, 20_000)
    parsed = read(dated(20_000))
    assert parsed is not None
    assert len(parsed.entries) == ENTRIES_LIMIT
    assert not parsed.is_whole
    assert min(entry.published.year for entry in parsed.entries if entry.published) == 2016
    assert "18,000 entries left out" in parsed.warnings[0]


@pytest.mark.slow
def test_a_sync_says_so_too_and_the_feed_has_not_failed(desk: Desk, server: LoopbackServer) -> None:
    items = b"".join(b"<item><title>t%d</title></item>" % n for n in range(ENTRIES_LIMIT + 3))
    body = b"<rss version='2.0'><channel><title>T</title>" + items + b"</channel></rss>"
    server.routes["/A"] = Answer(body, headers={"ETag": '"1"'})
    desk.write(config(server, "A"))
    done = desk.run("sync", "--json", "--no-prices")
    (feed,) = json.loads(done.out)["feeds"]
    assert (done.code, feed["status"], feed["new"]) == (0, "new", ENTRIES_LIMIT)
    assert feed["reason"] == "3 entries left out: tracker reads the newest 2,000"
    with Reader(desk.db) as reader:
        assert reader.feeds.states()["A"].last_reason is None
    server.routes["/A"] = Answer(body.replace(b"t1<", b"t1 again<"))
    assert "A: 3 entries left out" in desk.run("sync", "--force", "--no-prices").err


def outlines(count: int) -> bytes:
    listed = b"".join(b'<outline text="a" xmlUrl="http://e.example/%d"/>' % n for n in range(count))
    return b"<opml><body>" + listed + b"</body></opml>"


def test_twenty_thousand_outlines_of_one_name_have_names_of_their_own() -> None:
    assert_linear(outlines, read_opml, 20_000)
    feeds = read_opml(outlines(20_000)).feeds
    assert len({feed.name for feed in feeds}) == 20_000
    assert [feed.name for feed in feeds[:2]] == ["a", "a 2"]


@pytest.mark.parametrize(
    ("start", "part", "end", "count"),
    [
        ("a", ".a", " = 1\n", 400_000),
        ("[", "a.", "a]\n", 400_000),
        ('x = {"a"', ' . "a"', " = 1}\n", 100_000),
        ("a = ", "9", "\n", 5_000),
        ("a = ", "[", "\n", 50_000),
    ],
    ids=["dotted key", "dotted table", "quoted key", "long number", "deep list"],
)
def test_a_configuration_of_any_shape_is_a_problem_at_once(start: str, part: str, end: str, count: int) -> None:
    assert isinstance(check(start + part * count + end, "feeds.toml"), list)
    assert_linear(lambda size: start + part * size + end, lambda text: check(text, "feeds.toml"), count)


@pytest.mark.parametrize(
    "mark", ["\u0301", "\u0e49", "\u064b", "\u05b0", "\u0f71", "\u0300\u0316", "\u20dd", "\u0e34\u0e49"]
)
def test_marks_do_not_pile_up_in_any_script(mark: str) -> None:
    assert_linear(lambda size: "a" + mark * size + "b", strip_unsafe, 20_000)
    text = strip_unsafe("a" + mark * 20_000 + "b")
    assert sum(unicodedata.category(sign)[0] == "M" for sign in text) <= 8
    assert strip_unsafe(text) == text


@pytest.mark.parametrize(
    "word",
    [
        "ที่นี่ น้ำ ผู้ใหญ่",
        "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים",
        "بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ",
        "བསྒྲུབས་ ཧྐྵྨླྺྼྻྂ",
        "क्षत्रिय र्त्स्न्य",
        "မြန်မာ ကျွန်ုပ်",
        "Việt Nam ở đây",
        "ខ្ញុំស្រឡាញ់",
    ],
)
def test_words_of_these_scripts_stay_as_they_are(word: str) -> None:
    assert strip_unsafe(word) == unicodedata.normalize("NFC", word)


@pytest.mark.parametrize("sign", "\u3164\uffa0\u115f\u1160\u2800\u034f\u17b4\u17b5\U0001d159")
def test_letters_that_show_nothing_go(sign: str) -> None:
    assert clean_line(f"{sign}Nvi{sign}dia{sign}").replace(" ", "") == "Nvidia"
    assert clean_line(sign * 5) == ""
    assert sign not in html_to_text(f"<p>a{sign}b</p>")[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    "part", ["<!--", "&lt;!--", "<script", "<b ", "<a x='<a x=\"", "</p", "&", "<ul><li>", "<div>"]
)
def test_text_of_one_part_over_and_over_is_cleaned_in_linear_time(part: str) -> None:
    assert_linear(lambda size: part * size, clean_line, 5_000)
    assert_linear(lambda size: part * size, html_to_text, 160_000)  # both beyond the most tags that are read

"""Random hostile input by kind: `python -m tests.security.fuzz --seconds 120 --seed 1 [KIND...]`.

A kind is a function from a random source to one try: it makes an input, gives it to the program, and raises when the
answer is not what it may be. Others are added to `KINDS`. A failure prints the seed that brings it back.
"""

from __future__ import annotations

import argparse
import atexit
import random
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tests.security.fuzz_prices import fuzz_answers, fuzz_decoders, fuzz_price_sync
from tests.security.fuzz_queries import fill_database, make_query, run_query
from tests.security.patterns import attacks, uses
from tracker.feeds.dates import read_date
from tracker.feeds.errors import FeedError
from tracker.feeds.parse import parse
from tracker.feeds.text import clean_line, clean_url, html_to_text, plain_to_text
from tracker.model.feed import ParsedFeed
from tracker.store.read import Reader

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
_SECONDS = 3.0
"""Most time for one input of at most a few ten thousand characters."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\u3164\ufeff\ud800-\udfff]")
_SEEDS = (
    b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>T</title><item><title>A &amp; B</title>'
    b"<link>http://e.example/1</link><guid>1</guid><pubDate>Mon, 22 Jun 2026 10:00:00 GMT</pubDate>"
    b"<description><![CDATA[<p>Text <b>bold</b> <a href='/x'>x</a></p>]]></description></item></channel></rss>",
    b'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>a</id>'
    b'<title type="html">&lt;b&gt;x&lt;/b&gt;</title><link href="http://e.example/2"/><updated>2026-01-01T00:00:00Z</updated></entry></feed>',
    b'{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":"1","content_html":"<p>x</p>"}]}',
)
_PIECES = (
    *(
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"]]>",
        b"<?",
        b"?>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"&a;",
        b"&#0;",
        b"&#xD800;",
    ),
    *(
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xd3",
        b"<item>",
        b"</item>",
        b"<",
        b">",
        b'"',
        b"'",
        b"encoding='punycode'",
    ),
    *(
        b"<guid>",
        b"xmlns:a='b'",
        b"xml:base='http://['",
        b"\xcc\x81" * 40,
        b"\xe2\x80\xae",
        b"\x1b[31m",
        b"&nbsp;",
        b"</rss>",
    ),
)
_DATE_PIECES = (
    *(
        "22",
        "Jun",
        "June",
        "2026",
        "²²",
        "10:00",
        "PM",
        "+99:99",
        "GMT",
        "年",
        "月",
        "日",
        "/",
        "-",
        ".",
        ":",
        ",",
        " ",
    ),
    *("T", "Z", "0", "9" * 10, "9" * 13, "Date(", ")", "下午", "٢", "of", "\x00", "EST5EDT", "24:00", "00"),
)


def fuzz_parse(source: random.Random) -> None:
    """Damage a feed: cut it, repeat, swap and put in pieces that steer a parser."""
    body = bytearray(source.choice(_SEEDS))
    for _ in range(source.randint(1, 12)):
        place = source.randrange(len(body) + 1)
        match source.randrange(5):
            case 0:
                del body[place:]
            case 1:
                body[place:place] = source.choice(_PIECES) * source.choice((1, 1, 3, 200))
            case 2:
                del body[place : place + source.randint(1, 20)]
            case 3:
                body[place:place] = body[place : place + source.randint(1, 60)] * source.randint(1, 20)
            case _:
                body[place : place + 1] = source.randbytes(1)
    content_type = source.choice((None, "text/xml", "text/xml; charset=punycode", "application/json", "; charset=\x00"))
    try:
        parsed = parse(bytes(body), url="http://e.example/feed", content_type=content_type, now=NOW)
    except FeedError:
        return
    _refuse_unclean(parsed)


def fuzz_text(source: random.Random) -> None:
    """Clean text made of what the patterns of the cleaner repeat."""
    parts = [source.choice(_TEXT_PARTS) * source.choice((1, 1, 2, 50, 2_000)) for _ in range(source.randint(1, 8))]
    text = "".join(parts)[:40_000]
    html, links = html_to_text(text, "http://e.example/")
    for made in (clean_line(text), plain_to_text(text), html, *links, clean_url(text) or ""):
        _refuse_unclean(made)


def fuzz_dates(source: random.Random) -> None:
    """Read dates of pieces of dates."""
    text = "".join(source.choice(_DATE_PIECES) for _ in range(source.randint(1, 14)))
    moment = read_date(text, NOW)
    assert moment is None or moment.tzinfo is UTC, moment


def fuzz_queries(source: random.Random) -> None:
    """Ask a small database for a random query: rows or a `QuerySyntaxError`, nothing else."""
    run_query(_database(), make_query(source))


@cache
def _database() -> Reader:
    folder = Path(tempfile.mkdtemp(prefix="tracker-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    fill_database(folder / "fuzz.db")
    reader = Reader(folder / "fuzz.db")
    atexit.register(reader.close)  # runs before the folder goes
    return reader


Kind = Callable[[random.Random], None]
KINDS: dict[str, Kind] = {
    "parse": fuzz_parse,
    "text": fuzz_text,
    "dates": fuzz_dates,
    "queries": fuzz_queries,
    "decoders": fuzz_decoders,
    "answers": fuzz_answers,
    "prices": fuzz_price_sync,
}


def _refuse_unclean(made: str | ParsedFeed) -> None:
    if isinstance(made, str):
        found = _FORBIDDEN.search(made)
        assert found is None, f"{found[0]!r} in {made[max(0, found.start() - 40) : found.end() + 40]!r}"
        return
    for entry in made.entries:
        for text in (entry.title, entry.text, entry.author or "", entry.url or "", entry.key, *entry.links):
            _refuse_unclean(text)
    for text in (made.title or "", made.site_url or "", *made.warnings):
        _refuse_unclean(text)


def _text_parts() -> list[str]:
    found = {part for use in uses(["feeds"]) for attack in attacks(use.pattern) for part in attack if part}
    more = ["\u0301", "\u0e49", "\u202e", "\x1b[31m", "\x9b", "\ud800", "\u3164", "&#27;", "&#155;", "&lt;", "深度"]
    more += ["<p>", "</p>", "<li>", "</li>", "<br>", "javascript:"]
    return sorted(found) + more * 5


_TEXT_PARTS = _text_parts()


def run(kinds: list[str], seconds: float, seed: int) -> int:
    """Try each kind for its share of the time; return how many tries failed."""
    failed = 0
    for name in kinds:
        ends, tries = time.monotonic() + seconds / len(kinds), 0
        while time.monotonic() < ends:
            one = f"{seed}.{tries}"
            began = time.thread_time()
            try:
                KINDS[name](random.Random(one))
                took = time.thread_time() - began
                assert took < _SECONDS, f"took {took:.1f} s"
            except Exception as error:
                failed += 1
                print(f"{name}: seed {one}: {type(error).__name__}: {str(error)[:300]}", flush=True)
                if failed >= 20:
                    return failed
            tries += 1
        print(f"{name}: {tries:,} tries", flush=True)
    return failed


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)}; all by default")
    options = parser.parse_args()
    unknown = [kind for kind in options.kinds if kind not in KINDS]
    if unknown:
        parser.error(f"no kind is called {unknown[0]}")
    return 1 if run(options.kinds or list(KINDS), options.seconds, options.seed) else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Hostile documents through a real sync: each is its own feed's reason or articles, and the good feeds are stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.feeds import config_for, rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import NOW
from tests.helpers.sync import run_sync
from tracker.model.feed import FeedSynced
from tracker.store.read import Reader
from tracker.sync.errorlog import ErrorLog
from tracker.sync.feed import FeedSync

ITEM = b"<item><title>x</title><link>http://example.org/x</link></item>"
START, END = b'<rss version="2.0"><channel>', b"</channel></rss>"
ENTITY = b'<!DOCTYPE rss [<!ENTITY x "B">]>'
DECOYS = {
    "comment": b"<!-- <a> -->",
    "instruction": b"<?p <a ?>",
    "comment with a quote": b"<!-- <a title=\"'> -->",
    "two comments": b"<!--<a>--> <!--<rss>-->",
    "blank lines": b"\n\n  ",
    "xml declaration": b'<?xml version="1.0"?><!-- <rss> -->',
}
CHARSETS = (
    *(b"UT\xd3-8", b"punycode", b"idna", b"rot13", b"base64", b"hex", b"zip", b"bz2", b"undefined", b"unicode_escape"),
    *(
        b"raw_unicode_escape",
        b"mbcs",
        b"utf-7",
        b"utf-16",
        b"utf-32",
        b"cp037",
        b"none",
        b"",
        b"x" * 5_000,
        b"u\x00tf-8",
    ),
)
DATES = (
    *(
        "22 June ²²",
        "22 June ²²²²",
        "²² June 2026",
        "٢٢ June ٢٠٢٦",
        "22 June 99999999",
        "0000-00-00",
        "9999-12-31T23:59:59-23:59",
    ),
    *(
        "0001-01-01T00:00:00+23:59",
        "Mon, 32 Jan 2026 25:61:61 GMT",
        "1" * 5_000,
        "²²/²²/²²²²",
        "２０２６-０１-０１",
        "12 ① 2026",
    ),
    *(
        "Date(99999999999999)",
        "99999999999999",
        "-1",
        "22 June 2026 ²²:²²",
        "\x00",
        "2026年²月³日",
        "June " * 19,
        "+99:99",
    ),
)


def document(items: bytes = ITEM, prolog: bytes = b"", end: bytes = END) -> bytes:
    return prolog + START + items + end


HOSTILE: dict[str, bytes] = {
    "hang": b"<rss version='2.0'><channel><item><title>x</title><br></item></channel></rss>" + b"<!---->" * 40 + b"x",
    **{f"entity behind {name}": decoy + ENTITY + START + b"&x;" + ITEM + END for name, decoy in DECOYS.items()},
    **{
        f"charset {name[:20]!r}": document(prolog=b'<?xml version="1.0" encoding="' + name + b'"?>')
        for name in CHARSETS
    },
    "nul": document(b"<item><title>a\x00b</title></item>"),
    "nul at the start": b"\x00" + document(),
    "nul in the declaration": b"<?xml\x00?>" + document(),
    "surrogates": document(b"<item><title>&#xD800;&#xDFFF;</title><guid>&#55357;</guid></item>"),
    "half a character": document(b"<item><title>caf\xc3</title></item>"),
    "entity bomb": b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%s;" % (str(n - 1).encode() if n else b"") * 10) for n in range(9))
    + b"]>"
    + document(b"<item><title>&a8;</title></item>"),
    "file entity": b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    + document(b"<item><title>&f;</title></item>"),
    "parameter entity": b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]>' + document(),
    "open doctype": b"<!DOCTYPE rss [" + document(),
    "open comment": b"<!-- " + document(),
    "deep": START + b"<a>" * 20_000 + b"</a>" * 20_000 + END,
    "deep and open": START + b"<item>" * 20_000,
    "deep json": b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 50_000,
    "long number in json": b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":' + b"9" * 6_000 + b"}]}",
    "json of null": b"null",
    "many attributes": START + b"<item " + b" ".join(b'a%d="x"' % n for n in range(20_000)) + b"/>" + END,
    "one long attribute": START + b'<link href="' + b"a" * 200_000 + b'"/>' + ITEM + END,
    "many namespaces": START + b"".join(b'<x%d:a xmlns:x%d="u%d"/>' % (n, n, n) for n in range(2_000)) + ITEM + END,
    "comments in a title": document(b"<item><title>" + b"&lt;!--" * 5_000 + b"</title></item>"),
    "nested lists": document(b"<item><description>" + b"&lt;ul&gt;&lt;li&gt;" * 2_000 + b"</description></item>"),
    "open formatting": document(
        b"<item><description><![CDATA["
        + b"".join(b"<b a=%d>" % n for n in range(3_000))
        + b"<p>x" * 3_000
        + b"]]></description></item>"
    ),
    "marks": document("<item><title>a{}</title></item>".format("\u0301\u0316" * 5_000).encode()),
    "scripts never closed": document(b"<item><title>" + b"&lt;script" * 5_000 + b"</title></item>"),
    **{
        f"date {date[:20]!r}": document(f"<item><title>d</title><pubDate>{date}</pubDate></item>".encode())
        for date in DATES
    },
}


async def sync(server: LoopbackServer, db: Path, *names: str, errors: Path | None = None) -> dict[str, FeedSynced]:
    finished, _ = await run_sync(config_for(server, *names), db, errors=errors)
    return {feed.name: feed for feed in finished.feeds}


@pytest.mark.slow
async def test_every_hostile_document_is_its_own_feeds_affair(server: LoopbackServer, tmp_path: Path) -> None:
    names = {f"bad{number}": kind for number, kind in enumerate(HOSTILE)}
    for name, kind in names.items():
        server.routes[f"/{name}"] = Answer(HOSTILE[kind])
    for good in ("good0", "good1"):
        server.routes[f"/{good}"] = Answer(rss([f"{good} {n}" for n in range(5)]))
    errors = tmp_path / "errors.log"
    done = await sync(server, tmp_path / "t.db", "good0", *names, "good1", errors=errors)
    assert [done[good].new for good in ("good0", "good1")] == [5, 5]
    assert not errors.exists(), errors.read_text()
    slow = [names[name] for name in names if "within" in (done[name].reason or "")]
    assert not slow
    assert not [names[name] for name in names if done[name].status == "failed" and not done[name].reason]


@pytest.mark.parametrize(
    "error",
    [
        ValueError,
        MemoryError,
        *(
            pytest.param(one, marks=pytest.mark.slow)
            for one in (LookupError, UnicodeError, RecursionError, OverflowError)
        ),
    ],
)
@pytest.mark.parametrize("where", ["fetch", "read", "store"])
async def test_any_error_over_one_feed_is_its_reason_and_stands_in_the_log(
    server: LoopbackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception], where: str
) -> None:
    server.routes["/bad"], server.routes["/good"] = Answer(rss(["Bad one"])), Answer(rss(["Good one"]))
    if where == "fetch":
        from tracker.feeds.fetch import Fetcher

        fetch = Fetcher.fetch

        async def broken_fetch(self: Fetcher, url: str, **more: object) -> object:
            if url.endswith("/bad"):
                raise error("http://user:s3cr3t@host/?token=s3cr3t \x1b[31m")
            return await fetch(self, url, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(Fetcher, "fetch", broken_fetch)
    elif where == "read":
        from tracker.sync import digest

        digested = digest.digest_entry

        def broken_digest(entry: object, *more: object) -> object:
            if getattr(entry, "title", "") == "Bad one":
                raise error("http://user:s3cr3t@host/?token=s3cr3t \x1b[31m")
            return digested(entry, *more)  # type: ignore[arg-type]

        monkeypatch.setattr(digest, "digest_entry", broken_digest)
    else:
        plan = FeedSync._plan

        def broken_plan(self: FeedSync, source: object, *more: object) -> object:
            if getattr(source, "name", "") == "bad":
                raise error("http://user:s3cr3t@host/?token=s3cr3t \x1b[31m")
            return plan(self, source, *more)  # type: ignore[arg-type]

        monkeypatch.setattr(FeedSync, "_plan", broken_plan)
    errors = tmp_path / "state" / "errors.log"
    done = await sync(server, tmp_path / "t.db", "bad", "good", errors=errors)
    assert done["good"].new == 1
    assert done["bad"].status == "failed"
    assert f"internal error: {error.__name__} in " in (done["bad"].reason or "")
    told = errors.read_text()
    assert error.__name__ in told
    assert "s3cr3t" not in told
    assert "\x1b" not in told
    assert errors.stat().st_mode & 0o077 == 0
    with Reader(tmp_path / "t.db") as reader:
        state = reader.feeds.states()["bad"]
    assert (state.etag, state.body_hash) == (None, None)


def test_the_log_of_errors_stays_small_and_keeps_the_newest(tmp_path: Path) -> None:
    log = ErrorLog(tmp_path / "errors.log")
    for number in range(200):
        try:
            raise ValueError(f"number {number} " + "x" * 3_000)
        except ValueError as error:
            log.note("feed", error, NOW)
    text = (tmp_path / "errors.log").read_text()
    assert len(text) < 300_000
    assert "number 199 " in text
    assert "number 0 " not in text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("whole", "kept"),
    [
        (rss([f"T{n}" for n in range(8)]), 1),
        (
            b'{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": ['
            + b", ".join(b'{"id": "%d", "title": "T%d", "url": "http://e.example/%d"}' % (n, n, n) for n in range(8))
            + b"]}",
            1,
        ),
    ],
    ids=["xml", "json"],
)
async def test_a_document_cut_off_keeps_its_articles_and_no_validators(
    server: LoopbackServer, tmp_path: Path, whole: bytes, kept: int
) -> None:
    db = tmp_path / "t.db"
    server.routes["/f"] = Answer(whole[: len(whole) // 2], headers={"ETag": '"whole"'})
    first = (await sync(server, db, "f"))["f"]
    assert first.status == "failed"
    assert "cut off" in (first.reason or "")
    assert first.new >= kept
    with Reader(db) as reader:
        state = reader.feeds.states()["f"]
    assert (state.etag, state.last_modified, state.body_hash) == (None, None, None)
    server.routes["/f"] = Answer(whole, headers={"ETag": '"whole"'})
    second = (await sync(server, db, "f"))["f"]
    assert (second.status, first.new + second.new, second.reason) == ("new", 8, None)


def test_the_sync_reads_nothing_that_is_out_of_the_ordinary_in_its_own_process() -> None:
    from tracker.feeds.parse import parse_plain

    for kind in ("hang", "entity bomb", "entity behind comment", "entity behind instruction", "charset b'punycode'"):
        assert parse_plain(HOSTILE[kind], url="http://e.example/", content_type=None, now=NOW) is None, kind

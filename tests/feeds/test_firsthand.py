"""Documents of first-hand sources, in the shapes that their owners document, and hostile ones."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.feeds.errors import FeedError
from tracker.feeds.firsthand import known_symbols, parse_first_hand
from tracker.feeds.xml import parse_xml
from tracker.model.sources import FirstHand

NOW = datetime(2025, 2, 26, 22, tzinfo=UTC)
URL = "https://owner.example/list"
SEC = FirstHand("sec", ("NVDA",), ("8-K", "10-Q"))
HALTS = FirstHand("halts", ("NVDA", "BRK-B"))
MODELS = FirstHand("models", ("deepseek-ai",))
TWSE = FirstHand("twse", ("2330.TW",))
ATOM = '<?xml version="1.0" encoding="ISO-8859-1" ?><feed xmlns="http://www.w3.org/2005/Atom">'


def current(title: str, *, accession: str = "0001045810-25-000021", form: str = "8-K", items: str = "2.02") -> str:
    """Return an entry of the list of current filings."""
    return (
        f"<entry><title>{title}</title><link rel='alternate' type='text/html' href='https://www.sec.gov/x.htm'/>"
        f"<summary type='html'> &lt;b&gt;Filed:&lt;/b&gt; 2025-02-26 &lt;br&gt;Item {items}: Words"
        " &lt;br&gt;Item 9.01: Exhibits</summary><updated>2025-02-26T16:21:13-05:00</updated>"
        f"<category scheme='https://www.sec.gov/' label='form type' term='{form}'/>"
        f"<id>urn:tag:sec.gov,2008:accession-number={accession}</id></entry>"
    )


def filings(*entries: str, head: str = "", first_hand: FirstHand = SEC) -> list[tuple[str, str]]:
    """Return (key, title) of the filings of a document."""
    body = f"{ATOM}{head}{''.join(entries)}</feed>".encode()
    return [(one.key, one.title) for one in parse_first_hand(body, first_hand, url=URL, now=NOW).entries]


def test_a_filing_is_known_by_the_number_of_its_company() -> None:
    nvidia = current("8-K - NVIDIA CORP (0001045810) (Filer)")
    other = current("8-K - NVIDIA CORP (0000000007) (Filer)", accession="0000000007-25-000001")
    insider = current("8-K - NVIDIA CORP (0001045810) (Reporting)", accession="0000000008-25-000001")
    nameless = current("8-K - NVIDIA CORP", accession="0000000009-25-000001")
    assert filings(nvidia, other, insider, nameless) == [
        ("1045810|0001045810-25-000021", "NVIDIA CORP 8-K: results"),
    ]
    body = f"{ATOM}{nvidia}</feed>".encode()
    (entry,) = parse_first_hand(body, SEC, url=URL, now=NOW).entries
    assert entry.published == datetime(2025, 2, 26, 21, 21, 13, tzinfo=UTC)
    assert entry.url == "https://www.sec.gov/x.htm"
    assert entry.text.splitlines()[0] == "Item 2.02: Results of Operations and Financial Condition"
    assert "NVDA" in (known_symbols("sec", entry.key) or ())


def test_forms_and_items_are_in_words() -> None:
    title = "{} - NVIDIA CORP (0001045810) (Filer)"
    assert filings(current(title.format("8-K/A"), form="8-K/A", items="5.02"))[0][1] == (
        "NVIDIA CORP 8-K (amended): officers or directors"
    )
    assert filings(current(title.format("8-K"), items="6.10"))[0][1] == "NVIDIA CORP 8-K: item 6.10"
    assert filings(current(title.format("4"), form="4")) == []
    everyone = FirstHand("sec")
    assert len(filings(current("4 - SOMEBODY (0000000007) (Issuer)", form="4"), first_hand=everyone)) == 1


def test_the_page_of_a_company_has_its_number_once() -> None:
    head = "<company-info><cik>0001045810</cik><conformed-name>NVIDIA CORP</conformed-name></company-info>"
    entry = (
        "<entry><category label='form type' term='8-K'/><content type='text/xml'><accession-number>{}"
        "</accession-number><filing-type>8-K</filing-type><items-desc>items 1.01 and 9.01</items-desc></content>"
        "<id>x</id><title>8-K  - Current report</title><updated>{}T16:22:23-05:00</updated></entry>"
    )
    page = FirstHand("sec", ("NVDA",), ("8-K",), page_of="SEC filings")
    found = filings(
        entry.format("0001045810-25-000021", "2025-02-26"),
        entry.format("0001045810-24-000001", "2024-12-26"),
        head=head,
        first_hand=page,
    )
    assert found == [("1045810|0001045810-25-000021", "NVIDIA CORP 8-K: material agreement")]


def halt(**fields: str) -> bytes:
    """Return the list of halts with one item."""
    known = {
        "HaltDate": "02/26/2025",
        "HaltTime": "15:50:01",
        "IssueSymbol": "NVDA",
        "IssueName": "NVIDIA Corp",
        "Market": "NASDAQ",
        "ReasonCode": "T1",
        "ResumptionDate": "",
        "ResumptionTradeTime": "",
    }
    items = "".join(f"<ndaq:{name}>{text}</ndaq:{name}>" for name, text in (known | fields).items())
    return (
        "<rss version='2.0' xmlns:ndaq='http://www.nasdaqtrader.com/'><channel><title>x</title>"
        f"<item><title>NVDA</title>{items}</item></channel></rss>"
    ).encode()


def test_a_halt_has_its_reason_and_its_time_in_new_york() -> None:
    (entry,) = parse_first_hand(halt(), HALTS, url=URL, now=NOW).entries
    assert (entry.key, entry.title) == ("NVDA|2025-02-26T20:50:01Z", "NVDA halted: news pending (T1)")
    assert entry.published == datetime(2025, 2, 26, 20, 50, 1, tzinfo=UTC)
    assert entry.text.startswith("NVIDIA Corp (NASDAQ)")
    assert known_symbols("halts", entry.key) == ("NVDA",)
    over = halt(ResumptionDate="02/26/2025", ResumptionTradeTime="16:05:00", ReasonCode="T3")
    (again,) = parse_first_hand(over, HALTS, url=URL, now=NOW).entries
    assert again.key == entry.key
    assert again.title == "NVDA halted from 15:50:01 to 16:05:00 ET: news released, trading resumes (T3)"
    assert again.updated == datetime(2025, 2, 26, 21, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "fields", [{"IssueSymbol": "ROCC"}, {"IssueSymbol": "<x/>"}, {"HaltTime": "25:00:00"}, {"HaltDate": ""}]
)
def test_a_halt_of_another_share_or_without_a_time_is_left_out(fields: dict[str, str]) -> None:
    assert parse_first_hand(halt(**fields), HALTS, url=URL, now=NOW).entries == ()


def test_a_release_is_dated_by_its_maker() -> None:
    listed: list[Any] = [
        {
            "id": "deepseek-ai/DeepSeek-R1",
            "createdAt": "2025-01-20T03:46:07.000Z",
            "pipeline_tag": "text-generation",
            "tags": ["license:mit"],
            "likes": 5,
        },
        {"id": "someone/DeepSeek-R1", "createdAt": "2025-01-20T03:46:07.000Z"},
        {"id": "deepseek-ai/secret", "private": True},
        "no model",
    ]
    (entry,) = parse_first_hand(json.dumps(listed).encode(), MODELS, url=URL, now=NOW).entries
    assert (entry.key, entry.title) == ("deepseek-ai/DeepSeek-R1", "deepseek-ai releases DeepSeek-R1 on Hugging Face")
    assert entry.published == datetime(2025, 1, 20, 3, 46, 7, tzinfo=UTC)
    assert (entry.url, entry.text) == (
        "https://owner.example/deepseek-ai/DeepSeek-R1",
        "text-generation, license:mit",
    )
    assert known_symbols("models", entry.key) is None


def said(**fields: str) -> dict[str, str]:
    """Return an announcement of TSMC."""
    return {
        "出表日期": "1140227", "發言日期": "1140226", "發言時間": "70003", "公司代號": "2330", "公司名稱": "台積電",
        "主旨 ": "公告本公司董事會決議", "符合條款": "第51款",
        "事實發生日": "1140226", "說明": "1.事實發生日:114/02/26\n2.其他",
    } | fields  # fmt: skip


def test_an_announcement_in_taiwan_belongs_to_the_code_of_its_company() -> None:
    listed: list[Any] = [
        said(),
        said(公司代號="2454"),
        said(發言時間="250000"),
        said(發言日期="9990226"),
        {"公司代號": 2330},
        "x",
    ]
    first, ahead = parse_first_hand(json.dumps(listed).encode(), TWSE, url=URL, now=NOW).entries
    assert first.title == "台積電: 公告本公司董事會決議"
    assert first.published == datetime(2025, 2, 25, 23, 0, 3, tzinfo=UTC)
    assert first.text.startswith("1.事實發生日:114/02/26")
    assert known_symbols("twse", first.key) == ("2330.TW",)
    assert (ahead.published, ahead.claimed is not None) == (None, True)
    assert len(parse_first_hand(json.dumps(listed).encode(), FirstHand("twse"), url=URL, now=NOW).entries) == 3


def test_monthly_revenue_is_in_words_and_has_no_time() -> None:
    row = {
        "出表日期": "1140211", "資料年月": "11401", "公司代號": "2330", "公司名稱": "台積電",
        "營業收入-當月營收": "293288038", "營業收入-去年同月增減(%)": "35.93",
    }  # fmt: skip
    broken = [row | {"資料年月": month} for month in ("11413", "soon", "")]
    listed = [row, row | {"營業收入-去年同月增減(%)": ""}, row | {"營業收入-當月營收": "-"}, *broken]
    (entry,) = parse_first_hand(json.dumps(listed).encode(), TWSE, url=URL, now=NOW).entries
    assert entry.title == "台積電 (2330.TW) revenue of Jan 2025: NT$293.3bn, +35.9% against a year before"
    assert (entry.key, entry.published) == ("2330.TW|revenue 2025-01", None)
    (bare,) = parse_first_hand(json.dumps(listed[1:]).encode(), TWSE, url=URL, now=NOW).entries
    assert bare.title.endswith("NT$293.3bn")


@pytest.mark.parametrize(
    ("thousands", "change", "words"),
    [
        ("999950", "0.00", "NT$1.0bn, 0.0% against a year before"),
        ("4500", "-12.345", "NT$4.5m, −12.3% against a year before"),
        ("20", "-0.01", "NT$20.0k, 0.0% against a year before"),
        ("0", "", "NT$0"),
        ("-1200", "7", "−NT$1.2m, +7.0% against a year before"),
    ],
)
def test_revenue_is_in_its_largest_unit(thousands: str, change: str, words: str) -> None:
    row = {
        "資料年月": "11412", "公司代號": "2330", "公司名稱": "台積電",
        "營業收入-當月營收": thousands, "營業收入-去年同月增減(%)": change,
    }  # fmt: skip
    (entry,) = parse_first_hand(json.dumps([row]).encode(), TWSE, url=URL, now=NOW).entries
    assert entry.title == f"台積電 (2330.TW) revenue of Dec 2025: {words}"


@pytest.mark.parametrize("first_hand", [SEC, HALTS, MODELS, TWSE])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Undeclared Automated Tool</body></html>",
        b"<feed",
        b"{",
        b"[" * 100_000,
        b'{"error": "Invalid \\u001b[31m"}',
        b"<!DOCTYPE feed [<!ENTITY a 'aaaa'>]><feed>&a;</feed>",
        b"<?xml version='1.0' encoding='nope'?><feed/>",
        b"<x/>",
        b'["x"]',
        b"\x00\xff\xfe",
    ],
)
def test_a_broken_document_is_a_reason(first_hand: FirstHand, body: bytes) -> None:
    with pytest.raises(FeedError) as caught:
        parse_first_hand(body, first_hand, url=URL, now=NOW)
    assert caught.value.reason.isprintable()


def test_a_document_type_is_refused_in_every_encoding() -> None:
    text = "<?xml version='1.0' encoding='{0}'?><!DOCTYPE feed [<!ENTITY a 'aaaa'>]><feed>&a;</feed>"
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(FeedError, match="it has a document type"):
            parse_xml(text.format(encoding).encode(encoding), "a list")


@given(st.binary(max_size=300), st.sampled_from([SEC, HALTS, MODELS, TWSE]))
def test_no_bytes_raise_anything_else(noise: bytes, first_hand: FirstHand) -> None:
    for body in (noise, b"<feed>" + noise + b"</feed>", b"<rss>" + noise + b"</rss>", b"[" + noise + b"]"):
        with suppress(FeedError):
            parse_first_hand(body, first_hand, url=URL, now=NOW)

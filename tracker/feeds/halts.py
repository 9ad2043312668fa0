"""Trading halts of American shares, from Nasdaq's RSS document: `ndaq:IssueSymbol`, `ndaq:ReasonCode` and times.

https://www.nasdaqtrader.com/Trader.aspx?id=TradeHaltCodes
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from tracker.config.values import SYMBOL
from tracker.feeds.dates import FUTURE_LIMIT
from tracker.feeds.errors import FeedError
from tracker.feeds.text import clean_line, clean_url
from tracker.feeds.xml import child_texts, elements, local_name, parse_xml
from tracker.model.dates import NEW_YORK
from tracker.model.entry import Entry
from tracker.model.feed import ParsedFeed
from tracker.model.sources import FirstHand

REASONS: Mapping[str, str] = {
    "T1": "news pending",
    "T2": "news released",
    "T3": "news released, trading resumes",
    "T5": "price moved too far",
    "T6": "extraordinary market activity",
    "T7": "price moved too far, quoted only",
    "T8": "fund: its holdings are halted",
    "T12": "more information requested",
    "H4": "rules of the exchange not met",
    "H9": "reports not filed",
    "H10": "suspended by the SEC",
    "H11": "regulatory concern",
    "O1": "technical problem",
    "IPO1": "first trade pending",
    "IPOQ": "first trade: quotes released",
    "IPOE": "first trade: quotes extended",
    "M1": "corporate action",
    "M2": "no quotation",
    "M": "price moved too far",
    "LUDP": "price moved too far",
    "LUDS": "price near its limit",
    "MWC1": "whole market fell, level 1",
    "MWC2": "whole market fell, level 2",
    "MWC3": "whole market fell, level 3",
    "MWC0": "whole market halted the day before",
    "R4": "rules met again",
    "R9": "reports filed",
    "D": "deleted from the exchange",
}
"""The codes of the exchange in short words."""
_CODE = re.compile(r"[A-Z0-9]{1,8}")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_TIME = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})(?:\.\d+)?")
_LIMIT = 2_000


def parse_halts(body: bytes, first_hand: FirstHand, *, url: str, now: datetime) -> ParsedFeed:
    """Return the halts that are kept; `updated` of one is when trading resumes, where that is known.

    Their keys are `SYMBOL|start of the halt`.

    Raises:
        FeedError: if the document is not the list of halts.
    """
    root = parse_xml(body, "the list of halts")
    if local_name(root) != "rss":
        raise FeedError(f"not the list of halts: XML with <{clean_line(local_name(root), 40)}> at its root")
    found: dict[str, Entry] = {}
    place = clean_url("/Trader.aspx?id=TradeHalts", url)
    items = [child_texts(item) for item in elements(root, "item")]
    for texts in items[:_LIMIT]:
        entry = _halt(texts, first_hand, place, now)
        if entry is not None:
            found.setdefault(entry.key, entry)
    if items and not any("IssueSymbol" in texts for texts in items):
        raise FeedError("not the list of halts: no item has a symbol")
    return ParsedFeed("Trading halts", None, "en", tuple(found.values()))


def halted_symbols(key: str) -> tuple[str, ...]:
    """Return the symbol of a halt, by its key."""
    return (key.partition("|")[0],)


def _halt(texts: Mapping[str, str], first_hand: FirstHand, place: str | None, now: datetime) -> Entry | None:
    symbol = texts.get("IssueSymbol", "").strip().upper().replace(".", "-").replace("/", "-")
    start = _moment(texts.get("HaltDate", ""), texts.get("HaltTime", ""))
    if not SYMBOL.fullmatch(symbol) or start is None:
        return None
    if first_hand.only is not None and symbol not in first_hand.only:
        return None
    code = texts.get("ReasonCode", "").strip().upper()
    code = code if _CODE.fullmatch(code) else ""
    resumes = _moment(texts.get("ResumptionDate", ""), texts.get("ResumptionTradeTime", ""))
    if resumes is not None and resumes < start:
        resumes = None
    why = REASONS.get(code, "")
    reason = f"{why} ({code})" if why and code else code
    is_known = start <= now + FUTURE_LIMIT
    return Entry(
        key=f"{symbol}|{start:%Y-%m-%dT%H:%M:%SZ}",
        title=_title(symbol, start, resumes, reason),
        url=place,
        text=_text(texts, start, resumes, reason),
        published=start if is_known else None,
        claimed=None if is_known else start,
        updated=resumes,
        language="en",
    )


def _title(symbol: str, start: datetime, resumes: datetime | None, reason: str) -> str:
    why = f": {reason}" if reason else ""
    if resumes is None:
        return f"{symbol} halted{why}"
    return f"{symbol} halted from {_clock(start)} to {_clock(resumes)} ET{why}"


def _text(texts: Mapping[str, str], start: datetime, resumes: datetime | None, reason: str) -> str:
    name, market = (clean_line(texts.get(key, ""), 100) for key in ("IssueName", "Market"))
    lines = [
        f"{name} ({market})" if name and market else name,
        f"Trading halted at {_clock(start)} ET{f': {reason}' if reason else ''}.",
        "" if resumes is None else f"Trading resumes at {_clock(resumes)} ET.",
    ]
    return "\n\n".join(filter(None, lines))


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(NEW_YORK):%H:%M:%S}"


def _moment(day: str, time: str) -> datetime | None:
    """Return the time of "06/16/2023" and "19:50:01" in New York; None where either is missing or impossible."""
    date, clock = _DATE.fullmatch(day.strip()), _TIME.fullmatch(time.strip())
    if date is None or clock is None or not (date[0] + clock[0]).isascii():
        return None
    try:
        month, number, year = map(int, date.groups())
        hour, minute, second = map(int, clock.groups())
        return datetime(year, month, number, hour, minute, second, tzinfo=NEW_YORK).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

"""Announcements and monthly revenue of companies listed in Taiwan, from the open data of their exchange (TWSE).

Two documents, both lists of objects. Announcements of the day (`t187ap04_L`): 公司代號 code, 公司名稱 name, 主旨
subject, 發言日期 and 發言時間 when it was said, in Taipei, years counted from 1911; 說明 text. Revenue of the last
month (`t187ap05_L`): 資料年月 month, 營業收入-當月營收 in thousands of Taiwan dollars, 營業收入-去年同月增減(%)
against a year before.
https://openapi.twse.com.tw
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tracker.feeds.dates import FUTURE_LIMIT
from tracker.feeds.errors import FeedError
from tracker.feeds.json_document import parse_json
from tracker.feeds.text import clean_line, plain_to_text
from tracker.model.entry import Entry
from tracker.model.feed import ParsedFeed
from tracker.model.sources import FirstHand

TAIPEI = ZoneInfo("Asia/Taipei")
_CODE = re.compile(r"[0-9]{4,6}[A-Z]?")
_DAY = re.compile(r"([0-9]{2,3})/?([0-9]{2})/?([0-9]{2})")
_MONTH = re.compile(r"([0-9]{2,3})/?([0-9]{2})")
_TIME = re.compile(r"([0-9]{1,2}):?([0-9]{2}):?([0-9]{2})")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,20})?")
_UNITS = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))
_LIMIT = 5_000


def parse_twse(body: bytes, first_hand: FirstHand, *, url: str, now: datetime) -> ParsedFeed:
    """Return the announcements or the revenues of the shares that are kept; their keys begin with the symbol.

    Revenue has no time: when it was published is not in the document.

    Raises:
        FeedError: if it is neither list.
    """
    document = parse_json(body, "a list of the Taiwan exchange")
    rows = [row for row in document[:_LIMIT] if isinstance(row, dict)] if isinstance(document, list) else []
    if not isinstance(document, list) or (document and not any("公司代號" in row for row in rows)):
        raise FeedError("not a list of the Taiwan exchange: nothing in it has the code of a company")
    found: dict[str, Entry] = {}
    for row in rows:
        texts = {str(name).strip(): value for name, value in row.items() if isinstance(value, str)}
        entry = _entry(texts, first_hand, now)
        if entry is not None:
            found.setdefault(entry.key, entry)
    return ParsedFeed("Taiwan Stock Exchange", None, "zh", tuple(found.values()))


def twse_symbols(key: str) -> tuple[str, ...]:
    """Return the symbol of an announcement or a revenue, by its key."""
    return (key.partition("|")[0],)


def _entry(texts: Mapping[str, str], first_hand: FirstHand, now: datetime) -> Entry | None:
    code = texts.get("公司代號", "").strip()
    symbol = f"{code}.TW"
    if not _CODE.fullmatch(code) or (first_hand.only is not None and symbol not in first_hand.only):
        return None
    name = clean_line(texts.get("公司名稱", ""), 60) or code
    if "資料年月" in texts:
        return _revenue(texts, symbol, name)
    subject = clean_line(texts.get("主旨", ""), 400)
    said = _moment(texts.get("發言日期", ""), texts.get("發言時間", ""))
    if not subject or said is None:
        return None
    is_known = said <= now + FUTURE_LIMIT
    return Entry(
        key=f"{symbol}|{said:%Y-%m-%dT%H:%M:%SZ}|{subject[:80]}",
        title=f"{name}: {subject}",
        text=plain_to_text(texts.get("說明", ""))[:20_000],
        published=said if is_known else None,
        claimed=None if is_known else said,
        language="zh",
    )


def _revenue(texts: Mapping[str, str], symbol: str, name: str) -> Entry | None:
    month, amount = _MONTH.fullmatch(texts["資料年月"].strip()), texts.get("營業收入-當月營收", "").strip()
    if month is None or not 1 <= int(month[2]) <= 12 or not _NUMBER.fullmatch(amount):
        return None
    year = int(month[1]) + 1911
    change = texts.get("營業收入-去年同月增減(%)", "").strip()
    against = f", {_signed(float(change))}% against a year before" if _NUMBER.fullmatch(change) else ""
    first = date(year, int(month[2]), 1)
    return Entry(
        key=f"{symbol}|revenue {year}-{month[2]}",
        title=f"{name} ({symbol}) revenue of {first:%b %Y}: {_money(float(amount) * 1e3)}{against}",
        language="en",
    )


def _money(dollars: float) -> str:
    """Return an amount of Taiwan dollars in its largest unit: "NT$293.3bn", "NT$4.5m", "−NT$20.0k"."""
    size = abs(dollars)
    unit, name = next((one for one in _UNITS if round(size / one[0], 1) >= 1), (1.0, ""))
    return f"{'−' if dollars < 0 else ''}NT${size / unit:,.{1 if name else 0}f}{name}"


def _signed(percent: float) -> str:
    shown = f"{abs(percent):.1f}"
    return shown if float(shown) == 0 else f"{'−' if percent < 0 else '+'}{shown}"


def _moment(day: str, time: str) -> datetime | None:
    """Return the time of "1150811" and "160532" in Taipei; None where either is missing or impossible."""
    date, clock = _DAY.fullmatch(day.strip()), _TIME.fullmatch(time.strip())
    if date is None or clock is None:
        return None
    try:
        year, month, number = map(int, date.groups())
        hour, minute, second = map(int, clock.groups())
        return datetime(year + 1911, month, number, hour, minute, second, tzinfo=TAIPEI).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
